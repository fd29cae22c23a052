"""The picture of the plane in a browser: what it tells is what the estimator says."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from nwdocs import attention_weights
from nwdocs.display import EXPLORER_MIME, MIME
from nwdocs.figures import plane
from nwdocs.figures.dimension import (
    DOT_AREA,
    PLANE_QUERY,
    PLANE_WIDTH,
    WEIGHT_AREA,
    plane_keys,
)
from nwdocs.measures import effective_keys
from support.project import ROOT

SCRIPT = ROOT / "nwdocs/site/theme/assets/plane.js"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    bundle = plane()._repr_mimebundle_()
    before, after = bundle[EXPLORER_MIME]
    page = browser.new_page()
    page.set_content(f"{before}{bundle[MIME]['inline']}{after}")
    page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"), type="module")
    page.get_by_label("First coordinate").wait_for()
    yield page
    page.close()


def expected(query: tuple[float, float]) -> list[np.ndarray]:
    """Weights of the two panels, by the estimator."""
    keys, asked = plane_keys(), np.array([query])
    return [
        attention_weights(asked, keys, bandwidth=PLANE_WIDTH)[0],
        attention_weights(asked[:, 0], keys[:, 0], bandwidth=PLANE_WIDTH)[0],
    ]


def told(page: Page) -> list[float]:
    text = page.locator("output").inner_text()
    return [float(n) for n in re.findall(r"(\d+) (?:effective|by the first)", text)]


@pytest.mark.parametrize("query", [PLANE_QUERY, (0.05, 0.9), (1.0, 0.0)])
def test_counts_and_dots_are_those_of_the_estimator(
    page: Page, query: tuple[float, float]
) -> None:
    for name, value in zip(("First", "Second"), query, strict=True):
        page.get_by_label(f"{name} coordinate").fill(f"{value:g}")
    weights = expected(query)
    counts = [effective_keys(w[None])[0] for w in weights]
    # The figure's places are rounded to a hundredth of a pixel.
    assert told(page) == pytest.approx(counts, abs=0.51)
    radii = page.evaluate(
        "[...document.querySelectorAll('.nw-panel')].map(panel =>"
        "[...panel.querySelectorAll('circle')].map(dot => dot.r.baseVal.value))"
    )
    for drawn, w in zip(radii, weights, strict=True):
        right = np.sqrt(DOT_AREA + WEIGHT_AREA * w / w.max()) / 2
        np.testing.assert_allclose(np.sort(drawn), np.sort(right), atol=0.02)


def test_the_query_goes_where_the_pointer_is(page: Page) -> None:
    box = page.locator(".nw-panel path").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.25 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.25 * box["height"])
    page.mouse.up()
    assert page.locator("output").inner_text().startswith("At (0.50, 0.75):")
    centre = page.locator(".nw-panel use[style*='--nw-paper']").first.bounding_box()
    assert centre
    assert centre["x"] + centre["width"] / 2 == pytest.approx(
        box["x"] + 0.5 * box["width"], abs=2
    )


def test_without_the_script_the_figure_stands(browser: Browser) -> None:
    bundle = plane()._repr_mimebundle_()
    before, after = bundle[EXPLORER_MIME]
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.set_content(f"{before}{bundle[MIME]['inline']}{after}")
        assert page.locator("circle").count() == 2 * len(plane_keys())
        assert page.locator("input").count() == 0
