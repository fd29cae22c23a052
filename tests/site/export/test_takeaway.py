"""What readers take away from the built site: the package, notebooks and scripts."""

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit
from zipfile import ZipFile

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell
from packaging.requirements import Requirement

from nwdocs.site.export.takeaway import elsewhere
from nwdocs.site.pages import check_front_matter, has_kernel
from support.building import build_site
from support.environment import fresh_environment, pip
from support.project import ROOT, SOURCES, path_of

#: Pages whose cells need nothing but the published package.
TAKEN = [
    source
    for source in SOURCES
    for known in [check_front_matter(source, (ROOT / "docs" / source).read_text())]
    if has_kernel(known) and known.get("notebook", True)
]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
    "optional-dependencies"
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
HOME = "https://pages.test/deck/"
BRANCH = "notebooks"
REPOSITORY = "https://github.com/owner/deck"


def notebook_path(source: str) -> str:
    stem = Path(source).stem
    return f"{path_of(source)}{stem}.ipynb"


def extras_of(source: str) -> list[str]:
    known = check_front_matter(source, (ROOT / "docs" / source).read_text())
    return list(known.get("notebook", {"extras": ["figures"]})["extras"])


def read(folder: Path, source: str) -> Any:
    return json.loads((folder / notebook_path(source)).read_text(encoding="utf-8"))


# --- The package ---------------------------------------------------------------------


class Links(HTMLParser):
    """Where a page leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "href" and value]


def test_the_page_of_wheels_names_one_with_its_digest(site: Path) -> None:
    (link,) = Links((site / "wheels/index.html").read_text()).found
    name, _, digest = link.partition("#sha256=")
    assert sha256((site / "wheels" / name).read_bytes()).hexdigest() == digest


@pytest.fixture(scope="module")
def copy(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the site, in another place."""
    folder = tmp_path_factory.mktemp("copied") / "a copy"
    return shutil.copytree(site, folder)


def test_the_package_installs_from_a_copy_of_the_site_beside_numpy_alone(
    copy: Path, tmp_path: Path
) -> None:
    python = fresh_environment(tmp_path / "fresh", "numpy")
    pip(python, "install", "nwdocs", "--no-index", "--find-links", "wheels/", cwd=copy)
    program = (
        "import nwdocs, importlib.util as u\n"
        "x, y, q, _ = nwdocs.synthetic_data()\n"
        "print(nwdocs.__file__, u.find_spec('matplotlib'))\n"
        "print(nwdocs.nadaraya_watson(q, x, y)[0].shape)\n"
    )
    command = [str(python), "-I", "-c", program]
    file, shape = subprocess.check_output(command, cwd=tmp_path, text=True).splitlines()
    assert file.startswith(str(tmp_path))
    assert file.endswith(" None")
    assert shape == "(50,)"


def test_the_package_installs_over_http(served: Any, tmp_path: Path) -> None:
    python = fresh_environment(tmp_path / "fresh", "numpy")
    wheels = f"{served.url}wheels/"
    pip(
        *(python, "install", "nwdocs", "--no-index", "--no-cache-dir"),
        *("--trusted-host", "127.0.0.1", "--find-links", wheels),
        cwd=tmp_path,
    )


@pytest.fixture(scope="module")
def published(mkdocs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it is built for a public address."""
    return build_site(
        tmp_path_factory.mktemp("published"),
        SITE_URL=HOME,
        REPO_URL=REPOSITORY,
        NOTEBOOKS_BRANCH=BRANCH,
    )


def test_pages_and_notebooks_tell_pip_the_site_s_own_address(published: Path) -> None:
    line = f"--find-links {HOME}wheels/"
    assert line in (published / "wheels/index.html").read_text()
    assert line in (published / "estimator/index.html").read_text()
    for source in TAKEN:
        made = read(published, source)
        (first,) = (cell for cell in made["cells"] if cell["id"] == "install")
        extras = ",".join(extras_of(source))
        assert first["source"] == f'%pip install --quiet "nwdocs[{extras}]" {line}'
        assert "--find-links wheels/" not in json.dumps(made)


# --- Notebooks and scripts -----------------------------------------------------------


@pytest.mark.parametrize("source", TAKEN)
def test_a_notebook_is_valid_and_small(site: Path, source: str) -> None:
    made = read(site, source)
    nbformat.validate(made, relax_add_props=False)
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])
    text = (site / notebook_path(source)).read_text(encoding="utf-8")
    assert len(text) < 250_000
    assert "application/vnd" not in text


def prose(made: Any) -> str:
    """What of a notebook is Markdown, without its code."""
    texts = [c["source"] for c in made["cells"] if c["cell_type"] == "markdown"]
    for cell in made["cells"]:
        for output in cell.get("outputs", []):
            texts.append(output.get("data", {}).get("text/markdown", ""))
    text = "\n\n".join(texts)
    return re.sub(r"^(?:> )*```.*?^(?:> )*```$|`[^`]*`", "", text, flags=re.S | re.M)


@pytest.mark.parametrize("source", TAKEN)
def test_a_notebook_s_prose_is_plain_markdown(site: Path, source: str) -> None:
    text = prose(read(site, source))
    assert re.search(r"^# ", text, re.M)
    for own in (
        r"^!!!",
        r"^\?\?\?",
        r"^///",
        r"\{python\}",
        r"@fig:",
        r"\]\[",
        r"\[\^",
    ):
        assert not re.search(own, text, re.M), own
    for own in (r"\{ ?[.#:][\w-]", r"^title:", r"^\*\[", "\ue000", "<nw-"):
        assert not re.search(own, text, re.M), own


@pytest.mark.parametrize("source", TAKEN)
def test_a_notebook_s_links_lead_to_files_of_the_site(site: Path, source: str) -> None:
    here = f"http://site.test/{notebook_path(source)}"
    for link in LINK.findall(prose(read(site, source))):
        url = urlsplit(urljoin(here, link))
        if url.netloc == "site.test":
            file = site / url.path.lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            assert file.is_file(), link
            if url.fragment and file.suffix == ".html":
                assert f'id="{url.fragment}"' in file.read_text(), link


def test_links_are_public_where_the_address_is(published: Path) -> None:
    for source in TAKEN:
        for link in LINK.findall(prose(read(published, source))):
            assert urlsplit(link).scheme == "https", (source, link)


class Stock(KernelManager):
    """Starts the kernel of another Python, which pip may not fetch anything for."""

    python: Path

    @property
    def kernel_spec(self) -> Any:
        spec = super().kernel_spec
        assert spec
        spec.argv = [
            str(self.python),
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
        ]
        spec.env = {"PIP_NO_INDEX": "1", "PYTHONPATH": "", "MPLBACKEND": ""}
        return spec


@pytest.fixture(scope="module")
def kernels(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[list[str]], Stock]]:
    """Stock kernels with what these extras need, but for nwdocs itself; one for each."""
    started: list[Stock] = []

    @cache
    def kernel(extras: tuple[str, ...]) -> Stock:
        libraries = [Requirement(r).name for e in extras for r in EXTRAS[e]]
        folder = tmp_path_factory.mktemp("kernel")
        manager = Stock()
        manager.python = fresh_environment(folder, "ipykernel", "numpy", *libraries)
        manager.start_kernel()
        started.append(manager)
        return manager

    yield lambda extras: kernel(tuple(extras))
    for manager in started:
        manager.shutdown_kernel(now=True)


def shown(output: dict[str, Any]) -> dict[str, str]:
    """What of an output a page shows, wherever its links lead."""
    data = output.get("data") or {"text": output.get("text")}
    if "text/markdown" in data:
        assert not re.search(r"^(!!!|\?\?\?)", data["text/markdown"], re.M), "a note"
        words = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", data["text/markdown"])
        how, _, _ = words.partition("This line installs both:")
        how, _, _ = how.partition("This notebook's first cell installs both.")
        return {"text/markdown": how.rstrip("\n> ")}
    kinds = ("text/plain", "image/svg+xml", "text")
    return {kind: data[kind] for kind in kinds if kind in data}


def outputs_of(made: Any) -> Iterator[list[dict[str, str]]]:
    for cell in made["cells"]:
        if cell["cell_type"] == "code" and cell["id"] != "install":
            yield [shown(output) for output in cell["outputs"]]


def install_once(made: Any, folder: Path, python: Path) -> None:
    """Leave out the cell that installs the package, if `python` has had it installed.

    To find that there is nothing to do takes pip longer than most pages take. What the
    cell says is true all the same: the wheel is where pip would look.
    """
    (install,) = (cell for cell in made.cells if cell["id"] == "install")
    wheels = folder / install["source"].rpartition("--find-links ")[2]
    assert list(wheels.glob("nwdocs-*.whl")), wheels
    if list(python.parents[1].glob("lib/python*/site-packages/nwdocs")):
        made.cells.remove(install)


@pytest.mark.filterwarnings("ignore")  # those of the client's libraries
@pytest.mark.parametrize("source", TAKEN)
def test_a_stock_kernel_computes_what_the_page_shows(
    copy: Path,
    kernels: Callable[[list[str]], Stock],
    source: str,
) -> None:
    made: Any = nbformat.from_dict(  # type: ignore[no-untyped-call]
        read(copy, source)
    )
    expected = list(outputs_of(made))
    kernel = kernels(extras_of(source))
    folder = (copy / notebook_path(source)).parent
    install_once(made, folder, kernel.python)
    # The kernel forgets the notebook before, and is where this one lies.
    begin: Any = new_code_cell(  # type: ignore[no-untyped-call]
        f"%reset -f\n%cd -q {folder}"
    )
    made.cells.insert(0, begin)
    client = NotebookClient(made, timeout=120, km=kernel)
    client.execute()
    assert client.kc
    client.kc.stop_channels()
    made.cells.remove(begin)
    assert [*outputs_of(made)] == expected


@pytest.mark.parametrize("source", TAKEN)
def test_a_script_has_the_notebook_s_cells_and_is_python(
    site: Path, source: str
) -> None:
    script = (
        (site / notebook_path(source)).with_suffix(".py").read_text(encoding="utf-8")
    )
    compile(script, source, "exec")
    cells = read(site, source)["cells"]
    kinds = re.findall(r"^# %%( \[markdown\])?$", script, re.M)
    assert [bool(kind) for kind in kinds] == [
        cell["cell_type"] == "markdown" for cell in cells
    ]
    for cell in cells:
        if cell["cell_type"] == "code" and cell["id"] != "install":
            assert cell["source"] in script


def test_each_page_links_its_forms(site: Path) -> None:
    for source in SOURCES:
        page = site / path_of(source) / "index.html"
        links = Links(page.read_text(encoding="utf-8")).found
        stem = Path(source).stem
        for form in (f"{stem}.ipynb", f"{stem}.py"):
            assert (form in links) == (source in TAKEN), (source, form)
            assert (page.parent / form).is_file() == (source in TAKEN)


def test_notebooks_open_in_colab_and_binder_where_the_project_is_on_github() -> None:
    found = elsewhere("https://github.com/owner/deck", BRANCH, "a b/kernels.ipynb")
    colab, binder = urlsplit(found["Colab"]), urlsplit(found["Binder"])
    assert colab.hostname == "colab.research.google.com"
    assert colab.path == f"/github/owner/deck/blob/{BRANCH}/a b/kernels.ipynb"
    assert (binder.hostname, binder.path) == (
        *("mybinder.org", f"/v2/gh/owner/deck/{BRANCH}"),
    )
    assert parse_qs(binder.query) == {"urlpath": ["lab/tree/a b/kernels.ipynb"]}
    for other in (None, "", "https://git.test/owner/deck"):
        assert elsewhere(other, BRANCH, "kernels.ipynb") == {}
    assert elsewhere(REPOSITORY, "", "kernels.ipynb") == {}


def test_links_to_them_are_there_with_a_repository_alone(
    site: Path, published: Path
) -> None:
    page = "kernels/index.html"
    assert not re.search("colab|mybinder", (site / page).read_text())
    links = Links((published / page).read_text()).found
    assert [*elsewhere(REPOSITORY, BRANCH, "kernels/kernels.ipynb").values()] == [
        link for link in links if re.search("colab|mybinder", link)
    ]


def test_one_file_holds_them_all(site: Path, tmp_path: Path) -> None:
    with ZipFile(BytesIO((site / "notebooks.zip").read_bytes())) as packed:
        packed.extractall(tmp_path)
        names = set(packed.namelist())
    expected = {notebook_path(source) for source in TAKEN}
    expected |= {name.replace(".ipynb", ".py") for name in expected}
    (wheel,) = (f"wheels/{path.name}" for path in (site / "wheels").glob("*.whl"))
    expected |= {wheel}
    assert names == expected | {"requirements.txt"}
    assert all((site / n).read_bytes() == (tmp_path / n).read_bytes() for n in expected)
    needs = (tmp_path / "requirements.txt").read_text().split()
    assert needs[0].partition("[")[0] == f"./{wheel}"
    gallery = (site / "figures/index.html").read_text(encoding="utf-8")
    assert "../notebooks.zip" in Links(gallery).found
