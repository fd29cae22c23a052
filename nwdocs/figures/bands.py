"""Figures on bands around an estimate: one in real data, and how often it is right."""

import numpy as np
from matplotlib.ticker import FuncFormatter

from nwdocs.attention import nadaraya_watson
from nwdocs.bandwidth import leave_one_out, select_bandwidth, standard_errors
from nwdocs.data import engel_households
from nwdocs.figures.marks import LINES, log_axis, name_line
from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, legend, single
from nwdocs.study.ensembles import SETS
from nwdocs.study.uneven import BANDS, coverage

__all__: list[str] = []


@figure("engel")
def engel() -> Drawing:
    """Food's share of the budget against income, with the chosen width and a band."""
    households = engel_households()
    income, share = np.log10(households.income), households.food / households.income
    width = select_bandwidth(income, share)
    queries = np.linspace(income.min(), income.max(), 121)
    fitted, weights = nadaraya_watson(queries, income, share, bandwidth=width)
    error = 2 * standard_errors(weights, leave_one_out(income, share, bandwidth=width))
    fig, ax = single(height=320, key_height=48)
    ax.plot(
        10**income,
        share,
        "o",
        color=colour("blue"),
        alpha=0.75,
        markeredgewidth=0,
        label="households",
    )
    ax.fill_between(
        10**queries,
        fitted - error,
        fitted + error,
        color=colour("orange"),
        alpha=0.25,
        lw=0,
        label="± 2 standard errors",
    )
    ax.plot(10**queries, fitted, color=colour("orange"), label="estimate")
    log_axis(ax, [400, 700, 1200, 2000, 4000])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:.0f}"))
    ax.set(xlabel="income, francs a year (logarithmic)", ylabel="% of it spent on food")
    ax.set_ylim(0.1, 0.95)
    legend(fig, ax.get_legend_handles_labels()[0], columns=2)
    poor, rich = np.interp(np.log10([500, 2000]), queries, fitted)
    return Drawing(
        fig,
        caption=(
            f"Engel's law in the budgets of {len(income)} Belgian households. At 500 "
            f"francs the estimate is {poor:.0%} spent on food, at 2000 it is {rich:.0%}. "
            f"The width, chosen by leave-one-out, is a factor of {10**width:.2f} in "
            "income."
        ),
        alt=(
            f"A cloud of points that falls to the right, and a curve from {fitted[0]:.0%} "
            f"down to {fitted[-1]:.0%}, with a band that is narrow in the middle and "
            "wide at the rich end, where there are few households."
        ),
        data={
            "income": 10**queries,
            "share": fitted,
            "lower": fitted - error,
            "upper": fitted + error,
            "household's income": households.income,
            "household's share": share,
        },
    )


@figure("band-coverage")
def band_coverage() -> Drawing:
    """How often the band of two standard errors holds the truth, by the width."""
    found = coverage()
    lines = {"inside": found.inside, "at the edges": found.edges}
    fig, ax = single(height=300, key_height=0)
    for (name, shares), look in zip(lines.items(), LINES, strict=False):
        ax.plot(BANDS, shares.mean(axis=1), marker="o", **look)
        at = (BANDS[-2], float(shares.mean(axis=1)[-2]))
        name_line(ax, name, at, look, "right" if name == "inside" else "left")
    ax.axhline(0.95, color=colour("muted"), dashes=(2, 3), lw=1.5)
    name_line(ax, "promised: 95%", (1.0, 0.95), {"color": colour("muted")}, "above")
    log_axis(ax, [0.1, 0.2, 0.5, 1])
    ax.set(
        xlabel="bandwidth σ (logarithmic)", ylabel="share of queries", ylim=(0, 1.06)
    )
    inside, at_edges = (shares.mean(axis=1) for shares in lines.values())
    best = int(inside.argmax())
    return Drawing(
        fig,
        caption=(
            f"At how many queries the band of two standard errors holds the truth, over "
            f"{SETS} data sets. Inside it is {inside[best]:.0%} at σ = {BANDS[best]:g}, and "
            f"{inside[-1]:.0%} at σ = {BANDS[-1]:g}; at the edges {at_edges[best]:.0%} and "
            f"{at_edges[-1]:.0%}. No width keeps the promise of 95%."
        ),
        alt=(
            "Two lines below a dotted line at 95%. Both are nearly level up to "
            "σ = 0.3 and then fall, the one for the edges further."
        ),
        data={"bandwidth": list(BANDS), "inside": inside, "at the edges": at_edges},
    )
