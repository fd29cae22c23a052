"""The explorable as a part of its page: layout, colours, paper, accessibility."""

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from nwdocs.figures.palette import TOKENS
from support.accessibility import violations
from support.explorable import (
    COLOURS,
    TARGETS,
    Touched,
    Visit,
    comes_alive_in_place,
    let_pass,
)


@pytest.mark.parametrize("width", [320, 360, 600, 650, 800, 1280])
def test_it_comes_alive_without_moving_the_page(
    browser: Browser, url: str, width: int
) -> None:
    comes_alive_in_place(browser, url, width)


def test_one_far_below_is_drawn_once_the_page_is_at_rest(visit: Visit) -> None:
    """So that a saved page, or a picture of the whole, has no hole."""
    seen = visit(path="two/index.html", viewport={"width": 800, "height": 300})
    page, far = seen.page, seen.page.locator("#other")
    before = far.bounding_box()
    expect(page.locator("nw-explorer[data-alive]")).to_have_count(2)
    assert page.evaluate("scrollY") == 0
    assert far.bounding_box() == before
    assert len(Touched(page, "other").data.evaluate(COLOURS)) > 5


def test_a_link_to_a_view_wakes_one_far_below(visit: Visit) -> None:
    page = visit(path="two/index.html", viewport={"width": 800, "height": 300}).page
    page.locator("#narrow").evaluate(
        "a => { a.href = '?other.sigma=0.1#other'; a.click() }"
    )
    expect(page.locator("#other[data-alive]")).to_be_in_viewport()
    assert Touched(page, "other").view["sigma"] == "0.1"
    page.go_back()
    assert Touched(page, "other").view["sigma"] == "0.2"


def test_the_picture_sharpens_with_its_width(visit: Visit) -> None:
    explorable = visit(device_scale_factor=2)
    for width in (360, 700, 1280):
        explorable.page.set_viewport_size({"width": width, "height": 900})
        let_pass(explorable.page, 100)
        for canvas in (explorable.data, explorable.weights):
            assert canvas.evaluate("c => c.width - 2 * c.clientWidth") == 0
        explorable.page.mouse.move(*explorable.at(1.5, 2))
        assert explorable.snapshot()["x"] == pytest.approx(1.5, abs=0.03)


def test_the_pictures_follow_the_scheme(visit: Visit) -> None:
    explorable = visit()
    for scheme, reading in (("default", 0), ("slate", 1), ("default", 0)):
        explorable.page.evaluate(
            "(s) => (document.body.dataset.mdColorScheme = s)", scheme
        )
        let_pass(explorable.page, 100)
        painted = explorable.data.evaluate(COLOURS)
        for name in ("orange", "purple", "muted", "ink"):
            assert TOKENS[name][reading] in painted, (scheme, name)
            assert TOKENS[name][1 - reading] not in painted, (scheme, name)


def test_the_heatmap_has_the_figures_colours_and_no_others(visit: Visit) -> None:
    from matplotlib import colormaps

    explorable = visit("?explore.kernel=boxcar&explore.sigma=0.3")
    let_pass(explorable.page, 100)
    shown = explorable.snapshot()
    box = shown["box"]
    pixels = np.array(
        explorable.weights.evaluate(
            """(c, b) => [...c.getContext("2d").getImageData(
                 b.left, b.top, Math.floor(b.width), b.height).data]""",
            box,
        )
    ).reshape(int(box["height"]), -1, 4)
    assert pixels[..., 3].min() == 255
    table = np.round(colormaps["viridis"](np.arange(256))[:, :3] * 255)
    distance = np.abs(pixels[:-2:7, ::7, None, :3] - table).max(axis=-1).min(axis=-1)
    y = box["height"] * (1 - (shown["x"] + 0.0125) / 5)
    outlined = np.abs(np.arange(0, len(pixels) - 2, 7) - y) < 8
    assert distance[~outlined].max() <= 2
    # One cell: far from the outline, in the middle of the matrix.
    weights = np.array(shown["weights"]).reshape(200, -1)
    row = int((1 - 100.5 / box["height"]) * 200)
    for column in (60, 150, 240):
        x = (column + 0.5) / box["width"] * 5
        key = int(np.abs(np.array(shown["keys"]) - x).argmin())
        expected = table[min(int(np.sqrt(weights[row, key]) * 256), 255)]
        assert np.abs(pixels[100, column, :3] - expected).max() <= 2


def test_without_javascript_the_figure_stands_alone(visit: Visit) -> None:
    explorable = visit(java_script_enabled=False)
    picture = explorable.host.locator("svg")
    assert picture.is_visible()
    assert "points" in (picture.get_attribute("aria-label") or "")
    caption = explorable.host.locator("figcaption").bounding_box()
    drawn = picture.bounding_box()
    assert caption
    assert drawn
    assert caption["y"] - drawn["y"] - drawn["height"] < 40  # no room left for nothing


def test_on_paper_the_figure_stands_alone(visit: Visit) -> None:
    explorable = visit()
    app = explorable.host.locator(".app")
    static = explorable.host.locator("figure > svg")
    assert app.is_visible()
    assert static.is_hidden()
    explorable.page.emulate_media(media="print")
    assert app.is_hidden()
    assert static.is_visible()
    assert len(explorable.page.pdf()) > 0
    explorable.page.emulate_media(media="screen")
    explorable.press("σ = 0.1")
    let_pass(explorable.page, 100)
    assert len(explorable.data.evaluate(COLOURS)) > 5


def test_without_a_payload_the_figure_stays(visit: Visit) -> None:
    explorable = visit()
    explorable.page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
             "<nw-explorer id=bare><figure>still</figure></nw-explorer>")"""
    )
    assert explorable.page.get_by_text("still").is_visible()


def test_it_can_leave_the_page_and_come_back(visit: Visit) -> None:
    explorable = visit()
    explorable.page.evaluate(
        """() => { const e = document.querySelector("nw-explorer"); e.remove();
             history.replaceState(null, "", "?explore.sigma=0.2");
             document.querySelector("main").append(e); }"""
    )
    assert explorable.view["sigma"] == "0.2"
    explorable.press("σ = 1")
    assert explorable.view["sigma"] == "1"


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("width", [360, 800])
def test_axe_finds_nothing(visit: Visit, scheme: str, width: int) -> None:
    for query in ("?explore.step=narrow", "?explore.step=gap&explore.seed=1"):
        explorable = visit(query, viewport={"width": width, "height": 900})
        explorable.page.evaluate(
            "(s) => (document.body.dataset.mdColorScheme = s)", scheme
        )
        explorable.press("Edit points")
        let_pass(explorable.page, 400)
        assert violations(explorable.page) == []


def test_no_type_is_below_ten_pixels_and_every_target_can_be_hit(visit: Visit) -> None:
    explorable = visit(viewport={"width": 360, "height": 900})
    explorable.press("Edit points")
    sizes = explorable.host.evaluate(
        """e => [...e.shadowRoot.querySelectorAll(".app *")].filter((n) => n.innerText)
             .map((n) => parseFloat(getComputedStyle(n).fontSize))"""
    )
    assert min(sizes) >= 10
    small = explorable.host.evaluate(TARGETS)
    assert small == []


def test_a_listener_is_told_once_things_rest(visit: Visit) -> None:
    explorable = visit(own=True)
    status = explorable.host.get_by_role("status")
    expect(status).to_contain_text("Gaussian kernel, bandwidth 0.5, 40 points")
    clock = explorable.page.clock  # time goes on when the test says so
    clock.install(time=0)
    clock.pause_at(1000)
    status.evaluate(
        "s => new MutationObserver(() => (window.told = (window.told ?? 0) + 1))"
        ".observe(s, {childList: true})"
    )
    explorable.data.focus()
    for _ in range(30):
        explorable.page.keyboard.press("ArrowRight")
    clock.run_for(2000)
    assert explorable.page.evaluate("window.told") == 1
    shown = explorable.snapshot()
    assert f"Query {shown['x']:.2f}" in status.inner_text()
    assert f"{shown['estimate']:.2f}" in status.inner_text()


def widths_on_the_way(explorable: Touched) -> list[float]:
    """What the slider shows, frame by frame, after a click on σ = 0.1."""
    clock = explorable.page.clock  # time goes by frames, however slow the machine
    clock.install(time=0)
    clock.pause_at(1000)
    explorable.host.locator("[data-sigma='0.1']").click()
    seen = []
    for _ in range(60):
        clock.run_for(16)
        seen.append(float(explorable.host.locator("#sigma").input_value()))
    return seen


def test_a_jump_is_animated_unless_the_reader_wants_less_motion(visit: Visit) -> None:
    calm = widths_on_the_way(visit(own=True, reduced_motion="reduce"))
    assert len({*calm}) == 1
    moving = widths_on_the_way(visit(own=True, reduced_motion="no-preference"))
    assert len({*moving}) > 10
    assert moving == sorted(moving, reverse=True)
    assert moving[-1] == calm[-1]


@pytest.mark.parametrize(
    "damage",
    [
        "p.view.kernel = 'sinc'",
        "delete p.colours.tokens",
        "p.colours.map = null",
        "p.kernels.boxcar.formula = {}",
        "delete p.queries",
        "p.data = null",
    ],
)
def test_what_cannot_be_drawn_leaves_the_figure(
    browser: Browser, url: str, damage: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(
            """addEventListener("DOMContentLoaded", () => {
              const node = document.querySelector("nw-explorer script");
              const p = JSON.parse(node.text); DAMAGE; node.text = JSON.stringify(p);
            })""".replace("DAMAGE", damage)
        )
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.goto(url)
        page.wait_for_function("!document.querySelector('nw-explorer script')")
        assert page.locator("nw-explorer figure > svg").is_visible()
        assert page.evaluate("document.querySelector('nw-explorer').shadowRoot") is None
        assert len(told) == 1
        assert "stays a picture" in told[0]


def test_each_update_leaves_a_mark_for_whoever_measures(visit: Visit) -> None:
    explorable = visit()
    explorable.press("σ = 0.1")
    explorable.snapshot()
    marks = explorable.page.evaluate(
        "performance.getEntriesByName('nw-explorer-update').map((m) => m.duration)"
    )
    assert len(marks) >= 2
    assert min(marks) >= 0
