"""The explorable by mouse, finger and keyboard."""

import numpy as np
import pytest
from playwright.sync_api import expect

from nwdocs import synthetic_data
from support.explorable import Visit


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
