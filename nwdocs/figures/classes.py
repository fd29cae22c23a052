"""The figure on classes, for an exercise."""

import numpy as np

from nwdocs.attention import nadaraya_watson
from nwdocs.figures.marks import LINES
from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import legend, panels
from nwdocs.kernels import gaussian

__all__ = ["CLASS_WIDTH", "class_sample"]

#: The Gaussian's width in the picture of classes.
CLASS_WIDTH = 0.4


def class_sample() -> tuple[np.ndarray, np.ndarray]:
    """Keys (180,) of three classes, and their classes 0, 1 and 2."""
    rng = np.random.default_rng(2)
    counts, centres = (40, 80, 60), (-2.0, 0.0, 2.2)
    keys = np.concatenate(
        [rng.normal(c, 0.9, n) for n, c in zip(counts, centres, strict=True)]
    )
    return keys, np.repeat(range(3), counts)


@figure("classes-by-density")
def classes_by_density() -> Drawing:
    """Densities of three classes, and what attention to one-hot values makes of them."""
    keys, classes = class_sample()
    queries = np.linspace(-4, 4.5, 120)
    shares, _ = nadaraya_watson(
        queries, keys, np.eye(3)[classes], bandwidth=CLASS_WIDTH
    )
    unit = len(keys) * CLASS_WIDTH * np.sqrt(2 * np.pi)
    similarity = gaussian((queries[:, None] - keys) / CLASS_WIDTH)
    fig, axes = panels(["Density, by class", "Estimate, by class"], height=270)
    columns = {"query": queries}
    for which, look in zip(range(3), LINES[1:], strict=True):
        density = similarity[:, classes == which].sum(axis=1) / unit
        label = f"class {which + 1}"
        axes[0].plot(queries, density, label=label, **look)
        axes[1].plot(queries, shares[:, which], **look)
        columns |= {f"{label}, density": density, f"{label}, share": shares[:, which]}
    for ax in axes:
        ax.set(xlabel="x", xlim=(-4, 4.5))
    axes[0].set_ylim(0, None)
    axes[1].set(ylim=(0, 1.05))
    legend(fig, axes[0].get_legend_handles_labels()[0])
    return Drawing(
        fig,
        caption=(
            f"Three classes of keys. First: the density of each, times its share of the "
            f"keys, by Gaussians of {CLASS_WIDTH:g}. Second: attention to one-hot values. "
            "It is each density divided by the sum of all three: Bayes' rule."
        ),
        alt=(
            "First: three hills, the middle one the tallest. Second: three curves that sum "
            "to 1; each is near 1 over its own hill, and they cross between the hills."
        ),
        data=columns,
    )
