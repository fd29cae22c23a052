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
