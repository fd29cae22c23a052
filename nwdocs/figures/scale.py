"""Figures of the chapter on attention to many keys."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

from nwdocs.figures.marks import LINES, log_axis, name_line
from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, legend, panels, single
from nwdocs.study.scale import COUNTS, WIDTHS, costs, feature_errors, measured_on

__all__: list[str] = []

#: The tools in the picture: their names in words, and how they look.
_TOOLS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "fast_estimate": ("ours, fast", {"color": colour("orange"), "lw": 2.5}),
    "Stream": ("ours, stream", {"color": colour("orange"), "ls": (0, (1.4, 1.4))}),
    "numpy": ("numpy", {"color": colour("ink")}),
    "PyTorch's attention": (
        "PyTorch",
        {"color": colour("purple"), "ls": (0, (6, 1.6, 1.4, 1.6))},
    ),
    "scikit-learn's rbf": (
        "scikit-learn",
        {"color": colour("green"), "ls": (0, (5, 1.6))},
    ),
    "KD-tree": ("KD-tree", {"color": colour("blue"), "ls": (0, (3, 1))}),
}


@figure("cost-by-size")
def cost_by_size() -> Drawing:
    """Time and memory against the number of keys, ours beside other tools."""
    fig, axes = panels(["Seconds", "Peak memory, MiB"], height=320, key_height=50)
    line = [cost for cost in costs() if cost.coordinates == 1]
    for tool, (label, look) in _TOOLS.items():
        its = [cost for cost in line if cost.tool == tool]
        keys = [cost.keys for cost in its]
        for ax, amounts in zip(
            axes,
            ([c.seconds for c in its], [max(c.mebibytes, 0.1) for c in its]),
            strict=True,
        ):
            ax.plot(keys, amounts, marker="o", label=label, **look)
    for ax in axes:
        ax.set(xscale="log", yscale="log", xlabel="queries and keys")
        ax.set_xticks(sorted({cost.keys for cost in line}))
        ax.xaxis.set_minor_locator(NullLocator())
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(FuncFormatter(_power))
            axis.set_minor_formatter(NullFormatter())
    legend(fig, axes[0].get_legend_handles_labels()[0])
    best = max((c for c in line if c.tool == "fast_estimate"), key=lambda c: c.keys)
    return Drawing(
        fig,
        caption=(
            "What it takes to answer as many queries as there are keys, on a line, on one "
            "thread. A line ends where the next size would take minutes or gigabytes. "
            f"Ours, fast: {best.seconds:.2g} s and {best.mebibytes:.0f} MiB for "
            f"{best.keys / 1e6:.0f} million. {measured_on()}"
        ),
        alt=(
            "Two panels on logarithmic axes. The lines of other tools rise steeply and end "
            "early; the solid orange line rises slowly, below them, to the right end."
        ),
        data={
            "tool": [cost.tool for cost in line],
            "keys": [cost.keys for cost in line],
            "seconds": [cost.seconds for cost in line],
            "MiB": [cost.mebibytes for cost in line],
        },
    )


@figure("feature-error")
def feature_error() -> Drawing:
    """The error of random features against their number, by the kernel's width."""
    errors = feature_errors()
    fig, ax = single(height=300, key_height=0)
    for width, row, look in zip(WIDTHS, errors, LINES, strict=False):
        ax.plot(COUNTS, row, marker="o", **look)
        name_line(ax, f"σ = {width:g}", (COUNTS[-1], float(row[-1])), look, "right")
    _roots(ax, float(errors[0, -1]))
    log_axis(ax, COUNTS)
    ax.set_yscale("log")
    ax.set_yticks([0.1, 0.2, 0.5, 1])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set(
        xlabel="number of features m (logarithmic)",
        ylabel="error, as a share of the spread",
        xlim=(COUNTS[0] / 1.2, COUNTS[-1] * 2.6),
        ylim=(0.1, 1.2),
    )
    return Drawing(
        fig,
        caption=(
            "The error of positive random features, as a share of the standard deviation "
            "of the exact estimates, for standard normal points with eight coordinates. At "
            f"σ = {WIDTHS[0]:g} it falls from {errors[0, 0]:.2f} to {errors[0, -1]:.2f}, "
            "more slowly than 1/√m, the dots, since a few features are huge; at narrow "
            "widths it hardly falls."
        ),
        alt=(
            f"Three falling lines. The lowest, of the widest kernel, ends at "
            f"{errors[0, -1]:.2f} along a dotted line; the highest, of the narrowest, is "
            "nearly level."
        ),
        data={"features": list(COUNTS)}
        | {f"σ = {w:g}": row for w, row in zip(WIDTHS, errors, strict=True)},
    )


def _roots(ax: Axes, last: float) -> None:
    """A dotted line that falls like one over the root, to the point `last`."""
    m = np.array(COUNTS[1:], dtype=float)
    ax.plot(m, last * np.sqrt(m[-1] / m), color=colour("muted"), dashes=(1, 2), lw=1.5)


def _power(value: float, _: object) -> str:
    if 0.01 <= value < 10_000:
        return f"{value:g}"
    exponent = str(round(np.log10(value)))
    return "10" + exponent.translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
