"""The numbers that pages quote about estimates and weights."""

from collections.abc import Callable
from math import inf, log2, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import root_mean_squared_error

from nwdocs.kernels import Floats
from nwdocs.measures import effective_keys, rmse, roughness, total_variation

#: Rows of attention weights: non-negative, each summing to 1.
weight_rows = hnp.arrays(float, (3, 5), elements=st.floats(0, 1)).map(
    lambda a: (a + 1e-12) / (a + 1e-12).sum(axis=1, keepdims=True)
)


def test_rmse_is_the_one_everybody_means() -> None:
    estimates, truth = np.random.default_rng(0).normal(size=(2, 50))
    assert rmse(estimates, truth) == pytest.approx(
        root_mean_squared_error(truth, estimates), rel=1e-14
    )
    assert rmse(np.array([0.0, 0.0]), np.array([1.0, 7.0])) == 5
    assert rmse(truth, truth) == 0


@pytest.mark.parametrize("measure", [rmse, total_variation])
def test_shapes_that_would_broadcast_are_refused(
    measure: Callable[[Floats, Floats], object],
) -> None:
    with pytest.raises(ValueError, match=r"one shape, got \(4, 1\) and \(4,\)"):
        measure(np.zeros((4, 1)), np.zeros(4))


@given(weights=weight_rows)
def test_effective_keys_is_two_to_the_entropy_in_bits(weights: Floats) -> None:
    for row, count in zip(weights, effective_keys(weights), strict=True):
        bits = -sum(w * log2(w) for w in row.tolist() if w > 0)
        assert count == pytest.approx(2**bits, rel=1e-12)
        assert 1 - 1e-12 <= count <= 5 + 1e-12


def test_effective_keys_counts_the_keys_that_share_equally() -> None:
    weights = np.array([[0.25] * 4, [0, 0.5, 0.5, 0], [0, 1, 0, 0], [nan] * 4])
    np.testing.assert_allclose(effective_keys(weights), [4, 2, 1, nan], rtol=1e-15)


@given(first=weight_rows, second=weight_rows, third=weight_rows)
def test_total_variation_is_a_distance_of_at_most_1(
    first: Floats, second: Floats, third: Floats
) -> None:
    between = total_variation(first, second)
    assert between.shape == (3,)
    assert (between >= 0).all()
    assert (between <= 1 + 1e-12).all()
    assert (between == total_variation(second, first)).all()
    assert (total_variation(first, first) == 0).all()
    detour = total_variation(first, third) + total_variation(third, second)
    assert (between <= detour + 1e-12).all()


def test_total_variation_is_the_share_of_attention_that_moved() -> None:
    first = np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]])
    second = np.array([[0.0, 0.5, 0.5], [0.25, 0.5, 0.25]])
    assert total_variation(first, second).tolist() == [1.0, 0.25]


def test_roughness_is_zero_for_a_line_and_known_for_a_parabola() -> None:
    i = np.arange(50.0)
    assert roughness(3 * i - 7) == 0
    assert roughness(i**2) == 4 * 48  # each second difference is 2
    assert roughness(np.array([0.0, 1.0, 0.0, 1.0])) == 8


def test_a_gap_in_the_estimates_is_not_hidden() -> None:
    gap = np.array([0.0, nan, 0.0])
    assert np.isnan(rmse(gap, np.zeros(3)))
    assert np.isnan(roughness(gap))
    assert np.isnan(total_variation(gap[None], np.zeros((1, 3)))).all()


def test_one_far_error_dominates() -> None:
    assert rmse(np.array([0.0] * 99 + [10.0]), np.zeros(100)) == sqrt(100 / 100)
    assert rmse(np.array([inf]), np.zeros(1)) == inf


def test_small_whole_numbers_do_not_overflow() -> None:
    high, low = np.array([100, 0, 100], np.int8), np.array([-100, 0, -100], np.int8)
    assert rmse(high[:1], low[:1]) == 200
    assert rmse([100], [-100]) == 200
    assert roughness(np.array([100, 0, 100], np.uint8)) == 200**2
    assert total_variation(high[None] == 100, low[None] == 100).tolist() == [1.0]
    assert effective_keys(np.array([[0, 1]], np.uint8)).tolist() == [1.0]


@pytest.mark.parametrize("unit", [1e-300, 1e-200, 1e200, 1e300])
def test_squares_do_not_leave_float64(unit: float) -> None:
    error = rmse(unit * np.array([3.0, 4.0]), np.zeros(2))
    assert error == pytest.approx(unit * sqrt(12.5), rel=1e-14)


def test_what_hides_entries_or_is_no_number_is_refused() -> None:
    hidden = np.ma.array([1.0, 2.0], mask=[True, False])
    with pytest.raises(ValueError, match="estimates must have no masked entries"):
        rmse(hidden, np.zeros(2))
    with pytest.raises(TypeError, match="truth must hold real numbers"):
        rmse(np.zeros(2), np.array([1j, 2]))
