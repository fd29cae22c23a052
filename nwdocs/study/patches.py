"""One small picture with noise, and what three ways to compare its pixels make of it."""

from functools import cache
from typing import NamedTuple

import numpy as np

from nwdocs.kernels import Floats
from nwdocs.learned import gaussian_as_softmax
from nwdocs.once import once
from nwdocs.patches import (
    denoise,
    grey_features,
    patch_features,
    place_features,
    psnr,
    scene,
)

__all__ = [
    "NOISE",
    "QUERY",
    "RADIUS",
    "Restored",
    "features",
    "heard",
    "noisy",
    "restored",
]

#: Standard deviation of the noise on greys from 0 to 1.
NOISE = 0.2

#: How far a patch reaches from its middle, in pixels.
RADIUS = 2

#: The pixel whose weights are shown: row and column, on a stripe.
QUERY = (50, 20)

# The widths that are best for this picture: the tests try those beside them.
_REACH = 0.8  # pixels
_WITH_GREY = (1.2, 0.5)  # pixels, and greys
_CONTRAST = 0.55  # of patches: root of the summed squared differences


class Restored(NamedTuple):
    """A restored picture, and how good it is, in decibels."""

    image: Floats
    decibels: float


@cache
def noisy() -> Floats:
    """The picture as it is given, (64, 64)."""
    clean = scene()
    rng = np.random.default_rng(0)
    return np.asarray(clean + NOISE * rng.standard_normal(clean.shape))


def features() -> dict[str, Floats]:
    """What pixels are compared by, by name, the worst first."""
    return {
        "place": place_features(noisy(), _REACH),
        "place and grey": grey_features(noisy(), *_WITH_GREY),
        "patches": patch_features(noisy(), RADIUS, _CONTRAST),
    }


@once
def restored() -> dict[str, Restored]:
    """The picture after attention, by what pixels were compared by."""
    found = {}
    for name, compared in features().items():
        image = denoise(noisy(), compared)
        found[name] = Restored(image, psnr(image, scene()))
    return found


def heard() -> dict[str, Floats]:
    """The weight of every pixel for the one at `QUERY`, by what they are compared by."""
    shape = noisy().shape
    place = int(np.ravel_multi_index(QUERY, shape))
    return {
        name: gaussian_as_softmax(
            compared[place : place + 1], compared, noisy().ravel()
        )[1].reshape(shape)
        for name, compared in features().items()
    }
