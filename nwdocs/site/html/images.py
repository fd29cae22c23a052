"""Images on a page: each has words with it."""

import re
from html import unescape

from nwdocs.site.pages import PageError, place_of

__all__ = ["check_images"]

_IMAGE = re.compile(r"<img\b[^>]*>")
_WORDS = re.compile(r"""\balt=(?:"[^"]*\w[^"]*"|'[^']*\w[^']*')""")
_ADDRESS = re.compile(r"""\bsrc=["']([^"']*)""")


def check_images(file: str, html: str, text: str) -> None:
    """Find an image in a page's `html` that has no words with it.

    Raises:
        PageError: names the page, the line of its `text` and the image.
    """
    for image in _IMAGE.findall(html):
        if not _WORDS.search(image):
            found = _ADDRESS.search(image)
            address = unescape(found[1]) if found else ""
            name = address.rpartition("/")[2]
            raise PageError(
                f"{place_of(name or '<img', file, text)}: the image "
                f"{address!r} has no alt text. Say in it what is to be seen."
            )
