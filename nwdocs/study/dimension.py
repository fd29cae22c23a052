"""One estimator in more and more coordinates: what a kernel that looks all ways loses.

The truth depends on the first coordinate alone. The other coordinates say nothing, yet a
distance counts them all. Data sets with fewer coordinates are the same points, cut short,
so that what differs between two dimensions is the dimension.
"""

from typing import NamedTuple

import numpy as np

from nwdocs.kernels import Floats
from nwdocs.once import once
from nwdocs.study.ensembles import (
    SETS,
    Line,
    expected_by_width,
    log_log_line,
    vertex,
)

__all__ = [
    "DIMENSIONS",
    "KEYS",
    "NOISE",
    "RATE_DIMENSIONS",
    "RATE_SIZES",
    "ByDimension",
    "Rate",
    "by_dimension",
    "one_direction",
    "rates",
]

#: How many coordinates the keys have, from one experiment to the next.
DIMENSIONS = (1, 2, 3, 5, 8)

#: How many keys, and the standard deviation of the noise on their labels.
KEYS, NOISE = 1000, 0.5

#: Sample size -> how many data sets of that size show how the best width shrinks.
RATE_SIZES = {250: 64, 1000: 16, 4000: 8}

#: The dimensions in which they do.
RATE_DIMENSIONS = (1, 2, 3, 5)

_QUERIES = 10  # of each data set
_RATE_QUERIES = 40
_GROUPS = 4  # of the data sets of one size, to see how far chance moves the result
_WIDEST, _HALVINGS = 0.5, 10


class ByDimension(NamedTuple):
    """Results for each of `DIMENSIONS`, the first axis, D long."""

    width: Floats  # (D,), the one with the least error over all data sets
    error: Floats  # (D, S), root of the expected mean squared error at that width
    nearest: Floats  # (D, S), mean distance from a query to its nearest key

    @property
    def rmse(self) -> Floats:
        """Root mean square of the error over all data sets, (D,)."""
        return np.asarray(np.sqrt(np.square(self.error).mean(axis=1)))


class Rate(NamedTuple):
    """How the best width and its error fall with the sample size, in one dimension d."""

    width: dict[int, Floats]  # size -> best width in each group, (G,)
    error: dict[int, Floats]  # size -> root mean squared error there, (G,)
    width_line: Line
    error_line: Line


def one_direction(points: Floats) -> Floats:
    """The truth: a sine of the first coordinate, with variance 1 on the unit cube.

    Takes points (n, d), returns (n,).
    """
    return np.asarray(np.sqrt(2) * np.sin(2 * np.pi * points[:, 0]))


@once
def by_dimension() -> ByDimension:
    """The Gaussian's best fixed width and its error, in more and more coordinates.

    Keys and queries are uniform on the unit cube. For given keys the expected squared
    error is known exactly, so no noise is drawn.
    """
    errors = np.empty((len(DIMENSIONS), _HALVINGS, SETS))
    nearest = np.empty((len(DIMENSIONS), SETS))
    for s in range(SETS):
        rng = np.random.default_rng([s, 8])
        keys = rng.uniform(size=(KEYS, max(DIMENSIONS)))
        queries = rng.uniform(size=(_QUERIES, max(DIMENSIONS)))
        truths = one_direction(queries), one_direction(keys)
        apart = np.square(queries[:, None] - keys).cumsum(axis=-1)
        for row, d in enumerate(DIMENSIONS):
            squared = apart[..., d - 1]
            nearest[row, s] = np.sqrt(squared.min(axis=1)).mean()
            found = expected_by_width(squared, truths, _WIDEST, _HALVINGS, NOISE)
            errors[row, :, s] = found.mean(axis=1)
    best = errors.mean(axis=-1).argmin(axis=1)
    widths = _WIDEST * 2.0 ** (-np.arange(_HALVINGS) / 2)
    return ByDimension(
        widths[best], np.sqrt(errors[np.arange(len(DIMENSIONS)), best]), nearest
    )


@once
def rates() -> dict[int, Rate]:
    """For each of `RATE_DIMENSIONS`, how the best width falls with the sample size.

    Queries are in the inner half of each side of the cube, away from the edges, where
    the theory holds.
    """
    return {d: _rate(d) for d in RATE_DIMENSIONS}


def _rate(d: int) -> Rate:
    widths = _WIDEST * 2.0 ** (-np.arange(2 * _HALVINGS) / 4)
    best, least = {}, {}
    for n, sets in RATE_SIZES.items():
        errors = np.empty((2 * _HALVINGS, sets))
        for s in range(sets):
            rng = np.random.default_rng([s, n, d])
            keys = rng.uniform(size=(n, d))
            queries = rng.uniform(0.25, 0.75, size=(_RATE_QUERIES, d))
            truths = one_direction(queries), one_direction(keys)
            squared = np.zeros((_RATE_QUERIES, n))
            for axis in range(d):
                squared += np.square(queries[:, axis, None] - keys[:, axis])
            for start in (0, 1):  # every other width
                found = expected_by_width(
                    squared, truths, float(widths[start]), _HALVINGS, NOISE
                )
                errors[start::2, s] = found.mean(axis=1)
        grouped = errors.reshape(len(widths), _GROUPS, -1).mean(axis=-1)
        best[n] = vertex(widths, grouped)
        least[n] = np.sqrt(grouped.min(axis=0))
    return Rate(best, least, log_log_line(best), log_log_line(least))
