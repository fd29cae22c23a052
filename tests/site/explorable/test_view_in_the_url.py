"""The explorable's view lives in the URL."""

import pytest

from nwdocs import synthetic_data
from nwdocs.figures.explorer import explorable as make_explorable
from support.explorable import Touched, Visit, search, settle


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
    explorable = visit(own=True)
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
