"""A page's key covers what its outputs can depend on, and nothing else."""

import ast
from importlib.metadata import version
from pathlib import Path

import pytest

from nwdocs.site.run.code import PlainCode, read_code
from nwdocs.site.run.keys import RUNS_CELLS, Keys, libraries, package_digest
from nwdocs.site.run.pool import execute
from nwdocs.site.run.settings import Settings, Used
from support.pages import page, texts
from support.project import ROOT, appended


def keys() -> Keys:
    return Keys(read_code(PlainCode(Path("nowhere"))))


def test_the_first_key_covers_cells_libraries_and_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = page("It is `{python} 1`.\n")
    base, studies = keys().first(found), keys().studies
    assert keys().first(found) == base
    assert keys().studies == studies
    assert keys().first(page("It is `{python} 2`.\n")) != base
    assert keys().first(page("It is `{python} 1`.\n", "other.md")) != base
    assert keys().first(page("Now it is `{python} 1`.\n")) == base
    for name, other in (
        ("libraries", ["numpy-0.0.dist-info"]),
        ("data_digest", "other"),
        ("RUNS_CELLS", ()),
    ):
        with monkeypatch.context() as changed:
            given = other if name == "RUNS_CELLS" else lambda other=other: other
            changed.setattr(f"nwdocs.site.run.keys.{name}", given)
            assert keys().first(found) != base, name
            now = keys().studies
            assert all(now[module] != studies[module] for module in studies), name


def test_the_second_key_covers_what_the_page_used_besides() -> None:
    found = keys()
    base = found.second("first", Used())
    assert found.second("other", Used()) != base
    assert found.second("first", Used(modules=["nwdocs.figures.learned"])) != base
    assert found.second("first", Used(texts=["nwdocs.kernels"])) != base


def test_libraries_are_what_pip_installed() -> None:
    assert f"numpy-{version('numpy')}.dist-info" in libraries()
    assert len(libraries()) == len({*libraries()}) > 50


@pytest.fixture
def package(copied: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package, whose digest `package_digest` gives."""
    monkeypatch.setattr("nwdocs.site.run.keys._PACKAGE", copied)
    return copied


@pytest.mark.parametrize(
    "file",
    [
        *("kernels.py", "cells.py", "study/claims.py", "figures/deck.py"),
        *("figures/palette.py", "figures/a-new-file.csv"),
        *(path.as_posix() for path in RUNS_CELLS),
    ],
)
def test_a_file_that_has_a_part_in_outputs_counts(package: Path, file: str) -> None:
    before = package_digest()
    with appended(package / file, "\n"):
        assert package_digest() != before
    assert package_digest() == before


@pytest.mark.parametrize(
    "file",
    [
        *("__pycache__/kernels.pyc", ".kernels.py.swp", "kernels.py~", "#kernels#"),
        *(
            path.relative_to(ROOT / "nwdocs").as_posix()
            for path in sorted((ROOT / "nwdocs/site").rglob("*"))
            if path.suffix in (".py", ".css", ".html", ".js")
            and path.relative_to(ROOT / "nwdocs") not in RUNS_CELLS
        ),
    ],
)
def test_style_template_rendering_and_a_tool_s_files_count_for_nothing(
    package: Path, file: str
) -> None:
    before = package_digest()
    with appended(package / file, "\n"):
        assert package_digest() == before


def test_a_file_that_is_renamed_counts(package: Path) -> None:
    before = package_digest()
    renamed = (package / "kernels.py").rename(package / "renamed.py")
    after = package_digest()
    renamed.rename(package / "kernels.py")
    assert after != before


LOADED = page(
    "```python\nimport sys\n\nfrom nwdocs.figures import show\n\n"
    "for name, module in list(sys.modules.items()):\n"
    "    if name == '__main__' or name.startswith('nwdocs.site'):\n"
    "        print(getattr(module, '__file__', ''))\n```\n"
)


def test_each_module_of_the_site_that_a_page_s_process_loads_counts(
    settings: Settings,
) -> None:
    # The shell puts a __main__ of its own in the server's place.
    (printed,) = texts(execute([LOADED], settings)["page.md"])
    files = [Path(line) for line in printed.splitlines() if line]
    assert ROOT / "nwdocs/site/run/shell.py" in files
    for file in files:
        counts = file.relative_to(ROOT / "nwdocs") in RUNS_CELLS
        assert counts or holds_no_code(file), f"{file} runs, and is not in RUNS_CELLS"


def holds_no_code(file: Path) -> bool:
    """Whether a module is its docstring alone."""
    (*rest,) = ast.parse(file.read_text(encoding="utf-8")).body
    return all(isinstance(statement, ast.Expr) for statement in rest)


def test_what_runs_cells_is_there_and_no_more(settings: Settings) -> None:
    for path in RUNS_CELLS:
        assert (ROOT / "nwdocs" / path).is_file(), path
