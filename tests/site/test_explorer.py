"""The explorable: its numbers are the package's, and every way to touch it works."""

import base64
import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import nbformat
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from nwdocs import KERNELS, nadaraya_watson, synthetic_data
from nwdocs.bandwidth import leave_one_out_error, select_bandwidth
from nwdocs.data import truth
from nwdocs.figures.explorer import SIX_LINES
from nwdocs.figures.explorer import explorable as make_explorable
from nwdocs.figures.palette import TOKENS
from nwdocs.kernels import Floats, gaussian
from nwdocs.learned import dot_product_attention, gaussian_as_softmax, key_norm_bias
from nwdocs.measures import effective_keys, rmse
from nwdocs.site.plugin.script import ENTRY, scripts
from support.browsing import asked_elsewhere, requests_lost
from support.explorable import Touched, write_site
from support.project import ROOT
from support.serving import Served, serve_folder

Visit = Callable[..., Touched]

# Each with its own number of points, noise, and edits by hand.
SAMPLES = {
    "the build's": {},
    "another": {"seed": 7, "points": 25, "noise": 0.5},
    "edited": {
        "seed": 3,
        "points": 90,
        "noise": 2,
        "edits": "d4 d30 m17_1.25_3.4 a_2_5 a_2_-1",
    },
}
BANDWIDTHS = np.geomspace(0.05, 5, 20)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("explorables")
    write_site(folder)
    write_site(
        folder / "two", make_explorable(), make_explorable("boxcar", 0.2, id="other")
    )
    with serve_folder(folder) as served:
        yield served.url


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Visit]:
    """Open a page with an explorable; at the end, nothing may have gone wrong in it."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    elsewhere: list[list[str]] = []

    def go(query: str = "", path: str = "index.html", **options: Any) -> Touched:
        options = {
            "viewport": {"width": 800, "height": 1000},
            "reduced_motion": "reduce",
            **options,
        }
        context = browser.new_context(**options)
        contexts.append(context)
        elsewhere.append(asked_elsewhere(context))
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}{path}{query}")
        return Touched(page)

    yield go
    for context in contexts:
        context.close()
    assert complaints == []
    assert not any(elsewhere), elsewhere


# --- What the build tells the browser ---------------------------------------------------


def test_the_payload_is_the_packages_data() -> None:
    payload = make_explorable(n=30, noise=0.5, seed=3).payload
    sample = synthetic_data(30, noise=0.5, seed=3)
    assert payload["data"]["x"] == sample.x_train.tolist()
    assert payload["data"]["y"] == sample.y_train.tolist()
    assert list(payload["kernels"]) == list(KERNELS)
    assert {name: k["label"] for name, k in payload["kernels"].items()} == {
        name: kernel.label for name, kernel in KERNELS.items()
    }
    best = payload["kernels"]["gaussian"]["best"]
    assert best == pytest.approx(
        select_bandwidth(sample.x_train, sample.y_train), rel=1e-3
    )
    assert payload["kernels"]["constant"]["best"] is None


@pytest.mark.parametrize("kernel", [gaussian, KERNELS["boxcar"], 3])
def test_a_kernel_that_has_no_name_is_refused_when_it_is_given(kernel: Any) -> None:
    with pytest.raises(TypeError, match="kernel must be a name in KERNELS, got"):
        make_explorable(kernel)


def test_the_payload_survives_html_and_says_nothing_that_json_cannot() -> None:
    html = make_explorable()._repr_html_()
    script = re.search(r"<script type=\"application/json\">(.*?)</script>", html, re.S)
    assert script

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    told = json.loads(script[1], parse_constant=refuse)
    assert told == json.loads(json.dumps(make_explorable().payload))
    assert "<" not in script[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kernel": "sinc"}, "kernel must be one of gaussian"),
        ({"bandwidth": 0.01}, "bandwidth must be from 0.05 to 5, got 0.01"),
        ({"query": 5.5}, "query must be from 0 to 5, got 5.5"),
        ({"n": 9}, "n must be from 10 to 400, got 9"),
        ({"noise": 3.0}, "noise must be from 0 to 2, got 3"),
        ({"id": "two words"}, "id must be letters, digits and _"),
    ],
)
def test_an_explorable_out_of_range_is_refused(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make_explorable(**arguments)


def test_the_script_is_small() -> None:
    """A page's part is the first file; the full one has the guided steps besides."""
    sizes = {
        name: len(gzip.compress(text.encode())) for name, text in scripts().items()
    }
    assert sizes[ENTRY] <= 17_200
    assert sizes[ENTRY] + sizes["explorer/guide.js"] <= 26_000
    assert max(size for name, size in sizes.items() if name != ENTRY) <= 5_000


def test_a_part_of_the_controls_is_shown_in_the_order_of_all() -> None:
    payload = make_explorable(controls=["variance", "bandwidth"]).payload
    assert payload["controls"] == ["bandwidth", "variance"]
    assert payload["steps"] == []


@pytest.mark.parametrize(
    ("controls", "error", "message"),
    [
        ("kernels", TypeError, r"Did you mean \('kernels',\)"),
        (["kernel"], ValueError, "controls must be names among kernels, bandwidth"),
    ],
)
def test_controls_that_there_are_not_are_refused(
    controls: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make_explorable(controls=controls)


def test_a_figure_that_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError, match="no-such-figure"):
        make_explorable(figure="no-such-figure")


def test_the_six_lines_are_those_of_the_page() -> None:
    page = (ROOT / "docs/estimator.md").read_text(encoding="utf-8")
    code = [re.sub(r"\s+# .*", "", line).strip() for line in page.splitlines()]
    first = code.index(SIX_LINES[0])
    assert tuple(code[first : first + len(SIX_LINES)]) == SIX_LINES


# --- The browser's numbers are the package's --------------------------------------------

SNAPSHOTS = """(e, [changes, bandwidths]) => {
  const pack = (numbers) => {
    const bytes = new Uint8Array(Float64Array.from(numbers).buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192)
      text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  };
  return bandwidths.map((sigma) => {
    e.show({...changes, sigma});
    const s = e.snapshot();
    return Object.fromEntries(
      ["keys", "values", "queries", "weights", "estimates", "effectiveKeys"]
        .map((name) => [name, pack(s[name])])
        .concat([["measures", pack([s.rmse, s.leaveOneOut])]]));
  });
}"""


def unpack(text: str) -> Floats:
    return np.frombuffer(base64.b64decode(text))


def compare(actual: Floats, expected: Floats) -> None:
    # Weights below 1e-290 have fewer digits, in any language.
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-290)


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=list(SAMPLES))
def test_every_number_is_the_packages(visit: Visit, sample: dict[str, Any]) -> None:
    explorable = visit()
    grid = synthetic_data()
    for kernel in KERNELS:
        shown = explorable.host.evaluate(
            SNAPSHOTS, [sample | {"kernel": kernel}, BANDWIDTHS.tolist()]
        )
        for bandwidth, packed in zip(BANDWIDTHS, shown, strict=True):
            got = {name: unpack(text) for name, text in packed.items()}
            keys, values, queries = got["keys"], got["values"], got["queries"]
            estimates, weights = nadaraya_watson(
                queries, keys, values, kernel, bandwidth=bandwidth, empty="nan"
            )
            np.testing.assert_array_equal(queries[::4], grid.x_val)
            compare(got["weights"].reshape(weights.shape), weights)
            compare(got["estimates"], estimates)
            compare(got["effectiveKeys"], effective_keys(weights))
            loo = leave_one_out_error(keys, values, kernel, bandwidth=bandwidth)
            expected = [
                rmse(estimates[::4], grid.y_val),
                np.nan if np.isinf(loo) else loo,
            ]
            compare(got["measures"], np.array(expected))


def test_the_first_sample_is_the_builds(visit: Visit) -> None:
    shown, sample = visit().snapshot(), synthetic_data()
    assert shown["keys"] == sample.x_train.tolist()
    assert shown["values"] == sample.y_train.tolist()


def test_turning_the_noise_moves_each_label_as_the_package_would(visit: Visit) -> None:
    shown = visit("?explore.noise=0.5").snapshot()
    sample = synthetic_data(noise=0.5)
    assert shown["keys"] == sample.x_train.tolist()
    np.testing.assert_allclose(shown["values"], sample.y_train, atol=1e-4)


def test_more_points_leave_those_there_are_in_place(visit: Visit) -> None:
    explorable = visit()
    few = explorable.snapshot()
    explorable.show(points=200)
    many = explorable.snapshot()
    assert len(many["keys"]) == 200
    assert set(zip(few["keys"], few["values"], strict=True)) <= set(
        zip(many["keys"], many["values"], strict=True)
    )
    assert min(many["keys"]) >= 0
    assert max(many["keys"]) <= 5


def test_a_new_sample_has_the_noise_that_it_says(visit: Visit) -> None:
    explorable = visit("?explore.seed=4&explore.points=400&explore.noise=0")
    clean = explorable.snapshot()
    x, y = np.array(clean["keys"]), np.array(clean["values"])
    np.testing.assert_allclose(y, 2 * np.sin(x) + x, atol=1e-3)
    explorable.show(noise=2)
    errors = np.array(explorable.snapshot()["values"]) - y
    assert abs(errors.mean()) < 0.3  # 3 standard errors
    assert abs(errors.std() - 2) < 0.25
    quarters = np.histogram(x, bins=4, range=(0, 5))[0]
    assert quarters.min() > 70


def test_the_mark_is_the_least_leave_one_out_error(visit: Visit) -> None:
    """Known from the build for its own sample; for others, searched for."""
    explorable = visit("?explore.seed=2&explore.kernel=constant")
    mark = explorable.host.get_by_role("button", name="least leave-one-out error")
    for kernel in KERNELS.keys() - {"constant"}:
        assert explorable.host.evaluate(
            """(e, kernel) => {
              e.show({kernel});
              e.snapshot();  // brings the screen up to date
              return e.shadowRoot.querySelector("[data-do=best]").hidden;
            }""",
            kernel,
        ), f"{kernel}: a mark before there was time to find its place"
        mark.wait_for()
        shown = explorable.snapshot()
        keys, values = shown["keys"], shown["values"]
        best = select_bandwidth(keys, values, kernel)
        least = leave_one_out_error(keys, values, kernel, bandwidth=best)
        found = leave_one_out_error(keys, values, kernel, bandwidth=shown["best"])
        assert found <= least * 1.002, kernel
        mark.click()
        assert float(explorable.view["sigma"]) == shown["best"]


def test_a_kernel_that_ignores_the_width_has_no_mark(visit: Visit) -> None:
    explorable = visit("?explore.kernel=constant&explore.seed=2")
    explorable.page.wait_for_timeout(800)  # more than the search takes
    mark = explorable.host.locator("[data-do=best]")
    assert mark.is_hidden()


def test_nobody_in_reach_is_a_word_and_a_gap_never_nan(visit: Visit) -> None:
    explorable = visit("?explore.step=gap&explore.query=3.9")
    shown = explorable.snapshot()
    assert shown["estimate"] is None  # NaN, as JSON has it
    text = explorable.host.evaluate("e => e.shadowRoot.querySelector('.app').innerText")
    assert "NaN" not in text
    assert "no key in reach" in explorable.says("cell")
    assert "no answer" in explorable.says("sum")
    assert explorable.says("answer") == "none"
    assert "unanswered" in explorable.says("unanswered")
    assert "NaN" not in explorable.data.evaluate("c => c.ariaValueText")


def test_the_written_sum_is_the_estimate(visit: Visit) -> None:
    for query in (
        "?explore.step=query",
        "?explore.kernel=constant",
        "?explore.sigma=0.05",
    ):
        explorable = visit(query)
        left, total = explorable.says("sum").replace("−", "-").rsplit("=", 1)
        terms = re.findall(r"(-?[\d.]+) × (-?[\d.]+)", left)
        assert 1 <= len(terms) <= 4
        # Each number is rounded to two digits.
        assert sum(float(a) * float(b) for a, b in terms) == pytest.approx(
            float(total), abs=0.1
        )
        assert sum(float(a) for a, _ in terms) == pytest.approx(1, abs=0.021)


# --- Touching it ------------------------------------------------------------------------


def test_the_query_follows_the_mouse(visit: Visit) -> None:
    explorable = visit()
    for x in (0.5, 3.0, 4.5):
        explorable.page.mouse.move(*explorable.at(x, 3))
        assert explorable.snapshot()["x"] == pytest.approx(x, abs=0.03)
        assert f"ŷ({x:.1f}" in explorable.says("sum")


def test_the_query_can_be_dragged_beyond_the_picture(visit: Visit) -> None:
    explorable = visit()
    mouse = explorable.page.mouse
    mouse.move(*explorable.at(2, 3))
    mouse.down()
    x, y = explorable.at(4.9, 3)
    mouse.move(x + 300, y + 300)
    assert explorable.snapshot()["x"] == 4.975
    mouse.up()
    mouse.move(x + 301, y + 300)
    assert explorable.snapshot()["x"] == 4.975


def test_the_query_follows_a_finger_and_the_page_still_scrolls(visit: Visit) -> None:
    explorable = visit(
        has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}
    )
    page = explorable.page
    page.touchscreen.tap(*explorable.at(1, 3))
    assert explorable.snapshot()["x"] == pytest.approx(1, abs=0.05)
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    finger("touchStart", explorable.at(1, 3))
    for x in (1.5, 2.5, 3.5, 4):
        finger("touchMove", explorable.at(x, 3))
    finger("touchEnd")
    assert explorable.snapshot()["x"] == pytest.approx(4, abs=0.05)
    assert explorable.data.evaluate("c => getComputedStyle(c).touchAction") == "pan-y"


def test_the_keyboard_moves_query_and_key(visit: Visit) -> None:
    explorable = visit()
    explorable.data.focus()
    for press, x in [
        ("ArrowRight", 2.025),
        ("ArrowLeft", 2.0),
        ("Shift+ArrowRight", 2.25),
        ("PageUp", 2.5),
        ("ArrowUp", 2.525),
        ("ArrowDown", 2.5),
        ("PageDown", 2.25),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("End", 4.975),
    ]:
        explorable.page.keyboard.press(press)
        assert explorable.snapshot()["x"] == x, press
    assert explorable.data.evaluate("c => c.ariaValueNow") == "4.975"
    explorable.weights.focus()
    for press, key in [("ArrowRight", 0), ("End", 39), ("ArrowLeft", 38), ("Home", 0)]:
        explorable.page.keyboard.press(press)
        assert explorable.snapshot()["key"] == key, press
    explorable.page.keyboard.press("ArrowDown")
    shown = explorable.snapshot()
    assert shown["x"] == 4.95
    assert f"key {shown['keys'][0]:.2f}" in explorable.says("cell")


def test_arrow_keys_do_not_scroll_nor_reach_the_pages_shortcuts(visit: Visit) -> None:
    explorable = visit(viewport={"width": 800, "height": 300})
    explorable.page.evaluate(
        "addEventListener('keydown', (e) => (window.heard = e.key))"
    )
    explorable.data.focus()
    top = explorable.page.evaluate("scrollY")
    for key in ("ArrowDown", "PageDown", "Home"):
        explorable.page.keyboard.press(key)
    assert explorable.page.evaluate("[scrollY, window.heard]") == [top, None]


def test_hovering_a_cell_names_query_key_and_weight(visit: Visit) -> None:
    explorable = visit()
    explorable.weights.scroll_into_view_if_needed()
    canvas = explorable.weights.bounding_box()
    box = explorable.snapshot()["box"]
    assert canvas
    # Two fifths along the keys, three fifths up the queries.
    explorable.page.mouse.move(
        canvas["x"] + box["left"] + 0.4 * box["width"],
        canvas["y"] + box["top"] + 0.4 * box["height"],
    )
    shown = explorable.snapshot()
    assert shown["x"] == pytest.approx(3, abs=0.05)
    key = int(np.abs(np.array(shown["keys"]) - 2).argmin())
    assert shown["key"] == key
    row = shown["queries"].index(shown["x"])
    weight = shown["weights"][row * 40 + key]
    assert explorable.says("cell") == (
        f"Query {shown['x']:.2f}, key {shown['keys'][key]:.2f}: weight {weight:.3f}."
    )


def test_hovering_a_point_or_a_term_of_the_sum_marks_its_key(visit: Visit) -> None:
    explorable = visit()
    shown = explorable.snapshot()
    explorable.page.mouse.move(*explorable.at(shown["keys"][13], shown["values"][13]))
    assert explorable.snapshot()["key"] == 13
    term = explorable.host.locator("[data-out=sum] [data-key]").first
    term.hover()
    assert explorable.snapshot()["key"] == int(term.get_attribute("data-key") or -1)
    explorable.page.mouse.move(1, 1)
    assert explorable.snapshot()["key"] == -1


def test_the_bandwidth_turns_by_slider_marks_and_keys(visit: Visit) -> None:
    explorable = visit()
    explorable.press("σ = 0.1")
    assert explorable.view["sigma"] == "0.1"
    explorable.host.locator("#sigma").focus()
    explorable.page.keyboard.press("ArrowRight")
    turned = float(explorable.view["sigma"])
    assert 0.1 < turned < 0.11
    explorable.page.keyboard.press("End")
    assert explorable.view["sigma"] == "5"
    assert explorable.says("sigma") == "5"
    # A press in the middle of the slider is the middle of the logarithm.
    track = explorable.host.locator("#sigma").bounding_box()
    assert track
    explorable.page.mouse.click(track["x"] + track["width"] / 2, track["y"] + 10)
    assert float(explorable.view["sigma"]) == pytest.approx(0.5, rel=0.02)


def test_marks_stand_where_the_sliders_thumb_does(visit: Visit) -> None:
    explorable = visit()
    for sigma in ("0.1", "0.2", "0.5", "1"):
        explorable.press(f"σ = {sigma}")
        mark = explorable.host.locator(f"[data-sigma='{sigma}']").bounding_box()
        slider = explorable.host.locator("#sigma").bounding_box()
        along = float(explorable.host.locator("#sigma").input_value())
        assert mark
        assert slider
        thumb = slider["x"] + 9 + along * (slider["width"] - 18)
        assert mark["x"] + mark["width"] / 2 == pytest.approx(thumb, abs=1.5)


def test_the_kernel_switches_by_mouse_and_by_keys(visit: Visit) -> None:
    explorable = visit()
    explorable.host.get_by_text("Boxcar", exact=True).click()
    assert explorable.view["kernel"] == "boxcar"
    explorable.page.keyboard.press("ArrowRight")
    assert explorable.view["kernel"] == "triangular"  # the next that is offered
    explorable.more()
    explorable.host.get_by_text("Constant", exact=True).click()
    assert len(set(np.round(explorable.snapshot()["estimates"], 9))) == 1
    explorable.press("Less")
    chosen = explorable.host.locator("[name=kernel]:checked + span")
    expect(chosen).to_be_visible()
    expect(explorable.host.get_by_text("Tricube", exact=True)).to_be_hidden()


def test_the_bandwidth_rests_where_the_kernel_ignores_it(visit: Visit) -> None:
    explorable = visit("?explore.kernel=constant")
    assert "ignores it" in explorable.says("reach")
    assert explorable.host.locator("#sigma").is_disabled()
    assert explorable.host.get_by_role("button", name="σ = 0.1").is_disabled()
    explorable.show(kernel="boxcar")
    assert explorable.says("sigma") == "0.5"
    assert explorable.host.locator("#sigma").is_enabled()


def test_noise_points_sample_and_reset(visit: Visit) -> None:
    explorable = visit()
    start = explorable.snapshot()
    explorable.slide("noise", 2)
    loud = explorable.snapshot()
    assert loud["rmse"] > start["rmse"]
    assert loud["keys"] == start["keys"]
    explorable.slide("points", 400)
    assert len(explorable.snapshot()["keys"]) == 400
    explorable.press("New sample")
    fresh = explorable.snapshot()
    assert fresh["view"]["seed"] == "1"
    assert fresh["keys"] != start["keys"]
    explorable.press("Edit points")
    editing = explorable.host.get_by_role("group", name="Edit points")
    expect(editing).to_be_visible()
    explorable.press("Reset")
    assert explorable.snapshot() == start
    expect(editing).to_be_hidden()


def test_points_are_added_moved_and_removed_by_mouse(visit: Visit) -> None:
    explorable = visit()
    mouse = explorable.page.mouse
    explorable.press("Edit points")
    mouse.click(*explorable.at(3.9, 0.5))
    added = explorable.snapshot()
    assert len(added["keys"]) == 41
    assert min(abs(np.array(added["keys"]) - 3.9)) < 0.02
    mouse.move(*explorable.at(3.9, 0.5))
    mouse.down()
    mouse.move(*explorable.at(3.95, 4.5), steps=5)
    mouse.up()
    moved = explorable.snapshot()
    place = int(abs(np.array(moved["keys"]) - 3.95).argmin())
    assert moved["keys"][place] == pytest.approx(3.95, abs=0.02)
    assert moved["values"][place] == pytest.approx(4.5, abs=0.05)
    assert len(moved["keys"]) == 41
    explorable.page.keyboard.press("Delete")
    assert explorable.snapshot()["keys"] == synthetic_data().x_train.tolist()


def test_points_are_moved_by_a_finger(visit: Visit) -> None:
    explorable = visit(
        has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}
    )
    explorable.press("Edit points")
    assert explorable.data.evaluate("c => getComputedStyle(c).touchAction") == "none"
    page = explorable.page
    touch = page.context.new_cdp_session(page)
    shown = explorable.snapshot()
    x, y = shown["keys"][1], shown["values"][1]
    for kind, at in [
        ("touchStart", (x, y)),
        ("touchMove", (x + 0.1, y + 1)),
        ("touchMove", (x + 0.2, y + 2)),
        ("touchEnd", None),
    ]:
        points = [dict(zip("xy", explorable.at(*at), strict=True))] if at else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    moved = explorable.snapshot()
    assert len(moved["keys"]) == 40
    assert moved["keys"][1] == pytest.approx(x + 0.2, abs=0.05)
    assert moved["values"][1] == pytest.approx(y + 2, abs=0.1)


def test_points_are_edited_by_keyboard_alone(visit: Visit) -> None:
    explorable = visit()
    keyboard = explorable.page.keyboard

    def go(name: str) -> None:
        explorable.host.get_by_role("button", name=name, exact=True).focus()
        keyboard.press("Enter")

    explorable.more()
    go("Edit points")
    selected = explorable.host.locator("[data-say=selected]")
    first = selected.inner_text()
    go("Next point")
    explorable.ready()
    assert selected.inner_text() != first
    explorable.host.get_by_label("x", exact=True).fill("4.5")
    keyboard.press("Tab")
    explorable.host.get_by_label("y", exact=True).fill("99")
    keyboard.press("Enter")
    shown = explorable.snapshot()
    assert shown["values"][shown["keys"].index(4.5)] == 15  # as far as labels go
    go("Add at the query")
    assert len(explorable.snapshot()["keys"]) == 41
    go("Remove")
    go("Remove")
    assert len(explorable.snapshot()["keys"]) == 39
    for _ in range(2):  # the selected point's neighbour is next
        go("Remove")
    assert len(explorable.snapshot()["keys"]) == 37


def test_the_last_three_points_stay(visit: Visit) -> None:
    gone = " ".join(f"d{i}" for i in range(7))
    explorable = visit(f"?explore.points=10&explore.edits={gone}")
    explorable.press("Edit points")
    assert len(explorable.snapshot()["keys"]) == 3
    assert explorable.host.get_by_role("button", name="Remove").is_disabled()
    explorable.data.focus()
    explorable.page.keyboard.press("Delete")
    assert len(explorable.snapshot()["keys"]) == 3


def test_the_guided_steps_wait_for_the_reader(visit: Visit) -> None:
    """Each says what to do, and only then what was to be seen."""
    explorable = visit()
    explorable.ready()
    host, steps = explorable.host, make_explorable().payload["steps"]
    assert [step["name"] for step in steps][:4] == ["query", "narrow", "wider", "wide"]
    following = host.locator("[data-go]")

    def narrow() -> None:
        explorable.press("σ = 0.1")

    def wider() -> None:
        explorable.press("σ = 0.2")
        explorable.press("σ = 0.5")

    def choose(kernel: str) -> Callable[[], None]:
        return lambda: host.get_by_text(kernel, exact=True).click()

    def ask(x: float) -> Callable[[], None]:
        return lambda: explorable.page.mouse.click(*explorable.at(x, 3))

    done: dict[str, Callable[[], None]] = {
        "query": ask(3),
        "narrow": narrow,
        "wider": wider,
        "wide": lambda: explorable.slide("sigma", 1),
        "kernel": choose("Triangular"),
        "box": choose("Boxcar"),
        "gap": ask(3.9),
        "boundary": ask(0.02),
        "choose": lambda: host.locator("[data-do=best]").click(),
    }
    assert [step["name"] for step in steps] == list(done)
    for number, step in enumerate(steps, 1):
        following.click()
        explorable.ready()
        view = explorable.view
        assert view["step"] == step["name"]
        assert view["kernel"] == step["view"]["kernel"]
        assert float(view["sigma"]) == step["view"]["sigma"]
        chosen = host.locator(f"[data-step={step['name']}][aria-current=step]")
        assert chosen.inner_text() == step["title"]
        asked = host.locator("[data-say=ask]").inner_text()
        assert asked == f"{number} of {len(steps)}. {step['ask']}"
        seen = host.locator("[data-say=seen]")
        assert seen.inner_text() == "", step["name"]
        done[step["name"]]()
        explorable.ready()
        assert step["seen"] in seen.inner_text(), step["name"]
        # What a step claims is on the screen.
        if said := re.search(r"error to the truth is ([\d.]+\d)", step["seen"]):
            assert explorable.says("rmse") == said[1]
    expect(following).to_be_hidden()


# --- Its view lives in the URL ----------------------------------------------------------


def search(explorable: Touched) -> str:
    return str(explorable.page.evaluate("location.search"))


def settle(explorable: Touched) -> None:
    """Wait until a query, or a control that is turned again, has reached the URL."""
    explorable.page.wait_for_timeout(700)


def test_a_view_is_linked_by_its_url(visit: Visit) -> None:
    explorable = visit()
    assert search(explorable) == ""
    explorable.more()
    explorable.host.get_by_text("Tricube", exact=True).click()
    explorable.slide("noise", 0.4)
    explorable.slide("points", 33)
    explorable.press("New sample")
    explorable.press("σ = 0.2")
    explorable.press("Edit points")
    explorable.page.mouse.click(*explorable.at(4.1, 1.2))
    explorable.press("Remove")
    explorable.page.mouse.click(*explorable.at(2.4, 0.2))
    explorable.data.focus()
    explorable.page.keyboard.press("End")
    settle(explorable)
    shown = explorable.snapshot()
    assert shown["view"]["kernel"] == "tricube"
    assert len(shown["keys"]) == 34
    again = visit(search(explorable)).snapshot()
    for name in ("view", "keys", "values", "weights", "estimates", "rmse", "x"):
        assert again[name] == shown[name], name


def test_the_url_says_only_what_differs(visit: Visit) -> None:
    explorable = visit("?other=1&explore.sigma=0.5")
    explorable.press("σ = 0.1")
    assert search(explorable) == "?other=1&explore.sigma=0.1"
    explorable.press("σ = 0.5")
    assert search(explorable) == "?other=1"
    explorable.ready()
    explorable.press("Narrow")
    assert search(explorable) == "?other=1&explore.step=narrow"
    explorable.press("σ = 1")
    assert search(explorable) == "?other=1&explore.step=narrow&explore.sigma=1"


def test_the_back_button_undoes(visit: Visit) -> None:
    explorable = visit()
    page = explorable.page
    explorable.press("σ = 0.1")
    explorable.host.get_by_text("Boxcar", exact=True).click()
    explorable.press("New sample")
    explorable.press("Edit points")
    explorable.press("Remove")
    assert len(explorable.snapshot()["keys"]) == 39
    page.go_back()
    assert len(explorable.snapshot()["keys"]) == 40
    page.go_back()
    assert explorable.view["seed"] == "0"
    page.go_back()
    assert explorable.view["kernel"] == "gaussian"
    page.go_back()
    assert explorable.view["sigma"] == "0.5"
    page.go_forward()
    assert explorable.view["sigma"] == "0.1"


def test_turning_one_control_is_one_step_back(visit: Visit) -> None:
    explorable = visit()
    for sigma in (0.2, 0.4, 0.6):
        explorable.slide("sigma", sigma)
    explorable.page.mouse.move(*explorable.at(4, 3))
    turned = explorable.view
    settle(explorable)
    explorable.slide("noise", 1.5)
    explorable.page.go_back()
    assert explorable.view == turned
    explorable.page.go_back()
    assert explorable.view["sigma"] == "0.5"


def test_holding_an_arrow_key_does_not_flood_the_history(visit: Visit) -> None:
    """Chromium warns, and then ignores, beyond 200 changes of the URL in 10 seconds."""
    explorable = visit()
    explorable.host.locator("#sigma").focus()
    for _ in range(150):
        explorable.page.keyboard.press("ArrowRight")
        explorable.page.keyboard.press("ArrowLeft")
    assert explorable.page.evaluate("history.length") <= 3


def test_a_link_to_a_view_on_the_page_does_not_load_it_anew(visit: Visit) -> None:
    explorable = visit()
    page = explorable.page
    page.evaluate("window.same = true")
    page.locator("#narrow").click()
    assert explorable.view["sigma"] == "0.1"
    assert page.evaluate("window.same")
    page.go_back()
    assert explorable.view["sigma"] == "0.5"
    page.locator("#elsewhere").click()
    assert page.evaluate("location.hash") == "#end"
    explorable.press("σ = 1")
    assert page.evaluate("location.hash") == "#end"
    assert page.evaluate("window.same")


def test_a_link_opens_the_view_from_another_page(visit: Visit) -> None:
    small = {"width": 800, "height": 400}
    explorable = visit("?explore.sigma=0.1#explore", viewport=small)
    assert explorable.view["sigma"] == "0.1"
    explorable.page.wait_for_function("scrollY > 0")


@pytest.mark.parametrize(
    "query",
    [
        "explore.kernel=sinc&explore.sigma=abc&explore.query=&explore.points=1e9",
        "explore.sigma=0&explore.noise=-1&explore.points=40.5&explore.seed=-3",
        "explore.sigma=Infinity&explore.query=NaN&explore.step=6&explore.seed=1e300&explore.scene=x",
        "explore.kernel=__proto__&explore.kernel=constructor&explore.step=-1",
        "explore.edits=d&explore.unknown=1&explore=&explore.",
        "explore.edits=m1_2+d-4+a_99_1+a_1_99+a_1+x3_1_1+m_1_1+a__",
        "explore.edits=" + "+".join(f"d{i}" for i in range(40)),
        "explore.sigma=%E0%A4%A&explore.edits=%00%FF",
    ],
)
def test_a_view_that_makes_no_sense_is_the_default(visit: Visit, query: str) -> None:
    explorable = visit(f"?{query}")
    shown = explorable.snapshot()
    explorable.show(edits="")  # those that apply to no point change nothing
    assert explorable.snapshot() | {"view": {}} == shown | {"view": {}}
    usual = {
        name: str(value) for name, value in make_explorable().payload["view"].items()
    }
    usual |= {"query": "2", "sigma": "0.5", "noise": "1", "seed": "0", "step": ""}
    assert explorable.view == usual | {"edits": "", "scene": "", "detail": ""}
    assert shown["keys"] == synthetic_data().x_train.tolist()


def test_two_explorables_on_a_page_leave_each_other_alone(visit: Visit) -> None:
    one = visit(path="two/index.html")
    other = Touched(one.page, "other")
    assert one.view["kernel"] == "gaussian"
    assert other.view["kernel"] == "boxcar"
    one.press("σ = 0.1")
    other.press("σ = 1")
    other.data.focus()
    one.page.keyboard.press("Home")
    settle(one)
    assert one.snapshot()["x"] == 2
    assert other.snapshot()["x"] == 0
    assert search(one) == "?explore.sigma=0.1&other.sigma=1&other.query=0"
    one.page.go_back()
    assert (one.view["sigma"], other.view["sigma"]) == ("0.1", "0.2")
    one.page.go_back()
    assert (one.view["sigma"], other.view["sigma"]) == ("0.5", "0.2")


# --- On the page ------------------------------------------------------------------------

SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


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
        page.wait_for_timeout(100)
        assert after.bounding_box() == before
        assert page.evaluate("shift") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width


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
        explorable.page.wait_for_timeout(100)
        for canvas in (explorable.data, explorable.weights):
            assert canvas.evaluate("c => c.width - 2 * c.clientWidth") == 0
        explorable.page.mouse.move(*explorable.at(1.5, 2))
        assert explorable.snapshot()["x"] == pytest.approx(1.5, abs=0.03)


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


def test_the_pictures_follow_the_scheme(visit: Visit) -> None:
    explorable = visit()
    for scheme, reading in (("default", 0), ("slate", 1), ("default", 0)):
        explorable.page.evaluate(
            "(s) => (document.body.dataset.mdColorScheme = s)", scheme
        )
        explorable.page.wait_for_timeout(100)
        painted = explorable.data.evaluate(COLOURS)
        for name in ("orange", "purple", "muted", "ink"):
            assert TOKENS[name][reading] in painted, (scheme, name)
            assert TOKENS[name][1 - reading] not in painted, (scheme, name)


def test_the_heatmap_has_the_figures_colours_and_no_others(visit: Visit) -> None:
    from matplotlib import colormaps

    explorable = visit("?explore.kernel=boxcar&explore.sigma=0.3")
    explorable.page.wait_for_timeout(100)
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
    explorable.page.wait_for_timeout(100)
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
        explorable.page.wait_for_timeout(400)
        found = Axe().run(explorable.page)
        assert found.violations_count == 0, found.generate_report()


#: What can be pressed and is smaller than a finger, of what is shown.
TARGETS = """e => [...e.shadowRoot.querySelectorAll(
    "button, input, label, select, textarea, summary")]
  .filter((n) => n.getClientRects().length && !n.matches("[name=kernel]"))
  .filter((n) => !(n.matches("label") && n.querySelector("input[type=range], textarea")))
  .filter((n) => !n.matches("[type=checkbox]"))
  .map((n) => [n.outerHTML.slice(0, 80), n.offsetWidth, n.offsetHeight])
  .filter(([, width, height]) => width < 44 || height < 44)"""


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
    explorable = visit()
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
    calm = widths_on_the_way(visit(reduced_motion="reduce"))
    assert len({*calm}) == 1
    moving = widths_on_the_way(visit(reduced_motion="no-preference"))
    assert len({*moving}) > 10
    assert moving == sorted(moving, reverse=True)
    assert moving[-1] == calm[-1]


# --- The query stays where it was put ---------------------------------------------------


def test_a_click_pins_the_query_until_the_next(visit: Visit) -> None:
    explorable = visit()
    mouse = explorable.page.mouse
    mouse.click(*explorable.at(1, 3))
    mouse.move(*explorable.at(4, 3))
    assert explorable.snapshot()["x"] == pytest.approx(1, abs=0.03)
    explorable.weights.hover()
    assert explorable.snapshot()["x"] == pytest.approx(1, abs=0.03)
    explorable.press("σ = 0.1")
    assert explorable.snapshot()["x"] == pytest.approx(1, abs=0.03)
    mouse.click(*explorable.at(3, 3))
    assert explorable.snapshot()["x"] == pytest.approx(3, abs=0.03)
    mouse.move(*explorable.at(4, 3))
    assert explorable.snapshot()["x"] == pytest.approx(4, abs=0.03)


def test_a_pinned_query_can_be_dragged(visit: Visit) -> None:
    explorable = visit()
    mouse = explorable.page.mouse
    mouse.click(*explorable.at(1, 3))
    mouse.move(*explorable.at(2, 3))
    mouse.down()
    mouse.move(*explorable.at(3, 3), steps=5)
    mouse.up()
    mouse.move(*explorable.at(4.5, 3))
    assert explorable.snapshot()["x"] == pytest.approx(3, abs=0.03)


# --- A payload that cannot be drawn -----------------------------------------------------


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


# --- The scenes -------------------------------------------------------------------------


def in_scene(visit: Visit, scene: str, query: str = "", **options: Any) -> Touched:
    explorable = visit(f"?explore.scene={scene}{query}", **options)
    explorable.ready()
    return explorable


def number(explorable: Touched, name: str) -> float:
    said = explorable.host.locator(f"[data-say={name}]").inner_text()
    return float(said.replace("−", "-"))


@pytest.mark.parametrize("query", ["", "&explore.kernel=boxcar&explore.sigma=0.3"])
def test_thirty_samples_have_the_bias_and_spread_of_numpy(
    visit: Visit, query: str
) -> None:
    explorable = in_scene(visit, "variance", query)
    shown = explorable.snapshot()
    scene, view, grid = shown["scene"], shown["view"], synthetic_data()
    curves = np.array(
        [
            nadaraya_watson(
                grid.x_val,
                np.array(sample["keys"]),
                np.array(sample["values"]),
                view["kernel"],
                bandwidth=float(view["sigma"]),
                empty="nan",
            )[0]
            for sample in scene["samples"]
        ]
    )
    assert curves.shape == (30, 50)
    compare(np.array(scene["curves"], dtype=float), curves)
    mean = np.nanmean(curves, axis=0)
    bias = rmse(mean, grid.y_val)
    deviation = float(np.sqrt(np.nanvar(curves, axis=0).mean()))
    compare(np.array(scene["mean"]), mean)
    assert scene["bias"] == pytest.approx(bias, rel=1e-9)
    assert scene["deviation"] == pytest.approx(deviation, rel=1e-9)
    assert scene["error"] == pytest.approx(np.hypot(bias, deviation), rel=1e-9)
    assert number(explorable, "bias") == pytest.approx(bias, abs=0.005)


def test_the_width_trades_bias_for_spread(visit: Visit) -> None:
    explorable = in_scene(visit, "variance")
    found = []
    for sigma in ("0.1", "0.5", "1"):
        explorable.press(f"σ = {sigma}")
        found.append((number(explorable, "bias"), number(explorable, "deviation")))
    assert found == sorted(found)
    assert [spread for _, spread in found] == sorted(
        (spread for _, spread in found), reverse=True
    )


def test_a_curve_is_drawn_by_mouse_compared_and_linked(visit: Visit) -> None:
    explorable = in_scene(visit, "draw")
    mouse = explorable.page.mouse
    muted, orange = TOKENS["muted"].light, TOKENS["orange"].light
    assert orange not in explorable.data.evaluate(COLOURS)  # nothing is given away
    sample = synthetic_data()
    compare_button = explorable.host.get_by_role("button", name="Compare")
    assert compare_button.is_disabled()
    curve = [(x, 2 * np.sin(x) + x) for x in np.linspace(0, 5, 40)]
    mouse.move(*explorable.at(*curve[0]))
    mouse.down()
    for place in curve[1:]:
        mouse.move(*explorable.at(*place))
    mouse.up()
    assert explorable.snapshot()["scene"]["yours"] is None
    explorable.press("Compare")
    scene = explorable.snapshot()["scene"]
    knots = np.linspace(0, 5, 26)
    yours = rmse(np.interp(sample.x_val, knots, scene["knots"]), sample.y_val)
    assert scene["yours"] == pytest.approx(yours, rel=1e-9)
    assert scene["yours"] < 0.1
    assert scene["sigma"] == pytest.approx(
        select_bandwidth(sample.x_train, sample.y_train), rel=2e-3
    )
    estimates, _ = nadaraya_watson(
        sample.x_val, sample.x_train, sample.y_train, bandwidth=scene["sigma"]
    )
    assert scene["chosen"] == pytest.approx(rmse(estimates, sample.y_val), rel=1e-9)
    assert {muted, orange} <= set(explorable.data.evaluate(COLOURS))
    again = visit(search(explorable))
    again.ready()
    assert again.snapshot()["scene"] == scene


def test_a_curve_is_drawn_by_keyboard(visit: Visit) -> None:
    explorable = in_scene(visit, "draw")
    explorable.data.focus()
    press = explorable.page.keyboard.press
    for _ in range(3):
        press("ArrowUp")
    press("ArrowRight")
    press("PageUp")
    scene = explorable.snapshot()["scene"]
    assert [knot for knot in scene["knots"] if knot is not None] == [0.3, 1.3]
    assert "Knot at x" in (explorable.data.evaluate("c => c.ariaValueText") or "")
    press("Enter")
    scene = explorable.snapshot()["scene"]
    assert scene["revealed"]
    assert None not in scene["knots"]
    explorable.press("Draw anew")
    assert set(explorable.snapshot()["scene"]["knots"]) == {None}


def test_a_curve_is_drawn_by_a_finger(visit: Visit) -> None:
    explorable = in_scene(
        visit,
        "draw",
        has_touch=True,
        is_mobile=True,
        viewport={"width": 360, "height": 740},
    )
    assert explorable.data.evaluate("c => getComputedStyle(c).touchAction") == "none"
    touch = explorable.page.context.new_cdp_session(explorable.page)
    places = [explorable.at(x, 2) for x in (1, 2, 3)]
    for kind, place in zip(
        ["touchStart", "touchMove", "touchMove", "touchEnd"],
        [*places, None],
        strict=True,
    ):
        points = [dict(zip("xy", place, strict=True))] if place else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    knots = explorable.snapshot()["scene"]["knots"]
    assert [knot is not None for knot in knots] == [5 <= i <= 15 for i in range(26)]
    assert knots[10] == pytest.approx(2, abs=0.1)


DOTS = ["", "bias-0", "dimensions-16-1", "dimensions-64-0", "turn-0", "turn-m37.5"]


@pytest.mark.parametrize("detail", DOTS)
def test_softmax_attention_is_the_packages(visit: Visit, detail: str) -> None:
    explorable = in_scene(visit, "dots", f"&explore.detail={detail}")
    shown = explorable.snapshot()
    scene = shown["scene"]
    queries, keys = (
        np.array(scene[name]).reshape(-1, scene["d"]) for name in ("queries", "keys")
    )
    values = np.array(shown["values"])
    estimates, weights = dot_product_attention(
        queries, keys, values, scale=scene["scale"], bias=np.array(scene["bias"])
    )
    compare(np.array(shown["weights"]).reshape(weights.shape), weights)
    compare(np.array(shown["estimates"]), estimates)
    if not detail:
        sigma = float(shown["view"]["sigma"])
        _, kernel = gaussian_as_softmax(
            np.array(shown["queries"]) - 2.5,
            np.array(shown["keys"]) - 2.5,
            values,
            bandwidth=sigma,
        )
        compare(weights, kernel)
        np.testing.assert_allclose(np.array(scene["bias"]), key_norm_bias(keys, sigma))


def test_each_stage_shows_what_it_says(visit: Visit) -> None:
    explorable = in_scene(visit, "dots")
    host = explorable.host
    kernel = explorable.snapshot()["weights"]
    host.get_by_label("key-norm bias").uncheck()
    shown = explorable.snapshot()
    weights = np.array(shown["weights"]).reshape(200, -1)
    assert weights[150].argmax() == 39  # the largest key, for q > 0
    assert weights[50].argmax() == 0
    host.get_by_label("key-norm bias").check()
    assert explorable.snapshot()["weights"] == kernel
    explorable.press("2 Dimensions")
    explorable.press("64")
    broad = np.mean(explorable.snapshot()["effectiveKeys"])
    host.get_by_label("divide by √d").uncheck()
    alone = np.mean(explorable.snapshot()["effectiveKeys"])
    assert broad > 20
    assert alone < 2.5
    assert f"{alone:.1f} of 40 keys" in host.locator("[data-say=words]").inner_text()


def test_the_turn_can_be_learned(visit: Visit) -> None:
    explorable = in_scene(visit, "dots", "&explore.detail=turn-0&explore.sigma=0.4")
    explorable.press("Learn it")
    explorable.page.wait_for_function(
        """() => {
          const { view } = document.querySelector("nw-explorer").snapshot();
          const still = view.detail === window.last; window.last = view.detail;
          return still && view.detail !== "turn-0";
        }""",
        polling=200,
    )
    shown = explorable.snapshot()
    found = shown["scene"]["setting"]["angle"]
    queries, keys = np.array(shown["queries"]), np.array(shown["keys"])
    known = queries + 1.25 <= 5  # where the truth, a quarter of the range on, is known

    def circle(x: Floats, turn: float = 0.0) -> Floats:
        angle = np.pi * x / 5 + np.radians(turn)
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)

    def error(turn: float) -> float:
        q = circle(queries[known], turn)
        answers, _ = dot_product_attention(
            q, circle(keys), np.array(shown["values"]), scale=1 / 0.4**2
        )
        return rmse(answers, truth(queries[known] + 1.25))

    best = min(range(-90, 91), key=error)
    assert found == pytest.approx(best, abs=2)
    assert error(found) < 0.8 * error(0)


def test_the_six_lines_are_alive(visit: Visit) -> None:
    explorable = in_scene(visit, "lines")
    host = explorable.host
    host.locator("[data-turn=key1]").evaluate(SLIDE, 1.2)
    host.locator("[data-turn=bandwidth]").evaluate(SLIDE, 0.5)
    scene = explorable.snapshot()["scene"]
    names: dict[str, Any] = {"np": np}
    body = "".join(f"\n    {line}" for line in SIX_LINES[1:])
    exec(SIX_LINES[0] + body, names)
    estimates, weights = names["attention_pooling"](
        np.array([1.0, 2.0, 3.0]),
        np.array([1.0, 1.2, 4.0]),
        np.array([2.0, 4.0, 3.0]),
        bandwidth=0.5,
    )
    compare(np.array(scene["arrays"]["weights"]), weights)
    compare(np.array(scene["arrays"]["estimates"][0]), estimates)
    cells = host.locator("[data-cells=weights] td").all_inner_texts()
    assert cells == [f"{weight:.2f}" for weight in weights.ravel()]
    host.locator("[data-line='3']").hover()
    lit = host.locator("figure.lit figcaption")
    assert "total (3, 1)" in lit.inner_text()
    host.locator("[data-array=u]").hover()
    assert "lit" in (host.locator("[data-line='1']").get_attribute("class") or "")
    assert search(explorable).endswith("detail=1_1.2_4_0.5")


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


def test_a_readers_own_data_are_shown_with_the_bandwidth_that_they_choose(
    visit: Visit,
) -> None:
    explorable = in_scene(visit, "data")
    chance = np.random.default_rng(0)
    x = np.sort(chance.uniform(1000, 5000, 60))
    y = 1e-3 * x + np.sin(x / 500) + chance.normal(0, 0.2, 60)
    text = "\n".join(f"{a:.6g}\t{b:.6g}" for a, b in zip(x, y, strict=True))
    said = own(explorable, "income\tfood\n" + text)
    assert "60 points" in said
    inner = Touched(explorable.page, "explore_data")
    shown = inner.snapshot()
    x, y = np.array(shown["keys"]), np.array(shown["values"])
    assert len(x) == 60
    sigma = float(shown["view"]["sigma"])
    best = select_bandwidth(x, y)
    assert sigma == pytest.approx(best, rel=0.01)
    estimates, _ = nadaraya_watson(shown["queries"], x, y, bandwidth=sigma)
    compare(np.array(shown["estimates"]), estimates)
    assert shown["leaveOneOut"] == pytest.approx(
        leave_one_out_error(x, y, bandwidth=sigma), rel=1e-9
    )
    explorable.host.get_by_text("The estimates as a table").click()
    first = explorable.host.locator("[data-say=rows] tr").first.inner_text().split()
    assert float(first[1]) == pytest.approx(estimates[0], abs=0.001)
    inner.host.get_by_text("Boxcar", exact=True).click()
    assert inner.view["kernel"] == "boxcar"
    settle(explorable)
    again = visit(search(explorable))
    again.ready()
    expect(again.host.locator("[data-say=message]")).to_contain_text("60 points")
    assert Touched(again.page, "explore_data").snapshot()["keys"] == x.tolist()


def test_the_notebook_has_the_data_and_runs(visit: Visit) -> None:
    explorable = in_scene(visit, "data")
    own(explorable, "0\t1\n1\t3\n2\t2\n3\t5\n4\t4")
    with explorable.page.expect_download() as download:
        explorable.host.get_by_role("button", name="Notebook").click()
    text = download.value.path().read_text(encoding="utf-8")
    written = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(written)
    names: dict[str, Any] = {}
    for cell in written.cells:
        exec(cell.source, names)
    expected, _ = nadaraya_watson(
        names["queries"], names["keys"], names["values"], bandwidth=sigma_of(explorable)
    )
    compare(names["estimates"], expected)


def sigma_of(explorable: Touched) -> float:
    return float(Touched(explorable.page, "explore_data").view["sigma"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Paste two columns"),
        ("<img src=x onerror=alert(1)>\t1\n1\t2\n2\t3\n3\t4", "<img"),
        ("1\t2\n<script>alert(1)</script>\t3\n4\t5", "Line 2: “<script>"),
        ("1\t2\nNaN\t3\n4\t5", "Line 2: “NaN” is no number"),
        ("1,2,3\n4,5,6\n7,8,9", "3 columns, not two"),
        ("1\t1\n1\t2\n1\t3", "All x are 1"),
        ("0\t1\n1e300\t2\n3\t4", "too large"),
    ],
)
def test_hostile_data_are_refused_in_words(
    visit: Visit, text: str, message: str
) -> None:
    explorable = in_scene(visit, "data")
    assert message in own(explorable, text)
    assert explorable.host.locator("[data-say=message] *").count() == 0
    assert explorable.host.locator("#explore_data").count() == 0


def test_a_million_rows_are_refused_and_two_thousand_shown(visit: Visit) -> None:
    explorable = in_scene(visit, "data")
    explorable.host.get_by_role("textbox").evaluate(
        """(field) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", "1\\t2\\n".repeat(1e6));
          const options = { clipboardData, cancelable: true, bubbles: true };
          field.dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )
    assert "up to 2000" in explorable.host.locator("[data-say=message]").inner_text()
    rows = "\n".join(f"{i}\t{(i * 7919) % 100}" for i in range(2000))
    assert "too many for a link" in own(explorable, rows)
    assert len(Touched(explorable.page, "explore_data").snapshot()["keys"]) == 2000
    assert "detail" not in search(explorable)


@pytest.mark.parametrize("scene", ["variance", "draw", "dots", "lines", "data"])
def test_each_scene_can_be_reached_by_all(visit: Visit, scene: str) -> None:
    for width, scheme in ((360, "default"), (800, "slate")):
        explorable = in_scene(visit, scene, viewport={"width": width, "height": 900})
        explorable.page.evaluate(
            "(s) => (document.body.dataset.mdColorScheme = s)", scheme
        )
        if scene == "data":
            explorable.press("An example")
        explorable.page.wait_for_timeout(400)
        found = Axe().run(explorable.page)
        assert found.violations_count == 0, found.generate_report()
        width_of = "document.documentElement.scrollWidth"
        assert explorable.page.evaluate(width_of) <= width
        if width == 360:
            assert explorable.host.evaluate(TARGETS) == []


def test_the_back_button_leaves_a_scene(visit: Visit) -> None:
    explorable = visit()
    explorable.press("Six lines")
    assert explorable.view["scene"] == "lines"
    explorable.press("30 samples")
    explorable.page.go_back()
    assert explorable.view["scene"] == "lines"
    explorable.page.go_back()
    assert explorable.view["scene"] == ""
    assert explorable.weights.is_visible()


# --- To teach with, and to share --------------------------------------------------------


def test_a_lecture_fills_the_screen_and_steps_by_arrow_keys(visit: Visit) -> None:
    explorable = visit(viewport={"width": 1280, "height": 720})
    explorable.press("Lecture")
    page, host = explorable.page, explorable.host
    page.wait_for_function("document.fullscreenElement?.id === 'explore'")
    explorable.ready()
    asked = host.locator("[data-say=ask]")
    assert asked.evaluate("n => parseFloat(getComputedStyle(n).fontSize)") >= 24
    steps = [step["name"] for step in make_explorable().payload["steps"]]
    assert explorable.view["step"] == steps[0]
    for name in steps[1:3]:
        page.keyboard.press("ArrowRight")
        assert explorable.view["step"] == name
    page.keyboard.press("ArrowLeft")
    assert explorable.view["step"] == steps[1]
    app = host.locator(".app").element_handle()
    page.wait_for_function("app => app.getBoundingClientRect().width === 1280", arg=app)
    for name in ("[data-view=data]", "#sigma", "[data-say=ask]"):
        shown = host.locator(name).bounding_box()
        assert shown, name
        assert shown["y"] + shown["height"] <= 720, name
    explorable.press("End lecture")
    page.wait_for_function("!document.fullscreenElement")
    page.wait_for_function("app => app.getBoundingClientRect().width < 1280", arg=app)
    page.keyboard.press("ArrowRight")
    assert explorable.view["step"] == steps[1]


def test_the_link_to_a_view_is_copied(visit: Visit) -> None:
    explorable = visit(permissions=["clipboard-read", "clipboard-write"])
    explorable.press("σ = 0.1")
    explorable.press("Copy link")
    expect(explorable.host.get_by_text("Link to this view: copied.")).to_be_visible()
    link = explorable.page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("?explore.sigma=0.1#explore")
    assert explorable.host.get_by_label("Link to this view").input_value() == link


def test_where_nothing_may_be_copied_the_link_is_shown(visit: Visit) -> None:
    explorable = visit()
    explorable.page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }"
    )
    explorable.press("Copy link")
    expect(explorable.host.get_by_text("copy it from here")).to_be_visible()


def test_the_frame_that_embeds_a_view_names_it(visit: Visit) -> None:
    explorable = visit(
        path="two/index.html", permissions=["clipboard-read", "clipboard-write"]
    )
    explorable = Touched(explorable.page, "other")  # it begins with the boxcar
    explorable.press("σ = 0.1")
    explorable.press("Embed")
    expect(explorable.host.get_by_text("embeds this view: copied.")).to_be_visible()
    frame = explorable.page.evaluate("navigator.clipboard.readText()")
    assert frame.startswith("<iframe ")
    url = urlsplit(unescape(frame.split('"')[1]))
    assert url.path.endswith("/two/embed/")  # beside the script's folder
    said = dict(parse_qsl(url.query))
    assert said["explore.kernel"] == "boxcar"
    assert said["explore.sigma"] == "0.1"
    assert 'title="' in frame


# --- A reader who does anything at all --------------------------------------------------


SLIDE = """(input, value) => { input.value = value;
  for (const kind of ["input", "change"])
    input.dispatchEvent(new Event(kind, {bubbles: true})); }"""


def test_five_hundred_things_done_at_random(visit: Visit) -> None:
    explorable = visit(reduced_motion="no-preference")
    page, host = explorable.page, explorable.host
    chance = random.Random(0)
    explorable.data.scroll_into_view_if_needed()

    def button() -> None:
        host.evaluate(
            """(e, share) => {
              const shown = [...e.shadowRoot.querySelectorAll("button")]
                .filter((b) => b.getClientRects().length && !b.disabled);
              shown[Math.floor(share * shown.length)].click();
            }""",
            chance.random(),
        )

    def pointer() -> None:
        picture = chance.choice([explorable.data, explorable.weights]).bounding_box()
        if not picture:  # another scene is open
            return
        x = picture["x"] + chance.uniform(-10, picture["width"] + 10)
        y = picture["y"] + chance.uniform(-10, picture["height"] + 10)
        page.mouse.move(x, y)
        chance.choice([page.mouse.down, page.mouse.up, lambda: None])()

    def key() -> None:
        chance.choice([explorable.data, explorable.weights]).focus()
        names = "ArrowUp ArrowDown ArrowLeft ArrowRight Home End PageUp Delete Escape x"
        page.keyboard.press(chance.choice(names.split()))

    def slider() -> None:
        name, low, high = chance.choice(
            [("sigma", 0, 1), ("noise", 0, 2), ("points", 10, 400)]
        )
        node = host.locator(f"#{name}, [data-field={name}]").first
        if node.count():
            node.evaluate(SLIDE, chance.uniform(low, high))

    def kernel() -> None:
        names = list(KERNELS)
        host.locator(f"[value={chance.choice(names)}]").evaluate("r => r.click()")

    def history() -> None:
        page.evaluate(
            """(by) => {
              const {currentEntry} = navigation;
              const next = navigation.entries()[currentEntry.index + by];
              if (next?.sameDocument) history.go(by);
            }""",
            chance.choice([-1, 1]),
        )

    for _ in range(500):
        chance.choice([button, pointer, pointer, key, slider, kernel, history])()
    page.wait_for_timeout(700)
    explorable.show(scene="")
    explorable.ready()
    shown = explorable.snapshot()
    text = host.evaluate("e => e.shadowRoot.querySelector('.app').innerText")
    assert "NaN" not in text
    assert "undefined" not in text
    assert "Infinity" not in text
    estimates, _ = nadaraya_watson(
        shown["queries"],
        shown["keys"],
        shown["values"],
        shown["view"]["kernel"],
        bandwidth=float(shown["view"]["sigma"]),
        empty="nan",
    )
    compare(np.array(shown["estimates"], dtype=float), estimates)


def test_each_update_leaves_a_mark_for_whoever_measures(visit: Visit) -> None:
    explorable = visit()
    explorable.press("σ = 0.1")
    explorable.snapshot()
    marks = explorable.page.evaluate(
        "performance.getEntriesByName('nw-explorer-update').map((m) => m.duration)"
    )
    assert len(marks) >= 2
    assert min(marks) >= 0


# --- On the site ------------------------------------------------------------------------


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
    for link in sorted(followed):
        parts = urlsplit(link)
        assert parts.fragment == "explore"
        assert parts.path.strip("/") in explorable_pages, link
        page.goto(link)
        view = Touched(page).view
        steps = {step["name"]: step for step in make_explorable().payload["steps"]}
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
    page.wait_for_timeout(200)
    assert TOKENS["orange"].dark in explorable.data.evaluate(COLOURS)


def test_the_sites_keys_work_around_it_and_not_inside(
    page: Page, served: Served
) -> None:
    page.goto(served.url)
    explorable = Touched(page)
    explorable.press("Edit points")
    explorable.host.get_by_label("x", exact=True).focus()
    page.keyboard.type("n")
    page.wait_for_timeout(200)
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
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    frame = f'<iframe src="{served.url}embed/?explore.scene=lines" width=800></iframe>'
    outer = f"{served.url}outer.html"
    page.route(outer, lambda route: route.fulfill(body=frame, content_type="text/html"))
    page.goto(outer)
    inside = page.frame_locator("iframe").locator("#explore")
    expect(inside.get_by_text("def attention_pooling")).to_be_visible()
