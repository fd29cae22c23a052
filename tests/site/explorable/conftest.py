"""The explorable on pages of its own, and what its tests share."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

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


@dataclass
class Windows:
    """Open windows, for the tests that come: to open one takes longer than most tests.

    Attributes:
        browser: of all of them.
        free: pages that no test uses, by the options of their contexts.
        elsewhere: what was asked of another host.
        complaints: what a page's console said, and its errors.
    """

    browser: Browser
    free: dict[str, list[Page]] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def take(self, options: dict[str, Any]) -> Page:
        """A page in a window with these options, which shows nothing yet."""
        kept = self.free.setdefault(repr(options), [])
        if not kept:
            return self.new(options)
        page = kept.pop()
        page.set_viewport_size(options["viewport"])
        return page

    def new(self, options: dict[str, Any]) -> Page:
        """A page in a window of its own."""
        context = self.browser.new_context(**options)
        asked_elsewhere(context, self.elsewhere)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def give_back(self, options: dict[str, Any], page: Page) -> None:
        """Keep a page for the next test."""
        page.goto("about:blank")
        self.free[repr(options)].append(page)

    def close(self) -> None:
        """Close all windows."""
        for page in chain.from_iterable(self.free.values()):
            page.context.close()


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Windows]:
    windows = Windows(browser)
    yield windows
    windows.close()


@pytest.fixture
def visit(windows: Windows, url: str) -> Iterator[Visit]:
    """Open a page with an explorable; at the end, nothing may have gone wrong in it.

    A test that changes more of its window than the size says ``own=True``: then nobody
    has it after.
    """
    used: list[tuple[dict[str, Any], Page, bool]] = []
    windows.complaints.clear()
    windows.elsewhere.clear()

    def go(
        query: str = "", path: str = "index.html", own: bool = False, **options: Any
    ) -> Touched:
        options = {
            "viewport": {"width": 800, "height": 1000},
            "reduced_motion": "reduce",
            **options,
        }
        page = windows.new(options) if own else windows.take(options)
        used.append((options, page, own))
        page.goto(f"{url}{path}{query}")
        # All that the view needs, whoever is quicker: the browser or the test.
        page.evaluate("document.querySelector('nw-explorer').ready?.()")
        return Touched(page)

    yield go
    for options, page, own in used:
        if own:
            page.context.close()
        else:
            windows.give_back(options, page)
    assert windows.complaints == []
    assert windows.elsewhere == []
