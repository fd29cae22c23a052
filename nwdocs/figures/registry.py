"""The registry of figures: each is drawn by one function, for every reader of it.

A page, the command line and the tests all call `show(name)`; what comes back carries
the picture, its words and its numbers.
"""

import csv
import inspect
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO, StringIO
from itertools import zip_longest
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from nwdocs.display import GALLERY_MIME, MIME
from nwdocs.figures.palette import TOKENS
from nwdocs.figures.style import RC
from nwdocs.figures.svg import inline, lighter, write_svg
from nwdocs.figures.thumbnail import thumbnail
from nwdocs.source import Origin, standalone

__all__ = [
    "FIGURES",
    "Drawing",
    "Gallery",
    "Rendered",
    "figure",
    "gallery",
    "number",
    "show",
    "tell",
]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a figure's function returns.

    Attributes:
        figure: the picture.
        caption: what it shows and what to look at, a sentence or three.
        alt: what is to be seen, for a reader who cannot see it; two sentences at most.
        data: the numbers behind it, as named columns; in the file, a shorter one ends
            in empty cells.
        description: a longer account, where two sentences cannot carry it.
    """

    figure: Figure
    caption: str
    alt: str
    data: Mapping[str, ArrayLike]
    description: str = ""


# What a figure's script needs besides what draws it.
_STYLE: Mapping[str, Origin] = {
    "RC": ("nwdocs.figures.style", "RC"),
    "mpl": ("matplotlib", None),
}

_SCRIPT = """\
# Figure {number}: draws {name}.png.
# Needs numpy, matplotlib and the package nwdocs.
{source}


with mpl.rc_context(dict(RC)):
    drawing = {function}()
    drawing.figure.savefig("{name}.png", facecolor="white", dpi=144)
"""

#: Every figure of the site, by name, in the order in which readers meet them.
FIGURES: dict[str, Callable[[], Drawing]] = {}


def figure(name: str) -> Callable[[Callable[[], Drawing]], Callable[[], Drawing]]:
    """Register the decorated function as the one that draws figure `name`.

    Raises:
        ValueError: the name is taken.
    """

    def register(draw: Callable[[], Drawing]) -> Callable[[], Drawing]:
        if name in FIGURES:
            raise ValueError(
                f"figure {name!r} is registered twice; rename one of them."
            )
        FIGURES[name] = draw
        return draw

    return register


def number(name: str) -> int:
    """The figure's number on the site, from 1.

    Raises:
        KeyError: no such figure; the message lists those there are.
    """
    _known(name)
    return list(FIGURES).index(name) + 1


def show(name: str) -> "Rendered":
    """Draw figure `name`; as a cell's last expression, it appears on the page.

    Raises:
        KeyError: no such figure; the message lists those there are.
    """
    _known(name)
    tell(name)
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)
        return Rendered(name, FIGURES[name]())


def tell(name: str) -> None:
    """Tell whoever watches this process, by an audit event, that it shows figure `name`.

    The build runs a page again when the module that draws one of its figures changes.
    """
    sys.audit("nwdocs.show", name, FIGURES[name].__module__)


@dataclass(frozen=True)
class Rendered:
    """A drawn figure: its picture as SVG or PNG, its numbers as CSV, its code."""

    name: str
    drawing: Drawing = field(repr=False)

    @cached_property
    def svg(self) -> str:
        """SVG text, the same on every run of the same code and libraries."""
        with mpl.rc_context(dict(RC)):
            return write_svg(self.drawing.figure, self.name, self.drawing.alt)

    def png(self, *, scale: float = 2) -> bytes:
        """PNG bytes on white, at `scale` times the figure's size in pixels."""
        with mpl.rc_context(dict(RC)), BytesIO() as out:
            canvas = FigureCanvasAgg(self.drawing.figure)
            canvas.print_figure(
                out,
                format="png",
                dpi=self.drawing.figure.get_dpi() * scale,
                facecolor=TOKENS["paper"].light,
                metadata={"Software": None},
            )
            return out.getvalue()

    @cached_property
    def csv(self) -> str:
        """The numbers behind the figure: a header, then a column for each series."""
        columns = [np.asarray(column) for column in self.drawing.data.values()]
        with StringIO() as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(self.drawing.data)
            writer.writerows(
                ("" if cell == "nan" else cell for cell in map(_cell, row))
                for row in zip_longest(*columns, fillvalue="")
            )
            return out.getvalue()

    @property
    def code(self) -> str:
        """A script that draws the figure, given the package: its function, with imports."""
        draw = inspect.unwrap(FIGURES[self.name])
        return _SCRIPT.format(
            number=number(self.name),
            source=standalone(draw, also=_STYLE),
            function=draw.__name__,
            name=self.name,
        )

    def file(self, ending: str) -> bytes:
        """A file of the figure, as the site and the command line write it.

        Raises:
            KeyError: `ending` is none of svg, png, csv and py.
        """
        match ending:
            case "svg":
                return self.svg.encode()
            case "png":
                return self.png()
            case "csv":
                return self.csv.encode()
            case "py":
                return self.code.encode()
        raise KeyError(f"a figure has no {ending!r}; there are svg, png, csv and py")

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        drawing = self.drawing
        return {
            "text/plain": f"Figure {number(self.name)}: {drawing.alt}",
            "image/svg+xml": self.svg,
            MIME: {
                "name": self.name,
                "number": number(self.name),
                "caption": drawing.caption,
                "alt": drawing.alt,
                "description": drawing.description,
                "inline": lighter(inline(self.svg)),
                "thumbnail": thumbnail(self.svg),
                "png": b64encode(self.png()).decode(),
                "csv": self.csv,
                "code": self.code,
            },
        }


@dataclass(frozen=True, slots=True)
class Gallery:
    """Stands for a thumbnail of every registered figure."""

    names: tuple[str, ...]

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {"text/plain": ", ".join(self.names), GALLERY_MIME: self.names}


def gallery() -> Gallery:
    """As a cell's last expression: every registered figure, as the pages show it."""
    return Gallery(tuple(FIGURES))


def _cell(value: object) -> str:
    # Past these digits a sum may depend on where in memory its terms lie.
    return f"{value:.8g}" if isinstance(value, float) else str(value)


def _known(name: str) -> None:
    if name not in FIGURES:
        raise KeyError(
            f"no figure is called {name!r}. A module of figures counts once "
            "nwdocs/figures/__init__.py imports it. There are "
            f"{', '.join(FIGURES)}."
        )
