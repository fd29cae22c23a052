"""Estimates in one dimension by sorted windows: O((Q + K) log K), without a matrix.

A kernel with an edge hears a window of the sorted keys. Where the kernel is a polynomial
of the distance inside, a window's sums are those of powers of the keys, which running
sums give at once. Nothing is found by subtracting one running sum from another, which
would lose small labels beside large ones far away: keys are gathered in cells, and a
window is the end of one cell, some whole cells, and the beginning of another.
"""

from __future__ import annotations

from math import comb
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nwdocs.distances import distances
from nwdocs.kernels import Floats, Kernel
from nwdocs.similarity import Heard, relative_similarity

__all__ = ["running_sums", "window_estimates", "windows_pay"]


class _Attention(Protocol):
    """What of `nwdocs.attention.Attention` is read here."""

    @property
    def queries(self) -> Floats: ...
    @property
    def keys(self) -> Floats: ...
    @property
    def kernel(self) -> Kernel: ...
    @property
    def bandwidth(self) -> float | Floats: ...
    @property
    def counts(self) -> Floats | None: ...
    @property
    def mask(self) -> NDArray[np.bool_] | None: ...
    @property
    def leave_out(self) -> int | None: ...


#: Pairs from which windows are faster than weights, and numbers that may be kept.
_WORTH_IT, _KEPT = 2**18, 2**24

#: Cells to a bandwidth. The more, the less powers of offsets cancel within a cell.
_CELLS = 4

#: Windows of so few keys are summed key by key, and so is whatever would lose digits: a
#: window whose similarities, or whose labels by them, come to less than this share.
_FEW, _SHARE = 32, 0.05

#: Queries that are answered at a time.
_ROWS, _ROWS_BY_KEY = 4096, 64

_Ints = NDArray[np.intp]


class _Windows(NamedTuple):
    """Of sorted keys, those in each query's reach, left and right of it, each (Q,)."""

    start: _Ints
    left_end: _Ints  # exclusive
    right_start: _Ints
    end: _Ints  # exclusive

    def at(self, rows: _Ints) -> _Windows:
        return _Windows(*(index[rows] for index in self))


class _Cells(NamedTuple):
    """Keys gathered in cells, with the sums of powers of their offsets.

    Sums have shape (K, powers, columns).
    """

    of_key: _Ints  # (K,)
    first: _Ints  # index of each cell's first key, and of its last
    last: _Ints
    centre: Floats
    before: Floats  # sums over a key's cell up to and with the key
    after: Floats  # and from the key on


def windows_pay(attention: _Attention, columns: int) -> bool:
    """Whether `window_estimates` can answer for values of `columns`, and is faster."""
    kernel = attention.kernel
    return (
        attention.queries.ndim == 1
        and kernel.polynomial is not None
        and isinstance(attention.bandwidth, float)
        and attention.mask is None
        and not attention.leave_out
        and len(attention.queries) * len(attention.keys) >= _WORTH_IT
        and len(attention.keys) * len(kernel.polynomial) * (1 + 2 * columns) <= _KEPT
    )


def window_estimates(attention: _Attention, values: Floats) -> Floats:
    """Estimates from values (K,) or (K, m); NaN where no key is in reach.

    They are those of the weights but for rounding.
    """
    assert isinstance(attention.bandwidth, float)
    kernel, width = attention.kernel, attention.bandwidth
    order = np.argsort(attention.keys, kind="stable")
    keys, labels = attention.keys[order], values.reshape(len(values), -1)[order]
    counts = np.ones(len(keys)) if attention.counts is None else attention.counts[order]
    asked = np.argsort(attention.queries, kind="stable")
    queries = attention.queries[asked]
    own = None
    if attention.leave_out is not None:
        own = np.empty(len(keys), dtype=np.intp)
        own[order] = np.arange(len(keys))
        own = own[asked]
    windows = _windows(queries, keys, width, kernel.support, own)

    answers = np.full((len(queries), labels.shape[1]), np.nan)
    size = windows.end - windows.start
    many = np.flatnonzero(size > _FEW)
    by_key = size > 0
    if many.size and (keys[-1] - keys[0]) / width < 2**40:
        cells = _cells(keys, labels, counts, width, kernel)
        for rows in np.split(many, range(_ROWS, many.size, _ROWS)):
            found, sure = _by_cells(
                queries[rows], windows.at(rows), cells, width, kernel
            )
            answers[rows[sure]] = found[sure]
            by_key[rows[sure]] = False
    left = np.flatnonzero(by_key)
    for rows in np.split(left, range(_ROWS_BY_KEY, left.size, _ROWS_BY_KEY)):
        if rows.size:
            part = slice(windows.start[rows].min(), windows.end[rows].max())
            hidden = None if own is None else _own(own[rows], part)
            similarity = relative_similarity(
                distances(queries[rows], keys[part]),
                kernel,
                width,
                Heard(hidden, None if attention.counts is None else counts[part]),
            )
            total = similarity.sum(axis=1, keepdims=True)
            with np.errstate(invalid="ignore"):
                answers[rows] = (similarity @ labels[part]) / total
    estimates = np.empty_like(answers)
    estimates[asked] = answers
    return estimates.reshape(len(queries), *values.shape[1:])


def _own(own: _Ints, part: slice) -> tuple[_Ints, _Ints] | None:
    """Where a part of the keys holds the key that each row leaves out."""
    within = np.flatnonzero((own >= part.start) & (own < part.stop))
    return (within, own[within] - part.start) if within.size else None


def _windows(
    queries: Floats, keys: Floats, width: float, support: float, own: _Ints | None
) -> _Windows:
    middle = np.searchsorted(keys, queries) if own is None else own
    right = middle if own is None else own + 1

    def first(low: _Ints, high: _Ints, inside: bool) -> _Ints:
        """The first index in [low, high) that is in reach, or that is not."""
        while (open_ := low < high).any():
            half = (low + high) // 2
            with np.errstate(over="ignore"):
                u = np.abs(queries - keys[np.minimum(half, len(keys) - 1)]) / width
            found = (u < support) == inside
            high = np.where(open_ & found, half, high)
            low = np.where(open_ & ~found, half + 1, low)
        return low

    nothing, everything = np.zeros_like(middle), np.full_like(middle, len(keys))
    return _Windows(
        first(nothing, middle, True), middle, right, first(right, everything, False)
    )


def _cells(
    keys: Floats, labels: Floats, counts: Floats, width: float, kernel: Kernel
) -> _Cells:
    assert kernel.polynomial
    cell = np.floor((keys - keys[0]) / (width * kernel.support) * _CELLS)
    new = np.flatnonzero(np.diff(cell, prepend=-1.0))
    first, last = new, np.append(new[1:], len(keys)) - 1
    of_key = np.cumsum(np.diff(cell, prepend=-1.0) != 0) - 1
    centre = keys[first] + (keys[last] - keys[first]) / 2
    offset = (keys - centre[of_key]) / width
    columns = np.column_stack([np.ones(len(keys)), labels, np.abs(labels)])
    columns *= counts[:, None]
    powers = np.power(offset[:, None], np.arange(len(kernel.polynomial)))
    terms = powers[:, :, None] * columns[:, None, :]
    before = running_sums(terms.copy(), of_key)
    after = running_sums(terms[::-1].copy(), of_key[::-1])[::-1]
    return _Cells(of_key, first, last, centre, before, after)


def running_sums(terms: Floats, cell: _Ints) -> Floats:
    """Running sums within each cell, in place: each is a sum of sums twice as long."""
    step = 1
    while step < len(cell) and (same := cell[step:] == cell[:-step]).any():
        terms[step:] += np.where(same[:, None, None], terms[:-step], 0.0)
        step *= 2
    return terms


def _by_cells(
    queries: Floats, windows: _Windows, cells: _Cells, width: float, kernel: Kernel
) -> tuple[Floats, NDArray[np.bool_]]:
    """Estimates (Q, m), and which of them kept their digits."""
    columns = cells.before.shape[2]
    sums, plain = np.zeros((2, len(queries), columns))
    sure = np.ones(len(queries), dtype=bool)
    sides = (
        (-1, windows.start, windows.left_end),
        (1, windows.right_start, windows.end),
    )
    for sign, start, end in sides:
        rows = np.flatnonzero(end > start)
        a, b = start[rows], end[rows] - 1
        one, other = cells.of_key[a], cells.of_key[b]
        within = one == other
        whole = within & (cells.first[one] == a)  # the beginning of one cell
        sure[rows[within & ~whole & (cells.last[other] != b)]] = False
        parts = [
            (~whole, one, cells.after, a),
            (~within | whole, other, cells.before, b),
        ]
        for step in range(1, _CELLS + 2):  # and the cells between
            cell = np.minimum(one + step, other)
            parts.append((one + step < other, cell, cells.before, cells.last[cell]))
        for where, cell, running, key in parts:
            r, moments = rows[where], running[key[where]]
            away = (cells.centre[cell[where]] - queries[r]) / width
            sums[r] += _moved(moments, away, kernel, sign)
            plain[r] += moments[:, 0]
    m = (columns - 1) // 2
    total, by_size = sums[:, :1], sums[:, m + 1 :]
    sure &= total[:, 0] >= _SHARE * plain[:, 0]
    sure &= (by_size >= _SHARE * plain[:, m + 1 :]).all(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums[:, 1 : m + 1] / total, sure


def _moved(moments: Floats, away: Floats, kernel: Kernel, sign: int) -> Floats:
    """Sums of similarity from sums of powers (R, powers, columns) of offsets `away`."""
    assert kernel.polynomial
    sums = np.zeros((len(away), moments.shape[2]))
    signed = [a * sign**k for k, a in enumerate(kernel.polynomial)]
    for p in range(len(signed)):
        factor = np.zeros_like(away)  # of the offsets' p-th power, by Horner's rule
        for k in range(len(signed) - 1, p - 1, -1):
            factor = factor * away + signed[k] * comb(k, p)
        sums += factor[:, None] * moments[:, p]
    return sums
