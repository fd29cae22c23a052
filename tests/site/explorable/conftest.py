"""The explorable on pages of its own, and what its tests share."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from nwdocs.figures.explorer import explorable as make_explorable
from support.browsing import PATIENCE, asked_elsewhere
from support.explorable import Touched, Visit, write_site
from support.serving import serve_folder


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("explorables")
    write_site(folder)
    write_site(
        folder / "two", make_explorable(), make_explorable("boxcar", 0.2, id="other")
    )
    with serve_folder(folder) as served:
        yield served.url


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Visit]:
    """Open a page with an explorable; at the end, nothing may have gone wrong in it."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    elsewhere: list[list[str]] = []

    def go(query: str = "", path: str = "index.html", **options: Any) -> Touched:
        options = {
            "viewport": {"width": 800, "height": 1000},
            "reduced_motion": "reduce",
            **options,
        }
        context = browser.new_context(**options)
        contexts.append(context)
        elsewhere.append(asked_elsewhere(context))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}{path}{query}")
        return Touched(page)

    yield go
    for context in contexts:
        context.close()
    assert complaints == []
    assert not any(elsewhere), elsewhere
