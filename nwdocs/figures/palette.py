"""The colours and the font of figures and site, in one place for both.

matplotlib draws with the light reading of a token; the SVG writer turns it into a CSS
custom property, which the site's style sheet sets for each scheme.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["FONT_STACK", "TOKENS", "Token", "token_css"]


class Token(NamedTuple):
    """A colour's two readings: on the light page and on the dark one."""

    light: str
    dark: str


#: Every colour of the figures and of what the site adds to its theme. The hues are Okabe
#: and Ito's, which the colour-blind can tell apart, darkened for white and lightened for
#: slate until each line stands out at 3:1 or more.
TOKENS: Mapping[str, Token] = MappingProxyType(
    {
        "paper": Token("#ffffff", "#1e2129"),
        "ink": Token("#1b1f24", "#e6edf3"),
        "muted": Token("#57606a", "#9aa7b4"),
        "grid": Token("#d8dee4", "#3a424c"),
        "blue": Token("#0072b2", "#56b4e9"),
        "orange": Token("#b84a00", "#f0913a"),
        "green": Token("#00755a", "#2fc59a"),
        "purple": Token("#9a4d7e", "#e08cc4"),
    }
)

FONT_STACK = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
)


def token_css() -> str:
    """The tokens as CSS custom properties, for the light scheme and the dark one."""

    def properties(scheme: str) -> str:
        return "".join(
            f"--nw-{name}:{getattr(token, scheme)};" for name, token in TOKENS.items()
        )

    return (
        f":root{{{properties('light')}--nw-font:inherit}}\n"
        # On paper all is light, as the theme's own colours are.
        f'@media screen{{[data-md-color-scheme="slate"]{{{properties("dark")}}}}}\n'
        # What is shown in a page of someone else's has no toggle of its own.
        "@media screen and (prefers-color-scheme:dark)"
        f'{{[data-md-color-scheme="auto"]{{{properties("dark")}}}}}\n'
    )
