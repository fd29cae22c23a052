"""The local-linear estimator: against exact arithmetic, at any width and in any unit."""

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations
from math import nan
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from statsmodels.nonparametric.kernel_regression import KernelReg

from nwdocs import KERNELS, synthetic_data
from nwdocs.bandwidth import local_linear, matched_bandwidth
from nwdocs.kernels import Floats
from support.project import ROOT

DECK = np.load(ROOT / "tests/data/deck_reference_seed0.npz")
X, Y, QUERIES = (DECK[f"{name}_f64"] for name in ("x_train", "y_train", "x_val"))

LOCAL = [name for name in KERNELS if name != "constant"]
each_kernel = pytest.mark.parametrize("kernel", LOCAL)
statsmodels_seeds = pytest.mark.filterwarnings("ignore:After 0.17:FutureWarning")


def exact_line(
    query: Any, keys: list[Any], values: list[Any], weights: list[Any]
) -> Any:
    """The weighted straight-line fit at the query, without any rounding that counts."""
    total = sum(weights)
    key = sum(w * k for w, k in zip(weights, keys, strict=True)) / total
    value = sum(w * v for w, v in zip(weights, values, strict=True)) / total
    # Over pairs of keys, for nothing cancels there: a key whose weight is 1e-1000 of another's
    # counts, and would take a thousand digits beside their mean.
    points = list(zip(weights, keys, values, strict=True))
    pairs = [(w * u, k - m, v - x) for (w, k, v), (u, m, x) in combinations(points, 2)]
    spread = sum(w * k**2 for w, k, _ in pairs)
    if not spread:
        return value
    return value + sum(w * k * v for w, k, v in pairs) / spread * (query - key)


def exact_gaussian_line(
    query: float, keys: list[float], values: list[float], bandwidth: float
) -> float:
    with localcontext() as context:
        context.prec = 60
        context.Emin, context.Emax = -(10**9), 10**9
        q, h = Decimal(query), Decimal(bandwidth)
        ks, vs = [Decimal(k) for k in keys], [Decimal(v) for v in values]
        weights = [(-(((q - k) / h) ** 2) / 2).exp() for k in ks]
        return float(exact_line(q, ks, vs, weights))


def near(actual: float, expected: float, values: list[float]) -> None:
    assert actual == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.abs(values).max())


eighths = st.integers(-80, 80).map(lambda i: i / 8)
points = st.lists(st.tuples(eighths, eighths), min_size=1, max_size=6)


@given(points=points, query=eighths, bandwidth=st.integers(1, 80).map(lambda i: i / 4))
def test_rational_arithmetic_gives_the_same_lines(
    points: list[tuple[float, float]], query: float, bandwidth: float
) -> None:
    keys, values = ([p[i] for p in points] for i in (0, 1))
    exact = [[Fraction(x) for x in a] for a in (keys, values)]
    weights = [
        max(1 - abs(Fraction(query) - k) / Fraction(bandwidth), 0) for k in exact[0]
    ]
    assume(any(weights))
    expected = exact_line(Fraction(query), exact[0], exact[1], weights)
    got = local_linear([query], keys, values, "triangular", bandwidth=bandwidth)
    near(got[0], float(expected), values)


@given(points=points, query=eighths, bandwidth=st.sampled_from([0.3, 0.5, 1.0, 4.0]))
@example(points=[(1.0, 1000.0), (2.0, 1001.0)], query=0.0, bandwidth=0.1)
@example(points=[(0.0, 0.0), (9.0, 5.0), (10.0, 2.0)], query=0.0, bandwidth=0.2)
def test_hundreds_of_digits_give_the_same_lines(
    points: list[tuple[float, float]], query: float, bandwidth: float
) -> None:
    keys, values = ([p[i] for p in points] for i in (0, 1))
    expected = exact_gaussian_line(query, keys, values, bandwidth)
    got = local_linear([query], keys, values, bandwidth=bandwidth)
    near(got[0], expected, values)


def test_the_decks_data_at_a_narrow_width() -> None:
    data = synthetic_data(40)
    got = local_linear(data.x_val, data.x_train, data.y_train, bandwidth=0.02)
    keys, values = data.x_train.tolist(), data.y_train.tolist()
    for query, line in zip(data.x_val.tolist(), got, strict=True):
        near(line, exact_gaussian_line(query, keys, values, 0.02), values)


@each_kernel
@given(slope=st.floats(-5, 5), level=st.floats(-5, 5))
def test_a_straight_line_is_drawn_straight(
    kernel: str, slope: float, level: float
) -> None:
    estimates = local_linear(
        QUERIES, X, level + slope * X, kernel, bandwidth=matched_bandwidth(0.6, kernel)
    )
    np.testing.assert_allclose(estimates, level + slope * QUERIES, atol=1e-10)


@pytest.mark.parametrize("kernel", ["gaussian", "laplace"])
@pytest.mark.parametrize("bandwidth", [1e-200, 1e-3, 0.02, 1.0, 1e3, 1e200])
def test_a_straight_line_is_drawn_straight_at_any_width(
    kernel: str, bandwidth: float
) -> None:
    keys = [0.0, 0.5, 0.5, 2.0, 3.25, 8.0]
    queries = np.array([-4.0, 0.125, 0.5, 1.5, 7.0, 30.0])
    got = local_linear(
        queries, keys, 3 - 2 * np.array(keys), kernel, bandwidth=bandwidth
    )
    np.testing.assert_allclose(got, 3 - 2 * queries, rtol=1e-12, atol=1e-11)


@each_kernel
@given(
    raised=st.floats(-1e6, 1e6),
    width=st.floats(0.05, 5),
    values=st.permutations(range(9)),
)
def test_a_constant_added_to_the_labels_is_added_to_the_estimates(
    kernel: str, raised: float, width: float, values: list[int]
) -> None:
    queries, keys = np.linspace(-1, 5, 7), np.array([0, 0, 0.3, 1, 1, 1.7, 2.5, 4, 4.1])
    plain, moved = (
        local_linear(
            queries, keys, np.array(values) + add, kernel, bandwidth=width, empty="nan"
        )
        for add in (0.0, raised)
    )
    np.testing.assert_allclose(moved - raised, plain, rtol=1e-6, atol=1e-6)


@each_kernel
@pytest.mark.parametrize("unit", [1e-200, 1e-3, 1e200])
def test_a_line_is_a_line_in_any_unit(kernel: str, unit: float) -> None:
    keys, values, queries = np.array([0.0, 1.0, 1.5]), np.array([0.0, 1.0, 5.0]), [0.25]
    expected = local_linear(queries, keys, values, kernel, bandwidth=2.0)
    scaled = local_linear(
        np.multiply(unit, queries), unit * keys, values, kernel, bandwidth=2 * unit
    )
    np.testing.assert_allclose(scaled, expected, rtol=1e-12)
    labels = local_linear(queries, keys, unit * values, kernel, bandwidth=2.0)
    np.testing.assert_allclose(labels / unit, expected, rtol=1e-12)


@each_kernel
def test_where_all_keys_in_reach_are_equal_their_mean_is_the_answer(
    kernel: str,
) -> None:
    assert local_linear([0.3], [0.1] * 5, [0, 1, 2, 3, 4], kernel)[0] == pytest.approx(
        2
    )


def test_years_are_keys_like_any_others() -> None:
    years = np.repeat([2010.0, 2011.0, 2012.0], [3, 4, 5])
    got = local_linear([2013.0], years, years - 2009, bandwidth=0.2)
    assert got[0] == pytest.approx(4, rel=1e-12)


@statsmodels_seeds
@pytest.mark.parametrize("bandwidth", [0.2, 0.5, 1.0])
def test_statsmodels_local_linear_is_ours(bandwidth: float) -> None:
    theirs = KernelReg(Y, X, "c", reg_type="ll", bw=[bandwidth]).fit(QUERIES)[0]
    ours = local_linear(QUERIES, X, Y, bandwidth=bandwidth)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def test_one_key_in_reach_gives_its_value() -> None:
    estimates = local_linear([0.2, 3.1, 9.0], [0, 3], [5, 7], "boxcar", empty="nan")
    np.testing.assert_array_equal(estimates, [5, 7, nan])


def test_planes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"keys must have shape \(n,\), got \(2, 1\)"):
        local_linear([0.0], [[0.0], [1.0]], [1.0, 2.0])


def test_a_width_for_each_query() -> None:
    widths: Floats = np.array([0.2, 1.0, 3.0])
    together = local_linear([0.5, 2.0, 4.0], X, Y, bandwidth=widths)
    alone = [
        local_linear([q], X, Y, bandwidth=h)[0]
        for q, h in zip([0.5, 2.0, 4.0], widths, strict=True)
    ]
    np.testing.assert_allclose(together, alone, rtol=1e-13)
