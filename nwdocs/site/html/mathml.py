"""TeX to MathML while the site is built, so that a reader's browser runs no script."""

import re
from html import unescape

from math_core import LatexError, LatexToMathML

from nwdocs.site.pages import PageError, place_of

__all__ = ["render_math"]

# What pymdownx.arithmatex leaves in generic mode.
_MATH = re.compile(
    r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>'
    r"((?:\s[=±≈]\s[−\d][\d.]*)?[.,;:!?)]*)",
    re.DOTALL,
)
# What a letter stands for, on every page: it has that thing's colour in the figures.
_THINGS = {"q": "query", "α": "kernel"}
_LETTER = re.compile(rf"<mi>({'|'.join(_THINGS)})</mi>")
_ESTIMATE = re.compile(r"<mover[^>]*><mi>y</mi>")
_CONVERTER = LatexToMathML(annotation=False)


def render_math(html: str, uri: str, text: str) -> str:
    """`html` with each formula as MathML; a block's box scrolls if it is too wide.

    Args:
        html: a page as Markdown left it.
        uri: the page's file.
        text: what is in that file.

    Raises:
        PageError: a formula that cannot be converted; names page, line and formula.
    """

    def convert(match: re.Match[str]) -> str:
        tag, bracket, tex = match[1], match[2], unescape(match[3]).strip()
        block = bracket == "["
        try:
            mathml = _CONVERTER.convert_with_local_state(tex, displaystyle=block)
        except LatexError as error:
            at = place_of(tex, uri, text)
            raise PageError(f"{at}: cannot render ${tex}$: {error}") from None
        mathml = _coloured(mathml)
        if not block:
            # A browser may break the line after a formula, even before " = 0.5".
            tail = match[4]
            return f'<span class="nw-nowrap">{mathml}{tail}</span>' if tail else mathml
        return f'<{tag} class="nw-formula" tabindex="0">{mathml}</{tag}>{match[4]}'

    return _MATH.sub(convert, html)


def _coloured(mathml: str) -> str:
    mathml = _LETTER.sub(
        lambda match: f'<mi class="nw-{_THINGS[match[1]]}">{match[1]}</mi>', mathml
    )
    return _ESTIMATE.sub(
        lambda match: match[0].replace("<mover", '<mover class="nw-estimate"', 1),
        mathml,
    )
