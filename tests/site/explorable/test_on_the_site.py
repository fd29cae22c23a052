"""The explorable on the site's own pages."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from nwdocs import synthetic_data
from nwdocs.figures.explorer import explorable as make_explorable
from nwdocs.figures.palette import TOKENS
from nwdocs.site.plugin.script import ENTRY, scripts
from support.accessibility import violations
from support.browsing import asked_elsewhere, requests_lost
from support.explorable import COLOURS, SHIFTS, Touched, comes_alive_in_place, let_pass
from support.serving import Served


@pytest.fixture(scope="module")
def explorable_pages(site: Path) -> list[str]:
    """The paths of the pages that have one, the home page first."""
    return sorted(
        page.parent.relative_to(site).as_posix().replace(".", "", 1)
        for page in site.rglob("index.html")
        if "<nw-explorer" in page.read_text(encoding="utf-8")
    )


def test_it_is_where_the_deck_speaks_of_it(explorable_pages: list[str]) -> None:
    parts = ["attention-by-kernel", "bandwidth", "kernels"]
    assert sorted(explorable_pages) == sorted(["", "deck", "embed", "explore", *parts])


def test_only_these_pages_load_its_script(
    site: Path, explorable_pages: list[str]
) -> None:
    published = site.glob("assets/explorer*/**/*.js")
    found = {path.relative_to(site / "assets").as_posix() for path in published}
    assert found | {ENTRY} == set(scripts())
    for page in site.rglob("index.html"):
        path = page.parent.relative_to(site).as_posix().replace(".", "", 1)
        loads = f"assets/{ENTRY}" in page.read_text(encoding="utf-8")
        assert loads == (path in explorable_pages), path


def test_what_the_type_checker_reads_is_not_published(site: Path) -> None:
    assert [path for path in site.rglob("*") if path.suffix == ".ts"] == []
    assert list(site.rglob("deno.json*")) == []


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    complaints: list[str] = []
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        elsewhere = asked_elsewhere(context)
        page = context.new_page()
        page.add_init_script(SHIFTS)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        lost = requests_lost(page)
        yield page
    assert (complaints, lost, elsewhere) == ([], [], [])


def test_on_the_site_each_is_a_figure_come_alive(
    page: Page, served: Served, explorable_pages: list[str]
) -> None:
    captions = {}
    for path in explorable_pages:
        if path == "deck":  # there it stands on its slide
            continue
        page.goto(f"{served.url}{path}")
        explorable = Touched(page)
        assert explorable.snapshot()["keys"] == synthetic_data().x_train.tolist()
        assert explorable.host.locator("figure > svg").is_hidden()
        captions[path] = explorable.host.locator("figcaption").inner_text()
        assert page.evaluate("shift") == 0
    parts = {captions[path] for path in captions if path not in ("embed", "explore")}
    assert len(parts) == 4  # each page's is its own
    assert "Figure 1 " in captions[""]


def test_a_part_has_the_controls_that_its_page_talks_about(
    page: Page, served: Served
) -> None:
    page.goto(f"{served.url}kernels")
    host = Touched(page).host
    expect(host.get_by_text("Boxcar", exact=True)).to_be_visible()
    expect(host.locator("#sigma")).to_be_hidden()
    expect(Touched(page).weights).to_be_hidden()
    assert Touched(page).view["kernel"] == "boxcar"
    page.goto(f"{served.url}bandwidth")
    expect(host.locator("#sigma")).to_be_visible()
    expect(host.get_by_text("Boxcar", exact=True)).to_be_hidden()
    assert Touched(page).view["sigma"] == "0.1"


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 900)])
def test_the_first_screen_has_picture_slider_and_errors(
    browser: Browser, served: Served, width: int, height: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        page.goto(served.url)
        explorable = Touched(page)
        explorable.ready()
        for name in ("[data-view=data]", "#sigma", "[data-out=rmse]", "[data-out=loo]"):
            box = explorable.host.locator(name).bounding_box()
            assert box, name
            assert box["y"] + box["height"] <= height, name


# How tall it is by itself, and the room that is kept for it.
HEIGHTS = """async (e) => {
  await e.ready();
  const app = e.shadowRoot.querySelector(".app");
  const kept = parseFloat(getComputedStyle(app).minHeight);
  app.style.minHeight = 0;
  const own = app.offsetHeight;
  app.style.minHeight = "";
  return [own, kept];
}"""


@pytest.mark.parametrize("path", ["", "kernels/", "bandwidth/", "attention-by-kernel/"])
def test_the_room_that_is_kept_for_it_is_what_it_takes(
    browser: Browser, served: Served, path: str
) -> None:
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(served.url + path)
        explorable = page.locator("nw-explorer")
        for width in (320, 360, 414, 618, 768, 892, 1024, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            let_pass(page, 100)
            own, kept = explorable.evaluate(HEIGHTS)
            assert own <= kept, (width, "the page moves when it comes alive")
            if width in (360, 414, 1280):
                assert kept <= own + 60, (width, "there is a hole under it")


@pytest.mark.parametrize(
    ("width", "height"), [(360, 740), (768, 1000), (1280, 800), (1920, 1080)]
)
def test_a_link_to_a_view_brings_all_of_it_into_view(
    browser: Browser, served: Served, width: int, height: int
) -> None:
    with browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        page.goto(f"{served.url}bandwidth/")
        explorable = Touched(page)
        explorable.ready()
        page.locator("a[href*='explore.sigma=0.2#']").click()
        assert explorable.view["sigma"] == "0.2"
        app = explorable.host.locator(".app").bounding_box()
        header = page.locator(".md-header").bounding_box()
        assert app
        assert header
        assert app["y"] >= header["height"] - 1
        assert app["y"] + min(app["height"], height - 70) <= height + 1
        assert page.locator(".md-top").is_hidden()


@pytest.mark.parametrize("width", [360, 768, 1000, 1280, 1920])
def test_on_the_site_it_comes_alive_without_moving_the_page(
    browser: Browser, served: Served, width: int
) -> None:
    comes_alive_in_place(browser, served.url, width)


def test_the_sites_links_to_views_open_them(
    page: Page, served: Served, explorable_pages: list[str], site: Path
) -> None:
    followed = set()
    for source in site.rglob("index.html"):
        here = source.parent.relative_to(site).as_posix().replace(".", "", 1)
        for link in re.findall(
            r'href="([^"]*\?explore\.[^"]*)"', source.read_text("utf-8")
        ):
            followed.add(
                urljoin(f"{served.url}{here}/" if here else served.url, unescape(link))
            )
    assert len(followed) >= 15
    steps = {step["name"]: step for step in make_explorable().payload["steps"]}
    for link in sorted(followed):
        parts = urlsplit(link)
        assert parts.fragment == "explore"
        assert parts.path.strip("/") in explorable_pages, link
        page.goto(link)
        view = Touched(page).view
        for name, value in parse_qsl(parts.query):
            field = name.removeprefix("explore.")
            shown = view[field]
            assert shown == value or float(shown) == float(value), link
            if field == "step":
                assert float(view["sigma"]) == steps[value]["view"]["sigma"]


def test_the_sites_toggle_of_the_scheme_reaches_the_pictures(
    page: Page, served: Served
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(served.url)
    explorable = Touched(page)
    explorable.snapshot()
    assert TOKENS["orange"].light in explorable.data.evaluate(COLOURS)
    page.locator("label[title='Switch to dark']:visible").click()
    let_pass(page, 200)
    assert TOKENS["orange"].dark in explorable.data.evaluate(COLOURS)


def test_the_sites_keys_work_around_it_and_not_inside(
    page: Page, served: Served
) -> None:
    page.goto(served.url)
    explorable = Touched(page)
    explorable.press("Edit points")
    explorable.host.get_by_label("x", exact=True).focus()
    page.keyboard.type("n")
    let_pass(page, 200)
    assert page.url == served.url


def test_the_page_for_frames_holds_the_explorable_alone(
    page: Page, served: Served
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{served.url}embed/?explore.sigma=0.2")
    explorable = Touched(page)
    explorable.ready()
    assert explorable.view["sigma"] == "0.2"
    assert TOKENS["orange"].dark in explorable.data.evaluate(COLOURS)
    assert page.locator(".md-header, .md-nav, .md-footer").count() == 0
    assert violations(page) == []
    frame = f'<iframe src="{served.url}embed/?explore.scene=lines" width=800></iframe>'
    outer = f"{served.url}outer.html"
    page.route(outer, lambda route: route.fulfill(body=frame, content_type="text/html"))
    page.goto(outer)
    inside = page.frame_locator("iframe").locator("#explore")
    expect(inside.get_by_text("def attention_pooling")).to_be_visible()
