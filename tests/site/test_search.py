"""What a reader's own words find: the built index, asked as the theme asks it.

The theme's script hands the index to its worker, and each query as it is typed. So do
these tests, with the worker and the index that the site publishes.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from support.browsing import PATIENCE

# What a student would type, and the page that must come first.
QUERIES = {
    "overfitting": "choosing-a-bandwidth/",
    "underfitting": "bandwidth/",
    "curse of dimensionality": "more-than-one-coordinate/",
    "in-context learning": "learn-the-kernel/",
    "metric learning": "learn-the-kernel/",
    "mean shift": "ask-yourself/",
    "oversmoothing": "ask-yourself/",
    "flash attention": "attention-at-scale/",
    "performer": "attention-at-scale/",
    "non-local means": "attention-to-patches/",
    "smoothing": "bandwidth/",
    "bandwidth": "bandwidth/",
    "bandwith": "bandwidth/",
    "sigma": "bandwidth/",
    "σ": "bandwidth/",
    "how wide": "choosing-a-bandwidth/",
    "how to choose the bandwidth": "choosing-a-bandwidth/",
    "leave one out": "choosing-a-bandwidth/",
    "leave-one-out": "choosing-a-bandwidth/",
    "cross validation": "choosing-a-bandwidth/",
    "silverman": "choosing-a-bandwidth/",
    "confidence interval": "choosing-a-bandwidth/",
    "engel": "choosing-a-bandwidth/",
    "loess": "choosing-a-bandwidth/",
    "softmax": "learned-attention/",
    "why divide by sqrt d": "learned-attention/",
    "√d": "learned-attention/",
    "transformer": "learned-attention/",
    "multi-head attention": "learned-attention/",
    "pytorch": "learned-attention/",
    "gradient descent": "learned-attention/",
    "temperature": "attention-by-bandwidth/",
    "heatmap": "attention-by-bandwidth/",
    "query key value": "attention-pooling/",
    "queries keys values": "attention-pooling/",
    "nadaraya watson": "attention-pooling/",
    "Nadaraya-Watson": "attention-pooling/",
    "knn": "attention-pooling/",
    "k nearest neighbours": "attention-pooling/",
    "regression": "attention-pooling/",
    "weighted average": "attention-pooling/",
    "numpy code": "estimator/",
    "notebook": "estimator/",
    "colab": "estimator/",
    "install": "estimator/",
    "division by zero": "estimator/",
    "gaussian": "kernels/",
    "gausian": "kernels/",
    "boxcar": "kernels/",
    "triangular": "kernels/",
    "epanechnikov": "kernels/",
    "rbf": "kernels/",
    "noise": "data/",
    "entropy": "attention-by-kernel/",
    "bias variance": "claims/",
    "canonical bandwidth": "equal-widths/",
    "homework": "exercises/",
    "summary": "recap/",
    "plot": "drawing/",
    "bibtex": "references/",
    "interactive": "",
}

# A worker as the theme starts one: it takes the index, then one query after another.
_ASK = """async ([worker, index, queries]) => {
  const searcher = new Worker(worker);
  const answer = (message) => new Promise((resolve, reject) => {
    searcher.onmessage = ({ data }) => resolve(data);
    searcher.onerror = ({ message }) => reject(new Error(message));
    searcher.postMessage(message);
  });
  const [SETUP, QUERY] = [0, 2];
  await answer({ type: SETUP, data: { ...index, options: { suggest: false } } });
  const found = {};
  for (const query of queries)
    found[query] = (await answer({ type: QUERY, data: query })).data.items;
  searcher.terminate();
  return found;
}"""


@pytest.fixture(scope="module")
def index(site: Path) -> dict[str, Any]:
    text = (site / "search/search_index.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@pytest.fixture(scope="module")
def found(
    browser: Browser, site: Path, served: Any, index: dict[str, Any]
) -> Iterator[dict[str, list[list[dict[str, Any]]]]]:
    """For each query the pages that are found, in order, each as its sections."""
    [worker] = (site / "assets/javascripts/workers").glob("search.*.js")
    page = browser.new_page()
    page.goto(f"{served.url}robots.txt")  # same host, no script of its own
    address = f"{served.url}{worker.relative_to(site).as_posix()}"
    yield page.evaluate(_ASK, [address, index, [*QUERIES, "rule_of_thumb"]])
    page.close()


def _pages(items: list[list[dict[str, Any]]]) -> list[str]:
    return [sections[0]["location"].partition("#")[0] for sections in items]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_the_right_page_first(
    found: dict[str, list[list[dict[str, Any]]]], query: str
) -> None:
    assert _pages(found[query])[:1] == [QUERIES[query]], _pages(found[query])[:5]


@pytest.mark.parametrize("query", [*QUERIES, "rule_of_thumb"])
def test_entries_of_the_api_come_after_pages(
    found: dict[str, list[list[dict[str, Any]]]], query: str
) -> None:
    pages = _pages(found[query])
    assert "api/" not in pages[:-1]


def test_a_name_of_the_package_finds_its_entry_too(
    found: dict[str, list[list[dict[str, Any]]]],
) -> None:
    places = [item["location"] for item in found["rule_of_thumb"][-1]]
    assert "api/#nwdocs.bandwidth.rule_of_thumb" in places


def test_the_index_has_roots_and_exponents_of_formulas(index: dict[str, Any]) -> None:
    texts = {entry["location"]: entry["text"] for entry in index["docs"]}
    text = texts["learned-attention/#the-square-root-of-d-is-a-bandwidth"]
    assert "σ² = √d" in text
    assert "d^(1/4)" in text


def test_the_index_has_what_pictures_show_and_their_captions(
    site: Path, index: dict[str, Any]
) -> None:
    texts = [entry["text"] for entry in index["docs"]]
    text = "\n".join(texts)
    for picture in (site / "figures").glob("*.svg"):
        alt = picture.read_text(encoding="utf-8").partition('aria-label="')[2]
        assert alt.partition('"')[0] in text, picture.stem
    assert "Figure 9" in text


def test_hidden_terms_are_shown_nowhere(page: Page, served: Any) -> None:
    page.goto(served.url, wait_until="networkidle")
    page.keyboard.press("/")
    page.keyboard.type("bandwith")
    result = page.wait_for_selector(".md-search-result__link")
    assert result
    assert "/bandwidth/" in (result.get_attribute("href") or "")
    assert "bandwith" not in page.inner_text(".md-search-result")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()
