"""Pages at random: cells run in order, each output once and in its place, all text whole."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from textwrap import indent

from hypothesis import given, settings
from hypothesis import strategies as st

from support.building import run_mkdocs
from support.pages import HEADER
from support.small_project import edit, write_small_project

# Blocks without cells: the Markdown, and what a reader finds.
PROSE = [
    ("Plain words.", "Plain words."),
    ("A `code span` and *emphasis*.", "A code span and emphasis."),
    ("<!-- a comment with ```python in it -->", ""),
    ("<!--\n```python\n1 / 0\n```\n-->", ""),
    ("Text: `` `{python} like` ``.", "Text: `{python} like`."),
    ("A citation [@nadaraya1964], &lt;div&gt;.", "A citation [@nadaraya1964], <div>."),
    ("```py\nimport this\n```", "import this"),
    ("````md\n```python\n1 / 0\n```\n````", "```python 1 / 0 ```"),
    ("~~~text\n`{python} like`\n~~~", "`{python} like`"),
    ("Text.\n\n    ```python\n    1 / 0\n    ```", "Text. ```python 1 / 0 ```"),
]

# What a cell ends with, and what a reader finds of it; # is the number of the cell.
ENDS = [
    ("print('ran', n)", "ran #"),
    ("f'value {n}'", "'value #'"),
    ("print('<b>', n, '</div> [@x]')", "<b> # </div> [@x]"),
    ("print('`' * 3, n, '<!-- c --> *[A]: b')", "``` # <!-- c --> *[A]: b"),
    ("print(n)  # `{python} 1 / 0`", "#"),
    ('print(f"""\n\nblank {n}\n\n""")', "blank #"),
    ("HTML(f'<div><i>html {n}')", "html #"),
    ("Markdown(f'*md* `{n}`')", "md #"),
    ("print('over', end='\\r'); print('done', n)", "done #"),
    ("print('x'); clear_output(); print('kept', n)", "kept #"),
    ("None", ""),
]
COUNT = "n = globals().get('n', 0) + 1"
IMPORTS = "from IPython.display import HTML, Markdown, clear_output"

Block = Callable[
    [int], tuple[str, str, int]
]  # from cells so far: Markdown, text, cells


def prose(block: tuple[str, str]) -> Block:
    return lambda cells: (*block, 0)


def inline(cells: int) -> tuple[str, str, int]:
    return (
        "It is `{python} n * 2` and **`{python}\nn`**.",
        f"It is {cells * 2} and {cells}.",
        0,
    )


def cell(end: tuple[str, str], fence: str, wrap: tuple[str, str, str]) -> Block:
    source = f"{COUNT}\n{end[0]}"
    opening, title, before = wrap

    def block(cells: int) -> tuple[str, str, int]:
        fenced = indent(f"{fence}python\n{source}\n{fence}", before, lambda _: True)
        shown = end[1].replace("#", str(cells + 1))
        return opening + fenced, f"{title} {source} {shown}", 1

    return block


WRAPS = [
    ("", "", ""),
    ("- item\n\n", "item", "    "),
    ("1. one\n\n    - two\n\n", "one two", "        "),
    ("!!! note\n\n", "Note", "    "),
    ('??? note "Fold"\n\n', "Fold", "    "),
    ("> said\n>\n", "said", "> "),
]
BLOCKS = st.one_of(
    st.sampled_from(PROSE).map(prose),
    st.just(inline),
    st.builds(
        cell,
        st.sampled_from(ENDS),
        st.sampled_from(["````", "~~~~", "``````"]),
        st.sampled_from(WRAPS),
    ),
)


def words(text: str) -> str:
    return " ".join(text.split())


def test_two_hundred_pages(mkdocs: None, tmp_path: Path) -> None:
    project = write_small_project(tmp_path / "project")
    extensions = "".join(
        f"  - {name}\n"
        for name in ("admonition", "pymdownx.details", "pymdownx.highlight")
    )
    edit(project / "mkdocs.yml", "  - attr_list\n", f"  - attr_list\n{extensions}")
    expected: list[str] = []

    @settings(max_examples=200)
    @given(st.lists(BLOCKS, min_size=1, max_size=10))
    def write_page(blocks: list[Block]) -> None:
        text, shown, cells = (
            f"# T\n\n```python\n{IMPORTS}\nn = 0\n```\n",
            f"T {IMPORTS} n = 0",
            0,
        )
        for block in blocks:
            markdown, found, ran = block(cells)
            # A paragraph between them: else one list takes up the next.
            text += f"\n{markdown}\n\nBetween.\n"
            shown += f" {found} Between."
            cells += ran
        (project / f"docs/page{len(expected)}.md").write_text(HEADER + text)
        expected.append(words(shown))

    write_page()
    assert len(expected) >= 200
    status, output = run_mkdocs(project)
    assert status == 0, output
    for number, text in enumerate(expected):
        html = (project / f"site/page{number}/index.html").read_text(encoding="utf-8")
        html = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
        html = re.sub(
            r"</?(?:p|div|li|ol|ul|h1|pre|details|summary|blockquote)\b",
            r" \g<0>",
            html,
        )
        assert words(unescape(re.sub(r"<[^>]*>", "", html))) == text, f"page {number}"
