"""Nadaraya-Watson regression, written as attention pooling.

A query asks; every key answers with its value, weighted by how similar it is. Rows are
queries and sum to 1 over the keys, as in softmax attention. (The deck stores the
transpose: its rows are keys and its columns sum to 1.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.checks import (
    check_array,
    check_bandwidth,
    check_counts,
    check_mask,
    check_training_set,
)
from nwdocs.distances import check_dimensions, distance_gaps, distances
from nwdocs.kernels import Floats, Kernel, KernelLike, resolve_kernel
from nwdocs.similarity import (
    BY_DISTANCE,
    Heard,
    Hidden,
    nearest_distance,
    relative_similarity,
)
from nwdocs.windows import window_estimates, windows_pay

__all__ = [
    "Attention",
    "EmptyNeighbourhoodError",
    "KernelLike",
    "attention_weights",
    "distances",
    "estimate",
    "nadaraya_watson",
    "pool",
    "relative_similarity",
    "resolve_kernel",
]

#: Pairs of a query and a key that are worked on at a time: they fit in a processor's
#: cache, so that blocks are faster than one large matrix, besides taking less memory.
_BLOCK = 2**16

#: Scaled distance of the nearest key from which gaps are measured between keys. Nearer,
#: rounded distances cost no more than a relative 1e-12.
_FAR = 64.0

#: How often the nearest key of a far query is looked for, at most.
_ROUNDS = 8


class EmptyNeighbourhoodError(ValueError):
    """No key has any similarity to some query, so its weighted mean is 0/0."""


def nadaraya_watson(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    kernel: KernelLike = "gaussian",
    *,
    bandwidth: ArrayLike = 1.0,
    key_weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    empty: Literal["raise", "nan"] = "raise",
) -> tuple[Floats, Floats]:
    """Estimate at each query: the mean of the values, weighted by attention.

    Args:
        queries: where to estimate, shape (Q,) or (Q, d).
        keys: training inputs, shape (K,) or (K, d), in the queries' units. Distance is
            Euclidean. For a width in each coordinate, divide queries and keys by them.
        values: training labels, shape (K,) or (K, m), in any unit. Classes as one-hot
            rows give their probabilities.
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.
        bandwidth: how far attention reaches, in the queries' units: a number, or one
            for each query, shape (Q,), as from `nearest_neighbour_width`.
        key_weights: how often each key counts, shape (K,), zero or more: 2 is the key
            twice, 0 is as if it were not there.
        mask: True where a key may be heard, shape (K,), or (Q, K) for each query.
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
    attention = _attention(queries, k, kernel, bandwidth, key_weights, mask, empty)
    estimates, weights = attention.answers(v), np.empty(attention.shape)
    for rows in attention.blocks():
        estimates[rows] = attention.weights(rows, out=weights[rows]) @ v
    attention.refuse_empty(weights[:, 0], empty)
    return estimates, weights


def attention_weights(
    queries: ArrayLike,
    keys: ArrayLike,
    kernel: KernelLike = "gaussian",
    *,
    bandwidth: ArrayLike = 1.0,
    key_weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    empty: Literal["raise", "nan"] = "raise",
) -> Floats:
    """Weight of every key for every query; ``weights @ values`` is the estimate.

    Args:
        queries: shape (Q,) or (Q, d).
        keys: shape (K,) or (K, d), in the queries' units. Distance is Euclidean.
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.
        bandwidth: how far attention reaches, in the queries' units: a number, or one
            for each query, shape (Q,).
        key_weights: how often each key counts, shape (K,), zero or more.
        mask: True where a key may be heard, shape (K,), or (Q, K) for each query.
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
    k = check_array("keys", keys, rows="key")
    attention = _attention(queries, k, kernel, bandwidth, key_weights, mask, empty)
    weights = np.empty(attention.shape)
    for rows in attention.blocks():
        attention.weights(rows, out=weights[rows])
    attention.refuse_empty(weights[:, 0], empty)
    return weights


def estimate(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    kernel: KernelLike = "gaussian",
    *,
    bandwidth: ArrayLike = 1.0,
    key_weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    empty: Literal["raise", "nan"] = "raise",
) -> Floats:
    """The estimates of `nadaraya_watson` without its weights, in little memory.

    The weights are made and used a few rows at a time; the numbers are exactly those of
    `nadaraya_watson`. Many queries of many keys in one dimension by a registered kernel
    with an edge are faster still: sorted keys and running sums take the place of weights,
    O((Q + K) log K) in all, and the numbers are the same but for rounding.

    Args:
        queries: shape (Q,) or (Q, d).
        keys: shape (K,) or (K, d), in the queries' units.
        values: shape (K,) or (K, m), in any unit.
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.
        bandwidth: as for `nadaraya_watson`.
        key_weights: as for `nadaraya_watson`.
        mask: as for `nadaraya_watson`.
        empty: as for `nadaraya_watson`.

    Returns:
        Shape (Q,) or (Q, m), in the values' unit.

    Raises:
        TypeError, ValueError, EmptyNeighbourhoodError: as `nadaraya_watson`.

    Examples:
        >>> estimate([0.5], [0.0, 1.0], [10.0, 20.0])
        array([15.])
    """
    k, v = check_training_set(keys, values)
    attention = _attention(queries, k, kernel, bandwidth, key_weights, mask, empty)
    estimates = attention.estimates(v)
    attention.refuse_empty(estimates.reshape(len(estimates), -1)[:, 0], empty)
    return estimates


def pool(
    distance: Floats,
    kernel: Kernel,
    bandwidth: float | Floats,
    heard: Heard = BY_DISTANCE,
    out: Floats | None = None,
) -> Floats:
    """The estimator's core: distances (Q, K) to attention weights (Q, K).

    A row without any similarity comes out as NaN. The bandwidth is a number, or one for
    each query, shape (Q, 1). The weights are written to `out` where it is given.
    """
    similarity = relative_similarity(distance, kernel, bandwidth, heard)
    total = similarity.sum(axis=1, keepdims=True)  # one number a query, (Q, 1)
    with np.errstate(invalid="ignore"):  # 0/0 where no key is in reach
        return np.divide(similarity, total, out=out)


@dataclass(frozen=True, slots=True)
class Attention:
    """Queries, keys, and what decides who hears whom: weights, a block at a time.

    Attributes:
        queries: shape (Q,) or (Q, d).
        keys: shape (K,) or (K, d).
        kernel: the kernel.
        bandwidth: a number, or one for each query, shape (Q, 1).
        counts: how often each key counts, above 0, shape (K,).
        mask: True where a key may be heard, shape (K,) or (Q, K).
        leave_out: the key that the first query is kept from hearing. The second query
            is kept from the next key, and so on: 0 leaves each point out of its own
            estimate.
    """

    queries: Floats
    keys: Floats
    kernel: Kernel
    bandwidth: float | Floats
    counts: Floats | None = None
    mask: np.ndarray | None = None
    leave_out: int | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """(Q, K)."""
        return len(self.queries), len(self.keys)

    def blocks(self) -> Iterator[slice]:
        """The rows, a few at a time."""
        step = max(1, _BLOCK // len(self.keys))
        for start in range(0, len(self.queries), step):
            yield slice(start, min(start + step, len(self.queries)))

    def weights(
        self, rows: slice, hidden: Hidden = None, out: Floats | None = None
    ) -> Floats:
        """Weights of some rows, shape (rows, K); NaN where no key is in reach.

        `hidden` says which pairs do not count, instead of the attributes; the weights
        are written to `out` where it is given.
        """
        queries = self.queries[rows]
        width = self.bandwidth
        width = width if isinstance(width, float) else width[rows]
        if hidden is None:
            hidden = self._hidden(rows)
        distance = distances(queries, self.keys)
        gap = None
        nearest = nearest_distance(distance, hidden)
        if self.kernel.log_ratio is not None:
            far = (nearest * (1 / _FAR) > width)[:, 0]
            if far.any():
                gap = distance - nearest
                gap[far] = self._far_gaps(queries, distance, hidden, far)
        return pool(
            distance, self.kernel, width, Heard(hidden, self.counts, nearest, gap), out
        )

    def answers(self, values: Floats) -> Floats:
        """Where estimates from `values` (K,) or (K, m) will go: (Q,) or (Q, m)."""
        return np.empty((len(self.queries), *values.shape[1:]))

    def estimates(self, values: Floats) -> Floats:
        """Estimates from values (K,) or (K, m); NaN where no key is in reach."""
        if windows_pay(self, values[0].size):
            return window_estimates(self, values)
        estimates = self.answers(values)
        for rows in self.blocks():
            estimates[rows] = self.weights(rows) @ values
        return estimates

    def refuse_empty(self, answers: Floats, empty: str) -> None:
        """Raise unless `empty` is "nan", where `answers` (Q,) has NaN.

        Raises:
            EmptyNeighbourhoodError: there is one; the message counts them.
        """
        missing = np.flatnonzero(np.isnan(answers))
        if empty == "raise" and missing.size:
            first = missing[0]
            width = np.broadcast_to(self.bandwidth, (len(answers), 1))[first, 0]
            seen = "" if self.mask is None else "a mask that leaves each query a key, "
            raise EmptyNeighbourhoodError(
                f"{missing.size} of {len(answers)} queries reach no key at "
                f"bandwidth={width:g}; the first is queries[{first}] = "
                f"{self.queries[first]}. Try a wider bandwidth, {seen}"
                "or empty='nan' to leave those rows NaN."
            )

    def _far_gaps(
        self, queries: Floats, distance: Floats, hidden: Hidden, far: np.ndarray
    ) -> Floats:
        """How much further than the nearest each key is, for queries far from all."""
        shut = np.zeros(distance.shape, dtype=bool)
        if hidden is not None:
            shut[hidden] = True
        shut = shut[far]
        nearest = np.where(shut, np.inf, distance[far]).argmin(axis=1)
        # Distances alone may not tell which is the nearest. The gaps do, and the better
        # the nearer the key is from which they are taken.
        for _ in range(_ROUNDS):
            gap = distance_gaps(queries[far], self.keys, self.keys[nearest])
            gap[shut] = np.inf
            if (gap >= 0).all():
                break
            nearest = gap.argmin(axis=1)
        gap = np.maximum(gap, 0.0)  # in several dimensions it may be rounded below
        gap[shut] = 0.0
        return gap

    def _hidden(self, rows: slice) -> Hidden:
        size = rows.stop - rows.start
        own = None
        if self.leave_out is not None:
            own = np.arange(size), np.arange(rows.start, rows.stop) + self.leave_out
        if self.mask is None:
            return own
        shape = (size, len(self.keys))
        mask = self.mask if self.mask.ndim == 1 else self.mask[rows]
        hidden = ~np.broadcast_to(mask, shape)
        if own is not None:
            hidden[own] = True
        return hidden


def _attention(
    queries: ArrayLike,
    keys: Floats,
    kernel: KernelLike,
    bandwidth: ArrayLike,
    key_weights: ArrayLike | None,
    mask: ArrayLike | None,
    empty: str,
) -> Attention:
    """Arguments as a person gives them, checked."""
    q = check_array("queries", queries, rows="query")
    h = check_bandwidth(bandwidth, queries=len(q))
    similarity_kernel = resolve_kernel(kernel)
    if empty not in ("raise", "nan"):
        raise ValueError(f"empty must be 'raise' or 'nan', got {empty!r}.")
    check_dimensions(q, keys)
    seen = check_mask(mask, (len(q), len(keys)))
    counts = check_counts(key_weights, keys=len(keys))
    if counts is not None and not counts.all():
        seen = counts > 0 if seen is None else seen & (counts > 0)
        counts = np.where(counts > 0, counts, 1.0)
    return Attention(q, keys, similarity_kernel, h, counts, seen)
