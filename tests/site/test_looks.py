"""What a reader sees: room on wide screens, first screens, badges, roots, wrong addresses."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from support.browsing import PATIENCE

# The smallest box that holds all that a picture draws.
DRAWN = """(svg) => {
  const boxes = [...svg.querySelectorAll(".nw-panel")].map((panel) =>
    panel.getBoundingClientRect());
  return { left: Math.min(...boxes.map((box) => box.left)),
    right: Math.max(...boxes.map((box) => box.right)),
    tops: boxes.map((box) => Math.round(box.top)) };
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


def _open(page: Page, served: Any, path: str, width: int, height: int = 800) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(served.url + path, wait_until="networkidle")


@pytest.mark.parametrize("width", [1280, 1920])
def test_four_panels_stand_in_a_row_where_there_is_room(
    page: Page, served: Any, width: int
) -> None:
    _open(page, served, "bandwidth/", width)
    drawn = page.eval_on_selector("#fig-estimates-by-bandwidth svg", DRAWN)
    assert len(set(drawn["tops"])) == 1
    assert drawn["right"] <= width
    # No more room above the caption than another figure leaves.
    below = page.eval_on_selector(
        "#fig-estimates-by-bandwidth",
        """(figure) => figure.querySelector("figcaption").getBoundingClientRect().top
          - Math.max(...[...figure.querySelectorAll(".nw-panel")].map((panel) =>
            panel.getBoundingClientRect().bottom))""",
    )
    assert 0 <= below < 40


def test_panels_stand_one_below_another_on_a_phone(page: Page, served: Any) -> None:
    _open(page, served, "bandwidth/", 360)
    drawn = page.eval_on_selector("#fig-estimates-by-bandwidth svg", DRAWN)
    assert len(set(drawn["tops"])) == 4
    assert drawn["left"] >= 0
    assert drawn["right"] <= 360


def test_figures_grow_with_the_screen(page: Page, served: Any) -> None:
    widths = []
    for screen in (768, 1280, 1920):
        _open(page, served, "choosing-a-bandwidth/", screen)
        boxes = [
            page.locator(f"#fig-{name} svg") for name in ("engel", "chosen-widths")
        ]
        widths.append(
            [box.evaluate("e => e.getBoundingClientRect().width") for box in boxes]
        )
    assert widths == sorted(widths)
    assert all(
        small < large for small, large in zip(widths[0], widths[-1], strict=True)
    )


def test_prose_keeps_its_measure_on_a_wide_screen(page: Page, served: Any) -> None:
    _open(page, served, "bandwidth/", 1920)
    widest = page.eval_on_selector_all(
        "article > p:not([class])",
        """(all) => Math.max(...all.map((p) =>
          p.clientWidth / parseFloat(getComputedStyle(p).fontSize)))""",
    )
    assert widest <= 50  # times the size of its type


def test_the_chart_of_the_home_page_is_in_the_first_screen(
    page: Page, served: Any
) -> None:
    _open(page, served, "", 1280)
    page.wait_for_selector("nw-explorer[data-alive]")
    box = page.locator("[data-view=data]").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 800


def test_every_figure_is_drawn_once_the_page_is_idle(page: Page, served: Any) -> None:
    _open(page, served, "claims/", 1280)
    page.wait_for_function(
        """() => [...document.querySelectorAll("article .nw-svg")].every((figure) =>
          getComputedStyle(figure).contentVisibility === "visible")"""
    )


def test_verdicts_are_lines_of_prose_that_open(page: Page, served: Any) -> None:
    _open(page, served, "bandwidth/", 1280)
    first = page.locator("details.verdict").first
    summary, body = first.locator("summary"), first.locator("p").first
    assert summary.evaluate("e => getComputedStyle(e).fontWeight") == "400"
    assert "0px" in first.evaluate("e => getComputedStyle(e).borderTopWidth")
    assert not body.is_visible()
    summary.click()
    assert body.is_visible()


def test_brackets_are_as_tall_as_a_fraction_on_a_first_visit(
    page: Page, served: Any
) -> None:
    _open(page, served, "bandwidth/", 1280)
    heights = page.eval_on_selector_all(
        "article math mrow:has(> mfrac) > mo:not([stretchy=false])",
        """(all) => all.filter((mo) => /[()]/.test(mo.textContent)).map((mo) =>
          mo.getBoundingClientRect().height
          / mo.parentNode.querySelector("mfrac").getBoundingClientRect().height)""",
    )
    assert heights
    assert min(heights) >= 0.9


def test_the_button_to_copy_covers_no_code_on_a_phone(page: Page, served: Any) -> None:
    _open(page, served, "bandwidth/", 360)
    page.wait_for_selector(".md-code__nav", state="attached")
    covered = page.eval_on_selector_all(
        ".highlight pre:has(> .md-code__nav)",
        """(all) => all.filter((pre) => pre.checkVisibility()).filter((pre) => {
          const range = document.createRange();
          range.selectNodeContents(pre.querySelector("code"));
          return range.getBoundingClientRect().top
            < pre.querySelector("button").getBoundingClientRect().bottom - 1;
        }).map((pre) => pre.innerText)""",
    )
    assert covered == []


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("bandwith/", "Bandwidth matters"),
        ("learned_attention.html", "From fixed to learned attention"),
        ("docs/glosary", "Glossary"),
    ],
)
def test_a_wrong_address_suggests_the_page_that_was_meant(
    page: Page, served: Any, asked: str, meant: str
) -> None:
    page.goto(served.url + asked)
    assert page.locator("#nearest a").first.inner_text() == meant
    page.locator("#nearest a").first.click()
    assert page.locator("h1").inner_text().startswith(meant)


def test_an_address_like_none_suggests_none_but_lists_all(
    page: Page, served: Any
) -> None:
    page.goto(served.url + "xyzzy/")
    assert page.locator("#nearest").is_hidden()
    assert page.locator("article li a").count() > 15


def test_no_line_of_a_short_list_is_on_another_sheet_of_paper(
    page: Page, served: Any
) -> None:
    _open(page, served, "", 1280)
    lists: list[list[str]] = page.eval_on_selector_all(
        "article > ul",
        "(all) => all.map((list) => [...list.children].map((li) => li.innerText))",
    )
    sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    # A font may join two letters in one sign.
    extracted = (normalize("NFKC", sheet.extract_text()) for sheet in sheets)
    texts = ["".join(text.split()) for text in extracted]
    assert lists
    for lines in lists:
        squeezed = ["".join(line.split()) for line in lines]
        assert any(all(line in text for line in squeezed) for text in texts), lines


def test_the_menu_shows_where_a_reader_is(page: Page, served: Any) -> None:
    _open(page, served, "exercises/", 1280)
    hidden = page.eval_on_selector_all(
        ".md-sidebar--primary .md-nav__title",
        """(all) => all.filter((title) => title.checkVisibility()
          && getComputedStyle(title).position === "sticky").map((t) => t.innerText)""",
    )
    assert hidden == []
