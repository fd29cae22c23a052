"""How long the explorable takes for an update, by its own marks: `make bench` prints it.

400 points, 200 queries: the query is dragged, a point is dragged, the bandwidth and the
noise are turned; and the bandwidth with 30 samples drawn. Goals: the median at most 8 ms,
the 95th percentile at most 16 ms; with the samples, that is the goal of the median. Beside
the script's own time stand the intervals between the frames that the browser showed.
"""

import json
import sys
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from support.browsing import chromium
from support.explorable import Touched, write_site
from support.serving import serve_folder as serve

UPDATES = 200
MEDIAN_GOAL, WORST_GOAL = 8.0, 16.0

# Each frame one event, as fast hands make them; the times of updates and of frames.
_DRAG = """async (node, [updates, kind, low, high, across]) => {
  const MARK = "nw-explorer-update";
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  performance.clearMeasures(MARK);
  const frames = [];
  for (let i = 0; i < updates; i++) {
    const at = low + (high - low) * (1 + Math.sin(i / 15)) / 2;
    if (kind === "slider") {
      node.value = at;
      node.dispatchEvent(new Event("input", {bubbles: true}));
    } else {
      node.dispatchEvent(new PointerEvent("pointermove", {
        clientX: at, clientY: across + 40 * Math.cos(i / 7), buttons: 1,
        pointerType: "mouse", bubbles: true}));
    }
    frames.push(await frame());
  }
  return {
    script: performance.getEntriesByName(MARK).map((entry) => entry.duration),
    frames: frames.slice(1).map((time, i) => time - frames[i]),
  };
}"""


def measure() -> dict[str, dict[str, list[float]]]:
    """Milliseconds of each update and between frames, for each way of touching."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_site(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(playwright))
        with serve(Path(folder)) as served, browser:
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.goto(f"{served.url}?explore.points=400&explore.noise=1.5")
            explorable = Touched(page)
            explorable.more()
            page.wait_for_timeout(1500)  # the search for the best bandwidth is over

            def slider(name: str, low: float, high: float) -> dict[str, list[float]]:
                print(f"measuring: {name} ...", file=sys.stderr)
                node = explorable.host.locator(f"#{name}, [data-field={name}]")
                drag = [UPDATES, "slider", low, high, 0]
                return dict(node.evaluate(_DRAG, drag))

            def picture(name: str) -> dict[str, list[float]]:
                print(f"measuring: {name} ...", file=sys.stderr)
                (left, top), (right, _) = explorable.at(0, 3), explorable.at(5, 3)
                drag = [UPDATES, "pointer", left, right, top]
                return dict(explorable.data.evaluate(_DRAG, drag))

            measured = {
                "drag the query": picture("the query"),
                "turn the bandwidth": slider("sigma", 0.1, 0.9),
                "turn the noise": slider("noise", 0, 2),
            }
            explorable.press("Edit points")
            page.mouse.move(*explorable.at(2, 3))
            page.mouse.down()
            measured["drag a point"] = picture("a point")
            page.mouse.up()
            explorable.press("Reset")
            explorable.show(points=400, scene="variance")
            explorable.ready()
            measured["30 samples: bandwidth"] = slider("sigma", 0.1, 0.9)
            return measured


def main() -> None:
    """Print a table and whether the goals are met, or JSON with --json."""
    summary = {
        name: {
            kind: {
                "count": len(durations),
                "median_ms": round(median(durations), 2),
                "p95_ms": round(quantiles(durations, n=20)[-1], 2),
            }
            for kind, durations in kinds.items()
        }
        for name, kinds in measure().items()
    }
    if "--json" in sys.argv:
        print(json.dumps(summary, indent=2))
        return
    print(f"{'explorable, 400 points':<24}{'script':>20}{'frames':>24}")
    for name, kinds in summary.items():
        script, frames = kinds["script"], kinds["frames"]
        goal = WORST_GOAL if name.startswith("30") else MEDIAN_GOAL
        met = script["median_ms"] <= goal and script["p95_ms"] <= WORST_GOAL
        print(
            f"{name:<24}{script['median_ms']:>7.1f}, 95 %{script['p95_ms']:>5.1f} ms"
            f"{frames['median_ms']:>9.1f}, 95 %{frames['p95_ms']:>5.1f} ms"
            f"  {'goal met' if met else 'goal missed'}"
        )


if __name__ == "__main__":
    main()
