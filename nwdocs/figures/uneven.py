"""The figure on uneven keys."""

from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, legend, panels
from nwdocs.study.ensembles import SETS
from nwdocs.study.uneven import CURVES, QUERIES, errors, estimate, uneven_set

__all__: list[str] = []


@figure("uneven-keys")
def uneven_keys() -> Drawing:
    """One data set with uneven keys: the best fixed width, and a line by neighbours."""
    name = next(iter(CURVES))
    curve, ways = CURVES[name]
    keys, values = uneven_set(0, curve)
    shown = {
        "Best fixed width": ways["fixed width"],
        "k neighbours, line": ways["k neighbours, line"],
    }
    fig, axes = panels(list(shown), height=270)
    columns = {"query": QUERIES, "truth": curve(QUERIES), "key": keys, "value": values}
    for ax, (title, way) in zip(axes, shown.items(), strict=True):
        found = estimate(way, keys, values)
        ax.plot(keys, values, "o", color=colour("blue"), ms=3.5, alpha=0.75, mew=0)
        ax.plot(
            QUERIES,
            columns["truth"],
            color=colour("muted"),
            dashes=(4, 3),
            label="truth",
        )
        ax.plot(QUERIES, found, color=colour("orange"), label="estimate")
        ax.set(xlabel="x", xlim=(0, 5), ylim=(-3.4, 3.4))
        columns[title] = found
    axes[0].set_ylabel("y")
    legend(fig, axes[0].get_legend_handles_labels()[0])
    means = [errors(name)[way].mean() for way in ("fixed width", "k neighbours, line")]
    return Drawing(
        fig,
        caption=(
            f"{len(keys)} keys, dense on the left and sparse on the right. One fixed width "
            "must be narrow on the left, and follows single labels on the right. A width "
            "that reaches a fixed number of neighbours is narrow and wide in turn. Mean "
            f"errors over {SETS} data sets: {means[0]:.2f} and {means[1]:.2f}."
        ),
        alt=(
            "Two panels with the same points and a dashed wave that slows down to the "
            "right. The first estimate is jagged on the right; the second is smooth and "
            "close to the wave throughout."
        ),
        data=columns,
    )
