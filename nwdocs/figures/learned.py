"""Figures of the page on learned attention."""

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.ticker import FuncFormatter

from nwdocs.bandwidth import select_bandwidth
from nwdocs.data import synthetic_data
from nwdocs.figures.deck import matrix, plot_attention
from nwdocs.figures.marks import LINES
from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, colourbar, legend, panels, single
from nwdocs.learned import dot_product_attention, key_norm_bias, learn_width
from nwdocs.measures import rmse
from nwdocs.projections import answer, fixed_kernel_answers, lookups, train
from nwdocs.study.ensembles import SETS, own_widths

__all__ = ["WIDTH"]

#: The Gaussian's width in the figure on the key-norm bias.
WIDTH = 0.5


@figure("key-norm-bias")
def key_norm_bias_maps() -> Drawing:
    """Dot-product attention on a line, without and with the bias."""
    sample = synthetic_data()
    queries, keys = sample.x_val[:, None], sample.x_train[:, None]
    biases = {
        "Dot product alone": np.zeros(len(keys)),
        "With the key-norm bias": key_norm_bias(keys, WIDTH),
    }
    maps = {
        name: dot_product_attention(
            queries, keys, sample.y_train, scale=WIDTH**-2, bias=bias
        )[1]
        for name, bias in biases.items()
    }
    norm = PowerNorm(0.5, 0, max(float(w.max()) for w in maps.values()))
    fig, axes = panels(list(maps), height=270, key_height=52)
    for ax, w in zip(axes, maps.values(), strict=True):
        image = plot_attention(ax, w, sample.x_val, sample.x_train, norm)
    colourbar(fig, image, "attention weight (square-root scale)")
    alone = maps["Dot product alone"]
    longest = (alone.argmax(axis=1) == len(keys) - 1)[sample.x_val > 0].mean()
    return Drawing(
        fig,
        caption=(
            f"Softmax attention on scores q·k/σ², σ = {WIDTH:g}. Alone, the dot product "
            f"gives the longest key the largest weight at {longest:.0%} of the queries "
            "above 0. The bias "
            "−k²/2σ² takes the advantage of length away, and the Gaussian appears."
        ),
        alt=(
            "First: a heatmap that is bright at its right rim only, at the largest keys. "
            "Second: the familiar bright diagonal."
        ),
        data=matrix(sample, maps),
    )


@figure("width-descent")
def width_descent() -> Drawing:
    """The width along two descents: on the leave-one-out loss, and on the training loss."""
    sample = synthetic_data()
    chosen = select_bandwidth(sample.x_train, sample.y_train)
    paths = {
        label: np.exp(
            learn_width(sample.x_train, sample.y_train, leave_out=leave_out).parameters[
                :, 0
            ]
        )
        for label, leave_out in (("leaving out", True), ("not leaving out", False))
    }
    fig, ax = single(height=300, key_height=48)
    for (label, path), look in zip(paths.items(), LINES, strict=False):
        ax.plot(path, label=label, **look)
    ax.axhline(
        chosen, color=colour("muted"), dashes=(2, 3), lw=1.5, label="cross-validation"
    )
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    ax.minorticks_off()
    ax.set(xlabel="step of gradient descent", ylabel="width σ (logarithmic)")
    legend(fig, ax.get_legend_handles_labels()[0], columns=2)
    ends = [path[-1] for path in paths.values()]
    steps = len(paths["leaving out"]) - 1
    return Drawing(
        fig,
        caption=(
            f"The width learned by gradient descent from σ = 1. Leaving each label out of "
            f"its own prediction, it settles at {ends[0]:.4f}, where cross-validation "
            f"finds {chosen:.4f}. Without leaving out it falls to {ends[1]:.4f}."
        ),
        alt=(
            f"Two lines over {steps} steps from the same start. One meets the dotted line "
            "and stays, the other sinks by orders of magnitude."
        ),
        data={"step": np.arange(steps + 1), **paths, "cross-validation": [chosen]},
    )


@figure("own-widths")
def own_widths_scatter() -> Drawing:
    """What a width for each key does to the loss and to the error, a dot a data set."""
    found = own_widths()
    gain = found.shared_loss - found.own_loss
    harm = found.own_error - found.shared_error
    worse = harm > 0
    fig, ax = single(height=310, key_height=28)
    for where, label, name, mark in (
        (worse, "further from the truth", "orange", "X"),
        (~worse, "closer to it", "green", "o"),
    ):
        ax.plot(
            gain[where],
            harm[where],
            mark,
            color=colour(name),
            alpha=0.75,
            ms=6,
            markeredgewidth=0,
            label=label,
        )
    ax.axhline(0, color=colour("ink"), lw=1)
    ax.set(xlabel="leave-one-out error: gain", ylabel="error to the truth: change")
    ax.set_xlim(left=0)
    legend(fig, ax.get_legend_handles_labels()[0])
    return Drawing(
        fig,
        caption=(
            f"A width learned for each key, against one for all, in {SETS} data sets. The "
            f"loss improves in all of them, from {found.shared_loss.mean():.2f} to "
            f"{found.own_loss.mean():.2f} on average; the estimate gets worse in "
            f"{worse.mean():.0%}."
        ),
        alt=(
            f"A cloud of {SETS} marks, all to the right of zero gain. {worse.sum()} crosses "
            f"lie above the line of no change, {(~worse).sum()} dots below it."
        ),
        data={"gain": gain, "change of error": harm},
    )


@figure("lookup-training")
def lookup_training() -> Drawing:
    """Training curves of the lookup task."""
    task, unseen = lookups(500, seed=0), lookups(500, seed=1)
    runs = {
        "query and key apart": train(task),
        "one for both": train(task, shared=True),
    }
    losses = {name: np.sqrt(descent.losses) for name, (_, descent) in runs.items()}
    fixed = min(
        rmse(fixed_kernel_answers(task, h), task.answers)
        for h in np.geomspace(0.2, 50, 12)
    )
    fig, ax = single(height=310, key_height=48)
    for (name, loss), look in zip(losses.items(), LINES, strict=False):
        ax.plot(loss, label=name, **look)
    ax.axhline(
        fixed, color=colour("muted"), dashes=(2, 3), lw=1.5, label="fixed kernel"
    )
    ax.set(xlabel="step of gradient descent", ylabel="error (RMSE)", ylim=(0, 1.12))
    legend(fig, ax.get_legend_handles_labels()[0], columns=2)
    learned, _ = runs["query and key apart"]
    test = rmse(answer(learned, unseen)[0], unseen.answers)
    return Drawing(
        fig,
        caption=(
            "Training on the lookup task. Projections for queries and keys apart reach "
            f"{losses['query and key apart'][-1]:.2f}, and {test:.2f} on questions not "
            f"seen in training. One projection for both stays at "
            f"{losses['one for both'][-1]:.2f}; the best fixed kernel has {fixed:.2f}."
        ),
        alt=(
            "Two falling curves. One drops to nearly 0, the other levels off at once, "
            "near the dotted line of the fixed kernel."
        ),
        data={
            "step": np.arange(len(losses["one for both"])),
            **losses,
            "fixed kernel": [fixed],
        },
    )
