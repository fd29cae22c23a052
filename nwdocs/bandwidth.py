"""Choosing the bandwidth: predict each label from the others, keep the width that does.

What the choice is made of is in modules of its own, and can be had from here as well:
leaving one out, widths that need no labels, and the local-linear estimator.
"""

import warnings
from dataclasses import replace
from math import frexp, inf
from sys import float_info

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.attention import Attention
from nwdocs.checks import check_array
from nwdocs.kernels import Floats, Kernel, KernelLike, resolve_kernel
from nwdocs.leave_one_out import (
    closed_form_residuals,
    leave_one_out,
    leave_one_out_error,
    standard_errors,
    training_set,
)
from nwdocs.local_linear import local_linear
from nwdocs.search import Apart, Fit, least_error, measure_apart
from nwdocs.widths import matched_bandwidth, nearest_neighbour_width, rule_of_thumb

__all__ = [
    "BandwidthWarning",
    "closed_form_residuals",
    "leave_one_out",
    "leave_one_out_error",
    "local_linear",
    "matched_bandwidth",
    "nearest_neighbour_width",
    "oracle_bandwidth",
    "rule_of_thumb",
    "select_bandwidth",
    "standard_errors",
]

#: Below so much of the smallest gap between keys, nearest neighbours alone are heard.
_NARROW = 0.4

#: An isolated key is said to have forced the choice where, without it, another width
#: would have brought the error of the others below this share of what it is.
_FORCED = 0.75


class BandwidthWarning(UserWarning):
    """A width that was chosen, but not because the labels asked for just that width."""


def select_bandwidth(
    keys: ArrayLike, values: ArrayLike, kernel: KernelLike = "gaussian"
) -> float:
    """The bandwidth with the least leave-one-out error: chosen from the data alone.

    A grid over every width that could matter finds the deepest dips; golden-section
    search on the logarithm of the width finds their bottom. A box's error is a
    staircase, and its steps are followed one by one. A compact kernel's width
    counts only where each point has another in reach, or it would be praised for the
    points that it leaves out; where several widths do equally well but for rounding,
    the widest wins.

    Args:
        keys: training inputs, shape (n,) or (n, d), n >= 3.
        values: training labels, shape (n,) or (n, m).
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.

    Returns:
        A bandwidth in the keys' units, between a tenth of the smallest gap between
        neighbours and four times the largest distance. It depends neither on the order
        of the points nor on the units of keys and labels.

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; also where no bandwidth can be
            told from another: fewer than 3 points, keys all equal or all equally far
            apart, a kernel that ignores distance.

    Warns:
        BandwidthWarning: the answer is at the lower or the upper end of the range, or
            was forced by an isolated key; the message says which, and what to do.

    Source: Stone (1974) on leaving one out; Härdle and Marron (1985) on its optimality.

    Examples:
        >>> from nwdocs import synthetic_data
        >>> keys, values, *_ = synthetic_data()
        >>> round(select_bandwidth(keys, values), 2)
        0.32
    """
    k, v = training_set(keys, values)
    order = np.lexsort([*_columns(v), *_columns(k)])  # the same, however they came
    k, v = k[order], v[order]
    labels, _ = _of_size_1(v, v)
    return _choose(k, k, labels, labels, resolve_kernel(kernel), leave_out=0)


def oracle_bandwidth(
    keys: ArrayLike,
    values: ArrayLike,
    queries: ArrayLike,
    truth: ArrayLike,
    kernel: KernelLike = "gaussian",
) -> float:
    """The bandwidth whose estimates come closest to the truth, were it known.

    Args:
        keys: training inputs, shape (n,) or (n, d), n >= 3.
        values: training labels, shape (n,).
        queries: where to compare, shape (Q,) or (Q, d).
        truth: what the estimate should be there, shape (Q,).
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.

    Returns:
        A bandwidth in the keys' units, from the range that `select_bandwidth` searches.

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; also fewer than 3 points, and where
            `select_bandwidth` cannot choose.

    Warns:
        BandwidthWarning: as `select_bandwidth`; a query may be isolated, too.
    """
    k, v = training_set(keys, values)
    q = check_array("queries", queries, rows="query")
    target = check_array("truth", truth, rows="query")
    if target.shape != (len(q), *v.shape[1:]):
        raise ValueError(
            f"truth must be one for each query, got {target.shape} for queries "
            f"{q.shape} and values {v.shape}. Evaluate it at the queries."
        )
    order, asked = (
        np.lexsort([*_columns(b), *_columns(a)]) for a, b in ((k, v), (q, target))
    )
    labels, right = _of_size_1(v[order], target[asked])
    return _choose(q[asked], k[order], labels, right, resolve_kernel(kernel))


def _columns(array: Floats) -> Floats:
    return array.reshape(len(array), -1).T[::-1]


def _of_size_1(values: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Both less one of the values, in units of a power of two: nothing is rounded.

    The minimum stays where it is, and squares cannot overflow, nor constants round.
    """
    for _ in range(2):  # once so that differences do not overflow, once for their size
        size = max(float(np.abs(values).max()), float(np.abs(target).max()))
        unit = 2.0 ** (frexp(size)[1] - 1) if size else 1.0
        values, target = values / unit, target / unit
        values, target = values - values[0], target - values[0]
    return values, target


def _choose(
    queries: Floats,
    keys: Floats,
    values: Floats,
    target: Floats,
    kernel: Kernel,
    leave_out: int | None = None,
) -> float:
    between = measure_apart(Attention(keys, keys, kernel, 1.0, leave_out=0))
    least = float(between.nearest.min())
    if between.farthest - least <= 1e-12 * between.farthest:
        raise ValueError(
            f"keys must differ in how far apart they are, got {len(keys)} keys all "
            f"{least:g} from each other: every bandwidth weighs them alike. Add keys "
            "elsewhere, or use the mean of the values."
        )
    # In units of a power of two between the smallest and the largest distance: widths
    # from a tenth of one to four times the other are then within float64.
    unit = 2.0 ** ((frexp(between.gap)[1] + frexp(between.farthest)[1]) // 2)
    attention = Attention(queries / unit, keys / unit, kernel, 1.0, leave_out=leave_out)
    apart = measure_apart(attention)
    low = between.gap / unit / 10
    high = min(4 * (between.farthest / unit), float_info.max / unit)
    if _alike(attention, low, high):
        raise ValueError(
            f"kernel must depend on distance, got {kernel.label}, which "
            f"weighs keys alike at bandwidth {low * unit:g} and {high * unit:g}. Choose "
            "another kernel; this one needs no bandwidth."
        )
    fit = Fit(attention, values, target, apart.nearest)
    width = least_error(fit, apart, low, high)
    _warn(fit, apart, width, low, high, unit)
    return width * unit


def _alike(attention: Attention, low: float, high: float) -> bool:
    """Whether weights are the same at both widths."""
    narrow, wide = (replace(attention, bandwidth=width) for width in (low, high))
    return all(
        np.array_equal(narrow.weights(rows), wide.weights(rows))
        for rows in attention.blocks()
    )


def _warn(
    fit: Fit, apart: Apart, width: float, low: float, high: float, unit: float
) -> None:
    chosen = f"The bandwidth {width * unit:.3g} "
    if width >= high * (1 - 1e-6):
        message = (
            "is the widest that was tried: the labels show nothing that a narrower one "
            "would bring out. The mean of the values would do as well."
        )
    elif width <= low * 10 * _NARROW:
        message = (
            "is as good as the narrowest that was tried: each label is predicted best "
            "by its nearest neighbours alone. If points are entered twice, drop the "
            "copies; else set a bandwidth by hand."
        )
    elif forced := _forced(fit, apart, width, unit):
        where, better = forced
        message = (
            f"was forced by {where}, {apart.nearest.max() * unit:.3g} from the nearest "
            f"key: without it, {better * unit:.3g} would do better. Leave it out, or "
            "use a kernel without an edge, such as the Gaussian."
        )
    else:
        return
    warnings.warn(chosen + message, BandwidthWarning, stacklevel=4)


def _forced(
    fit: Fit, apart: Apart, width: float, unit: float
) -> tuple[str, float] | None:
    """Which point forced the choice, and the width that would be better without it."""
    error, better = fit.skipping
    if not (error < inf and better < width):
        return None
    missing = np.isnan(fit.squares(better)[:, 0])
    if error >= _FORCED * float(np.mean(fit.squares(width)[~missing])):
        return None
    lone = int(apart.nearest.argmax())
    what = "the query" if fit.attention.leave_out is None else "the key"
    return f"{what} at {fit.attention.queries[lone] * unit}", better
