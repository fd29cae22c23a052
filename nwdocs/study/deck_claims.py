"""What the deck claims, and what the book and we say beside it: how each is measured.

Each claim says whose it is, and none is stronger than its source.
"""

from itertools import combinations

import numpy as np

from nwdocs.attention import attention_weights
from nwdocs.display import agreement
from nwdocs.kernels import DECK_BANDWIDTHS, KERNELS, Floats
from nwdocs.learned import gaussian_as_softmax
from nwdocs.study.claim import (
    ASKED,
    MOST_SETS,
    OURS,
    Evidence,
    Reading,
    claim,
    every_step,
    percent,
)
from nwdocs.study.deck import BOOK, on_slide
from nwdocs.study.ensembles import (
    FITTING_WIDTH,
    WORKING_KERNELS,
    Setting,
    difference,
    ensemble,
    error_spread,
    keys_used,
    left_out,
    matched,
    sharpness,
    training,
    trial,
)

__all__: list[str] = []

_BOOK = f"[the book]({BOOK}), not by the deck"


@claim(
    "is-attention",
    title="Gaussian is softmax attention",
    statement="Nadaraya–Watson regression with the Gaussian kernel is softmax attention.",
    origin=f"{OURS}. The deck says on its first slide that the estimator is attention "
    "pooling, which holds by definition",
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

    readings = tuple(
        Reading(
            f"σ = {width:g}",
            np.array([gap(*xy, width) for xy in zip(*data[:2], strict=True)]),
            1e-12,
        )
        for width in (min(DECK_BANDWIDTHS), max(DECK_BANDWIDTHS))
    )
    worst = max(float(reading.samples.max()) for reading in readings)
    return Evidence(
        readings,
        finding="In every data set, its weights and those of a softmax with a key-norm "
        f"bias are {agreement(1.0, 1.0 + worst)}.",
    )


@claim(
    "track-the-truth",
    title="Kernels track the truth",
    statement="The Gaussian, the boxcar and the triangular kernel track the truth.",
    origin=on_slide("estimates-by-kernel"),
    page="estimates-by-kernel",
    quantity="error, as a share of the error of the plain mean",
    criterion="at most one half",
    condition=f"each has a fitting width (as wide as a Gaussian of {FITTING_WIDTH:g})",
)
def _track_the_truth() -> Evidence:
    mean_error = trial(Setting("constant")).error

    def reading(setting: Setting) -> Reading:
        return Reading(_label(setting), trial(setting).error / mean_error, 0.5)

    at_one = tuple(reading(Setting(kernel)) for kernel in WORKING_KERNELS)
    fitting = tuple(reading(matched(kernel)) for kernel in WORKING_KERNELS)
    return Evidence(
        at_one,
        fitting,
        "At a fitting width the error of each kernel is at most "
        f"{percent(fitting, max)} of the plain mean's, at bandwidth 1 up to "
        f"{percent(at_one, max)}; asked for: {at_one[0].limit:.0%}. At bandwidth 1 the "
        f"triangular kernel passes with {percent(at_one, min)}, since it is narrow.",
    )


@claim(
    "constant-is-mean",
    title="Constant gives the mean",
    statement="The constant kernel gives the mean of the labels, wherever one asks.",
    origin=on_slide("estimates-by-kernel"),
    page="estimates-by-kernel",
    quantity="distance of its estimate from the mean",
    criterion="at most 1e-12: equal but for rounding",
)
def _constant_is_mean() -> Evidence:
    constant = Setting("constant")
    reading = Reading(_label(constant), trial(constant).from_mean, 1e-12)
    return Evidence(
        (reading,),
        finding="In every data set, its estimate and the mean are "
        f"{agreement(1.0, 1.0 + float(reading.samples.max()))}.",
    )


@claim(
    "attend-alike",
    title="Kernels attend alike",
    statement="The three working kernels produce nearly identical attention patterns.",
    origin=on_slide("attention-by-kernel"),
    page="attention-by-kernel",
    quantity="share of attention that two kernels place differently (total variation)",
    criterion="at most one tenth",
    condition="widths are matched and the boxcar is left out",
)
def _attend_alike() -> Evidence:
    def reading(one: Setting, other: Setting) -> Reading:
        return Reading(f"{_label(one)} – {_label(other)}", difference(one, other), 0.1)

    fading = [kernel for kernel in WORKING_KERNELS if kernel != "boxcar"]
    at_one = tuple(
        reading(Setting(a), Setting(b)) for a, b in combinations(WORKING_KERNELS, 2)
    )
    equally_wide = tuple(
        reading(matched(a, width), matched(b, width))
        for a, b in combinations(fading, 2)
        for width in DECK_BANDWIDTHS
    )
    return Evidence(
        at_one,
        equally_wide,
        "At matched widths the Gaussian and the triangular kernel differ on at most "
        f"{percent(equally_wide, max)} of their attention, at bandwidth 1 two of the "
        f"three differ on up to {percent(at_one, max)}; asked for: at most "
        f"{at_one[0].limit:.0%}.",
    )


@claim(
    "narrow-is-rough",
    title="Narrow is rough",
    statement="The narrower the kernel, the less smooth the estimate.",
    origin=on_slide("bandwidth"),
    page="bandwidth",
    quantity="share of data sets in which roughness grows at every step from the "
    "widest to the narrowest of the deck's widths",
    criterion=f"at least {MOST_SETS:.0%}",
)
def _narrow_is_rough() -> Evidence:
    rough = _by_width("roughness")
    reading = every_step(_STEPS, np.diff(rough, axis=0) < 0)
    times = rough[0].mean() / rough[-1].mean()
    return Evidence(
        (reading,),
        finding=f"In {reading} of the data sets roughness grows at every step to a "
        f"narrower width; {ASKED} The narrowest of the four is on average "
        f"{_times(times)} as rough as the widest.",
    )


@claim(
    "narrow-is-local",
    title="Narrow is local",
    statement="The narrower the kernel, the more local the attention.",
    origin=on_slide("bandwidth"),
    page="attention-by-bandwidth",
    quantity="share of data sets in which the effective number of keys falls at every "
    "step from the widest to the narrowest of the deck's widths",
    criterion=f"at least {MOST_SETS:.0%}",
)
def _narrow_is_local() -> Evidence:
    used = [keys_used(Setting(bandwidth=h)) for h in DECK_BANDWIDTHS]
    reading = every_step(_STEPS, np.diff(used, axis=0) > 0)
    return Evidence(
        (reading,),
        finding=f"In {reading} of the data sets a query uses fewer keys at every step to "
        f"a narrower width; {ASKED} On average it uses {used[-1].mean():.1f} of "
        f"{ensemble().keys.shape[1]} keys at the widest and {used[0].mean():.1f} at the "
        "narrowest.",
    )


@claim(
    "narrow-memorises",
    title="Narrow memorises",
    statement="Narrow kernels memorise local neighbourhoods.",
    origin=on_slide("attention-by-bandwidth"),
    page="attention-by-bandwidth",
    quantity="share of data sets in which, at every step from the widest to the "
    "narrowest of the deck's widths, the error on the labels that the estimate was made "
    "from falls as a share of its error on labels left out",
    criterion=f"at least {MOST_SETS:.0%}",
)
def _narrow_memorises() -> Evidence:
    widths = np.array(DECK_BANDWIDTHS)
    share = np.sqrt(training(widths) / left_out(widths))
    reading = every_step(_STEPS, np.diff(share, axis=0) > 0)
    return Evidence(
        (reading,),
        finding=f"At σ = {widths[0]:g} the error on its own labels is "
        f"{share[0].mean():.0%} of that on labels left out, at σ = {widths[-1]:g} it is "
        f"{share[-1].mean():.0%}: narrow kernels overfit. In {reading} of the data sets "
        f"the share falls at every step to a narrower width; {ASKED}",
    )


@claim(
    "sharpness-shows",
    title="Sharpness shows the trade-off",
    statement="The trade-off between bias and variance shows in the sharpness of "
    "attention.",
    origin=on_slide("bandwidth"),
    page="attention-by-bandwidth",
    quantity="share of data sets in which, at every step to a wider one of the deck's "
    f"widths from {sorted(DECK_BANDWIDTHS)[1]:g} on, sharpness (the sum of a row's squared "
    "weights, which is the variance for noise of variance 1) falls and the error of the "
    "estimate from labels without noise (the bias) grows",
    criterion=f"at least {MOST_SETS:.0%}",
)
def _sharpness_shows() -> Evidence:
    sharp = np.array([sharpness(Setting(bandwidth=h)) for h in DECK_BANDWIDTHS])
    blunter = np.diff(sharp, axis=0) < 0
    bias = _by_width("noiseless")
    biased = np.diff(bias, axis=0) > 0
    reading = every_step(
        "σ = " + ", ".join(f"{h:g}" for h in DECK_BANDWIDTHS[1:]),
        (blunter & biased)[1:],
    )
    return Evidence(
        (reading,),
        finding=f"In {reading} of the data sets sharpness falls and bias grows at every "
        f"step to a wider kernel from σ = {DECK_BANDWIDTHS[1]:g} on; {ASKED} From there "
        f"down to σ = {DECK_BANDWIDTHS[0]:g} the bias falls little more, from "
        f"{bias[1].mean():.2f} to {bias[0].mean():.2f} on average.",
    )


@claim(
    "narrow-adapts",
    title="Narrow adapts better",
    statement="The narrower the kernel, the better the estimate adapts to local "
    "variations.",
    origin=_BOOK,
    page="bandwidth",
    quantity="share of data sets in which the error to the truth falls at every step "
    "from the widest to the narrowest of the widths",
    criterion=f"at least {MOST_SETS:.0%}",
    condition="the width is still above its best (here: from 1 to 0.5)",
)
def _narrow_adapts() -> Evidence:
    error = _by_width("error")
    falls = np.diff(error, axis=0) > 0
    stated = every_step(_STEPS, falls)
    above = every_step("from σ = 1 to 0.5", falls[-1:])
    return Evidence(
        (stated,),
        (above,),
        f"From σ = 1 to 0.5 the error to the truth falls in {above} of the data sets; it "
        f"falls at every step down to σ = {DECK_BANDWIDTHS[0]:g} in {stated}; {ASKED} A "
        "narrow kernel follows the noise as well as the curve.",
    )


@claim(
    "best-is-between",
    title="The best is between",
    statement="The best width lies between too narrow and too wide.",
    origin=OURS,
    page="bandwidth",
    quantity="share of data sets in which the least error among the deck's widths is "
    "not at the narrowest or the widest",
    criterion=f"at least {MOST_SETS:.0%}",
)
def _best_is_between() -> Evidence:
    error = _by_width("error")
    best = error.argmin(axis=0)
    between = (best > 0) & (best < len(DECK_BANDWIDTHS) - 1)
    reading = every_step("the deck's four σ", between[None])
    return Evidence(
        (reading,),
        finding=f"In {reading} of the data sets neither the narrowest nor the widest of "
        f"the deck's four has the least error; {ASKED}",
    )


@claim(
    "wide-nears-mean",
    title="Wide nears the mean",
    statement="Wide kernels approach the mean of the labels.",
    origin=on_slide("attention-by-bandwidth"),
    page="bandwidth",
    quantity="share of data sets in which the distance from the mean falls at every step "
    "from the narrowest to the widest of the deck's widths",
    criterion=f"at least {MOST_SETS:.0%}",
)
def _wide_nears_mean() -> Evidence:
    from_mean = _by_width("from_mean")
    reading = every_step(_STEPS, np.diff(from_mean, axis=0) < 0)
    of_truth = trial(Setting("constant")).error
    widest, beyond = max(DECK_BANDWIDTHS), 10.0
    left = [
        (trial(Setting(bandwidth=h)).from_mean / of_truth).mean()
        for h in (widest, beyond)
    ]
    return Evidence(
        (reading,),
        finding=f"In {reading} of the data sets the estimate comes nearer to the mean at "
        f"every step to a wider kernel; {ASKED} Of the truth's own distance from the "
        f"mean, {left[0]:.0%} is left at σ = {widest:g}, and {left[1]:.0%} at "
        f"σ = {beyond:g}.",
    )


@claim(
    "width-not-form",
    title="Width counts, not form",
    statement="The kernel's form barely matters; its bandwidth matters a lot.",
    origin=on_slide("recap"),
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

    at_one = reading("bandwidth 1", [Setting(kernel) for kernel in WORKING_KERNELS])
    equally_wide = tuple(
        reading(
            f"as wide as a Gaussian of {width:g}",
            [matched(kernel, width) for kernel in WORKING_KERNELS],
        )
        for width in (0.2, FITTING_WIDTH, 0.5)
    )
    return Evidence(
        (at_one,),
        equally_wide,
        "At matched widths the choice of a kernel changes the error by at most "
        f"{percent(equally_wide, max)} of what the bandwidth changes it by, at bandwidth "
        f"1 by {percent((at_one,), max)}; asked for: at most {at_one.limit:.0%}.",
    )


_STEPS = "σ = " + ", ".join(f"{h:g}" for h in reversed(DECK_BANDWIDTHS))


def _label(setting: Setting) -> str:
    return f"{KERNELS[setting.kernel].label} {setting.bandwidth:.3g}"


def _by_width(field: str) -> Floats:
    """A field of the trials at the deck's widths, narrowest first, (4, S)."""
    settings = [Setting(bandwidth=h) for h in DECK_BANDWIDTHS]
    return np.array([getattr(trial(setting), field) for setting in settings])


def _times(ratio: float) -> str:
    """A large ratio as a sentence has it, to two digits."""
    return f"{float(f'{ratio:.2g}'):,.0f} times".replace(
        ",", "\N{NARROW NO-BREAK SPACE}"
    )
