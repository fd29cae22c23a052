"""Pages are read and written, and what MkDocs would pass over is found."""

import re

import pytest

from nwdocs.site.pages import PageError, check_page, write_page
from support.pages import HEADER, page


def test_cells_know_their_lines_numbers_and_tags() -> None:
    found = page(
        "Prose.\n\n```python\na = 1\n```\n\nIt is `{python} a + 1`.\n\n"
        '```python tags=["fold", "hide_output"]\n\nb = 2\n```\n'
    )
    assert [(c.number, c.inline, c.tags) for c in found.cells] == [
        (1, False, ()),
        (1, True, ()),
        (2, False, ("fold", "hide_output")),
    ]
    lines = (HEADER + "Prose.\n\n```python\na = 1").splitlines()
    assert found.cells[0].line == len(lines)
    assert found.cells[1].source == "a + 1"
    assert found.cells[1].line == len(lines) + 3


def test_each_expression_of_a_sentence_knows_its_line() -> None:
    found = page(
        "```text\n`{python} a`\n```\n\n`{python} a`\n`{python} b` `{python} a`\n\n"
        "```python\na = 1\n```\n\n`{python} a`\n"
    )
    top = HEADER.count("\n")
    assert [(c.source, c.line - top) for c in found.cells if c.inline] == [
        *(("a", 5), ("b", 6), ("a", 6), ("a", 12))
    ]


def test_a_page_without_outputs_is_what_it_was() -> None:
    body = "# Title\n\nProse with `code`.\n\n```python\nx = 1\n\n\ny = 2\n```\n\nEnd.\n"
    written = write_page(page(body), [""])
    assert written.startswith(HEADER.partition("jupyter:")[0])
    assert re.sub(r"\n{2,}", "\n", written).endswith(re.sub(r"\n{2,}", "\n", body))
    assert "x = 1\n\n\ny = 2" in written, "code keeps its blank lines"


def test_what_is_only_shown_is_left_alone() -> None:
    shown = "```text\nThe mean is `{python} mean`.\n```\n\n```py\nimport this\n```\n"
    found = page(shown)
    assert found.cells == []
    assert "`{python} mean`" in write_page(found, [])


def test_tags_decide_what_is_shown() -> None:
    found = page(
        '```python tags=["hide_input"]\na\n```\n\n```python tags=["hide_output"]\nb\n'
        '```\n\n```python tags=["fold"]\nc\n```\n'
    )
    written = write_page(found, ["OUT-A", "OUT-B", "OUT-C"])
    assert "OUT-A" in written
    assert "```python\na" not in written
    assert "OUT-B" not in written
    assert "```python\nb" in written
    assert "OUT-C" in written
    assert '??? code "Code"\n\n    ```python\n    c\n    ```' in written


def test_a_fence_that_jupytext_would_run_unseen_is_refused() -> None:
    line = HEADER.count("\n") + 5
    with pytest.raises(PageError, match=rf"page\.md, line {line}: .*not ```python"):
        page("```python\n1\n```\n\n```bash\necho hello\n```\n\n```python\n2\n```\n")


@pytest.mark.parametrize("fence", ["~~~python\n1\n~~~", "```python\n1\n"])
def test_a_fence_that_jupytext_would_pass_over_is_refused(fence: str) -> None:
    line = HEADER.count("\n") + 5
    with pytest.raises(PageError, match=rf"page\.md, line {line}: .*no cell"):
        page(f"```python\n1\n```\n\n{fence}\n\n```python\n2\n```\n")


@pytest.mark.parametrize(
    ("text", "executed", "message"),
    [
        ("# No front matter\n", False, "line 1: .*must have a title"),
        ("---\ntitle: A\n---\n", False, "must have a description"),
        ("---\ntitle: 3\ndescription: b\n---\n", False, "must have a title"),
        ("---\ntitle: A: b\ndescription: c\n---\n", False, "line 2: .*not valid YAML"),
        (
            "---\ntitle: A\ndescription: b\n---\n\n```python\n1\n```\n",
            False,
            r"line 6: a ```python cell \(1 on the page\) but no kernelspec",
        ),
    ],
)
def test_what_mkdocs_would_pass_over_is_an_error(
    text: str, executed: bool, message: str
) -> None:
    with pytest.raises(PageError, match=f"docs/some.md, {message}|{message}"):
        check_page("some.md", text, executed=executed)


def test_a_good_page_passes() -> None:
    check_page("some.md", HEADER + "```python\n1\n```\n", executed=True)
