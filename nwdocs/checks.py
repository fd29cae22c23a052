"""Checks on input: each error names the argument, shows it, and says what would do."""

from math import inf
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nwdocs.kernels import Floats

__all__ = [
    "as_floats",
    "check_array",
    "check_bandwidth",
    "check_count",
    "check_counts",
    "check_mask",
    "check_nonnegative",
    "check_positive",
    "check_training_set",
]


def check_array(name: str, array: ArrayLike, *, rows: str) -> Floats:
    """`array` as float64 of shape (n,) or (n, d) with n, d >= 1 and finite entries.

    `name` and `rows` (what one row is: "query", "key", "value") are for the message.

    Raises:
        TypeError: the entries are not real numbers.
        ValueError: another number of dimensions, nothing in it, NaN or infinity, or
            entries that a mask hides.
    """
    raw = _real(name, array, f"Give every {rows} the same number of coordinates.")
    if raw.ndim not in (1, 2):
        raise ValueError(
            f"{name} must have shape (n,) or (n, d), got shape {raw.shape}. Use "
            "reshape(-1) for scalars or reshape(-1, d) for points in d dimensions."
        )
    if 0 in raw.shape:
        raise ValueError(
            f"{name} must hold at least one {rows}, got shape {raw.shape}."
        )
    with np.errstate(over="ignore"):  # beyond float64 is infinity, refused below
        floats = raw.astype(np.float64)
    bad = np.argwhere(~np.isfinite(floats))
    if len(bad):
        where = tuple(int(i) for i in bad[0])
        raise ValueError(
            f"{name} must be finite, got {floats[where]} at index "
            f"{where[0] if len(where) == 1 else where} ({len(bad)} such in all). Drop "
            "or fill them first."
        )
    return floats


def as_floats(name: str, array: ArrayLike) -> Floats:
    """`array` as float64, of any shape; NaN and infinity stay.

    Raises:
        TypeError: the entries are not real numbers.
        ValueError: rows of unlike length, or entries that a mask hides.
    """
    with np.errstate(over="ignore"):
        return _real(name, array, "Give every row the same length.").astype(np.float64)


def check_training_set(keys: ArrayLike, values: ArrayLike) -> tuple[Floats, Floats]:
    """Keys (n,) or (n, d) and values (n,) or (n, m) as float64, one value for each key.

    Raises:
        TypeError, ValueError: as `check_array`; also another number of values than keys.
    """
    v = check_array("values", values, rows="value")
    k = check_array("keys", keys, rows="key")
    if len(v) != len(k):
        raise ValueError(
            f"values must be one for each key, got {v.shape} for keys {k.shape}. "
            "Values go with the training inputs, not with the queries."
        )
    return k, v


def check_bandwidth(bandwidth: ArrayLike, *, queries: int) -> float | Floats:
    """A bandwidth for all queries as a float, or one for each as shape (Q, 1).

    Raises:
        TypeError: not real numbers.
        ValueError: one that is not positive and finite, or another number of them than
            queries.
    """
    if not isinstance(bandwidth, list | tuple | np.ndarray) or np.ndim(bandwidth) == 0:
        return check_positive("bandwidth", bandwidth)
    widths = check_array("bandwidth", bandwidth, rows="query")
    if widths.shape != (queries,):
        raise ValueError(
            f"bandwidth must be a real number, or one for each query, shape "
            f"({queries},), got shape {widths.shape}."
        )
    if (widths <= 0).any():
        first = int((widths <= 0).argmax())
        raise ValueError(
            f"bandwidth must be positive and finite, got {widths[first]} at index "
            f"{first}."
        )
    return widths[:, None]


def check_mask(
    mask: ArrayLike | None, shape: tuple[int, int], *, name: str = "mask"
) -> NDArray[np.bool_] | None:
    """A mask of booleans, shape (K,) or (Q, K), for queries and keys of shape (Q, K).

    Raises:
        TypeError: not booleans.
        ValueError: another shape.
    """
    if mask is None:
        return None
    array = np.asarray(mask)
    if array.dtype != bool:
        raise TypeError(
            f"{name} must hold True and False, got dtype {array.dtype}. True is a key "
            "that may be heard."
        )
    if array.shape not in (shape, shape[1:]):
        raise ValueError(
            f"{name} must be one for each key, shape {shape[1:]}, or for each query and "
            f"key, shape {shape}, got {array.shape}."
        )
    return array


def check_counts(key_weights: ArrayLike | None, *, keys: int) -> Floats | None:
    """How often each key counts, shape (K,), relative to the largest.

    Raises:
        TypeError: not real numbers.
        ValueError: not one for each key, negative, all zero, or so unlike in size that
            products with similarities would be lost.
    """
    if key_weights is None:
        return None
    counts = check_array("key_weights", key_weights, rows="key")
    if counts.shape != (keys,):
        raise ValueError(
            f"key_weights must be one for each key, shape ({keys},), got shape "
            f"{counts.shape}."
        )
    if (counts < 0).any() or not counts.any():
        raise ValueError(
            f"key_weights must be zero or more, and not all zero, got from "
            f"{counts.min():g} to {counts.max():g}."
        )
    relative = counts / counts.max()
    if relative[counts > 0].min() < 1e-150:
        raise ValueError(
            f"key_weights must be within a factor of 1e150 of each other, or zero, got "
            f"{counts[counts > 0].min():g} and {counts.max():g}."
        )
    return relative


def check_positive(name: str, value: object) -> float:
    """`value` as a float above 0 and below infinity.

    Raises:
        TypeError: not a real number.
        ValueError: zero, negative, NaN or infinite.
    """
    number = _check_real(name, value)
    if not (np.isfinite(number) and number > 0):
        raise ValueError(f"{name} must be positive and finite, got {value!r}. Try 1.0.")
    return number


def check_nonnegative(name: str, value: object) -> float:
    """`value` as a float of at least 0 and below infinity; raises as check_positive."""
    number = _check_real(name, value)
    if not (np.isfinite(number) and number >= 0):
        raise ValueError(
            f"{name} must be zero or more, and finite, got {value!r}. Try 1.0."
        )
    return number


def check_count(name: str, value: object, *, least: int) -> int:
    """`value` as an int of at least `least`.

    Raises:
        TypeError: not a whole number.
        ValueError: below `least`.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(
            f"{name} must be a whole number, got {value!r}. Try {max(least, 1)}."
        )
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}.")
    return int(value)


def _real(name: str, array: ArrayLike, advice: str) -> NDArray[Any]:
    """`array` as an array of real numbers, none of them hidden by a mask."""
    hidden = _masked(array)
    if hidden:
        raise ValueError(
            f"{name} must have no masked entries, got {hidden}. Drop or fill them first."
        )
    try:
        raw = np.asarray(array)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a rectangular array: {error}. {advice}"
        ) from None
    if raw.dtype.kind not in "buif":
        raise TypeError(
            f"{name} must hold real numbers, got dtype {raw.dtype}. Convert them to "
            "float first."
        )
    return raw


def _masked(array: object) -> int:
    """How many entries a mask hides, also of arrays inside lists."""
    if isinstance(array, np.ma.MaskedArray):
        return int(np.ma.getmaskarray(array).sum())
    if isinstance(array, list | tuple):
        return sum(
            _masked(row)
            for row in array
            if isinstance(row, list | tuple | np.ma.MaskedArray)
        )
    return 0


def _check_real(name: str, value: object) -> float:
    # A 0-dimensional array is as good as a number. True is a slip, yet a Real to Python.
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a real number, got {value!r}. Try 1.0.")
    try:
        return float(value)
    except OverflowError:  # an int beyond float64, such as 10**400: not finite
        return inf
