"""The policy allows what a page of ours needs, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from nwdocs.site.html.policy import policy, with_policy
from support.serving import serve_folder

PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><title>T</title>
<script>document.title = "ran"</script></head>
<body><p>Text</p>INJECTED</body></html>
"""


def test_it_stands_before_anything_that_loads() -> None:
    page = with_policy(PAGE)
    assert page.index("Content-Security-Policy") < page.index("<script")
    assert page.count("Content-Security-Policy") == 1


def test_scripts_of_the_page_are_named_by_digest_and_data_is_not() -> None:
    data = '<script type="application/json">{}</script><script src="a.js"></script>'
    assert policy(data) == policy("")
    assert policy("<script>1</script>").count("sha256-") == 1
    assert policy("<script>1</script><script>1</script>").count("sha256-") == 1
    assert policy("<script>1</script><script>2</script>").count("sha256-") == 2


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("injected", "title"),
    [
        ("", "ran"),
        ("<script>document.title = 'bad'</script>", "ran"),
        ("<img src='data:,' onerror=\"document.title = 'bad'\">", "ran"),
        ("<script src='https://elsewhere.example/x.js'></script>", "ran"),
        (
            "<iframe srcdoc=\"<script>parent.document.title = 'bad'</script>\"></iframe>",
            "ran",
        ),
    ],
    ids=["nothing", "a script", "a handler", "another host", "a frame"],
)
def test_what_got_into_a_page_does_not_run(
    page: Page, tmp_path: Path, injected: str, title: str
) -> None:
    refused: list[str | None] = []
    page.on("requestfailed", lambda request: refused.append(request.failure))
    # What is injected comes after the policy was made.
    text = with_policy(PAGE).replace("INJECTED", injected)
    (tmp_path / "index.html").write_text(text)
    (tmp_path / "404.html").touch()
    with serve_folder(tmp_path) as served:
        page.goto(served.url, wait_until="networkidle")
        assert page.title() == title
    assert refused == (["csp"] if "elsewhere" in injected else [])
