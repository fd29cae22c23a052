"""Figures of the page on attention to patches."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, PowerNorm

from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colourbar, panels
from nwdocs.kernels import Floats
from nwdocs.measures import effective_keys
from nwdocs.patches import psnr, scene
from nwdocs.study.patches import NOISE, QUERY, heard, noisy, restored

__all__: list[str] = []

_MARK = "#fdfdfd"  # white on a picture, which has the same colours in both schemes


@figure("patches-restored")
def patches_restored() -> Drawing:
    """The picture with noise, and after attention by place, by grey and by patches."""
    found = restored()
    pictures = {
        "With noise": noisy(),
        "By place": found["place"].image,
        "By place and grey": found["place and grey"].image,
        "By patches": found["patches"].image,
    }
    fig, axes = panels(list(pictures), height=262, key_height=6)
    for ax, picture in zip(axes, pictures.values(), strict=True):
        _picture(ax, picture)
    told = ", ".join(f"{way.decibels:.1f} by {name}" for name, way in found.items())
    return Drawing(
        fig,
        caption=(
            f"A picture of {noisy().shape[0]} × {noisy().shape[1]} pixels with noise of "
            f"{NOISE:g}, and what attention among its pixels makes of it. Decibels to the "
            f"picture without noise: {psnr(noisy(), scene()):.1f} at first, {told}."
        ),
        alt=(
            "Four grey pictures of a disc, a chequered board and stripes. The first is "
            "speckled, the second blurred, the third less so; the fourth is clean, with "
            "sharp edges."
        ),
        data=_columns(pictures | {"Without noise": scene()}),
    )


@figure("patches-heard")
def patches_heard() -> Drawing:
    """Whom one pixel hears: its weights by place, by grey and by patches."""
    weights = heard()
    titles = ["The pixel that asks", *(f"By {name}" for name in weights)]
    fig, axes = panels(titles, height=262, key_height=52)
    _picture(axes[0], scene())
    norm = PowerNorm(0.5, 0, 4)
    for ax, map_ in zip(axes[1:], weights.values(), strict=True):
        image = ax.imshow(100 * map_, norm=norm, aspect="auto")
        ax.grid(visible=False)
        ax.set(xticks=[], yticks=[])
    for ax in axes:
        ax.plot(*reversed(QUERY), "o", ms=9, mfc="none", mec=_MARK, mew=1.5)
    colourbar(fig, image, "attention weight in % (square-root scale)")
    used = [float(effective_keys(w.reshape(1, -1))[0]) for w in weights.values()]
    return Drawing(
        fig,
        caption=(
            "Whom one pixel, in the circle, hears. By place, or place and grey, it hears "
            f"its neighbours: {used[0]:.0f} and {used[1]:.0f} effective keys. By patches it "
            f"hears {used[2]:.0f}: above all those at the edge of other stripes. "
            "Weights from 4% on have the brightest colour."
        ),
        alt=(
            "First the picture with a circle on a stripe; then three dark maps. Two have a "
            "bright spot in the circle, the last has dots along all stripes like its own."
        ),
        data=_columns(weights),
    )


def _picture(ax: Axes, picture: Floats) -> None:
    ax.imshow(picture, norm=Normalize(0, 1), cmap="gray", aspect="auto")
    ax.grid(visible=False)
    ax.set(xticks=[], yticks=[])


def _columns(pictures: Mapping[str, Floats]) -> dict[str, Floats]:
    rows, columns = np.indices(next(iter(pictures.values())).shape).astype(float)
    return {"row": rows.ravel(), "column": columns.ravel()} | {
        name: picture.ravel() for name, picture in pictures.items()
    }
