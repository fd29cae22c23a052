"""The picture of the plane with a query that the reader moves.

The page holds the build's own figure. The theme's plane.js reads keys and frames off it,
adds two sliders, and draws dots and lines anew where the query goes; without JavaScript
and on paper the figure remains.
"""

from dataclasses import dataclass
from typing import Any

from nwdocs.display import EXPLORER_MIME
from nwdocs.figures.dimension import DOT_AREA, PLANE_QUERY, PLANE_WIDTH, WEIGHT_AREA
from nwdocs.figures.registry import show

__all__ = ["Plane", "plane"]

_FIGURE = "kernel-on-a-plane"


@dataclass(frozen=True, slots=True)
class Plane:
    """The figure, in the element that brings it to life."""

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        across, up = PLANE_QUERY
        return {
            **show(_FIGURE)._repr_mimebundle_(),
            EXPLORER_MIME: (
                f'<nw-plane data-width="{PLANE_WIDTH:g}" data-across="{across:g}" '
                f'data-up="{up:g}" data-dot="{DOT_AREA:g}" data-weight="{WEIGHT_AREA:g}">',
                "</nw-plane>",
            ),
        }


def plane() -> Plane:
    """As a cell's last expression: the picture of the plane, to be touched."""
    return Plane()
