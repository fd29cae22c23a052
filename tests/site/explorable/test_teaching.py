"""The explorable to teach with, and to share."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import expect

from nwdocs.figures.explorer import explorable as make_explorable
from support.explorable import Touched, Visit


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
