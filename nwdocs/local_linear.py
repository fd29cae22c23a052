"""The local-linear estimator: a weighted straight line at each query, not a level.

The weighted mean of the values answers for the weighted mean of the *keys*. At an edge
that mean lies inside, and the answer is off by slope times distance. A line adds it back.
"""

from math import frexp
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.attention import Attention
from nwdocs.checks import check_array, check_bandwidth, check_training_set
from nwdocs.kernels import Floats, KernelLike, resolve_kernel

__all__ = ["local_linear"]


def local_linear(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    kernel: KernelLike = "gaussian",
    *,
    bandwidth: ArrayLike = 1.0,
    empty: Literal["raise", "nan"] = "raise",
) -> Floats:
    """The weighted straight-line fit around each query, read off at the query.

    However narrow the bandwidth, the line is the one that exact arithmetic would draw:
    where the second key weighs next to nothing beside the first, it still has all the
    say on the slope.

    Args:
        queries: shape (Q,).
        keys: training inputs, shape (K,).
        values: training labels, shape (K,).
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.
        bandwidth: in the keys' units: a number, or one for each query, shape (Q,).
        empty: as for `nadaraya_watson`.

    Returns:
        Estimates, shape (Q,). Where all keys in reach are equal, there is no slope to
        fit, and the mean of their values is the answer.

    Raises:
        TypeError, ValueError, EmptyNeighbourhoodError: as `nadaraya_watson`; also
            arrays that are not one-dimensional.

    Source: Stone (1977), Fan (1992).
    """
    arrays = {
        "queries": check_array("queries", queries, rows="query"),
        "keys": check_array("keys", keys, rows="key"),
        "values": check_array("values", values, rows="value"),
    }
    for name, array in arrays.items():
        if array.ndim != 1:
            raise ValueError(f"{name} must have shape (n,), got {array.shape}.")
    q, (k, v) = arrays["queries"], check_training_set(keys, values)
    if empty not in ("raise", "nan"):
        raise ValueError(f"empty must be 'raise' or 'nan', got {empty!r}.")
    h = check_bandwidth(bandwidth, queries=len(q))
    attention = Attention(q, k, resolve_kernel(kernel), h)
    unit = 2.0 ** (frexp(float(np.abs(v).max()))[1] - 1)  # no product overflows
    lines = np.empty(len(q))
    for rows in attention.blocks():
        lines[rows] = _lines(attention, rows, v / unit)
    attention.refuse_empty(lines, empty)
    return lines * unit


def _lines(attention: Attention, rows: slice, values: Floats) -> Floats:
    """Each row's line at its query, shape (rows,); NaN in a row without weights.

    The fit is that of all keys, written so that nothing depends on how small the
    weights of all but the best-heard key are: they are taken relative to their own
    largest, and its ratio to the best key's weight cancels out of the slope.
    """
    keys, queries = attention.keys, attention.queries[rows]
    weights = attention.weights(rows)
    empty = np.isnan(weights[:, 0])
    best = np.where(empty, 0, np.nan_to_num(weights).argmax(axis=1))
    origin = keys[best][:, None]
    same = keys == origin  # the best-heard key, and those that equal it

    level_weights = np.where(same, weights, 0.0)
    here = level_weights.sum(axis=1)  # their weight
    level = (level_weights @ values) / here  # and their mean label
    others = attention.weights(rows, same)  # (rows, K), sums to 1; NaN if nobody
    alone = np.isnan(others[:, 0]) | empty
    others[alone] = 0.0
    there = np.where(same, 0.0, weights).sum(axis=1)  # the others' weight

    # Offsets in units of the one that matters most, so that no square overflows.
    root = np.sqrt(others)
    offset = np.where(others > 0, keys - origin, 0.0)
    reach = (root * np.abs(offset)).max(axis=1, keepdims=True)
    reach[reach == 0] = 1.0
    offset /= reach
    rise = values - level[:, None]

    # Of all keys, relative to the best-heard: mean offset and mean label.
    others_offset = (others * offset).sum(axis=1)
    mean_offset = there / (here + there) * others_offset
    mean_rise = there / (here + there) * (others * rise).sum(axis=1)
    # Sums over the others, divided by their weight; and over those at the origin.
    off, up = offset - mean_offset[:, None], rise - mean_rise[:, None]
    at_origin = here / (here + there) * others_offset
    spread = np.square(root * off).sum(axis=1) + at_origin * mean_offset
    slope = (root * off * (root * up)).sum(axis=1) + at_origin * mean_rise
    slope /= np.where(spread > 0, spread, 1.0)

    way = ((queries[:, None] - origin) / reach)[:, 0]
    line = level + mean_rise + slope * (way - mean_offset)
    return np.where(empty, np.nan, np.where(alone, level, line))
