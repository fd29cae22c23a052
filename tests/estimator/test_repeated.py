"""Attention asked again: laws of a mean, and scikit-learn's mean shift."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import KernelDensity

from nwdocs import attention_weights
from nwdocs.repeated import count_distinct, mean_shift, self_attention


@pytest.fixture
def points() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.concatenate([rng.normal(c, 0.4, 20) for c in (0, 3)])


def test_a_round_is_the_estimate_of_the_points_at_themselves(
    points: np.ndarray,
) -> None:
    path = self_attention(points, 2, bandwidth=0.5)
    expected = points
    for step in path:
        np.testing.assert_allclose(step, expected, rtol=1e-12)
        expected = attention_weights(expected, expected, bandwidth=0.5) @ expected


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=2, max_size=12), st.floats(0.1, 20))
def test_the_range_never_grows_and_order_is_kept(
    places: list[float], width: float
) -> None:
    path = self_attention(np.sort(places), 5, bandwidth=width)
    assert (np.diff(np.ptp(path, axis=1)) <= 1e-9).all()
    assert (np.diff(path, axis=1) >= -1e-9).all()


def test_it_moves_with_the_points_and_scales_with_the_width(points: np.ndarray) -> None:
    path = self_attention(points, 4, bandwidth=0.5)
    moved = self_attention(3 * points + 7, 4, bandwidth=1.5)
    np.testing.assert_allclose(moved, 3 * path + 7, rtol=1e-9)


def test_a_step_of_mean_shift_is_the_gradient_of_the_log_density(
    points: np.ndarray,
) -> None:
    """By scikit-learn's density, differentiated by small steps."""
    queries, width = np.linspace(-1, 4, 21), 0.6
    density = KernelDensity(bandwidth=width).fit(points[:, None])
    ahead, behind = (density.score_samples(queries[:, None] + s) for s in (1e-5, -1e-5))
    gradient = (ahead - behind) / 2e-5
    path = mean_shift(queries, points, 1, bandwidth=width)
    np.testing.assert_allclose(path[1] - path[0], width**2 * gradient, atol=1e-6)


def test_mean_shift_climbs_at_every_step(points: np.ndarray) -> None:
    density = KernelDensity(bandwidth=0.5).fit(points[:, None])
    path = mean_shift(np.linspace(-1, 4, 11), points, 40, bandwidth=0.5)
    heights = np.array([density.score_samples(step[:, None]) for step in path])
    assert (np.diff(heights, axis=0) > -1e-12).all()


def test_points_in_the_plane_move_too() -> None:
    plane = np.random.default_rng(0).standard_normal((10, 2))
    path = self_attention(plane, 3, bandwidth=1.0)
    assert path.shape == (4, 10, 2)
    turned = self_attention(plane[:, ::-1], 3, bandwidth=1.0)
    np.testing.assert_allclose(turned, path[..., ::-1], rtol=1e-12)


def test_chains_of_near_points_count_as_one() -> None:
    assert count_distinct(np.array([0.0, 0.4, 0.8, 2.0]), 0.5) == 2
    counts = count_distinct(np.array([[0.0, 1.0, 2.0], [5.0, 5.0, 5.0]]), 0.5)
    assert counts.tolist() == [3, 1]


@pytest.mark.parametrize("steps", [-1, 1.5])
def test_a_number_of_rounds_that_is_none_is_refused(steps: float) -> None:
    with pytest.raises((TypeError, ValueError), match="steps must be"):
        self_attention([0.0, 1.0], steps)  # type: ignore[arg-type]
