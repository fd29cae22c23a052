"""The explorable's scenes: 30 samples, draw, dot products, six lines, own data."""

import re
from typing import Any

import nbformat
import numpy as np
import pytest
from playwright.sync_api import expect

from nwdocs import nadaraya_watson, synthetic_data
from nwdocs.bandwidth import leave_one_out_error, select_bandwidth
from nwdocs.data import truth
from nwdocs.figures.explorer import SIX_LINES
from nwdocs.figures.palette import TOKENS
from nwdocs.kernels import Floats
from nwdocs.learned import dot_product_attention, gaussian_as_softmax, key_norm_bias
from nwdocs.measures import rmse
from support.accessibility import violations
from support.explorable import (
    COLOURS,
    SLIDE,
    TARGETS,
    Touched,
    Visit,
    compare,
    in_scene,
    let_pass,
    own,
    search,
    settle,
)


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


def wave(n: int) -> tuple[Floats, Floats, str]:
    """A curve and noise, as a reader would paste them."""
    chance = np.random.default_rng(n)
    x = np.sort(chance.uniform(0, 100, n)).round(6)
    y = (np.sin(x / 5) + chance.normal(0, 0.5, n)).round(6)
    return x, y, "\n".join(f"{a}\t{b}" for a, b in zip(x, y, strict=True))


def test_of_many_points_the_bandwidth_is_the_packages(visit: Visit) -> None:
    x, y, text = wave(700)
    explorable = in_scene(visit, "data")
    own(explorable, text)
    error = leave_one_out_error(x, y, bandwidth=sigma_of(explorable))
    least = leave_one_out_error(x, y, bandwidth=select_bandwidth(x, y))
    assert least <= error <= least * 1.001
    shown = Touched(explorable.page, "explore_data").snapshot()
    assert shown["leaveOneOut"] == pytest.approx(error, rel=1e-9)


def test_a_choice_that_takes_long_says_how_far_it_is_and_can_be_stopped(
    visit: Visit,
) -> None:
    explorable = in_scene(visit, "data")
    stop = explorable.host.get_by_role("button", name="Stop")
    message = explorable.host.locator("[data-say=message]")
    assert stop.is_hidden()
    # Stopped from the page, at once: however fast a machine is, it is not done by then.
    said = explorable.host.evaluate(
        """(e, text) => {
          const press = (name) => e.shadowRoot.querySelector(
            `[data-press=${name}]`).click();
          e.shadowRoot.querySelector("textarea").value = text;
          press("show");
          const said = e.shadowRoot.querySelector("[data-say=message]").innerText;
          press("stop");
          return said;
        }""",
        wave(2000)[2],
    )
    assert re.fullmatch(r"Choosing a bandwidth for 2000 points … \d+ %", said)
    expect(message).to_contain_text("Stopped: σ is a tenth of the range")
    assert sigma_of(explorable) == pytest.approx(10, rel=0.01)
    assert stop.is_hidden()


@pytest.mark.parametrize("scene", ["variance", "draw", "dots", "lines", "data"])
def test_each_scene_can_be_reached_by_all(visit: Visit, scene: str) -> None:
    for width, scheme in ((360, "default"), (800, "slate")):
        explorable = in_scene(visit, scene, viewport={"width": width, "height": 900})
        explorable.page.evaluate(
            "(s) => (document.body.dataset.mdColorScheme = s)", scheme
        )
        if scene == "data":
            explorable.press("An example")
        let_pass(explorable.page, 400)
        assert violations(explorable.page) == []
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
