"""Nadaraya-Watson regression, written as attention pooling.

A query asks; every key answers with its value, weighted by how similar it is. Rows are
queries and sum to 1 over the keys, as in softmax attention. (The deck stores the
transpose: its rows are keys and its columns sum to 1.)
"""

from collections.abc import Callable
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.checks import check_array, check_positive, check_training_set
from nwdocs.kernels import KERNELS, Floats, Kernel

__all__ = [
    "EmptyNeighbourhoodError",
    "KernelLike",
    "attention_weights",
    "distances",
    "nadaraya_watson",
    "pool",
    "relative_similarity",
    "resolve_kernel",
]

#: A registered kernel's name, a kernel, or any function of scaled distances.
KernelLike = str | Kernel | Callable[[Floats], ArrayLike]


class EmptyNeighbourhoodError(ValueError):
    """No key has any similarity to some query, so its weighted mean is 0/0."""


def nadaraya_watson(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    kernel: KernelLike = "gaussian",
    *,
    bandwidth: float = 1.0,
    empty: Literal["raise", "nan"] = "raise",
) -> tuple[Floats, Floats]:
    """Estimate at each query: the mean of the values, weighted by attention.

    Args:
        queries: where to estimate, shape (Q,) or (Q, d).
        keys: training inputs, shape (K,) or (K, d), in the queries' units.
        values: training labels, shape (K,) or (K, m), in any unit.
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.
        bandwidth: how far attention reaches, in the queries' units.
        empty: what to do with a query that no key reaches: "raise", or "nan" for NaN
            in that row alone.

    Returns:
        Estimates, shape (Q,) or (Q, m), in the values' unit, and the attention
        weights, shape (Q, K).

    Raises:
        TypeError, ValueError: as `attention_weights`; also values that are not finite
            real numbers, or not one for each key.
        EmptyNeighbourhoodError: as `attention_weights`.

    Source: Nadaraya (1964), Watson (1964); the deck's section on the estimator.

    Examples:
        >>> estimates, weights = nadaraya_watson([0.5], [0.0, 1.0], [10.0, 20.0])
        >>> estimates
        array([15.])
    """
    k, v = check_training_set(keys, values)
    weights = attention_weights(queries, k, kernel, bandwidth=bandwidth, empty=empty)
    return weights @ v, weights


def attention_weights(
    queries: ArrayLike,
    keys: ArrayLike,
    kernel: KernelLike = "gaussian",
    *,
    bandwidth: float = 1.0,
    empty: Literal["raise", "nan"] = "raise",
) -> Floats:
    """Weight of every key for every query; ``weights @ values`` is the estimate.

    Args:
        queries: shape (Q,) or (Q, d).
        keys: shape (K,) or (K, d), in the queries' units. Distance is Euclidean.
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.
        bandwidth: how far attention reaches, in the queries' units.
        empty: what to do with a query that no key reaches: "raise", or "nan" for NaN
            in that row alone.

    Returns:
        Non-negative, shape (Q, K), float64; each row sums to 1. The Gaussian is
        normalised relative to the nearest key, so its rows are finite at every
        bandwidth, however far the query.

    Raises:
        TypeError: an argument of the wrong type, such as complex or text entries.
        ValueError: a shape, number or name that cannot be used; the message says
            which argument, what it was, and what would do.
        EmptyNeighbourhoodError: a row would be 0/0 and `empty` is "raise".

    Source: the deck's section on the estimator.

    Examples:
        >>> attention_weights([0.0], [1.0, 2.0], "constant")
        array([[0.5, 0.5]])
    """
    q = check_array("queries", queries, rows="query")
    k = check_array("keys", keys, rows="key")
    h = check_positive("bandwidth", bandwidth)
    similarity_kernel = resolve_kernel(kernel)
    if empty not in ("raise", "nan"):
        raise ValueError(f"empty must be 'raise' or 'nan', got {empty!r}.")
    weights = pool(distances(q, k), similarity_kernel, h)
    missing = np.flatnonzero(np.isnan(weights[:, 0]))
    if empty == "raise" and missing.size:
        raise EmptyNeighbourhoodError(
            f"{missing.size} of {len(q)} queries reach no key at bandwidth={h:g}; the "
            f"first is queries[{missing[0]}] = {q[missing[0]]}. Try a wider bandwidth, "
            "or empty='nan' to leave those rows NaN."
        )
    return weights


def pool(distance: Floats, kernel: Kernel, bandwidth: float) -> Floats:
    """The estimator's core: distances (Q, K) to attention weights (Q, K).

    A row without any similarity comes out as NaN.
    """
    similarity = relative_similarity(distance, kernel, bandwidth)  # (Q, K)
    total = similarity.sum(axis=1, keepdims=True)  # one number a query, (Q, 1)
    with np.errstate(invalid="ignore"):  # 0/0 where no key is in reach
        return similarity / total


def distances(queries: Floats, keys: Floats) -> Floats:
    """Euclidean distance of each query (Q,) or (Q, d) to each key, shape (Q, K).

    Raises:
        ValueError: queries and keys differ in dimensions, or are so far apart that
            their distance is beyond float64.
    """
    if queries.shape[1:] != keys.shape[1:]:
        raise ValueError(
            f"queries and keys must have the same dimensions, got {queries.shape} and "
            f"{keys.shape}. Both (n,) or both (n, d) with one d."
        )
    with np.errstate(over="ignore"):
        offset = np.abs(queries[:, None] - keys[None, :])
        distance = offset if offset.ndim == 2 else np.hypot.reduce(offset, axis=-1)
    if not np.isfinite(distance).all():
        raise ValueError(
            f"queries and keys must be close enough for float64 to measure, got "
            f"queries up to {np.abs(queries).max():g} and keys up to "
            f"{np.abs(keys).max():g}. Rescale both."
        )
    return np.asarray(distance, dtype=np.float64)


def relative_similarity(distance: Floats, kernel: Kernel, bandwidth: float) -> Floats:
    """Similarities (Q, K), each row up to a factor of its own, which cancels.

    With a `log`, each row is taken relative to its nearest key, whose similarity
    becomes 1: nothing is lost however small exp(-u²/2) would be.

    Raises:
        TypeError, ValueError: the kernel returned something other than one finite
            similarity of zero or more for each distance.
    """
    if kernel.log is None:
        with np.errstate(over="ignore"):  # u = inf is just "out of reach"
            return _checked(kernel(distance / bandwidth), distance.shape, kernel.label)
    # A row's nearest key stays at u <= 1e150, so that its score is finite: any narrower
    # and it has all the weight already. Keys whose score overflows have none.
    nearest = distance.min(axis=1, keepdims=True)
    with np.errstate(over="ignore"):
        score = kernel.log(distance / np.maximum(bandwidth, nearest * 1e-150))
    return np.exp(score - score.max(axis=1, keepdims=True))


def resolve_kernel(kernel: KernelLike) -> Kernel:
    """The `Kernel` that a name, a kernel or a function of scaled distances stands for.

    Raises:
        ValueError: a name that is not registered.
        TypeError: neither a name nor something that can be called.
    """
    if isinstance(kernel, Kernel):
        return kernel
    if isinstance(kernel, str):
        if kernel not in KERNELS:
            raise ValueError(
                f"kernel must be one of {', '.join(KERNELS)}, or a function of scaled "
                f"distances, got {kernel!r}."
            )
        return KERNELS[kernel]
    if not callable(kernel):
        raise TypeError(
            f"kernel must be a name ({', '.join(KERNELS)}), a Kernel, or a function of "
            f"scaled distances, got {kernel!r}."
        )
    for known in KERNELS.values():  # so that `gaussian` itself keeps its logarithm
        if kernel is known.function:
            return known
    function = kernel
    name = getattr(function, "__name__", type(function).__name__)
    return Kernel(name, inf, "", lambda u: np.asarray(function(np.asarray(u))))


def _checked(similarity: ArrayLike, shape: tuple[int, ...], name: str) -> Floats:
    """What a kernel returned, once it is sure to be a similarity for each pair.

    Each row is divided by its largest, so that huge similarities cannot overflow the
    sum; the factor cancels.
    """
    array = np.asarray(similarity)
    if array.dtype.kind not in "buif":
        raise TypeError(
            f"kernel {name} must return real numbers, got dtype {array.dtype}."
        )
    array = array.astype(np.float64)
    if array.shape != shape:
        raise ValueError(
            f"kernel {name} must return one similarity for each scaled distance, shape "
            f"{shape}, got {array.shape}. Write it with numpy functions, element by "
            "element."
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"kernel {name} must return finite similarities, got "
            f"{array[~np.isfinite(array)][0]}."
        )
    if (array < 0).any():
        raise ValueError(
            f"kernel {name} must return similarities of zero or more, got "
            f"{array.min():g}."
        )
    peak = array.max(axis=1, keepdims=True)
    return array / np.where(peak > 0, peak, 1.0)
