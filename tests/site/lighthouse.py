"""Lighthouse, as a phone would see it, over every page of a built site.

Usage: python tests/site/lighthouse.py SITE. Needs node; npx fetches Lighthouse itself. It is
no test: its measure of speed depends on what else the machine does. Prints a table,
leaves the reports in build/lighthouse/, and exits with 1 where a page misses a goal.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from nwdocs.site.chromium import chromium_path
from support.project import PAGES, ROOT
from support.serving import serve_folder as serve

GOALS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
LIGHTHOUSE = "lighthouse@13"
RUNS = 3  # a page is measured anew while it misses a goal


def scores(url: str, report: Path, chromium: str) -> dict[str, int]:
    """Of each category, the score of one run out of 100."""
    subprocess.run(
        [
            *("npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json"),
            f"--output-path={report}",
            "--chrome-flags=--headless=new --no-sandbox",
        ],
        env=os.environ | {"CHROME_PATH": chromium, "npm_config_loglevel": "error"},
        check=True,
    )
    categories = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {name: round(100 * (categories[name]["score"] or 0)) for name in GOALS}


def main(site: Path) -> int:
    """Measure each page; 0 if all reach every goal."""
    with sync_playwright() as playwright:
        chromium = chromium_path(playwright)
    if not chromium:
        sys.exit("No Chromium: run `make browser`.")
    folder = ROOT / "build" / "lighthouse"
    folder.mkdir(parents=True, exist_ok=True)
    missed = 0
    print(f"{'page':28}", *(f"{name:>15}" for name in GOALS))
    with serve(site) as served:
        for page in PAGES:
            name = page.strip("/") or "index"
            for _ in range(RUNS):
                found = scores(served.url + page, folder / f"{name}.json", chromium)
                low = [c for c, goal in GOALS.items() if found[c] < goal]
                if not low:
                    break
            missed += bool(low)
            print(f"{name:28}", *(f"{found[c]:>15}" for c in GOALS), *low, flush=True)
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
