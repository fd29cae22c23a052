"""The ledger of all claims: those of the deck, then those of the chapters beyond it."""

# Importing a module enters its claims; readers meet them in this order.
# isort: off
from nwdocs.study import deck_claims  # noqa: F401
from nwdocs.study import chapter_claims  # noqa: F401

# isort: on
from nwdocs.study.claim import CLAIMS, Claim, Evidence, Reading, Verdict

__all__ = ["CLAIMS", "Claim", "Evidence", "Reading", "Verdict"]
