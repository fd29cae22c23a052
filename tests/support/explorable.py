"""A page with nothing but explorables on it, for tests and the benchmark."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, expect

from nwdocs.figures.explorer import Explorable, explorable
from nwdocs.figures.palette import token_css
from nwdocs.kernels import Floats
from nwdocs.site.plugin.script import ASSETS, scripts

#: What a reader finds after pressing "More".
BEHIND_MORE = ("noise", "points", "New sample", "Edit points")

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Explorables</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<style>
{tokens}
body {{background: var(--nw-paper); color: var(--nw-ink); font: 16px/1.6 sans-serif;
  max-width: 690px; margin: 16px auto; padding: 0 16px}}
a {{color: var(--nw-blue)}}
</style>
<link rel="stylesheet" href="assets/explorer.css">
<script type="module" src="assets/explorer.js"></script>
</head><body data-md-color-scheme="default"><main><h1>Explorables</h1>
<p><a id="narrow" href="?explore.sigma=0.1#explore">see σ = 0.1</a>
<a id="elsewhere" href="#end">the end</a></p>
{explorers}
<p id="end">The end.</p></main></body></html>
"""


def write_site(folder: Path, *explorers: Explorable) -> None:
    """Write index.html with `explorers`, or the default one, and what it loads.

    The script is the one that the build publishes.
    """
    style = (ASSETS / "explorer.css").read_text(encoding="utf-8")
    (folder / "assets/explorer").mkdir(parents=True, exist_ok=True)
    for name, text in {**scripts(), "explorer.css": style}.items():
        (folder / "assets" / name).write_text(text, encoding="utf-8")
    bodies = [e._repr_html_() for e in explorers or [explorable()]]
    page = _PAGE.format(tokens=token_css(), explorers="<p>Next.</p>".join(bodies))
    (folder / "index.html").write_text(page, encoding="utf-8")


SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""

# Through another canvas: reading the picture's own again and again, Chromium warns.
COLOURS = """c => {
  const copy = new OffscreenCanvas(c.width, c.height).getContext("2d");
  copy.drawImage(c, 0, 0);
  const {data} = copy.getImageData(0, 0, c.width, c.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] === 255)
      seen.add("#" + [0, 1, 2].map((k) => data[i + k].toString(16).padStart(2, "0")).join(""));
  return [...seen];
}"""

#: What can be pressed and is smaller than a finger, of what is shown.
TARGETS = """e => [...e.shadowRoot.querySelectorAll(
    "button, input, label, select, textarea, summary")]
  .filter((n) => n.getClientRects().length && !n.matches("[name=kernel]"))
  .filter((n) => !(n.matches("label") && n.querySelector("input[type=range], textarea")))
  .filter((n) => !n.matches("[type=checkbox]"))
  .map((n) => [n.outerHTML.slice(0, 80), n.offsetWidth, n.offsetHeight])
  .filter(([, width, height]) => width < 44 || height < 44)"""

SLIDE = """(input, value) => { input.value = value;
  for (const kind of ["input", "change"])
    input.dispatchEvent(new Event(kind, {bubbles: true})); }"""


class Touched:
    """An explorable in a page, as a reader would use it."""

    def __init__(self, page: Page, id: str = "explore") -> None:
        self.page = page
        self.host = page.locator(f"#{id}")
        self.data = self.host.locator("[data-view=data]")
        self.weights = self.host.locator("[data-view=weights]")

    def show(self, **changes: object) -> None:
        self.host.evaluate("(e, changes) => e.show(changes)", changes)

    def snapshot(self) -> dict[str, Any]:
        """What `snapshot()` says, its arrays as lists."""
        text = self.host.evaluate(
            """e => JSON.stringify(e.snapshot(), (_, value) =>
                 ArrayBuffer.isView(value) ? [...value] : value)"""
        )
        return dict(json.loads(text))

    @property
    def view(self) -> dict[str, str]:
        return dict(self.host.evaluate("e => e.snapshot().view"))

    def says(self, name: str) -> str:
        self.ready()
        self.host.evaluate("e => e.snapshot()")  # what moves is at its end
        return self.host.locator(f"[data-out={name}]").inner_text()

    def ready(self) -> None:
        """Wait until all that the view needs is loaded and drawn."""
        self.host.evaluate("e => e.ready()")

    def press(self, name: str) -> None:
        """Press a button; first "More", where it is behind that."""
        if name in BEHIND_MORE:
            self.more()
        self.host.get_by_role("button", name=name, exact=True).click()
        self.ready()

    def more(self) -> None:
        """See to it that all controls are shown."""
        button = self.host.locator("[data-do=more]")
        if button.get_attribute("aria-expanded") != "true":
            button.click()
        self.ready()

    def slide(self, name: str, value: float) -> None:
        """Turn a slider to `value` of its own range, and let go."""
        if name in BEHIND_MORE:
            self.more()
        self.host.locator(f"#{name}, [data-field={name}]").evaluate(
            """(input, value) => {
                input.value = value;
                for (const kind of ["input", "change"])
                    input.dispatchEvent(new Event(kind, {bubbles: true}));
            }""",
            value,
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where on the screen the point (x, y) of the left picture is."""
        self.data.scroll_into_view_if_needed()
        canvas = self.data.bounding_box()
        assert canvas
        shown = self.host.evaluate(
            "e => { const s = e.snapshot(); return [s.box, s.range] }"
        )
        box, (low, high) = shown
        return (
            canvas["x"] + box["left"] + x / 5 * box["width"],
            canvas["y"] + box["top"] + (high - y) / (high - low) * box["height"],
        )


Visit = Callable[..., Touched]


def compare(actual: Floats, expected: Floats) -> None:
    # Weights below 1e-290 have fewer digits, in any language.
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-290)


def search(explorable: Touched) -> str:
    return str(explorable.page.evaluate("location.search"))


def settle(explorable: Touched) -> None:
    """Wait until a query, or a control that is turned again, has reached the URL."""
    let_pass(explorable.page, 700)


def let_pass(page: Page, milliseconds: int) -> None:
    """Let time pass by the page's own clock, and two frames be drawn.

    However slow the machine: what the page was to do in this time, it has done.
    """
    page.evaluate(
        """async (milliseconds) => {
          await new Promise((done) => setTimeout(done, milliseconds));
          for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
        }""",
        milliseconds,
    )


def comes_alive_in_place(browser: Browser, url: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(SHIFTS)
        held: list[Any] = []
        page.route("**/explorer.js", lambda route: held.append(route))
        page.goto(f"{url}?explore.step=choose", wait_until="commit")
        after = page.locator(".nw-explorable + p")
        after.wait_for()
        page.wait_for_function("[...document.styleSheets].some((s) => s.href)")
        before = after.bounding_box()
        assert page.locator("nw-explorer svg").is_visible()
        for route in held:
            route.continue_()
        page.locator("nw-explorer[data-alive]").wait_for()
        let_pass(page, 100)
        assert after.bounding_box() == before
        assert page.evaluate("shift") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def in_scene(visit: Visit, scene: str, query: str = "", **options: Any) -> Touched:
    """Open a scene, with all that it loads."""
    explorable = visit(f"?explore.scene={scene}{query}", **options)
    explorable.ready()
    return explorable


def own(explorable: Touched, text: str) -> str:
    """Paste a text, and read what is said of it."""
    # At once, as a paste; typing 2,000 lines takes a browser long.
    explorable.host.get_by_role("textbox").evaluate(
        "(t, text) => (t.value = text)", text
    )
    explorable.press("Show it")
    message = explorable.host.locator("[data-say=message]")
    expect(message).not_to_contain_text("Choosing", timeout=60_000)
    return message.inner_text()
