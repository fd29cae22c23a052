"""A page with nothing but explorables on it, for tests and the benchmark."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from nwdocs.figures.explorer import Explorable, explorable
from nwdocs.figures.palette import token_css
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
        self.host.evaluate("e => e.snapshot()")  # brings the screen up to date
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
