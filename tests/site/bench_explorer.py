"""How long the explorable takes for an update, by its own marks: `make bench` prints it.

400 points, 200 queries: the query is dragged, a point is dragged, the bandwidth and the
noise are turned. Goals: the median at most 8 ms, the 95th percentile at most 16 ms.
"""

import json
import sys
from collections.abc import Callable
from math import cos, sin
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from support.browsing import chromium
from support.explorable import Touched, write_site
from support.serving import serve_folder as serve

UPDATES = 200
MEDIAN_GOAL, WORST_GOAL = 8.0, 16.0

_DURATIONS = """() => {
  const entries = performance.getEntriesByName("nw-explorer-update");
  performance.clearMeasures("nw-explorer-update");
  return entries.map((entry) => entry.duration);
}"""


def measure() -> dict[str, list[float]]:
    """Milliseconds of each update, for each way of touching."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_site(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(playwright))
        with serve(Path(folder)) as served, browser:
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.goto(f"{served.url}?explore.points=400&explore.noise=1.5")
            explorable = Touched(page)
            explorable.host.wait_for()
            left, right = explorable.at(0, 3), explorable.at(5, 3)
            page.wait_for_timeout(1500)  # the search for the best bandwidth is over

            def pointer(i: int) -> None:
                x = left[0] + (right[0] - left[0]) * (1 + sin(i / 15)) / 2
                page.mouse.move(x, left[1] + 40 * cos(i / 7))

            def slider(name: str, low: float, high: float) -> Callable[[int], None]:
                node = explorable.host.locator(f"#{name}, [data-field={name}]")
                handle = node.element_handle()

                def turn(i: int) -> None:
                    handle.evaluate(
                        """(input, value) => { input.value = value;
                           input.dispatchEvent(new Event("input", {bubbles: true})); }""",
                        low + (high - low) * (1 + sin(i / 15)) / 2,
                    )

                return turn

            def run(name: str, touch: Callable[[int], None]) -> list[float]:
                print(f"measuring: {name} ...", file=sys.stderr)
                page.evaluate(_DURATIONS)
                for i in range(UPDATES):
                    touch(i)
                    page.evaluate("new Promise(requestAnimationFrame)")
                return [float(ms) for ms in page.evaluate(_DURATIONS)]

            measured = {
                "drag the query": run("drag the query", pointer),
                "turn the bandwidth": run(
                    "turn the bandwidth", slider("sigma", 0.1, 0.9)
                ),
                "turn the noise": run("turn the noise", slider("noise", 0, 2)),
            }
            explorable.press("Edit points")
            page.mouse.move(*left)
            page.mouse.down()
            measured["drag a point"] = run("drag a point", pointer)
            page.mouse.up()
            return measured


def main() -> None:
    """Print a table and whether the goals are met, or JSON with --json."""
    measured = measure()
    measured["all"] = [ms for durations in measured.values() for ms in durations]
    summary = {
        name: {
            "updates": len(durations),
            "median_ms": round(median(durations), 2),
            "p95_ms": round(quantiles(durations, n=20)[-1], 2),
        }
        for name, durations in measured.items()
    }
    if "--json" in sys.argv:
        print(json.dumps(summary, indent=2))
        return
    print(f"{'explorable, 400 points':<24}{'updates':>9}{'median':>11}{'95 %':>11}")
    for name, row in summary.items():
        median_ms, p95_ms = row["median_ms"], row["p95_ms"]
        met = median_ms <= MEDIAN_GOAL and p95_ms <= WORST_GOAL
        print(
            f"{name:<24}{row['updates']:>9}{median_ms:>8.1f} ms{p95_ms:>8.1f} ms"
            f"  {'goal met' if met else 'goal missed'}"
        )


if __name__ == "__main__":
    main()
