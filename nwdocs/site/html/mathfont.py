"""A font for formulas: STIX Two Math, cut down to the characters that the site uses.

Without an OpenType font for mathematics a browser draws small sums, brackets that do not
grow, and loose subscripts. Android and most Linux machines have none. Twelve kilobytes
mend that. The font comes with the package ziamath, under the SIL Open Font Licence.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from html import unescape
from importlib.metadata import distribution
from io import BytesIO

__all__ = ["characters", "math_font", "sheet"]

# Found without importing the package, which would load all of it.
_SOURCE = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
_NAME = re.compile(r"<mi(?: class=[^>]*)?>(.|&\w+;)</mi>")
_FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ROOT = re.compile(r"<m(sqrt|root)\b")  # whose sign is in no text
# Browsers draw a letter that stands alone with its italic twin: (first, last, twin of it).
_ITALICS = (("A", "Z", "𝐴"), ("a", "z", "𝑎"), ("Α", "Ω", "𝛢"), ("α", "ω", "𝛼"))
_LICENCE = (0, 13, 14)  # what the font says of its copyright must stay with it


def characters(pages: Iterable[str]) -> frozenset[str]:
    """The characters that the formulas in `pages`, which are HTML, are drawn with."""
    drawn: set[str] = set()
    for page in pages:
        for formula in _FORMULA.findall(page):
            drawn.update(_italic(unescape(name)) for name in _NAME.findall(formula))
            drawn.update(unescape(_TAG.sub("", _NAME.sub("", formula))))
            drawn.update("√" if _ROOT.search(formula) else "")
    return frozenset(drawn)


def _italic(letter: str) -> str:
    for first, last, twin in _ITALICS:
        if first <= letter <= last:
            # Unicode had this one already, among the physical constants.
            return "ℎ" if letter == "h" else chr(ord(letter) - ord(first) + ord(twin))
    return letter


def math_font(used: Iterable[str]) -> bytes:
    """The font with the characters `used`, and the sizes that they come in, as WOFF2."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        flavor="woff2",
        layout_features=[],
        hinting=False,
        glyph_names=False,
        name_IDs=list(_LICENCE),
        drop_tables=["GDEF", "GPOS", "DSIG"],
    )
    with TTFont(str(_SOURCE), recalcTimestamp=False) as font, BytesIO() as out:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[ord(character) for character in used])
        cutter.subset(font)
        subset.save_font(font, out, options)
        return out.getvalue()


def sheet(font: bytes) -> str:
    """The style sheet that has the font in it."""
    data = b64encode(font).decode()
    # Optional: should a browser be late with it all the same, no text moves.
    return (
        "@font-face{font-family:nw-math;font-display:optional;"
        f"src:url(data:font/woff2;base64,{data})}}\n"
    )
