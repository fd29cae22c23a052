"""The ledger of claims: every verdict, and that none of them hangs by a hair."""

import re

import numpy as np
import pytest

from nwdocs.study.claims import CLAIMS, Claim, Evidence, Reading, Verdict
from nwdocs.study.deck import BOOK, DECK
from nwdocs.study.ensembles import SETS
from support.project import ROOT

pytestmark = pytest.mark.slow

DOCS = ROOT / "docs"

#: What the pages tell their readers. A verdict that changes must be told there anew.
VERDICTS = {
    "is-attention": Verdict.HOLDS,
    "track-the-truth": Verdict.HOLDS_WHEN,
    "constant-is-mean": Verdict.HOLDS,
    "attend-alike": Verdict.HOLDS_WHEN,
    "narrow-is-rough": Verdict.HOLDS,
    "narrow-is-local": Verdict.HOLDS,
    "narrow-memorises": Verdict.HOLDS,
    "sharpness-shows": Verdict.HOLDS,
    "narrow-adapts": Verdict.HOLDS_WHEN,
    "best-is-between": Verdict.HOLDS,
    "wide-nears-mean": Verdict.HOLDS,
    "width-not-form": Verdict.HOLDS_WHEN,
    "neighbours-suit-uneven-keys": Verdict.HOLDS_WHEN,
    "band-promises-too-much": Verdict.HOLDS,
    "more-coordinates-cost": Verdict.HOLDS,
    "learned-beats-fixed": Verdict.HOLDS,
    "learned-knows-direction": Verdict.HOLDS,
    "asked-again-merges": Verdict.HOLDS,
    "fixed-keys-keep-modes": Verdict.HOLDS,
    "parts-are-the-whole": Verdict.HOLDS,
    "cut-off-keeps-promise": Verdict.HOLDS,
}

each_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=list(CLAIMS))


def test_every_claim_has_its_verdict() -> None:
    assert {name: claim.verdict for name, claim in CLAIMS.items()} == VERDICTS


@each_claim
def test_no_verdict_hangs_by_a_hair(claim: Claim) -> None:
    """Other data sets from the same source would lead to the same verdict."""
    for reading in (*claim.evidence.as_stated, *claim.evidence.on_condition):
        assert len(reading.samples) == SETS >= 200
        assert abs(reading.excess) > 3 * reading.summary.se, reading.what


@each_claim
def test_a_condition_is_named_where_the_verdict_needs_one(claim: Claim) -> None:
    assert bool(claim.condition) == (claim.verdict is Verdict.HOLDS_WHEN)
    assert bool(claim.condition) == bool(claim.evidence.on_condition)
    assert claim.ruling.startswith(claim.verdict.value)
    assert claim.ruling.endswith(claim.condition)


@each_claim
def test_the_page_where_a_claim_belongs_exists(claim: Claim) -> None:
    assert (DOCS / f"{claim.page}.md").is_file()


@each_claim
def test_a_claim_says_whose_it_is_and_what_was_found(claim: Claim) -> None:
    whose = [source in claim.origin for source in (DECK, BOOK, "us: it is in neither")]
    assert whose.count(True) == 1
    finding = claim.evidence.finding
    assert finding.endswith(".")
    assert re.search(r"\d%|equal", finding)


@each_claim
def test_the_decisive_reading_is_the_one_that_decides(claim: Claim) -> None:
    stated, *conditional = claim.decisive
    assert stated.passes == (claim.verdict is Verdict.HOLDS)
    assert len(conditional) == bool(claim.condition)
    assert all(reading.passes for reading in conditional)


def reading(*samples: float, limit: float = 1.0, at_most: bool = True) -> Reading:
    return Reading("a test", np.array(samples), limit, at_most)


good, bad = reading(0.5, 0.9), reading(1.5, 0.9)


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (Evidence((good,)), Verdict.HOLDS),
        (Evidence((good,), (bad,)), Verdict.HOLDS),
        (Evidence((good, bad)), Verdict.FAILS),
        (Evidence((good, bad), (good, good)), Verdict.HOLDS_WHEN),
        (Evidence((good, bad), (good, bad)), Verdict.FAILS),
        (Evidence((bad,), (bad,)), Verdict.FAILS),
    ],
)
def test_the_verdict_follows_from_the_readings(
    evidence: Evidence, verdict: Verdict
) -> None:
    assert evidence.verdict is verdict


def test_a_limit_holds_from_above_or_below() -> None:
    assert reading(0.9, 1.1).passes, "the limit itself will do"
    assert not reading(1.0, 1.1).passes
    assert reading(1.0, 1.1, at_most=False).passes
    assert not reading(0.9, 1.0, at_most=False).passes


@pytest.mark.parametrize(
    ("samples", "text"),
    [
        (np.array([0.4, 0.6]), "0.50\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}0.14"),
        (np.array([True, True, False, True]), "75%"),
        (np.array([1e-15, 3e-15]), "2e-15"),
    ],
)
def test_readings_are_told_in_the_fitting_way(samples: np.ndarray, text: str) -> None:
    assert str(Reading("a test", samples, 1.0)) == text


def test_the_ledger_cannot_be_changed_from_outside() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        CLAIMS["mine"] = CLAIMS["is-attention"]  # type: ignore[index]
