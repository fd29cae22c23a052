"""Sorted windows: the same estimates as by weights, whatever keys and labels are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nwdocs import KERNELS
from nwdocs.attention import Attention, estimate
from nwdocs.kernels import Floats
from nwdocs.windows import window_estimates, windows_pay

EDGED = [name for name, kernel in KERNELS.items() if kernel.polynomial is not None]
each_kernel = pytest.mark.parametrize("name", EDGED)


def by_weights(attention: Attention, values: Floats) -> tuple[Floats, Floats]:
    """Estimates, and the size of what they are sums of, in which rounding is relative."""
    weights = attention.weights(slice(0, len(attention.queries)))
    return weights @ values, weights @ np.abs(values)


def test_all_kernels_with_an_edge_have_windows() -> None:
    assert {name for name, k in KERNELS.items() if np.isfinite(k.support)} == set(EDGED)


@each_kernel
def test_the_polynomial_is_the_kernel(name: str) -> None:
    kernel, u = KERNELS[name], np.linspace(0, 1, 101)[:-1]
    assert kernel.polynomial
    polynomial = np.polynomial.Polynomial(kernel.polynomial)
    np.testing.assert_allclose(polynomial(u), kernel(u), rtol=0, atol=1e-15)


@each_kernel
@pytest.mark.parametrize("leave_out", [None, 0])
@given(
    seed=st.integers(0, 10**6),
    size=st.integers(2, 300),
    log_width=st.floats(-2, 1.5),
    spread=st.sampled_from(["even", "ties", "heavy tails", "far from 0"]),
    counted=st.booleans(),
)
def test_windows_give_what_weights_give(
    name: str,
    leave_out: int | None,
    seed: int,
    size: int,
    log_width: float,
    spread: str,
    counted: bool,
) -> None:
    rng = np.random.default_rng(seed)
    keys = {
        "even": rng.uniform(0, 5, size),
        "ties": np.round(rng.uniform(0, 5, size), 1),
        "heavy tails": rng.standard_normal(size) ** 5,
        "far from 0": 1e6 + rng.uniform(0, 5, size),
    }[spread]
    # Beside labels of 1e9, those of 1e-5 elsewhere must keep their digits.
    values = rng.standard_normal((size, 2))
    values[:, 1] *= 10.0 ** rng.integers(-5, 10, size)
    queries = keys if leave_out == 0 else rng.choice(keys, 40) + rng.normal(size=40)
    counts = rng.uniform(0.1, 3, size) if counted else None
    attention = Attention(
        queries, keys, KERNELS[name], 10**log_width, counts, leave_out=leave_out
    )
    expected, scale = by_weights(attention, values)
    got = window_estimates(attention, values)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(expected))
    assert np.nanmax(np.abs(got - expected) / scale, initial=0) < 1e-12


@each_kernel
@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_windows_work_in_any_unit(name: str, unit: float) -> None:
    rng = np.random.default_rng(0)
    keys, values = np.sort(rng.uniform(0, 5, 200)), rng.standard_normal(200)
    attention = Attention(unit * keys, unit * keys, KERNELS[name], unit * 0.4)
    expected, scale = by_weights(attention, values)
    got = window_estimates(attention, values)
    assert np.max(np.abs(got - expected) / scale) < 1e-12


@each_kernel
def test_the_edge_itself_is_out_of_reach(name: str) -> None:
    keys = np.repeat(np.arange(60.0), 40)
    attention = Attention(keys, keys, KERNELS[name], 1.0)
    values = np.repeat(np.arange(60.0), 40)
    np.testing.assert_array_equal(window_estimates(attention, values), values)


@each_kernel
def test_many_queries_of_many_keys_are_answered_by_windows(name: str) -> None:
    rng = np.random.default_rng(3)
    queries, keys, values = (rng.uniform(0, 5, 900) for _ in range(3))
    attention = Attention(queries, keys, KERNELS[name], 0.3)
    assert windows_pay(attention, 1)
    expected, _ = by_weights(attention, values)
    got = estimate(queries, keys, values, name, bandwidth=0.3)
    np.testing.assert_allclose(got, expected, rtol=1e-12)
