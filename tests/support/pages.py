"""Pages made of a few cells, and what became of them."""

from nwdocs.site.pages import Page, read_page
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


def page(body: str, uri: str = "page.md") -> Page:
    """The page whose text, below the front matter, is `body`."""
    return read_page(uri, HEADER + body)


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
