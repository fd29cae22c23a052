"""The same commit gives the same bytes, wherever, whenever and however it is built."""

import gzip
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from libfaketime import get_reload_information

from nwdocs.site.history import epoch
from support.building import build_site, differing, files_of
from support.project import ROOT, copy_project

# The variables under which every program but the cells takes today for a day in years.
YEARS_AHEAD = get_reload_information()[1] | {"FAKETIME": "+1600d", "NO_FAKE_STAT": "1"}


@pytest.fixture(scope="module")
def copy(mkdocs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it stands, in another folder, with nothing kept from builds."""
    folder = tmp_path_factory.mktemp("elsewhere") / "a copy of it"
    return copy_project(folder)


@pytest.fixture(scope="module")
def cold(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The copy's site, with nothing in its cache, in a shell far from here."""
    assert not (copy / "build").exists()
    site = build_site(
        tmp_path_factory.mktemp("cold") / "site",
        copy,
        cwd=tmp_path_factory.getbasetemp(),
        TZ="Pacific/Kiritimati",
        LANG="tr_TR.UTF-8",
        LC_ALL="tr_TR.UTF-8",
        PYTHONHASHSEED="1",
        COLUMNS="50",
        **YEARS_AHEAD,
    )
    return files_of(site)


def test_its_clock_was_years_ahead() -> None:
    today = "import datetime; print(datetime.date.today().year)"
    said = subprocess.check_output(
        [sys.executable, "-c", today], env=os.environ | YEARS_AHEAD, text=True
    )
    assert int(said) - datetime.now().year in (4, 5)


def test_another_folder_and_another_shell_give_the_same_site(
    site: Path, cold: dict[str, bytes]
) -> None:
    here = files_of(site)
    assert differing(here, cold) == []
    assert {"index.html", "sitemap.xml.gz", "build.json", "404.html"} <= set(here)


def test_a_build_from_the_cache_gives_the_same_site(
    copy: Path, cold: dict[str, bytes], tmp_path: Path
) -> None:
    assert list((copy / "build/cache/pages").rglob("*.entry"))
    warm = build_site(tmp_path / "site", copy, TZ="America/Caracas", PYTHONHASHSEED="2")
    assert differing(cold, files_of(warm)) == []


def test_no_day_on_the_site_is_later_than_the_commit(cold: dict[str, bytes]) -> None:
    days = re.findall(r"<lastmod>(.*?)</lastmod>", cold["sitemap.xml"].decode())
    assert max(days) <= datetime.fromtimestamp(epoch(ROOT), UTC).date().isoformat()
    packed = cold["sitemap.xml.gz"]
    assert gzip.decompress(packed) == cold["sitemap.xml"]
    # RFC 1952: in these bytes is the time at which the file was last changed.
    seconds = int.from_bytes(packed[4:8], "little")
    assert datetime.fromtimestamp(seconds, UTC).date().isoformat() == max(days)


def test_the_command_line_draws_the_bytes_that_the_site_shows(
    cold: dict[str, bytes], tmp_path: Path
) -> None:
    """Here, of what the package without its site draws otherwise; see test_wheel.py."""
    formats = ["svg", "png", "csv"]
    command = [sys.executable, "-m", "nwdocs.cli", "figures", "house"]
    subprocess.run(
        [*command, "--format", *formats, "--out", str(tmp_path)],
        check=True,
        capture_output=True,
    )
    drawn = files_of(tmp_path)
    assert [*drawn] == [f"house.{ending}" for ending in sorted(formats)]
    for name, content in drawn.items():
        assert cold[f"figures/{name}"] == content, name


def test_build_json_has_each_figures_digest(cold: dict[str, bytes]) -> None:
    told = json.loads(cold["build.json"])
    assert told["figures"] == {
        name.removeprefix("figures/").removesuffix(".svg"): "sha256:"
        + sha256(content).hexdigest()
        for name, content in cold.items()
        if name.startswith("figures/") and name.endswith(".svg")
    }
    shown = [name for names in told["pages"].values() for name in names]
    assert set(shown) == set(told["figures"])
    assert told["versions"]["python"] == sys.version.split()[0]
    page = cold["building/index.html"].decode()
    assert all(digest[7:19] in page for digest in told["figures"].values())
    assert (told["commit"] or "built outside git") in page
