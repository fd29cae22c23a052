"""Servers that wait for an author's next save."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nwdocs.site.run import keys, pool
from nwdocs.site.run.client import LIBRARIES
from nwdocs.site.run.keys import libraries, surroundings
from nwdocs.site.run.pool import Standby, execute
from nwdocs.site.run.settings import Settings
from support.pages import page, texts
from support.project import ROOT, copy_project

TOLD = page("```python\nfrom nwdocs.told import told\n\ntold\n```\n")


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of a copy of the package, with which pages are run."""
    package = copy_project(tmp_path, "nwdocs") / "nwdocs"
    monkeypatch.setattr("nwdocs.site.run.environment._PACKAGE", package)
    monkeypatch.setattr("nwdocs.site.run.keys._PACKAGE", package)
    module = package / "told.py"
    module.write_text("told = 1\n")
    return module


@pytest.fixture
def standby(settings: Settings, module: Path) -> Iterator[Standby]:
    """Servers that are ready to run pages."""
    standby = Standby()
    standby.prepare(settings)
    yield standby
    standby.stop()


def no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """See to it that no server is started from now on."""
    monkeypatch.setattr(pool, "Client", None)


def test_what_waits_runs_the_next_page_with_the_package_as_it_is_then(
    standby: Standby,
    settings: Settings,
    module: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_other(monkeypatch)
    module.write_text("told = 2\n")
    around = surroundings()
    early = standby.take(around)
    found = execute([TOLD], settings, early, around=around)
    assert texts(found["page.md"]) == ["2"]
    # Of the two that waited, one had loaded the package before, and was ended for that.
    assert standby.take(around) is None


def test_a_page_that_is_saved_leaves_the_second_server_for_later(
    standby: Standby, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_other(monkeypatch)
    around = surroundings()
    for text in ("told", "-told"):
        cell = page(f"```python\nfrom nwdocs.told import told\n\n{text}\n```\n")
        early = standby.take(around)
        assert early
        (shown,) = texts(execute([cell], settings, early, around=around)["page.md"])
        assert int(shown) == eval(text, {"told": 1})


def test_servers_that_have_what_is_needed_are_left_alone_until_options_change(
    standby: Standby, settings: Settings
) -> None:
    around = surroundings()
    first = standby.take(around)
    assert first
    first.client.stop()
    second = standby.take(around)
    assert second, "the one without the package"
    standby.prepare(settings)
    kept = standby._early, standby._bare
    standby.prepare(settings)
    assert (standby._early, standby._bare) == kept
    standby.prepare(replace(settings, timeout=settings.timeout + 1))
    assert not {standby._early, standby._bare} & {*kept}
    second.client.stop()
    standby.stop()
    assert standby.take(around) is None


def test_after_an_upgrade_no_server_is_of_use(
    standby: Standby, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded = [*libraries(), "toy-2.0.dist-info"]
    for place in (pool, keys):
        monkeypatch.setattr(place, "libraries", lambda: upgraded)
    assert standby.take(surroundings()) is None


def test_what_the_package_needs_is_loaded_without_it() -> None:
    """Of the large libraries, what comes later is next to nothing."""
    program = f"""
import json, sys
from importlib import import_module
for name in {LIBRARIES}:
    import_module(name)
before = set(sys.modules)
import nwdocs.site.run.server as server
server.load_shell()
from nwdocs.figures.explorer import static_figure
static_figure()
print(json.dumps([sorted(before), sorted(set(sys.modules) - before)]))
"""
    said = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    before, after = json.loads(said)
    assert [name for name in before if name.startswith("nwdocs")] == []
    large = ("IPython", "matplotlib", "numpy", "mpl_toolkits", "fontTools", "pyparsing")
    late = [name for name in after if name.partition(".")[0] in large]
    assert len(late) < 10, late
    assert len(before) > 500
