"""A view as code: what a reader copies gives what the reader sees."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from nwdocs import KERNELS
from support.explorable import Touched, Visit, compare, in_scene, own, write_site
from support.serving import serve_folder

# A page that can run Python has a button that names the script; this one only says what it
# was given, as the site's does what it was given.
_BUTTON = '<button data-do="run" data-script="live/page.js">Run</button>'
_SCRIPT = """export function runSource(source, place) {
  place.textContent = `ran ${source.length}`;
}"""


def code_of(explorable: Touched) -> str:
    """What "As code" shows."""
    button = explorable.host.locator("[data-do=code]").first
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    explorable.host.locator("pre").first.wait_for()
    explorable.ready()
    return explorable.host.locator("pre").first.text_content() or ""


def run(code: str) -> dict[str, Any]:
    """The names that code leaves behind."""
    names: dict[str, Any] = {}
    with np.errstate(invalid="ignore"):  # of no key in reach: 0/0
        exec(code, names)
    return names


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("", "from nwdocs import synthetic_data"),
        ("&explore.sigma=0.07&explore.query=4.9", "from nwdocs import synthetic_data"),
        ("&explore.noise=0.5&explore.query=0", "keys = np.array(["),
        ("&explore.seed=3&explore.points=150&explore.sigma=2", "keys = np.array(["),
        ("&explore.edits=d4+m17_1.25_3.4+a_2_5&explore.query=2", "keys = np.array(["),
    ],
)
def test_the_code_gives_the_numbers_of_the_view(
    visit: Visit, kernel: str, query: str, source: str
) -> None:
    explorable = visit(f"?explore.kernel={kernel}{query}")
    code = code_of(explorable)
    assert source in code
    assert max(map(len, code.splitlines())) <= 88
    shown = explorable.snapshot()
    row = int(np.searchsorted(shown["queries"], shown["x"]))
    names = run(code)
    n = len(shown["keys"])
    weights = np.array(shown["weights"], float)[row * n : (row + 1) * n]
    compare(names["weights"][0], weights)
    compare(names["estimates"], np.array([shown["estimate"]], float))
    np.testing.assert_array_equal(names["keys"], shown["keys"])
    np.testing.assert_array_equal(names["values"], shown["values"])


@pytest.mark.parametrize("kernel", ["gaussian", "laplace"])
def test_where_every_similarity_underflows_the_code_answers_all_the_same(
    visit: Visit, kernel: str
) -> None:
    removed = "+".join(f"d{i}" for i in range(7))
    ends = "m7_0_1+m8_0.1_2+m9_5_3"
    explorable = visit(
        f"?explore.points=10&explore.edits={removed}+{ends}&explore.sigma=0.05"
        f"&explore.query=2.4&explore.kernel={kernel}"
    )
    names = run(code_of(explorable))
    shown = explorable.snapshot()
    assert len(shown["keys"]) == 3
    compare(names["estimates"], np.array([shown["estimate"]], float))


def test_the_code_follows_the_view_and_is_put_away(visit: Visit) -> None:
    explorable = visit()
    assert "bandwidth=0.5" in code_of(explorable)
    explorable.slide("sigma", 0)
    expect(explorable.host.locator("pre")).to_contain_text("bandwidth=0.05")
    explorable.press("As code")
    expect(explorable.host.locator("pre")).to_have_count(0)
    code_of(explorable)
    explorable.press("Copy link")
    expect(explorable.host.locator("pre")).to_have_count(0)
    assert "bandwidth=0.05" in code_of(explorable)


def test_the_code_is_copied(visit: Visit) -> None:
    explorable = visit(permissions=["clipboard-read", "clipboard-write"])
    code = code_of(explorable)
    explorable.press("Copy code")
    expect(explorable.host.get_by_text("Copied.")).to_be_visible()
    assert explorable.page.evaluate("navigator.clipboard.readText()") == code
    assert explorable.host.get_by_role("button", name="Run").is_hidden()


def test_a_scene_that_is_no_kernels_view_has_no_code(visit: Visit) -> None:
    for scene in ("draw", "dots", "lines", "data"):
        explorable = in_scene(visit, scene)
        assert explorable.host.locator("[data-do=code]").first.is_hidden(), scene
    assert in_scene(visit, "variance").host.locator("[data-do=code]").is_visible()


def test_a_readers_own_points_become_code(visit: Visit) -> None:
    explorable = in_scene(visit, "data")
    own(explorable, "0\t1\n1\t3\n2\t2\n3\t5\n4\t4")
    inner = Touched(explorable.page, "explore_data")
    inner.host.get_by_text("Triangular", exact=True).click()
    inner.show(sigma=1.5)
    shown = inner.snapshot()
    names = run(code_of(inner))
    compare(names["estimates"], np.array([shown["estimate"]], float))
    assert names["keys"].tolist() == [0, 1, 2, 3, 4]


def test_where_the_page_runs_python_the_code_runs_there(
    browser: Browser, tmp_path: Path
) -> None:
    write_site(tmp_path)
    page_file = tmp_path / "index.html"
    html = page_file.read_text(encoding="utf-8")
    page_file.write_text(html.replace("<main>", f"<main>{_BUTTON}"), encoding="utf-8")
    (tmp_path / "live").mkdir()
    (tmp_path / "live/page.js").write_text(_SCRIPT, encoding="utf-8")
    with serve_folder(tmp_path) as served, browser.new_page() as page:
        page.goto(served.url)
        explorable = Touched(page)
        code = code_of(explorable)
        explorable.host.get_by_role("button", name="Run").click()
        expect(page.get_by_text(f"ran {len(code)}")).to_be_visible()
        explorable.show(sigma=1)
        expect(page.get_by_text(f"ran {len(code)}")).to_have_count(0)
