"""Cards and icons."""

from io import BytesIO

import numpy as np
from PIL import Image

from nwdocs.figures import show
from nwdocs.figures.look import site_look
from nwdocs.site.html.cards import CARD_SIZE, card, icon_png, icon_svg

LOOK = site_look()
BELL = LOOK.bells["fine"]


def test_a_card_has_its_size_and_the_same_bytes_twice() -> None:
    picture = show("kernels").png()
    words = ("Site", "A title of a few words", "What the page says, in a sentence.")
    first = card(*words, picture, LOOK.tokens, BELL)
    assert first == card(*words, picture, LOOK.tokens, BELL)
    assert first != card(*words, None, LOOK.tokens, BELL)
    with Image.open(BytesIO(first)) as image:
        assert image.size == CARD_SIZE
        ground = np.asarray(image.convert("RGB"))[5, 300]
    assert ground.min() >= 254  # white, to the accuracy of 256 colours


def test_a_long_title_stays_left_of_the_picture() -> None:
    picture = show("kernels").png()
    drawn = card("S", "word " * 12, "say " * 40, picture, LOOK.tokens, BELL)
    with Image.open(BytesIO(drawn)) as image:
        gap = np.asarray(image.convert("L"))[:, 540:570]
    assert gap.min() >= 254


def test_icons_show_the_kernel() -> None:
    svg = icon_svg(LOOK.tokens, LOOK.bells["coarse"])
    assert svg == icon_svg(LOOK.tokens, LOOK.bells["coarse"])
    assert "M2 26.9" in svg  # exp(-2.5**2 / 2) is 0.04 of the height above 28
    with Image.open(BytesIO(icon_png(LOOK.tokens, LOOK.bells["fine"]))) as image:
        assert image.size == (180, 180)


def test_an_icon_has_the_colours_that_it_is_given() -> None:
    pink = {"light": "#ff00ff", "dark": "#ff88ff"}
    changed = LOOK.tokens | {"blue": pink, "orange": pink}
    svg = icon_svg(changed, LOOK.bells["coarse"])
    assert all(colour in svg for colour in pink.values())
    assert not any(
        colour in svg
        for name in ("blue", "orange")
        for colour in LOOK.tokens[name].values()
    )
