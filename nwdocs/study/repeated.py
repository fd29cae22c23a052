"""Points that attend to each other, and points that attend to fixed keys."""

from typing import NamedTuple

import numpy as np

from nwdocs.kernels import KERNELS, Floats
from nwdocs.once import once
from nwdocs.repeated import count_distinct, mean_shift, self_attention
from nwdocs.similarity import relative_similarity
from nwdocs.study.ensembles import SETS

__all__ = [
    "APART",
    "CENTRES",
    "LONG",
    "POINTS",
    "SHORT",
    "WIDTH",
    "Left",
    "Paths",
    "climbed",
    "clumps",
    "clumps_in_the_plane",
    "left",
    "modes",
    "one_set",
]

#: Points of a data set, in clumps around these centres, and the spread of a clump.
POINTS, CENTRES, _SPREAD = 90, (0.0, 2.0, 4.0), 0.5

#: The Gaussian's width: as wide as a clump.
WIDTH = 0.5

#: Points that are nearer to each other than this count as one.
APART = 1e-3

#: Rounds that all data sets go through, and that the page's own goes through.
SHORT, LONG = 10, 200

_STARTS, _CLIMB = 12, 80


_SEED = 9  # of the data set that the page shows


class Paths(NamedTuple):
    """Where the points of one data set go in `LONG` rounds, (LONG + 1, 90)."""

    moving: Floats
    fixed: Floats


class Left(NamedTuple):
    """How many distinct points are left after each round, (SHORT + 1, S)."""

    moving: np.ndarray  # where the points are the keys
    fixed: np.ndarray  # where the keys stand still


def clumps(seed: int) -> Floats:
    """One data set: points on a line, as many around each centre, (90,)."""
    rng = np.random.default_rng(seed)
    centres = np.repeat(CENTRES, POINTS // len(CENTRES))
    return np.asarray(centres + _SPREAD * rng.standard_normal(POINTS))


def clumps_in_the_plane(seed: int) -> Floats:
    """The same in the plane, around the corners of a triangle, (90, 2)."""
    rng = np.random.default_rng(seed)
    corners = np.array([[0.0, 0.0], [2.4, 0.3], [1.0, 2.2]])
    centres = np.repeat(corners, POINTS // len(corners), axis=0)
    return np.asarray(centres + _SPREAD * rng.standard_normal((POINTS, 2)))


@once
def one_set() -> Paths:
    """The page's data set, round by round."""
    points = clumps(_SEED)
    return Paths(
        self_attention(points, LONG, bandwidth=WIDTH),
        mean_shift(points, points, LONG, bandwidth=WIDTH),
    )


@once
def left() -> Left:
    """Count the distinct points in all data sets, round by round."""
    start = np.stack([clumps(seed) for seed in range(SETS)])
    counts = []
    for moving in (True, False):
        here, found = start, [count_distinct(start, APART)]
        for _ in range(SHORT):
            here = _answers(here, here if moving else start)
            found.append(count_distinct(here, APART))
        counts.append(np.stack(found))
    return Left(*counts)


@once
def climbed() -> Floats:
    """Where evenly spaced queries end that attend to fixed keys, (S, starts)."""
    keys = np.stack([clumps(seed) for seed in range(SETS)])
    low, high = keys.min(axis=1), keys.max(axis=1)
    here = np.linspace(low, high, _STARTS, axis=1)
    for _ in range(_CLIMB):
        here = _answers(here, keys)
    return here


def modes(keys: Floats) -> Floats:
    """Where the density of keys (K,) has a maximum: the Gaussians' sum on a fine grid."""
    grid = np.linspace(keys.min(), keys.max(), 2001)
    density = np.exp(-0.5 * np.square((grid[:, None] - keys) / WIDTH)).sum(axis=1)
    inner = density[1:-1]
    return grid[1:-1][(inner > density[:-2]) & (inner > density[2:])]


def _answers(queries: Floats, keys: Floats) -> Floats:
    """Answers of keys (S, K), which are their own values, at queries (S, Q)."""
    distance = np.abs(queries[..., None] - keys[:, None, :])
    rows = distance.reshape(-1, keys.shape[1])
    similarity = relative_similarity(rows, KERNELS["gaussian"], WIDTH)
    similarity = similarity.reshape(distance.shape)
    summed = (similarity @ keys[..., None])[..., 0]
    return np.asarray(summed / similarity.sum(axis=-1))
