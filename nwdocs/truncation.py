"""The Gaussian cut off, with a bound on what is lost.

A key that is so far away that all such keys together weigh next to nothing beside the
nearest one need not be looked at. On a line, those that are left are a window of the
sorted keys.
"""

from math import log, sqrt

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.checks import check_array, check_positive, check_training_set
from nwdocs.distances import distances
from nwdocs.kernels import KERNELS, Floats
from nwdocs.similarity import relative_similarity

__all__ = [
    "check_line",
    "check_tolerance",
    "truncated_estimate",
    "window",
    "window_means",
]

#: Queries that share one window: that of the first to that of the last.
_ROWS = 64


def truncated_estimate(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    *,
    bandwidth: float = 1.0,
    tolerance: float = 1e-9,
) -> Floats:
    """The Gaussian's estimates on a line, from the keys near each query alone.

    With the nearest of K keys at u₀ widths, keys beyond √(u₀² + 2 log(K/tolerance))
    widths are left out. Each weighs at most tolerance/K of the nearest, all of them at
    most `tolerance` of the whole. So no estimate moves by more than `tolerance` times the
    range of the values.

    Args:
        queries: shape (Q,).
        keys: shape (K,), in the queries' units.
        values: shape (K,) or (K, m), in any unit.
        bandwidth: in the queries' units.
        tolerance: what an estimate may be off by, as a share of the values' range, below 1.

    Returns:
        Shape (Q,) or (Q, m), in the values' unit.

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; also points that are not on a line,
            or a tolerance that is not between 0 and 1.
    """
    q, k, v = check_line(queries, keys, values)
    h = check_positive("bandwidth", bandwidth)
    order, asked = np.argsort(k, kind="stable"), np.argsort(q, kind="stable")
    estimates = np.empty((len(q), *v.shape[1:]))
    estimates[asked] = window_means(
        q[asked], k[order], v[order], h, check_tolerance(tolerance)
    )
    return estimates


def window_means(
    queries: Floats, keys: Floats, values: Floats, bandwidth: float, tolerance: float
) -> Floats:
    """`truncated_estimate` of sorted queries from sorted keys."""
    start, end = window(queries, keys, bandwidth, tolerance)
    answers = np.empty((len(queries), *values.shape[1:]))
    for top in range(0, len(queries), _ROWS):
        rows = slice(top, top + _ROWS)
        part = slice(int(start[rows].min()), int(end[rows].max()))
        similarity = relative_similarity(
            distances(queries[rows], keys[part]), KERNELS["gaussian"], bandwidth
        )
        summed = similarity @ values[part].reshape(part.stop - part.start, -1)
        means = summed / similarity.sum(axis=1, keepdims=True)
        answers[rows] = means.reshape(len(means), *values.shape[1:])
    return answers


def window(
    queries: Floats, keys: Floats, bandwidth: float, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Of sorted keys, the first that each query must hear, and the one after the last."""
    right = np.clip(np.searchsorted(keys, queries), 1, len(keys) - 1 or 1)
    left = right - 1
    nearest = np.abs(queries - keys[left])
    if len(keys) > 1:
        nearest = np.minimum(nearest, np.abs(queries - keys[right]))
    far = bandwidth * sqrt(2 * log(len(keys) / tolerance))
    reach = np.hypot(nearest, far) * (1 + 1e-12)  # the nearest is inside for sure
    start = np.searchsorted(keys, queries - reach, side="left")
    end = np.searchsorted(keys, queries + reach, side="right")
    return start, end


def check_line(
    queries: ArrayLike, keys: ArrayLike, values: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Queries (Q,), keys (K,) and values (K,) or (K, m), as floats.

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; also points that are not on a line.
    """
    q = check_array("queries", queries, rows="query")
    k, v = check_training_set(keys, values)
    for name, array in (("queries", q), ("keys", k)):
        if array.ndim != 1:
            raise ValueError(
                f"{name} must have shape (n,), on a line, got {array.shape}. Use "
                "nwdocs.attention.estimate for points with several coordinates."
            )
    return q, k, v


def check_tolerance(tolerance: object) -> float:
    """A tolerance as a float.

    Raises:
        TypeError, ValueError: not a number above 0 and below 1.
    """
    number = check_positive("tolerance", tolerance)
    if number >= 1:
        raise ValueError(f"tolerance must be below 1, got {tolerance!r}. Try 1e-9.")
    return number
