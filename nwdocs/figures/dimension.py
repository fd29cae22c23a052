"""Figures of the chapter on more than one coordinate."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from matplotlib.ticker import FuncFormatter, NullFormatter

from nwdocs.attention import attention_weights
from nwdocs.figures.marks import LINES, log_axis, name_line
from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, panels, single
from nwdocs.kernels import Floats
from nwdocs.measures import effective_keys
from nwdocs.study.dimension import (
    DIMENSIONS,
    KEYS,
    RATE_SIZES,
    by_dimension,
    rates,
)
from nwdocs.study.ensembles import SETS

__all__ = ["DOT_AREA", "PLANE_QUERY", "PLANE_WIDTH", "WEIGHT_AREA", "plane_keys"]

#: The Gaussian's width in the picture of the plane.
PLANE_WIDTH = 0.12

#: Where the query is, unless a reader moves it.
PLANE_QUERY = (0.6, 0.4)

#: Area of a dot in square pixels: of a key without weight, and what weight adds at most.
DOT_AREA, WEIGHT_AREA = 6.0, 110.0


def plane_keys() -> Floats:
    """The keys in the picture of the plane, (160, 2), uniform on the unit square."""
    return np.random.default_rng(1).uniform(size=(160, 2))


@figure("kernel-on-a-plane")
def kernel_on_a_plane() -> Drawing:
    """Who is heard by one query in the plane: by distance, and by one coordinate alone."""
    keys, query = plane_keys(), np.array([PLANE_QUERY])
    ways = {
        "Both coordinates": attention_weights(query, keys, bandwidth=PLANE_WIDTH)[0],
        "The first alone": attention_weights(
            query[:, 0], keys[:, 0], bandwidth=PLANE_WIDTH
        )[0],
    }
    fig, axes = panels(list(ways), height=332, key_height=6)
    for ax, weights in zip(axes, ways.values(), strict=True):
        _plane(ax, keys, weights)
    for reach in (1, 2):
        axes[0].add_patch(
            Circle(
                PLANE_QUERY,
                reach * PLANE_WIDTH,
                fill=False,
                edgecolor=colour("orange"),
                linewidth=1.5,
            )
        )
        for side in (-1, 1):
            axes[1].axvline(
                PLANE_QUERY[0] + side * reach * PLANE_WIDTH,
                color=colour("orange"),
                lw=1.5,
            )
    axes[0].set_ylabel("second coordinate")
    used = [float(effective_keys(w[None])[0]) for w in ways.values()]
    return Drawing(
        fig,
        caption=(
            f"One query, the diamond, among {len(keys)} keys in the plane; the larger a "
            "key's dot, the larger its weight. Lines are one and two widths away, "
            f"σ = {PLANE_WIDTH:g}. A distance in both coordinates leaves "
            f"{used[0]:.0f} effective keys, the first coordinate alone {used[1]:.0f}."
        ),
        alt=(
            "Two squares full of dots. In the first, large dots fill two rings around the "
            "query; in the second, an upright stripe through it."
        ),
        data={"first": keys[:, 0], "second": keys[:, 1], **ways},
    )


def _plane(ax: Axes, keys: Floats, weights: Floats) -> None:
    ax.scatter(
        keys[:, 0],
        keys[:, 1],
        s=DOT_AREA + WEIGHT_AREA * weights / weights.max(),
        color=colour("blue"),
        alpha=0.75,
        linewidths=0,
    )
    ax.plot(
        *PLANE_QUERY, "D", color=colour("ink"), ms=7, markeredgecolor=colour("paper")
    )
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="first coordinate")
    ax.set_xticks([0, 0.5, 1])
    ax.set_yticks([0, 0.5, 1])


@figure("error-by-dimension")
def error_by_dimension() -> Drawing:
    """The best fixed width's error against the number of coordinates."""
    found = by_dimension()
    error, nearest = found.rmse, found.nearest.mean(axis=1)
    along = np.full(len(DIMENSIONS), error[0])
    fig, ax = single(height=300, key_height=0)
    lines = {
        "all coordinates": (error, (5, -0.05), "right"),
        "the first alone": (along, (8, 0.01), "above"),
    }
    for (label, (values, shift, side)), look in zip(lines.items(), LINES, strict=False):
        ax.plot(DIMENSIONS, values, marker="o", **look)
        at = DIMENSIONS.index(shift[0])
        name_line(ax, label, (shift[0], float(values[at]) + shift[1]), look, side)
    ax.axhline(1, color=colour("muted"), dashes=(2, 3), lw=1.5)
    name_line(ax, "mean of the labels", (8, 1), {"color": colour("muted")}, "below")
    ax.set(
        xlabel="number of coordinates d",
        ylabel="error (RMSE), best width",
        ylim=(0, 1.06),
        xticks=DIMENSIONS,
    )
    return Drawing(
        fig,
        caption=(
            f"The error of the best fixed width among {KEYS} keys, over {SETS} data "
            f"sets: from {error[0]:.2f} with one coordinate to {error[-1]:.2f} with "
            f"{DIMENSIONS[-1]}. The truth depends on the first coordinate alone; a kernel "
            "that compares only that one keeps its error."
        ),
        alt=(
            f"One line climbs from {error[0]:.2f} at one coordinate to {error[-1]:.2f} at "
            f"{DIMENSIONS[-1]}, halfway to the dotted line of the mean. Another stays level."
        ),
        data={
            "coordinates": list(DIMENSIONS),
            "width": found.width,
            "error": error,
            "first coordinate alone": along,
            "nearest key": nearest,
        },
    )


@figure("rate-by-dimension")
def rate_by_dimension() -> Drawing:
    """The best width and its error against the number of keys, by dimension."""
    found = rates()
    sizes = np.array(list(RATE_SIZES), dtype=float)
    fig, axes = panels(
        ["Best width σ, logarithmic", "Its error, logarithmic"],
        height=300,
        key_height=6,
    )
    columns: dict[str, Floats] = {"keys": sizes}
    for (d, rate), look in zip(found.items(), LINES, strict=True):
        for ax, name, groups, line in (
            (axes[0], "width", rate.width, rate.width_line),
            (axes[1], "error", rate.error, rate.error_line),
        ):
            means = np.array([group.mean() for group in groups.values()])
            ax.plot(sizes, line.at(sizes), **look)
            ax.plot(sizes, means, "o", color=look["color"])
            name_line(ax, f"d = {d}", (sizes[-1], float(means[-1])), look, "right")
            columns[f"{name}, d = {d}"] = means
    for ax, ticks in zip(axes, ([0.03, 0.05, 0.1], [0.03, 0.1, 0.3]), strict=True):
        log_axis(ax, [int(n) for n in sizes])
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
        ax.yaxis.set_minor_formatter(NullFormatter())
        ax.set_yticks(ticks)
        ax.set(xlabel="number of keys n", xlim=(200, 9500))
    told = ", ".join(
        f"{rate.width_line.slope:.2f} (d = {d})" for d, rate in found.items()
    ).replace("-", "−")
    return Drawing(
        fig,
        caption=(
            "The best width and its error against the number of keys, inside the cube. "
            f"The slopes of the widths are {told}; theory says −1/(d + 4). In more "
            "coordinates both fall more slowly."
        ),
        alt=(
            "Two panels with four falling straight lines each. The more coordinates, the "
            "higher the line and the less steep."
        ),
        data=columns,
    )
