"""The ledger: what the deck claims, how each claim is measured, and what holds.

A claim is checked as it stands. Where that fails and a condition would mend it, it is
checked under the condition too. The verdict is computed from the measurements, never
written down; the tests state what they expect, and fail when a verdict changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import combinations
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from nwdocs.attention import attention_weights
from nwdocs.kernels import DECK_BANDWIDTHS, KERNELS, Floats
from nwdocs.learned import gaussian_as_softmax
from nwdocs.study.ensembles import (
    FITTING_WIDTH,
    WORKING_KERNELS,
    Setting,
    Summary,
    difference,
    ensemble,
    error_spread,
    keys_used,
    matched,
    summarise,
    trial,
)

__all__ = ["CLAIMS", "Claim", "Evidence", "Reading", "Verdict"]


class Verdict(Enum):
    """What the measurements say of a claim."""

    HOLDS = "holds"
    HOLDS_WHEN = "holds when"
    FAILS = "does not hold"


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity, measured on every data set, against the claim's limit.

    Attributes:
        what: where it was measured, such as a pair of kernels.
        samples: a number, or a yes or no, for each data set, (S,).
        limit: what the mean must keep to.
        at_most: whether the limit is an upper one; else it is a lower one.
    """

    what: str
    samples: Floats | NDArray[np.bool_]
    limit: float
    at_most: bool = True

    @property
    def summary(self) -> Summary:
        """Mean and spread over the data sets."""
        return summarise(self.samples)

    @property
    def excess(self) -> float:
        """How far the mean is on the wrong side of the limit; negative if it is not."""
        beyond = self.summary.mean - self.limit
        return beyond if self.at_most else -beyond

    @property
    def strain(self) -> float:
        """How much of what the limit allows is used: up to 1 passes, 0 is perfect.

        A lower limit on a share allows what it leaves: 95% allows 5 % to fail.
        """
        mean = self.summary.mean
        return mean / self.limit if self.at_most else (1 - mean) / (1 - self.limit)

    @property
    def passes(self) -> bool:
        """Whether the mean keeps to the limit."""
        return self.excess <= 0

    def __str__(self) -> str:
        """The mean, with the spread over the data sets where there is one to tell."""
        mean, sd, _ = self.summary
        if self.samples.dtype == np.bool_:
            return f"{100 * mean:.3g}%"
        if mean < 1e-6:
            return f"{mean:.0e}"
        digits = 2 if sd >= 0.01 else 3 if sd >= 0.001 else 4
        return f"{mean:.{digits}f}\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}{sd:.{digits}f}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A claim's readings, as it stands and under its condition (if it has one)."""

    as_stated: tuple[Reading, ...]
    on_condition: tuple[Reading, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Holds if all readings pass as stated; else what the condition can mend."""
        if all(reading.passes for reading in self.as_stated):
            return Verdict.HOLDS
        if self.on_condition and all(reading.passes for reading in self.on_condition):
            return Verdict.HOLDS_WHEN
        return Verdict.FAILS


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the deck, and what it takes for it to hold.

    Attributes:
        title: the claim in a few words.
        statement: the claim, in a sentence.
        page: the page where it belongs, by its file's name without ".md".
        quantity: what is measured.
        criterion: the limit that it must keep to, in words.
        condition: under which it is measured again, to be read after "when".
        measure: does so.
    """

    title: str
    statement: str
    page: str
    quantity: str
    criterion: str
    condition: str
    measure: Callable[[], Evidence]

    @property
    def evidence(self) -> Evidence:
        """The measurements, made when first asked for."""
        return self.measure()

    @property
    def verdict(self) -> Verdict:
        """What they say."""
        return self.evidence.verdict

    @property
    def decisive(self) -> tuple[Reading, ...]:
        """The reading nearest to failing, or failing most: as stated, on condition."""
        groups = (self.evidence.as_stated, self.evidence.on_condition)
        return tuple(max(g, key=lambda reading: reading.excess) for g in groups if g)

    @property
    def ruling(self) -> str:
        """The verdict in words, with the condition where it depends on one."""
        if self.verdict is Verdict.HOLDS_WHEN:
            return f"holds when {self.condition}"
        return self.verdict.value


_claims: dict[str, Claim] = {}

#: Every claim by name, in the order in which readers meet them.
CLAIMS: Mapping[str, Claim] = MappingProxyType(_claims)


def _claim(
    name: str,
    *,
    title: str,
    statement: str,
    page: str,
    quantity: str,
    criterion: str,
    condition: str = "",
) -> Callable[[Callable[[], Evidence]], Callable[[], Evidence]]:
    """Enter the decorated measurement into the ledger."""

    def enter(measure: Callable[[], Evidence]) -> Callable[[], Evidence]:
        once = cache(measure)
        _claims[name] = Claim(
            title, statement, page, quantity, criterion, condition, once
        )
        return once

    return enter


@_claim(
    "is-attention",
    title="It is softmax attention",
    statement="Nadaraya–Watson with a Gaussian kernel is softmax attention.",
    page="attention-pooling",
    quantity="largest difference between its weights and those of the softmax of "
    "scaled dot products with a key-norm bias",
    criterion="at most 1e-12: equal but for rounding",
)
def _is_attention() -> Evidence:
    data = ensemble()

    def gap(keys: Floats, values: Floats, width: float) -> float:
        _, softmaxed = gaussian_as_softmax(data.queries, keys, values, bandwidth=width)
        pooled = attention_weights(data.queries, keys, bandwidth=width)
        return float(np.abs(softmaxed - pooled).max())

    return Evidence(
        tuple(
            Reading(
                f"σ = {width:g}",
                np.array([gap(*xy, width) for xy in zip(*data[:2], strict=True)]),
                1e-12,
            )
            for width in (min(DECK_BANDWIDTHS), max(DECK_BANDWIDTHS))
        )
    )


@_claim(
    "track-the-truth",
    title="Kernels track the truth",
    statement="Gaussian, boxcar and triangular kernels follow the true curve.",
    page="estimates-by-kernel",
    quantity="error, as a share of the error of the plain mean",
    criterion="at most one half",
    condition=f"each has a fitting width (as wide as a Gaussian of {FITTING_WIDTH:g})",
)
def _track_the_truth() -> Evidence:
    mean_error = trial(Setting("constant")).error

    def reading(setting: Setting) -> Reading:
        return Reading(_label(setting), trial(setting).error / mean_error, 0.5)

    return Evidence(
        tuple(reading(Setting(kernel)) for kernel in WORKING_KERNELS),
        tuple(reading(matched(kernel)) for kernel in WORKING_KERNELS),
    )


@_claim(
    "constant-is-mean",
    title="Constant gives the mean",
    statement="The constant kernel gives the mean of the labels, wherever one asks.",
    page="estimates-by-kernel",
    quantity="distance of its estimate from the mean",
    criterion="at most 1e-12: equal but for rounding",
)
def _constant_is_mean() -> Evidence:
    constant = Setting("constant")
    return Evidence((Reading(_label(constant), trial(constant).from_mean, 1e-12),))


@_claim(
    "attend-alike",
    title="Kernels attend alike",
    statement="The three working kernels attend almost identically.",
    page="attention-by-kernel",
    quantity="share of attention that two kernels place differently (total variation)",
    criterion="at most one tenth",
    condition="widths are matched and the boxcar is left out",
)
def _attend_alike() -> Evidence:
    def reading(one: Setting, other: Setting) -> Reading:
        return Reading(f"{_label(one)} – {_label(other)}", difference(one, other), 0.1)

    fading = [kernel for kernel in WORKING_KERNELS if kernel != "boxcar"]
    return Evidence(
        tuple(
            reading(Setting(a), Setting(b)) for a, b in combinations(WORKING_KERNELS, 2)
        ),
        tuple(
            reading(matched(a, width), matched(b, width))
            for a, b in combinations(fading, 2)
            for width in DECK_BANDWIDTHS
        ),
    )


@_claim(
    "narrow-is-rough",
    title="Narrow is rough",
    statement="The narrower the kernel, the less smooth the estimate.",
    page="bandwidth",
    quantity="share of data sets in which roughness grows at every step from the "
    "widest to the narrowest of the deck's widths",
    criterion="at least 95%",
)
def _narrow_is_rough() -> Evidence:
    rough = _by_width("roughness")
    return Evidence((_every_step(_STEPS, np.diff(rough, axis=0) < 0),))


@_claim(
    "narrow-is-local",
    title="Narrow is local",
    statement="The narrower the kernel, the more local the attention.",
    page="attention-by-bandwidth",
    quantity="share of data sets in which the effective number of keys falls at every "
    "step from the widest to the narrowest of the deck's widths",
    criterion="at least 95%",
)
def _narrow_is_local() -> Evidence:
    used = [keys_used(Setting(bandwidth=h)) for h in DECK_BANDWIDTHS]
    return Evidence((_every_step(_STEPS, np.diff(used, axis=0) > 0),))


@_claim(
    "narrow-adapts",
    title="Narrow follows better",
    statement="The narrower the kernel, the better the estimate follows the curve.",
    page="bandwidth",
    quantity="share of data sets in which the error falls at every step from the widest "
    "to the narrowest of the widths",
    criterion="at least 95%",
    condition="the width is still above its best (here: from 1 to 0.5)",
)
def _narrow_adapts() -> Evidence:
    falls = np.diff(_by_width("error"), axis=0) > 0
    return Evidence(
        (_every_step(_STEPS, falls),), (_every_step("from σ = 1 to 0.5", falls[-1:]),)
    )


@_claim(
    "best-is-between",
    title="The best is between",
    statement="The best width lies between too narrow and too wide.",
    page="bandwidth",
    quantity="share of data sets in which the least error among the deck's widths is "
    "not at the narrowest or the widest",
    criterion="at least 95%",
)
def _best_is_between() -> Evidence:
    best = _by_width("error").argmin(axis=0)
    between = (best > 0) & (best < len(DECK_BANDWIDTHS) - 1)
    return Evidence((_every_step("the deck's four σ", between[None]),))


@_claim(
    "wide-nears-mean",
    title="Wide nears the mean",
    statement="The wider the kernel, the nearer the estimate is to the mean of the labels.",
    page="bandwidth",
    quantity="share of data sets in which the distance from the mean falls at every step "
    "from the narrowest to the widest of the deck's widths",
    criterion="at least 95%",
)
def _wide_nears_mean() -> Evidence:
    nearer = np.diff(_by_width("from_mean"), axis=0) < 0
    return Evidence((_every_step(_STEPS, nearer),))


@_claim(
    "wide-is-mean",
    title="Wide is the mean",
    statement="A wide kernel's estimate is the mean of the labels.",
    page="bandwidth",
    quantity="distance of the estimate from the mean, as a share of the truth's own",
    criterion="at most 5%",
    condition="the width is at least twice the range of the keys",
)
def _wide_is_mean() -> Evidence:
    of_truth = trial(Setting("constant")).error

    def reading(width: float) -> Reading:
        from_mean = trial(Setting(bandwidth=width)).from_mean
        return Reading(f"σ = {width:g}", from_mean / of_truth, 0.05)

    return Evidence((reading(max(DECK_BANDWIDTHS)),), (reading(10.0), reading(50.0)))


@_claim(
    "width-not-form",
    title="Width counts, not form",
    statement="The kernel's form barely matters; its bandwidth does.",
    page="recap",
    quantity="spread of the error over the three working kernels, as a share of its "
    "spread over the deck's four widths",
    criterion="at most one fifth",
    condition="widths are matched, and near one that fits",
)
def _width_not_form() -> Evidence:
    over_widths = error_spread(Setting(bandwidth=h) for h in DECK_BANDWIDTHS).mean()

    def reading(what: str, settings: list[Setting]) -> Reading:
        return Reading(what, error_spread(settings) / over_widths, 0.2)

    return Evidence(
        (reading("bandwidth 1", [Setting(kernel) for kernel in WORKING_KERNELS]),),
        tuple(
            reading(
                f"as wide as a Gaussian of {width:g}",
                [matched(kernel, width) for kernel in WORKING_KERNELS],
            )
            for width in (0.2, FITTING_WIDTH, 0.5)
        ),
    )


_STEPS = "σ = " + ", ".join(f"{h:g}" for h in reversed(DECK_BANDWIDTHS))


def _label(setting: Setting) -> str:
    return f"{KERNELS[setting.kernel].label} {setting.bandwidth:.3g}"


def _by_width(field: str) -> Floats:
    """A field of the trials at the deck's widths, narrowest first, (4, S)."""
    settings = [Setting(bandwidth=h) for h in DECK_BANDWIDTHS]
    return np.array([getattr(trial(setting), field) for setting in settings])


def _every_step(what: str, steps: NDArray[np.bool_]) -> Reading:
    """Whether all steps (n, S) go the claimed way, for each data set."""
    return Reading(what, np.asarray(steps.all(axis=0)), 0.95, at_most=False)
