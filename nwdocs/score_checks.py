"""Checks of what dot-product attention is given, and of its scores."""

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.attention import EmptyNeighbourhoodError
from nwdocs.checks import as_floats
from nwdocs.kernels import Floats

__all__ = ["check_scores", "fitting_inputs"]


def fitting_inputs(
    queries: Floats,
    keys: Floats,
    values: Floats,
    bias: ArrayLike,
    mask: ArrayLike | None,
) -> tuple[Floats, Floats, Floats, Floats]:
    """What dot-product attention takes, as floats whose shapes fit.

    Args:
        queries: (..., Q, d).
        keys: (..., K, d).
        values: (..., K) or (..., K, m).
        bias: what is added to the scores, of a shape that fits (..., Q, K).
        mask: True for a key that may be attended to; False is a bias of -inf.

    Returns:
        Queries, keys, values (..., K, m) and bias, as floats.

    Raises:
        ValueError: shapes that do not fit, or numbers that are not finite.
        TypeError: a bias of True and False, or a mask of numbers.
    """
    arrays = {"queries": queries, "keys": keys, "values": values}
    q, k, v = (as_floats(name, array) for name, array in arrays.items())
    shapes = f"got queries {q.shape}, keys {k.shape} and values {v.shape}"
    if min(q.ndim, k.ndim) < 2 or q.shape[-1:] != k.shape[-1:]:
        raise ValueError(
            f"queries and keys must have shapes (..., Q, d) and (..., K, d), {shapes}."
        )
    if q.shape[:-2] != k.shape[:-2] or v.shape[: k.ndim - 1] != k.shape[:-1]:
        raise ValueError(
            f"values must be one for each key, and leading axes the same, {shapes}."
        )
    if v.ndim == k.ndim - 1:
        v = v[..., None]
    if np.asarray(bias).dtype == bool:
        raise TypeError("bias must hold real numbers, got dtype bool. Is it a mask=?")
    added = as_floats("bias", bias)
    if mask is not None:
        seen = np.asarray(mask)
        if seen.dtype != bool:
            raise TypeError(
                f"mask must hold True and False, got dtype {seen.dtype}. True is a key "
                "that may be heard; numbers to add are a bias."
            )
        added = np.where(seen, added, -np.inf)
    return q, k, v, added


def check_scores(scores: Floats, empty: str) -> Floats:
    """`scores`, once they are sure to be finite, or -inf for a key that is hidden.

    Args:
        scores: (..., Q, K).
        empty: "raise", or "nan" to let queries without any key pass.

    Raises:
        ValueError: a score that is NaN or +inf.
        EmptyNeighbourhoodError: a query without any key, unless `empty` is "nan".
    """
    if np.isnan(scores).any() or (scores == np.inf).any():
        raise ValueError(
            "queries, keys, scale and bias must give finite scores, got "
            f"{scores[np.isnan(scores) | (scores == np.inf)][0]}. Rescale them."
        )
    missing = int((scores == -np.inf).all(axis=-1).sum())
    if empty == "raise" and missing:
        raise EmptyNeighbourhoodError(
            f"{missing} of {scores[..., 0].size} queries have no key to hear. Change "
            "mask or bias, or use empty='nan' to leave those rows NaN."
        )
    return scores
