"""Figures of the page on choosing a bandwidth."""

import numpy as np
from matplotlib.ticker import FuncFormatter

from nwdocs.attention import nadaraya_watson
from nwdocs.bandwidth import (
    leave_one_out_error,
    oracle_bandwidth,
    select_bandwidth,
)
from nwdocs.data import synthetic_data
from nwdocs.data import truth as true_curve
from nwdocs.figures.deck import plot_estimate, points
from nwdocs.figures.marks import LINES, log_axis, name_line
from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, legend, panels, single
from nwdocs.kernels import DECK_BANDWIDTHS, Floats
from nwdocs.measures import effective_keys, rmse
from nwdocs.study.ensembles import (
    SETS,
    SIZES,
    BestWidths,
    Setting,
    best_widths,
    edges,
    ensemble,
    estimates,
    local_linear_estimates,
    log_log_line,
    summarise,
)

__all__ = ["BOUNDARY_WIDTH"]

#: The Gaussian's width in the figure on the edges: wide enough for the bias to be seen.
BOUNDARY_WIDTH = 0.5


@figure("leave-one-out")
def leave_one_out_curve() -> Drawing:
    """Three errors against the width: on labels left out, on all labels, to the truth."""
    sample = synthetic_data()
    x, y, queries, truth = sample
    widths = np.geomspace(0.02, 5, 80)

    def fit(at: Floats, width: float) -> Floats:
        return nadaraya_watson(at, x, y, bandwidth=width)[0]

    curves = {
        "leave one out": [leave_one_out_error(x, y, bandwidth=h) for h in widths],
        "training error": [rmse(fit(x, h), y) ** 2 for h in widths],
        "error to the truth": [rmse(fit(queries, h), truth) ** 2 for h in widths],
    }
    chosen, oracle = select_bandwidth(x, y), oracle_bandwidth(x, y, queries, truth)
    lowest = leave_one_out_error(x, y, bandwidth=chosen)
    reached = rmse(fit(queries, oracle), truth) ** 2
    apart = np.subtract(curves["leave one out"], curves["error to the truth"])
    noise = rmse(y, true_curve(x)) ** 2
    fig, ax = single(height=320, key_height=0)
    named = {
        "leave one out": (0.045, "right"),
        "training error": (0.18, "right"),
        "error to the truth": (5.0, "above"),
    }
    for (label, values), look in zip(curves.items(), LINES, strict=False):
        ax.plot(widths, values, **look)
        width, side = named[label]
        at = (width, float(np.interp(width, widths, values)))
        name_line(ax, label, at, look, side)
    least = ((chosen, lowest, LINES[0]), (oracle, reached, LINES[2]))
    for width, value, look in least:
        ax.plot(
            *(width, value, "o"),
            color=look["color"],
            ms=8,
            markeredgecolor=colour("paper"),
        )
    log_axis(ax, [0.02, *DECK_BANDWIDTHS, 5])
    ax.set(xlabel="bandwidth σ (logarithmic)", ylabel="mean squared error")
    ax.set_ylim(0, 1.05 * max(curves["leave one out"]))
    return Drawing(
        fig,
        caption=(
            f"Leave-one-out error is least at σ = {chosen:.3f}, the error to the truth at "
            f"σ = {oracle:.3f} (dots). The two curves lie {apart.min():.1f} to "
            f"{apart.max():.1f} apart, about the mean square of this "
            f"sample's noise, {noise:.1f}. The training error points to zero width."
        ),
        alt=(
            "Two valleys, one above the other, with their floors at nearly the same "
            f"width; and a curve that falls to {curves['training error'][0]:.2f} on the "
            "left, without a valley."
        ),
        data={"bandwidth": widths, **curves},
    )


@figure("chosen-widths")
def chosen_widths() -> Drawing:
    """The estimates at the widths that two ways of choosing lead to."""
    sample = synthetic_data()
    x, y, queries, truth = sample
    widths = {
        "Training error": 0.02,
        "Leave one out": select_bandwidth(x, y),
    }
    fits = {
        name: nadaraya_watson(queries, x, y, bandwidth=h) for name, h in widths.items()
    }
    fig, axes = panels(
        [f"{name}: σ = {h:.2f}" for name, h in widths.items()], height=270
    )
    for ax, (curve, _) in zip(axes, fits.values(), strict=True):
        plot_estimate(ax, sample, curve)
    legend(fig, axes[0].get_legend_handles_labels()[0])
    errors = {name: rmse(curve, truth) for name, (curve, _) in fits.items()}
    listed = ", ".join(f"{name.lower()} {error:.2f}" for name, error in errors.items())
    used = effective_keys(fits["Training error"][1]).mean()
    return Drawing(
        fig,
        caption=(
            f"Error (RMSE to the truth): {listed}. The training error would go narrower "
            f"still; at 0.02 a query uses {used:.1f} keys."
        ),
        alt=(
            "First: an estimate that jumps from point to point. Second: one that follows "
            "the dashed truth."
        ),
        data={
            "query": queries,
            "truth": truth,
            **{name: curve for name, (curve, _) in fits.items()},
            **points(sample),
        },
    )


@figure("best-width-by-size")
def best_width_by_size() -> Drawing:
    """The best width against the sample's size, by region, on log scales."""
    sizes = np.array(list(SIZES), dtype=float)
    found = {n: best_widths(n) for n in SIZES}
    fig, ax = single(height=330, key_height=0)
    columns = {"points": sizes, "data sets": np.array(list(SIZES.values()))}
    slopes = {}
    labels = dict(
        zip(
            BestWidths._fields,
            ("all queries", "inside", "end strips", "left end"),
            strict=True,
        )
    )
    marks = ("o", "s", "D", "^")
    for (region, label), look, mark in zip(labels.items(), LINES, marks, strict=False):
        samples = {n: getattr(best, region) for n, best in found.items()}
        summaries = [summarise(widths) for widths in samples.values()]
        means = np.array([s.mean for s in summaries])
        line = log_log_line(samples)
        slopes[region] = line
        ax.errorbar(
            sizes,
            means,
            yerr=[2 * s.se for s in summaries],
            fmt=mark,
            color=look["color"],
            ms=6,
            elinewidth=1.5,
        )
        ax.plot(sizes, line.at(sizes), lw=1.6, **look)
        columns |= {
            f"{label}, mean": means,
            f"{label}, se": np.array([s.se for s in summaries]),
        }
    log_axis(ax, list(SIZES))
    ax.set_yscale("log")
    ax.set_yticks([0.05, 0.1, 0.2, 0.4])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    ax.minorticks_off()
    ax.set(xlabel="number of points (logarithmic)", ylabel="best σ (logarithmic)")
    ax.set_xlim(right=sizes[-1] ** 1.3)  # room for names where the lines end
    for (region, label), look in zip(labels.items(), LINES, strict=False):
        end = (sizes[-1], float(slopes[region].at(sizes[-1])))
        name_line(ax, f"{label} {_signed(slopes[region].slope)}", end, look, "right")
    told = "; ".join(
        f"{label} {_signed(slopes[r].slope, 3)} ± {slopes[r].slope_se:.3f}"
        for r, label in labels.items()
    )
    return Drawing(
        fig,
        caption=(
            "The width with the least expected error, mean and two standard errors. "
            f"Slopes: {told}. In the limit, theory says {_signed(-1 / 5)} inside, "
            f"{_signed(-1 / 4)} for all queries and for a strip, and {_signed(-1 / 3)} "
            "at an end point."
        ),
        alt=(
            "Four falling lines on log-log axes. The one for queries inside falls "
            "least, the one for the end point most."
        ),
        data=columns,
    )


@figure("boundary-bias")
def boundary_bias() -> Drawing:
    """The mean curve over the data sets, with a constant and with a line."""
    data, setting = ensemble(), Setting(bandwidth=BOUNDARY_WIDTH)
    curves = {
        "Nadaraya–Watson": estimates(setting),
        "Local linear": local_linear_estimates(setting),
    }
    at_edges = edges(data.queries)
    fig, axes = panels(list(curves), height=270)
    columns = {"query": data.queries, "truth": data.truth}
    gap = {}
    for ax, (name, each) in zip(axes, curves.items(), strict=True):
        mean, sd = each.mean(axis=0), each.std(axis=0)
        ax.fill_between(
            data.queries,
            mean - sd,
            mean + sd,
            color=colour("orange"),
            alpha=0.2,
            lw=0,
            label="± sd",
        )
        ax.plot(data.queries, mean, color=colour("orange"), label="mean estimate")
        ax.plot(
            data.queries,
            data.truth,
            color=colour("muted"),
            dashes=(4, 3),
            label="truth",
        )
        ax.set(xlabel="x", ylabel="y", xlim=(0, 5), ylim=(-0.7, 4.6))
        columns |= {f"{name}, mean": mean, f"{name}, sd": sd}
        gap[name] = np.abs(mean - data.truth)[at_edges].mean()
    legend(fig, axes[0].get_legend_handles_labels()[0])
    plain, linear = gap.values()
    start = columns["Nadaraya–Watson, mean"][0]
    return Drawing(
        fig,
        caption=(
            f"The mean of {SETS} estimates at σ = {BOUNDARY_WIDTH:g}. Within half a unit "
            f"of an end, the mean of Nadaraya–Watson is off by {plain:.2f} on average; "
            f"with a fitted slope, by {linear:.2f}."
        ),
        alt=(
            f"First: the mean estimate starts at {start:.1f}, where the truth starts at "
            "0, and bends away from it at the other end. Second: it stays close to the "
            "truth up to both ends, with a wider band there."
        ),
        data=columns,
    )


def _signed(number: float, digits: int = 2) -> str:
    return f"{number:.{digits}f}".replace("-", "−")
