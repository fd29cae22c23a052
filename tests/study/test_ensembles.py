"""Experiments over many data sets: one by one, by laws, and by somebody else's run."""

from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from nwdocs import nadaraya_watson
from nwdocs.attention import attention_weights
from nwdocs.bandwidth import leave_one_out_error
from nwdocs.data import synthetic_data, truth
from nwdocs.kernels import DECK_BANDWIDTHS, Floats
from nwdocs.measures import effective_keys, rmse, roughness, total_variation
from nwdocs.study import ensembles as experiments
from nwdocs.study.ensembles import SETS, SIZES, Setting, matched, summarise, trial

pytestmark = pytest.mark.slow

#: What the deck's own code gave, in PyTorch with its generator, over 200 seeds.
INDEPENDENT_SETS = 200

#: More standard errors than this apart is not chance.
LIMIT = 3.5


def assert_agrees(
    ours: Floats,
    theirs: float,
    *,
    their_sets: int = INDEPENDENT_SETS,
    their_sd: float | None = None,
    digits: int = 3,
) -> None:
    """The mean of ours is theirs within sampling error, and theirs was rounded."""
    mean, sd, sets = summarise(ours)
    error = sqrt(sd**2 / sets + (their_sd or sd) ** 2 / their_sets)
    assert abs(mean - theirs) < LIMIT * error + 0.5 * 10**-digits, (
        f"{mean:.4g} against {theirs:.4g}, standard error {error:.2g}"
    )


# Against the independent run


@pytest.mark.parametrize(
    ("kernel", "mean", "sd"),
    [
        ("gaussian", 0.664, 0.099),
        ("boxcar", 0.504, 0.109),
        ("triangular", 0.401, 0.114),
        ("constant", 0.947, 0.028),
    ],
)
def test_errors_by_kernel_agree_with_the_independent_run(
    kernel: str, mean: float, sd: float
) -> None:
    errors = trial(Setting(kernel)).error
    assert_agrees(errors, mean, their_sd=sd)
    assert 0.6 < summarise(errors).sd / sd < 1.5


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("gaussian", "boxcar", 0.269),
        ("gaussian", "triangular", 0.351),
        ("boxcar", "triangular", 0.232),
    ],
)
def test_differences_in_attention_agree_with_the_independent_run(
    one: str, other: str, share: float
) -> None:
    assert_agrees(experiments.difference(Setting(one), Setting(other)), share)


@pytest.mark.parametrize(
    ("kernel", "keys"),
    [("gaussian", 25.4), ("boxcar", 14.4), ("triangular", 12.1), ("constant", 40)],
)
def test_effective_keys_agree_with_the_independent_run(
    kernel: str, keys: float
) -> None:
    assert_agrees(experiments.keys_used(Setting(kernel)), keys, digits=1)


@pytest.mark.parametrize(
    ("bandwidth", "error", "rough"),
    [(0.1, 0.644, 9.99), (0.2, 0.471, 0.579), (0.5, 0.422, 0.011), (1.0, 0.664, 0.001)],
)
def test_errors_and_roughness_by_width_agree_with_the_independent_run(
    bandwidth: float, error: float, rough: float
) -> None:
    ours = trial(Setting(bandwidth=bandwidth))
    assert_agrees(ours.error, error)
    assert_agrees(ours.roughness, rough, digits=2 if rough > 1 else 3)


def test_errors_at_the_edges_agree_with_the_independent_run() -> None:
    ours = trial(Setting(bandwidth=1.0))
    assert_agrees(ours.error_edges, 1.12, digits=2)
    assert_agrees(ours.error_inside, 0.48, digits=2)


def test_spreads_over_kernels_and_widths_agree_with_the_independent_run() -> None:
    by_width = [Setting(bandwidth=h) for h in DECK_BANDWIDTHS]
    at_one = [Setting(kernel) for kernel in experiments.WORKING_KERNELS]
    assert_agrees(experiments.error_spread(by_width), 0.31, digits=2)
    assert_agrees(experiments.error_spread(at_one), 0.27, digits=2)


@pytest.mark.parametrize("width", [0.2, 0.3, 0.5])
def test_matched_kernels_agree_with_the_independent_run(width: float) -> None:
    gaussian, boxcar, triangular = (
        matched(kernel, width) for kernel in experiments.WORKING_KERNELS
    )
    assert experiments.difference(gaussian, triangular).mean() == pytest.approx(
        0.05, abs=0.005
    )
    assert experiments.difference(gaussian, boxcar).mean() == pytest.approx(
        0.18, abs=0.01
    )
    spread = experiments.error_spread([gaussian, boxcar, triangular])
    assert 0.03 < spread.mean() < 0.045


# One data set at a time


@pytest.mark.parametrize(
    "setting", [Setting(), Setting("boxcar", 0.9), Setting("laplace", 0.2)]
)
def test_many_at_once_are_what_they_are_one_by_one(setting: Setting) -> None:
    ours = trial(setting)
    for seed in (0, 7, SETS - 1):
        data = synthetic_data(seed=seed)
        curve, weights = nadaraya_watson(
            data.x_val,
            data.x_train,
            data.y_train,
            setting.kernel,
            bandwidth=setting.bandwidth,
        )
        at_edge = (data.x_val < 0.5) | (data.x_val >= 4.5)
        expected = [
            rmse(curve, data.y_val),
            rmse(curve[at_edge], data.y_val[at_edge]),
            rmse(curve[~at_edge], data.y_val[~at_edge]),
            rmse(weights @ truth(data.x_train), data.y_val),
            roughness(curve),
            rmse(curve, np.full(50, data.y_train.mean())),
            0,
        ]
        np.testing.assert_allclose([field[seed] for field in ours], expected, rtol=1e-9)
        used = experiments.keys_used(setting)[seed]
        assert used == pytest.approx(effective_keys(weights).mean())


def test_differences_are_what_they_are_one_by_one() -> None:
    ours = experiments.difference(Setting("gaussian"), Setting("boxcar", 2.0))
    data = synthetic_data(seed=5)
    first = attention_weights(data.x_val, data.x_train)
    second = attention_weights(data.x_val, data.x_train, "boxcar", bandwidth=2.0)
    assert ours[5] == pytest.approx(total_variation(first, second).mean())


def test_queries_that_nobody_answers_are_counted_and_left_out() -> None:
    narrow = trial(Setting("boxcar", 0.1))
    assert narrow.unanswered.sum() > 0
    used = experiments.keys_used(Setting("boxcar", 0.1))
    for field in (narrow.error, narrow.error_edges, narrow.from_mean, used):
        assert np.isfinite(field).all()
    seed = int(narrow.unanswered.argmax())
    data = synthetic_data(seed=seed)
    curve, _ = nadaraya_watson(
        data.x_val, data.x_train, data.y_train, "boxcar", bandwidth=0.1, empty="nan"
    )
    answered = ~np.isnan(curve)
    assert narrow.unanswered[seed] == np.sum(~answered)
    assert narrow.error[seed] == pytest.approx(
        rmse(curve[answered], data.y_val[answered])
    )


def test_left_out_and_training_errors_are_those_of_each_data_set() -> None:
    widths = np.array([0.05, 0.3, 2.0])
    left_out, training = experiments.left_out(widths), experiments.training(widths)
    for seed in (0, 11):
        data = synthetic_data(seed=seed)
        for b, h in enumerate(widths):
            expected = leave_one_out_error(data.x_train, data.y_train, bandwidth=h)
            assert left_out[b, seed] == pytest.approx(expected)
            fitted, _ = nadaraya_watson(
                data.x_train, data.x_train, data.y_train, bandwidth=h
            )
            assert training[b, seed] == pytest.approx(rmse(fitted, data.y_train) ** 2)


def test_expected_errors_are_what_noise_gives_on_average() -> None:
    data = experiments.ensemble(n=60, sets=2)
    widths, expected = experiments.expected_errors(data)
    noise = np.random.default_rng(3).standard_normal((60, 40_000))
    for b in (4, 12, 20):
        for s, keys in enumerate(data.keys):
            weights = attention_weights(data.queries, keys, bandwidth=widths[b])
            values = truth(keys)[:, None] + noise
            missed = weights @ values - data.truth[:, None]
            np.testing.assert_allclose(
                expected[b, s], np.square(missed).mean(axis=1), rtol=0.05
            )


def test_the_best_width_has_the_least_expected_error() -> None:
    n = 160
    data = experiments.ensemble(n, SIZES[n])
    per_group = SIZES[n] // experiments.GROUPS
    group = data.keys[:per_group]
    inside = ~experiments.edges(data.queries)

    def error(width: float) -> float:
        errors = []
        for keys in group:
            weights = attention_weights(data.queries, keys, bandwidth=width)
            bias = weights @ truth(keys) - data.truth
            errors.append(np.square(bias) + np.square(weights).sum(axis=1))
        return float(np.mean(errors, axis=0)[inside].mean())

    best = experiments.best_widths(n).inside[0]
    assert error(best) < min(error(0.9 * best), error(1.1 * best))


@pytest.mark.parametrize("width", [0.1, 0.5])
def test_sharpness_is_that_of_each_data_set(width: float) -> None:
    for seed in (0, SETS - 1):
        data = synthetic_data(seed=seed)
        weights = attention_weights(data.x_val, data.x_train, bandwidth=width)
        ours = experiments.sharpness(Setting(bandwidth=width))[seed]
        assert ours == pytest.approx(np.square(weights).sum(axis=1).mean())


# Laws


def test_error_is_squared_bias_plus_variance() -> None:
    tried = experiments.sweep()
    np.testing.assert_allclose(
        tried.error.mean(axis=1),
        tried.bias_squared.mean(axis=1) + tried.variance.mean(axis=1),
        rtol=1e-12,
    )


def test_edges_and_inside_make_up_the_whole() -> None:
    tried = experiments.sweep()
    share = experiments.edges(experiments.ensemble().queries).mean()
    assert share == 0.2
    np.testing.assert_allclose(
        tried.error, share * tried.error_edges + (1 - share) * tried.error_inside
    )


def test_wider_is_more_biased_and_varies_less() -> None:
    tried = experiments.sweep()
    resolved = tried.widths > 0.1  # below, the mean of 200 curves is itself uncertain
    assert (np.diff(tried.bias_squared.mean(axis=1)[resolved]) > 0).all()
    assert (np.diff(tried.variance.mean(axis=1)) < 0).all()


def test_no_choice_beats_the_oracle_and_the_training_error_picks_the_narrowest() -> (
    None
):
    found = experiments.choices()
    for name in ("leave one out", "training error"):
        assert (found[name].error >= found["oracle"].error).all()
    assert (found["training error"].width == experiments.sweep().widths[0]).all()


def test_memorising_has_the_known_error() -> None:
    """At a vanishing width one key answers alone: its noise, and a little bias."""
    narrowest = trial(Setting(bandwidth=1e-3))
    assert_agrees(narrowest.error, 0.97, digits=2)
    used = experiments.keys_used(Setting(bandwidth=1e-3))
    assert used.mean() == pytest.approx(1, abs=0.01)


def test_local_linear_mends_the_edges_and_does_not_harm_the_inside() -> None:
    setting = Setting(bandwidth=0.5)
    data, plain = experiments.ensemble(), trial(setting)
    curves = experiments.local_linear_estimates(setting)
    at_edge = experiments.edges(data.queries)

    def error(where: NDArray[np.bool_]) -> float:
        return float(np.mean([rmse(c[where], data.truth[where]) for c in curves]))

    bias_there = np.abs(curves.mean(axis=0) - data.truth)[at_edge].mean()
    plain_bias = np.abs(experiments.estimates(setting).mean(axis=0) - data.truth)[
        at_edge
    ].mean()
    assert bias_there < 0.4 * plain_bias
    assert error(at_edge) < 0.9 * plain.error_edges.mean()
    assert error(~at_edge) < plain.error_inside.mean()


def test_best_width_shrinks_by_a_power_that_depends_on_where_one_looks() -> None:
    """n^(-1/5) inside, n^(-1/3) at an end point; between, where a region has both."""
    found = {n: experiments.best_widths(n) for n in SIZES}

    def line(region: str) -> experiments.Line:
        samples = {n: getattr(best, region) for n, best in found.items()}
        return experiments.log_log_line(samples)

    assert line("inside").slope == pytest.approx(-1 / 5, abs=0.015)
    assert line("end").slope == pytest.approx(-1 / 3, abs=0.015)
    for region in ("everywhere", "edges"):
        fit = line(region)
        assert fit.slope - 3 * fit.slope_se > -1 / 3, region
        assert fit.slope + 3 * fit.slope_se < -1 / 4, region


def test_a_line_through_a_power_law_is_the_power_law() -> None:
    samples = {n: 3 * n**-0.4 * np.array([0.9, 1.0, 1.1]) for n in (10, 50, 900)}
    fit = experiments.log_log_line(samples)
    assert fit.slope == pytest.approx(-0.4)
    np.testing.assert_allclose(fit.at(np.array([7.0])), 3 * 7**-0.4)


def test_the_same_data_sets_serve_every_setting() -> None:
    data = experiments.ensemble()
    for seed in (0, 1, SETS - 1):
        expected = synthetic_data(seed=seed)
        np.testing.assert_array_equal(data.keys[seed], expected.x_train)
        np.testing.assert_array_equal(data.values[seed], expected.y_train)


def test_summaries_are_mean_and_sample_deviation() -> None:
    summary = summarise(np.array([1.0, 2.0, 3.0, 6.0]))
    assert summary.mean == 3
    assert summary.sd == pytest.approx(sqrt(14 / 3))
    assert summary.se == pytest.approx(sqrt(14 / 3) / 2)
    assert str(summary) == "3 ± 2.2"


def test_the_working_kernels_are_the_decks_that_heed_distance() -> None:
    assert experiments.WORKING_KERNELS == ("gaussian", "boxcar", "triangular")
    pairs = list(combinations(experiments.WORKING_KERNELS, 2))
    assert len(pairs) == 3
