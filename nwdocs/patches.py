"""Attention in an image: each pixel is a query, a key and a value.

What a pixel is compared by is a choice. By its place, attention blurs. By place and grey,
it keeps edges. By the patch around it, it finds pixels that look alike wherever they are,
and averages their noise away: non-local means.
"""

import numpy as np

from nwdocs.checks import as_floats, check_count
from nwdocs.kernels import Floats
from nwdocs.learned import gaussian_as_softmax

__all__ = [
    "denoise",
    "grey_features",
    "patch_features",
    "place_features",
    "psnr",
    "scene",
]

_ROWS = 512  # queries at a time: their weights are a few megabytes


def scene(size: int = 64) -> Floats:
    """A small picture in grey from 0 to 1, (size, size): a disc, a board and stripes."""
    down, across = np.mgrid[:size, :size] * 64 // size
    board = np.where((across // 8 + down // 8) % 2 == 0, 0.2, 0.8)
    stripes = np.where((across + down) % 16 < 8, 0.3, 0.85)
    picture = np.full((size, size), 0.25)
    picture = np.where((across - 16) ** 2 + (down - 16) ** 2 < 150, 0.75, picture)
    picture = np.where((across >= 32) & (down < 32), board, picture)
    return np.asarray(np.where(down >= 36, stripes, picture))


def place_features(image: Floats, reach: float) -> Floats:
    """Each pixel's place, in units of `reach` pixels: (pixels, 2) for (rows, columns)."""
    places = np.indices(image.shape).reshape(2, -1).T
    return np.asarray(places / reach, dtype=np.float64)


def grey_features(image: Floats, reach: float, contrast: float) -> Floats:
    """Each pixel's place in units of `reach`, and its grey in units of `contrast`, (n, 3).

    Source: the bilateral filter of Tomasi and Manduchi (1998).
    """
    return np.column_stack([place_features(image, reach), image.ravel() / contrast])


def patch_features(image: Floats, radius: int, contrast: float) -> Floats:
    """The greys around each pixel, in units of `contrast`: (pixels, (2 radius + 1)²).

    Beyond its rim the image is mirrored.

    Raises:
        TypeError, ValueError: a radius that is no whole number of zero or more.

    Source: Buades et al. (2005).
    """
    side = 2 * check_count("radius", radius, least=0) + 1
    framed = np.pad(image, side // 2, mode="reflect")
    views = np.lib.stride_tricks.sliding_window_view(framed, (side, side))
    return np.asarray(views.reshape(image.size, -1) / contrast)


def denoise(image: Floats, features: Floats) -> Floats:
    """The image after all its pixels have attended to each other, by their features.

    Args:
        image: greys, shape (rows, columns).
        features: what pixels are compared by, (pixels, d): the Gaussian has width 1.

    Returns:
        Shape (rows, columns).

    Raises:
        TypeError, ValueError: as `gaussian_as_softmax`.
    """
    greys = as_floats("image", image)
    answers = [
        gaussian_as_softmax(features[top : top + _ROWS], features, greys.ravel())[0]
        for top in range(0, len(features), _ROWS)
    ]
    return np.concatenate(answers).reshape(greys.shape)


def psnr(image: Floats, truth: Floats) -> float:
    """Peak signal-to-noise ratio in decibels, for greys from 0 to 1: more is better.

    10 dB more is a tenth of the mean squared error.
    """
    return float(-10 * np.log10(np.mean(np.square(image - truth))))
