"""The plain Markdown is all that another generator needs: Zensical builds it whole.

Zensical is the named successor of Material for MkDocs. It runs none of this project's
hooks and plugins, so what it shows was in the Markdown.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from nwdocs.figures import FIGURES
from support.odd_figure import WORDS, shown_figure
from support.project import PAGES, ROOT, SOURCES, path_of


@dataclass
class Facts:
    """What a page of HTML has: places, links, figures, headings, words."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    figures: dict[str, dict[str, str]] = field(default_factory=dict)
    headings: set[str] = field(default_factory=set)
    text: str = ""


class Reader(HTMLParser):
    """Collects a page's facts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.facts = Facts()
        self.figure = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if identity := given.get("id"):
            self.facts.ids.add(identity)
            if re.fullmatch("h[1-6]", tag):
                self.facts.headings.add(identity)
        self.facts.links += [given[a] for a in ("href", "src") if a in given]
        if tag == "figure":
            self.figure = given.get("id", "")
        elif tag == "img" and self.figure:
            self.facts.figures[self.figure] = given

    def handle_endtag(self, tag: str) -> None:
        if tag == "figure":
            self.figure = ""

    def handle_data(self, data: str) -> None:
        self.facts.text += data


@pytest.fixture(scope="module")
def markdown(mkdocs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make markdown` writes."""
    folder = tmp_path_factory.mktemp("markdown")
    command = [
        sys.executable,
        "-m",
        "nwdocs.site.export.markdown",
        "--out",
        str(folder),
    ]
    written = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert written.returncode == 0, written.stderr
    return folder


def zensical(folder: Path) -> Path:
    """The site that Zensical makes of a folder without a warning."""
    command = [sys.executable, "-m", "zensical", "build"]
    built = subprocess.run(
        [*command, "--strict", "-f", str(folder / "mkdocs.yml")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def elsewhere(markdown: Path) -> Path:
    """Zensical's site of our pages."""
    return zensical(markdown)


@pytest.fixture(scope="module")
def pages(elsewhere: Path) -> dict[str, Facts]:
    """For each page that Zensical made, by its path, what is on it."""
    return {
        f"{path.parent.relative_to(elsewhere).as_posix()}/".removeprefix("./"): Reader(
            path.read_text(encoding="utf-8")
        ).facts
        for path in elsewhere.rglob("index.html")
    }


def test_every_page_is_there(pages: dict[str, Facts]) -> None:
    assert set(pages) == {*PAGES, "embed/", "wheels/"}  # beside the navigation


def test_every_link_and_picture_leads_somewhere(
    elsewhere: Path, pages: dict[str, Facts]
) -> None:
    broken, followed = [], 0
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            followed += 1
            target = (elsewhere / path / unquote(parts.path)).resolve()
            if target.is_dir() or not parts.path:
                name = target.relative_to(elsewhere.resolve()).as_posix()
                there = pages.get(f"{name}/".removeprefix("./"))
                found = there and (not parts.fragment or parts.fragment in there.ids)
            else:
                found = target.is_file()
            if not found:
                broken.append((path, link))
    assert broken == []
    assert followed > 20 * len(PAGES)


def test_every_figure_is_shown_with_its_words(
    site: Path, elsewhere: Path, pages: dict[str, Facts]
) -> None:
    shown = {}
    for path, page in pages.items():
        for identity, image in page.figures.items():
            file = (elsewhere / path / image["src"]).resolve()
            name = identity.removeprefix("fig-")
            original = (site / f"figures/{name}.svg").read_bytes()
            assert file.read_bytes() == original
            said = re.search(r'aria-label="(.*?)"', original.decode())
            assert said
            assert image["alt"] == unescape(said[1])
            shown[name] = path
    assert set(shown) == set(FIGURES)


def test_an_address_on_the_site_is_good_on_the_other(
    site: Path, pages: dict[str, Facts]
) -> None:
    for path in PAGES:
        html = (site / path / "index.html").read_text(encoding="utf-8")
        assert Reader(html).facts.headings - pages[path].ids == set(), path


def lines_of_prose(folder: Path) -> Iterator[tuple[str, str]]:
    """Lines of the Markdown pages, without code, which may show any syntax."""
    for path in sorted(folder.rglob("*.md")):
        text = path.read_text(encoding="utf-8").partition("\n---\n")[2]
        text = re.sub(r"^( *)(```+).*?^\1\2$", "", text, flags=re.DOTALL | re.MULTILINE)
        for line in re.sub(r"`[^`\n]+`", "", text).splitlines():
            yield path.name, line


def test_no_syntax_is_left_that_only_this_project_reads(markdown: Path) -> None:
    own = re.compile(r"@fig:|\{python\}|^:::|<!--|\]\[nwdocs|\[@|nw-|vnd\.nwdocs")
    lines = list(lines_of_prose(markdown / "docs"))
    assert len(lines) > 1000
    assert [(page, line) for page, line in lines if own.search(line)] == []


def test_pages_have_a_title_and_a_description_and_no_kernel(markdown: Path) -> None:
    for source in SOURCES:
        text = (markdown / "docs" / source).read_text(encoding="utf-8")
        header = yaml.safe_load(text.split("---\n")[1])
        assert set(header) == {"title", "description"}, source
        assert all(header.values()), source


def test_the_configuration_asks_for_no_plugin_and_no_hook(markdown: Path) -> None:
    settings = yaml.safe_load((markdown / "mkdocs.yml").read_text(encoding="utf-8"))
    assert not {"plugins", "hooks", "extra", "extra_css"} & set(settings)
    assert "custom_dir" not in settings["theme"]
    assert [path_of(s) for s in SOURCES] == PAGES


def test_outputs_stand_where_the_cells_were(markdown: Path) -> None:
    page = (markdown / "docs/kernels.md").read_text(encoding="utf-8")
    places = [
        page.index(part)
        for part in (
            "Predict: which of the four",
            '<figure id="fig-kernels"',
            "## In formulas",
            "- **Gaussian**: $",
            "## In code",
            "def triangular(",
        )
    ]
    assert places == sorted(places)


@pytest.mark.usefixtures("mkdocs")
def test_a_page_that_fails_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    text = (ROOT / "docs/kernels.md").read_text(encoding="utf-8")
    header = text.partition("---\n# ")[0]
    (docs / "index.md").write_text(f"{header}---\n# Title\n\n```python\n1 / 0\n```\n")
    settings = {
        "site_name": "A page that fails",
        "theme": {"name": "material"},
        "plugins": [
            {"nwdocs-notebooks": {"cache_dir": str(tmp_path / "cache")}},
            "mkdocstrings",
        ],
    }
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(settings))
    out = tmp_path / "out"
    failed = subprocess.run(
        [sys.executable, "-m", "nwdocs.site.export.markdown", "--out", str(out)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed.returncode == 1
    assert "docs/index.md" in failed.stderr
    assert "ZeroDivisionError" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not out.exists()


def test_words_of_a_figure_are_shown_as_they_are(
    markdown: Path, tmp_path: Path
) -> None:
    settings = yaml.safe_load((markdown / "mkdocs.yml").read_text(encoding="utf-8"))
    del settings["nav"]
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(settings))
    (tmp_path / "docs/figures").mkdir(parents=True)
    (tmp_path / "docs/index.md").write_text(f"# Odd\n\n{shown_figure('index.md')}\n")
    page = Reader((zensical(tmp_path) / "index.html").read_text(encoding="utf-8")).facts
    assert page.figures["fig-odd"]["alt"] == WORDS
    assert page.figures["fig-odd"]["width"] == "10"
    assert f"Figure 7 {WORDS}" in page.text
    assert "A longer account." in page.text
