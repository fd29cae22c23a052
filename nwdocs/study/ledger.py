"""How pages show the ledger of claims: a line on the page of a claim, or all of it."""

import re
from collections.abc import Iterable

from nwdocs.display import Markdown, note, table
from nwdocs.study.claims import CLAIMS, Claim, Reading, Verdict
from nwdocs.study.ensembles import SETS

__all__ = ["ledger", "verdict"]

_LOOKS = {
    Verdict.HOLDS: "success",
    Verdict.HOLDS_WHEN: "warning",
    Verdict.FAILS: "failure",
}


def verdict(name: str) -> Markdown:
    """One claim and what became of it, for the page to which it belongs.

    Raises:
        KeyError: no such claim; the message lists those there are.
    """
    if name not in CLAIMS:
        raise KeyError(f"no claim is called {name!r}; there are {', '.join(CLAIMS)}")
    claim = CLAIMS[name]
    first, *rest = re.split(r"(?<=\.) (?=[A-Z])", claim.evidence.finding)
    title = f"{claim.statement.removesuffix('.')}: {claim.ruling}. {first}"
    return note(
        f"verdict {_LOOKS[claim.verdict]}",
        title,
        f"{' '.join([*rest, _measured(claim)])} Numbers are means over {SETS} data sets. "
        f"[All readings](claims.md#{name})",
        folded=True,
    )


def ledger() -> Markdown:
    """Every claim, with its criterion and all its readings."""
    entries = [_entry(name, claim) for name, claim in CLAIMS.items()]
    return Markdown(
        "\n\n".join(entry.text for entry in entries),
        "\n\n".join(entry.elsewhere for entry in entries),
    )


def _entry(name: str, claim: Claim) -> Markdown:
    evidence = claim.evidence
    readings = table(
        ["Where", "Measured", "Within?"],
        [
            *_rows("as stated", evidence.as_stated),
            *_rows("on the condition", evidence.on_condition),
        ],
    )
    found = note(
        f"verdict {_LOOKS[claim.verdict]}",
        claim.ruling[0].upper() + claim.ruling[1:],
        f"{evidence.finding}\n\n{_measured(claim)}\n\n{readings.text}",
    )
    where = _words(claim.page)
    return Markdown(
        f"### {claim.title} {{ #{name} }}\n\n"
        f"*{claim.statement}* See [{where}]({claim.page}.md).\n\n{found.text}",
        f"### {claim.title}\n\n*{claim.statement}* See {where}.\n\n{found.elsewhere}",
    )


def _measured(claim: Claim) -> str:
    return (
        f"Said by {claim.origin}. Measured: the {claim.quantity}. "
        f"Needed: {claim.criterion}."
    )


def _words(page: str) -> str:
    return page.replace("-", " ")


def _rows(where: str, readings: Iterable[Reading]) -> list[list[str]]:
    return [
        [f"{reading.what}, {where}", str(reading), "yes" if reading.passes else "no"]
        for reading in readings
    ]
