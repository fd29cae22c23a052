"""TeX to MathML while the site is built, so that a reader's browser runs no script."""

import re
from html import unescape

from math_core import LatexError, LatexToMathML

from nwdocs.builder.pages import PageError

__all__ = ["render_math"]

# What pymdownx.arithmatex leaves in generic mode.
_MATH = re.compile(
    r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>([.,;:!?)]*)', re.DOTALL
)
_CONVERTER = LatexToMathML(annotation=False)


def render_math(html: str, uri: str) -> str:
    """`html` with each formula as MathML; a block's box scrolls if it is too wide.

    Raises:
        PageError: a formula that cannot be converted; names page and formula.
    """

    def convert(match: re.Match[str]) -> str:
        tag, bracket, tex = match[1], match[2], unescape(match[3]).strip()
        block = bracket == "["
        try:
            mathml = _CONVERTER.convert_with_local_state(tex, displaystyle=block)
        except LatexError as error:
            raise PageError(f"docs/{uri}: cannot render ${tex}$: {error}") from None
        if not block:
            # A browser may break the line after a formula, even before a full stop.
            tail = match[4]
            return f'<span class="nw-nowrap">{mathml}{tail}</span>' if tail else mathml
        return f'<{tag} class="nw-formula" tabindex="0">{mathml}</{tag}>{match[4]}'

    return _MATH.sub(convert, html)
