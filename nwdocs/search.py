"""The search for the width with the least error: a grid, its best dips, and ties.

Between its ends an error curve may have several dips, so a grid comes first. A kernel
without an edge, or one that falls to 0 at its edge, has a smooth or a continuous curve:
golden-section search finds the floor of the best dips. A box's curve is a staircase whose
steps are the distances between points: it is followed step by step.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import ceil, exp, inf, isfinite, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nwdocs.attention import Attention
from nwdocs.distances import distances
from nwdocs.kernels import Floats, Kernel
from nwdocs.windows import running_sums

__all__ = ["Apart", "Fit", "least_error", "measure_apart"]

#: From one width of the grid to the next. A smooth curve dips over a factor far larger;
#: that of a kernel with an edge bends wherever a key falls into reach. The mean over
#: many points is smoother than that over few.
_SMOOTH_STEP, _EDGED_STEP = 1.08, 1.02
_MANY, _SMOOTH_STEP_OF_MANY, _EDGED_STEP_OF_MANY = 1000, 1.3, 1.08

#: Relative, and finer than a minimum's flat bottom deserves.
_TOLERANCE, _TOLERANCE_OF_MANY = 1e-6, 1e-4
_GOLDEN = (sqrt(5) - 1) / 2

#: How many dips are followed to their floor, and how much higher than the lowest they
#: may be on the grid.
_DIPS, _HIGHER = 3, 1.1

#: Of the error of about a thousand queries, how far it may be off that of all.
_ROUGHLY = 1.1

#: Distances that are all tried as widths; and steps of a staircase that are followed.
_BREAKS, _STEPS = 900, 4_000_000

#: Two distances are one, but for rounding, within this factor of each other.
_SAME = 1e-9

#: The logarithm of a similarity that is lost to rounding beside 1; neighbours for whom
#: keys are looked up together.
_NOTHING, _ROWS = -40.0, 64


def _slices(size: int, every: int) -> Iterator[slice]:
    """Neighbours together, or only every so many of such groups."""
    for start in range(0, size, _ROWS * every):
        yield slice(start, min(start + _ROWS, size))


class Apart(NamedTuple):
    """How far apart queries and the keys that they may hear are."""

    nearest: Floats  # (Q,), from each query to its nearest key
    gap: float  # the least distance that is not 0
    farthest: float
    octaves: NDArray[np.bool_]  # whether there is a distance in gap·2^i to gap·2^(i+1)


def measure_apart(attention: Attention) -> Apart:
    """Distances between queries and keys, a block at a time."""
    nearest = np.empty(len(attention.queries))
    gap, farthest = inf, 0.0
    for rows, distance in _distances(attention):
        nearest[rows] = distance.min(axis=1)
        gap = min(gap, float(np.where(distance > 0, distance, inf).min()))
        farthest = max(farthest, float(np.where(distance < inf, distance, 0).max()))
    octaves = np.zeros(2200, dtype=bool)
    for _, distance in _distances(attention):
        octaves[_octave(distance[(distance > 0) & (distance < inf)], gap)] = True
    return Apart(nearest, gap, farthest, octaves)


def _octave(distance: Floats, gap: float) -> NDArray[np.intp]:
    """The i for which a distance is from gap·2^i to gap·2^(i+1)."""
    size, exponent = np.frexp(gap)
    return np.frexp(distance / 2 / size)[1].astype(np.intp) - exponent


def _distances(attention: Attention) -> Iterable[tuple[slice, Floats]]:
    """Blocks of distances; infinite where a key is left out."""
    for rows in attention.blocks():
        distance = distances(attention.queries[rows], attention.keys)
        if attention.leave_out is not None:
            own = np.arange(rows.start, rows.stop)
            distance[own - rows.start, own + attention.leave_out] = inf
        yield rows, distance


@dataclass
class Fit:
    """Estimates to be compared with what they should be, at any width.

    Queries and keys in one dimension are sorted.

    Attributes:
        attention: who may hear whom; its bandwidth is of no account.
        values: the keys' labels, shape (K,) or (K, m), of size 1.
        target: what the estimates should be, shape (Q,) or (Q, m).
        nearest: distance of each query to its nearest key, shape (Q,).
        seen: the error at each width that was tried.
        skipping: the least error of those who reach a key, at a width at which one in
            ten or fewer reach none, and that width.
    """

    attention: Attention
    values: Floats
    target: Floats
    nearest: Floats
    seen: dict[float, float] = field(default_factory=dict)
    skipping: tuple[float, float] = (inf, inf)

    @property
    def kernel(self) -> Kernel:
        """The kernel by which keys are heard."""
        return self.attention.kernel

    def squares(self, width: float) -> Floats:
        """Squared residuals at a width, (Q, m); NaN where no key is in reach."""
        a = self.attention
        if self.kernel.log_ratio is None or a.queries.ndim != 1:
            estimates = replace(a, bandwidth=width).estimates(self.values)
        else:
            estimates = np.concatenate(
                [self._answers(rows, width) for rows in _slices(len(self.target), 1)]
            )
        return np.square(self.target - estimates).reshape(len(self.target), -1)

    def rough_error(self, width: float) -> float:
        """Mean squared residual of about a thousand of the queries."""
        total, number = 0.0, 0
        for rows in _slices(len(self.target), len(self.target) // _MANY):
            squares = np.square(self.target[rows] - self._answers(rows, width))
            total, number = total + float(squares.sum()), number + squares.size
        return inf if np.isnan(total) else total / number

    def _answers(self, rows: slice, width: float) -> Floats:
        """Estimates for neighbouring queries, without keys that are too far to count.

        For a smooth kernel in one dimension: their weights are lost to rounding anyway.
        """
        a, values = self.attention, self.values
        queries, own = a.queries[rows], a.leave_out
        keys, first = a.keys, 0
        if keys.ndim == 1 and self.kernel.log_ratio is not None:
            reach = _reach(self.kernel, float(self.nearest[rows].max()), width)
            first = int(np.searchsorted(keys, queries[0] - reach))
            last = int(np.searchsorted(keys, queries[-1] + reach, side="right"))
            keys, values = keys[first:last], values[first:last]
        own = None if own is None else own + rows.start - first
        part = replace(a, queries=queries, keys=keys, bandwidth=width, leave_out=own)
        return part.estimates(values)

    def error(self, width: float) -> float:
        """Mean squared residual; infinite where an estimate is missing."""
        if width not in self.seen:
            squares = self.squares(width)
            missing = np.isnan(squares[:, 0])
            self.seen[width] = inf if missing.any() else float(np.mean(squares))
            if 0 < missing.sum() <= max(1, len(missing) // 10):
                reached = float(np.mean(squares[~missing]))
                self.skipping = min(self.skipping, (reached, width))
        return self.seen[width]

    def best(self) -> float:
        """Of the widths tried, the one with the least error; of equals the widest.

        Errors are equal where they differ by no more than rounding.
        """
        least = sqrt(min(self.seen.values()))
        rounding = 4 * np.finfo(float).eps * sqrt(len(self.target))
        bound = least * (1 + 1e-12) + rounding
        return max(width for width, e in self.seen.items() if sqrt(e) <= bound)


def least_error(fit: Fit, apart: Apart, low: float, high: float) -> float:
    """The width in [low, high] at which the fit's error is least.

    Raises:
        ValueError: at no width does every query reach a key.
    """
    compact = isfinite(fit.kernel.support)
    stairs = len(fit.kernel.polynomial or ()) == 1  # a box: any key in reach, alike
    if len(fit.target) > _MANY:
        step = _EDGED_STEP_OF_MANY if compact else _SMOOTH_STEP_OF_MANY
    else:
        step = _EDGED_STEP if compact else _SMOOTH_STEP
    tried = list(_grid(low, high, step, apart))
    if compact:  # narrower, more than one in ten would have no answer
        reach = float(np.quantile(apart.nearest, 0.9, method="lower"))
        tried = [width for width in tried if width * fit.kernel.support >= reach]
    if compact and not stairs:
        tried += _breaks(fit, low, high)
    tried = sorted({float(width) for width in tried})
    if not compact and len(fit.target) > _MANY:  # most widths can be ruled out cheaply
        rough = np.array([fit.rough_error(width) for width in tried])
        if np.isfinite(rough).any():
            tried = [
                tried[i] for i in _with_neighbours(rough <= _ROUGHLY * rough.min())
            ]
    errors = np.array([fit.error(width) for width in tried])
    if not np.isfinite(errors).any():
        raise ValueError(
            f"keys must be in reach of one another at some bandwidth, got none between "
            f"{low:g} and {high:g} at which this kernel reaches every point."
        )
    if stairs:
        _follow_staircase(fit, apart, tried, errors, high)
    else:
        for dip in _dips(errors):
            _golden_section(
                fit, tried[max(dip - 1, 0)], tried[min(dip + 1, len(tried) - 1)]
            )
    return fit.best()


def _with_neighbours(chosen: NDArray[np.bool_]) -> NDArray[np.intp]:
    wider = chosen.copy()
    wider[1:] |= chosen[:-1]
    wider[:-1] |= chosen[1:]
    return np.flatnonzero(wider)


def _grid(low: float, high: float, step: float, apart: Apart) -> Floats:
    """Widths on a log scale, but for those at which no distance is of any account."""
    count = ceil((log(high) - log(low)) / log(step))
    widths = np.exp(np.linspace(log(low), log(high), count + 1))
    widths[0], widths[-1] = low, high
    first, last = _octave(widths / 4, apart.gap), _octave(widths * 10, apart.gap)
    before = np.concatenate([[0], np.cumsum(apart.octaves)])
    top = len(apart.octaves)
    first, last = np.clip(first, 0, top), np.clip(last + 1, 0, top)
    keep = before[last] > before[first]
    keep[[0, -1]] = True
    return widths[keep]


def _breaks(fit: Fit, low: float, high: float) -> list[float]:
    """The widths at which a key falls into reach, if they are not too many."""
    if len(fit.attention.queries) * len(fit.attention.keys) > 2 * _BREAKS:
        return []
    every = np.concatenate([d.ravel() for _, d in _distances(fit.attention)])
    widths = np.unique(every[np.isfinite(every)]) / fit.kernel.support
    return [float(w) for w in widths if low < w < high]


def _dips(errors: Floats) -> list[int]:
    """Where errors are least: the best few of the local minima."""
    around = np.concatenate([[inf], errors, [inf]])
    lower = (errors <= around[:-2]) & (errors <= around[2:]) & np.isfinite(errors)
    dips = np.flatnonzero(lower)
    dips = dips[np.argsort(errors[dips], kind="stable")][:_DIPS]
    return [int(i) for i in dips if errors[i] <= _HIGHER * errors[dips[0]]]


def _golden_section(fit: Fit, low: float, high: float) -> None:
    left, right = log(low), log(high)

    def at(log_width: float) -> float:
        return fit.error(exp(log_width))

    inner, outer = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
    at_inner, at_outer = at(inner), at(outer)
    many = len(fit.target) > _MANY
    while right - left > (_TOLERANCE_OF_MANY if many else _TOLERANCE):
        if at_inner < at_outer:
            right, outer, at_outer = outer, inner, at_inner
            inner = right - _GOLDEN * (right - left)
            at_inner = at(inner)
        else:
            left, inner, at_inner = inner, outer, at_outer
            outer = left + _GOLDEN * (right - left)
            at_outer = at(outer)


def _follow_staircase(
    fit: Fit, apart: Apart, tried: list[float], errors: Floats, high: float
) -> None:
    """Find the lowest steps of a box's error, and try each at its wide end."""
    support = fit.kernel.support
    low, top = float(apart.nearest.max()), high * support
    if len(fit.attention.queries) * len(fit.attention.keys) > _STEPS:
        best = int(errors.argmin())  # so many steps are low ones: look around the best
        low = max(low, tried[max(best - 1, 0)] * support)
        top = tried[min(best + 1, len(tried) - 1)] * support
    ends, levels = _staircase(fit, low, top)
    if not ends.size:
        return
    low_steps = np.flatnonzero(levels <= levels.min() + 1e-9)[-256:]
    for end in ends[low_steps]:
        fit.error(float(min(end * (1 - _SAME) / support, high)))


def _staircase(fit: Fit, low: float, top: float) -> tuple[Floats, Floats]:
    """Where the steps of a box's error end, between two radii, and how high they are.

    Every query must have a key within `low`.
    """
    target = fit.target.reshape(len(fit.target), -1)
    values = fit.values.reshape(len(fit.values), -1)
    at, change = [], []
    level = 0.0
    for rows, distance in _distances(fit.attention):
        near = distance <= low
        total, number = near @ values, near.sum(axis=1).astype(float)
        before = np.square(target[rows] - total / number[:, None]).sum(axis=1)
        level += float(before.sum())
        i, j = np.nonzero((distance > low) & (distance < top))
        when = distance[i, j]
        order = np.lexsort((when, i))
        i, j, when = i[order], j[order], when[order]
        new = np.diff(i, prepend=-1) != 0
        rank = np.arange(len(i)) - np.maximum.accumulate(
            np.where(new, np.arange(len(i)), 0)
        )
        joined = running_sums(values[j][:, None, :], i)[:, 0]
        mean = (total[i] + joined) / (number[i] + rank + 1)[:, None]
        after = np.square(target[rows][i] - mean).sum(axis=1)
        previous = np.where(new, before[i], np.concatenate([[0.0], after[:-1]]))
        at.append(when)
        change.append(after - previous)
    when, steps = np.concatenate(at), np.concatenate(change)
    order = np.argsort(when, kind="stable")
    when = np.concatenate([[low], when[order]])
    levels = level + np.concatenate([[0.0], np.cumsum(steps[order])])
    ends = np.append(when[1:], top)
    wide = ends > when * (1 + 2 * _SAME)  # else rounding made a step of one distance
    return ends[wide], levels[wide] / target.size


def _reach(kernel: Kernel, nearest: float, width: float) -> float:
    """How far a key can be and still count beside the nearest."""
    assert kernel.log
    with np.errstate(over="ignore"):
        near = nearest / width
        lost = float(kernel.log(near)) + _NOTHING
        if not isfinite(lost):
            return nearest * (1 + 1e-9)
        low, high = near, near + 1.0
        while kernel.log(high) > lost:
            low, high = high, near + 2 * (high - near)
        for _ in range(6):
            middle = (low + high) / 2
            low, high = (middle, high) if kernel.log(middle) > lost else (low, middle)
        return max(high * width, nearest) * (1 + 1e-9)
