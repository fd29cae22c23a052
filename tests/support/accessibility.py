"""What axe finds wrong with a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# A rule of WCAG 2.2 that axe leaves out unless asked; Lighthouse does ask.
_RULES = {"target-size": {"enabled": True}}
_CONTRAST = "color-contrast"
# Axe weighs the contrast of a page's texts one by one, for four fifths of its time: a page
# of code has thousands, in a dozen colours. Texts have the same contrast whose styles are
# the same, and those of all that they stand in. So the first of each kind is weighed. What
# is placed over other things is a kind of its own, and what has a tree of its own is left
# to axe as a whole.
_MARK = """() => {
  const PLAIN = /^(static auto|relative 0px) none [^-]*$/;
  const numbers = new Map(), kinds = new Map(), weighed = new Set();
  for (const node of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(node);
    const kind = [
      kinds.get(node.parentElement), style.color, style.backgroundColor,
      style.backgroundImage, style.opacity, style.filter, style.mixBlendMode,
      style.textShadow, style.fontSize, style.fontWeight,
      PLAIN.test(`${style.position} ${style.inset} ${style.transform} ${style.margin}`)
        ? "" : numbers.size,
    ].join();
    if (!numbers.has(kind)) numbers.set(kind, numbers.size);
    const number = numbers.get(kind);
    kinds.set(node, number);
    const text = [...node.childNodes].some((each) => each.nodeType === Node.TEXT_NODE
      && each.data.trim());
    if (node.shadowRoot || node.localName === "iframe") node.dataset.weigh = "";
    if (!text || weighed.has(number) || !node.checkVisibility()) continue;
    weighed.add(number);
    node.dataset.weigh = "";
  }
}"""
_UNMARK = """() => document.querySelectorAll("[data-weigh]").forEach((node) =>
  node.removeAttribute("data-weigh"))"""


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """The rules that `page` breaks as it is now, each with the elements that do."""
    most = _RULES | {_CONTRAST: {"enabled": False}}
    found = _run(page, None, {"rules": most})
    page.evaluate(_MARK)
    if page.query_selector("[data-weigh]"):
        only = {"runOnly": {"type": "rule", "values": [_CONTRAST]}}
        found += _run(page, {"include": [["[data-weigh]"]]}, only)
    page.evaluate(_UNMARK)
    return found


def _run(
    page: Page, context: dict[str, Any] | None, options: dict[str, Any]
) -> list[tuple[str, list[str]]]:
    quick = {"resultTypes": ["violations"], **options}
    found = Axe().run(page, context=context, options=quick).response["violations"]
    return [(each["help"], [node["html"] for node in each["nodes"]]) for each in found]
