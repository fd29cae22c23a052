"""A page's key covers what its outputs can depend on, and nothing else."""

from importlib.metadata import version
from pathlib import Path

import pytest

from nwdocs.site.run.keys import digest, libraries, package_digest, surroundings
from support.pages import page


def test_the_digest_covers_package_libraries_and_expressions(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = page("It is `{python} 1`.\n")
    around = surroundings(settings)
    base = digest(found, around)
    assert digest(found, surroundings(settings)) == base
    assert digest(found, around + "x") != base
    assert digest(page("It is `{python} 2`.\n"), around) != base
    assert digest(page("Now it is `{python} 1`.\n"), around) == base
    assert around == surroundings(settings)
    for name, other in (
        ("libraries", ["numpy-0.0.dist-info"]),
        ("package_digest", "other"),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(
                f"nwdocs.site.run.execute.{name}", lambda other=other: other
            )
            assert surroundings(settings) != around


def test_libraries_are_what_pip_installed() -> None:
    assert f"numpy-{version('numpy')}.dist-info" in libraries()
    assert len(libraries()) == len({*libraries()}) > 50


@pytest.mark.parametrize(
    "file", ["kernels.py", "builder/hooks.py", "builder/theme/assets/site.css"]
)
def test_any_file_of_the_package_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    for path in ("kernels.py", "builder/hooks.py", "builder/theme/assets/site.css"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("a")
    monkeypatch.setattr("nwdocs.site.run.execute._PACKAGE", tmp_path)
    before = package_digest()
    (tmp_path / "__pycache__").mkdir()
    for name in (
        "__pycache__/kernels.pyc",
        ".kernels.py.swp",
        "kernels.py~",
        "#kernels#",
    ):
        (tmp_path / name).write_text("noise")
    assert package_digest() == before
    (tmp_path / file).write_text("b")
    assert package_digest() != before
