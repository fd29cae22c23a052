"""The Gaussian's estimates on a line in O(Q + K) steps, with a bound on the error.

The line is cut into cells as wide as the kernel. Seen from another cell, what the keys of
a cell add up to is a smooth function, so a short polynomial carries it: each cell is
summed up by a dozen numbers, and each query reads a dozen. No pair of a query and a key
is ever formed. Where the bound is not good enough, which is where keys are far and few,
pairs are formed after all.
"""

from functools import cache
from math import ceil, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike

from nwdocs.checks import check_positive
from nwdocs.kernels import Floats, gaussian
from nwdocs.truncation import check_line, check_tolerance, window, window_means

__all__ = ["fast_estimate"]

#: Numbers by which a cell is known.
_TERMS = 14

#: Windows of fewer keys, on average, are summed pair by pair.
_FEW = 200

#: Points whose polynomials are formed at a time.
_BLOCK = 2**13

_ROUNDING = 1e-14  # of a sum of similarities, relative to the number of keys


class _Cells(NamedTuple):
    """Sorted points in cells: which cells there are, where each starts, and offsets."""

    numbers: np.ndarray  # (C,)
    starts: np.ndarray  # (C,)
    of_point: np.ndarray  # index into them, (n,)
    offset: Floats  # from the cell's middle, in half cells, from -1 to 1, (n,)


def fast_estimate(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    *,
    bandwidth: float = 1.0,
    tolerance: float = 1e-9,
) -> Floats:
    """The Gaussian's estimates on a line, fast for any number of queries and keys.

    Args:
        queries: shape (Q,).
        keys: shape (K,), in the queries' units.
        values: shape (K,) or (K, m), in any unit.
        bandwidth: in the queries' units.
        tolerance: what an estimate may be off by, as a share of the values' range, below 1.

    Returns:
        Shape (Q,) or (Q, m), in the values' unit.

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; also points that are not on a line,
            or a tolerance that is not between 0 and 1.

    Source: after Greengard and Strain (1991), with Chebyshev polynomials in place of
    Hermite's.
    """
    q, k, v = check_line(queries, keys, values)
    h, share = check_positive("bandwidth", bandwidth), check_tolerance(tolerance)
    order, asked = np.argsort(k), np.argsort(q)
    q, k = q[asked], k[order]
    labels = v.reshape(len(v), -1)[order]
    start, end = window(q[:: max(1, len(q) // 500)], k, h, share)
    spread = (max(q[-1], k[-1]) - min(q[0], k[0])) / h
    if (end - start).mean() < _FEW or not spread < 2**40:
        answers = window_means(q, k, labels, h, share)
    else:
        answers = _by_cells(q, k, labels, h, share)
    estimates = np.empty_like(answers)
    estimates[asked] = answers
    return estimates.reshape(len(q), *v.shape[1:])


def _by_cells(
    queries: Floats, keys: Floats, labels: Floats, width: float, tolerance: float
) -> Floats:
    """Estimates (Q, m) of sorted queries from sorted keys."""
    middle = (labels.max(axis=0) + labels.min(axis=0)) / 2
    columns = np.column_stack([np.ones(len(keys)), labels - middle])
    origin = min(queries[0], keys[0])
    asked, heard = _cells(queries, origin, width), _cells(keys, origin, width)
    reach = ceil(sqrt(2 * log(len(keys) / tolerance)))
    moments = _moments(heard, columns)
    counts = np.diff(heard.starts, append=len(keys))

    local = np.zeros((len(asked.numbers), _TERMS, columns.shape[1]))
    lost = np.full(len(asked.numbers), len(keys) * float(gaussian(float(reach))))
    for apart in range(-reach - 1, reach + 2):
        transfer, error = _transfer(apart)
        place = np.searchsorted(heard.numbers, asked.numbers - apart)
        place[place == len(heard.numbers)] = 0
        found = heard.numbers[place] == asked.numbers - apart
        local[found] += np.einsum(
            "ij,cjm->cim", transfer, moments[place[found]], optimize=True
        )
        lost[found] += counts[place[found]] * (error + _ROUNDING)
    sums = _read(asked, local)
    bound = lost[asked.of_point]
    # Half the range is the largest label; sum and sum with labels are both off.
    sure = 2 * bound <= tolerance * (sums[:, 0] - bound)
    with np.errstate(divide="ignore", invalid="ignore"):
        answers = sums[:, 1:] / sums[:, :1] + middle
    unsure = np.flatnonzero(~sure)
    if unsure.size:
        answers[unsure] = window_means(queries[unsure], keys, labels, width, tolerance)
    return np.asarray(answers)


def _cells(points: Floats, origin: float, width: float) -> _Cells:
    scaled = (points - origin) / width
    number = np.floor(scaled)
    new = np.flatnonzero(np.diff(number, prepend=-1.0))
    of_point = np.repeat(np.arange(len(new)), np.diff(new, append=len(points)))
    return _Cells(number[new], new, of_point, 2 * (scaled - number) - 1)


def _moments(cells: _Cells, columns: Floats) -> Floats:
    """Each cell's sums of polynomials times columns, (C, terms, m + 1)."""
    moments = np.zeros((len(cells.numbers), _TERMS, columns.shape[1]))
    for top in range(0, len(columns), _BLOCK):
        some = slice(top, top + _BLOCK)
        powers = _polynomials(cells.offset[some])
        cell = cells.of_point[some]
        first = np.flatnonzero(np.diff(cell, prepend=-1))
        last = np.append(first[1:], len(cell))
        if len(first) < len(cell) / 32:  # long runs: a product for each
            for a, b in zip(first, last, strict=True):
                moments[cell[a]] += powers[:, a:b] @ columns[some][a:b]
        else:
            for m in range(columns.shape[1]):
                runs = np.add.reduceat(powers * columns[some, m], first, axis=1)
                moments[cell[first], :, m] += runs.T
    return moments


def _read(cells: _Cells, local: Floats) -> Floats:
    """The polynomials of each point's cell, at the point, (n, m + 1)."""
    sums = np.empty((len(cells.offset), local.shape[2]))
    for top in range(0, len(sums), _BLOCK):
        some = slice(top, top + _BLOCK)
        powers, cell = _polynomials(cells.offset[some]), cells.of_point[some]
        first = np.flatnonzero(np.diff(cell, prepend=-1))
        if len(first) < len(cell) / 32:
            last = np.append(first[1:], len(cell))
            for a, b in zip(first, last, strict=True):
                sums[top + a : top + b] = powers[:, a:b].T @ local[cell[a]]
        else:
            sums[some] = np.einsum("pn,npm->nm", powers, local[cell])
    return sums


def _polynomials(offset: Floats) -> Floats:
    """Chebyshev polynomials at offsets (n,), a row for each, (terms, n)."""
    rows = np.empty((_TERMS, len(offset)))
    rows[0], rows[1] = 1.0, offset
    twice = 2 * offset
    for row in range(2, _TERMS):
        np.multiply(twice, rows[row - 1], out=rows[row])
        rows[row] -= rows[row - 2]
    return rows


@cache
def _transfer(apart: int) -> tuple[Floats, float]:
    """From a cell's sums to the polynomial of a cell so many further right.

    Returns:
        The matrix (terms, terms), and the largest error for one key, with a margin.
    """
    nodes = chebyshev.chebpts1(_TERMS)
    at_nodes = _polynomials(nodes)  # (terms, nodes)
    analyse = (2 / _TERMS) * at_nodes
    analyse[0] /= 2
    matrix = analyse @ gaussian(apart + (nodes[:, None] - nodes) / 2) @ analyse.T
    fine = np.linspace(-1, 1, 41)
    powers = _polynomials(fine)
    exact = gaussian(apart + (fine[:, None] - fine) / 2)
    error = float(np.abs(powers.T @ matrix @ powers - exact).max())
    return matrix, 4 * error
