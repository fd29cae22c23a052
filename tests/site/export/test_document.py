"""Pages as prose and cells: what only this site's Markdown knows is written plainly."""

import pytest

from nwdocs.site.export.document import Cut, cut, simple

CELL = "```nw-cell\n\ue000{}\ue001\n```"


def plain(markdown: str) -> str:
    return simple(markdown, lambda target: f"<{target}>")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (
            '!!! note "A title"\n    Words.\n\nAfter',
            "> **A title**\n>\n> Words.\n\nAfter",
        ),
        ("!!! tip\n\n    Words.", "> **Tip**\n>\n> Words."),
        ('??? verdict success "It holds."\n\n    So.', "> **It holds.**\n>\n> So."),
        (
            "/// details | Predict\n    type: question\n\nOne.\n\nTwo.\n\n///\nAfter",
            "> **Predict**\n>\n> One.\n>\n> Two.\nAfter",
        ),
        (
            '!!! note "Out"\n\n    !!! tip "In"\n\n        Words.',
            "> **Out**\n>\n> > **In**\n> >\n> > Words.",
        ),
        ("## A part { #a-part .nw-live-not }", "## A part"),
        ("[Begin](a.md){ .md-button .md-button--primary }", "[Begin](<a.md>)"),
        ("[`pool`][nwdocs.attention.pool]", "[`pool`](<api.md#nwdocs.attention.pool>)"),
        ("`[a](b.md)` and ![x](c.svg)", "`[a](b.md)` and ![x](<c.svg>)"),
        ("```py\n!!! note\n    [a](b)\n```", "```py\n!!! note\n    [a](b)\n```"),
        ("Weights $w_{ii}$ and `{ #x }`.", "Weights $w_{ii}$ and `{ #x }`."),
        ("A term.\n\n*[term]: A word.\n", "A term.\n\n"),
    ],
)
def test_markdown_of_this_site_is_written_plainly(markdown: str, expected: str) -> None:
    assert plain(markdown) == expected


def test_notes_are_numbered_as_the_text_comes_to_them() -> None:
    text = "One[^b], two[^a].\n\n[^a]: First.\n[^b]: Second.\n"
    assert plain(text) == (
        "One \\[1\\], two \\[2\\].\n\n## Notes\n\n1. Second.\n2. First.\n"
    )


def test_a_page_is_cut_at_its_cells_and_headings() -> None:
    markdown = f"# A\n\nIt is \ue0001\ue001.\n\n{CELL.format(0)}\n\n## B\n\nEnd."
    assert cut(markdown, lambda index: f"value {index}") == (
        Cut("# A\n\nIt is value 1."),
        Cut(cell=0),
        Cut("## B\n\nEnd."),
    )


def test_a_cell_in_a_fold_stands_between_two_quotes() -> None:
    inside = f"So:\n\n{CELL.format(0)}\n\nOr."
    fold = f"/// details | Solution\n    type: abstract\n\n{inside}\n\n///"
    assert cut(plain(fold), str) == (
        Cut("> **Solution**\n>\n> So:"),
        Cut(cell=0),
        Cut("> Or."),
    )


def test_a_comment_in_code_is_no_heading() -> None:
    assert cut("```py\n# a comment\n```\n", str) == (Cut("```py\n# a comment\n```"),)
