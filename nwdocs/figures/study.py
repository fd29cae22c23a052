"""Figures on the claims: verdicts, the error in its parts, kernels of one width."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.lines import Line2D

from nwdocs.attention import nadaraya_watson
from nwdocs.data import synthetic_data
from nwdocs.figures.deck import (
    matrix,
    plot_attention,
    plot_points,
    plot_truth,
    points,
)
from nwdocs.figures.marks import LINES, log_axis, name_line, tracks
from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, colourbar, legend, panels, single
from nwdocs.kernels import DECK_BANDWIDTHS, KERNELS, Floats
from nwdocs.study.claims import CLAIMS, Reading, Verdict
from nwdocs.study.ensembles import (
    FITTING_WIDTH,
    SETS,
    WORKING_KERNELS,
    Setting,
    difference,
    matched,
    summarise,
    sweep,
    trial,
    weights,
)

_LEAST, _MOST = (
    0.01,
    40.0,
)  # of the scale of the verdicts; below the least is far enough

# Where the curves of attention's concentration have their names, the steepest first: in
# the room between each and the next.
_HEIGHTS = (0.999, 0.93, 0.84, 0.36)


@figure("verdicts")
def verdicts() -> Drawing:
    """Every claim's decisive reading, as a share of what its criterion allows."""
    fig, ax = single(height=36 * len(CLAIMS) + 72, key_height=48)
    ys = tracks(ax, [claim.title for claim in CLAIMS.values()])
    ax.axvspan(_LEAST / 2, 1, color=colour("green"), alpha=0.12, lw=0)
    ax.axvline(1, color=colour("ink"), lw=1)
    for y, claim in zip(ys, CLAIMS.values(), strict=True):
        stated, *conditional = claim.decisive
        for reading in conditional:
            ax.plot(
                [_strain(stated), _strain(reading)], [y, y], color=colour("muted"), lw=1
            )
            ax.plot(_strain(reading), y, "D", **_look("green"))
        passes = stated.passes
        ax.plot(
            _strain(stated),
            y,
            "o" if passes else "X",
            **_look("green" if passes else "orange"),
        )
    log_axis(ax, [0.01, 0.1, 1, 10])
    ax.set_xticklabels(["1 % or less", "10 %", "the limit", "10 times"])
    ax.set(xlim=(_LEAST * 0.8, _MOST), xlabel="measured, as a share of its limit")
    keys = [
        Line2D([], [], linestyle="", marker=m, label=label, **_look(c))
        for m, c, label in [
            ("o", "green", "holds as stated"),
            ("X", "orange", "fails as stated"),
            ("D", "green", "on its condition"),
        ]
    ]
    legend(fig, keys, columns=2)
    found = [claim.verdict for claim in CLAIMS.values()]
    counts = {verdict: found.count(verdict) for verdict in Verdict}
    rows = [
        (name, where, reading)
        for name, claim in CLAIMS.items()
        for where, reading in zip(
            ("as stated", "on condition"), claim.decisive, strict=False
        )
    ]
    return Drawing(
        fig,
        caption=(
            f"Of {len(CLAIMS)} claims, {counts[Verdict.HOLDS]} hold as they stand, "
            f"{counts[Verdict.HOLDS_WHEN]} on a condition, {counts[Verdict.FAILS]} not at "
            f"all. Each mark is a claim's worst reading, averaged over {SETS} data sets; "
            "left of the line is what its criterion allows."
        ),
        alt=(
            f"{len(CLAIMS)} rows with a mark each. {counts[Verdict.HOLDS]} have a dot left "
            f"of the limit; {counts[Verdict.HOLDS_WHEN]} have a cross right of it and a "
            "diamond left of it."
        ),
        data={
            "claim": [name for name, _, _ in rows],
            "verdict": [CLAIMS[name].verdict.value for name, _, _ in rows],
            "measured": [where for _, where, _ in rows],
            "mean": [reading.summary.mean for _, _, reading in rows],
            "sd": [reading.summary.sd for _, _, reading in rows],
            "limit": [reading.limit for _, _, reading in rows],
        },
    )


def _strain(reading: Reading) -> float:
    return max(reading.strain, _LEAST)


def _look(name: str) -> dict[str, Any]:
    return {"color": colour(name), "markersize": 8, "markeredgecolor": colour("paper")}


@figure("bias-variance")
def bias_variance() -> Drawing:
    """Squared error and its two parts against the Gaussian's width."""
    tried = sweep()
    parts = {
        "error": tried.error.mean(axis=1),
        "bias²": tried.bias_squared.mean(axis=1),
        "variance": tried.variance.mean(axis=1),
    }
    fig, ax = single(height=310, key_height=0)
    named = {
        "error": (1.2, "left"),
        "bias²": (1.6, "right"),
        "variance": (0.06, "left"),
    }
    for (label, values), look in zip(parts.items(), LINES, strict=False):
        ax.plot(tried.widths, values, **look)
        width, side = named[label]
        at = (width, float(np.interp(width, tried.widths, values)))
        name_line(ax, label, at, look, side)
    least = int(parts["error"].argmin())
    ax.plot(
        tried.widths[least],
        parts["error"][least],
        "o",
        color=LINES[0]["color"],
        markersize=8,
        markeredgecolor=colour("paper"),
    )
    log_axis(ax, [0.02, *DECK_BANDWIDTHS, 5])
    ax.set(
        xlabel="bandwidth σ (logarithmic)", ylabel="mean squared error", ylim=(0, 1.0)
    )
    return Drawing(
        fig,
        caption=(
            f"The Gaussian's squared error over {SETS} data sets is the sum of two parts: "
            "variance, which falls with the width, and squared bias, which rises. Their "
            f"sum is least near σ = {tried.widths[least]:.2f}."
        ),
        alt=(
            f"Variance falls from {parts['variance'][0]:.2f} to "
            f"{parts['variance'][-1]:.2f}, squared bias rises from {parts['bias²'][0]:.2f} "
            f"to {parts['bias²'][-1]:.2f}. Their sum is a valley with its floor at "
            f"{parts['error'][least]:.2f}."
        ),
        data={"bandwidth": tried.widths, **parts},
    )


@figure("concentration")
def concentration() -> Drawing:
    """How much of the attention the heaviest keys hold, by width and by kernel."""
    groups = {
        "Gaussian, by width": {
            f"σ = {h:g}": Setting(bandwidth=h) for h in DECK_BANDWIDTHS
        },
        "By kernel, at bandwidth 1": {
            KERNELS[name].label: Setting(name)
            for name in [*WORKING_KERNELS, "constant"]
        },
    }
    fig, axes = panels(list(groups), height=290, key_height=6)
    counts = np.arange(41)
    columns: dict[str, Floats] = {"keys": counts.astype(float)}
    for ax, group in zip(axes, groups.values(), strict=True):
        for (label, setting), look in zip(group.items(), LINES, strict=True):
            heaviest = -np.sort(-weights(setting), axis=-1)
            held = np.cumsum(heaviest.mean(axis=(0, 1)))
            columns[label] = np.concatenate([[0.0], held])
            ax.plot(counts, columns[label], **look)
        ax.set(xlabel="number of heaviest keys", xlim=(0, 40), ylim=(0, 1.12))
        looks = dict(zip(group, LINES, strict=True))
        steepest_first = sorted(group, key=lambda label: -columns[label][5])
        for label, height in zip(steepest_first, _HEIGHTS, strict=True):
            across = float(np.interp(height, columns[label], counts))
            side = "right" if height < _HEIGHTS[0] else "above"
            name_line(ax, label, (across, height), looks[label], side)
    axes[0].set_ylabel("share of attention they hold")
    narrow, wide = (
        columns[f"σ = {h:g}"] for h in (min(DECK_BANDWIDTHS), max(DECK_BANDWIDTHS))
    )
    one, many = (int(np.argmax(column >= 0.5)) for column in (narrow, wide))
    return Drawing(
        fig,
        caption=(
            f"How attention concentrates, on average over the queries of {SETS} data sets. "
            f"Half of it lies on {one} of 40 keys at σ = {min(DECK_BANDWIDTHS):g}, and on "
            f"{many} at σ = {max(DECK_BANDWIDTHS):g}."
        ),
        alt=(
            "Two panels of rising curves that reach 1. The narrower the kernel, the "
            "steeper the start; the constant kernel's curve is a straight line."
        ),
        data=columns,
    )


@figure("unit-widths")
def unit_widths() -> Drawing:
    """The working kernels as shares of attention, at bandwidth 1 and equally wide."""
    u = np.linspace(-3, 3, 601)
    settings = {
        "Bandwidth 1": [Setting(kernel) for kernel in WORKING_KERNELS],
        "As wide as the Gaussian": [matched(kernel, 1.0) for kernel in WORKING_KERNELS],
    }
    fig, axes = panels(list(settings), height=240)
    columns: dict[str, Floats] = {"distance": u}
    for ax, (title, each) in zip(axes, settings.items(), strict=True):
        for setting, look in zip(each, LINES, strict=False):
            kernel = KERNELS[setting.kernel]
            shape = kernel(u / setting.bandwidth)
            density = shape / (shape.sum() * (u[1] - u[0]))
            ax.plot(u, density, label=kernel.label, **look)
            columns[f"{setting.kernel}, {title}"] = density
        ax.set(xlabel="distance from the query", xlim=(-3, 3), ylim=(0, 1.06))
    axes[0].set_ylabel("share of attention per unit")
    legend(fig, axes[0].get_legend_handles_labels()[0])
    spread = {
        kernel: float(np.sqrt((u**2 * columns[f"{kernel}, Bandwidth 1"]).sum() * 0.01))
        for kernel in WORKING_KERNELS
    }
    widths = ", ".join(
        f"{KERNELS[s.kernel].label} {s.bandwidth:.2f}"
        for s in settings["As wide as the Gaussian"]
    )
    return Drawing(
        fig,
        caption=(
            "Attention by distance, if keys are everywhere. At bandwidth 1 the distance "
            "of a key, weighted by attention, is "
            + ", ".join(
                f"{spread[k]:.2f} ({KERNELS[k].label})" for k in WORKING_KERNELS
            )
            + f" (root mean square). Equally wide means these bandwidths: {widths}."
        ),
        alt=(
            "First: a low wide bell, a box between -1 and 1 and a tall narrow tent. Second: "
            "box and tent, stretched, lie close to the bell."
        ),
        data=columns,
    )


@figure("matched-estimates")
def matched_estimates() -> Drawing:
    """The deck's comparison of estimates, at unit width and at matched widths."""
    sample = synthetic_data()
    settings = {
        "Bandwidth 1": [Setting(kernel) for kernel in WORKING_KERNELS],
        f"As wide as a Gaussian of {FITTING_WIDTH:g}": [
            matched(kernel) for kernel in WORKING_KERNELS
        ],
    }
    fig, axes = panels(list(settings), height=270)
    columns = {"query": sample.x_val, "truth": sample.y_val} | points(sample)
    for ax, (title, each) in zip(axes, settings.items(), strict=True):
        plot_truth(ax, sample)
        plot_points(ax, sample)
        for setting, look in zip(each, LINES, strict=False):
            curve, _ = nadaraya_watson(
                sample.x_val,
                sample.x_train,
                sample.y_train,
                setting.kernel,
                bandwidth=setting.bandwidth,
                empty="nan",
            )
            ax.plot(sample.x_val, curve, **look)
            columns[f"{setting.kernel}, {title}"] = curve
        ax.set(xlabel="x", ylabel="y", xlim=(-1.7, 5), xticks=range(6))
    for setting, look in zip(settings["Bandwidth 1"], LINES, strict=False):
        start = float(columns[f"{setting.kernel}, Bandwidth 1"][0])
        name_line(axes[0], KERNELS[setting.kernel].label, (0, start), look, "left")
    legend(fig, axes[0].get_legend_handles_labels()[0])
    gaps = [
        np.nanmax(np.ptp([columns[f"{k}, {title}"] for k in WORKING_KERNELS], axis=0))
        for title in settings
    ]
    return Drawing(
        fig,
        caption=(
            "The deck's comparison, and the same with kernels of one effective width. "
            f"At bandwidth 1 the curves come apart by up to {gaps[0]:.2f}; equally wide, "
            f"by up to {gaps[1]:.2f}, where the boxcar jumps."
        ),
        alt=(
            "First: three curves over the points, which fan out at both ends. Second: three "
            "curves that lie on one another, one of them in steps."
        ),
        data=columns,
    )


@figure("matched-attention")
def matched_attention() -> Drawing:
    """Heatmaps by kernel, as the deck's, at matched widths."""
    sample = synthetic_data()
    names = [*WORKING_KERNELS, "epanechnikov"]
    maps = {}
    for name in names:
        setting = matched(name)
        _, maps[name] = nadaraya_watson(
            sample.x_val,
            sample.x_train,
            sample.y_train,
            name,
            bandwidth=setting.bandwidth,
            empty="nan",
        )
    top = max(float(np.nanmax(w)) for w in maps.values())
    norm = PowerNorm(0.5, 0, top)
    fig, axes = panels(
        [f"{KERNELS[n].label}, {matched(n).bandwidth:.2f}" for n in names],
        height=270,
        key_height=52,
    )
    for ax, w in zip(axes, maps.values(), strict=True):
        image = plot_attention(ax, w, sample.x_val, sample.x_train, norm)
    colourbar(fig, image, "attention weight (square-root scale)")
    differ = {
        n: difference(Setting(bandwidth=FITTING_WIDTH), matched(n)) for n in names[1:]
    }
    listed = ", ".join(f"{KERNELS[n].label} {d.mean():.2f}" for n, d in differ.items())
    return Drawing(
        fig,
        caption=(
            f"Heatmaps of four kernels, all as wide as a Gaussian of "
            f"{FITTING_WIDTH:g}. Share of attention that differs from the Gaussian's, over "
            f"{SETS} data sets: {listed}."
        ),
        alt=(
            "Four heatmaps whose bright band is equally wide. The boxcar's band has a "
            "hard rim, the others fade."
        ),
        data=matrix(sample, maps),
    )


@figure("errors-by-kernel")
def errors_by_kernel() -> Drawing:
    """Each kernel's error less the Gaussian's on the same data set, both ways of width."""
    finite = [name for name, kernel in KERNELS.items() if np.isfinite(kernel.canonical)]
    first, *names = finite
    ways: dict[str, Callable[[str], Setting]] = {
        "Bandwidth 1": Setting,
        f"As wide as a Gaussian of {FITTING_WIDTH:g}": matched,
    }
    fig, axes = panels(list(ways), height=30 * len(names) + 72, key_height=0)
    columns: dict[str, list[float]] = {
        key: [] for key in ("bandwidth", "mean error", "difference", "sd", "se")
    }
    for ax, setting in zip(axes, ways.values(), strict=True):
        ys = tracks(ax, [KERNELS[name].label for name in names])
        ax.axvline(0, color=colour("ink"), lw=1)
        base = trial(setting(first)).error
        for y, name in zip(ys, names, strict=True):
            error = trial(setting(name)).error
            apart = summarise(error - base)
            ax.plot(
                [apart.mean - apart.sd, apart.mean + apart.sd],
                [y, y],
                color=colour("muted"),
                lw=3,
                alpha=0.75,
                solid_capstyle="round",
            )
            ax.plot(apart.mean, y, "o", color=colour("ink"), markersize=7)
            found = (setting(name).bandwidth, error.mean(), *apart[:2], apart.se)
            for column, value in zip(columns.values(), found, strict=True):
                column.append(float(value))
        ax.set(xlabel=f"error less the {KERNELS[first].label}'s", xlim=(-0.5, 0.3))
    half = len(names)
    differences = columns["difference"]
    ranges = [max(map(abs, part)) for part in (differences[:half], differences[half:])]
    return Drawing(
        fig,
        caption=(
            f"The error (RMSE to the truth) of each kernel, less the Gaussian's on the "
            f"same data set: mean and standard deviation over {SETS} data sets. At "
            f"bandwidth 1 a kernel is up to {ranges[0]:.2f} away from the Gaussian; "
            f"equally wide, up to {ranges[1]:.2f}."
        ),
        alt=(
            f"Two panels of {half} rows and a line at no difference. In the first the "
            f"dots lie from {min(differences[:half]):.2f} to "
            f"{max(differences[:half]):.2f}; in the second all are at the line."
        ),
        data={"kernel": names * 2, **columns},
    )
