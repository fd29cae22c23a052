"""Positive random features: unbiased, bounded, and better the more there are."""

import numpy as np
import pytest

from nwdocs import nadaraya_watson
from nwdocs.features import draw_directions, feature_estimate, log_features
from nwdocs.kernels import gaussian


@pytest.mark.parametrize("orthogonal", [True, False])
def test_products_of_features_are_the_kernel_on_average(orthogonal: bool) -> None:
    rng = np.random.default_rng(0)
    q, k = 0.6 * rng.standard_normal((2, 5, 3))
    directions = draw_directions(300_000, 3, seed=1, orthogonal=orthogonal)
    f, g = (np.exp(log_features(x, directions)) for x in (q, k))
    exact = gaussian(np.linalg.norm(q[:, None] - k, axis=-1))
    np.testing.assert_allclose(f @ g.T / len(directions), exact, rtol=0.05)
    assert (f > 0).all()


def test_orthogonal_directions_are_so_within_blocks_and_spread_evenly() -> None:
    directions = draw_directions(4000, 4)
    block = directions[:4]
    products = block @ block.T
    np.testing.assert_allclose(products, np.diag(np.diag(products)), atol=1e-12)
    np.testing.assert_allclose(directions.mean(axis=0), 0, atol=0.06)
    np.testing.assert_allclose(np.cov(directions.T), np.eye(4), atol=0.08)


def test_the_error_falls_like_one_over_the_root_of_their_number() -> None:
    rng = np.random.default_rng(0)
    keys, queries = rng.standard_normal((400, 6)), rng.standard_normal((60, 6))
    values = np.sin(keys[:, 0])
    exact, _ = nadaraya_watson(queries, keys, values, bandwidth=4.0)

    def error(features: int) -> float:
        missed = [
            feature_estimate(
                queries, keys, values, bandwidth=4.0, features=features, seed=s
            )
            - exact
            for s in range(20)
        ]
        return float(np.sqrt(np.square(missed).mean()))

    assert 2 < error(64) / error(1024) < 8  # the root of 16 is 4
    assert error(1024) < 0.2 * exact.std()


@pytest.mark.parametrize("width", [1e-3, 0.3, 30.0])
def test_estimates_stay_within_the_values_even_where_features_fail(
    width: float,
) -> None:
    rng = np.random.default_rng(0)
    keys, values = rng.standard_normal((9000, 2)), rng.uniform(3, 4, (9000, 2))
    found = feature_estimate(keys[:5000], keys, values, bandwidth=width, features=32)
    assert found.shape == (5000, 2)
    assert found.min() >= 3 - 1e-9
    assert found.max() <= 4 + 1e-9


def test_moving_all_points_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    keys, values = rng.standard_normal((50, 3)), rng.standard_normal(50)
    plain = feature_estimate(keys, keys, values, bandwidth=2.0)
    moved = feature_estimate(keys + 100, keys + 100, values, bandwidth=2.0)
    np.testing.assert_allclose(moved, plain, rtol=1e-9)


def test_no_features_are_refused() -> None:
    with pytest.raises(ValueError, match="count must be at least 1"):
        feature_estimate([0.0], [0.0, 1.0], [1.0, 2.0], features=0)
