"""How figures look: type, grid, and panels that a phone can stack.

One unit of a figure is one CSS pixel. Panels share one fixed width, so that the site can
stack them on a narrow screen without shrinking their type.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator

from nwdocs.figures.palette import TOKENS

__all__ = [
    "COLOURMAP",
    "PANEL_WIDTH",
    "RC",
    "colour",
    "colourbar",
    "legend",
    "panels",
    "single",
]


#: Perceptually even, ordered in grey too, and visible on white as on slate.
COLOURMAP = "viridis"

PANEL_WIDTH = 320
_IN_A_ROW = 250  # of a panel that has room for three more beside it
_COLUMNS = 2
_SINGLE_WIDTH = 360  # scaled to a phone, its type keeps 10 pixels
_COLOURBAR_WIDTH = 225
_MARGIN_LEFT, _MARGIN_RIGHT, _MARGIN_TOP, _MARGIN_BOTTOM = 48, 12, 28, 44
_PIXELS_PER_INCH = 72  # the SVG unit


def colour(name: str) -> str:
    """The light reading of a token, which the SVG writer turns into a CSS property."""
    return TOKENS[name].light


#: matplotlib's settings, complete: each figure starts from the library's defaults.
RC: Mapping[Any, Any] = MappingProxyType(
    {
        "figure.dpi": _PIXELS_PER_INCH,
        "figure.facecolor": "none",
        "savefig.facecolor": "none",
        "font.family": "DejaVu Sans",  # comes with matplotlib: same measures everywhere
        "font.size": 12,
        "axes.titlesize": 13,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 8,
        "axes.labelsize": 12,
        "xtick.labelsize": 11,
        "ytick.labelsize": 11,
        "legend.fontsize": 12,
        "text.color": colour("ink"),
        "axes.labelcolor": colour("ink"),
        "axes.titlecolor": colour("ink"),
        "axes.edgecolor": colour("muted"),
        "axes.facecolor": "none",
        "xtick.color": colour("muted"),
        "ytick.color": colour("muted"),
        "xtick.labelcolor": colour("ink"),
        "ytick.labelcolor": colour("ink"),
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": colour("grid"),
        "grid.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "lines.linewidth": 2,
        "lines.markersize": 5,
        "svg.fonttype": "none",
        "image.cmap": COLOURMAP,
        "image.interpolation": "none",
    }
)


def single(*, height: int = 290, key_height: int = 28) -> tuple[Figure, Axes]:
    """A figure of one panel, which scales with the page, and its axes.

    `height` is the panel's, in pixels; `key_height` what the legend gets above it.
    """
    figure = _figure(_SINGLE_WIDTH, key_height + height - _MARGIN_TOP + 6)
    top = key_height - _MARGIN_TOP + 6  # no title above a single panel
    return figure, _place(figure, 0, top, _SINGLE_WIDTH, height)


def panels(
    titles: Sequence[str], *, height: int = 230, key_height: int = 28
) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each title, two a row, and the axes in order.

    More than two panels are narrower, so that a wide screen shows all in one row, as a
    slide does. `height` is a panel's, in pixels; `key_height` what the legend or
    colourbar gets above all of them.
    """
    width = PANEL_WIDTH if len(titles) <= _COLUMNS else _IN_A_ROW
    rows = -(-len(titles) // _COLUMNS)
    figure = _figure(width * _COLUMNS, key_height + height * rows)
    axes = []
    for index, title in enumerate(titles):
        row, column = divmod(index, _COLUMNS)
        ax = _place(figure, width * column, key_height + height * row, width, height)
        ax.set_title(title)
        # The SVG writer reads this: how far to move the panel to have all in one column,
        # and in one row.
        shifts = [-width * column, height * (index - row)]
        if rows > 1:
            shifts += [width * _COLUMNS * row, -height * row]
        ax.set_gid(":".join(["panel", *map(str, shifts)]))
        axes.append(ax)
    return figure, axes


def legend(figure: Figure, handles: Iterable[Artist], *, columns: int = 3) -> None:
    """One legend for the whole figure, in the strip above its panels.

    The strip must hold it on a phone too: no wider than a panel, so at most `columns`
    short labels side by side.
    """
    handles = list(handles)
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(4 / _width(figure), 1.0),
        ncols=columns,
        frameon=False,
        borderaxespad=0.2,
        handlelength=1.6,
        handletextpad=0.5,
        columnspacing=1.2,
    )


def colourbar(figure: Figure, image: AxesImage, label: str) -> None:
    """One horizontal colour scale, true of every panel, in the strip above them."""
    ax = _axes(figure, _MARGIN_LEFT, 6, _COLOURBAR_WIDTH, 10)
    bar = figure.colorbar(image, cax=ax, orientation="horizontal", label=label)
    bar.outline.set_visible(False)
    ax.xaxis.set_tick_params(length=3, pad=2)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.labelpad = 1
    ax.grid(visible=False)


def _figure(width: int, height: int) -> Figure:
    return Figure(figsize=(width / _PIXELS_PER_INCH, height / _PIXELS_PER_INCH))


def _place(figure: Figure, left: int, top: int, width: int, height: int) -> Axes:
    """Axes inside a cell of the figure, all in pixels from the top left corner."""
    return _axes(
        figure,
        left + _MARGIN_LEFT,
        top + _MARGIN_TOP,
        width - _MARGIN_LEFT - _MARGIN_RIGHT,
        height - _MARGIN_TOP - _MARGIN_BOTTOM,
    )


def _axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    across, down = _width(figure), figure.get_figheight() * _PIXELS_PER_INCH
    return figure.add_axes(
        (left / across, 1 - (top + height) / down, width / across, height / down)
    )


def _width(figure: Figure) -> float:
    return float(figure.get_figwidth() * _PIXELS_PER_INCH)
