"""A figure on a page brings its script, folded; and words in another sense stay plain."""

import re
from html import unescape

from nwdocs.display import MIME
from nwdocs.figures import show
from nwdocs.site.html.glossary import first_only
from nwdocs.site.html.outputs import Context, output_html


def test_under_a_figure_is_the_script_that_draws_it() -> None:
    figure = show("kernels")
    data = figure._repr_mimebundle_()
    output = {"output_type": "display_data", "data": data}
    context = Context("kernels/", "docs/kernels.md", str, str)
    page = output_html([output], context)
    picture, fold, code = page.partition("<summary>Code</summary>")
    assert picture.startswith('<figure class="nw-figure" id="fig-kernels">')
    assert fold
    shown = unescape(re.sub(r"<[^>]*>", "", code)).strip()
    assert shown == data[MIME]["code"].strip()


def test_a_word_in_another_sense_has_no_definition() -> None:
    abbr = '<abbr title="An error.">bias</abbr>'
    marked = f'<p><span class="nw-other-sense">{abbr}</span>, then {abbr}, {abbr}</p>'
    assert first_only(marked) == (
        '<p><span class="nw-other-sense">bias</span>, then '
        '<abbr tabindex="0" title="An error.">bias</abbr>, bias</p>'
    )
