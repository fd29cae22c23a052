"""The wheel holds the package without its site, and works where nothing else is."""

import os
import subprocess
import sys
import tomllib
import venv
from email import message_from_string
from importlib.metadata import entry_points
from pathlib import Path
from zipfile import ZipFile

import matplotlib
import pytest

from nwdocs import synthetic_data
from nwdocs.figures import FIGURES
from support.building import differing, files_of
from support.project import ROOT, copy_project

# Building, installing and drawing takes longer than a change is to wait for.
pytestmark = pytest.mark.build


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that hatchling builds of the project."""
    folder = tmp_path_factory.mktemp("wheel")
    copy_project(folder, "nwdocs", "pyproject.toml", "README.md", "LICENSE")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (built,) = folder.glob("dist/*.whl")
    return built


def test_a_wheel_holds_the_package_without_its_site(wheel: Path) -> None:
    command = ["git", "ls-files", "nwdocs"]
    tracked = set(subprocess.check_output(command, cwd=ROOT, text=True).split())
    expected = {name for name in tracked if not name.startswith("nwdocs/site/")}
    assert tracked - expected, "there is a site to leave out"
    with ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == expected


def test_a_wheel_promises_nothing_that_it_does_not_hold(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (entries,) = (n for n in archive.namelist() if n.endswith("/entry_points.txt"))
        (metadata,) = (n for n in archive.namelist() if n.endswith("/METADATA"))
        assert archive.read(entries).decode().split() == [
            *("[console_scripts]", "nwdocs", "=", "nwdocs.cli:main")
        ]
        told = message_from_string(archive.read(metadata).decode())
    needed = [each for each in told.get_all("Requires-Dist", []) if "extra" not in each]
    assert [each.split(">")[0] for each in needed] == ["numpy"]


def test_mkdocs_finds_the_plugins_in_the_project_s_own_environment() -> None:
    found = {each.name: each for each in entry_points(group="mkdocs.plugins")}
    told = tomllib.loads((ROOT / "nwdocs/site/pyproject.toml").read_text())
    named = told["project"]["entry-points"]["mkdocs.plugins"]
    plugins = ("literature", "notebooks", "surroundings", "takeaway")
    assert set(named) == {f"nwdocs-{name}" for name in plugins}
    for name, value in named.items():
        assert found[name].value == value
        assert found[name].load().__module__.startswith("nwdocs.site.")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment in which nothing is but the wheel."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python")]
    subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)],
        check=True,
        capture_output=True,
    )
    return folder / "bin"


def run(program: Path, *arguments: str, cwd: Path) -> str:
    """What a program says that finds numpy and matplotlib beside the wheel."""
    libraries = Path(matplotlib.__file__).parents[1]
    ended = subprocess.run(
        [program, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(libraries)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert ended.stderr == "", "there is no progress where nobody watches"
    return ended.stdout


IMPORT = """
from importlib.util import find_spec
import nwdocs

print(nwdocs.__file__)
print(find_spec("nwdocs.site"))
data = nwdocs.synthetic_data()
print(nwdocs.nadaraya_watson(data.x_train, data.x_train, data.y_train)[0].shape)
"""


def test_the_installed_package_computes_and_has_no_site(
    installed: Path, tmp_path: Path
) -> None:
    said = run(installed / "python", "-c", IMPORT, cwd=tmp_path).splitlines()
    file, site, shape = said
    assert Path(file).is_relative_to(installed.parent)
    assert site == "None"
    assert shape == str(synthetic_data().x_train.shape)


def test_the_installed_command_draws_a_figure_where_nothing_else_is_said(
    installed: Path, tmp_path: Path
) -> None:
    listed = run(installed / "nwdocs", "figures", "--list", cwd=tmp_path).split()
    assert listed[1::2] == list(FIGURES)
    run(installed / "nwdocs", "figures", "data", cwd=tmp_path)
    assert [*files_of(tmp_path)] == ["build/figures/data.svg"]


def test_the_installed_command_draws_the_bytes_that_the_site_shows(
    installed: Path, site: Path, tmp_path: Path
) -> None:
    formats = ["svg", "png", "csv"]
    run(installed / "nwdocs", "figures", "--format", *formats, cwd=tmp_path)
    drawn = files_of(tmp_path / "build/figures")
    shown = {
        name: content
        for name, content in files_of(site / "figures").items()
        if name.endswith(tuple(formats))
    }
    assert len(shown) == len(formats) * len(FIGURES)
    # The package's own modules are fewer without the site.
    house = [f"house.{ending}" for ending in sorted(formats)]
    assert differing(drawn, shown) == house
