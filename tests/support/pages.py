"""Pages made of a few cells, and what became of them."""

from nwdocs.site.cells import Dialect, read_page
from nwdocs.site.pages import Page
from nwdocs.site.run.settings import Result

#: A page's front matter.
HEADER = """\
---
title: A page
description: "For a test: with a colon."
jupyter:
  kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""


#: The Markdown of the site, as far as containers go.
DIALECT = Dialect(
    (
        *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html"),
        *("tables", "toc", "pymdownx.blocks.details", "pymdownx.details"),
        *("pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.superfences"),
        *("pymdownx.tabbed", "pymdownx.arithmatex"),
    ),
    {"pymdownx.tabbed": {"alternate_style": True}},
)


#: Markdown with a cell in it, by what encloses the cell: in the words of the page "How
#: this site is built", and in the page itself.
RUN_IN = {
    "the page": "```python\nx = 1\n```\n",
    "a fence of tildes": "~~~python\nx = 1\n~~~\n",
    "of more than three signs": "`````python\nx = 1\n`````\n",
    "a list": "- item\n\n    ```python\n    x = 1\n    ```\n",
    "a list in a list": (
        "- a\n\n    - b\n\n        ```python\n        x = 1\n        ```\n"
    ),
    "an admonition": "!!! note\n    Text.\n\n    ```python\n    x = 1\n    ```\n",
    "a fold": "??? note\n\n    ```python\n    x = 1\n    ```\n",
    "a tab": '=== "A"\n\n    ```python\n    x = 1\n    ```\n',
    "a quote": "> Text.\n>\n> ```python\n> x = 1\n> ```\n",
    "a footnote": "A note[^1].\n\n[^1]: Text.\n\n    ```python\n    x = 1\n    ```\n",
    "a definition": "Term\n:   Text.\n\n    ```python\n    x = 1\n    ```\n",
    '`<div markdown="1">`': '<div markdown="1">\n\n```python\nx = 1\n```\n\n</div>\n',
}


def page(body: str, uri: str = "page.md", *, kernel: bool = True) -> Page:
    """The page whose text, below the front matter, is `body`."""
    return read_page(uri, HEADER + body, kernel=kernel, dialect=DIALECT)


def texts(result: Result) -> list[str]:
    """What each cell printed or returned, as text."""
    assert result.error is None, result.error
    return [
        "".join(
            o["text"] if o["output_type"] == "stream" else o["data"]["text/plain"]
            for o in cell
        )
        for cell in result.outputs
    ]
