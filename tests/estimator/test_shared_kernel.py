"""A kernel learned over data sets: parity, gradients, laws."""

import numpy as np
import pytest

from nwdocs import nadaraya_watson
from nwdocs.shared_kernel import (
    COORDINATES,
    DIRECTION,
    NOISE,
    data_sets,
    kernel_attention,
    learn_kernel,
    matrix_loss,
)


def test_a_scaled_identity_is_the_gaussian_of_one_width() -> None:
    task = data_sets(5, seed=3, queries=7)
    estimates, weights = kernel_attention(np.eye(COORDINATES) / 0.4, task)
    for n in range(5):
        expected = nadaraya_watson(
            task.queries[n], task.keys[n], task.values[n], bandwidth=0.4
        )
        np.testing.assert_allclose(estimates[n], expected[0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(weights[n], expected[1], rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("rank", [1, 2, 4])
def test_the_gradient_is_what_small_steps_say(rank: int) -> None:
    task = data_sets(60, seed=1, queries=2)
    matrix = np.random.default_rng(0).standard_normal((COORDINATES, rank))
    _, gradient = matrix_loss(matrix, task)
    for place in np.ndindex(matrix.shape):
        nudge = np.zeros_like(matrix)
        nudge[place] = 1e-5
        ahead, behind = (matrix_loss(matrix + s * nudge, task)[0] for s in (1, -1))
        numerically = (ahead - behind) / 2e-5
        assert gradient[place] == pytest.approx(numerically, rel=1e-6, abs=1e-9)


def test_labels_are_the_truth_with_noise_and_the_truth_depends_on_one_direction() -> (
    None
):
    task = data_sets(400, seed=2, queries=50)
    noise = task.labels - task.truth
    assert noise.std() == pytest.approx(NOISE, rel=0.02)
    assert np.abs(task.keys).max() <= 1
    # Along the direction, the nearest query's truth is near; across it, it is not.
    u = task.queries @ DIRECTION
    near = np.abs(np.diff(np.sort(u, axis=1)))
    order = np.argsort(u, axis=1)
    steps = np.abs(np.diff(np.take_along_axis(task.truth, order, axis=1)))
    assert steps[near < 0.01].max() < 0.2


def test_learning_finds_the_direction_from_the_labels_alone() -> None:
    descent = learn_kernel(data_sets(600, seed=4))
    assert descent.losses[-1] < 0.3 * descent.losses[0]
    values, vectors = np.linalg.eigh(descent.final @ descent.final.T)
    along = np.abs(vectors[:, -1] @ DIRECTION) / np.linalg.norm(DIRECTION)
    assert along > 0.999
    assert values[-1] > 50 * values[-2]
