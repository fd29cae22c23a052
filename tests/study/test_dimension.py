"""More and more coordinates: laws, one data set at a time, and somebody else's numbers."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.neighbors import KDTree

from nwdocs import nadaraya_watson
from nwdocs.study.dimension import (
    DIMENSIONS,
    KEYS,
    NOISE,
    RATE_SIZES,
    by_dimension,
    one_direction,
    rates,
)
from nwdocs.study.ensembles import SETS

pytestmark = pytest.mark.slow

#: A quick prototype's errors, with another generator: about 20 data sets.
PROTOTYPE = dict(zip(DIMENSIONS, (0.06, 0.13, 0.23, 0.38, 0.57), strict=True))


def test_the_truth_has_variance_one_and_ignores_all_but_the_first_coordinate() -> None:
    points = np.random.default_rng(0).uniform(size=(200_000, 3))
    assert one_direction(points).var() == pytest.approx(1, abs=0.01)
    np.testing.assert_array_equal(one_direction(points), one_direction(points[:, :1]))


@pytest.mark.parametrize("row", range(len(DIMENSIONS)))
def test_errors_agree_with_the_prototype(row: int) -> None:
    """It rounds to two digits, and its mean over few data sets has an error as well."""
    found, d = by_dimension(), DIMENSIONS[row]
    sd = found.error[row].std(ddof=1)
    chance = 3 * sd / np.sqrt(20)
    assert abs(found.rmse[row] - PROTOTYPE[d]) < chance + 0.005


@pytest.mark.parametrize("row", range(len(DIMENSIONS)))
def test_errors_are_what_noise_gives_on_average(row: int) -> None:
    """One data set by scikit-learn's kernel, with labels drawn many times."""
    found, d = by_dimension(), DIMENSIONS[row]
    rng = np.random.default_rng([3, 8])
    keys, queries = (rng.uniform(size=(n, max(DIMENSIONS))) for n in (KEYS, 10))
    gamma = 0.5 / found.width[row] ** 2
    weights = rbf_kernel(queries[:, :d], keys[:, :d], gamma=gamma)
    weights /= weights.sum(axis=1, keepdims=True)
    noise = np.random.default_rng(0).normal(0, NOISE, (KEYS, 4000))
    missed = (
        weights @ (one_direction(keys)[:, None] + noise)
        - one_direction(queries)[:, None]
    )
    expected = np.sqrt(np.square(missed).mean())
    assert found.error[row, 3] == pytest.approx(expected, rel=0.03)
    tree = KDTree(keys[:, :d])
    assert found.nearest[row, 3] == pytest.approx(tree.query(queries[:, :d])[0].mean())


def test_the_first_coordinate_alone_does_as_well_in_any_dimension() -> None:
    rng = np.random.default_rng(0)
    keys, queries = rng.uniform(size=(300, 8)), rng.uniform(size=(20, 8))
    look = np.zeros((8, 1))
    look[0] = 1
    values = one_direction(keys)
    along, _ = nadaraya_watson(queries @ look, keys @ look, values, bandwidth=0.05)
    alone, _ = nadaraya_watson(queries[:, 0], keys[:, 0], values, bandwidth=0.05)
    np.testing.assert_allclose(along, alone, rtol=1e-12)


def test_each_dimension_is_tried_on_as_many_data_sets() -> None:
    assert by_dimension().error.shape == (len(DIMENSIONS), SETS)


def test_rates_are_near_the_theory() -> None:
    for d, rate in rates().items():
        assert list(rate.width) == list(RATE_SIZES)
        assert rate.width_line.slope == pytest.approx(-1 / (d + 4), abs=0.04)
        assert rate.error_line.slope == pytest.approx(-2 / (d + 4), abs=0.04)
    slopes = [rate.error_line.slope for rate in rates().values()]
    assert slopes == sorted(slopes), "the more coordinates, the slower"
