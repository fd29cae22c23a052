"""Attention by random features: the Gaussian as a mean of products, with a measured error.

exp(-‖q - k‖²/2) is the mean, over normal directions w, of f(q) f(k) with the positive
feature f(x) = exp(w·x - ‖x‖²). With m directions drawn, a sum over all keys is m numbers,
and a query reads it in m steps, however many keys there are. What is saved is exactness.
"""

from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.checks import (
    check_array,
    check_count,
    check_positive,
    check_training_set,
)
from nwdocs.distances import check_dimensions
from nwdocs.kernels import Floats

__all__ = ["draw_directions", "feature_estimate", "log_features"]

_BLOCK = 2**12  # keys or queries whose features are formed at a time


def draw_directions(
    count: int, coordinates: int, *, seed: int = 0, orthogonal: bool = True
) -> Floats:
    """Normal directions, shape (count, coordinates), orthogonal within each block.

    Args:
        count: how many, m.
        coordinates: d.
        seed: same seed, same directions.
        orthogonal: whether the directions of a block of d are at right angles, with the
            lengths of normal vectors. Their products vary less.

    Raises:
        TypeError, ValueError: a count below 1.

    Source: Choromanski et al. (2021), section 2.
    """
    m = check_count("count", count, least=1)
    d = check_count("coordinates", coordinates, least=1)
    rng = np.random.default_rng(seed)
    if not orthogonal:
        return rng.standard_normal((m, d))
    blocks = rng.standard_normal((ceil(m / d), d, d))
    turned, upper = np.linalg.qr(blocks)
    turned *= np.sign(np.einsum("bii->bi", upper))[:, None]  # else not evenly spread
    turned = turned.swapaxes(1, 2).reshape(-1, d)[:m]
    return turned * np.linalg.norm(rng.standard_normal((m, d)), axis=1, keepdims=True)


def log_features(points: Floats, directions: Floats) -> Floats:
    """Logarithms of the positive features w·x - ‖x‖², (n, m) for points (n, d).

    Source: Choromanski et al. (2021), lemma 1, for the Gaussian kernel itself.
    """
    return points @ directions.T - np.square(points).sum(axis=1, keepdims=True)


def feature_estimate(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    *,
    bandwidth: float = 1.0,
    features: int = 256,
    seed: int = 0,
    orthogonal: bool = True,
) -> Floats:
    """The Gaussian's estimates, nearly, in O((Q + K) m) steps with m features.

    The error falls like 1/√m. It grows fast with the length of the points in bandwidths,
    so the keys are centred first; it is small where keys are within a width or two of
    their mean, and useless far beyond.

    Args:
        queries: shape (Q,) or (Q, d).
        keys: shape (K,) or (K, d), in the queries' units.
        values: shape (K,) or (K, m), in any unit.
        bandwidth: in the queries' units.
        features: how many directions.
        seed: of the directions.
        orthogonal: as for `draw_directions`.

    Returns:
        Shape (Q,) or (Q, m), in the values' unit. As each is a mean with positive
        weights, it lies within the values' range.

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; also no features.

    Source: Choromanski et al. (2021).
    """
    q = check_array("queries", queries, rows="query")
    k, v = check_training_set(keys, values)
    check_dimensions(q, k)
    h = check_positive("bandwidth", bandwidth)
    q, k = (a.reshape(len(a), -1) for a in (q, k))
    centre = k.mean(axis=0)
    q, k = (q - centre) / h, (k - centre) / h
    directions = draw_directions(features, k.shape[1], seed=seed, orthogonal=orthogonal)
    columns = np.column_stack([np.ones(len(k)), v.reshape(len(v), -1)])
    # Each feature relative to its own largest over the keys, so that none overflows.
    largest = np.max(
        [log_features(part, directions).max(axis=0) for part in _parts(k)], axis=0
    )
    sums = np.zeros((len(directions), columns.shape[1]))
    for part, some in zip(_parts(k), _parts(columns), strict=True):
        sums += np.exp(log_features(part, directions) - largest).T @ some
    answers = []
    for part in _parts(q):
        log = log_features(part, directions) + largest
        weights = np.exp(log - log.max(axis=1, keepdims=True))
        found = weights @ sums
        answers.append(found[:, 1:] / found[:, :1])
    return np.concatenate(answers).reshape(len(q), *v.shape[1:])


def _parts(points: Floats) -> list[Floats]:
    return [points[top : top + _BLOCK] for top in range(0, len(points), _BLOCK)]
