"""The deck's figures, in its order."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from nwdocs.attention import nadaraya_watson
from nwdocs.data import DOMAIN, SyntheticData, synthetic_data, truth
from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, colourbar, legend, panels, single
from nwdocs.kernels import DECK_BANDWIDTHS, DECK_KERNELS, Floats, Kernel
from nwdocs.measures import effective_keys, rmse

__all__ = [
    "POINT_AREA",
    "WEIGHT_AREA",
    "matrix",
    "plot_attention",
    "plot_estimate",
    "plot_points",
    "plot_truth",
    "points",
]

#: A point's area in square points: of one without weight, and what weight 1 adds to it.
POINT_AREA = 8.0
WEIGHT_AREA = 900.0

_QUERY = 2.0  # where the first figure asks: on the slope, keys on both sides
_QUERY_BANDWIDTH = 0.5
_ON_HEATMAP = "#fdfdfd"  # the map's colours do not follow the scheme, nor does this


@figure("idea")
def idea() -> Drawing:
    """One query, its weighted keys, and the row of the matrix that they make."""
    return _one_query(
        "gaussian",
        _QUERY_BANDWIDTH,
        "For a query at x = {x:g}, each of the {n} labels has a weight "
        "that falls with the distance of its input. The estimate is the weighted "
        "mean, {estimate:.2f}; the truth is {truth:.2f}. Estimates "
        "at all x make the curve, and their weights the rows of a matrix. Its "
        "colours go from 0, the darkest, to 1, the brightest, on a square-root scale.",
    )


def _one_query(kernel: str, bandwidth: float, caption: str) -> Drawing:
    """An explorable as it is first shown, and where nothing can be touched.

    The caption may name x, n, estimate, truth, used (effective keys), error (RMSE of the
    curve) and bandwidth.
    """
    data = synthetic_data()
    queries = data.x_val
    row = int(np.abs(queries - _QUERY).argmin())
    estimates, weights = nadaraya_watson(
        queries, data.x_train, data.y_train, kernel, bandwidth=bandwidth, empty="nan"
    )
    fig, (left, right) = panels(
        ["One query and its weights", "Its weights: one row of a matrix"],
        height=300,
        key_height=44,
    )
    w = weights[row]
    left.axvline(_QUERY, color=colour("purple"), linewidth=1.5)
    left.plot(queries, data.y_val, color=colour("muted"), dashes=(4, 3), label="truth")
    left.plot(queries, estimates, color=colour("orange"), label="estimate")
    left.scatter(
        data.x_train,
        data.y_train,
        s=POINT_AREA + WEIGHT_AREA * w,
        color=colour("blue"),
        alpha=0.75,
        lw=0,
    )
    left.plot(
        [_QUERY],
        [estimates[row]],
        "D",
        color=colour("purple"),
        markersize=8,
        markeredgecolor=colour("paper"),
        label="answer",
    )
    left.set(xlabel="x", xlim=DOMAIN, ylabel="y")
    # The scale of the explorable that this figure becomes.
    plot_attention(right, weights, queries, data.x_train, PowerNorm(0.5, 0, 1))
    step = queries[1] - queries[0]
    right.add_patch(
        Rectangle(
            (DOMAIN[0], _QUERY - step / 2),
            DOMAIN[1] - DOMAIN[0],
            step,
            fill=False,
            edgecolor=_ON_HEATMAP,
            linewidth=1.5,
            clip_on=False,
        )
    )
    points = Line2D([], [], linestyle="", marker="o", color=colour("blue"))
    points.set_label("value, sized by weight")
    legend(fig, [points, *left.get_legend_handles_labels()[0]], columns=2)
    nearest = effective_keys(weights[[row]])[0]
    return Drawing(
        fig,
        caption=caption.format(
            x=_QUERY,
            n=len(w),
            estimate=estimates[row],
            truth=data.y_val[row],
            used=nearest,
            error=rmse(estimates, data.y_val),
            bandwidth=bandwidth,
        ),
        alt=(
            f"First: {len(w)} points along a wavy rising curve; those near "
            f"x = {_QUERY:g} are large, the others small, and the weights amount to "
            f"{nearest:.0f} keys used. Second: a heatmap with a bright rising diagonal, "
            "one row outlined."
        ),
        data={
            "key": data.x_train,
            "value": data.y_train,
            "weight": w,
            "query": queries,
            "truth": data.y_val,
            "estimate": estimates,
        }
        | matrix(data, {"attention": weights}),
    )


@figure("kernels")
def kernels() -> Drawing:
    """The deck's kernels on the deck's interval, one panel each."""
    u = np.linspace(-2.5, 2.5, 501)
    curves = {name: kernel(u) for name, kernel in DECK_KERNELS.items()}
    fig, axes = panels(
        [k.label for k in DECK_KERNELS.values()], height=200, key_height=0
    )
    for ax, curve in zip(axes, curves.values(), strict=True):
        # A jump is drawn as a gap: the boxcar takes no value between 0 and 1.
        drawn = curve.copy()
        drawn[1:][np.abs(np.diff(curve)) > 0.5] = np.nan
        ax.fill_between(
            u[::2], curve[::2], color=colour("green"), alpha=0.12, linewidth=0
        )
        ax.plot(u, drawn, color=colour("green"))
        ax.set(xlabel="scaled offset u", xlim=(u[0], u[-1]), ylim=(-0.03, 1.1))
        ax.set(xticks=range(-2, 3), yticks=(0, 0.5, 1))
    for ax in axes[::2]:
        ax.set_ylabel("similarity")
    return Drawing(
        fig,
        caption=(
            "Similarity of a key to the query, by their offset in bandwidths. Compare "
            "the edges: "
            + "; ".join(f"{k.label} {_edge(k)}" for k in DECK_KERNELS.values())
            + "."
        ),
        alt=(
            "Four curves on [-2.5, 2.5], each with its peak of 1 at offset 0: a bell, a "
            "box from -1 to 1, a flat line, a tent from -1 to 1."
        ),
        data={"u": u, **curves},
    )


def _edge(kernel: Kernel) -> str:
    if np.isfinite(kernel.support):
        return f"is 0 from {kernel.support:g} on"
    far = float(kernel(2.5))
    return "never falls" if far == 1 else f"still has {far:.2f} at 2.5"


@figure("kernel-at-work")
def kernel_at_work() -> Drawing:
    """The boxcar on the data: a window that all keys in reach share alike."""
    return _one_query(
        "boxcar",
        1.0,
        "The boxcar at work, with a bandwidth of {bandwidth:g}: all keys nearer than that "
        "to the query at x = {x:g} have the same weight, and the others none. So "
        "{used:.0f} of {n} points are large. Their mean is the estimate, {estimate:.2f}. "
        "The curve jumps where a point enters or leaves the window.",
    )


@figure("data")
def data() -> Drawing:
    """The training set and the truth behind it."""
    sample = synthetic_data()
    residuals = sample.y_train - truth(sample.x_train)
    fig, ax = single()
    plot_truth(ax, sample)
    plot_points(ax, sample)
    ax.set(xlabel="x", ylabel="y", xlim=DOMAIN)
    legend(fig, ax.get_legend_handles_labels()[0])
    return Drawing(
        fig,
        caption=(
            f"{len(residuals)} noisy observations of the dashed curve. They miss it by "
            f"{np.sqrt(np.mean(residuals**2)):.2f} (root mean square). Labels of "
            "neighbouring inputs differ by as much."
        ),
        alt=(
            f"{len(residuals)} points scattered about a dashed curve that rises from 0 to "
            f"{sample.y_val.max():.1f} near x = "
            f"{sample.x_val[sample.y_val.argmax()]:.1f}, dips to "
            f"{sample.y_val[20:].min():.1f} and turns up again."
        ),
        data={
            "key": sample.x_train,
            "value": sample.y_train,
            "truth": truth(sample.x_train),
        },
    )


def plot_estimate(ax: Axes, sample: SyntheticData, estimates: Floats) -> None:
    """Draw the estimates (50,) over the training points and the truth."""
    plot_truth(ax, sample)
    plot_points(ax, sample)
    ax.plot(sample.x_val, estimates, color=colour("orange"), label="estimate")
    ax.set(xlabel="x", ylabel="y", xlim=DOMAIN)


def plot_attention(
    ax: Axes, weights: Floats, queries: Floats, keys: Floats, norm: Normalize
) -> AxesImage:
    """Draw attention weights (Q, K): a row for each query, exact cells.

    Keys stand where they are on the x axis, each as wide as the part of it that is
    nearest to it; queries are an even grid. No cell is blended with its neighbour.
    """
    across = np.linspace(*DOMAIN, 1001)
    middles = (across[:-1] + across[1:]) / 2
    nearest = np.abs(middles[:, None] - keys).argmin(axis=1)
    half = (queries[1] - queries[0]) / 2
    image = ax.imshow(
        weights[:, nearest],
        norm=norm,
        extent=(*DOMAIN, queries[0] - half, queries[-1] + half),
        origin="lower",
        aspect="auto",
    )
    ax.set(xlabel="key x", ylabel="query x", xticks=range(6), yticks=range(5))
    ax.grid(visible=False)
    return image


@figure("drawing")
def drawing() -> Drawing:
    """What the two plotting helpers draw, for one kernel and one width."""
    sample = synthetic_data()
    kernel, bandwidth = "triangular", 0.7
    estimates, weights = _fit(sample, kernel, bandwidth)
    fig, (left, right) = panels(["Estimate", "Attention weights"], height=250)
    plot_estimate(left, sample, estimates)
    norm = Normalize(0, weights.max())
    plot_attention(right, weights, sample.x_val, sample.x_train, norm)
    legend(fig, left.get_legend_handles_labels()[0])
    return Drawing(
        fig,
        caption=(
            f"The {kernel} kernel at bandwidth {bandwidth:g}: the estimate, and the "
            "weights behind it. A row shows which keys have weight for that query. "
            f"Colours run evenly from 0, the darkest, to {weights.max():.2f}, the "
            "brightest."
        ),
        alt=(
            f"First: {len(sample.x_train)} points, the dashed truth, and an estimate that "
            f"follows it with an error of {rmse(estimates, sample.y_val):.2f}. Second: "
            "a heatmap whose bright band climbs the diagonal."
        ),
        data={"query": sample.x_val, "truth": sample.y_val, "estimate": estimates}
        | points(sample)
        | matrix(sample, {"attention": weights}),
    )


@figure("estimates-by-kernel")
def estimates_by_kernel() -> Drawing:
    """The estimate of each of the deck's kernels at bandwidth 1."""
    sample = synthetic_data()
    fits = {name: _fit(sample, name)[0] for name in DECK_KERNELS}
    labels = {name: kernel.label for name, kernel in DECK_KERNELS.items()}
    return _estimates(
        sample,
        fits,
        labels,
        look="Compare the left end and the crest, where wide kernels flatten the curve.",
    )


@figure("attention-by-kernel")
def attention_by_kernel() -> Drawing:
    """The attention weights of each of the deck's kernels at bandwidth 1."""
    sample = synthetic_data()
    weights = {name: _fit(sample, name)[1] for name in DECK_KERNELS}
    labels = {name: kernel.label for name, kernel in DECK_KERNELS.items()}
    return _attention(
        sample,
        weights,
        labels,
        column="kernel",
        look="The constant kernel's panel has one colour: every key has the same weight.",
    )


@figure("a-row-at-work")
def a_row_at_work() -> Drawing:
    """The triangular kernel at bandwidth 1, one query of it outlined."""
    return _one_query(
        "triangular",
        1.0,
        "The triangular kernel with a bandwidth of {bandwidth:g}. The outlined row of the "
        "matrix has the weights of the query at x = {x:g}; the points show the same "
        "weights by their size. In effect {used:.1f} of {n} keys share them.",
    )


@figure("estimates-by-bandwidth")
def estimates_by_bandwidth() -> Drawing:
    """The Gaussian estimate at each of the deck's bandwidths."""
    sample = synthetic_data()
    fits = {f"{h:g}": _fit(sample, "gaussian", h)[0] for h in DECK_BANDWIDTHS}
    return _estimates(
        sample,
        fits,
        {name: f"σ = {name}" for name in fits},
        look="From panel to panel the curve gets smoother; too smooth misses the shape.",
    )


@figure("narrow-at-work")
def narrow_at_work() -> Drawing:
    """The narrowest of the deck's widths, one query of it outlined."""
    return _one_query(
        "gaussian",
        DECK_BANDWIDTHS[0],
        "The Gaussian with a bandwidth of {bandwidth:g}, the narrowest of the four. The "
        "query at x = {x:g} uses {used:.1f} of {n} keys, in effect. The curve follows "
        "single points: its error to the truth is {error:.2f}.",
    )


@figure("attention-by-bandwidth")
def attention_by_bandwidth() -> Drawing:
    """The Gaussian attention weights at each of the deck's bandwidths."""
    sample = synthetic_data()
    weights = {f"{h:g}": _fit(sample, "gaussian", h)[1] for h in DECK_BANDWIDTHS}
    return _attention(
        sample,
        weights,
        {name: f"σ = {name}" for name in weights},
        column="bandwidth",
        look="A narrow kernel puts its weight on few keys, a wide one on many.",
    )


def _fit(
    sample: SyntheticData, kernel: str, bandwidth: float = 1.0
) -> tuple[Floats, Floats]:
    return nadaraya_watson(
        sample.x_val, sample.x_train, sample.y_train, kernel, bandwidth=bandwidth
    )


def _estimates(
    sample: SyntheticData,
    fits: Mapping[str, Floats],
    labels: Mapping[str, str],
    *,
    look: str,
) -> Drawing:
    fig, axes = panels([labels[name] for name in fits])
    for ax, estimates in zip(axes, fits.values(), strict=True):
        plot_estimate(ax, sample, estimates)
    legend(fig, axes[0].get_legend_handles_labels()[0])
    errors = {labels[name]: rmse(fit, sample.y_val) for name, fit in fits.items()}
    listed = ", ".join(f"{label} ({error:.2f})" for label, error in errors.items())
    best, worst = (
        min(errors, key=errors.__getitem__),
        max(errors, key=errors.__getitem__),
    )
    return Drawing(
        fig,
        caption=f"Error (RMSE to the truth): {listed}. {look}",
        alt=(
            f"{_word(len(fits))} panels over the same {len(sample.x_train)} points. "
            f"{best} runs closest to the dashed truth, {worst} furthest from it."
        ),
        data={"query": sample.x_val, "truth": sample.y_val, **fits} | points(sample),
    )


def _attention(
    sample: SyntheticData,
    weights: Mapping[str, Floats],
    labels: Mapping[str, str],
    *,
    column: str,
    look: str,
) -> Drawing:
    top = max(float(w.max()) for w in weights.values())
    # Square root: on a linear scale the widest kernels would be one shade of dark.
    norm = PowerNorm(0.5, 0, top)
    fig, axes = panels([labels[name] for name in weights], height=270, key_height=52)
    for ax, w in zip(axes, weights.values(), strict=True):
        image = plot_attention(ax, w, sample.x_val, sample.x_train, norm)
    colourbar(fig, image, "attention weight (square-root scale)")
    used = {labels[name]: effective_keys(w).mean() for name, w in weights.items()}
    listed = ", ".join(f"{label} ({count:.1f})" for label, count in used.items())
    flat = [labels[name] for name, w in weights.items() if np.ptp(w) < 1e-12]
    banded = sorted(set(used) - set(flat), key=used.__getitem__)
    even = f"; that of {flat[0]} is one even colour" if flat else ""
    rows = {name: np.ravel(w) for name, w in weights.items()}
    return Drawing(
        fig,
        caption=(
            f"Each row is a query, each column a key, and each row sums to 1. A query "
            f"uses on average as many keys as this: {listed}. {look}"
        ),
        alt=(
            f"{_word(len(weights))} heatmaps with one colour scale from 0 to {top:.2f}. "
            f"The bright band along the diagonal is narrowest for {banded[0]} and widest "
            f"for {banded[-1]}{even}."
        ),
        data={
            column: np.repeat(list(rows), [len(r) for r in rows.values()]),
            "query": np.tile(
                np.repeat(sample.x_val, len(sample.x_train)), len(weights)
            ),
            "key": np.tile(sample.x_train, len(sample.x_val) * len(weights)),
            "weight": np.concatenate(list(rows.values())),
        },
    )


def points(sample: SyntheticData) -> dict[str, Floats]:
    """The training points, as columns of a figure's numbers."""
    return {"key": sample.x_train, "value": sample.y_train}


def matrix(sample: SyntheticData, weights: Mapping[str, Floats]) -> dict[str, Floats]:
    """Attention matrices (Q, K), as columns of a figure's numbers: a row for each cell."""
    return {
        "query of cell": np.repeat(sample.x_val, len(sample.x_train)),
        "key of cell": np.tile(sample.x_train, len(sample.x_val)),
    } | {name: w.ravel() for name, w in weights.items()}


def plot_truth(ax: Axes, sample: SyntheticData) -> None:
    """Draw the curve behind the data, dashed."""
    ax.plot(
        sample.x_val, sample.y_val, color=colour("muted"), dashes=(4, 3), label="truth"
    )


def plot_points(ax: Axes, sample: SyntheticData) -> None:
    """Draw the training points."""
    ax.plot(
        sample.x_train,
        sample.y_train,
        "o",
        color=colour("blue"),
        alpha=0.75,
        markeredgewidth=0,
        label="training points",
    )


def _word(count: int) -> str:
    return {2: "Two", 3: "Three", 4: "Four"}.get(count, str(count))
