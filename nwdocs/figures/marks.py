"""What several figures draw with: looks of lines, logarithmic axes, labelled tracks."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from nwdocs.figures.style import colour

__all__ = ["LINES", "log_axis", "name_line", "tracks"]

#: Looks of lines in one panel, told apart by colour and by dash. None is blue: that is
#: the observations' colour.
LINES: Sequence[Mapping[str, Any]] = (
    {"color": colour("ink"), "linestyle": "-"},
    {"color": colour("orange"), "linestyle": (0, (5, 1.6))},
    {"color": colour("green"), "linestyle": (0, (1.4, 1.4))},
    {"color": colour("purple"), "linestyle": (0, (6, 1.6, 1.4, 1.6))},
)

# A name's distance from its point, in pixels, and which of its sides is there.
_SIDES = {
    "above": (0, 4, "right", "bottom"),
    "below": (0, -4, "right", "top"),
    "left": (-6, 0, "right", "center"),
    "right": (6, 0, "left", "center"),
}


def name_line(
    ax: Axes,
    name: str,
    at: tuple[float, float],
    look: Mapping[str, Any],
    side: str = "above",
) -> None:
    """Write a line's name at its point `at`, in its colour: no legend need be looked up.

    `side` says where it stands: above (it ends there), below, left or right of the point.
    """
    dx, dy, across, down = _SIDES[side]
    ax.annotate(
        name,
        at,
        (dx, dy),
        textcoords="offset points",
        color=look["color"],
        fontsize=11,
        ha=across,
        va=down,
    )


def log_axis(ax: Axes, ticks: Sequence[float]) -> None:
    """Make x logarithmic, with these ticks as plain numbers and no others."""
    ax.set_xscale("log")
    ax.set_xticks(ticks)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    ax.minorticks_off()


def tracks(ax: Axes, labels: Sequence[str]) -> list[float]:
    """A row for each label, which stands above its track; returns the tracks' y."""
    rows = [-float(i) for i in range(len(labels))]
    ax.hlines(
        rows, 0, 1, transform=ax.get_yaxis_transform(), color=colour("grid"), lw=0.8
    )
    for y, label in zip(rows, labels, strict=True):
        ax.text(0.01, y + 0.26, label, transform=ax.get_yaxis_transform(), fontsize=11)
    ax.set(ylim=(rows[-1] - 0.45, 0.85), yticks=[])
    ax.grid(visible=False)  # its lines would cross the labels
    ax.spines["left"].set_visible(False)
    return rows
