"""What the chapters beyond the deck claim, and how each claim is measured."""

import numpy as np

from nwdocs.study.claim import (
    ASKED,
    MOST_SETS,
    OURS,
    Evidence,
    claim,
    every_step,
)
from nwdocs.study.dimension import DIMENSIONS, KEYS, by_dimension

__all__: list[str] = []


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
