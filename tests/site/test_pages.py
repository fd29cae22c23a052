"""A page's text and front matter are read as MkDocs reads them."""

import pytest

from nwdocs.site.pages import (
    PageError,
    check_front_matter,
    has_kernel,
    place_of,
    with_blocks,
)
from support.pages import HEADER, page


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# No front matter\n", "line 1: .*must have a title"),
        ("---\ntitle: A\n---\n", "must have a description"),
        ("---\ntitle: [3]\ndescription: b\n---\n", "must have a title"),
        ("---\ntitle: A: b\ndescription: c\n---\n", "line 2: .*not valid YAML"),
    ],
)
def test_front_matter_that_mkdocs_would_pass_over_is_an_error(
    text: str, message: str
) -> None:
    with pytest.raises(PageError, match=f"docs/some.md, {message}|{message}"):
        check_front_matter("docs/some.md", text)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: 2026\ndescription: b\njupyter: python3\n...\n",
        "---  \ntitle: A\ndescription: b\nkernelspec: {name: python3}\n---  \n",
        HEADER,
    ],
)
def test_each_form_of_front_matter_is_read(text: str) -> None:
    assert has_kernel(check_front_matter("docs/some.md", text))


@pytest.mark.parametrize(
    "known", [{}, {"jupyter": "ir"}, {"kernelspec": {"name": "R"}}]
)
def test_other_kernels_are_none(known: dict[str, object]) -> None:
    assert not has_kernel(known)


def test_blocks_stand_where_the_cells_stood() -> None:
    found = page("- item\n\n    ```python\n    1\n    ```\n\nIt is `{python} 2`.\n")
    written = with_blocks(found, ["A\n\nB", "two"])
    assert written == HEADER + "- item\n\n    A\n\n    B\n\nIt is two.\n"


def test_words_are_found_in_prose_before_code() -> None:
    text = "```text\nword\n```\n\nA word.\n"
    assert place_of("word", "docs/p.md", text) == "docs/p.md, line 5"
    assert place_of("other", "docs/p.md", text) == "docs/p.md"
