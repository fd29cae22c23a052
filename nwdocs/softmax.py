"""Softmax: scores of any size to shares that sum to 1."""

import numpy as np

from nwdocs.kernels import Floats

__all__ = ["relative_exp", "softmax"]


def softmax(scores: Floats) -> Floats:
    """Positive shares that sum to 1 along the last axis: exp, then normalise.

    Takes scores of any shape, returns an array of that shape. Shares are taken relative
    to the largest, so that no score is too large. A score of -inf has no share; where
    all of a row's are -inf, nobody is left to share, and the row is NaN.
    """
    shares = relative_exp(scores)
    with np.errstate(invalid="ignore"):  # 0/0 where nobody is left
        shares /= shares.sum(axis=-1, keepdims=True)
    return shares


def relative_exp(scores: Floats, largest: Floats | None = None) -> Floats:
    """exp(score - largest score of its row), so that the largest becomes 1.

    Takes scores of any shape, and the largest of each row (..., 1) where it is known
    already; returns a new array. A row of -inf alone becomes 0.
    """
    if largest is None:
        largest = scores.max(axis=-1, keepdims=True)
    relative = scores - np.where(largest == -np.inf, 0.0, largest)
    return np.exp(relative, out=relative)
