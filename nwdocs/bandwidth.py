"""Choosing the bandwidth: predict each label from the others, keep the width that does.

A label must not take part in its own prediction. If it may, the narrowest width looks
best, for it merely repeats every label. Here the same attention weights that answer
queries answer "what would the others have said?", for each training point.
"""

from collections.abc import Callable
from math import ceil, exp, inf, isfinite, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.attention import (
    KernelLike,
    distances,
    nadaraya_watson,
    pool,
    resolve_kernel,
)
from nwdocs.checks import check_array, check_positive, check_training_set
from nwdocs.kernels import Floats, Kernel
from nwdocs.local_linear import local_linear

__all__ = [
    "closed_form_residuals",
    "leave_one_out",
    "leave_one_out_error",
    "local_linear",
    "matched_bandwidth",
    "oracle_bandwidth",
    "rule_of_thumb",
    "select_bandwidth",
    "standard_errors",
]

_GRID_STEP = 1.08  # a factor far smaller than that over which an error curve dips
_TOLERANCE = 1e-6  # relative, and finer than a minimum's flat bottom deserves
_GOLDEN = (sqrt(5) - 1) / 2


def select_bandwidth(
    keys: ArrayLike, values: ArrayLike, kernel: KernelLike = "gaussian"
) -> float:
    """The bandwidth with the least leave-one-out error: chosen from the data alone.

    A grid over every width that could matter finds the deepest dip; golden-section
    search on the logarithm of the width finds its bottom. A compact kernel's width
    counts only where each point has another in reach, or it would be praised for the
    points that it leaves out; where several widths do equally well, the widest wins.

    Args:
        keys: training inputs, shape (n,) or (n, d), n >= 3.
        values: training labels, shape (n,) or (n, m).
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.

    Returns:
        A bandwidth in the keys' units, between a tenth of the usual gap between
        neighbours and four times the largest distance.

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; also where no bandwidth can be
            told from another: fewer than 3 points, keys all equal or all equally far
            apart, a kernel that ignores distance.

    Source: Stone (1974) on leaving one out; Härdle and Marron (1985) on its optimality.

    Examples:
        >>> straight = [0, 1, 2, 3, 4, 5]
        >>> round(select_bandwidth(straight, straight), 2)
        0.2
    """
    k, v = _training_set(keys, values)
    similarity_kernel = resolve_kernel(kernel)
    distance = distances(k, k)
    low, high = _search_range(distance)
    narrow, wide = (_held_out(distance, similarity_kernel, h) for h in (low, high))
    if np.array_equal(narrow, wide):
        raise ValueError(
            f"kernel must depend on distance, got {similarity_kernel.label}, which "
            f"weighs keys alike at bandwidth {low:g} and {high:g}. Choose another "
            "kernel; this one needs no bandwidth."
        )
    # The minimum stays where it is, and squares cannot overflow, nor constants round.
    scaled = v / max(float(np.abs(v).max()), np.finfo(float).tiny)
    scaled = scaled - scaled[0]

    def error(bandwidth: float) -> float:
        weights = _held_out(distance, similarity_kernel, bandwidth)
        return _mean_square(scaled - weights @ scaled)

    return _minimise(error, low, high)


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
    k, v = _training_set(keys, values)
    h = check_positive("bandwidth", bandwidth)
    return v - _held_out(distances(k, k), resolve_kernel(kernel), h) @ v


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
    return _mean_square(leave_one_out(keys, values, kernel, bandwidth=bandwidth))


def closed_form_residuals(values: Floats, weights: Floats) -> Floats:
    """Leave-one-out residuals without leaving out: (y - ŷ) / (1 - w_ii).

    Leaving key i out scales the rest of row i by 1 / (1 - w_ii), so one fit yields
    all n predictions.

    Args:
        values: training labels, shape (n,).
        weights: attention of the training inputs to themselves, shape (n, n).

    Returns:
        Shape (n,); NaN where a key has all of its own attention, since then nobody
        else is heard.

    Source: Craven and Wahba (1979) for linear smoothers in general.
    """
    own = np.diagonal(weights)
    share = np.where(own < 1, 1 - own, np.nan)
    return np.asarray((values - weights @ values) / share, dtype=np.float64)


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
        TypeError, ValueError: as `nadaraya_watson`; also fewer than 3 points.
    """
    k, v = _training_set(keys, values)
    q = check_array("queries", queries, rows="query")
    target = check_array("truth", truth, rows="query")
    if target.shape != (len(q), *v.shape[1:]):
        raise ValueError(
            f"truth must be one for each query, got {target.shape} for queries "
            f"{q.shape} and values {v.shape}. Evaluate it at the queries."
        )

    def error(bandwidth: float) -> float:
        estimates, _ = nadaraya_watson(
            q, k, v, kernel, bandwidth=bandwidth, empty="nan"
        )
        return _mean_square(estimates - target)

    return _minimise(error, *_search_range(distances(k, k)))


def rule_of_thumb(keys: ArrayLike, kernel: KernelLike = "gaussian") -> float:
    """Silverman's rule, 0.9 min(sd, IQR / 1.34) n^(-1/5): it never sees a label.

    It was made for estimating the density of the keys. Shown for contrast: it gives
    the same width whether the labels swing wildly or not at all.

    Args:
        keys: training inputs, shape (n,).
        kernel: a kernel with a canonical bandwidth; the rule, made for the Gaussian,
            is matched to it.

    Returns:
        A bandwidth in the keys' units.

    Raises:
        TypeError, ValueError: keys that are not (n,) finite real numbers or are all
            equal; a kernel without a canonical bandwidth.

    Source: Silverman (1986), equation 3.31.
    """
    k = check_array("keys", keys, rows="key")
    if k.ndim != 1:
        raise ValueError(f"keys must have shape (n,) for this rule, got {k.shape}.")
    if len(k) < 2 or k.min() == k.max():
        raise ValueError(
            f"keys must hold two numbers that differ, got {len(k)} of {k[0]:g}. Add "
            "keys elsewhere, or use the mean of the values."
        )
    quarter, three_quarters = np.percentile(k, [25, 75])
    spreads = (float(np.std(k, ddof=1)), float(three_quarters - quarter) / 1.34)
    spread = min(s for s in spreads if s > 0)  # the middle half may be one number
    return matched_bandwidth(0.9 * spread * len(k) ** -0.2, kernel)


def matched_bandwidth(
    bandwidth: float, kernel: KernelLike, *, like: KernelLike = "gaussian"
) -> float:
    """The bandwidth at which `kernel` smooths as much as `like` does at `bandwidth`.

    Args:
        bandwidth: of the kernel `like`.
        kernel: a kernel with a canonical bandwidth.
        like: another, the Gaussian unless told.

    Returns:
        A bandwidth in the same units.

    Raises:
        TypeError, ValueError: not a positive bandwidth; not kernels with a canonical
            bandwidth, such as the constant, which has no width at all.

    Source: Marron and Nolan (1988).

    Examples:
        >>> round(matched_bandwidth(1.0, "boxcar"), 2)
        1.74
    """
    h = check_positive("bandwidth", bandwidth)
    target, reference = (resolve_kernel(k) for k in (kernel, like))
    for name, k in (("kernel", target), ("like", reference)):
        if not isfinite(k.canonical):
            raise ValueError(
                f"{name} must have a canonical bandwidth, got {k.label}, which has "
                "none. Give a Kernel with `canonical` set."
            )
    return h * target.canonical / reference.canonical


def standard_errors(weights: Floats, residuals: Floats) -> Floats:
    """Standard error of each estimate ``weights @ values``: how far noise moves it.

    Each label may be as noisy as its own leave-one-out residual says, so the noise
    need not be the same everywhere. The error from averaging over a bend (the bias) is
    not in it.

    Args:
        weights: attention of the queries, shape (Q, n).
        residuals: from `leave_one_out`, shape (n,).

    Returns:
        Shape (Q,), in the residuals' unit.

    Source: the jackknife form, HC3, of MacKinnon and White (1985).
    """
    return np.asarray(np.sqrt(np.square(weights) @ np.square(residuals)), np.float64)


def _training_set(keys: ArrayLike, values: ArrayLike) -> tuple[Floats, Floats]:
    k, v = check_training_set(keys, values)
    if len(k) < 3:
        raise ValueError(
            f"keys must number at least 3 to leave one out, got {len(k)}: with fewer "
            "there is nobody to choose between. Set the bandwidth by hand."
        )
    return k, v


def _held_out(distance: Floats, kernel: Kernel, bandwidth: float) -> Floats:
    """Attention of each key to all others, (n, n): the diagonal is 0, rows sum to 1.

    A row without any key in reach is NaN.
    """
    n = len(distance)
    others = ~np.eye(n, dtype=bool)
    weights = np.zeros((n, n))
    weights[others] = pool(
        distance[others].reshape(n, n - 1), kernel, bandwidth
    ).ravel()
    return weights


def _mean_square(residuals: Floats) -> float:
    """Mean of the squares, infinite where an estimate is missing: that cannot win."""
    if not np.isfinite(residuals).all():
        return inf
    return float(np.mean(np.square(residuals)))


def _search_range(distance: Floats) -> tuple[float, float]:
    """From where nearest neighbours alone count to where all keys count alike."""
    apart = distance[~np.eye(len(distance), dtype=bool)]
    nearest, farthest = float(apart.min()), float(apart.max())
    if farthest - nearest <= 1e-12 * farthest:
        raise ValueError(
            f"keys must differ in how far apart they are, got {len(distance)} keys all "
            f"{nearest:g} from each other: every bandwidth weighs them alike. Add keys "
            "elsewhere, or use the mean of the values."
        )
    gaps = np.where(distance > 0, distance, inf).min(axis=1)
    return float(np.median(gaps)) / 10, 4 * farthest


def _minimise(error: Callable[[float], float], low: float, high: float) -> float:
    """Where in [low, high] the error is least: a log grid, then golden section.

    Of equally good points the widest, since the simplest estimate should win.
    """
    seen: dict[float, float] = {}

    def at(log_width: float) -> float:
        seen[exp(log_width)] = value = error(exp(log_width))
        return value

    steps = ceil(log(high / low) / log(_GRID_STEP))
    grid = np.linspace(log(low), log(high), steps + 1)
    errors = np.array([at(point) for point in grid])
    if not np.isfinite(errors).any():
        raise ValueError(
            f"keys must be in reach of one another at some bandwidth, got none between "
            f"{low:g} and {high:g} at which this kernel reaches every point."
        )
    best = int(np.flatnonzero(errors == errors.min())[-1])
    left, right = grid[max(best - 1, 0)], grid[min(best + 1, steps)]
    inner, outer = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
    at_inner, at_outer = at(inner), at(outer)
    while right - left > _TOLERANCE:
        if at_inner < at_outer:
            right, outer, at_outer = outer, inner, at_inner
            inner = right - _GOLDEN * (right - left)
            at_inner = at(inner)
        else:
            left, inner, at_inner = inner, outer, at_outer
            outer = left + _GOLDEN * (right - left)
            at_outer = at(outer)
    return min(seen, key=lambda width: (seen[width], -width))
