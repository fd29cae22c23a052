"""The Gaussian as softmax attention, and its width learned by gradient."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nwdocs import (
    EmptyNeighbourhoodError,
    nadaraya_watson,
    select_bandwidth,
    synthetic_data,
)
from nwdocs.bandwidth import BandwidthWarning, leave_one_out_error
from nwdocs.kernels import Floats
from nwdocs.learned import (
    dot_product_attention,
    gaussian_as_softmax,
    implied_bandwidth,
    key_norm_bias,
    learn_width,
    width_loss,
    width_weights,
)
from nwdocs.measures import effective_keys
from nwdocs.optimise import descend
from nwdocs.softmax import softmax
from nwdocs.study.ensembles import own_widths


def problem(dimensions: int, seed: int = 0) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    return (
        rng.standard_normal((7, dimensions)),
        rng.standard_normal((11, dimensions)),
        rng.standard_normal((11, 3)),
    )


# The identity


@pytest.mark.parametrize("dimensions", [1, 2, 8])
@pytest.mark.parametrize("bandwidth", [0.2, 1.0, 3.0])
def test_the_gaussian_is_softmax_attention_with_a_key_norm_bias(
    dimensions: int, bandwidth: float
) -> None:
    queries, keys, values = problem(dimensions)
    ours = gaussian_as_softmax(queries, keys, values, bandwidth=bandwidth)
    kernel = nadaraya_watson(queries, keys, values, bandwidth=bandwidth)
    for softmaxed, pooled in zip(ours, kernel, strict=True):
        np.testing.assert_allclose(softmaxed, pooled, rtol=0, atol=1e-12)


def test_plain_numbers_are_points_on_a_line() -> None:
    data = synthetic_data()
    ours = gaussian_as_softmax(data.x_val, data.x_train, data.y_train, bandwidth=0.5)
    kernel = nadaraya_watson(data.x_val, data.x_train, data.y_train, bandwidth=0.5)
    np.testing.assert_allclose(ours[0], kernel[0], rtol=0, atol=1e-12)


def test_without_the_bias_long_keys_are_favoured() -> None:
    queries, keys, values = problem(2)
    kernel, _ = nadaraya_watson(queries, keys, values)
    unbiased, _ = dot_product_attention(queries, keys, values, scale=1.0)
    assert np.abs(unbiased - kernel).max() > 0.1


def test_keys_of_one_length_need_no_bias() -> None:
    queries, keys, values = problem(4)
    keys = 1.7 * keys / np.linalg.norm(keys, axis=1, keepdims=True)
    kernel, _ = nadaraya_watson(queries, keys, values, bandwidth=0.8)
    unbiased, _ = dot_product_attention(queries, keys, values, scale=0.8**-2)
    np.testing.assert_allclose(unbiased, kernel, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dimensions", [1, 2, 16, 64])
def test_the_usual_scaling_is_the_bandwidth_d_to_the_quarter(dimensions: int) -> None:
    queries, keys, values = problem(dimensions)
    sigma = implied_bandwidth(dimensions)
    assert sigma**4 == pytest.approx(dimensions)
    kernel, _ = nadaraya_watson(queries, keys, values, bandwidth=sigma)
    usual, _ = dot_product_attention(
        queries, keys, values, bias=key_norm_bias(keys, sigma)
    )
    np.testing.assert_allclose(usual, kernel, rtol=0, atol=1e-12)


def test_softmax_takes_scores_of_any_size() -> None:
    scores = np.array([[1e4, 1e4 - 1, -np.inf], [-1e4, -1e4, -1e4]])
    shares = softmax(scores)
    e = np.exp(-1)
    np.testing.assert_allclose(shares, [[1 / (1 + e), e / (1 + e), 0], [1 / 3] * 3])
    np.testing.assert_array_equal(scores[0, :2], [1e4, 1e4 - 1], "its input is kept")


def test_bad_input_is_refused_as_the_estimator_refuses_it() -> None:
    with pytest.raises(ValueError, match="values must be one for each key"):
        gaussian_as_softmax([0.0], [1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="bandwidth must be positive"):
        gaussian_as_softmax([0.0], [1.0], [1.0], bandwidth=0)


def test_the_softmax_identity_raises_what_the_estimator_raises() -> None:
    with pytest.raises(ValueError, match="queries and keys must have the same dim"):
        gaussian_as_softmax([[0.0, 1.0]], [[0.0], [1.0]], [0.0, 1.0])
    with pytest.raises(
        ValueError, match=r"bandwidth must be wide enough .* got 1e-160"
    ):
        gaussian_as_softmax([0.0, 1.0], [0.0, 1.0], [0.0, 1.0], bandwidth=1e-160)
    wide, _ = gaussian_as_softmax([0.0, 1.0], [0.0, 1.0], [0.0, 1.0], bandwidth=1e200)
    assert wide.tolist() == [0.5, 0.5]


def test_a_query_without_any_key_is_told_or_nan() -> None:
    q, k, v = problem(3)
    mask = np.ones((7, 11), dtype=bool)
    mask[2] = False
    with pytest.raises(EmptyNeighbourhoodError, match="1 of 7 queries have no key"):
        dot_product_attention(q, k, v, mask=mask)
    estimates, weights = dot_product_attention(q, k, v, mask=mask, empty="nan")
    assert np.isnan(estimates[2]).all()
    assert np.isnan(weights[2]).all()
    rest = [0, 1, 3, 4, 5, 6]
    expected, _ = dot_product_attention(q[rest], k, v)
    np.testing.assert_allclose(estimates[rest], expected, rtol=1e-13)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"bias": np.ones((7, 11), bool)}, TypeError, "dtype bool. Is it a mask=?"),
        ({"mask": np.ones((7, 11))}, TypeError, "mask must hold True and False"),
        ({"bias": np.full(11, np.nan)}, ValueError, "finite scores, got nan"),
        ({"scale": np.inf}, ValueError, "must give finite scores"),
        ({"queries": np.ones((7, 2))}, ValueError, "queries and keys must have shapes"),
        ({"queries": np.ones(3)}, ValueError, "queries and keys must have shapes"),
        ({"values": np.ones(7)}, ValueError, "values must be one for each key"),
        ({"keys": np.ones((2, 11, 3))}, ValueError, "leading axes the same"),
    ],
)
def test_dot_product_attention_refuses(
    change: dict[str, Any], error: type[Exception], message: str
) -> None:
    q, k, v = problem(3)
    given: dict[str, Any] = {"queries": q, "keys": k, "values": v} | change
    with pytest.raises(error, match=message):
        dot_product_attention(**given)


# Against PyTorch, whose attention this claims to be


@pytest.mark.parametrize("dimensions", [1, 3, 8])
@pytest.mark.parametrize("bandwidth", [0.3, 1.0, 2.5])
def test_nadaraya_watson_is_pytorchs_scaled_dot_product_attention(
    torch: ModuleType, dimensions: int, bandwidth: float
) -> None:
    queries, keys, values = problem(dimensions, seed=1)
    q, k, v = (torch.from_numpy(a) for a in (queries, keys, values))
    bias = -(k**2).sum(dim=1) / (2 * bandwidth**2)
    theirs = torch.nn.functional.scaled_dot_product_attention(
        q, k, v, attn_mask=bias.expand(len(q), -1), scale=bandwidth**-2
    )
    ours, _ = nadaraya_watson(queries, keys, values, bandwidth=bandwidth)
    np.testing.assert_allclose(theirs.numpy(), ours, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dimensions", [4, 64])
def test_pytorchs_usual_scaling_is_the_bandwidth_d_to_the_quarter(
    torch: ModuleType, dimensions: int
) -> None:
    queries, keys, values = problem(dimensions, seed=2)
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)  # one length: no bias
    theirs = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(a) for a in (queries, keys, values))
    )
    ours, _ = nadaraya_watson(queries, keys, values, bandwidth=dimensions**0.25)
    np.testing.assert_allclose(theirs.numpy(), ours, rtol=0, atol=1e-12)
    here, _ = dot_product_attention(queries, keys, values)
    np.testing.assert_allclose(theirs.numpy(), here, rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", [(), (2,), (2, 3)])
@pytest.mark.parametrize("masked", [False, True])
def test_batches_biases_and_masks_are_pytorchs(
    torch: ModuleType, shape: tuple[int, ...], masked: bool
) -> None:
    rng = np.random.default_rng(5)
    q, k, v = (rng.standard_normal((*shape, n, m)) for n, m in ((4, 3), (6, 3), (6, 2)))
    extra: dict[str, Any] = {"bias": rng.standard_normal((4, 6))}
    if masked:
        extra = {"mask": rng.random((4, 6)) < 0.6}
        extra["mask"][:, 0] = True
    (added,) = extra.values()
    theirs = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(a) for a in (q, k, v)), attn_mask=torch.from_numpy(added)
    )
    ours, weights = dot_product_attention(q, k, v, **extra)
    np.testing.assert_allclose(theirs.numpy(), ours, rtol=0, atol=1e-12)
    assert weights.shape == (*shape, 4, 6)
    if masked:
        assert (weights[..., ~added] == 0).all()
    flat, _ = dot_product_attention(q, k, v[..., 0], **extra)
    np.testing.assert_allclose(flat, ours[..., 0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("leave_out", [True, False])
def test_pytorchs_gradient_is_the_one_by_hand(
    torch: ModuleType, leave_out: bool
) -> None:
    data = synthetic_data(15, seed=2)
    log_widths = np.random.default_rng(0).normal(-0.5, 0.3, 15)
    x, y = (torch.from_numpy(a) for a in (data.x_train, data.y_train))
    s = torch.from_numpy(log_widths).requires_grad_()
    scores = -0.5 * ((x[:, None] - x) * torch.exp(-s)) ** 2
    if leave_out:
        scores = scores.masked_fill(torch.eye(15, dtype=torch.bool), -torch.inf)
    theirs = ((y - torch.softmax(scores, dim=1) @ y) ** 2).mean()
    theirs.backward()
    loss, gradient = width_loss(
        data.x_train, data.y_train, log_widths, leave_out=leave_out
    )
    assert loss == pytest.approx(theirs.item())
    assert s.grad is not None
    np.testing.assert_allclose(gradient, s.grad.numpy(), rtol=1e-10, atol=1e-14)


# Learning the width


@pytest.mark.parametrize("leave_out", [True, False])
@pytest.mark.parametrize("shared", [True, False])
@given(seed=st.integers(0, 50))
def test_the_gradient_is_the_slope_of_the_loss(
    leave_out: bool, shared: bool, seed: int
) -> None:
    data = synthetic_data(9, seed=seed)
    rng = np.random.default_rng(seed)
    here = rng.normal(-0.3, 0.3, 1 if shared else 9)

    def loss(log_widths: Floats) -> float:
        return float(
            width_loss(data.x_train, data.y_train, log_widths, leave_out=leave_out).loss
        )

    step = 1e-5
    nudges = step * np.eye(len(here))
    slopes = [(loss(here + e) - loss(here - e)) / (2 * step) for e in nudges]
    gradient = width_loss(
        data.x_train, data.y_train, here, leave_out=leave_out
    ).gradient
    np.testing.assert_allclose(gradient, slopes, rtol=1e-5, atol=1e-8)


def test_the_loss_is_the_leave_one_out_error() -> None:
    data = synthetic_data()
    loss, _ = width_loss(data.x_train, data.y_train, np.log([0.4]))
    expected = leave_one_out_error(data.x_train, data.y_train, bandwidth=0.4)
    assert loss == pytest.approx(expected)


def test_equal_widths_are_one_shared_width() -> None:
    data = synthetic_data()
    shared = width_loss(data.x_train, data.y_train, np.log([0.4]))
    own = width_loss(data.x_train, data.y_train, np.full(40, np.log(0.4)))
    assert own.loss == pytest.approx(shared.loss)
    assert own.gradient.sum() == pytest.approx(shared.gradient.sum())
    weights = width_weights(data.x_val, data.x_train, np.log([0.4]))
    _, expected = nadaraya_watson(data.x_val, data.x_train, data.y_train, bandwidth=0.4)
    np.testing.assert_allclose(weights, expected, rtol=1e-9, atol=1e-15)


def test_data_sets_side_by_side_are_what_they_are_alone() -> None:
    sets = [synthetic_data(12, seed=s) for s in (0, 1)]
    keys, values = (np.stack(a) for a in zip(*(d[:2] for d in sets), strict=True))
    log_widths = np.random.default_rng(0).normal(size=(2, 12))
    both = width_loss(keys, values, log_widths)
    for i in (0, 1):
        alone = width_loss(keys[i], values[i], log_widths[i])
        assert both.loss[i] == pytest.approx(alone.loss)
        np.testing.assert_allclose(both.gradient[i], alone.gradient, rtol=1e-10)


@pytest.mark.parametrize("seed", range(8))
def test_descent_reaches_the_width_of_cross_validation(seed: int) -> None:
    data = synthetic_data(seed=seed)
    descent = learn_width(data.x_train, data.y_train)
    chosen = select_bandwidth(data.x_train, data.y_train)
    assert np.exp(descent.final[0]) == pytest.approx(chosen, rel=1e-5)


@pytest.mark.parametrize("unit", [1e-300, 1e-100, 1e-6, 1e100, 1e300])
def test_the_width_learned_does_not_depend_on_the_labels_unit(unit: float) -> None:
    data = synthetic_data()
    expected = learn_width(data.x_train, data.y_train, steps=60)
    scaled = learn_width(data.x_train, unit * data.y_train, steps=60)
    np.testing.assert_allclose(scaled.final, expected.final, rtol=1e-9)
    raised = learn_width(data.x_train, 1e4 + data.y_train, steps=60)
    np.testing.assert_allclose(raised.final, expected.final, rtol=1e-6)


@pytest.mark.parametrize("start", [1e-200, 1e-6, 1e-3, 1e9, 1e200])
def test_a_start_from_which_nothing_can_be_learned_is_told(start: float) -> None:
    keys, values = np.arange(20.0), np.sin(np.arange(20.0))
    with pytest.raises(ValueError, match="start must be a width at which the loss cha"):
        learn_width(keys, values, start=start)


@pytest.mark.parametrize("start", [0, -1.0, np.nan, np.inf])
def test_a_start_is_a_positive_number(start: float) -> None:
    with pytest.raises(ValueError, match="start must be positive and finite"):
        learn_width(np.arange(4.0), np.arange(4.0), start=start)


def test_a_descent_that_ends_on_a_plateau_is_told() -> None:
    data = synthetic_data()
    keys, values = np.r_[data.x_train, data.x_train], np.r_[data.y_train, data.y_train]
    with pytest.warns(BandwidthWarning, match="it is no minimum"):
        learn_width(keys, values, steps=600, rate=0.2)


def test_equal_labels_leave_the_width_where_it_was() -> None:
    descent = learn_width(np.arange(5.0), np.full(5, 7.0), start=0.5, steps=5)
    assert descent.final == pytest.approx(np.log(0.5))


def test_without_leaving_out_the_width_collapses_and_labels_are_memorised() -> None:
    data = synthetic_data()
    descent = learn_width(data.x_train, data.y_train, leave_out=False)
    width = np.exp(descent.final[0])
    assert width < 0.01
    assert descent.losses[-1] < 0.01 * descent.losses[0]
    weights = width_weights(data.x_train, data.x_train, np.log([width]))
    assert effective_keys(weights).mean() < 1.1


def test_a_width_for_each_key_overfits() -> None:
    found = own_widths()
    assert (found.own_loss < found.shared_loss).all(), "it looks better on every set"
    gain = found.shared_loss.mean() - found.own_loss.mean()
    assert gain == pytest.approx(1.176 - 0.935, abs=0.05)  # an independent run's
    worse = (found.own_error > found.shared_error).mean()
    assert worse - 0.5 > 2 * np.sqrt(0.25 / 200), "and is worse on most"
    assert worse == pytest.approx(0.63, abs=3 * np.sqrt(2 * 0.25 / 200))
    assert found.own_error.mean() > found.shared_error.mean()


# Descent


def test_descent_finds_the_bottom_of_a_long_bowl() -> None:
    target, steepness = np.array([1.0, -2.0]), np.array([1.0, 50.0])

    def bowl(at: Floats) -> tuple[Floats, Floats]:
        away = at - target
        return steepness @ away**2, 2 * steepness * away

    descent = descend(bowl, np.zeros(2), steps=400, rate=0.1)
    np.testing.assert_allclose(descent.final, target, atol=1e-4)
    assert descent.parameters.shape == (401, 2)
    assert descent.losses.shape == (401,)
    np.testing.assert_array_equal(descent.parameters[0], [0, 0])
    assert descent.losses[0] == pytest.approx(201)
    assert descent.losses[-1] < 1e-6


def test_the_first_step_is_of_the_stated_size() -> None:
    descent = descend(
        lambda x: (x.sum(), np.ones_like(x)), np.zeros(3), steps=5, rate=0.2
    )
    np.testing.assert_allclose(descent.parameters[1], -0.2, rtol=1e-6)


@pytest.mark.parametrize("steepness", [1e-200, 1.0, 1e200])
def test_steps_do_not_depend_on_the_unit_of_the_loss(steepness: float) -> None:
    descent = descend(
        lambda x: (steepness * np.abs(x).sum(), steepness * np.sign(x)),
        np.array([1.0, 0.0]),
        steps=4,
        rate=0.1,
    )
    assert descent.parameters[:, 0] == pytest.approx([1, 0.9, 0.825, 0.775, 0.75])
    assert (descent.parameters[:, 1] == 0).all(), "no gradient, no step"
