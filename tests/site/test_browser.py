"""Every page of the built site, as a real browser shows it.

The tests of a page share one visit, so that the suite takes a minute: they run in the
order of this file, and each sets the width and the scheme that it is about.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, expect
from pypdf import PdfReader

from nwdocs.figures import FIGURES
from nwdocs.figures.palette import TOKENS
from support.accessibility import violations
from support.browsing import PATIENCE, asked_elsewhere
from support.project import PAGES, ROOT, SOURCES
from support.serving import Served

WIDTHS = (360, 768, 1280)
SCHEMES = {"light": "default", "dark": "slate"}
KILOBYTE = 1000
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput)
      window.shifts.push([entry.value, ...entry.sources.map((s) => s.node?.outerHTML)]);
}).observe({type: "layout-shift", buffered: true});
"""
# To the end and back, for the images that load when they are near the screen.
SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
  const shown = [...document.images].filter((image) => image.checkVisibility());
  await Promise.all(shown.map((image) => image.decode()));
  scrollTo(0, 0);
}"""


@dataclass
class Visit:
    """A page in the browser, and what was heard of it since it began to load."""

    page: Page
    path: str
    complaints: list[str]
    elsewhere: list[str]
    weight: int

    def look(self, width: int, scheme: str) -> None:
        self.page.set_viewport_size({"width": width, "height": 800})
        body = f"body[data-md-color-scheme={SCHEMES[scheme]}]"
        if not self.page.query_selector(body):
            self.page.dispatch_event(f"label[title='Switch to {scheme}']", "click")
            self.page.wait_for_selector(body)
        self.page.evaluate(
            """() => {
              document.getAnimations().forEach((one) => one.finish());
              document.activeElement.blur(); // no ring around the switch
              // Where the contents were scrolled to, half an entry may be out of reach.
              for (const side of document.querySelectorAll(".md-sidebar__scrollwrap"))
                side.scrollTo(0, 0);
            }"""
        )


@pytest.fixture(
    scope="module",
    params=[*PAGES, "404.html"],
    ids=[*(path.strip("/") or "index" for path in PAGES), "404"],
)
def visit(
    request: pytest.FixtureRequest, browser: Browser, served: Served
) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    elsewhere = asked_elsewhere(context)
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []

    def finished(request: Request) -> None:
        response = request.response()
        if response is None or response.status >= 400:
            complaints.append(f"{request.url}: {response and response.status}")

    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda r: complaints.append(f"{r.url}: {r.failure}"))
    page.on("requestfinished", finished)
    served.sent.clear()
    page.goto(served.url + request.param, wait_until="networkidle")
    page.evaluate(SCROLL)
    weight = sum(dict(served.sent).values())
    yield Visit(page, request.param, complaints, elsewhere, weight)
    context.close()


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_it_weighs_little_with_all_that_it_shows(visit: Visit) -> None:
    # A gallery is as heavy as it has figures, once all have been looked at.
    gallery = len(FIGURES) * 2 * KILOBYTE if visit.path == "figures/" else 0
    assert visit.weight <= 110 * KILOBYTE + gallery


def test_nothing_shifts_while_it_loads(visit: Visit) -> None:
    assert visit.page.evaluate("window.shifts") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_it_is_no_wider_than_the_screen(visit: Visit, width: int) -> None:
    visit.look(width, "light")
    wide = visit.page.evaluate(
        """() => {
          const root = document.documentElement, wide = [];
          if (root.scrollWidth > innerWidth)
            for (const node of document.querySelectorAll("article *"))
              if (node.getBoundingClientRect().right > innerWidth) wide.push(node.outerHTML);
          return [root.scrollWidth, wide];
        }"""
    )
    assert wide[0] <= width, wide[1]
    boxes = ".md-typeset__scrollwrap, .nw-formula"
    if width == 1280:
        # Elsewhere a line of code may be cut, and in a figure's script, which is folded.
        boxes += ", .highlight code:not(details.code *)"
    cut = visit.page.evaluate(
        """(boxes) => [...document.querySelectorAll(boxes)]
          .filter((box) => box.scrollWidth > box.clientWidth + 1)
          .map((box) => box.innerText)""",
        boxes,
    )
    assert cut == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing(visit: Visit, width: int, scheme: str) -> None:
    visit.look(width, scheme)
    assert violations(visit.page) == []


def test_the_scheme_reaches_the_colours_of_figures(visit: Visit) -> None:
    # A heatmap's outline stays white on the map's own colours; all else is a token.
    shapes = ".nw-figure .nw-svg [style*='var(--nw-']:not(defs *)"
    colours = f"""() => [...document.querySelectorAll("{shapes}")].map((node) => {{
      const {{ stroke, fill }} = getComputedStyle(node);
      return stroke + fill;
    }})"""
    if not visit.page.query_selector(".nw-figure"):
        pytest.skip("no figure on this page")
    visit.look(1280, "light")
    before = visit.page.evaluate(colours)
    visit.look(1280, "dark")
    after = visit.page.evaluate(colours)
    visit.look(1280, "light")
    assert visit.page.evaluate(colours) == before
    assert before
    assert [a for a, b in zip(before, after, strict=True) if a == b] == []


def test_type_in_figures_is_no_smaller_than_10_pixels(visit: Visit) -> None:
    visit.look(360, "light")
    sizes: list[Any] = visit.page.evaluate(
        """() => [...document.querySelectorAll("article svg text")].map((node) => [
          parseFloat(getComputedStyle(node).fontSize)
            * Math.hypot(node.getScreenCTM().a, node.getScreenCTM().b),
          node.textContent])"""
    )
    assert [s for s in sizes if s[0] < 10] == []


def test_images_have_names(visit: Visit) -> None:
    session = visit.page.context.new_cdp_session(visit.page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    images = [
        node
        for node in tree
        if not node["ignored"]
        and node["role"]["value"].lower() in ("image", "img", "svgroot")
    ]
    assert [n for n in images if not n.get("name", {}).get("value", "").strip()] == []


def test_roots_have_their_sign(visit: Visit) -> None:
    """It is no text: where the font lacks it, a browser draws nothing."""
    visit.look(1280, "light")
    for root in visit.page.query_selector_all("article msqrt"):
        root.scroll_into_view_if_needed()
        whole = root.bounding_box()
        inside = root.query_selector("*")
        assert whole
        assert inside
        under = inside.bounding_box()
        assert under
        sign = whole | {"width": under["x"] - whole["x"]}
        with Image.open(BytesIO(visit.page.screenshot(clip=sign))) as picture:
            shades = np.asarray(picture.convert("L"), dtype=int)
        assert np.ptp(shades) > 100, "nothing is drawn"


def test_no_formula_is_left_in_tex(visit: Visit) -> None:
    text = visit.page.evaluate(
        """() => {
          const copy = document.querySelector("article").cloneNode(true);
          copy.querySelectorAll("code, pre, script").forEach((node) => node.remove());
          return copy.textContent;
        }"""
    )
    assert re.findall(r"\$.{0,20}|\\[a-zA-Z(\[]+", text) == []


def test_on_paper_each_figure_is_whole(visit: Visit) -> None:
    figures: list[list[str]] = visit.page.evaluate(
        """() => [...document.querySelectorAll(".nw-figure")].map((figure) => [
          figure.querySelector("figcaption p").textContent,
          ...[...figure.querySelectorAll("text")].map((text) => text.textContent)])"""
    )
    if not figures:
        pytest.skip("no figure on this page")
    visit.look(1280, "dark")
    sheets = PdfReader(BytesIO(visit.page.pdf(format="A4"))).pages
    texts = [_squeezed(sheet.extract_text()) for sheet in sheets]
    for caption, *labels in figures:
        assert any(
            all(_squeezed(label) in text for label in [caption, *labels])
            for text in texts
        ), f"no sheet has all of: {caption}"


def test_on_paper_it_is_light_and_without_what_is_for_a_screen(visit: Visit) -> None:
    visit.look(1280, "dark")
    visit.page.emulate_media(media="print")
    light = {
        f"rgb({', '.join(str(int(token.light[i : i + 2], 16)) for i in (1, 3, 5))})"
        for token in TOKENS.values()
    }
    words = """() => [...new Set([...document.querySelectorAll("article svg text")].map(
      (node) => getComputedStyle(node).fill))]"""
    shown = """(selector) => [...document.querySelectorAll(selector)].filter((node) =>
      node.checkVisibility()).length"""
    inks = visit.page.evaluate(words)
    body = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    rest = [
        visit.page.evaluate(shown, selector)
        for selector in (
            "img[src$='#only-dark']",
            ".md-code__nav",
            ".nw-take",
            ".md-button",
        )
    ]
    visit.page.emulate_media(media="screen")
    assert set(inks) <= light
    assert body == "rgb(255, 255, 255)"
    assert rest == [0, 0, 0, 0]


def _squeezed(text: str) -> str:
    # Some machines' fonts have a letter for "ff".
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s", "", plain).replace("\N{MINUS SIGN}", "-")


def test_without_javascript_it_shows_all_that_it_shows_with(
    visit: Visit, plain: Page, served: Served
) -> None:
    visible = """() => ["p", ".nw-svg", "math", "img", "pre", "table"].map((kind) =>
      [...document.querySelectorAll(`article ${kind}`)].filter((node) =>
        node.checkVisibility() && node.getBoundingClientRect().width > 0).length)"""
    visit.look(1280, "light")
    plain.goto(served.url + visit.path)
    assert plain.evaluate("document.documentElement.className") == "no-js"
    without, scripted = plain.evaluate(visible), visit.page.evaluate(visible)
    # But not what is said of controls that would not be there.
    live = [each.locator(".nw-live").all() for each in (plain, visit.page)]
    assert not any(each.is_visible() for each in live[0])
    assert all(each.is_visible() for each in live[1])
    assert without[0] > 0
    fewer = [len(live[0]), *[0] * (len(without) - 1)]
    assert all(a >= b - c for a, b, c in zip(without, scripted, fewer, strict=True)), (
        without,
        scripted,
    )


def test_it_was_quiet_all_along(visit: Visit) -> None:
    assert visit.complaints == []
    assert visit.elsewhere == []


# --- What goes on between pages --------------------------------------------------


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page to use; at the end, nobody else may have been asked for anything."""
    context = browser.new_context(color_scheme="dark")
    elsewhere = asked_elsewhere(context)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()
    assert elsewhere == []


def has_scheme(page: Page, scheme: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)


@pytest.mark.parametrize("path", ["equal-widths/", "claims/", "figures/"])
def test_who_wants_dark_and_runs_no_script_gets_the_dark_scheme(
    page: Page, browser: Browser, served: Served, path: str
) -> None:
    colours = """() => [...new Set([...document.querySelectorAll(`body, .md-header,
        article :is(h1, p, a, pre, code, td, summary, svg text, svg path, img)`)]
      .filter((node) => node.checkVisibility()).map((node) => {
        const { color, backgroundColor, borderColor, fill, stroke } = getComputedStyle(node);
        const source = node.getAttribute("src") ?? "";
        return [node.localName, color, backgroundColor, borderColor, fill, stroke, source];
      }).map(String))].sort()"""
    page.goto(served.url + path)
    page.wait_for_load_state("networkidle")
    has_scheme(page, "slate")
    context = browser.new_context(color_scheme="dark", java_script_enabled=False)
    plain = context.new_page()
    plain.goto(served.url + path)
    for each in (plain, page):
        _settle(each)
    assert plain.evaluate(colours) == page.evaluate(colours)
    plain.emulate_media(color_scheme="light")
    assert plain.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    context.close()


def test_keys_walk_from_the_first_page_to_the_last_and_back(
    page: Page, served: Served
) -> None:
    def here() -> str:
        return page.url.removeprefix(served.url)

    page.goto(served.url)
    for path in PAGES[1:]:
        page.keyboard.press("n")
        page.wait_for_url(served.url + path)
        back = page.get_attribute(".md-footer__link--prev", "href")
        assert urljoin(page.url, back) == served.url + PAGES[PAGES.index(path) - 1]
    assert page.query_selector(".md-footer__link--next") is None
    page.keyboard.press("p")
    page.wait_for_url(served.url + PAGES[-2])
    assert here() == PAGES[-2]


def test_search_finds_what_only_a_cell_has_said(page: Page, served: Served) -> None:
    said = "17.10"
    sources = [(ROOT / "docs" / source).read_text() for source in SOURCES]
    assert not any(said in source for source in sources)
    served.sent.clear()
    page.goto(served.url, wait_until="networkidle")
    assert not [path for path in served.sent if "search" in path], "before it is wanted"
    page.keyboard.press("/")
    page.keyboard.type(said)
    found = page.wait_for_selector(".md-search-result__link")
    assert found
    assert urljoin(page.url, found.get_attribute("href")).startswith(
        served.url + "attention-pooling/"
    )
    found.click()
    page.wait_for_url(re.compile("attention-pooling/"))
    assert said in page.inner_text("article")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 1280])
def test_what_opens_on_a_page_is_accessible_too(
    page: Page, served: Served, width: int, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{served.url}choosing-a-bandwidth/", wait_until="networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
    assert violations(page) == []
    page.keyboard.press("/")
    page.keyboard.type("residual weight")
    page.wait_for_selector(".md-search-result__item")
    _settle(page)
    assert violations(page) == []
    assert "Take it away" not in page.inner_text(".md-search-result")
    page.keyboard.press("Escape")
    if width < 1220:  # where the navigation is folded away
        page.click(".md-header__button[for=__drawer]")
        _settle(page)
        assert violations(page) == []


BOX = "<hr style='height: 300px; background: #666; margin: 0'>"
THIN = "<p style='color: #888; font: 20px a'>"


@pytest.mark.parametrize(
    ("like_others", "faint"),
    [
        ("<p>Read", "<p style='color: #aaa'>this"),
        ("<p><b>Read</b>", "<p style='background: #666'><b>this</b>"),
        ("<p style='color: #888; font-size: 24px'>Read", "<p style='color: #888'>this"),
        ("<p style='color: #888; font: bold 20px a'>Read", f"{THIN}this"),
        ("<p>Read", "<p style='opacity: .4'>this"),
        ("<p>Read", f"{BOX}<p style='position: absolute; top: 200px'>this"),
        ("<p>Read", f"{BOX}<p style='position: relative; top: -80px'>this"),
        ("<p>Read", f"{BOX}<p style='transform: translateY(-80px)'>this"),
        ("<p>Read", f"{BOX}<p style='margin-top: -80px'>this"),
    ],
)
def test_a_faint_text_is_found_beside_others_like_it(
    page: Page, like_others: str, faint: str
) -> None:
    """Of texts that look the same only one is weighed; see support/accessibility.py."""
    start = "<html lang=en><title>A page</title><main><h1>A heading</h1>"
    page.set_content(f"{start}{like_others}{like_others}")
    assert violations(page) == []
    page.set_content(f"{start}{like_others}{like_others}{faint}")
    ((_, (found,)),) = violations(page)
    assert "this" in found


def _settle(page: Page) -> None:
    page.evaluate(
        """async () => {
          const ending = () => document.getAnimations().filter((each) =>
            each.effect.getComputedTiming().endTime !== Infinity
            && each.playState === "running");
          while (ending().length)
            await Promise.allSettled(ending().map((each) => each.finished));
        }"""
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_keyboard_switches_between_light_and_dark(
    page: Page, served: Served, scheme: str
) -> None:
    other = {"light": "dark", "dark": "light"}
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{served.url}recap/", wait_until="networkidle")
    on_switch = "document.activeElement.name === '__palette'"
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate(on_switch):
            break
    now = scheme
    for key in ("Space", "Enter"):
        assert page.evaluate(on_switch)
        name = page.evaluate("document.activeElement.ariaLabel")
        assert name == f"Switch to {other[now]}"
        label = page.locator(f".md-header__button[title='{name}']")
        assert label.evaluate("node => getComputedStyle(node).outlineStyle") != "none"
        assert label.is_visible()
        page.keyboard.press(key)
        now = other[now]
        has_scheme(page, SCHEMES[now])


def test_a_mouse_switches_and_leaves_no_ring(page: Page, served: Served) -> None:
    page.goto(f"{served.url}recap/", wait_until="networkidle")
    for number, scheme in enumerate(SCHEMES.values()):
        page.click(f".md-header__button[for=__palette_{number}]")
        has_scheme(page, scheme)
        assert page.locator(".md-option:focus-visible").count() == 0


# What changes its colour bit by bit, from the switch to the frame after the next.
FADING = """async () => {
  const seen = new Set();
  const look = () => document.getAnimations().forEach((each) => {
    const { target, pseudoElement } = each.effect;
    seen.add([each.transitionProperty, target.localName, target.className, pseudoElement]);
  });
  document.querySelector("[name=__palette]:not(:checked)").click();
  for (let frame = 0; frame < 3; frame++) {
    getComputedStyle(document.body).color;
    look();
    await new Promise(requestAnimationFrame);
  }
  return [...seen].map(String);
}"""


@pytest.mark.parametrize("path", ["choosing-a-bandwidth/", "api/", "glossary/"])
def test_another_scheme_is_there_at_once(page: Page, served: Served, path: str) -> None:
    page.goto(served.url + path, wait_until="networkidle")
    for scheme in ("default", "slate"):
        assert page.evaluate(FADING) == []
        assert page.get_attribute("body", "data-md-color-scheme") == scheme


def test_no_rule_has_all_elements_styled_anew_while_a_page_opens(site: Path) -> None:
    css = (site / "assets/style.css").read_text(encoding="utf-8")
    subject = re.compile(
        r"\[(?:data-md-|class)[^,{}]*[\s>+~](?:\*|:(?!is|where)[\w-]+(?:\([^()]*\))?)(?=[,{])"
    )
    assert subject.findall("[class] p{} [class] .b>:hover, [data-md-x] *{}") == [
        "[class] .b>:hover",
        "[data-md-x] *",
    ]
    assert subject.findall(css) == []


def test_the_readers_scheme_is_the_first_shown(page: Page, served: Served) -> None:
    page.goto(served.url)
    has_scheme(page, "slate")


def test_a_choice_of_scheme_is_kept(page: Page, served: Served) -> None:
    page.goto(served.url)
    page.click("label[title='Switch to light']")
    page.goto(served.url + PAGES[1])
    has_scheme(page, "default")


def test_the_scheme_of_the_page_is_that_of_the_tokens(
    page: Page, served: Served
) -> None:
    page.goto(served.url)
    background = "getComputedStyle(document.body).backgroundColor"
    for reading in (TOKENS["paper"].dark, TOKENS["paper"].light):
        rgb = tuple(int(reading[i : i + 2], 16) for i in (1, 3, 5))
        assert page.evaluate(background) == f"rgb{rgb}"
        page.dispatch_event("label[title='Switch to light']", "click")
        page.wait_for_selector("body[data-md-color-scheme=default]")


def test_a_term_is_explained_to_who_points_at_it_or_tabs_to_it(
    page: Page, served: Served
) -> None:
    page.goto(served.url + "attention-by-kernel/", wait_until="networkidle")
    terms = page.locator("abbr")
    words = terms.first.get_attribute("title")
    terms.first.hover()
    page.wait_for_selector(f".md-tooltip2--active >> text={words}")
    page.mouse.move(0, 0)
    words = terms.nth(1).get_attribute("title")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.localName") == "abbr":
            break
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.localName") != "abbr":
        page.keyboard.press("Tab")
    page.wait_for_selector(f".md-tooltip2--active >> text={words}")


def test_a_wrong_address_leads_home(page: Page, served: Served) -> None:
    response = page.goto(f"{served.url}kernels/no/such/page")
    assert response
    assert response.status == 404
    page.click("article a")
    page.wait_for_url(served.url)


def test_a_figure_can_be_taken_away(page: Page, served: Served) -> None:
    page.goto(served.url + "kernels/")
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("CSV", b"u,")):
        with page.expect_download() as download:
            page.click(f"#fig-kernels .nw-take >> text={kind}")
        assert download.value.path().read_bytes().startswith(start)
