"""The deck's comparisons over many data sets, and what becomes of its claims.

`ensembles` tries settings on the same data sets; `claims` reads the deck's claims off
them; `ledger` words the verdicts for pages.
"""
