"""Outputs as Markdown that needs no MkDocs."""

from nwdocs.display import EXPLORER_MIME
from nwdocs.site.export.plain import (
    Context,
    link_names,
    output_markdown,
    without_controls,
)
from support.odd_figure import shown_figure


def test_links_to_a_view_of_the_explorable_lead_to_its_figure() -> None:
    markup = {
        EXPLORER_MIME: ('<div><nw-explorer id="explore">', "</nw-explorer></div>")
    }
    text = shown_figure("page.md", **markup)
    assert '<a id="explore"></a>![' in text
    assert "nw-explorer" not in text
    links = "[a](?explore.sigma=0.1#explore) [b](index.md?x=1) [c](https://e.org/?d#f)"
    assert (
        without_controls(links) == "[a](#explore) [b](index.md) [c](https://e.org/?d#f)"
    )


def test_what_is_said_of_controls_is_left_out_and_its_address_kept() -> None:
    page = (
        "## A part\n\nStays.\n\n## Turn it now { #turn-it-now .nw-live }\n\n"
        "The slider\nis below.\n{ .nw-live }\n\nStays, too.\n"
    )
    kept = without_controls(page)
    assert kept.split() == [
        *("##", "A", "part", "Stays.", "<a", 'id="turn-it-now"></a>', "Stays,", "too.")
    ]


def test_links_fit_the_folder_of_the_page() -> None:
    assert "](figures/odd.svg)" in shown_figure("page.md")
    assert "](../figures/odd.csv)" in shown_figure("deck/page.md")
    places = {"nwdocs.Kernel": "api.md#nwdocs.Kernel"}
    text = "A [`Kernel`][nwdocs.Kernel] and [that][nwdocs.nothing]."
    assert link_names(text, places, "deck/page.md") == (
        "A [`Kernel`](../api.md#nwdocs.Kernel) and that."
    )


def test_a_printed_text_is_a_fence_that_any_reader_knows() -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": "```\nhello\n"}
    assert output_markdown([printed], Context("page.md", "", "".join)) == (
        "````text\n```\nhello\n````"
    )
