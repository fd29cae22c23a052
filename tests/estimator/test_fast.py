"""The cut-off Gaussian and the fast one: their bounds, against the exact estimator."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nwdocs import nadaraya_watson
from nwdocs.gauss_transform import fast_estimate
from nwdocs.truncation import truncated_estimate, window

Estimate = Callable[..., np.ndarray]
both = pytest.mark.parametrize("estimate", [truncated_estimate, fast_estimate])


@both
@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**31),
    st.sampled_from([1, 2, 50, 900]),
    st.floats(-4, 4),
    st.floats(-12, -2),
)
def test_no_estimate_is_off_by_more_than_was_promised(
    estimate: Estimate, seed: int, n: int, log_width: float, log_tolerance: float
) -> None:
    rng = np.random.default_rng(seed)
    width, tolerance = 10**log_width, 10**log_tolerance
    keys = rng.uniform(0, 5, n) ** rng.choice([1, 3])
    values = 100 + rng.standard_normal((n, 2))
    queries = np.concatenate([rng.uniform(-1, 6, 20), [1e3, -40.0], keys[:2]])
    found = estimate(queries, keys, values, bandwidth=width, tolerance=tolerance)
    exact, _ = nadaraya_watson(queries, keys, values, bandwidth=width)
    allowed = (tolerance + 1e-9) * np.ptp(values, axis=0) + 1e-11
    assert (np.abs(found - exact) <= allowed).all()


@both
@pytest.mark.parametrize("width", [0.003, 0.05, 0.3, 2.0, 50.0])
def test_large_samples_come_out_right(estimate: Estimate, width: float) -> None:
    rng = np.random.default_rng(1)
    keys, queries = rng.uniform(0, 5, 6000), rng.uniform(0, 5, 500)
    values = np.sin(keys) + rng.standard_normal(6000)
    found = estimate(queries, keys, values, bandwidth=width)
    exact, _ = nadaraya_watson(queries, keys, values, bandwidth=width)
    assert np.abs(found - exact).max() < 1e-9 * np.ptp(values)


@both
def test_clumps_with_gaps_and_far_queries_are_answered(estimate: Estimate) -> None:
    rng = np.random.default_rng(2)
    keys = np.concatenate([rng.normal(c, 1, 2000) for c in (0, 500, 1e5)])
    values = np.repeat([1.0, 2.0, 3.0], 2000) + 0.1 * rng.standard_normal(6000)
    queries = np.array([0.0, 240.0, 260.0, 500.0, 5e4, 1e5, 1e7, -1e7])
    found = estimate(queries, keys, values, bandwidth=1.0)
    exact, _ = nadaraya_watson(queries, keys, values, bandwidth=1.0)
    np.testing.assert_allclose(found, exact, rtol=1e-9)


@both
def test_order_of_queries_and_keys_does_not_matter(estimate: Estimate) -> None:
    rng = np.random.default_rng(3)
    keys, queries, values = rng.uniform(0, 5, (3, 1000))
    turned, asked = rng.permutation(1000), rng.permutation(1000)
    found = estimate(queries, keys, values, bandwidth=0.5)
    again = estimate(queries[asked], keys[turned], values[turned], bandwidth=0.5)
    np.testing.assert_allclose(again, found[asked], rtol=1e-11)


@both
def test_a_constant_stays_and_a_shift_shifts(estimate: Estimate) -> None:
    rng = np.random.default_rng(4)
    keys, queries, values = rng.uniform(0, 5, (3, 800))
    np.testing.assert_allclose(
        estimate(queries, keys, np.full(800, 7.5), bandwidth=0.4), 7.5, rtol=1e-12
    )
    plain = estimate(queries, keys, values, bandwidth=0.4)
    raised = estimate(queries, keys, values + 1e3, bandwidth=0.4)
    np.testing.assert_allclose(raised - 1e3, plain, atol=1e-9)


def test_a_window_holds_all_that_counts_and_not_much_more() -> None:
    keys = np.arange(100.0)
    start, end = window(np.array([50.2, -30.0]), keys, 1.0, 1e-6)
    reach = np.sqrt(2 * np.log(100 / 1e-6))
    assert keys[start[0]] >= 50.2 - reach - 1
    assert keys[end[0] - 1] <= 50.2 + reach + 1
    assert (start[1], end[1]) == (0, 1 + int(np.hypot(30, reach) - 30))


@both
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"queries": [[0.0, 1.0]]}, "queries must have shape"),
        ({"keys": [[0.0], [1.0]]}, "keys must have shape"),
        ({"tolerance": 1.0}, "tolerance must be below 1"),
        ({"tolerance": 0.0}, "tolerance must be positive"),
        ({"bandwidth": -1.0}, "bandwidth must be positive"),
        ({"values": [1.0]}, "values must be one for each key"),
    ],
)
def test_bad_input_is_told(
    estimate: Estimate, change: dict[str, object], message: str
) -> None:
    given = {"queries": [0.5], "keys": [0.0, 1.0], "values": [1.0, 2.0]} | change
    with pytest.raises(ValueError, match=message):
        estimate(**given)
