"""Pictures that stand for the site elsewhere: its icon, and a card for each page."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

__all__ = ["CARD_SIZE", "Tokens", "card", "icon_png", "icon_svg"]

#: Colours by name: the reading on the light page and on the dark one.
Tokens = Mapping[str, Mapping[str, str]]

#: Width and height of a card in pixels, as those who show links expect it.
CARD_SIZE = (1200, 630)

_LEFT = 64  # of the card's words
_COLUMN = 470  # their width
_PICTURE = (570, 50, 1160, 580)  # the box that the page's figure is fitted into
_CURVE = (300, 250)  # pixels from the top, and height, of the kernel on other cards
_TINT = "#e3f0ed"  # of the ground under it


def icon_svg(tokens: Tokens, bell: Sequence[float]) -> str:
    """The site's icon: the Gaussian kernel and a query, in the scheme's colours.

    Args:
        tokens: the colours by name, each with its light and its dark reading.
        bell: the kernel at even steps.
    """
    path = "L".join(f"{x + 2:g} {y + 4:g}" for x, y in _curve(bell, 28, 24))
    blue, orange = tokens["blue"], tokens["orange"]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>'
        f"path{{stroke:{blue['light']};fill:{blue['light']}}}"
        f"line{{stroke:{orange['light']}}}"
        "@media(prefers-color-scheme:dark){"
        f"path{{stroke:{blue['dark']};fill:{blue['dark']}}}"
        f"line{{stroke:{orange['dark']}}}}}"
        '</style><line x1="21" y1="3" x2="21" y2="29" stroke-width="2"/>'
        f'<path d="M{path}" fill-opacity=".2" stroke-width="3"/></svg>\n'
    )


def icon_png(tokens: Tokens, bell: Sequence[float], size: int = 180) -> bytes:
    """The same icon as PNG on white, for the home screens of telephones."""
    scale = 4  # drawn large and reduced: Pillow's lines have no smooth edges
    big = size * scale
    image = Image.new("RGB", (big, big), tokens["paper"]["light"])
    draw = ImageDraw.Draw(image)
    margin, query = big * 0.15, big * 0.66
    draw.line(
        [query, big * 0.16, query, big * 0.84], tokens["orange"]["light"], big // 24
    )
    for x, y in _curve(bell, big - 2 * margin, big * 0.6):
        draw.circle((x + margin, y + big * 0.2), big / 28, tokens["blue"]["light"])
    return _png(image.resize((size, size), Image.Resampling.LANCZOS), colours=32)


def _curve(
    bell: Sequence[float], width: float, height: float
) -> list[tuple[float, float]]:
    """A curve in a picture's pixels, of which y grows downwards."""
    return [
        (round(i / (len(bell) - 1) * width, 1), round((1 - value) * height, 1))
        for i, value in enumerate(bell)
    ]


def card(
    site: str,
    title: str,
    description: str,
    picture: bytes | None,
    tokens: Tokens,
    bell: Sequence[float],
) -> bytes:
    """A page's card: what it is called, what it says, and its first figure.

    Args:
        site: the site's name.
        title: the page's.
        description: a sentence or two.
        picture: the figure as PNG, if the page has one; else the card shows the kernel.
        tokens: the colours by name, each with its light and its dark reading.
        bell: the kernel at even steps.

    Returns:
        PNG, the same bytes for the same words, figure and libraries.
    """
    image = Image.new("RGB", CARD_SIZE, tokens["paper"]["light"])
    draw = ImageDraw.Draw(image)
    if picture:
        _paste(image, picture)
    else:
        _draw_curve(draw, tokens, bell)
    draw.rectangle((0, 0, 16, CARD_SIZE[1]), tokens["blue"]["light"])
    width = _COLUMN if picture else CARD_SIZE[0] - 2 * _LEFT
    lines: list[tuple[str, ImageFont.FreeTypeFont, str, float]] = []
    for text, size, bold, colour, after in (
        (site, 26, False, "muted", 44),
        (title, 54, True, "ink", 36),
        (description, 27, False, "ink", 0),
    ):
        font = _font(size, bold=bold)
        wrapped = _wrap(text, font, width)
        lines += [(line, font, colour, size * 1.3) for line in wrapped[:-1]]
        lines.append((wrapped[-1], font, colour, size * 1.3 + after))
    # Beside a picture the words stand in the middle, as it does; else on top.
    y = (CARD_SIZE[1] - sum(height for *_, height in lines)) / 2 if picture else 56.0
    for line, font, colour, height in lines:
        draw.text((_LEFT, y), line, tokens[colour]["light"], font)
        y += height
    return _png(image, colours=256)


def _paste(card: Image.Image, picture: bytes) -> None:
    """The picture, as large as its box allows, in the middle of it."""
    left, top, right, bottom = _PICTURE
    with Image.open(BytesIO(picture)) as opened:
        figure = opened.convert("RGB")
    figure.thumbnail((right - left, bottom - top), Image.Resampling.LANCZOS)
    x = left + (right - left - figure.width) // 2
    card.paste(figure, (x, top + (bottom - top - figure.height) // 2))


def _draw_curve(
    draw: ImageDraw.ImageDraw, tokens: Tokens, bell: Sequence[float]
) -> None:
    """The kernel, from side to side of the card's lower half."""
    top, height = _CURVE
    points = [(x, top + y) for x, y in _curve(bell, CARD_SIZE[0], height)]
    bottom = top + height
    draw.polygon([*points, (CARD_SIZE[0], bottom), (0, bottom)], _TINT)
    draw.line(points, tokens["green"]["light"], 6)
    draw.line([(0, bottom), (CARD_SIZE[0], bottom)], tokens["grid"]["light"], 3)


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
