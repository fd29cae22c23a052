"""A package with which no page can run ends the build, with the reason."""

from pathlib import Path

import pytest

from nwdocs.site.pages import PageError
from nwdocs.site.run.pool import execute
from nwdocs.site.run.settings import Settings
from support.pages import page
from support.project import copy_project


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("while True: pass", "was not imported within 4 s"),
        ("raise RuntimeError", "ended with status 1"),
    ],
)
def test_a_package_that_cannot_be_loaded_ends_the_build(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    message: str,
) -> None:
    copy_project(tmp_path, "nwdocs")
    with (tmp_path / "nwdocs/figures/explorer.py").open("a") as module:
        module.write(f"\n{fault}\n")
    monkeypatch.setattr("nwdocs.site.run.environment._PACKAGE", tmp_path / "nwdocs")
    monkeypatch.setattr("nwdocs.site.run.client._LOADING", 4)
    with pytest.raises(PageError, match=message):
        execute([page("```python\n1\n```\n")], settings)


def test_a_package_that_prints_while_it_is_imported_is_told_so(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_project(tmp_path, "nwdocs")
    with (tmp_path / "nwdocs/figures/explorer.py").open("a") as module:
        module.write("\nprint('loud', flush=True)\n")
    monkeypatch.setattr("nwdocs.site.run.environment._PACKAGE", tmp_path / "nwdocs")
    with pytest.raises(PageError, match="printed 'loud' before it ran any"):
        execute([page("```python\n1\n```\n")], settings)


def test_a_package_that_cannot_be_imported_is_an_error(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "nwdocs").mkdir()
    fault = "raise RuntimeError('typo in the package')\n"
    (tmp_path / "nwdocs/__init__.py").write_text(fault)
    monkeypatch.setattr("nwdocs.site.run.environment._PACKAGE", tmp_path / "nwdocs")
    with pytest.raises(PageError, match="process that runs pages ended with status 1"):
        execute([page("```python\n1\n```\n")], settings)
    assert "typo in the package" in capsys.readouterr().err
