"""The deck's comparisons over many data sets, instead of over one.

Every setting is tried on the same data sets (common random numbers), so that what
differs between two settings is the settings. Data set s is ``synthetic_data(seed=s)``.
Results are kept: pages and figures ask again for free.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nwdocs.attention import nadaraya_watson, pool
from nwdocs.bandwidth import (
    leave_one_out_error,
    local_linear,
    matched_bandwidth,
    rule_of_thumb,
)
from nwdocs.data import DOMAIN, synthetic_data, truth
from nwdocs.kernels import DECK_KERNELS, KERNELS, Floats
from nwdocs.learned import learn_width, width_weights
from nwdocs.measures import effective_keys, rmse, roughness, total_variation
from nwdocs.once import once

__all__ = [
    "EDGE",
    "FITTING_WIDTH",
    "GROUPS",
    "SETS",
    "SIZES",
    "WORKING_KERNELS",
    "BestWidths",
    "Choice",
    "Ensemble",
    "Line",
    "OwnWidths",
    "Setting",
    "Summary",
    "Sweep",
    "Trial",
    "best_widths",
    "choices",
    "difference",
    "edges",
    "ensemble",
    "error_spread",
    "estimates",
    "expected_by_width",
    "expected_errors",
    "keys_used",
    "left_out",
    "local_linear_estimates",
    "log_log_line",
    "matched",
    "own_widths",
    "sharpness",
    "summarise",
    "sweep",
    "training",
    "trial",
    "vertex",
    "weights",
]

#: How many data sets each comparison uses.
SETS = 200

#: Queries nearer than this to an end of the domain are at the edges, all others inside.
EDGE = 0.5

#: Sample size -> how many data sets of that size show how the best width shrinks.
SIZES = {40: 400, 160: 160, 640: 60, 2560: 20}

#: Into how many equal groups those data sets are divided.
GROUPS = 10

#: A Gaussian width that suits these data, a little below the best one on average.
FITTING_WIDTH = 0.3

#: The deck's kernels that heed distance, by name.
WORKING_KERNELS = tuple(
    name for name, kernel in DECK_KERNELS.items() if np.isfinite(kernel.canonical)
)


class Setting(NamedTuple):
    """What is tried: a registered kernel's name, and a bandwidth."""

    kernel: str = "gaussian"
    bandwidth: float = 1.0


class Ensemble(NamedTuple):
    """Data sets side by side, all judged at the same queries."""

    keys: Floats  # (S, K), each row sorted
    values: Floats  # (S, K)
    queries: Floats  # (Q,)
    truth: Floats  # (Q,)


class Trial(NamedTuple):
    """One setting's results, a number for each data set: every field is (S,).

    Queries that no key reaches are left out of the averages and counted instead.
    """

    error: Floats  # RMSE to the truth
    error_edges: Floats
    error_inside: Floats
    noiseless: Floats  # RMSE to the truth of the estimate from labels without noise
    roughness: Floats
    from_mean: Floats  # root mean square distance of the curve from the labels' mean
    unanswered: Floats  # how many of the queries


class Summary(NamedTuple):
    """A quantity over data sets: its mean, and how far one data set is from it."""

    mean: float
    sd: float
    sets: int

    @property
    def se(self) -> float:
        """Standard error: how far the mean may be from that of all data sets."""
        return self.sd / sqrt(self.sets)

    def __str__(self) -> str:
        return f"{self.mean:.3g} ± {self.sd:.2g}"


def summarise(samples: Floats | NDArray[np.bool_]) -> Summary:
    """Mean and standard deviation of one number for each data set, (S,), S >= 2.

    Of a yes or no for each, the mean is the share of yes.
    """
    return Summary(
        float(np.mean(samples)), float(np.std(samples, ddof=1)), len(samples)
    )


@cache
def ensemble(n: int = 40, sets: int = SETS) -> Ensemble:
    """The data sets with seeds 0, 1, ..., `sets` - 1, of `n` points each."""
    drawn = [synthetic_data(n, seed=seed) for seed in range(sets)]
    return Ensemble(
        np.stack([d.x_train for d in drawn]),
        np.stack([d.y_train for d in drawn]),
        drawn[0].x_val,
        drawn[0].y_val,
    )


def edges(queries: Floats) -> NDArray[np.bool_]:
    """Which of the queries (Q,) lie at the edges of the domain, shape (Q,)."""
    low, high = DOMAIN
    return (queries < low + EDGE) | (queries >= high - EDGE)


@lru_cache(maxsize=16)
def weights(setting: Setting) -> Floats:
    """Attention weights in every data set, (S, Q, K); NaN rows where no key is near."""
    pooled = _weights(setting, ensemble())
    pooled.setflags(write=False)  # it is kept for whoever asks next
    return pooled


def _weights(setting: Setting, data: Ensemble) -> Floats:
    distance = np.abs(data.queries[:, None] - data.keys[:, None, :])
    rows = distance.reshape(-1, distance.shape[-1])  # the estimator takes one matrix
    pooled = pool(rows, KERNELS[setting.kernel], setting.bandwidth)
    return pooled.reshape(distance.shape)


def estimates(setting: Setting, data: Ensemble | None = None) -> Floats:
    """The estimated curve in every data set, (S, Q); NaN where no key is near."""
    if data is None:
        return _average(weights(setting), ensemble().values)
    return _average(_weights(setting, data), data.values)


def local_linear_estimates(setting: Setting) -> Floats:
    """As `estimates`, by the local-linear estimator."""
    data = ensemble()
    curves = [
        local_linear(
            data.queries,
            keys,
            values,
            setting.kernel,
            bandwidth=setting.bandwidth,
            empty="nan",
        )
        for keys, values in zip(data.keys, data.values, strict=True)
    ]
    return np.stack(curves)


@once
def trial(setting: Setting) -> Trial:
    """Try one setting on all data sets and measure what it does."""
    data = ensemble()
    curves = estimates(setting)
    at_edges = edges(data.queries)
    means = np.broadcast_to(data.values.mean(axis=1, keepdims=True), curves.shape)
    everywhere = np.full_like(at_edges, True)
    return Trial(
        error=_errors(curves, data.truth, everywhere),
        error_edges=_errors(curves, data.truth, at_edges),
        error_inside=_errors(curves, data.truth, ~at_edges),
        noiseless=_errors(
            _average(weights(setting), truth(data.keys)), data.truth, everywhere
        ),
        roughness=np.array([roughness(curve) for curve in curves]),
        from_mean=np.sqrt(np.nanmean(np.square(curves - means), axis=1)),
        unanswered=np.isnan(curves).sum(axis=1).astype(float),
    )


@once
def keys_used(setting: Setting) -> Floats:
    """Effective number of keys, averaged over each data set's queries, (S,)."""
    pooled = weights(setting)
    used = effective_keys(pooled.reshape(-1, pooled.shape[-1]))
    return np.nanmean(used.reshape(pooled.shape[:2]), axis=1)


@once
def sharpness(setting: Setting) -> Floats:
    """Sum of squared weights, averaged over each data set's queries, (S,).

    From 1/K, where all K keys count alike, to 1, where one key has all the weight. It is
    also the estimate's variance for given keys, in units of the noise's.
    """
    return np.asarray(np.nanmean(np.square(weights(setting)).sum(axis=-1), axis=1))


@once
def difference(one: Setting, other: Setting) -> Floats:
    """Share of attention that two settings place differently, (S,).

    Total variation between their weights, averaged over the queries.
    """
    first, second = (
        weights(s).reshape(-1, ensemble().keys.shape[1]) for s in (one, other)
    )
    return np.nanmean(total_variation(first, second).reshape(SETS, -1), axis=1)


def error_spread(settings: Iterable[Setting]) -> Floats:
    """Worst error minus best among the settings, within each data set, (S,)."""
    return np.ptp([trial(s).error for s in settings], axis=0)


def matched(kernel: str, width: float = FITTING_WIDTH) -> Setting:
    """This kernel, at the bandwidth that smooths as a Gaussian of `width` does."""
    return Setting(kernel, matched_bandwidth(width, kernel))


class Sweep(NamedTuple):
    """The Gaussian over B widths, on all data sets."""

    widths: Floats  # (B,), evenly spaced on a log scale
    error: Floats  # (B, S), mean squared error to the truth
    error_edges: Floats  # (B, S)
    error_inside: Floats  # (B, S)
    bias_squared: Floats  # (B, Q), of the mean curve over data sets
    variance: Floats  # (B, Q), of the curves about it


@once
def sweep() -> Sweep:
    """Error and its two parts against the width."""
    data = ensemble()
    widths = np.geomspace(0.02, 5.0, 21)
    curves = np.stack([estimates(Setting(bandwidth=h), data) for h in widths])
    squared = np.square(curves - data.truth)
    at_edges = edges(data.queries)
    return Sweep(
        widths=widths,
        error=squared.mean(axis=-1),
        error_edges=squared[..., at_edges].mean(axis=-1),
        error_inside=squared[..., ~at_edges].mean(axis=-1),
        bias_squared=np.square(curves.mean(axis=1) - data.truth),
        variance=curves.var(axis=1),
    )


class Choice(NamedTuple):
    """What a way of choosing the width picked in each data set, and its error, (S,)."""

    width: Floats
    error: Floats  # RMSE to the truth


@once
def choices() -> dict[str, Choice]:
    """Ways to choose the Gaussian's width, by name, on all data sets.

    All but the rule of thumb choose among the sweep's widths.
    """
    data, tried = ensemble(), sweep()

    def least(criterion: Floats) -> Choice:
        best = criterion.argmin(axis=0)
        error = np.sqrt(np.take_along_axis(tried.error, best[None], axis=0)[0])
        return Choice(tried.widths[best], error)

    ruled = np.array([rule_of_thumb(keys) for keys in data.keys])
    by_rule = [
        nadaraya_watson(data.queries, keys, values, bandwidth=h)[0]
        for keys, values, h in zip(data.keys, data.values, ruled, strict=True)
    ]
    return {
        "oracle": least(tried.error),
        "leave one out": least(left_out(tried.widths)),
        "rule of thumb": Choice(
            ruled, np.array([rmse(curve, data.truth) for curve in by_rule])
        ),
        "training error": least(training(tried.widths)),
    }


class BestWidths(NamedTuple):
    """The width with the least expected error, in each of `GROUPS` groups, (G,)."""

    everywhere: Floats
    inside: Floats
    edges: Floats  # the strip within `EDGE` of an end
    end: Floats  # the one query at the left end of the domain


@once
def best_widths(n: int) -> BestWidths:
    """The Gaussian's best width for `n` points, by region, from `SIZES[n]` data sets.

    For given keys the expected squared error is known exactly: the squared error of the
    estimate from labels without noise, plus the noise's variance, 1, times the sum of
    the squared weights. Its mean over a group of data sets is what the best width makes
    least; the groups show how far chance moves it.
    """
    data = ensemble(n, SIZES[n])
    widths, expected = expected_errors(data)
    by_group = expected.reshape(len(widths), GROUPS, -1, len(data.queries)).mean(axis=2)
    at_edges, at_end = edges(data.queries), data.queries == DOMAIN[0]
    regions = (np.full_like(at_edges, True), ~at_edges, at_edges, at_end)
    return BestWidths(
        *(vertex(widths, by_group[..., region].mean(axis=-1)) for region in regions)
    )


def expected_errors(data: Ensemble) -> tuple[Floats, Floats]:
    """The Gaussian's expected squared error over the noise, for given keys.

    Returns:
        Widths (B,), a factor of the fourth root of 2 apart, and errors (B, S, Q).
    """
    halvings = 12  # of the variance: from 1.5 down to where few keys count
    found: dict[float, Floats] = {}
    for widest in (1.5, 1.5 * 2**-0.25):
        errors = np.empty((halvings, len(data.keys), len(data.queries)))
        for s, keys in enumerate(data.keys):
            squared = np.square(data.queries[:, None] - keys)
            errors[:, s] = expected_by_width(
                squared, (data.truth, truth(keys)), widest, halvings
            )
        found |= {widest * 2 ** (-b / 2): errors[b] for b in range(halvings)}
    widths = np.array(sorted(found))
    return widths, np.stack([found[h] for h in widths])


def expected_by_width(
    squared: Floats,
    truths: tuple[Floats, Floats],
    widest: float,
    halvings: int,
    noise: float = 1.0,
) -> Floats:
    """The Gaussian's expected squared error over the noise, at widths a factor √2 apart.

    Args:
        squared: squared distances of queries and keys, (Q, K).
        truths: the truth at the queries, (Q,), and at the keys, (K,).
        widest: the first width.
        halvings: how many widths; each next one has half the variance.
        noise: standard deviation of the labels' noise.

    Returns:
        Shape (halvings, Q), the widest first.
    """
    at_queries, at_keys = truths
    # Relative to the nearest key.
    similarity = np.exp(
        (squared - squared.min(axis=1, keepdims=True)) / (-2 * widest**2)
    )
    columns = np.stack([np.ones_like(at_keys), at_keys], axis=1)
    total, summed = (similarity @ columns).T
    errors = np.empty((halvings, len(at_queries)))
    for b in range(halvings):
        # The square of a Gaussian is the Gaussian of half the variance. So one
        # exponential serves all widths, and its sum that of squared weights.
        np.square(similarity, out=similarity)
        narrower, narrower_summed = (similarity @ columns).T
        bias = summed / total - at_queries
        errors[b] = np.square(bias) + noise**2 * narrower / np.square(total)
        total, summed = narrower, narrower_summed
    return errors


class OwnWidths(NamedTuple):
    """One learned width for all keys, against a width learned for each key, (S,)."""

    shared_loss: Floats  # leave-one-out error
    own_loss: Floats
    shared_error: Floats  # RMSE to the truth
    own_error: Floats


@once
def own_widths() -> OwnWidths:
    """Learn the width in every data set: first one, then from there one for each key."""
    data = ensemble()
    shared = learn_width(data.keys, data.values, start=0.4, steps=40)
    own = learn_width(
        data.keys, data.values, start=np.exp(shared.final), steps=50, rate=0.2
    )
    everywhere = np.full(len(data.queries), True)
    errors = [
        _errors(
            _average(width_weights(data.queries, data.keys, log_widths), data.values),
            data.truth,
            everywhere,
        )
        for log_widths in (shared.final, own.final)
    ]
    return OwnWidths(shared.losses[-1], own.losses[-1], *errors)


class Line(NamedTuple):
    """A straight line through points on a log-log scale."""

    slope: float
    slope_se: float
    intercept: float  # of the logarithm

    def at(self, x: Floats) -> Floats:
        """The line at x (n,), back on the natural scale."""
        return np.asarray(np.exp(self.intercept) * x**self.slope, dtype=np.float64)


def log_log_line(samples: dict[int, Floats]) -> Line:
    """Fit log(mean of the samples) against log(size), by their standard errors.

    `samples` maps two or more sizes to a number for each data set, (S,).
    """
    x = np.log(list(samples))
    means = [summarise(s) for s in samples.values()]
    y = np.log([m.mean for m in means])
    precision = np.array([(m.mean / m.se) ** 2 for m in means])  # of the logarithm
    centre = np.average(x, weights=precision)
    leverage = float((precision * (x - centre) ** 2).sum())
    slope = float((precision * (x - centre) * y).sum()) / leverage
    level = float(np.average(y, weights=precision))
    return Line(slope, 1 / sqrt(leverage), level - slope * float(centre))


def _average(pooled: Floats, values: Floats) -> Floats:
    """From weights (S, Q, K) and values (S, K) to curves (S, Q)."""
    return np.asarray((pooled @ values[..., None])[..., 0], dtype=np.float64)


def _errors(curves: Floats, truth: Floats, where: NDArray[np.bool_]) -> Floats:
    missed = (curves - truth)[:, where]
    return np.asarray(np.sqrt(np.nanmean(np.square(missed), axis=1)), dtype=np.float64)


def left_out(widths: Floats) -> Floats:
    """Leave-one-out error of the Gaussian at each width in each data set, (B, S)."""
    data = ensemble()
    return np.array(
        [
            [
                leave_one_out_error(keys, values, bandwidth=h)
                for keys, values in zip(data.keys, data.values, strict=True)
            ]
            for h in widths
        ]
    )


def training(widths: Floats) -> Floats:
    """The Gaussian's mean squared error on the labels themselves, (B, S)."""
    data = ensemble()
    sets, n = data.keys.shape
    rows = np.abs(data.keys[:, :, None] - data.keys[:, None, :]).reshape(sets * n, n)
    fitted = [
        _average(pool(rows, KERNELS["gaussian"], h).reshape(sets, n, n), data.values)
        for h in widths
    ]
    return np.asarray(np.square(np.stack(fitted) - data.values).mean(axis=-1))


def vertex(widths: Floats, errors: Floats) -> Floats:
    """Where errors (B, S) over log-spaced widths (B,) are least, (S,).

    The vertex of the parabola through the least point and its two neighbours.
    """
    middle = np.clip(errors.argmin(axis=0), 1, len(widths) - 2)
    below, at, above = (
        np.take_along_axis(errors, (middle + step)[None], axis=0)[0]
        for step in (-1, 0, 1)
    )
    step = np.log(widths[1] / widths[0])
    shift = np.clip(0.5 * (below - above) / (below - 2 * at + above), -1, 1)
    return np.asarray(widths[middle] * np.exp(step * shift), dtype=np.float64)
