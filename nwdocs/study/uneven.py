"""Keys that are dense on one side and sparse on the other: one width, or one for each query.

Widths are compared at their best, so that what differs is the way to choose them and the
estimator, not luck. The tests try the neighbours of the best ones.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nwdocs.attention import attention_weights, nadaraya_watson
from nwdocs.bandwidth import (
    leave_one_out,
    local_linear,
    nearest_neighbour_width,
    standard_errors,
)
from nwdocs.data import DOMAIN, truth
from nwdocs.kernels import Floats
from nwdocs.measures import rmse
from nwdocs.once import once
from nwdocs.study.ensembles import SETS, edges, ensemble

__all__ = [
    "BANDS",
    "CURVES",
    "KEYS",
    "NOISE",
    "QUERIES",
    "Coverage",
    "Way",
    "coverage",
    "errors",
    "estimate",
    "uneven_set",
    "wiggle",
]

#: How many keys, and the standard deviation of the noise on their labels.
KEYS, NOISE = 120, 0.5

#: Where all is judged: evenly over the domain.
QUERIES = np.linspace(DOMAIN[0], DOMAIN[1], 51)

#: Widths of the Gaussian at which the band is measured.
BANDS = (0.1, 0.15, 0.2, 0.3, 0.5, 1.0)


class Way(NamedTuple):
    """An estimator with its width: fixed, or half the distance of the k-th neighbour."""

    line: bool  # local linear; else Nadaraya-Watson
    width: float | None
    neighbours: int | None


def wiggle(x: Floats) -> Floats:
    """A curve that bends fast on the left and slowly on the right, 2 sin(4 log(x + .15))."""
    return np.asarray(2 * np.sin(4 * np.log(x + 0.15)))


#: Each curve, and its ways at their best: fixed and by neighbours, level and line.
CURVES: dict[str, tuple[Callable[[Floats], Floats], dict[str, Way]]] = {
    "bends faster where keys are dense": (
        wiggle,
        {
            "fixed width": Way(False, 0.07, None),
            "k neighbours": Way(False, None, 8),
            "fixed width, line": Way(True, 0.093, None),
            "k neighbours, line": Way(True, None, 12),
        },
    ),
    "the deck's": (
        truth,
        {
            "fixed width": Way(False, 0.23, None),
            "k neighbours": Way(False, None, 18),
            "fixed width, line": Way(True, 0.32, None),
            "k neighbours, line": Way(True, None, 18),
        },
    ),
}


def uneven_set(seed: int, curve: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """Keys (120,), dense near 0 and sparse near 5, and their labels."""
    rng = np.random.default_rng(seed)
    keys = np.sort(DOMAIN[1] * np.square(rng.uniform(size=KEYS)))
    return keys, curve(keys) + NOISE * rng.standard_normal(KEYS)


def estimate(way: Way, keys: Floats, values: Floats) -> Floats:
    """The curve at `QUERIES`, shape (51,)."""
    width: float | Floats | None = way.width
    if way.neighbours:
        width = nearest_neighbour_width(QUERIES, keys, way.neighbours) / 2
    assert width is not None
    if way.line:
        return local_linear(QUERIES, keys, values, bandwidth=width)
    return nadaraya_watson(QUERIES, keys, values, bandwidth=width)[0]


@once
def errors(curve: str) -> dict[str, Floats]:
    """RMSE to the truth in each data set, (S,), by the way to estimate it."""
    function, ways = CURVES[curve]
    expected = function(QUERIES)
    found: dict[str, list[float]] = {name: [] for name in ways}
    for seed in range(SETS):
        data = uneven_set(seed, function)
        for name, way in ways.items():
            found[name].append(rmse(estimate(way, *data), expected))
    return {name: np.array(each) for name, each in found.items()}


class Coverage(NamedTuple):
    """At how many of the queries the band of two standard errors holds the truth."""

    everywhere: Floats  # (B, S), shares
    inside: Floats
    edges: Floats


@once
def coverage() -> Coverage:
    """Measure the band of the Gaussian's estimate at the widths of `BANDS`."""
    data = ensemble()
    at_edges = edges(data.queries)
    held = np.empty((len(BANDS), SETS, len(data.queries)), dtype=bool)
    for row, width in enumerate(BANDS):
        for s, (keys, values) in enumerate(zip(data.keys, data.values, strict=True)):
            weights = attention_weights(data.queries, keys, bandwidth=width)
            residuals = leave_one_out(keys, values, bandwidth=width)
            error = standard_errors(weights, residuals)
            held[row, s] = np.abs(weights @ values - data.truth) <= 2 * error
    return Coverage(
        held.mean(axis=-1),
        held[..., ~at_edges].mean(axis=-1),
        held[..., at_edges].mean(axis=-1),
    )
