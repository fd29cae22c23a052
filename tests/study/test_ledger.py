"""How the ledger of claims is shown: every claim in it, and on the page it is about."""

import re

import pytest

from nwdocs.study.claims import CLAIMS
from nwdocs.study.ledger import ledger, verdict
from support.project import ROOT

pytestmark = pytest.mark.slow

DOCS = ROOT / "docs"

each_claim = pytest.mark.parametrize("name", CLAIMS)


@each_claim
def test_a_verdict_says_what_where_and_how_much(name: str) -> None:
    claim, text = CLAIMS[name], verdict(name).text
    title, _, body = text.partition("\n\n")
    assert claim.ruling in title
    assert claim.statement.removesuffix(".") in title
    assert claim.criterion in body
    assert f"](claims.md#{name})" in body
    assert all(said in text for said in claim.evidence.finding.split(". "))
    assert re.search(r"\d%|equal", title), "the title has the number that matters"
    assert f"Said by {claim.origin}." in body


@each_claim
def test_the_ledger_has_every_reading_under_the_claims_anchor(name: str) -> None:
    claim = CLAIMS[name]
    _, _, entry = ledger().text.partition(f"{{ #{name} }}")
    entry, _, _ = entry.partition("\n### ")
    assert claim.statement in entry
    assert f"]({claim.page}.md)" in entry
    assert claim.origin in entry
    assert claim.evidence.finding in entry
    for reading in (*claim.evidence.as_stated, *claim.evidence.on_condition):
        assert reading.what in entry
        assert str(reading) in entry


@each_claim
def test_each_claims_page_shows_its_verdict(name: str) -> None:
    page = (DOCS / f"{CLAIMS[name].page}.md").read_text(encoding="utf-8")
    assert f'verdict("{name}")' in page


def test_no_page_shows_the_verdict_of_another() -> None:
    for page in DOCS.glob("*.md"):
        shown = re.findall(r'verdict\("([^"]+)"\)', page.read_text(encoding="utf-8"))
        assert all(CLAIMS[name].page == page.stem for name in shown), page.name


def test_an_unknown_claim_is_named_with_those_there_are() -> None:
    with pytest.raises(
        KeyError, match="no claim is called 'mine'; there are is-attention"
    ):
        verdict("mine")
