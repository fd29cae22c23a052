"""Cells are found where Markdown finds code, and what looks like one and is not fails."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nwdocs.site.cells import TAGS
from nwdocs.site.pages import PageError
from support.pages import HEADER, RUN_IN, page

TOP = HEADER.count("\n")


@pytest.mark.parametrize("container", RUN_IN)
def test_a_cell_is_found_in(container: str) -> None:
    (cell,) = page(RUN_IN[container]).cells
    assert cell.source == "x = 1"
    lines = (HEADER + RUN_IN[container]).splitlines()
    assert lines[cell.line - 1].endswith("x = 1"), "the line is that of the source"


@pytest.mark.parametrize(
    "body",
    [
        "<!--\n```python\nx = 1\n```\n-->\n\nend\n",
        "````md\n```python\nx = 1\n```\n````\n",
        "~~~md\n```python\nx = 1\n```\n~~~\n",
        "Text.\n\n    ```python\n    x = 1\n    ```\n",
        "```py\nx = 1\n```\n",
        "```html\n<b>python</b>\n```\n",
        "```text\nThe mean is `{python} mean`.\n```\n",
        "Write `` `{python} mean` `` for it.\n",
        "<!-- `{python} mean` -->\n",
    ],
)
def test_what_is_only_shown_is_no_cell(body: str) -> None:
    assert page(body).cells == ()
    assert page(body).text == HEADER + body


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("```Python\n1\n```\n", 1, "looks like a cell and would not run"),
        ("```{.python}\n1\n```\n", 1, "looks like a cell and would not run"),
        ("```{code-cell} ipython3\n1\n```\n", 1, "looks like a cell"),
        ("```python eval=false\n1\n```\n", 1, "no option 'eval'"),
        ("```python stray\n1\n```\n", 1, "no option 'stray'"),
        ('```python tags=["nope"]\n1\n```\n', 1, "tags must be a list"),
        ("```python tags=hide_input\n1\n```\n", 1, "tags must be a list"),
        ('```python linenums="x"\n1\n```\n', 1, "linenums of a cell cannot be"),
        ("Text.\n\n```python\n1\n", 3, "is not closed"),
        ("- a\n\n    ```python\n    1\n  2\n    ```\n", 3, "is not closed"),
        ("Text.\n\n<div>`{python} x`</div>\n", 3, "would not be computed"),
        ("Text \ue000.\n", 1, r"private character U\+E000"),
    ],
)
def test_what_looks_like_a_cell_and_would_not_run_is_refused(
    body: str, line: int, message: str
) -> None:
    where = rf"docs/page\.md, line {TOP + line}: "
    with pytest.raises(PageError, match=f"{where}.*{message}"):
        page(body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("```python\n1\n```\n", r"```python cell \(1 on the page\) but no kernelspec"),
        ("It is `{python} x`.\n", "inline expression on a page without kernelspec"),
    ],
)
def test_a_page_without_a_kernel_has_no_cells(body: str, message: str) -> None:
    with pytest.raises(PageError, match=message):
        page(body, kernel=False)


def test_cells_know_their_lines_numbers_tags_and_options() -> None:
    options = 'tags=["fold", "hide_output"] title="six.py" linenums="1"'
    found = page(
        "Prose.\n\n```python\na = 1\n```\n\nIt is `{python} a + 1`.\n\n"
        f"```python {options}\n\nb = 2\n```\n"
    )
    assert [(c.number, c.inline, c.tags) for c in found.cells] == [
        (1, False, ()),
        (1, True, ()),
        (2, False, ("fold", "hide_output")),
    ]
    assert [c.line - TOP for c in found.cells] == [4, 7, 10]
    assert found.cells[2].options == {"title": "six.py", "linenums": "1"}
    assert found.cells[2].source == "\nb = 2"


def test_expressions_are_found_where_markdown_finds_code() -> None:
    found = page(
        "It is `{python} a\n+ b`, *`{python} c`* and [so](x.md?y=`{python} d`#z).\n\n"
        "| h |\n|--|\n| `{python} e` |\n\n## A heading `{python} f`\n"
    ).cells
    assert [cell.source for cell in found] == ["a + b", "c", "d", "e", "f"]
    assert [cell.in_link for cell in found] == [False, False, True, False, False]


@pytest.mark.parametrize("tag", TAGS)
def test_each_tag_is_known(tag: str) -> None:
    assert page(f'```python tags=["{tag}"]\n1\n```\n').cells[0].tags == (tag,)


# --- Pages at random, checked against a simple model -------------------------------------

PROSE = st.sampled_from(
    [
        "Plain words.",
        "A `code span` and *emphasis*.",
        "<!-- a comment with ```python in it -->",
        "Text with `` `{python} look_alike` `` shown.",
        "[@nadaraya1964] and @fig:idea and <!-- nwdocs:build -->",
        "```py\nimport this\n```",
        "````md\n```python\nnot_a_cell\n```\n````",
        "~~~text\n`{python} not_an_expression`\n~~~",
    ]
)
CODE = st.sampled_from(
    [
        "x = 1",
        "print('```')",
        '"""\n\nblank lines\n\n"""',
        "y = '<div>'",
        "z  # `{python} w`",
    ]
)
# What opens a container, and what stands before each line in it.
WRAPPED = st.sampled_from([("", ""), ("- item\n\n", "    "), ("!!! note\n\n", "    ")])


def fenced(code: str, wrapped: tuple[str, str]) -> str:
    opening, indent = wrapped
    ticks = "`````" if "```" in code else "```"
    lines = [f"{ticks}python", *code.split("\n"), ticks]
    return opening + "\n".join(f"{indent}{line}".rstrip() for line in lines)


BLOCKS = st.one_of(
    PROSE.map(lambda text: (text, None)),
    st.tuples(CODE, WRAPPED).map(lambda pair: (fenced(*pair), pair[0])),
    st.sampled_from(["a", "b + 1"]).map(lambda e: (f"It is `{{python}} {e}`.", e)),
)


@settings(max_examples=200)
@given(st.lists(BLOCKS, min_size=1, max_size=12))
def test_a_page_at_random_has_the_cells_that_were_put_in(
    blocks: list[tuple[str, str | None]],
) -> None:
    # A paragraph between them: else one list takes up the next.
    body = "\n\nBetween.\n\n".join(text for text, _ in blocks) + "\n"
    found = page(body)
    expected = [code for _, code in blocks if code is not None]
    assert [cell.source for cell in found.cells] == expected
    spans = [cell.span for cell in found.cells]
    assert spans == sorted(spans)
    assert found.text == HEADER + body
