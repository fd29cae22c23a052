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
    shares = relative_exp(np.array(scores, dtype=np.float64))
    with np.errstate(invalid="ignore"):  # 0/0 where nobody is left
        shares /= shares.sum(axis=-1, keepdims=True)
    return shares


def relative_exp(scores: Floats) -> Floats:
    """exp(score - largest score of its row), written over `scores`, which it returns.

    The largest of a row becomes 1; a row of -inf alone becomes 0.
    """
    largest = scores.max(axis=-1, keepdims=True)
    scores -= np.where(largest == -np.inf, 0.0, largest)
    return np.exp(scores, out=scores)
