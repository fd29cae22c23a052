"""Each type of output is shown, or refused with what would do."""

import json
from typing import Any

import pytest

from nwdocs.display import EXPLORER_MIME, GALLERY_MIME, MIME
from nwdocs.site.export import plain
from nwdocs.site.html.outputs import WRITERS, Context, inline_html, output_html
from nwdocs.site.pages import PageError

CONTEXT = Context(
    here="page/",
    where="docs/p.md, line 3, cell 1",
    gallery=lambda names: f"<ul>{', '.join(names)}</ul>",
    markdown="<p>{}</p>".format,
)


def shown(data: dict[str, Any], **metadata: Any) -> str:
    output = {"output_type": "display_data", "data": data, "metadata": metadata}
    return output_html([output], CONTEXT)


def printed(text: str, name: str = "stdout") -> str:
    return output_html([{"output_type": "stream", "name": name, "text": text}], CONTEXT)


SHOWN: dict[str, tuple[Any, str]] = {
    GALLERY_MIME: (["idea"], "<ul>idea</ul>"),
    "text/html": ("<table><tr><td>1</td></tr></table>", "<td>1</td>"),
    "text/markdown": ("*x*", "<p>*x*</p>"),
    "text/latex": ("$x^2$", "<msup><mi>x</mi><mn>2</mn></msup>"),
    "application/json": ({"a": [1]}, '"a"'),
    "text/plain": ("42", "<code>42\n</code>"),
}
REFUSED = {
    "application/vnd.jupyter.widget-view+json": "needs a script",
    "application/javascript": "needs a script",
    "image/svg+xml": "caption and alt text",
    "image/png": "caption and alt text",
    "image/jpeg": "caption and alt text",
}
FIGURES = {MIME, EXPLORER_MIME}  # tests of figures and of the explorable draw these


def test_each_type_in_the_table_has_a_test() -> None:
    assert {*SHOWN, *REFUSED, *FIGURES} == {*WRITERS}


@pytest.mark.parametrize("kind", SHOWN)
def test_a_type_is_shown(kind: str) -> None:
    value, expected = SHOWN[kind]
    html = shown({"text/plain": "less", kind: value})
    assert expected in html
    assert "less" not in html


@pytest.mark.parametrize("kind", REFUSED)
def test_a_type_is_refused_and_says_what_would_do(kind: str) -> None:
    with pytest.raises(PageError, match=rf"docs/p.md, line 3.*{REFUSED[kind]}"):
        shown({kind: "…", "text/plain": "<Figure>"})


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
def test_a_picture_with_words_is_shown(kind: str) -> None:
    html = shown({kind: "QUJD\n"}, **{kind: {"alt": 'A "square"', "width": 3}})
    assert html == (
        f'<img src="data:{kind};base64,QUJD" alt="A &quot;square&quot;" width="3">'
    )


def test_a_type_that_no_page_knows_is_refused_by_name() -> None:
    with pytest.raises(PageError, match="application/x-odd"):
        shown({"application/x-odd": "…"})


def test_an_address_in_memory_is_refused() -> None:
    with pytest.raises(PageError, match=r"0x7f0000000000.*semicolon"):
        shown({"text/plain": "<Line2D object at 0x7f0000000000>"})


@pytest.mark.parametrize(
    "html",
    ["<script>1</script>", '<b onclick="x()">b</b>', '<a href="javascript:x()">a</a>'],
)
def test_a_script_is_refused(html: str) -> None:
    with pytest.raises(PageError, match="a script"):
        shown({"text/html": html})


def test_html_stays_as_it_is_and_in_its_box() -> None:
    assert "<pre>a\n\n\nb</pre>" in shown({"text/html": "<pre>a\n\n\nb</pre>"})
    unclosed = shown({"text/html": "<div><p>open"})
    assert unclosed.count("<div") == unclosed.count("</div>")


def test_text_is_shown_whole() -> None:
    html = printed("```\nx\n```\n@fig:idea <!-- nwdocs:build --> <b>\n")
    assert "```\nx\n```\n@fig:idea &lt;!-- nwdocs:build --&gt; &lt;b&gt;" in html


def test_standard_error_is_marked() -> None:
    assert "nw-stderr" in printed("careful\n", "stderr")
    assert "nw-stderr" not in printed("fine\n")


def test_a_long_text_is_folded_and_a_longer_one_is_not_searched() -> None:
    assert "<details" not in printed("x\n" * 40)
    assert "<summary>Output of 41 lines</summary>" in printed("x\n" * 41)
    assert "data-search-exclude" not in printed("x\n" * 200)
    assert "data-search-exclude" in printed("x\n" * 201)


def test_an_exception_is_shown_without_its_frames() -> None:
    said = "ZeroDivisionError: division by zero"
    assert said in output_html([{"output_type": "error", "traceback": [said]}], CONTEXT)


def test_a_value_in_a_sentence_is_inline() -> None:
    markdown = {"output_type": "execute_result", "data": {"text/markdown": "*x*"}}
    assert inline_html(markdown, CONTEXT) == "*x*"
    picture = {"output_type": "execute_result", "data": {"image/png": "…"}}
    with pytest.raises(PageError, match="does not fit into a sentence"):
        inline_html(picture, CONTEXT)


@pytest.mark.parametrize("kind", [kind for kind in SHOWN if kind != GALLERY_MIME])
def test_plain_markdown_shows_what_the_site_shows(kind: str) -> None:
    value, _ = SHOWN[kind]
    output = {"output_type": "display_data", "data": {kind: value}}
    written = plain.output_markdown([output], plain.Context("p.md", "", "".join))
    assert (json.dumps(value, indent=2) if kind.endswith("json") else value) in written
