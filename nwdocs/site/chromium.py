"""Where a Chromium is: what measures or looks at pages needs one, building them does not."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

__all__ = ["CHROMIUM", "chromium_path"]

#: What the program is called, in the order of trying.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path(playwright: "Playwright") -> str | None:
    """The Chromium that the variable CHROMIUM names, the system's or Playwright's own."""
    places = [os.environ.get("CHROMIUM"), *map(shutil.which, CHROMIUM)]
    places.append(playwright.chromium.executable_path)
    return next((path for path in places if path and Path(path).exists()), None)
