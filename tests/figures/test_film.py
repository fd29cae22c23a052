"""A film of points: its first picture stands without it, and it needs no script."""

import re

import numpy as np
import pytest
from playwright.sync_api import Browser

from nwdocs.figures import film

FRAMES = [np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[0.5, 1.0], [0.5, 1.0]])]


def test_each_frame_is_drawn_once_and_equal_points_are_one_dot() -> None:
    html = film("two", FRAMES, caption="Two points.", alt="Two dots & one.").html
    dots = re.findall(r'<path d="([^"]+)"', html)
    assert [len(re.findall("M", d)) for d in dots] == [2, 1]
    assert 'aria-label="Two dots &amp; one."' in html
    assert "<script" not in html


def test_less_motion_hides_the_box_and_the_first_picture_is_shown_to_all() -> None:
    html = film("two", FRAMES, caption="c", alt="a").html
    moving = html.partition("@media (prefers-reduced-motion:no-preference){")[2]
    assert "animation" in moving
    assert "animation" not in html.partition("@media")[0]
    assert "label{display:none}" in html.partition("@media")[0]
    assert 'g:not([style="--at:0"]){visibility:hidden}' in html


@pytest.mark.parametrize("frames", [FRAMES[:1], [np.zeros(3), np.zeros(3)]])
def test_what_is_no_film_is_refused(frames: list[np.ndarray]) -> None:
    with pytest.raises(ValueError, match="frames must be two or more"):
        film("none", frames, caption="c", alt="a")


def test_one_picture_is_seen_at_a_time_and_each_has_its_turn(browser: Browser) -> None:
    """At set times of the animation, so that nothing waits for a clock."""
    html = film("two", [*FRAMES, *FRAMES], caption="c", alt="a").html
    with browser.new_context(reduced_motion="no-preference") as context:
        page = context.new_page()
        page.set_content(html)
        seen = """time => [...document.querySelectorAll(".point-film g")].flatMap((g, i) => {
            for (const run of g.getAnimations()) { run.pause(); run.currentTime = time }
            return getComputedStyle(g).visibility == "visible" ? [i] : []
        })"""
        assert page.evaluate(seen, 0) == [0]
        page.get_by_label("Run the rounds").check()
        shown = [page.evaluate(seen, (n + 0.5) * 700) for n in range(4)]
    assert shown == [[0], [1], [2], [3]]


def test_who_prefers_less_motion_sees_the_first_picture(browser: Browser) -> None:
    html = film("two", FRAMES, caption="c", alt="a").html
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.set_content(html)
        assert not page.get_by_label("Run the rounds").is_visible()
        assert page.get_by_text("round 0").is_visible()
        assert not page.get_by_text("round 1").is_visible()
