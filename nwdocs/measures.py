"""Numbers that describe an estimate or its attention weights."""

import numpy as np

from nwdocs.kernels import Floats

__all__ = ["effective_keys", "rmse", "roughness", "total_variation"]


def rmse(estimates: Floats, truth: Floats) -> float:
    """Root mean squared error between two arrays of one shape, in their unit.

    Raises:
        ValueError: the shapes differ.
    """
    _check_one_shape("estimates", estimates, "truth", truth)
    return float(np.sqrt(np.mean(np.square(estimates - truth))))


def effective_keys(weights: Floats) -> Floats:
    """How many keys each row of attention weights (Q, K) really uses, shape (Q,).

    exp of the row's entropy: K where all weights are equal, 1 where one key has all.
    """
    log = np.log(weights, out=np.zeros_like(weights), where=weights > 0)
    return np.asarray(np.exp(-(weights * log).sum(axis=1)), dtype=np.float64)


def total_variation(weights: Floats, others: Floats) -> Floats:
    """Share of attention on which two (Q, K) weight matrices differ, for each query.

    Half the sum of absolute differences, shape (Q,): 0 where the rows are the same,
    1 where they attend to different keys altogether.

    Raises:
        ValueError: the shapes differ.
    """
    _check_one_shape("weights", weights, "others", others)
    return np.asarray(0.5 * np.abs(weights - others).sum(axis=1), dtype=np.float64)


def roughness(estimates: Floats) -> float:
    """Sum of squared second differences of estimates (Q,) on an even grid.

    0 for a straight line, large for a curve that jumps from label to label.
    """
    return float(np.sum(np.square(np.diff(estimates, n=2))))


def _check_one_shape(name: str, first: Floats, other: str, second: Floats) -> None:
    # Broadcasting (Q, 1) against (Q,) would average over every pair, in silence.
    if first.shape != second.shape:
        raise ValueError(
            f"{name} and {other} must have one shape, got {first.shape} and "
            f"{second.shape}. Reshape or index one to match the other."
        )
