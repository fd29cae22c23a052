"""Widths that need no labels: rules of thumb, matching widths, nearest neighbours."""

from math import frexp, inf, isfinite

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.attention import Attention
from nwdocs.checks import check_array, check_count, check_positive
from nwdocs.distances import check_dimensions, distances
from nwdocs.kernels import KERNELS, Floats, KernelLike, resolve_kernel

__all__ = ["matched_bandwidth", "nearest_neighbour_width", "rule_of_thumb"]


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
    unit = 2.0 ** (frexp(float(np.abs(k).max()))[1] - 1)  # so that no square overflows
    k = k / unit
    quarter, three_quarters = np.percentile(k, [25, 75])
    spreads = (float(np.std(k, ddof=1)), float(three_quarters - quarter) / 1.34)
    spread = min(s for s in spreads if s > 0)  # the middle half may be one number
    return matched_bandwidth(0.9 * spread * len(k) ** -0.2 * unit, kernel)


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
            bandwidth, such as the constant, which has no width at all; a result beyond
            float64.

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
    return check_positive("bandwidth", h * (target.canonical / reference.canonical))


def nearest_neighbour_width(
    queries: ArrayLike, keys: ArrayLike, neighbours: int
) -> Floats:
    """For each query, the least width at which so many keys are in reach.

    Where keys are dense the estimate is then narrow, and where they are sparse it is
    wide: give it to `nadaraya_watson` as the bandwidth. A key is in reach where it is
    nearer than the width, as for kernels with an edge; keys at one distance come into
    reach together.

    Args:
        queries: shape (Q,) or (Q, d).
        keys: shape (K,) or (K, d), in the queries' units.
        neighbours: how many keys, from 1 to K.

    Returns:
        Shape (Q,), in the queries' units.

    Raises:
        TypeError, ValueError: as `attention_weights`; also a number of neighbours that
            is not from 1 to K.

    Source: Loftsgaarden and Quesenberry (1965); Cleveland (1979) for regression.

    Examples:
        >>> widths = nearest_neighbour_width([0.0, 9.0], [0.0, 1.0, 7.0], 2)
        >>> widths.round(3)
        array([1., 8.])
    """
    q = check_array("queries", queries, rows="query")
    k = check_array("keys", keys, rows="key")
    check_dimensions(q, k)
    count = check_count("neighbours", neighbours, least=1)
    if count > len(k):
        raise ValueError(f"neighbours must be at most the {len(k)} keys, got {count}.")
    widths = np.empty(len(q))
    for rows in Attention(q, k, KERNELS["constant"], 1.0).blocks():
        distance = distances(q[rows], k)
        widths[rows] = np.partition(distance, count - 1, axis=1)[:, count - 1]
    return np.nextafter(widths, inf)  # the edge itself is out of reach
