"""A page as its search index reads it: formulas as text, pictures by what they show."""

import re
from collections.abc import Mapping
from html import escape, unescape
from xml.etree import ElementTree

from nwdocs.site.html.figures import PLACE

__all__ = ["formula_text", "searchable"]

_FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|#\d+|#x[\da-f]+);)\w+;", re.IGNORECASE)
_RAISED = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
# Signs that stand between what they relate, so that "σ = 0.1" is three words.
_RELATIONS = frozenset("=≈≠≤≥<>∝∼→⟺⟹±+−·⋅×")
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\ufe00"))


def searchable(content: str, alts: Mapping[str, str]) -> str:
    """A page's HTML with each formula as text, and each picture's alt text in its place.

    MathML keeps the sign of a root, the bar of a fraction and the height of an exponent
    in its elements, so that its text alone would be "d" for √d and "d1/4" for d^(1/4).

    Args:
        content: HTML, in which a picture's place is still a comment.
        alts: alt texts by the names of figures.
    """
    content = PLACE.sub(lambda match: f"<p>{escape(alts[match[1]])}</p>", content)
    return _FORMULA.sub(lambda match: escape(formula_text(match[0])), content)


def formula_text(mathml: str) -> str:
    """A formula in one line of text, as one would type it."""
    named = _ENTITY.sub(lambda match: unescape(match[0]), mathml)
    return " ".join(_text(ElementTree.fromstring(named)).split())


def _text(element: ElementTree.Element) -> str:
    parts = [_text(child) for child in element]
    match element.tag, parts:
        case "msqrt", _:
            return f"√{_grouped(''.join(parts))}"
        case "mroot", [inside, degree]:
            return f"{degree}√{_grouped(inside)}"
        case "mfrac", [above, below]:
            return f"{_grouped(above)}/{_grouped(below)}"
        case "msup", [base, raised] if not raised.strip("0123456789−"):
            return base + raised.translate(_RAISED)
        case "msup", [base, raised]:
            return f"{base}^{_grouped(raised)}"
        case "msub" | "munder", [base, lowered]:
            return f"{base}_{_grouped(lowered)}"
        case "msubsup" | "munderover", [base, lowered, raised]:
            return f"{base}_{_grouped(lowered)}^{_grouped(raised)}"
        case "mspace" | "mtr" | "mtd", _:
            return " ".join(["", *parts, ""])
    text = (element.text or "").strip().translate(_INVISIBLE)
    return f" {text} " if text in _RELATIONS else text + "".join(parts)


def _grouped(text: str) -> str:
    """In brackets, unless it is one number, one name or in brackets already."""
    text = text.strip()
    return text if re.fullmatch(r"[\w.]+|\([^()]*\)", text) else f"({text})"
