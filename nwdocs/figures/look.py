"""What the site's look takes from the package: its colours, and the kernel on its icon.

The site's build runs ``site_look()`` as it runs a page's cell. So it shows the package
as saved, also where the build's own process has loaded an older one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nwdocs.display import LOOK_MIME
from nwdocs.figures.palette import TOKENS, token_css
from nwdocs.kernels import gaussian

__all__ = ["SiteLook", "site_look"]

_REACH = 2.5  # the icon shows the kernel from -2.5 to 2.5, as the deck does


@dataclass(frozen=True, slots=True)
class SiteLook:
    """Colours and curve, ready to be handed to the site's build."""

    tokens: dict[str, dict[str, str]]  # by name: light and dark
    css: str  # the same as custom properties
    bells: dict[str, list[float]]  # the Gaussian at even steps: coarse and fine

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {
            "text/plain": repr(self),
            LOOK_MIME: {"tokens": self.tokens, "css": self.css, "bells": self.bells},
        }


def site_look() -> SiteLook:
    """The look of the site, from the palette and the Gaussian kernel."""
    return SiteLook(
        tokens={name: token._asdict() for name, token in TOKENS.items()},
        css=token_css(),
        bells={
            name: gaussian(np.linspace(-_REACH, _REACH, points)).tolist()
            for name, points in (("coarse", 33), ("fine", 301))
        },
    )
