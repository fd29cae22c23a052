"""Where a Chromium is: what measures or looks at pages needs one, building them does not.

``python -m nwdocs.site.chromium`` prints its path, and fails where there is none.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

__all__ = ["chromium_path", "main"]

# What the program is called, in the order of trying: first what has no windows.
_NAMES = (
    *("chromium-headless-shell", "chrome-headless-shell"),
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)


def chromium_path(playwright: Playwright) -> str | None:
    """The Chromium that the variable CHROMIUM names, the system's or Playwright's own."""
    places = [os.environ.get("CHROMIUM"), *map(shutil.which, _NAMES)]
    places.append(playwright.chromium.executable_path)
    return next((path for path in places if path and Path(path).exists()), None)


def main() -> int:
    """The command: exit status 0 and the path on standard output, or 1."""
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
    print(path or "no Chromium", file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
