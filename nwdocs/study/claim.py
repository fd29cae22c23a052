"""What a claim is, how its verdict comes about, and the ledger into which it is entered.

A claim is checked as it stands. Where that fails and a condition would mend it, it is
checked under the condition too. The verdict is computed from the measurements, never
written down; the tests state what they expect, and fail when a verdict changes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from nwdocs.kernels import Floats
from nwdocs.once import once
from nwdocs.study.ensembles import Summary, summarise

__all__ = [
    "ASKED",
    "CLAIMS",
    "MOST_SETS",
    "OURS",
    "Claim",
    "Evidence",
    "Reading",
    "Verdict",
    "claim",
    "every_step",
    "percent",
]


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
    """A claim's readings, as it stands and under its condition (if it has one).

    Attributes:
        as_stated: what was measured of the claim as it stands.
        on_condition: what was measured under the condition.
        finding: what the readings come to, in sentences.
    """

    as_stated: tuple[Reading, ...]
    on_condition: tuple[Reading, ...] = ()
    finding: str = ""

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
    """A sentence of the deck, of the book or our own, and what it takes for it to hold.

    Attributes:
        title: the claim in a few words.
        statement: the claim, in a sentence.
        origin: who makes it and where, in Markdown, to be read after "Said by".
        page: the page where it belongs, by its file's name without ".md".
        quantity: what is measured.
        criterion: the limit that it must keep to, in words.
        condition: under which it is measured again, to be read after "when".
        measure: does so.
    """

    title: str
    statement: str
    origin: str
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

#: Whose a claim is that these pages make themselves.
OURS = "us: it is in neither the deck nor the book"

#: In how large a share of the data sets a claim on every step must hold.
MOST_SETS = 0.95
#: The same, in the words of a finding.
ASKED = f"asked for: at least {MOST_SETS:.0%}."


def claim(
    name: str,
    *,
    title: str,
    statement: str,
    origin: str,
    page: str,
    quantity: str,
    criterion: str,
    condition: str = "",
) -> Callable[[Callable[[], Evidence]], Callable[[], Evidence]]:
    """Enter the decorated measurement into the ledger; arguments as those of `Claim`."""

    def enter(measure: Callable[[], Evidence]) -> Callable[[], Evidence]:
        measured = once(measure)
        _claims[name] = Claim(
            title, statement, origin, page, quantity, criterion, condition, measured
        )
        return measured

    return enter


def every_step(what: str, steps: NDArray[np.bool_]) -> Reading:
    """Whether all steps (n, S) go the claimed way, for each data set."""
    return Reading(what, np.asarray(steps.all(axis=0)), MOST_SETS, at_most=False)


def percent(
    readings: tuple[Reading, ...], choose: Callable[[Iterable[float]], float]
) -> str:
    """The least or the largest of the readings' means, in percent."""
    return f"{choose(reading.summary.mean for reading in readings):.0%}"
