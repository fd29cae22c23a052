"""Learned projections on a task that a fixed kernel cannot do."""

from itertools import product

import numpy as np
import pytest

from nwdocs.measures import rmse
from nwdocs.projections import (
    Projections,
    answer,
    fixed_kernel_answers,
    lookups,
    loss_and_gradient,
    train,
)

TASK, UNSEEN = lookups(1000, seed=0), lookups(2000, seed=1)


def random_projections(seed: int) -> Projections:
    rng = np.random.default_rng(seed)
    return Projections(
        rng.standard_normal((4, 2)), rng.standard_normal((4, 2)), rng.standard_normal(2)
    )


def test_the_right_key_is_a_quarter_turn_ahead() -> None:
    turned = np.stack([-TASK.queries[:, 1], TASK.queries[:, 0]], axis=-1)
    likeness = np.einsum("ni,nki->nk", turned, TASK.keys[..., :2])
    right = likeness.argmax(axis=1)
    np.testing.assert_allclose(likeness.max(axis=1), 1)
    rows = np.arange(len(right))
    np.testing.assert_array_equal(TASK.answers, TASK.values[rows, right, 0])
    assert set(right) == set(range(8))


def test_the_same_seed_asks_the_same_questions() -> None:
    for ours, again, other in zip(
        lookups(5, seed=3), lookups(5, seed=3), lookups(5, seed=4), strict=True
    ):
        np.testing.assert_array_equal(ours, again)
        assert not np.array_equal(ours, other)


@pytest.mark.parametrize("seed", range(3))
def test_each_gradient_is_the_slope_of_the_loss(seed: int) -> None:
    task, learned = lookups(6, seed=seed), random_projections(seed)
    _, gradient = loss_and_gradient(learned, task)
    step = 1e-5
    for name in Projections._fields:
        here = getattr(learned, name)
        for index in product(*(range(size) for size in here.shape)):
            nudge = np.zeros_like(here)
            nudge[index] = step
            ahead, behind = (
                loss_and_gradient(
                    learned._replace(**{name: here + sign * nudge}), task
                )[0]
                for sign in (1, -1)
            )
            slope = (ahead - behind) / (2 * step)
            assert getattr(gradient, name)[index] == pytest.approx(
                slope, rel=1e-5, abs=1e-8
            ), (name, index)


def test_the_loss_is_that_of_the_answers() -> None:
    learned = random_projections(0)
    answers, weights = answer(learned, TASK)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    loss, _ = loss_and_gradient(learned, TASK)
    assert loss == pytest.approx(rmse(answers, TASK.answers) ** 2)


@pytest.mark.parametrize("seed", range(3))
def test_training_beats_every_fixed_kernel_on_unseen_questions(seed: int) -> None:
    learned, descent = train(TASK, seed=seed)
    answers, _ = answer(learned, UNSEEN)
    fixed = [
        rmse(fixed_kernel_answers(UNSEEN, h), UNSEEN.answers)
        for h in np.geomspace(0.1, 50, 30)
    ]
    assert rmse(answers, UNSEEN.answers) < 0.1 * min(fixed)
    assert descent.losses[-1] < 0.01 * descent.losses[0]


def test_what_is_learned_is_the_quarter_turn_and_which_value_to_report() -> None:
    learned, _ = train(TASK)
    compare = learned.query @ learned.key.T  # score = q · compare · k
    turn = np.zeros((4, 4))
    turn[0, 1], turn[1, 0] = 1, -1
    alignment = (compare * turn).sum() / np.linalg.norm(compare) / np.linalg.norm(turn)
    assert alignment > 0.99
    np.testing.assert_allclose(learned.value, [1, 0], atol=0.1)


def test_one_projection_for_queries_and_keys_cannot_learn_the_turn() -> None:
    learned, _ = train(TASK, shared=True)
    np.testing.assert_array_equal(learned.query, learned.key)
    error = rmse(answer(learned, UNSEEN)[0], UNSEEN.answers)
    fixed = rmse(fixed_kernel_answers(UNSEEN, 50.0), UNSEEN.answers)
    assert error > 0.95 * fixed
