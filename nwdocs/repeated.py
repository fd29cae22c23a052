"""Attention asked again and again: the answers of one round are the queries of the next.

Values are the keys themselves, so an answer is a place among the keys. Where the keys
stand still, a query climbs to where they are dense: mean shift. Where each point is query
and key at once, as in self-attention, all of them move, and they merge.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.attention import nadaraya_watson
from nwdocs.checks import check_array, check_count
from nwdocs.kernels import Floats

__all__ = ["count_distinct", "mean_shift", "self_attention"]


def self_attention(points: ArrayLike, steps: int, *, bandwidth: float = 1.0) -> Floats:
    """Let points attend to each other, and replace each by its answer, `steps` times.

    Args:
        points: shape (n,) or (n, d).
        steps: how many rounds, at least 0.
        bandwidth: of the Gaussian, in the points' units.

    Returns:
        Where the points were from the start to the end, shape (steps + 1, n) or
        (steps + 1, n, d).

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; a number of steps below 0.

    Source: Cheng (1995), who calls it the blurring process.
    """
    return _path(
        check_array("points", points, rows="point"),
        steps,
        lambda here: nadaraya_watson(here, here, here, bandwidth=bandwidth)[0],
    )


def mean_shift(
    points: ArrayLike, keys: ArrayLike, steps: int, *, bandwidth: float = 1.0
) -> Floats:
    """Ask fixed keys where each point should be, and move it there, `steps` times.

    A step is σ² times the gradient of the logarithm of the keys' density, estimated by
    the same kernel: each point climbs, and stops at a mode.

    Args:
        points: where to start, shape (n,) or (n, d).
        keys: what does not move, shape (K,) or (K, d).
        steps: how many rounds, at least 0.
        bandwidth: of the Gaussian, in the points' units.

    Returns:
        As `self_attention`.

    Raises:
        TypeError, ValueError: as `self_attention`.

    Source: Fukunaga and Hostetler (1975); Cheng (1995).
    """
    k = check_array("keys", keys, rows="key")
    return _path(
        check_array("points", points, rows="point"),
        steps,
        lambda here: nadaraya_watson(here, k, k, bandwidth=bandwidth)[0],
    )


def count_distinct(points: Floats, apart: float) -> np.ndarray:
    """How many points (..., n) on a line there are, if those nearer than `apart` are one.

    A chain of near points is one. Returns shape (...,).
    """
    gaps = np.diff(np.sort(points, axis=-1), axis=-1)
    return np.asarray(1 + (gaps > apart).sum(axis=-1))


def _path(points: Floats, steps: int, step: Callable[[Floats], Floats]) -> Floats:
    path = [points]
    for _ in range(check_count("steps", steps, least=0)):
        path.append(step(path[-1]))
    return np.stack(path)
