"""Images have words with them."""

import pytest

from nwdocs.site.html.images import check_images
from nwdocs.site.pages import PageError


@pytest.mark.parametrize(
    "image",
    [
        '<img src="../a.png">',
        '<img alt="" src="../a.png">',
        "<img alt=' ' src='a.png'>",
    ],
)
def test_an_image_on_a_page_has_words(image: str) -> None:
    check_images("docs/p.md", '<p><img alt="A cat" src="a.png"></p>', "")
    with pytest.raises(
        PageError, match=r"docs/p.md, line 2: .*a\.png' has no alt text"
    ):
        check_images("docs/p.md", f"<p>{image}</p>", "One.\n![](a.png)\n")
