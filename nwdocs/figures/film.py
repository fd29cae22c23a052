"""A film of points: a static first picture, and more where the reader asks for it.

It needs no script, and no style of the page: it goes where the text goes. The first
picture is there for all. A reader who ticks the box sees the pictures one after another;
one who prefers less motion is not offered the box.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nwdocs.figures.style import colour
from nwdocs.kernels import Floats

__all__ = ["Film", "film"]

_SIZE, _MARGIN, _DOT = 320, 12, 7  # pixels
_SECONDS = 0.7  # that each picture is seen


@dataclass(frozen=True, slots=True)
class Film:
    """Pictures of points in the plane, with words."""

    name: str
    caption: str
    alt: str
    frames: Sequence[Floats] = field(repr=False)  # each (n, 2)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {"text/plain": self.alt, "text/html": self.html}

    @property
    def html(self) -> str:
        """The film as HTML, with the style that runs it."""
        low = np.min([f.min(axis=0) for f in self.frames], axis=0)
        span = np.max([f.max(axis=0) for f in self.frames]) - low.min()
        scale = (_SIZE - 2 * _MARGIN) / span
        last = len(self.frames) - 1
        drawn = []
        for number, points in enumerate(self.frames):
            places = np.rint(_MARGIN + (points - low) * scale).astype(int)
            dots = "".join(
                f"M{x} {_SIZE - y}h0" for x, y in dict.fromkeys(map(tuple, places))
            )
            drawn.append(
                f'<g style="--at:{number}"><path d="{dots}"/>'
                f'<text x="8" y="20">round {number}</text></g>'
            )
        box = f"film-{self.name}"
        return (
            f'<figure class="point-film">'
            f'<input type="checkbox" id="{box}"><label for="{box}">Run the rounds</label>'
            f'<svg viewBox="0 0 {_SIZE} {_SIZE}" width="{_SIZE}" height="{_SIZE}" '
            f'role="img" aria-label="{html.escape(self.alt)}">{_style(last + 1)}'
            f"{''.join(drawn)}</svg>"
            f"<figcaption>{html.escape(self.caption)}</figcaption></figure>"
        )


def film(name: str, frames: Sequence[Floats], *, caption: str, alt: str) -> Film:
    """As a cell's last expression: `frames`, each (n, 2), as a film.

    Raises:
        ValueError: there are no two frames of points in the plane.
    """
    if len(frames) < 2 or any(np.shape(f)[1:] != (2,) for f in frames):
        raise ValueError(
            "frames must be two or more arrays of shape (n, 2), got "
            f"{[np.shape(f) for f in frames]}."
        )
    return Film(name, caption, alt, frames)


def _style(count: int) -> str:
    """The rules that show one picture, or each for a while."""
    share = 100 / count
    return (
        "<style>"
        ".point-film svg{display:block;max-width:100%;height:auto}"
        f".point-film path{{stroke:{colour('blue')};"
        f"stroke-width:{_DOT};stroke-linecap:round;fill:none}}"
        ".point-film text{fill:currentColor;font-size:14px}"
        '.point-film g:not([style="--at:0"]){visibility:hidden}'
        ".point-film input,.point-film label{display:none}"
        "@media (prefers-reduced-motion:no-preference){"
        ".point-film input,.point-film label{display:inline;margin-right:.5em;cursor:pointer}"
        f".point-film :checked~svg g{{animation:point-film {count * _SECONDS:g}s "
        # Each is so far into its round that its turn comes at its time.
        f"calc((var(--at) - {count})*{_SECONDS:g}s) infinite step-end}}"
        f"@keyframes point-film{{0%{{visibility:visible}}{share:.3f}%,to"
        "{visibility:hidden}}}"
        # On paper, the ink of all figures.
        f"@media print{{.point-film text{{fill:{colour('ink')}}}}}"
        "</style>"
    )
