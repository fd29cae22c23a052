"""One kernel learned over many data sets, and judged on data sets never seen.

A width for each key of one data set overfits: there is nobody to check it. Here each data
set is one example. What is learned is a matrix that all data sets share, so what it was
fitted to and what it is judged by are never the same labels.
"""

from typing import NamedTuple

import numpy as np

from nwdocs.kernels import Floats
from nwdocs.optimise import Descent, descend
from nwdocs.softmax import softmax

__all__ = [
    "COORDINATES",
    "DIRECTION",
    "KEYS",
    "NOISE",
    "DataSets",
    "data_sets",
    "kernel_attention",
    "learn_kernel",
    "matrix_loss",
]

#: How many keys each data set has, and how many coordinates each key.
KEYS, COORDINATES = 40, 4

#: The one direction that counts, the same in all data sets. Nobody tells the learner.
DIRECTION = np.array([1.0, 0.5, 0.0, 0.0])

#: Standard deviation of the labels' noise.
NOISE = 0.3

_WAVES = 3  # of which each data set's curve is the sum


class DataSets(NamedTuple):
    """N data sets, each with keys, labels and Q further points to answer for."""

    keys: Floats  # (N, 40, 4)
    values: Floats  # (N, 40)
    queries: Floats  # (N, Q, 4)
    labels: Floats  # (N, Q), with noise, as the values
    truth: Floats  # (N, Q), without


def data_sets(count: int, *, seed: int, queries: int = 1) -> DataSets:
    """Draw `count` data sets, each with a curve of its own along `DIRECTION`.

    Inputs are uniform on [-1, 1]^4. With u the input's part along the direction, the
    curve is a sum of three waves, a_i sin(1.5 i u + φ_i), with normal a_i and uniform φ_i.
    """
    rng = np.random.default_rng(seed)
    points = rng.uniform(-1, 1, (count, KEYS + queries, COORDINATES))
    height = rng.standard_normal((count, _WAVES))
    phase = rng.uniform(0, 2 * np.pi, (count, _WAVES))
    frequency = 1.5 * np.arange(1, _WAVES + 1)
    angles = (points @ DIRECTION)[..., None] * frequency + phase[:, None]
    truth = np.einsum("nkw,nw->nk", np.sin(angles), height)
    labels = truth + NOISE * rng.standard_normal(truth.shape)
    return DataSets(
        points[:, :KEYS],
        labels[:, :KEYS],
        points[:, KEYS:],
        labels[:, KEYS:],
        truth[:, KEYS:],
    )


def kernel_attention(matrix: Floats, task: DataSets) -> tuple[Floats, Floats]:
    """Nadaraya-Watson with the kernel exp(-‖(q - k) W‖²/2).

    Args:
        matrix: W, shape (4, r). The identity over σ is the Gaussian of width σ.
        task: the data sets.

    Returns:
        Estimates (N, Q) and weights (N, Q, 40).
    """
    q, k = task.queries @ matrix, task.keys @ matrix
    # Without ‖q‖², which a row's scores have in common: it cancels.
    scores = q @ k.swapaxes(-1, -2) - 0.5 * np.square(k).sum(axis=-1)[:, None]
    weights = softmax(scores)
    return (weights @ task.values[..., None])[..., 0], weights


def matrix_loss(matrix: Floats, task: DataSets) -> tuple[float, Floats]:
    """Mean squared error on the queries' labels, and its gradient by W.

    With d = q - k and scores a = -‖d W‖²/2, the chain rule has two links, as for a width:
    ∂a/∂W = -d dᵀ W, and ∂ŷ/∂a_j = w_j (v_j - ŷ). So the gradient is a 4 × 4 matrix, the
    sum of all d dᵀ with those factors, times -W.

    Args:
        matrix: W, shape (4, r).
        task: the data sets.

    Returns:
        The loss, and its gradient, shape (4, r).
    """
    estimates, weights = kernel_attention(matrix, task)
    miss = estimates - task.labels
    by_score = (2 / miss.size) * miss[..., None] * weights
    by_score *= task.values[:, None] - estimates[..., None]  # (N, Q, 40)
    apart = task.queries[:, :, None] - task.keys[:, None]  # (N, Q, 40, 4)
    flat = apart.reshape(-1, COORDINATES)
    spread = (flat * by_score.reshape(-1, 1)).T @ flat  # (4, 4)
    return float(np.mean(np.square(miss))), -spread @ matrix


def learn_kernel(task: DataSets, *, steps: int = 100, rate: float = 0.4) -> Descent:
    """Learn the matrix from the identity, by `descend` on `matrix_loss`.

    Args:
        task: the data sets to learn from.
        steps: how many.
        rate: the first step's size.

    Returns:
        The matrices, shape (steps + 1, 4, 4), and the losses along the way.
    """

    def objective(matrix: Floats) -> tuple[Floats, Floats]:
        loss, gradient = matrix_loss(matrix, task)
        return np.asarray(loss), gradient

    return descend(objective, np.eye(COORDINATES), steps=steps, rate=rate)
