"""Sections of a page as slides."""

import pytest

from nwdocs.site.export.slides import slides_of
from nwdocs.site.pages import PageError

PAGE = """
<h1 id="a-page">A page<a class="headerlink" href="#a-page">¶</a></h1>
<p class="nw-about">3 minutes to read</p>
<p>First <em>one</em>. Then <a href="../other/#x">another</a>. A third, which is long
enough all by itself to be taken for two or three, so that no key sentence of a slide would
be short with it, whoever reads it aloud.</p>
<details class="question"><summary>Predict</summary><p>It rises.</p></details>
<figure class="nw-figure" id="fig-a"><!--picture-->
<figcaption>What it shows.</figcaption></figure>
<p>After it, see <a href="?explore.sigma=1#explore">a view</a>.</p>
<h2 id="code">Code</h2>
<p>Only this:</p>
<div class="language-python highlight"><pre><code>1 + 1</code></pre></div>
<h3 id="deeper">Deeper</h3>
<p>Not on the slide.</p>
<h2 id="end">End</h2>
<p>The end.</p>
"""


def test_a_slide_is_a_heading_a_sentence_and_what_is_to_be_seen() -> None:
    (slide,) = slides_of(PAGE, {"a-page": "figure"}, "a.md", "a/")
    assert slide.title == slide.page == "A page"
    assert slide.key == ('First <em>one</em>. Then <a href="../other/#x">another</a>.')
    assert slide.shown.startswith('<figure class="nw-figure"><!--picture-->')
    assert "A third, which is long" in slide.notes
    assert '<details class="question" open="">' in slide.notes
    assert "figure" not in slide.notes
    assert 'href="../a/?explore.sigma=1#explore"' in slide.notes
    assert "minutes" not in slide.key + slide.notes


def test_a_section_ends_at_the_next_of_its_rank() -> None:
    (slide,) = slides_of(PAGE, {"code": "code"}, "a.md", "a/")
    assert (slide.name, slide.url) == ("code", "../a/#code")
    assert slide.key == "Only this:"
    assert "1 + 1" in slide.shown
    assert "Not on the slide." in slide.notes
    assert "The end." not in slide.notes


def test_slides_come_in_the_order_of_the_page() -> None:
    found = slides_of(PAGE, {"end": "title", "a-page": "figure"}, "a.md", "a/")
    assert [slide.name for slide in found] == ["a-page", "end"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            {"none": "figure"},
            "a.md, slides: there is no section 'none'; there are a-page",
        ),
        ({"end": "figure"}, "a.md, slides, end: the section has no figure"),
        ({"end": "film"}, "a slide cannot show 'film'; it can show figure, formula"),
        ({"a-page": ["figure", "figure"]}, "the section has no figure"),
    ],
)
def test_what_cannot_be_a_slide_is_named(wanted: dict[str, str], message: str) -> None:
    with pytest.raises(PageError, match=message):
        list(slides_of(PAGE, wanted, "a.md", "a/"))
