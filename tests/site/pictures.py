"""A picture of every page of a built site, for those who look: by width and by scheme.

Usage: python tests/site/pictures.py SITE. They are left in build/screenshots/.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from support.browsing import PATIENCE, launch
from support.project import PAGES, ROOT
from support.serving import serve_folder

FOLDER = ROOT / "build" / "screenshots"
WIDTHS = (360, 1280, 1920)
SCHEMES = ("light", "dark")

# All that is loaded and drawn when a reader comes near; nobody scrolls here.
DRAWN = """async () => {
  for (const figure of document.querySelectorAll(".nw-svg"))
    figure.style.contentVisibility = "visible";
  const shown = [...document.images].filter((image) => image.checkVisibility());
  await Promise.all(shown.map((image) => {
    image.loading = "eager";
    return image.decode();
  }));
}"""


def take(browser: Browser, url: str, width: int, scheme: str) -> None:
    """Take a picture of each page in a window of this width, in light or dark."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    for path in (*PAGES, "404.html"):
        name = path.strip("/").removesuffix(".html") or "index"
        page.goto(url + path)
        page.evaluate(DRAWN)
        # At rest, an explorable below the first screen comes alive.
        if page.query_selector("nw-explorer"):
            page.wait_for_selector("nw-explorer[data-alive]", state="attached")
        page.screenshot(
            path=FOLDER / f"{name}-{width}-{scheme}.jpeg",
            full_page=True,
            type="jpeg",
            quality=85,
        )
    context.close()


def main(site: Path) -> None:
    """Take all pictures, in place of those of an earlier run."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with serve_folder(site) as served, sync_playwright() as playwright:
        browser = launch(playwright)
        for width in WIDTHS:
            for scheme in SCHEMES:
                take(browser, served.url, width, scheme)
        browser.close()
    print(f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER.relative_to(ROOT)}/")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
