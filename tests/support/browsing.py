"""A real browser, and what it asks of whom."""

import os
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from nwdocs.site.chromium import chromium_path

# Two documents for the address bar, which each window loads although nobody sees it:
# half of the time that a window takes to open.
_ADDRESS_BAR = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
# Chromium minds the last such list alone, so this has what is in Playwright's, too.
_PLAYWRIGHT_OFF = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)

#: Milliseconds until what is waited for must have come to pass, however busy the machine.
PATIENCE = 60_000


def asked_elsewhere(
    context: BrowserContext, asked: list[str] | None = None
) -> list[str]:
    """What the context's pages ask of any host but this one: it fills as they do.

    Args:
        context: is listened to.
        asked: this list fills, which may have been given for other contexts, too.
    """
    asked = [] if asked is None else asked
    context.on(
        "request",
        lambda request: (
            asked.append(request.url)
            if urlsplit(request.url).hostname not in (None, "127.0.0.1")
            else None
        ),
    )
    return asked


def requests_lost(page: Page) -> list[str]:
    """What `page` asks for in vain: it fills as that happens.

    Not what the browser gives up itself, because it leaves the page: an icon that is
    still on its way.
    """
    lost: list[str] = []
    page.on(
        "requestfailed",
        lambda request: (
            None
            if request.failure == "net::ERR_ABORTED"
            else lost.append(f"{request.url}: {request.failure}")
        ),
    )
    return lost


def chromium(playwright: Playwright) -> str:
    """The path of a Chromium; where there is none, CI fails and others skip."""
    if path := chromium_path(playwright):
        return path
    message = (
        "no Chromium for the browser tests: install your system's package (chromium on "
        "Debian), or run `python -m playwright install chromium`, or set CHROMIUM to "
        "the path of one."
    )
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def launch(playwright: Playwright) -> Browser:
    """A Chromium without what a reader's window has around the page."""
    expect.set_options(timeout=PATIENCE)
    off = ",".join((*_ADDRESS_BAR, *_PLAYWRIGHT_OFF))
    return playwright.chromium.launch(
        executable_path=chromium(playwright), args=[f"--disable-features={off}"]
    )
