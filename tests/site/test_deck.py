"""The slides in a browser: they turn, fit the screen, and say what the pages say."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from support.browsing import asked_elsewhere
from support.explorable import Touched
from support.serving import Served

SCREENS = [(1280, 720), (1920, 1080)]

# What of the slide that is shown lies outside of it, or can be scrolled.
OUTSIDE = """() => {
  const slide = document.querySelector(".slide[data-now]");
  const box = slide.getBoundingClientRect();
  const seen = [...slide.querySelectorAll("*")].filter((node) =>
    !node.closest(".notes, figcaption") &&
    (!node.closest("svg") || node.matches(".nw-panel, .nw-svg:not(.nw-row)")));
  const out = seen.filter((node) => {
    const { left, top, right, bottom, width } = node.getBoundingClientRect();
    return width && (left < box.left - 1 || right > box.right + 1 ||
      top < box.top - 1 || bottom > box.bottom + 1);
  });
  const scrolled = seen.filter((node) => {
    const { overflowX, overflowY } = getComputedStyle(node);
    const rows = node.matches(":has(> .nw-row)"); // half of whose picture is empty
    return node.clientWidth && !node.closest("math") &&
      (overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1 ||
       overflowY !== "visible" && !rows && node.scrollHeight > node.clientHeight + 1);
  });
  const name = (node) => `${node.localName}.${node.getAttribute("class")}`;
  return [...out, ...scrolled].map(name);
}"""


# How wide the page is on a phone, and panels and words that one cannot scroll to.
PHONE = """() => {
  const slide = document.querySelector(".slide[data-now]");
  const end = slide.getBoundingClientRect().bottom;
  const cut = [...slide.querySelectorAll(".nw-panel, .shown > *, header > *")]
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 ||
      node.getBoundingClientRect().bottom > end + 1)
    .map((node) => `${node.localName}.${node.getAttribute("class")}`);
  return [document.documentElement.scrollWidth, cut];
}"""


@pytest.fixture
def deck(browser: Browser, served: Served) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    asked = asked_elsewhere(context)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{served.url}deck/")
    expect(page.locator(".slide[data-now]")).to_have_count(1)
    yield page
    assert errors == []
    assert asked == []
    context.close()


def now(page: Page) -> str:
    return str(page.evaluate("document.querySelector('.slide[data-now]').id"))


def names(page: Page) -> list[str]:
    return list(page.locator(".slide").evaluate_all("all => all.map((s) => s.id)"))


def test_there_are_twelve_to_twenty_slides_with_something_to_see(deck: Page) -> None:
    assert 12 <= len(names(deck)) <= 20
    shown = deck.locator(".slide .shown").evaluate_all(
        "all => all.slice(1).map((s) => s.children.length)"
    )
    assert min(shown) >= 1
    assert deck.locator(".slide svg.nw-svg").count() >= 6
    assert deck.locator(".slide .shown math").count() >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_no_slide_overflows(
    browser: Browser, served: Served, width: int, height: int, scheme: Any
) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    page.goto(f"{served.url}deck/")
    expect(page.locator(".slide[data-now]")).to_be_visible()
    wrong = {}
    for name in names(page):
        assert now(page) == name
        if page.locator(".slide[data-now] nw-explorer").count():
            expect(page.locator("nw-explorer[data-alive]")).to_be_visible()
        if found := page.evaluate(OUTSIDE):
            wrong[name] = found
        page.keyboard.press("ArrowRight")
    page.close()
    assert wrong == {}


def test_keys_and_buttons_turn_slides_and_the_address_follows(deck: Page) -> None:
    every = names(deck)
    for key, index in [
        *(("ArrowRight", 1), ("PageDown", 2), (" ", 3), ("Shift+ ", 2)),
        *(("ArrowLeft", 1), ("ArrowLeft", 0), ("ArrowLeft", 0)),
        *(("End", len(every) - 1), ("ArrowRight", len(every) - 1), ("Home", 0)),
    ]:
        deck.keyboard.press(key)
        assert now(deck) == every[index], key
        assert urlsplit(deck.url).fragment == every[index]
    deck.get_by_role("button", name="›").click()
    expect(deck.locator("#place")).to_have_text(f"2 / {len(every)}")


def test_an_address_leads_to_its_slide(deck: Page, served: Served) -> None:
    name = names(deck)[5]
    deck.goto("about:blank")
    deck.goto(f"{served.url}deck/#{name}")
    assert now(deck) == name
    deck.goto(f"{served.url}deck/#{names(deck)[2]}")
    assert now(deck) == names(deck)[2]


def test_the_overview_shows_all_and_leads_to_one(deck: Page) -> None:
    deck.keyboard.press("o")
    expect(deck.locator(".slide >> visible=true")).to_have_count(len(names(deck)))
    deck.locator(".slide").nth(3).click()
    assert now(deck) == names(deck)[3]
    expect(deck.locator(".slide >> visible=true")).to_have_count(1)


def test_the_speaker_s_window_turns_with_the_other(deck: Page) -> None:
    deck.keyboard.press("ArrowRight")
    with deck.expect_popup() as popup:
        deck.keyboard.press("s")
    speaker = popup.value
    expect(speaker.locator(".slide >> visible=true")).to_have_count(2)
    notes = speaker.locator("#spoken")
    expect(notes).to_contain_text("On the page: ")
    speaker.keyboard.press("ArrowRight")
    expect(deck.locator(f"#{names(deck)[2]}")).to_be_visible()
    deck.keyboard.press("ArrowRight")
    expect(speaker.locator("#place")).to_have_text(re.compile(r"^4 / "))
    expect(speaker.locator("#elapsed")).to_have_text(re.compile(r"^\d+:\d\d$"))


def test_the_explorable_can_be_used_on_its_slide(deck: Page) -> None:
    name = deck.locator(".slide:has(nw-explorer)").get_attribute("id")
    deck.goto(deck.url.partition("#")[0] + f"#{name}")
    touched = Touched(deck)
    before = touched.snapshot()
    canvas, box = touched.data.bounding_box(), before["box"]
    assert canvas
    zoom = canvas["width"] / touched.data.evaluate("c => c.offsetWidth")
    assert zoom < 0.95, "the slide is smaller than the explorable"
    deck.mouse.click(
        canvas["x"] + zoom * (box["left"] + 0.8 * box["width"]),
        canvas["y"] + zoom * (box["top"] + 0.5 * box["height"]),
    )
    assert touched.view["query"] == "4"
    deck.keyboard.press("ArrowRight")
    assert now(deck) == name, "the explorable has keys of its own"


def test_a_swipe_turns_slides_on_a_phone(browser: Browser, served: Served) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"{served.url}deck/")
    client = context.new_cdp_session(page)

    def swipe(start: int, end: int) -> None:
        for kind, x in [("touchStart", start), ("touchMove", end), ("touchEnd", None)]:
            points = [] if x is None else [{"x": x, "y": 40}]
            client.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
            )

    every = names(page)
    for index in range(len(every)):
        expect(page.locator(f"#{every[index]}")).to_be_visible()
        wide, cut = page.evaluate(PHONE)
        assert (wide <= 360, cut) == (True, []), every[index]
        swipe(300, 60)
    swipe(60, 300)
    expect(page.locator(f"#{every[-2]}")).to_be_visible()
    context.close()


def test_paper_has_a_slide_a_page(deck: Page) -> None:
    printed = PdfReader(BytesIO(deck.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == len(names(deck))
    for page, name in zip(printed.pages, names(deck), strict=True):
        title = deck.locator(f"#{name} :is(h1, h2)").text_content() or ""
        words = re.sub(r"\s+", "", page.extract_text())
        assert re.sub(r"\s+", "", title) in words
        assert page.mediabox.width / page.mediabox.height == pytest.approx(16 / 9, 0.01)


def test_slides_stand_below_each_other_without_a_script(
    browser: Browser, served: Served
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}deck/")
    every = page.locator(".slide")
    expect(page.locator(".slide >> visible=true")).to_have_count(every.count())
    expect(page.locator(".controls")).to_be_hidden()
    every.nth(1).locator("summary").first.click()
    expect(every.nth(1).locator(".notes")).to_contain_text("On the page")
    context.close()


def test_links_on_slides_lead_to_places_of_the_site(site: Path) -> None:
    html = BeautifulSoup((site / "deck/index.html").read_text(), "html.parser")
    for node in html.find_all("a", href=True):
        url = urlsplit(urljoin("http://site.test/deck/", str(node["href"])))
        if url.netloc != "site.test":
            continue
        file = site / url.path.lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        assert file.is_file(), node
        if url.fragment and file.suffix == ".html":
            assert f'id="{url.fragment}"' in file.read_text(), node


def test_the_deck_is_light(served: Served, site: Path) -> None:
    import gzip

    files = ["deck/index.html", "assets/deck.css", "assets/deck.js"]
    size = sum(len(gzip.compress((site / name).read_bytes())) for name in files)
    assert size < 110_000
