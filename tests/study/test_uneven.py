"""Uneven keys and bands: statsmodels' lowess, one data set at a time, and the best widths."""

import numpy as np
import pytest
from statsmodels.nonparametric.smoothers_lowess import lowess

from nwdocs import attention_weights
from nwdocs.bandwidth import leave_one_out, local_linear, nearest_neighbour_width
from nwdocs.measures import rmse
from nwdocs.study.ensembles import SETS, ensemble
from nwdocs.study.uneven import (
    BANDS,
    CURVES,
    QUERIES,
    Way,
    coverage,
    errors,
    estimate,
    uneven_set,
    wiggle,
)

pytestmark = pytest.mark.slow


def test_a_line_by_neighbours_with_the_tricube_is_lowess() -> None:
    """The kernel here is the Gaussian; with the other one, it is statsmodels'."""
    keys, values = uneven_set(3, wiggle)
    queries = np.linspace(0.2, 4.6, 23)
    width = nearest_neighbour_width(queries, keys, 30)
    ours = local_linear(queries, keys, values, "tricube", bandwidth=width)
    theirs = lowess(values, keys, frac=30 / len(keys), it=0, delta=0, xvals=queries)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_keys_are_dense_on_the_left() -> None:
    keys, _ = uneven_set(0, wiggle)
    assert np.sum(keys < 1.25) == pytest.approx(len(keys) / 2, abs=20)


@pytest.mark.parametrize("curve", CURVES)
def test_errors_are_those_of_each_data_set(curve: str) -> None:
    function, ways = CURVES[curve]
    for name, way in ways.items():
        assert len(errors(curve)[name]) == SETS
        found = estimate(way, *uneven_set(7, function))
        assert errors(curve)[name][7] == pytest.approx(rmse(found, function(QUERIES)))


@pytest.mark.parametrize("curve", CURVES)
def test_each_way_is_at_its_best(curve: str) -> None:
    """Wider and narrower by a third is not better by more than a hundredth."""
    function, ways = CURVES[curve]
    for name, way in ways.items():
        chosen = np.square(errors(curve)[name][:80]).mean()
        for factor in (0.65, 1.5):
            other = Way(
                way.line,
                way.width and way.width * factor,
                way.neighbours and round(way.neighbours * factor),
            )
            tried = [
                rmse(estimate(other, *uneven_set(s, function)), function(QUERIES))
                for s in range(80)
            ]
            assert np.square(tried).mean() > 0.99 * chosen, (name, factor)


def test_the_band_is_two_hc3_standard_errors() -> None:
    """Counted from the formula: weights squared times leave-one-out residuals squared."""
    data, row = ensemble(), BANDS.index(0.3)
    for s in (0, SETS - 1):
        keys, values = data.keys[s], data.values[s]
        weights = attention_weights(data.queries, keys, bandwidth=0.3)
        residuals = leave_one_out(keys, values, bandwidth=0.3)
        error = np.sqrt((weights**2) @ (residuals**2))
        held = np.abs(weights @ values - data.truth) <= 2 * error
        assert coverage().everywhere[row, s] == pytest.approx(held.mean())
