"""Leaving one out: how far each label is from what all the others predict.

A label must not take part in its own prediction. If it may, the narrowest width looks
best, for it merely repeats every label. Here the same attention weights that answer
queries answer "what would the others have said?", for each training point.
"""

from math import inf

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.attention import Attention
from nwdocs.checks import as_floats, check_positive, check_training_set
from nwdocs.kernels import Floats, KernelLike, resolve_kernel

__all__ = [
    "closed_form_residuals",
    "leave_one_out",
    "leave_one_out_error",
    "standard_errors",
    "training_set",
]


def leave_one_out(
    keys: ArrayLike,
    values: ArrayLike,
    kernel: KernelLike = "gaussian",
    *,
    bandwidth: float = 1.0,
) -> Floats:
    """How far each label is from what the others predict at its key.

    Args:
        keys: training inputs, shape (n,) or (n, d), n >= 3.
        values: training labels, shape (n,) or (n, m).
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.
        bandwidth: in the keys' units.

    Returns:
        Residuals of the values' shape and unit; NaN where no other key is in reach.
        Full accuracy at any bandwidth, unlike the closed form, which subtracts a
        weight near 1 from 1.

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; also fewer than 3 points.

    Source: Stone (1974).
    """
    k, v = training_set(keys, values)
    h = check_positive("bandwidth", bandwidth)
    return v - Attention(k, k, resolve_kernel(kernel), h, leave_out=0).estimates(v)


def leave_one_out_error(
    keys: ArrayLike,
    values: ArrayLike,
    kernel: KernelLike = "gaussian",
    *,
    bandwidth: float = 1.0,
) -> float:
    """Mean square of `leave_one_out`; infinite where some key has no other in reach.

    Arguments and exceptions are those of `leave_one_out`. What `select_bandwidth`
    makes small, in the values' unit squared.
    """
    residuals = leave_one_out(keys, values, kernel, bandwidth=bandwidth)
    if np.isnan(residuals).any():
        return inf
    return float(np.mean(np.square(residuals)))


def closed_form_residuals(values: Floats, weights: Floats) -> Floats:
    """Leave-one-out residuals without leaving out: (y - ŷ) / (1 - w_ii).

    Leaving key i out scales the rest of row i by 1 / (1 - w_ii), so one fit yields
    all n predictions.

    Args:
        values: training labels, shape (n,) or (n, m).
        weights: attention of the training inputs to themselves, shape (n, n).

    Returns:
        Of the values' shape; NaN where a key has all of its own attention, since then
        nobody else is heard.

    Raises:
        TypeError, ValueError: entries that are no real numbers; shapes that do not fit.

    Source: Craven and Wahba (1979) for linear smoothers in general.
    """
    values, weights = _square(values, weights)
    own = np.diagonal(weights)
    share = np.where(own < 1, 1 - own, np.nan)
    return ((values - weights @ values).T / share).T


def standard_errors(weights: Floats, residuals: Floats) -> Floats:
    """Standard error of each estimate ``weights @ values``: how far noise moves it.

    Each label may be as noisy as its own leave-one-out residual says, so the noise
    need not be the same everywhere. The error from averaging over a bend (the bias) is
    not in it.

    Args:
        weights: attention of the queries, shape (Q, n).
        residuals: from `leave_one_out`, shape (n,) or (n, m).

    Returns:
        Shape (Q,) or (Q, m), in the residuals' unit. NaN where a key with a residual
        of NaN is heard; a key that is not heard has no part in it.

    Raises:
        TypeError, ValueError: entries that are no real numbers; shapes that do not fit.

    Source: the jackknife form, HC3, of MacKinnon and White (1985).
    """
    w, r = as_floats("weights", weights), as_floats("residuals", residuals)
    if w.ndim != 2 or r.ndim not in (1, 2) or w.shape[1] != len(r):
        raise ValueError(
            f"residuals must be one for each key, got {r.shape} for weights {w.shape}."
        )
    unknown = np.isnan(r)
    known = np.where(unknown, 0.0, r)
    largest = np.abs(known).max(initial=0.0) or 1.0  # relative to it, squares are safe
    errors = largest * np.sqrt(np.square(w) @ np.square(known / largest))
    return np.asarray(np.where((w != 0) @ unknown, np.nan, errors), dtype=np.float64)


def training_set(keys: ArrayLike, values: ArrayLike) -> tuple[Floats, Floats]:
    """Keys (n,) or (n, d) and values (n,) or (n, m) of which one can be left out.

    Raises:
        TypeError, ValueError: as `check_training_set`; also fewer than 3 points.
    """
    k, v = check_training_set(keys, values)
    if len(k) < 3:
        raise ValueError(
            f"keys must number at least 3 to leave one out, got {len(k)}: with fewer "
            "there is nobody to choose between. Set the bandwidth by hand."
        )
    return k, v


def _square(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    v, w = as_floats("values", values), as_floats("weights", weights)
    if v.ndim not in (1, 2) or w.shape != (len(v), len(v)):
        raise ValueError(
            f"weights must have shape (n, n) for n values, got {w.shape} "
            f"for values {v.shape}. They are the inputs' attention to "
            "themselves."
        )
    return v, w
