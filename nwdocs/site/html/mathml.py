"""TeX to MathML while the site is built, so that a reader's browser runs no script."""

import re
from html import unescape

from math_core import LatexError, LatexToMathML

from nwdocs.site.html.marks import VALUE
from nwdocs.site.pages import PageError, place_of

__all__ = ["formula", "render_math"]

# What pymdownx.arithmatex leaves in generic mode.
_MATH = re.compile(
    r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>'
    rf"((?:\s[=±≈]\s(?:<{VALUE}[^>]*>[^<]*</{VALUE}>|[−\d][\d.]*))?[.,;:!?)]*)",
    re.DOTALL,
)
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_DOLLARS = re.compile(r"\A\s*(\${1,2})(.*)\1\s*\Z", re.DOTALL)
# What a letter stands for, on every page: it has that thing's colour in the figures.
_THINGS = {"q": "query", "α": "kernel"}
_LETTER = re.compile(rf"<mi>({'|'.join(_THINGS)})</mi>")
_ESTIMATE = re.compile(r"<mover[^>]*><mi>y</mi>")
_CONVERTER = LatexToMathML(annotation=False)


def render_math(html: str, file: str, text: str) -> str:
    """`html` with each formula as MathML; a block's box scrolls if it is too wide.

    Args:
        html: a page as Markdown left it.
        file: the page's, for a message.
        text: what is in that file.

    Raises:
        PageError: a formula that cannot be converted; names page, line and formula.
    """

    def convert(match: re.Match[str]) -> str:
        tag, bracket, tex = match[1], match[2], unescape(match[3]).strip()
        block, tail = bracket == "[", match[4]
        mathml = _mathml(tex, place_of(tex, file, text), block=block)
        mathml = _coloured(mathml)
        if not block:
            # A browser may break the line after a formula, even before " = 0.5".
            return f'<span class="nw-nowrap">{mathml}{tail}</span>' if tail else mathml
        return f'<{tag} class="nw-formula" tabindex="0">{mathml}</{tag}>{tail}'

    return _MATH.sub(convert, html)


def formula(latex: str, where: str, *, block: bool) -> str:
    """What a cell gave as LaTeX, in dollars or without, as MathML.

    Raises:
        PageError: a formula that cannot be converted; names its place.
    """
    found = _DOLLARS.match(latex)
    mathml = _mathml(found[2].strip() if found else latex.strip(), where, block=block)
    return f'<div class="nw-formula" tabindex="0">{mathml}</div>' if block else mathml


def _mathml(tex: str, where: str, *, block: bool) -> str:
    try:
        return _CONVERTER.convert_with_local_state(tex, displaystyle=block)
    except LatexError as error:
        reason = _COLOUR.sub("", str(error))
        raise PageError(f"{where}: cannot render ${tex}$: {reason}") from None


def _coloured(mathml: str) -> str:
    mathml = _LETTER.sub(
        lambda match: f'<mi class="nw-{_THINGS[match[1]]}">{match[1]}</mi>', mathml
    )
    return _ESTIMATE.sub(
        lambda match: match[0].replace("<mover", '<mover class="nw-estimate"', 1),
        mathml,
    )
