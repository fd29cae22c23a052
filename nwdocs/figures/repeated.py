"""Figures of the chapter on attention that is asked again and again."""

import numpy as np

from nwdocs.figures.marks import LINES, name_line
from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, panels, single
from nwdocs.kernels import Floats
from nwdocs.repeated import count_distinct
from nwdocs.study.ensembles import SETS
from nwdocs.study.repeated import APART, LONG, SHORT, WIDTH, left, one_set

__all__: list[str] = []

_ROUNDS, _SHOWN = 24, 30  # of the paths: rounds, and how many of the points


@figure("asked-again")
def asked_again() -> Drawing:
    """Where points go round by round: keys that move, and keys that stand still."""
    paths = {
        "Keys move: self-attention": one_set().moving,
        "Keys stand still: mean shift": one_set().fixed,
    }
    order = np.argsort(one_set().moving[0])
    shown = order[:: len(order) // _SHOWN]
    rounds = np.arange(_ROUNDS + 1)
    fig, axes = panels(list(paths), height=300, key_height=6)
    columns: dict[str, Floats] = {"round": np.repeat(rounds, len(shown)).astype(float)}
    for ax, (name, path) in zip(axes, paths.items(), strict=True):
        part = path[: _ROUNDS + 1, shown]
        ax.plot(rounds, part, color=colour("blue"), lw=1, alpha=0.75)
        ax.set(xlabel="round", xlim=(0, _ROUNDS), xticks=range(0, _ROUNDS + 1, 4))
        columns[name] = part.ravel()
    axes[0].set_ylabel("where the points are")
    found = [
        [int(count_distinct(path[step], APART)) for step in (0, SHORT, LONG)]
        for path in paths.values()
    ]
    return Drawing(
        fig,
        caption=(
            f"Each line is a point that is replaced by its answer, round by round, at "
            f"σ = {WIDTH:g}; every third point of one data set is drawn. Of "
            f"{found[0][0]} distinct points {found[0][1]} are left after {SHORT} rounds "
            f"and {found[0][2]} after {LONG}, if they are their own keys; against fixed "
            f"keys {found[1][1]} and {found[1][2]}."
        ),
        alt=(
            "Two panels of lines that run from left to right. In the first they come "
            "together in three within a few rounds; in the second more slowly, in three."
        ),
        data=columns,
    )


@figure("points-left")
def points_left() -> Drawing:
    """How many distinct points are left, round by round."""
    found = left()
    rounds = np.arange(SHORT + 1)
    fig, ax = single(height=290, key_height=0)
    lines = {"keys stand still": found.fixed, "keys move": found.moving}
    columns: dict[str, Floats] = {"round": rounds.astype(float)}
    for (name, counts), look in zip(lines.items(), LINES, strict=False):
        low, typical, high = np.percentile(counts, [5, 50, 95], axis=1)
        ax.plot(rounds, typical, **look)
        ax.fill_between(rounds, low, high, color=look["color"], alpha=0.15, lw=0)
        name_line(ax, name, (3, float(typical[3])), look, "right")
        columns |= {name: typical, f"{name}, 5%": low, f"{name}, 95%": high}
    ax.set(
        xlabel="round",
        ylabel="distinct points left",
        xlim=(0, SHORT),
        ylim=(0, None),
        xticks=range(0, SHORT + 1, 2),
    )
    ends = [np.median(counts[-1]) for counts in lines.values()]
    return Drawing(
        fig,
        caption=(
            f"Distinct points left in {SETS} data sets: the median, and a band that holds "
            f"nine of ten. After {SHORT} rounds {ends[1]:.0f} are left where the keys "
            f"move, and {ends[0]:.0f} where they stand still."
        ),
        alt=(
            "Two falling lines with bands. The one of keys that move drops to the floor "
            "within five rounds; the other falls slowly."
        ),
        data=columns,
    )
