"""A task that no fixed kernel can do, and learned projections can.

A kernel compares a query with a key coordinate by coordinate: near means similar. Here
the query holds a direction, and the right key is the one a quarter turn further. Half of
what both hold is noise, and so is half of each value. Nothing says which half, nor that
there is a turn: three matrices learn it, from answers alone.
"""

from typing import NamedTuple

import numpy as np

from nwdocs.kernels import Floats, log_gaussian
from nwdocs.optimise import Descent, descend
from nwdocs.softmax import softmax

__all__ = [
    "Lookups",
    "Projections",
    "answer",
    "fixed_kernel_answers",
    "lookups",
    "loss_and_gradient",
    "scores",
    "train",
]

_KEYS = 8  # in each lookup
_FEATURES = 4  # of a query and of a key: a direction (2), and noise (2)
_INNER = 2  # dimensions in which projected queries and keys meet


class Lookups(NamedTuple):
    """N questions, each with a set of keys of its own."""

    queries: Floats  # (N, 4)
    keys: Floats  # (N, 8, 4)
    values: Floats  # (N, 8, 2)
    answers: Floats  # (N,)


class Projections(NamedTuple):
    """What is learned: where to look in a query, in a key, and in a value."""

    query: Floats  # (4, 2)
    key: Floats  # (4, 2)
    value: Floats  # (2,)


def lookups(count: int, *, seed: int) -> Lookups:
    """Draw `count` questions with their right answers.

    The keys' directions are evenly spaced from a random start. The query's direction is
    a quarter turn behind that of the right key. The answer is the right key's first
    value; its second value is noise.
    """
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, 2 * np.pi, (count, 1))
    angles = start + 2 * np.pi * np.arange(_KEYS) / _KEYS
    right = rng.integers(_KEYS, size=count)
    asked = np.take_along_axis(angles, right[:, None], axis=1)[:, 0] - np.pi / 2
    values = rng.standard_normal((count, _KEYS, 2))
    return Lookups(
        queries=_with_noise(asked, rng),
        keys=_with_noise(angles, rng),
        values=values,
        answers=values[np.arange(count), right, 0],
    )


def _with_noise(angles: Floats, rng: np.random.Generator) -> Floats:
    noise = rng.standard_normal((*angles.shape, _FEATURES - 2))
    direction = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return np.concatenate([direction, noise], axis=-1)


def answer(learned: Projections, task: Lookups) -> tuple[Floats, Floats]:
    """Attention with projections: answers (N,), and their weights (N, 8)."""
    q, k = task.queries @ learned.query, task.keys @ learned.key
    weights = softmax(scores(q, k))
    return np.einsum("nk,nk->n", weights, task.values @ learned.value), weights


def loss_and_gradient(
    learned: Projections,
    task: Lookups,
) -> tuple[float, Projections]:
    """Mean squared error of the answers, with its gradient by each matrix.

    Backwards through `answer`, line by line: from the answers to the values' projection
    and the weights, through the softmax to the scores, and on to the queries' and the
    keys' projections.
    """
    q = task.queries @ learned.query  # (N, 2)
    k = task.keys @ learned.key  # (N, 8, 2)
    v = task.values @ learned.value  # (N, 8)
    weights = softmax(scores(q, k))
    answers = (weights * v).sum(axis=1)
    miss = answers - task.answers

    by_answer = 2 * miss / len(miss)  # (N,)
    by_value = by_answer[:, None] * weights  # (N, 8)
    by_score = by_value * (v - answers[:, None]) * _INNER**-0.5  # (N, 8)
    by_query = np.einsum("nk,nki->ni", by_score, k)  # (N, 2)
    by_key = by_score[..., None] * q[:, None, :]  # (N, 8, 2)
    gradient = Projections(
        query=task.queries.T @ by_query,
        key=np.einsum("nkf,nki->fi", task.keys, by_key),
        value=np.einsum("nk,nkf->f", by_value, task.values),
    )
    return float(np.mean(miss**2)), gradient


def train(
    task: Lookups,
    *,
    steps: int = 200,
    rate: float = 0.1,
    seed: int = 0,
    shared: bool = False,
) -> tuple[Projections, Descent]:
    """Learn the projections from small random ones, by `descend`.

    Args:
        task: questions with answers.
        steps: how many.
        rate: the first step's size.
        seed: of the random start.
        shared: let queries and keys have one projection between them, so that like
            must be compared with like, as a kernel does.

    Returns:
        The projections, and the descent that led to them.
    """
    start = np.random.default_rng(seed).normal(0, 0.5, _FEATURES * _INNER * 2 + 2)

    def objective(flat: Floats) -> tuple[Floats, Floats]:
        loss, gradient = loss_and_gradient(_unpack(flat, shared), task)
        by_query, by_key, by_value = (part.ravel() for part in gradient)
        if shared:
            by_query, by_key = by_query + by_key, np.zeros_like(by_key)
        return np.asarray(loss), np.concatenate([by_query, by_key, by_value])

    descent = descend(objective, start, steps=steps, rate=rate)
    return _unpack(descent.final, shared), descent


def fixed_kernel_answers(task: Lookups, bandwidth: float) -> Floats:
    """The Gaussian's answers (N,), told which value to report but nothing else."""
    distance = np.linalg.norm(task.queries[:, None] - task.keys, axis=-1)
    weights = softmax(log_gaussian(distance / bandwidth))
    return np.asarray((weights * task.values[..., 0]).sum(axis=1))


def scores(q: Floats, k: Floats) -> Floats:
    """Dot products of queries (N, 2) and keys (N, 8, 2), over √2: (N, 8)."""
    return np.einsum("ni,nki->nk", q, k) * _INNER**-0.5


def _unpack(flat: Floats, shared: bool) -> Projections:
    size = _FEATURES * _INNER
    query = flat[:size].reshape(_FEATURES, _INNER)
    key = query if shared else flat[size : 2 * size].reshape(_FEATURES, _INNER)
    return Projections(query, key, flat[2 * size :])
