"""Checks on input: each error names the argument, shows it, and says what would do."""

from math import inf
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.kernels import Floats

__all__ = [
    "check_array",
    "check_count",
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
    if isinstance(array, np.ma.MaskedArray) and array.mask.any():
        raise ValueError(
            f"{name} must have no masked entries, got {array.mask.sum()}. Drop or fill "
            "them first."
        )
    try:
        raw = np.asarray(array)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a rectangular array: {error}. Give every {rows} the same "
            "number of coordinates."
        ) from None
    if raw.dtype.kind not in "buif":
        raise TypeError(
            f"{name} must hold real numbers, got dtype {raw.dtype}. Convert them to "
            "float first."
        )
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
