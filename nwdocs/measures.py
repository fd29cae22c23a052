"""Numbers that describe an estimate or its attention weights."""

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.checks import as_floats
from nwdocs.kernels import Floats

__all__ = ["effective_keys", "rmse", "roughness", "total_variation"]


def rmse(estimates: ArrayLike, truth: ArrayLike) -> float:
    """Root mean squared error between two arrays of one shape, in their unit.

    Raises:
        TypeError, ValueError: the shapes differ, or the entries are no real numbers.
    """
    first, second = _of_one_shape("estimates", estimates, "truth", truth)
    error = np.abs(first - second)
    largest = error.max(initial=0.0)
    if largest == 0 or not np.isfinite(largest):
        return float(largest)
    # Relative to the largest, no square overflows, nor do all vanish.
    return float(largest * np.sqrt(np.mean(np.square(error / largest))))


def effective_keys(weights: ArrayLike) -> Floats:
    """How many keys each row of attention weights (Q, K) really uses, shape (Q,).

    exp of the row's entropy: K where all weights are equal, 1 where one key has all.

    Raises:
        TypeError, ValueError: the weights are no real numbers.
    """
    w = as_floats("weights", weights)
    log = np.log(w, out=np.zeros_like(w), where=w > 0)
    return np.asarray(np.exp(-(w * log).sum(axis=1)), dtype=np.float64)


def total_variation(weights: ArrayLike, others: ArrayLike) -> Floats:
    """Share of attention on which two (Q, K) weight matrices differ, for each query.

    Half the sum of absolute differences, shape (Q,): 0 where the rows are the same,
    1 where they attend to different keys altogether.

    Raises:
        TypeError, ValueError: the shapes differ, or the entries are no real numbers.
    """
    first, second = _of_one_shape("weights", weights, "others", others)
    return np.asarray(0.5 * np.abs(first - second).sum(axis=1), dtype=np.float64)


def roughness(estimates: ArrayLike) -> float:
    """Sum of squared second differences of estimates (Q,) on an even grid.

    0 for a straight line, large for a curve that jumps from label to label.

    Raises:
        TypeError, ValueError: the estimates are no real numbers.
    """
    return float(np.sum(np.square(np.diff(as_floats("estimates", estimates), n=2))))


def _of_one_shape(
    name: str, first: ArrayLike, other: str, second: ArrayLike
) -> tuple[Floats, Floats]:
    # Broadcasting (Q, 1) against (Q,) would average over every pair, in silence.
    one, two = as_floats(name, first), as_floats(other, second)
    if one.shape != two.shape:
        raise ValueError(
            f"{name} and {other} must have one shape, got {one.shape} and "
            f"{two.shape}. Reshape or index one to match the other."
        )
    return one, two
