"""Euclidean distances between queries and keys, right from 1e-300 to 1e300."""

from collections.abc import Iterator
from math import frexp, inf, sqrt

import numpy as np

from nwdocs.kernels import Floats

__all__ = ["check_dimensions", "distance_gaps", "distances"]

_TINY = 1e-140  # below it, a square loses digits or vanishes


def distances(queries: Floats, keys: Floats) -> Floats:
    """Euclidean distance of each query (Q,) or (Q, d) to each key, shape (Q, K).

    No array on the way is larger than the result, however many coordinates there are.

    Raises:
        ValueError: queries and keys differ in dimensions, or are so far apart that
            their distance is beyond float64.
    """
    check_dimensions(queries, keys)
    largest = max(float(np.abs(queries).max()), float(np.abs(keys).max()))
    with np.errstate(over="ignore"):
        if queries.ndim == 1:
            distance = queries[:, None] - keys
            np.abs(distance, out=distance)
        else:
            distance = _root_of_squares(queries, keys, largest)
        # Two points are at most 2 √d times the largest coordinate apart.
        near = 2 * sqrt(queries.size / len(queries)) * largest < inf
    if not near and not np.isfinite(distance).all():
        raise ValueError(
            f"queries and keys must be close enough for float64 to measure, got "
            f"queries up to {np.abs(queries).max():g} and keys up to "
            f"{np.abs(keys).max():g}. Rescale both."
        )
    return distance


def check_dimensions(queries: Floats, keys: Floats) -> None:
    """Refuse queries and keys of which one has more coordinates than the other.

    Raises:
        ValueError: they are not both (n,) or both (n, d) with one d.
    """
    if queries.shape[1:] != keys.shape[1:]:
        raise ValueError(
            f"queries and keys must have the same dimensions, got {queries.shape} and "
            f"{keys.shape}. Both (n,) or both (n, d) with one d."
        )


def distance_gaps(queries: Floats, keys: Floats, nearest: Floats) -> Floats:
    """How much further than `nearest` each key is, shape (Q, K), right for far queries.

    Subtracting one distance from another loses what the two have in common: from
    1e8 away, two keys 1e-8 apart look equally far. Here the offset between the two
    keys comes first. In one dimension the result is right to rounding; in several, to
    rounding of the distance between the two keys.

    Args:
        queries: shape (Q,) or (Q, d).
        keys: shape (K,) or (K, d).
        nearest: the key to compare with for each query, of the queries' shape.

    Returns:
        ‖query - key‖ - ‖query - nearest‖, in the queries' units.
    """
    if max(float(np.abs(points).max()) for points in (queries, keys)) > 1e300:
        # An eighth of each: the sum of two keys must not overflow.
        return 8 * distance_gaps(queries / 8, keys / 8, nearest / 8)
    far = distances(queries, keys)
    # a² - b² = (a - b)(a + b), coordinate by coordinate; then divided by the sum of
    # both distances, before anything can overflow.
    both = far + _paired_distances(queries, nearest)[:, None]
    both[both == 0] = 1.0
    gap = np.zeros_like(far)
    for q, k, near in zip(*map(_coordinates, (queries, keys, nearest)), strict=True):
        q, near = q[:, None], near[:, None]
        between = k - near
        # k + near - 2q, whose first sum is exact: nothing is lost where they cancel.
        total, rest = _two_sum(k, near)
        beyond = (total - 2 * q) + rest
        gap += between * (beyond / both)
    return gap


def _two_sum(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Sum as rounded, and what rounding took (Knuth's exact sum)."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)


def _paired_distances(queries: Floats, keys: Floats) -> Floats:
    """Distance of each query to the key of the same row, shape (Q,)."""
    total = np.zeros(len(queries))
    for q, k in zip(_coordinates(queries), _coordinates(keys), strict=True):
        total = np.hypot(total, q - k)
    return total


def _coordinates(points: Floats) -> Iterator[Floats]:
    """Each coordinate of points (n,) or (n, d), as (n,)."""
    yield from np.ascontiguousarray(points.reshape(len(points), -1).T)


def _root_of_squares(queries: Floats, keys: Floats, largest: float) -> Floats:
    # In units of a power of two near the largest coordinate, no square overflows.
    unit = 2.0 ** (frexp(largest)[1] - 1)
    distance = np.zeros((len(queries), len(keys)))
    offset = np.empty_like(distance)
    for q, k in zip(
        _coordinates(queries / unit), _coordinates(keys / unit), strict=True
    ):
        np.subtract(q[:, None], k, out=offset)
        np.square(offset, out=offset)
        distance += offset
    np.sqrt(distance, out=distance)
    # Squares of what is tiny beside it underflowed; measured alone, it is not tiny.
    i, j = np.nonzero(distance < _TINY)
    distance *= unit
    if i.size:
        distance[i, j] = _paired_distances(queries[i], keys[j])
    return distance
