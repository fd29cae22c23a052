"""Figures of the chapter on a kernel learned over many data sets."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.image import AxesImage

from nwdocs.figures.marks import LINES, log_axis, name_line
from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, colourbar, panels, single
from nwdocs.kernels import Floats
from nwdocs.measures import effective_keys
from nwdocs.shared_kernel import (
    COORDINATES,
    DIRECTION,
    NOISE,
    data_sets,
    kernel_attention,
)
from nwdocs.study.shared_kernel import COUNTS, by_count, judged

__all__: list[str] = []

_WAYS = {"Best fixed width": "fixed", "Learned": "learned"}


@figure("shared-kernel-matrix")
def shared_kernel_matrix() -> Drawing:
    """What the kernel compares: W Wᵀ of the best fixed width, and of the learned one."""
    matrices = {name: judged()[way].matrix for name, way in _WAYS.items()}
    products = {name: w @ w.T for name, w in matrices.items()}
    shown = {name: p / p.max() for name, p in products.items()}
    fig, axes = panels(list(shown), height=290, key_height=52)
    norm = Normalize(0, 1)
    for ax, product in zip(axes, shown.values(), strict=True):
        image = _cells(ax, product, norm)
        ax.invert_yaxis()  # a matrix begins at its upper left
        ax.set(xticks=range(COORDINATES), yticks=range(COORDINATES))
        ax.set_xticklabels([f"x{i + 1}" for i in range(COORDINATES)])
        ax.set_yticklabels([f"x{i + 1}" for i in range(COORDINATES)])
    colourbar(fig, image, "entry of W Wᵀ, the largest as 1")
    found = products["Learned"]
    sizes = np.linalg.eigvalsh(found)
    cells = {name: product.ravel() for name, product in products.items()}
    places = np.arange(COORDINATES) + 1.0
    return Drawing(
        fig,
        caption=(
            "What the kernel compares. A fixed width weighs all coordinates alike. The "
            "learned matrix has one direction: its largest eigenvalue is "
            f"{sizes[-1] / sizes.sum():.1%} of their sum. The entry of x1 and x2 is "
            f"{found[0, 1] / found[0, 0]:.2f} of that of x1, as the truth has it."
        ),
        alt=(
            "Two grids of four by four cells. First: a bright diagonal; second: a bright "
            "corner cell, with half as bright ones beside it, and the rest dark."
        ),
        data={
            "row": np.repeat(places, COORDINATES),
            "column": np.tile(places, COORDINATES),
        }
        | cells,
    )


@figure("shared-kernel-attention")
def shared_kernel_attention() -> Drawing:
    """Attention in a data set never seen, its points in the order that counts."""
    task = data_sets(1, seed=1, queries=40)
    rows, columns = (np.argsort(p[0] @ DIRECTION) for p in (task.queries, task.keys))
    maps = {
        name: kernel_attention(judged()[way].matrix, task)[1][0][rows][:, columns]
        for name, way in _WAYS.items()
    }
    fig, axes = panels(list(maps), height=300, key_height=52)
    norm = PowerNorm(0.5, 0, max(float(w.max()) for w in maps.values()))
    for ax, weights in zip(axes, maps.values(), strict=True):
        image = _cells(ax, weights, norm)
        ax.set(xlabel="key, by its place along u", xticks=[], yticks=[])
    axes[0].set_ylabel("query, by its place along u")
    colourbar(fig, image, "attention weight (square-root scale)")
    used = [float(effective_keys(w).mean()) for w in maps.values()]
    (k,) = task.keys
    (q,) = task.queries
    return Drawing(
        fig,
        caption=(
            "Attention in one data set that was never seen. Queries and keys stand in the "
            "order of u = x1 + x2/2, the direction that counts. The fixed width hears "
            f"{used[0]:.1f} keys that are near in all coordinates, wherever they are "
            f"along u; the learned kernel hears {used[1]:.1f}, all near along u."
        ),
        alt=(
            "Two heatmaps. First: speckles all over; second: a bright diagonal from the "
            "lower left to the upper right."
        ),
        data={
            "u of query": np.repeat(q[rows] @ DIRECTION, len(columns)),
            "u of key": np.tile(k[columns] @ DIRECTION, len(rows)),
        }
        | {name: w.ravel() for name, w in maps.items()},
    )


@figure("data-sets-needed")
def data_sets_needed() -> Drawing:
    """Errors on labels seen and not seen, by how many data sets were learned from."""
    found = by_count()
    lines = {"not seen": (found.unseen, 0.04), "learned from": (found.seen, -0.04)}
    fig, ax = single(height=300, key_height=0)
    for (name, (errors, aside)), look in zip(lines.items(), LINES, strict=False):
        ax.plot(COUNTS, errors.mean(axis=1), **look)
        for once in errors.T:
            ax.plot(COUNTS, once, "o", color=look["color"], ms=4)
        name_line(ax, name, (COUNTS[0], float(errors[0].mean()) + aside), look, "right")
    ax.axhline(NOISE, color=colour("muted"), dashes=(2, 3), lw=1.5)
    name_line(
        ax, "noise alone", (COUNTS[-1], NOISE), {"color": colour("muted")}, "below"
    )
    log_axis(ax, COUNTS)
    ax.set(
        xlabel="data sets learned from (logarithmic)",
        ylabel="error on labels (RMSE)",
        ylim=(0, None),
    )
    first, last = ((found.seen[i].mean(), found.unseen[i].mean()) for i in (0, -1))
    return Drawing(
        fig,
        caption=(
            f"Sixteen numbers, learned from {COUNTS[0]} data sets to {COUNTS[-1]}, one "
            f"question from each. From {COUNTS[0]} they overfit: {first[0]:.2f} on labels "
            f"learned from, {first[1]:.2f} on others. From {COUNTS[-1]} the two are "
            f"{last[0]:.2f} and {last[1]:.2f}."
        ),
        alt=(
            "Two lines that meet. The error on labels not seen falls, that on labels "
            "learned from rises, and at the right end they are one."
        ),
        data={
            "data sets": list(COUNTS),
            "learned from": found.seen.mean(axis=1),
            "not seen": found.unseen.mean(axis=1),
        },
    )


def _cells(ax: Axes, matrix: Floats, norm: Normalize) -> AxesImage:
    image = ax.imshow(matrix, norm=norm, origin="lower", aspect="auto")
    ax.grid(visible=False)
    return image
