"""What cells displayed and printed, as Markdown blocks."""

import pytest

from nwdocs.site.html.outputs import output_markdown
from nwdocs.site.pages import PageError


def test_an_image_without_words_is_refused() -> None:
    output = {
        "output_type": "display_data",
        "data": {"image/png": "…", "text/plain": "<Figure>"},
    }
    with pytest.raises(PageError, match=r"docs/p.md, line 3.*caption and alt text"):
        output_markdown([output], here="", where="docs/p.md, line 3, cell 1")


def test_printed_fences_do_not_end_the_block() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "```\nx\n```\n"}
    written = output_markdown([output], here="", where="")
    assert written.startswith("````")
    assert written.endswith("\n````")
