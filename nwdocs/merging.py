"""Attention to a part of the keys, and how the parts combine: a merge of three sums.

A part is summed up by the largest score that a query meets in it, the sum of all
similarities relative to that, and their sum with the values. Two parts combine in any
order and any grouping. So keys can come as a stream, in blocks or from many machines,
and nobody ever needs all of them at once.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.attention import EmptyNeighbourhoodError
from nwdocs.checks import check_array, check_positive, check_training_set
from nwdocs.distances import check_dimensions, distances
from nwdocs.kernels import Floats, Kernel, KernelLike, resolve_kernel
from nwdocs.softmax import relative_exp

__all__ = ["Partial", "Stream", "finish", "merge", "nothing", "summed_up"]

#: Pairs of a query and a key that are worked on at a time.
_PAIRS = 2**16

#: Queries of such a block, at most: few rows of many keys make long sums.
_QUERIES = 256


class Partial(NamedTuple):
    """What Q queries know of a part of the keys."""

    largest: Floats  # the largest score, (Q,); -inf where no key was in reach
    total: Floats  # sum of exp(score - largest), (Q,)
    summed: Floats  # sum of exp(score - largest) times the values, (Q, m)


def nothing(queries: int, columns: int) -> Partial:
    """The part that has no keys: merged with any other, it changes nothing."""
    return Partial(
        np.full(queries, -np.inf), np.zeros(queries), np.zeros((queries, columns))
    )


def summed_up(scores: Floats, values: Floats) -> Partial:
    """A part of the keys, by their scores (Q, K) and values (K, m).

    A score is the logarithm of a similarity; -inf is no similarity at all.
    """
    largest = scores.max(axis=1)
    similarity = relative_exp(scores, largest[:, None])
    return Partial(largest, similarity.sum(axis=1), similarity @ values)


def merge(one: Partial, other: Partial) -> Partial:
    """Both parts as one; the order is free, and so is the grouping.

    The sums of both are taken relative to the larger of the two largest scores, and added.

    Source: Milakov and Gimelshein (2018), section 3.1; Dao et al. (2022).
    """
    largest = np.maximum(one.largest, other.largest)
    base = np.where(largest == -np.inf, 0.0, largest)
    shares = [np.exp(part.largest - base) for part in (one, other)]
    return Partial(
        largest,
        shares[0] * one.total + shares[1] * other.total,
        shares[0][:, None] * one.summed + shares[1][:, None] * other.summed,
    )


def finish(part: Partial) -> Floats:
    """The estimates (Q, m): sums with the values over sums; NaN where nobody was heard."""
    with np.errstate(invalid="ignore"):  # 0/0
        return np.asarray(part.summed / part.total[:, None])


class Stream:
    """An estimate from keys that come a part at a time, in memory that does not grow.

    Args:
        queries: where to estimate, shape (Q,) or (Q, d).
        kernel: a name in `KERNELS`, a `Kernel`, or a function of scaled distances.
        bandwidth: in the queries' units.

    Raises:
        TypeError, ValueError: as `nadaraya_watson`.

    Examples:
        >>> stream = Stream([0.5])
        >>> stream.add([0.0], [10.0])
        >>> stream.add([1.0], [20.0])
        >>> stream.estimates()
        array([15.])
    """

    def __init__(
        self,
        queries: ArrayLike,
        kernel: KernelLike = "gaussian",
        *,
        bandwidth: float = 1.0,
    ) -> None:
        self._queries = check_array("queries", queries, rows="query")
        self._kernel = resolve_kernel(kernel)
        self._bandwidth = check_positive("bandwidth", bandwidth)
        self._part: Partial | None = None
        self._shape: tuple[int, ...] = ()

    @property
    def part(self) -> Partial:
        """What is known of all keys so far.

        Raises:
            ValueError: there was none.
        """
        if self._part is None:
            raise ValueError("the stream must have had keys, got none. Call add first.")
        return self._part

    def add(self, keys: ArrayLike, values: ArrayLike) -> None:
        """Take further keys, shape (K,) or (K, d), with values (K,) or (K, m).

        Raises:
            TypeError, ValueError: as `nadaraya_watson`; also values that have another
                number of columns than those before.
        """
        k, v = check_training_set(keys, values)
        check_dimensions(self._queries, k)
        if self._part is None:
            self._shape = v.shape[1:]
            self._part = nothing(len(self._queries), v[0].size)
        elif v.shape[1:] != self._shape:
            raise ValueError(
                f"values must have shape (K, {self._shape}) as before, got {v.shape}."
                if self._shape
                else f"values must have shape (K,) as before, got {v.shape}."
            )
        self._take(k, v.reshape(len(v), -1), self._part)

    def merge(self, other: "Stream") -> None:
        """Take what another stream of the same queries knows.

        Raises:
            ValueError: its queries, kernel or bandwidth differ; its values have
                another shape.
        """
        mine, theirs = (
            (s._kernel.label, s._bandwidth, s._shape if s._part else self._shape)
            for s in (self, other)
        )
        if mine != theirs or not np.array_equal(self._queries, other._queries):
            raise ValueError(
                "other must have the same queries, kernel, bandwidth and shape of values, "
                f"got {theirs} for {mine}. Make both streams alike."
            )
        if other._part is None:
            return
        self._shape = other._shape
        self._part = other._part if self._part is None else merge(self.part, other.part)

    def estimates(self, *, empty: Literal["raise", "nan"] = "raise") -> Floats:
        """The estimates from all keys so far, shape (Q,) or (Q, m).

        Raises:
            ValueError: there were no keys; `empty` is something else.
            EmptyNeighbourhoodError: no key reached some query, and `empty` is "raise".
        """
        if empty not in ("raise", "nan"):
            raise ValueError(f"empty must be 'raise' or 'nan', got {empty!r}.")
        found = finish(self.part)
        missing = int(np.isnan(found[:, 0]).sum())
        if missing and empty == "raise":
            raise EmptyNeighbourhoodError(
                f"{missing} of {len(found)} queries reach no key at "
                f"bandwidth={self._bandwidth:g}. Try a wider bandwidth, or empty='nan'."
            )
        return found.reshape(len(found), *self._shape)

    def _take(self, keys: Floats, values: Floats, part: Partial) -> None:
        """Merge the keys into `part`, block by block, in place."""
        rows = min(len(self._queries), _QUERIES)
        step = max(1, _PAIRS // rows)
        for top in range(0, len(self._queries), rows):
            here = slice(top, top + rows)
            queries = self._queries[here]
            block = Partial(*(field[here] for field in part))
            for start in range(0, len(keys), step):
                some = slice(start, start + step)
                scores = _scores(queries, keys[some], self._kernel, self._bandwidth)
                block = merge(block, summed_up(scores, values[some]))
            for field, new in zip(part, block, strict=True):
                field[here] = new


def _scores(queries: Floats, keys: Floats, kernel: Kernel, bandwidth: float) -> Floats:
    with np.errstate(over="ignore", divide="ignore"):  # out of reach is -inf
        u = distances(queries, keys) / bandwidth
        return kernel.log(u) if kernel.log else np.log(kernel(u))
