"""What the chapters beyond the deck claim, and how each claim is measured."""

import numpy as np

from nwdocs.attention import nadaraya_watson
from nwdocs.display import agreement
from nwdocs.kernels import Floats
from nwdocs.merging import Partial, finish, merge, summed_up
from nwdocs.study.claim import (
    ASKED,
    MOST_SETS,
    OURS,
    Evidence,
    Reading,
    claim,
    every_step,
)
from nwdocs.study.dimension import DIMENSIONS, KEYS, by_dimension
from nwdocs.study.ensembles import FITTING_WIDTH, SETS, ensemble
from nwdocs.study.repeated import SHORT, climbed, clumps, left, modes
from nwdocs.study.shared_kernel import LEARNED_FROM, judged
from nwdocs.study.uneven import BANDS, CURVES, coverage, errors
from nwdocs.truncation import window

__all__: list[str] = []


@claim(
    "neighbours-suit-uneven-keys",
    title="Neighbours suit uneven keys",
    statement="On uneven keys, a line with a width by k nearest neighbours beats the best "
    "fixed width.",
    origin=OURS,
    page="bands-and-uneven-keys",
    quantity="share of data sets in which its error to the truth is smaller, each at its "
    "best over all of them",
    criterion=f"at least {MOST_SETS:.0%}",
    condition="the curve asks for a narrower width where keys are denser",
)
def _neighbours_suit_uneven_keys() -> Evidence:
    def reading(curve: str) -> Reading:
        found = errors(curve)
        wins = found["k neighbours, line"] < found["fixed width"]
        return every_step(f"curve: {curve}", wins[None])

    asked, deck = CURVES
    on_condition, stated = reading(asked), reading(deck)
    return Evidence(
        (stated,),
        (on_condition,),
        "If the curve bends faster where keys are dense, it is closer to the truth in "
        f"{on_condition} of the data sets; on the deck's curve, which does not, in {stated}; "
        f"{ASKED}",
    )


@claim(
    "band-promises-too-much",
    title="The band promises too much",
    statement="A band of two standard errors holds the truth at fewer than 95% of the "
    "queries.",
    origin=OURS,
    page="bands-and-uneven-keys",
    quantity="share of the queries at which the truth is in the band, at a fitting width",
    criterion="at most 95%",
)
def _band_promises_too_much() -> Evidence:
    row = BANDS.index(FITTING_WIDTH)
    found = coverage()
    reading = Reading(f"σ = {FITTING_WIDTH:g}", found.everywhere[row], 0.95)
    return Evidence(
        (reading,),
        finding=f"At σ = {FITTING_WIDTH:g} the band holds the truth at "
        f"{reading.summary.mean:.0%} of the queries: at {found.inside[row].mean():.0%} of "
        f"those inside and {found.edges[row].mean():.0%} of those at the edges. At σ = "
        f"{BANDS[-1]:g} it is {found.everywhere[-1].mean():.0%}.",
    )


@claim(
    "more-coordinates-cost",
    title="Each coordinate costs",
    statement="With the same number of keys, the best fixed kernel is worse the more "
    "coordinates there are.",
    origin=OURS,
    page="more-than-one-coordinate",
    quantity="share of data sets in which the expected error at the best width grows at "
    f"every step from {', '.join(map(str, DIMENSIONS[:-1]))} to {DIMENSIONS[-1]} "
    f"coordinates, of which the first alone counts, with {KEYS} keys",
    criterion=f"at least {MOST_SETS:.0%}",
)
def _more_coordinates_cost() -> Evidence:
    found = by_dimension()
    steps = " → ".join(map(str, DIMENSIONS))
    reading = every_step(f"d = {steps}", np.diff(found.error, axis=0) > 0)
    ends = [found.rmse[i] for i in (0, -1)]
    return Evidence(
        (reading,),
        finding=f"In {reading} of the data sets the error grows at every step; {ASKED} "
        f"From {DIMENSIONS[0]} coordinate to {DIMENSIONS[-1]} it grows from "
        f"{ends[0]:.2f} to {ends[1]:.2f}, where the plain mean has 1.",
    )


@claim(
    "learned-beats-fixed",
    title="Learned beats every width",
    statement="A kernel learned over many data sets beats every fixed width on data sets "
    "that it never saw.",
    origin=OURS,
    page="learn-the-kernel",
    quantity="share of unseen data sets in which a kernel learned from "
    f"{LEARNED_FROM} others has a smaller error to the truth than the fixed width that is "
    "best over all of them",
    criterion=f"at least {MOST_SETS:.0%}",
)
def _learned_beats_fixed() -> Evidence:
    found = judged()
    learned, fixed = found["learned"], found["fixed"]
    reading = every_step("every data set", (learned.squared < fixed.squared)[None])
    return Evidence(
        (reading,),
        finding=f"In {reading} of the unseen data sets the learned kernel is closer to the "
        f"truth; {ASKED} Its error (RMSE) over all of them is {learned.rmse:.3f}, that of "
        f"the best fixed width {fixed.rmse:.2f}.",
    )


@claim(
    "learned-knows-direction",
    title="Learned knows the direction",
    statement="The learned kernel does as well as one that is told which direction counts.",
    origin=OURS,
    page="learn-the-kernel",
    quantity="error of the learned kernel, as a share of the error of a kernel that "
    "compares along the true direction alone, at its best width",
    criterion="at most 1.1",
)
def _learned_knows_direction() -> Evidence:
    found = judged()
    learned, told = found["learned"], found["true"]
    share = np.sqrt(learned.squared / told.squared)
    reading = Reading("unseen data sets", share, 1.1)
    return Evidence(
        (reading,),
        finding=f"On average its error is {share.mean():.1%} of the other's; asked for: at "
        f"most 110%. Over all data sets the two are {learned.rmse:.3f} and {told.rmse:.3f}.",
    )


@claim(
    "asked-again-merges",
    title="Points that ask merge",
    statement="Points that attend to each other, again and again, merge.",
    origin=OURS,
    page="ask-yourself",
    quantity=f"distinct points left after {SHORT} rounds of self-attention, as a share of "
    "those at the start",
    criterion="at most one tenth",
)
def _asked_again_merges() -> Evidence:
    counts = left().moving
    reading = Reading(f"after {SHORT} rounds", counts[-1] / counts[0], 0.1)
    fixed = left().fixed
    return Evidence(
        (reading,),
        finding=f"After {SHORT} rounds {reading.summary.mean:.1%} of the distinct points "
        f"are left on average, {np.median(counts[-1]):.0f} in a typical data set; asked "
        f"for: at most {reading.limit:.0%}. Against fixed keys "
        f"{(fixed[-1] / fixed[0]).mean():.0%} are left by then.",
    )


@claim(
    "fixed-keys-keep-modes",
    title="Fixed keys keep their modes",
    statement="Against fixed keys, a query that is replaced by its answer again and again "
    "stops where the keys are densest around it.",
    origin=OURS,
    page="ask-yourself",
    quantity="share of data sets in which every one of evenly spaced queries ends within "
    "0.01 of a maximum of the density, found by scanning it",
    criterion=f"at least {MOST_SETS:.0%}",
)
def _fixed_keys_keep_modes() -> Evidence:
    ends = climbed()
    peaks = [modes(clumps(seed)) for seed in range(SETS)]
    near = [
        np.abs(end[:, None] - peak).min(axis=1) < 0.01
        for end, peak in zip(ends, peaks, strict=True)
    ]
    reading = every_step("every query", np.array(near).T)
    return Evidence(
        (reading,),
        finding=f"In {reading} of the data sets every query ends at a maximum of the "
        f"density; {ASKED} There are {np.mean([len(p) for p in peaks]):.2f} maxima on "
        "average.",
    )


_WIDTH, _PARTS, _TOLERANCE = 0.3, 7, 1e-3


@claim(
    "parts-are-the-whole",
    title="Parts are the whole",
    statement="An estimate from parts of the keys, merged in any order, is the estimate "
    "from all of them.",
    origin=OURS,
    page="attention-at-scale",
    quantity=f"largest difference between the estimates of all keys and those of {_PARTS} "
    "random parts, merged in a random tree",
    criterion="at most 1e-12: equal but for rounding",
)
def _parts_are_the_whole() -> Evidence:
    data = ensemble()

    def gap(seed: int, keys: Floats, values: Floats) -> float:
        rng = np.random.default_rng(seed)
        scores = -np.square((data.queries[:, None] - keys) / _WIDTH) / 2
        cut = np.array_split(rng.permutation(len(keys)), _PARTS)
        parts = [summed_up(scores[:, some], values[some, None]) for some in cut]
        while len(parts) > 1:
            one, other = (_taken(parts, rng) for _ in range(2))
            parts.append(merge(one, other))
        exact, _ = nadaraya_watson(data.queries, keys, values, bandwidth=_WIDTH)
        return float(np.abs(finish(parts[0])[:, 0] - exact).max())

    gaps = np.array([gap(s, *xy) for s, xy in enumerate(zip(*data[:2], strict=True))])
    return Evidence(
        (Reading(f"σ = {_WIDTH:g}", gaps, 1e-12),),
        finding="In every data set, the estimates from parts and from the whole are "
        f"{agreement(1.0, 1.0 + float(gaps.max()))}.",
    )


def _taken(parts: list[Partial], rng: np.random.Generator) -> Partial:
    return parts.pop(int(rng.integers(len(parts))))


@claim(
    "cut-off-keeps-promise",
    title="Cutting off keeps its promise",
    statement="Cutting the Gaussian off moves no estimate by more than was promised.",
    origin=OURS,
    page="attention-at-scale",
    quantity="largest change of an estimate, as a share of what was promised: "
    f"{_TOLERANCE:g} of the range of the labels",
    criterion="at most 1",
)
def _cut_off_keeps_promise() -> Evidence:
    data = ensemble()

    def share(keys: Floats, values: Floats) -> float:
        start, end = window(data.queries, keys, 0.1, _TOLERANCE)
        place = np.arange(len(keys))
        mask = (place >= start[:, None]) & (place < end[:, None])
        exact, cut = (
            nadaraya_watson(data.queries, keys, values, bandwidth=0.1, mask=seen)[0]
            for seen in (None, mask)
        )
        return float(np.abs(cut - exact).max() / (_TOLERANCE * np.ptp(values)))

    shares = np.array([share(*xy) for xy in zip(*data[:2], strict=True)])
    return Evidence(
        (Reading("σ = 0.1", shares, 1.0),),
        finding="The largest change of an estimate is on average "
        f"{shares.mean():.1%} of what was promised, and never more than "
        f"{shares.max():.1%}.",
    )
