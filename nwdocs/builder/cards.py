"""Pictures that stand for the site elsewhere: its icon, and a card for each page."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from nwdocs.kernels import gaussian
from nwdocs.palette import TOKENS

__all__ = ["CARD_SIZE", "card", "icon_png", "icon_svg"]

#: Width and height of a card in pixels, as those who show links expect it.
CARD_SIZE = (1200, 630)

_LEFT = 64  # of the card's words
_COLUMN = 470  # their width
_PICTURE = (570, 50, 1160, 580)  # the box that the page's figure is fitted into
_LIGHT = {name: token.light for name, token in TOKENS.items()}


def _bell(
    width: float, height: float, *, points: int = 33
) -> list[tuple[float, float]]:
    """The Gaussian from -2.5 to 2.5, in a picture's pixels, upside down as those are."""
    u = np.linspace(-2.5, 2.5, points)
    x = (u - u[0]) / (u[-1] - u[0]) * width
    y = (1 - gaussian(u)) * height
    return [(round(float(a), 1), round(float(b), 1)) for a, b in zip(x, y, strict=True)]


def icon_svg() -> str:
    """The site's icon: the Gaussian kernel and a query, in the scheme's colours."""
    path = "L".join(f"{x + 2:g} {y + 4:g}" for x, y in _bell(28, 24))
    blue, orange = TOKENS["blue"], TOKENS["orange"]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>'
        f"path{{stroke:{blue.light};fill:{blue.light}}}line{{stroke:{orange.light}}}"
        "@media(prefers-color-scheme:dark){"
        f"path{{stroke:{blue.dark};fill:{blue.dark}}}line{{stroke:{orange.dark}}}}}"
        '</style><line x1="21" y1="3" x2="21" y2="29" stroke-width="2"/>'
        f'<path d="M{path}" fill-opacity=".2" stroke-width="3"/></svg>\n'
    )


def icon_png(size: int = 180) -> bytes:
    """The same icon as PNG on white, for the home screens of telephones."""
    scale = 4  # drawn large and reduced: Pillow's lines have no smooth edges
    big = size * scale
    image = Image.new("RGB", (big, big), _LIGHT["paper"])
    draw = ImageDraw.Draw(image)
    margin, query = big * 0.15, big * 0.66
    draw.line([query, big * 0.16, query, big * 0.84], _LIGHT["orange"], big // 24)
    for x, y in _bell(big - 2 * margin, big * 0.6, points=301):
        draw.circle((x + margin, y + big * 0.2), big / 28, _LIGHT["blue"])
    return _png(image.resize((size, size), Image.Resampling.LANCZOS), colours=32)


def card(site: str, title: str, description: str, picture: bytes | None) -> bytes:
    """A page's card: what it is called, what it says, and its first figure.

    Args:
        site: the site's name.
        title: the page's.
        description: a sentence or two.
        picture: the figure as PNG, if the page has one.

    Returns:
        PNG, the same bytes for the same words, figure and libraries.
    """
    image = Image.new("RGB", CARD_SIZE, _LIGHT["paper"])
    draw = ImageDraw.Draw(image)
    width = _COLUMN if picture else CARD_SIZE[0] - 2 * _LEFT
    draw.rectangle((0, 0, 16, CARD_SIZE[1]), _LIGHT["blue"])
    y = 56.0
    for text, size, bold, colour, after in (
        (site, 26, False, "muted", 44),
        (title, 54, True, "ink", 36),
        (description, 27, False, "ink", 0),
    ):
        font = _font(size, bold=bold)
        for line in _wrap(text, font, width):
            draw.text((_LEFT, y), line, _LIGHT[colour], font)
            y += size * 1.3
        y += after
    if picture:
        left, top, right, bottom = _PICTURE
        with Image.open(BytesIO(picture)) as opened:
            figure = opened.convert("RGB")
        figure.thumbnail((right - left, bottom - top), Image.Resampling.LANCZOS)
        x = left + (right - left - figure.width) // 2
        image.paste(figure, (x, top + (bottom - top - figure.height) // 2))
    return _png(image, colours=256)


def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return ImageFont.truetype(folder / name, size, layout_engine=ImageFont.Layout.BASIC)


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> Sequence[str]:
    """`text` in lines that are no wider than `width` pixels, if its words allow."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _png(image: Image.Image, *, colours: int) -> bytes:
    with BytesIO() as out:
        # The octree takes a tenth of the time of Pillow's own choice, and fewer bytes.
        image.quantize(
            colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        ).save(out, "png")
        return out.getvalue()
