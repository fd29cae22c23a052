"""A package with which no page can run ends the build, with the reason."""

from dataclasses import replace
from pathlib import Path

import pytest

from nwdocs.site.pages import PageError
from nwdocs.site.run.pool import execute
from nwdocs.site.run.settings import Settings
from support.pages import page, texts
from support.project import copy_project


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package, with which pages are run."""
    monkeypatch.setattr("nwdocs.site.run.environment._PACKAGE", tmp_path / "nwdocs")
    return copy_project(tmp_path, "nwdocs") / "nwdocs"


def append(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"\n{line}\n")


ONE = page("```python\n1\n```\n")
OTHER = page("```python\n1\n```\n", "other.md")


@pytest.mark.parametrize(
    ("file", "fault", "message"),
    [
        ("__init__.py", "while True: pass", "was not imported within 4 s"),
        ("figures/explorer.py", "while True: pass", "shows? was not drawn"),
        ("__init__.py", "raise RuntimeError", "ended with status 1"),
    ],
)
def test_a_package_that_cannot_be_loaded_ends_the_build(
    settings: Settings,
    package: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    fault: str,
    message: str,
) -> None:
    append(package / file, fault)
    monkeypatch.setattr("nwdocs.site.run.client._LOADING", 4)
    first = ("nwdocs.figures.explorer:static_figure",)
    with pytest.raises(PageError, match=message):
        execute([ONE, OTHER], replace(settings, preload=first))


def test_for_one_page_nothing_is_called_first(
    settings: Settings, package: Path
) -> None:
    append(package / "figures/explorer.py", "while True: pass")
    first = ("nwdocs.figures.explorer:static_figure",)
    results = execute([ONE], replace(settings, preload=first))
    assert texts(results["page.md"]) == ["1"]


def test_what_cannot_be_called_first_is_the_pages_to_tell(
    settings: Settings, package: Path
) -> None:
    append(package / "figures/explorer.py", "raise RuntimeError('half a module')")
    uses = page("```python\nimport nwdocs.figures.explorer\n```\n", "uses.md")
    first = ("nwdocs.figures.explorer:static_figure",)
    results = execute([ONE, uses], replace(settings, preload=first))
    assert texts(results["page.md"]) == ["1"]
    error = results["uses.md"].error
    assert error
    assert (error["name"], error["message"]) == ("RuntimeError", "half a module")


def test_a_package_that_prints_while_it_is_imported_is_told_so(
    settings: Settings, package: Path
) -> None:
    append(package / "__init__.py", "print('loud', flush=True)")
    with pytest.raises(PageError, match="printed 'loud' before it ran any"):
        execute([ONE], settings)


def test_what_is_printed_while_a_preload_is_called_is_no_event(
    settings: Settings, package: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    append(package / "figures/explorer.py", "print('loud', flush=True)")
    first = ("nwdocs.figures.explorer:static_figure",)
    results = execute([ONE, OTHER], replace(settings, preload=first))
    assert texts(results["page.md"]) == ["1"]
    assert "loud" in capfd.readouterr().err


def test_a_package_that_cannot_be_imported_is_an_error(
    settings: Settings, package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    append(package / "__init__.py", "raise RuntimeError('typo in the package')")
    with pytest.raises(PageError, match="process that runs pages ended with status 1"):
        execute([ONE], settings)
    assert "typo in the package" in capsys.readouterr().err
