"""Choosing a bandwidth: against leaving out for real, known minima, and the truth."""

from math import inf, isnan, nan, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.nonparametric.kernel_regression import KernelReg

import nwdocs
from nwdocs import KERNELS, nadaraya_watson, select_bandwidth
from nwdocs.attention import attention_weights
from nwdocs.bandwidth import (
    BandwidthWarning,
    closed_form_residuals,
    leave_one_out,
    leave_one_out_error,
    matched_bandwidth,
    nearest_neighbour_width,
    oracle_bandwidth,
    rule_of_thumb,
    standard_errors,
)
from nwdocs.data import synthetic_data, truth
from nwdocs.kernels import Floats
from nwdocs.measures import rmse

DECK = np.load(Path(__file__).parents[1] / "data" / "deck_reference_seed0.npz")
X, Y, QUERIES, TRUTH = (
    DECK[f"{name}_f64"] for name in ("x_train", "y_train", "x_val", "y_val")
)

WITH_WIDTH = {name: k for name, k in KERNELS.items() if name != "constant"}
# Deterministic searches draw no random numbers: how statsmodels seeds is no concern.
statsmodels_seeds = pytest.mark.filterwarnings("ignore:After 0.17:FutureWarning")

each_kernel = pytest.mark.parametrize("kernel", list(KERNELS))
each_width_kernel = pytest.mark.parametrize("kernel", list(WITH_WIDTH))


def really_leave_one_out(
    keys: Floats, values: Floats, kernel: str, bandwidth: float
) -> Floats:
    """Refit without point i, n times over, and ask the fit about point i."""
    residuals = []
    for i in range(len(keys)):
        rest = np.arange(len(keys)) != i
        estimate, _ = nadaraya_watson(
            keys[[i]],
            keys[rest],
            values[rest],
            kernel,
            bandwidth=bandwidth,
            empty="nan",
        )
        residuals.append(values[i] - estimate[0])
    return np.array(residuals)


# Leaving one out


@each_kernel
@pytest.mark.parametrize("bandwidth", [1e-3, 0.05, 0.3, 1, 20])
def test_leaving_one_out_is_refitting_without_it(kernel: str, bandwidth: float) -> None:
    np.testing.assert_allclose(
        leave_one_out(X, Y, kernel, bandwidth=bandwidth),
        really_leave_one_out(X, Y, kernel, bandwidth),
        rtol=1e-12,
        atol=1e-14,
    )


@each_kernel
@pytest.mark.parametrize("bandwidth", [0.3, 1, 20])
def test_the_closed_form_is_refitting_without_it(kernel: str, bandwidth: float) -> None:
    weights = attention_weights(X, X, kernel, bandwidth=bandwidth)
    np.testing.assert_allclose(
        closed_form_residuals(Y, weights),
        really_leave_one_out(X, Y, kernel, bandwidth),
        rtol=1e-11,
    )


def test_where_a_key_keeps_nearly_all_its_weight_the_closed_form_loses_digits() -> None:
    """The reason why the package leaves the diagonal out before it normalises."""
    keys, values = np.array([0.0, 1.0, 2.5]), np.array([1.0, 2.0, 4.0])
    bandwidth = 0.12
    exact = really_leave_one_out(keys, values, "gaussian", bandwidth)
    closed = closed_form_residuals(
        values, attention_weights(keys, keys, bandwidth=bandwidth)
    )
    assert np.nanmax(np.abs(closed / exact - 1)) > 1e-3
    np.testing.assert_allclose(
        leave_one_out(keys, values, bandwidth=bandwidth), exact, rtol=1e-14
    )


def test_a_key_that_hears_itself_alone_has_no_residual() -> None:
    keys, values = np.array([0.0, 0.5, 9.0]), np.array([1.0, 3.0, 7.0])
    weights = attention_weights(keys, keys, "boxcar")
    for residuals in (
        closed_form_residuals(values, weights),
        leave_one_out(keys, values, "boxcar"),
    ):
        np.testing.assert_allclose(residuals, [-2, 2, nan])
    assert leave_one_out_error(keys, values, "boxcar") == inf


def test_several_labels_and_dimensions_are_left_out_alike() -> None:
    keys = np.column_stack([X, np.cos(X)])
    both = leave_one_out(keys, np.column_stack([Y, -2 * Y]), bandwidth=0.4)
    assert both.shape == (40, 2)
    alone = leave_one_out(keys, Y, bandwidth=0.4)
    np.testing.assert_allclose(both, np.column_stack([alone, -2 * alone]), rtol=1e-13)


# Selecting the width


def test_the_decks_data_give_the_known_minimum() -> None:
    chosen = select_bandwidth(X, Y)
    assert chosen == pytest.approx(0.3206, abs=2e-4)
    assert leave_one_out_error(X, Y, bandwidth=chosen) == pytest.approx(
        0.9766, abs=5e-5
    )
    error = rmse(nadaraya_watson(QUERIES, X, Y, bandwidth=chosen)[0], TRUTH)
    assert error == pytest.approx(0.2936, abs=1e-4)


def test_the_oracle_on_the_decks_data_is_the_known_one() -> None:
    oracle = oracle_bandwidth(X, Y, QUERIES, TRUTH)
    assert oracle == pytest.approx(0.3006, abs=1e-4)
    error = rmse(nadaraya_watson(QUERIES, X, Y, bandwidth=oracle)[0], TRUTH)
    assert error == pytest.approx(0.2923, abs=1e-4)


@statsmodels_seeds
def test_statsmodels_cross_validation_finds_the_same_width() -> None:
    theirs = KernelReg(Y, X, "c", reg_type="lc", bw="cv_ls").bw[0]
    assert select_bandwidth(X, Y) == pytest.approx(theirs, rel=2e-3)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::nwdocs.bandwidth.BandwidthWarning")
@each_width_kernel
@pytest.mark.parametrize("seed", range(6))
def test_no_width_on_a_fine_grid_is_better(kernel: str, seed: int) -> None:
    data = synthetic_data(30, seed=seed)

    def error(bandwidth: float) -> float:
        return leave_one_out_error(
            data.x_train, data.y_train, kernel, bandwidth=bandwidth
        )

    best = error(select_bandwidth(data.x_train, data.y_train, kernel))
    assert best <= (1 + 1e-9) * min(error(h) for h in np.geomspace(0.01, 20, 400))


def test_the_bottom_is_where_the_curve_is_level() -> None:
    data = synthetic_data(seed=4)
    chosen = select_bandwidth(data.x_train, data.y_train)

    def error(factor: float) -> float:
        return leave_one_out_error(
            data.x_train, data.y_train, bandwidth=chosen * factor
        )

    step = 1e-3
    down, here, up = error(np.exp(-step)), error(1.0), error(np.exp(step))
    vertex = step * (down - up) / (2 * (down - 2 * here + up))  # of the parabola
    assert abs(vertex) < 1e-5


@each_width_kernel
def test_every_point_keeps_a_neighbour_at_the_chosen_width(kernel: str) -> None:
    keys = np.append(X, 9.0)  # far from all others
    values = np.append(Y, 0.0)
    if np.isfinite(KERNELS[kernel].support):
        with pytest.warns(BandwidthWarning, match=r"forced by the key at 9\.0, 4\.2"):
            chosen = select_bandwidth(keys, values, kernel)
    else:
        chosen = select_bandwidth(keys, values, kernel)
    assert np.isfinite(leave_one_out(keys, values, kernel, bandwidth=chosen)).all()
    if np.isfinite(KERNELS[kernel].support):
        assert chosen > 9 - X.max()


@settings(max_examples=15)
@given(
    scale=st.floats(1e-6, 1e6),
    shift=st.floats(-100, 100),
    stretch=st.floats(1e-3, 1e3),
    raised=st.floats(-10, 10),
)
def test_the_choice_follows_the_units_of_the_keys_and_ignores_those_of_the_values(
    scale: float, shift: float, stretch: float, raised: float
) -> None:
    keys, values = X[::2], Y[::2]
    chosen = select_bandwidth(scale * (keys + shift), stretch * (values + raised))
    assert chosen / scale == pytest.approx(select_bandwidth(keys, values), rel=1e-4)


@each_width_kernel
def test_the_order_of_the_points_does_not_matter(kernel: str) -> None:
    keys, values = np.round(X, 1), Y  # with ties
    order = np.random.default_rng(0).permutation(len(X))
    chosen = select_bandwidth(keys, values, kernel)
    assert select_bandwidth(keys[order], values[order], kernel) == chosen


@pytest.mark.slow
@each_width_kernel
def test_units_do_not_change_a_single_digit(kernel: str) -> None:
    chosen = select_bandwidth(X, Y, kernel)
    oracle = oracle_bandwidth(X, Y, QUERIES, TRUTH, kernel)
    for unit in (2.0**-660, 2.0**500):  # about 1e-199 and 1e150
        assert select_bandwidth(unit * X, Y, kernel) == unit * chosen
        assert select_bandwidth(X, unit * Y, kernel) == chosen
        assert oracle_bandwidth(X, unit * Y, QUERIES, unit * TRUTH, kernel) == oracle


@pytest.mark.parametrize("unit", [1e-200, 1e-6, 1e155])
def test_units_that_round_change_no_more_than_rounding(unit: float) -> None:
    assert select_bandwidth(unit * X, Y) / unit == pytest.approx(
        select_bandwidth(X, Y), rel=1e-5
    )
    oracle = oracle_bandwidth(X, Y, QUERIES, TRUTH)
    assert oracle_bandwidth(X, unit * Y, QUERIES, unit * TRUTH) == pytest.approx(
        oracle, rel=1e-5
    )


@pytest.mark.filterwarnings("ignore::nwdocs.bandwidth.BandwidthWarning")
def test_of_widths_that_do_equally_well_but_for_rounding_the_widest_is_taken() -> None:
    rng = np.random.default_rng(0)
    keys = np.concatenate([rng.normal(50 * c, 1, 30) for c in range(3)])
    classes = np.eye(3)[np.repeat([0, 1, 2], 30)]
    chosen = select_bandwidth(keys, classes)
    assert 3 <= chosen < 7
    assert leave_one_out_error(keys, classes, bandwidth=chosen) < 1e-26
    assert leave_one_out_error(keys, classes, bandwidth=1.2 * chosen) > 1e-26


@pytest.mark.filterwarnings("ignore::nwdocs.bandwidth.BandwidthWarning")
def test_a_dense_stretch_is_searched_as_finely_as_it_is_dense() -> None:
    dense, sparse = np.linspace(0, 0.05, 40), np.arange(11.0, 52.0)
    keys = np.concatenate([dense, sparse])
    values = np.concatenate([np.sin(2 * np.pi * dense / 0.02), np.zeros(41)])
    error = leave_one_out_error(keys, values, bandwidth=select_bandwidth(keys, values))
    assert error <= 1.0001 * min(
        leave_one_out_error(keys, values, bandwidth=h)
        for h in np.geomspace(1e-4, 1, 200)
    )


def every_step(keys: Floats, values: Floats) -> float:
    """The box's least error, by trying a width within each of its steps."""
    apart = np.unique(np.abs(keys[:, None] - keys))
    inside = apart[1:] * (1 - 1e-12)
    return min(
        leave_one_out_error(keys, values, "boxcar", bandwidth=h)
        for h in (*inside, 2 * apart[-1])
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::nwdocs.bandwidth.BandwidthWarning")
@given(seed=st.integers(0, 199), n=st.integers(3, 40))
def test_no_step_of_a_boxs_error_is_missed(seed: int, n: int) -> None:
    keys, values, *_ = synthetic_data(n, seed=seed)
    chosen = select_bandwidth(keys, values, "boxcar")
    error = leave_one_out_error(keys, values, "boxcar", bandwidth=chosen)
    assert error <= every_step(keys, values) * (1 + 1e-12) + 1e-28


def test_the_widest_width_of_the_lowest_step_is_taken() -> None:
    keys = np.cumsum(np.r_[0, np.tile([1, 1.05], 6)[:11]])
    values = np.repeat([1.0, -1, 1, -1, 1, -1], 2)
    chosen = select_bandwidth(keys, values, "boxcar")
    assert chosen == pytest.approx(1.05, rel=1e-8)
    assert leave_one_out_error(keys, values, "boxcar", bandwidth=chosen) < 1e-30


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::nwdocs.bandwidth.BandwidthWarning")
@each_width_kernel
def test_many_points_are_searched_as_well_as_few(kernel: str) -> None:
    keys, values, *_ = synthetic_data(1200, seed=1)
    chosen = select_bandwidth(keys, values, kernel)
    error = leave_one_out_error(keys, values, kernel, bandwidth=chosen)
    for factor in (0.25, 0.5, 0.9, 1.1, 2, 4):
        other = leave_one_out_error(keys, values, kernel, bandwidth=factor * chosen)
        assert error <= other * (1 + 1e-9)


def test_copies_of_all_points_are_told() -> None:
    with pytest.warns(
        BandwidthWarning, match="narrowest .* entered twice, drop the copies"
    ):
        select_bandwidth(np.r_[X, X], np.r_[Y, Y])


def test_a_query_that_forces_the_oracle_is_told() -> None:
    queries, target = np.append(QUERIES, 9.0), np.append(TRUTH, 5.0)
    with pytest.warns(BandwidthWarning, match=r"forced by the query at 9\.0"):
        oracle_bandwidth(X, Y, queries, target, "triangular")


@pytest.mark.filterwarnings("ignore::nwdocs.bandwidth.BandwidthWarning")
def test_a_key_at_the_end_of_float64_is_no_trouble() -> None:
    chosen = select_bandwidth([0.0, 1.0, 2.0, 1e308], [0.0, 1.0, 2.0, 0.0])
    assert 0 < chosen < np.inf


def test_equal_labels_are_predicted_by_any_width_and_the_widest_is_taken() -> None:
    with pytest.warns(BandwidthWarning, match="is the widest that was tried"):
        chosen = select_bandwidth(X, np.full(40, 1e9 + 0.1))
    assert chosen == pytest.approx(4 * (X.max() - X.min()))


@pytest.mark.filterwarnings("ignore::nwdocs.bandwidth.BandwidthWarning")
def test_labels_without_a_signal_ask_for_a_wide_kernel() -> None:
    noise = np.random.default_rng(3).standard_normal(200)
    keys = np.linspace(0, 1, 200)
    assert select_bandwidth(keys, noise) > 0.4


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_tiny_and_huge_labels_choose_as_ordinary_ones_do(size: float) -> None:
    assert select_bandwidth(X, Y * size) == pytest.approx(
        select_bandwidth(X, Y), rel=1e-5
    )


@pytest.mark.filterwarnings("ignore::nwdocs.bandwidth.BandwidthWarning")
def test_repeated_keys_are_fine() -> None:
    keys, values = np.repeat([0.0, 1, 2, 3], 3), np.arange(12.0)
    assert 0 < select_bandwidth(keys, values) < 1


def test_planes_and_several_labels_have_a_width_too() -> None:
    rng = np.random.default_rng(5)
    keys = rng.uniform(size=(60, 2))
    values = np.column_stack([np.sin(6 * keys[:, 0]), keys[:, 1]])
    assert 0.01 < select_bandwidth(keys, values) < 0.5


def test_a_kernel_of_ones_own_will_do() -> None:
    own = select_bandwidth(X, Y, lambda u: 1 / (1 + u**4))
    assert 0.05 < own < 2


@pytest.mark.parametrize(
    ("keys", "values", "kernel", "message"),
    [
        ([0, 1], [0, 1], "gaussian", "keys must number at least 3 .* got 2"),
        ([2, 2, 2], [1, 2, 3], "gaussian", "3 keys all 0 from each other"),
        (np.eye(3), [1, 2, 3], "gaussian", "keys must differ in how far apart"),
        ([0, 1, 3], [1, 2, 3], "constant", "kernel must depend on distance"),
        ([0, 1, 3], [1, 2, 3], "gausian", "kernel must be one of gaussian"),
        ([0, 1, 3], [1, 2], "gaussian", "values must be one for each key"),
        ([0, 1, nan], [1, 2, 3], "gaussian", "keys must be finite, got nan"),
        ([0, 1, 3], [1, 2, 3], np.zeros_like, "none between"),
        ([0, 1, 3], [1, 2, 3], lambda u: (u > 99) * 1.0, "none between"),
    ],
)
def test_where_no_width_can_be_chosen_the_error_says_why(
    keys: Floats, values: Floats, kernel: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        select_bandwidth(keys, values, kernel)


def test_the_oracle_wants_a_truth_for_each_query() -> None:
    with pytest.raises(
        ValueError, match=r"truth must be one for each query, got \(3,\)"
    ):
        oracle_bandwidth(X, Y, QUERIES, [1.0, 2.0, 3.0])


def test_the_package_exports_the_choice() -> None:
    assert nwdocs.select_bandwidth is select_bandwidth


# Kernels of one effective width


@each_width_kernel
def test_canonical_constants_are_those_of_the_integrals(kernel: str) -> None:
    k = KERNELS[kernel]
    nodes, shares = np.polynomial.legendre.leggauss(200)  # on [-1, 1]
    half = min(k.support, 40.0) / 2
    u = half * (nodes + 1)  # kernels are even: one side will do

    def integral(function: Floats) -> float:
        return 2 * half * float(shares @ function)

    area = integral(k(u))
    energy, variance = integral(k(u) ** 2) / area**2, integral(u**2 * k(u)) / area
    assert k.canonical == pytest.approx((energy / variance**2) ** 0.2, rel=1e-9)


@pytest.mark.parametrize(
    ("kernel", "published"),
    [
        ("gaussian", 0.7764),
        ("boxcar", 1.3510),
        ("triangular", 1.8882),
        ("epanechnikov", 1.7188),
        ("biweight", 2.0362),
    ],
)
def test_canonical_constants_are_the_published_ones(
    kernel: str, published: float
) -> None:
    assert KERNELS[kernel].canonical == pytest.approx(published, abs=5e-5)


def test_the_constant_kernel_has_no_width_to_match() -> None:
    assert isnan(KERNELS["constant"].canonical)
    for arguments in (("constant", "gaussian"), ("gaussian", "constant")):
        with pytest.raises(ValueError, match="got Constant, which has none"):
            matched_bandwidth(1.0, arguments[0], like=arguments[1])


@each_width_kernel
def test_matching_there_and_back_is_where_one_started(kernel: str) -> None:
    there = matched_bandwidth(0.7, kernel)
    assert matched_bandwidth(there, "gaussian", like=kernel) == pytest.approx(0.7)
    assert matched_bandwidth(0.7, kernel, like=kernel) == pytest.approx(0.7)


# The rule that never sees a label


def test_silvermans_rule_is_his_formula() -> None:
    keys = np.arange(1.0, 101)
    expected = 0.9 * min(keys.std(ddof=1), 49.5 / 1.34) * 100**-0.2
    assert rule_of_thumb(keys) == pytest.approx(expected)
    assert rule_of_thumb(keys, "boxcar") == pytest.approx(
        expected * 1.3510 / 0.7764, rel=1e-4
    )


def test_silvermans_rule_copes_when_half_of_the_keys_are_one() -> None:
    keys = np.array([0.0] * 8 + [1.0, 2.0])
    assert rule_of_thumb(keys) == pytest.approx(0.9 * keys.std(ddof=1) * 10**-0.2)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([3.0, 3.0, 3.0], "two numbers that differ, got 3 of 3"),
        ([3.0], "two numbers that differ"),
        ([[1.0, 2.0], [3.0, 4.0]], r"shape \(n,\) for this rule, got \(2, 2\)"),
    ],
)
def test_silvermans_rule_refuses_what_has_no_spread(keys: Floats, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rule_of_thumb(keys)


# How sure the estimate is


def test_standard_errors_of_a_plain_mean_are_the_textbooks() -> None:
    values = np.random.default_rng(1).normal(size=50)
    keys = np.arange(50.0)
    weights = attention_weights([0.0], keys, "constant")
    residuals = leave_one_out(keys, values, "constant")
    expected = values.std(ddof=1) / sqrt(50)
    assert standard_errors(weights, residuals)[0] == pytest.approx(expected, rel=0.02)


def test_standard_errors_are_the_spread_over_repeated_noise() -> None:
    keys = np.linspace(0, 5, 80)
    sigma = 0.2 + 0.3 * keys  # noise that grows along x, as in the real data set
    rng = np.random.default_rng(7)
    queries = np.array([1.0, 2.5, 4.0])
    weights = attention_weights(queries, keys, bandwidth=0.3)
    labels = truth(keys) + sigma * rng.standard_normal((600, 80))
    observed = (labels @ weights.T).std(axis=0)
    stated = np.mean(
        [
            standard_errors(weights, leave_one_out(keys, y, bandwidth=0.3))
            for y in labels
        ],
        axis=0,
    )
    np.testing.assert_allclose(stated, observed, rtol=0.12)


def test_standard_errors_are_silent_only_about_keys_that_are_heard() -> None:
    keys = np.r_[np.linspace(0, 1, 10), 5.0]
    values = np.column_stack([np.sin(keys), np.cos(keys)])
    weights = attention_weights([0.5, 4.9], keys, "epanechnikov", bandwidth=0.5)
    residuals = leave_one_out(keys, values, "epanechnikov", bandwidth=0.5)
    assert np.isnan(residuals[10]).all()
    errors = standard_errors(weights, residuals)
    expected = np.sqrt(np.square(weights[0, :10]) @ np.square(residuals[:10]))
    np.testing.assert_allclose(errors[0], expected, rtol=1e-14)
    assert np.isnan(errors[1]).all()
    tiny = standard_errors(weights, 1e-200 * residuals)
    np.testing.assert_allclose(tiny[0], 1e-200 * errors[0], rtol=1e-14)
    with pytest.raises(ValueError, match="residuals must be one for each key"):
        standard_errors(weights, residuals[:5])


def test_columns_of_labels_have_columns_of_residuals() -> None:
    weights = attention_weights(X, X, bandwidth=0.3)
    alone = closed_form_residuals(Y, weights)
    both = closed_form_residuals(np.column_stack([Y, -2 * Y]), weights)
    np.testing.assert_allclose(both, np.column_stack([alone, -2 * alone]), rtol=1e-12)
    with pytest.raises(ValueError, match=r"weights must have shape \(n, n\)"):
        closed_form_residuals(Y[:5], weights)


# A width for each query


@each_width_kernel
@given(count=st.integers(1, 12), seed=st.integers(0, 20))
def test_so_many_neighbours_are_in_reach_and_no_more(
    kernel: str, count: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    queries, keys = rng.normal(size=(5, 2)), rng.normal(size=(12, 2))
    widths = nearest_neighbour_width(queries, keys, count)
    boxed = attention_weights(queries, keys, "boxcar", bandwidth=widths)
    assert ((boxed > 0).sum(axis=1) == count).all()
    together = attention_weights(queries, keys, kernel, bandwidth=widths)
    for query, width, row in zip(queries, widths, together, strict=True):
        alone = attention_weights([query], keys, kernel, bandwidth=width)
        np.testing.assert_array_equal(row, alone[0])


@pytest.mark.parametrize("count", [0, 4])
def test_neighbours_are_from_one_to_all_keys(count: int) -> None:
    with pytest.raises(
        ValueError, match=r"^neighbours must be at (least 1|most the 3)"
    ):
        nearest_neighbour_width([0.0], [1.0, 2.0, 3.0], count)


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_silvermans_rule_follows_the_unit(unit: float) -> None:
    assert rule_of_thumb(unit * X) == pytest.approx(unit * rule_of_thumb(X))
