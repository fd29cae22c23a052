"""Pages that run in the browser: what they compute, and what a reader does with them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from support.explorable import Touched, compare
from support.serving import Served

SLOW = 120_000  # milliseconds until a busy machine must have started Python


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def started(context: BrowserContext, live_served: Served) -> Iterator[Page]:
    """A page that runs, for all tests that need nothing of their own."""
    page = context.new_page()
    start(page, f"{live_served.url}estimator/")
    yield page
    page.close()


@pytest.fixture
def estimator(started: Page) -> Page:
    """That page, as the build made it: what has been run before is still known."""
    panel = started.get_by_role("region", name="Run this page")
    panel.get_by_role("button", name="Reset all").click()
    expect(panel).to_contain_text("The page is as it was")
    return started


def start(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Run it here").click()
    panel = page.get_by_role("region", name="Run this page")
    expect(panel).to_contain_text("Nothing that you write is sent anywhere")
    panel.get_by_role("button", name="Load and start").click()
    expect(panel).to_contain_text("Python is running", timeout=SLOW)


def cell(page: Page, number: int) -> Any:
    return page.get_by_role("textbox", name=f"Code of cell {number}", exact=True)


def output(page: Page, index: int) -> Any:
    return page.locator(f'.nw-live-out[data-cell="{index}"]')


def edit(page: Page, number: int, text: str) -> None:
    write(cell(page, number), text)


def write(editor: Locator, text: str) -> None:
    editor.click()
    editor.page.keyboard.press("Control+a")
    editor.page.keyboard.insert_text(text)


def test_a_reader_edits_runs_and_resets_a_cell(estimator: Page) -> None:
    before = cell(estimator, 1).inner_text()
    edit(estimator, 1, "import numpy as np\nprint('hello', np.arange(3).sum())")
    estimator.keyboard.press("Shift+Enter")
    expect(output(estimator, 0)).to_contain_text("hello 3", timeout=SLOW)
    estimator.locator(".nw-run-cell").first.get_by_role("button", name="Reset").click()
    assert cell(estimator, 1).inner_text() == before
    expect(output(estimator, 0)).to_be_empty()


def test_cells_share_what_they_compute_and_errors_name_their_line(
    estimator: Page,
) -> None:
    edit(estimator, 2, "shared = 41\n\nshared / 0")
    estimator.keyboard.press("Shift+Enter")
    panel = estimator.get_by_role("region", name="Run this page")
    expect(panel).to_contain_text("Cell 2, line 3: ZeroDivisionError", timeout=SLOW)
    expect(output(estimator, 1)).to_contain_text("ZeroDivisionError: division by zero")
    edit(estimator, 2, "shared + 1, attention_pooling.__name__")
    estimator.keyboard.press("Shift+Enter")
    expect(output(estimator, 1)).to_contain_text(
        "(42, 'attention_pooling')", timeout=SLOW
    )


def test_run_all_leaves_the_page_as_the_build_made_it(
    page: Page, live_served: Served
) -> None:
    start(page, f"{live_served.url}bandwidth/")
    text = "(all) => all.map((out) => out.textContent)"
    before = page.locator(".nw-live-out").evaluate_all(text)
    panel = page.get_by_role("region", name="Run this page")
    panel.get_by_role("button", name="Run all").click()
    expect(panel).to_contain_text("Done.", timeout=SLOW)
    assert page.locator(".nw-live-out").evaluate_all(text) == before
    assert page.locator("svg.nw-svg").count() >= 1


def test_numbers_in_sentences_follow_edits_until_they_are_reset(
    page: Page, live_served: Served
) -> None:
    start(page, f"{live_served.url}bandwidth/")
    values = page.locator(".nw-live-value")
    before = values.all_text_contents()
    code = cell(page, 1).inner_text()
    edit(page, 1, code.replace("synthetic_data()", "synthetic_data(seed=3)"))
    page.keyboard.press("Shift+Enter")
    panel = page.get_by_role("region", name="Run this page")
    expect(panel).to_contain_text("Run all takes what you changed", timeout=SLOW)
    changed = page.locator(".nw-live-value[data-changed]")
    numbers = values.all_text_contents()
    different = [i for i, number in enumerate(numbers) if number != before[i]]
    assert different
    assert changed.all_text_contents() == [numbers[i] for i in different]
    for i in different:
        expect(values.nth(i)).to_have_attribute("title", f"The page had {before[i]}.")
    page.locator(".nw-run-cell").first.get_by_role("button", name="Reset").click()
    expect(changed).to_have_count(0)
    assert values.all_text_contents() == before


def test_a_number_that_cannot_be_computed_says_why(
    page: Page, live_served: Served
) -> None:
    start(page, f"{live_served.url}bandwidth/")
    edit(page, 10, "del agreement")
    page.keyboard.press("Shift+Enter")
    value = page.locator(".nw-live-value[data-changed]").first
    expect(value).to_have_text("?", timeout=SLOW)
    expect(value).to_have_attribute("title", re.compile("NameError.*exactly equal"))


def test_what_is_changed_above_a_cell_runs_before_it(estimator: Page) -> None:
    edit(estimator, 1, "above = 1\nprint('ran')")
    estimator.keyboard.press("Shift+Enter")
    expect(output(estimator, 0)).to_contain_text("ran", timeout=SLOW)
    panel = estimator.get_by_role("region", name="Run this page")
    expect(panel).to_contain_text("Done.", timeout=SLOW)
    edit(estimator, 1, "above = 2")
    edit(estimator, 2, "above + 40")
    estimator.keyboard.press("Shift+Enter")
    expect(output(estimator, 1)).to_contain_text("42", timeout=SLOW)


def test_code_that_is_typed_has_the_colours_of_the_page(estimator: Page) -> None:
    colours = """(code) => ["keyword", "function", "number"].map((kind) =>
      getComputedStyle(code, `::highlight(nw-${kind})`).color)"""
    built = """(code) => [".kn", ".nn", ".mi"].map((name) =>
      getComputedStyle(code.querySelector(name) ??
        document.querySelector(`.highlight ${name}`)).color)"""
    code = cell(estimator, 1)
    of_build = {}
    for scheme in ("default", "slate"):
        estimator.evaluate(
            "(name) => document.body.dataset.mdColorScheme = name", scheme
        )
        of_build[scheme] = code.evaluate(built)
    assert of_build["default"] != of_build["slate"]
    edit(estimator, 1, "import numpy\nnumpy.arange(3)")
    for scheme, expected in of_build.items():
        estimator.evaluate(
            "(name) => document.body.dataset.mdColorScheme = name", scheme
        )
        assert code.evaluate(colours) == expected
    painted = "CSS.highlights.get('nw-keyword').size"
    assert estimator.evaluate(painted) == 1
    estimator.locator(".nw-run-cell").first.get_by_role("button", name="Reset").click()
    assert estimator.evaluate(painted) == 0


def test_a_new_line_is_indented_as_python_wants_it(estimator: Page) -> None:
    edit(estimator, 1, "")
    estimator.keyboard.type("for i in range(2):\nif i:\nprint('odd', i)")
    estimator.keyboard.press("Shift+Enter")
    expect(output(estimator, 0)).to_contain_text("odd 1", timeout=SLOW)


def test_other_parts_of_a_page_can_run_code_and_show_what_it_gives(
    page: Page, live_served: Served
) -> None:
    page.goto(f"{live_served.url}explore/")
    page.evaluate("""() => {
      const place = document.createElement("div");
      place.id = "here";
      document.querySelector("article").append(place);
      const source = document.querySelector("[data-do=run]").dataset.script;
      globalThis.went = import(new URL(source, location.href)).then(({ runSource }) =>
        runSource("import nwdocs\\nprint(6 * 7)\\nundefined", place));
    }""")
    page.get_by_role("button", name="Load and start").click()
    expect(page.locator("#here")).to_contain_text("42", timeout=SLOW)
    expect(page.locator("#here")).to_contain_text('"<code>", line 3')
    assert page.evaluate("went") is False


def test_the_explorables_view_runs_as_code_and_gives_what_it_shows(
    page: Page, live_served: Served
) -> None:
    page.goto(f"{live_served.url}explore/?explore.kernel=triangular&explore.sigma=0.7")
    page.locator("nw-explorer[data-alive]").wait_for()
    explorable = Touched(page)
    explorable.press("As code")
    explorable.host.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Load and start").click()
    output = page.locator(".nw-run + div")
    expect(output).to_contain_text("largest weight:", timeout=SLOW)
    said = re.findall(r"(?:estimate|weight): (\S+)", output.inner_text())
    shown = explorable.snapshot()
    n = len(shown["keys"])
    row = int(np.abs(np.array(shown["queries"]) - shown["x"]).argmin())
    largest = max(shown["weights"][row * n : (row + 1) * n])
    compare(np.array(said, float), np.array([shown["estimate"], largest]))
    explorable.show(sigma=1)
    expect(output).to_be_empty()


def test_docstrings_of_numpy_and_lines_of_the_library_are_told(estimator: Page) -> None:
    edit(
        estimator,
        1,
        "import numpy as np\nprint(np.trace.__doc__.split()[0])\n"
        "np.linalg.inv(np.zeros((2, 2)))",
    )
    estimator.keyboard.press("Shift+Enter")
    expect(output(estimator, 0)).to_contain_text("Return", timeout=SLOW)
    expect(output(estimator, 0)).to_contain_text(
        re.compile(r"_linalg\.py\", line \d+, in inv")
    )


def test_a_figure_drawn_anew_has_the_page_s_colours_and_links(
    page: Page, live_served: Served
) -> None:
    start(page, f"{live_served.url}data/")
    text = "from nwdocs.figures import show\n\nshow('kernels')"
    editor = page.get_by_role("textbox", name=re.compile("^Code of cell")).first
    write(editor, text)
    page.keyboard.press("Shift+Enter")
    figure = page.locator(".nw-live-out figure.nw-figure:has(.nw-row)").first
    expect(figure).to_contain_text("Gaussian", timeout=SLOW)
    ink = figure.locator("svg").evaluate(
        "(svg) => getComputedStyle(svg).getPropertyValue('--nw-ink').trim()"
    )
    assert re.fullmatch(r"#[0-9a-f]{6}", ink)


def test_an_endless_loop_can_be_stopped(estimator: Page) -> None:
    edit(estimator, 1, "while True:\n    pass")
    estimator.keyboard.press("Shift+Enter")
    panel = estimator.get_by_role("region", name="Run this page")
    panel.get_by_role("button", name="Stop").click()
    expect(panel).to_contain_text("Stopped.")
    edit(estimator, 1, "6 * 7")
    estimator.keyboard.press("Shift+Enter")
    expect(output(estimator, 0)).to_contain_text("42", timeout=SLOW)


def test_loading_can_be_cancelled(browser: Browser, live_served: Served) -> None:
    context = browser.new_context()  # which has nothing stored
    page = context.new_page()
    page.route("**/python.wasm.bin", lambda route: None)  # it never comes
    page.goto(f"{live_served.url}estimator/")
    page.get_by_role("button", name="Run it here").click()
    page.get_by_role("button", name="Load and start").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".nw-run")).to_have_count(0)
    context.close()


def test_what_is_not_the_build_s_is_not_run(
    browser: Browser, live_served: Served
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/kernel.py", lambda route: route.fulfill(body="print('changed')"))
    page.goto(f"{live_served.url}estimator/")
    page.get_by_role("button", name="Run it here").click()
    page.get_by_role("button", name="Load and start").click()
    expect(page.locator(".nw-run")).to_contain_text(
        "is not what the build of this site made", timeout=SLOW
    )
    context.close()


def test_a_browser_that_cannot_is_told_so_and_loads_nothing(
    browser: Browser, live_served: Served
) -> None:
    context = browser.new_context()
    context.add_init_script("delete globalThis.DecompressionStream")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_served.url}estimator/")
    page.get_by_role("button", name="Run it here").click()
    expect(page.locator(".nw-run")).to_contain_text("it lacks DecompressionStream")
    assert not [url for url in asked if url.endswith((".bin", ".whl", "runtime.json"))]
    context.close()


def test_a_page_nobody_runs_loads_nothing_of_it(
    page: Page, live_served: Served
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_served.url}estimator/", wait_until="networkidle")
    assert not [url for url in asked if "/live/" in url or "cells.json" in url]


def test_under_a_strict_policy_it_runs_all_the_same(
    browser: Browser, live_served: Served
) -> None:
    context = browser.new_context()
    policy = (
        "default-src 'none'; script-src 'self' 'unsafe-inline'; worker-src 'self'; "
        "connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    )

    def guarded(route: Any) -> None:
        answer = route.fetch()
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        body = answer.text().replace("<head>", f"<head>{meta}", 1)
        route.fulfill(response=answer, body=body)

    page = context.new_page()
    page.route("**/estimator/", guarded)
    start(page, f"{live_served.url}estimator/")
    context.close()


def test_without_the_option_the_site_has_nothing_of_it(site: Path) -> None:
    assert not (site / "assets/live").exists()
    assert not list(site.rglob("cells.json"))
    assert "Run it here" not in (site / "estimator/index.html").read_text()


def test_what_is_loaded_is_as_small_as_is_said(live_site: Path) -> None:
    told = json.loads((live_site / "assets/live/runtime.json").read_text())
    total = 0
    for part in told["parts"].values():
        file = live_site / "assets/live" / part["url"]
        assert file.stat().st_size == part["bytes"]
        total += part["bytes"]
    assert total < 14_000_000
