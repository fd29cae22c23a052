"""The deck's data: what it is, and that it is the same every time."""

import numpy as np
import pytest
from statsmodels.datasets import engel

from nwdocs import KERNELS, nadaraya_watson, synthetic_data
from nwdocs.data import DOMAIN, TYPICAL_SEED, engel_households, truth
from nwdocs.measures import rmse


@pytest.mark.parametrize("n", [1, 2, 40, 400])
def test_n_sorted_inputs_in_the_domain(n: int) -> None:
    data = synthetic_data(n)
    assert data.x_train.shape == data.y_train.shape == (n,)
    assert (np.diff(data.x_train) >= 0).all()
    assert data.x_train.min() >= DOMAIN[0]
    assert data.x_train.max() < DOMAIN[1]
    assert {array.dtype for array in data} == {np.dtype(np.float64)}


def test_forty_points_unless_told() -> None:
    assert synthetic_data().x_train.shape == (40,)


def test_the_validation_grid_is_exact_tenths() -> None:
    data = synthetic_data()
    assert data.x_val.tolist() == [float(f"{i // 10}.{i % 10}") for i in range(50)]
    assert (data.y_val == truth(data.x_val)).all()


def test_truth_is_2_sin_x_plus_x() -> None:
    np.testing.assert_allclose(
        truth([0, np.pi / 6, np.pi / 2, np.pi]),
        [0, 1 + np.pi / 6, 2 + np.pi / 2, np.pi],
        rtol=1e-15,
    )
    assert truth(np.zeros((2, 3))).shape == (2, 3)


def test_same_seed_same_numbers() -> None:
    for one, two in zip(synthetic_data(seed=7), synthetic_data(seed=7), strict=True):
        assert (one == two).all()
    for one, two in zip(
        synthetic_data(), synthetic_data(seed=TYPICAL_SEED), strict=True
    ):
        assert (one == two).all()


def test_another_seed_other_inputs_and_other_noise() -> None:
    one, two = synthetic_data(seed=0), synthetic_data(seed=1)
    assert not np.isin(one.x_train, two.x_train).any()
    errors = [data.y_train - truth(data.x_train) for data in (one, two)]
    assert np.abs(errors[0] - errors[1]).min() > 1e-6


def test_nobody_elses_random_numbers_are_touched() -> None:
    _, words, position, *_ = np.random.get_state()  # noqa: NPY002
    synthetic_data()
    _, words_after, position_after, *_ = np.random.get_state()  # noqa: NPY002
    assert position == position_after
    assert np.array_equal(words, words_after)


def test_noise_scales_the_errors_and_changes_nothing_else() -> None:
    silent, plain, loud = (synthetic_data(noise=noise) for noise in (0, 1, 3))
    assert (silent.y_train == truth(silent.x_train)).all()
    assert (plain.x_train == loud.x_train).all()
    np.testing.assert_allclose(
        loud.y_train - silent.y_train, 3 * (plain.y_train - silent.y_train), rtol=1e-12
    )


def test_inputs_are_uniform_and_errors_standard_normal() -> None:
    n = 100_000
    data = synthetic_data(n, seed=0)
    # The largest gap between the drawn and the true distribution (Kolmogorov-Smirnov)
    # is beyond 1.95 / sqrt(n) once in a thousand seeds.
    drawn = np.arange(1, n + 1) / n
    assert np.abs(drawn - data.x_train / 5).max() < 1.95 / np.sqrt(n)
    errors = data.y_train - truth(data.x_train)
    assert abs(errors.mean()) < 4 / np.sqrt(n)
    assert abs(errors.std() - 1) < 4 / np.sqrt(2 * n)
    within = [np.mean(np.abs(errors) < z) for z in (1, 2, 3)]
    np.testing.assert_allclose(within, [0.6827, 0.9545, 0.9973], atol=0.006)
    # The noise knows nothing of the input.
    assert abs(np.corrcoef(data.x_train, errors)[0, 1]) < 4 / np.sqrt(n)


def test_the_pages_data_set_is_typical() -> None:
    panels = [(kernel, 1.0) for kernel in list(KERNELS)[:4]]
    panels += [("gaussian", bandwidth) for bandwidth in (0.1, 0.2, 0.5)]

    def errors(seed: int) -> list[float]:
        x, y, grid, expected = synthetic_data(seed=seed)
        return [
            rmse(nadaraya_watson(grid, x, y, kernel, bandwidth=h)[0], expected)
            for kernel, h in panels
        ]

    table = np.array([errors(seed) for seed in range(300)])
    distance = np.linalg.norm(table[:12] - table.mean(axis=0), axis=1)
    assert distance.argmin() == TYPICAL_SEED


def test_engels_households_are_those_of_statsmodels() -> None:
    theirs = engel.load_pandas().data.sort_values("income")
    ours = engel_households()
    np.testing.assert_array_equal(ours.income, theirs["income"])
    np.testing.assert_array_equal(ours.food, theirs["foodexp"])
    assert len(ours.income) == 235
    assert (ours.food < ours.income).all()
