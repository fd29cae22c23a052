"""What many keys cost, as the benchmark measured it, and what random features lose.

The times and the memory are those of one machine on one day: `scale.csv` says which. The
benchmark writes that file; nothing here measures time.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nwdocs.attention import estimate
from nwdocs.features import feature_estimate
from nwdocs.kernels import Floats
from nwdocs.once import once

__all__ = [
    "COUNTS",
    "FILE",
    "WIDE",
    "WIDTHS",
    "Cost",
    "costs",
    "feature_errors",
    "measured_on",
]

#: What the benchmark writes.
FILE = Path(__file__).with_name("scale.csv")

#: How many coordinates the keys have where they have more than one.
WIDE = 64

#: Numbers of features, and widths of the kernel, whose errors are measured.
COUNTS, WIDTHS = (16, 64, 256, 1024), (4.0, 2.0, 1.0)

_POINTS, _QUERIES, _COORDINATES, _DRAWS = 300, 40, 8, 8


class Cost(NamedTuple):
    """What one tool took for as many queries as keys."""

    tool: str
    coordinates: int
    keys: int
    seconds: float
    mebibytes: float


@cache
def costs() -> tuple[Cost, ...]:
    """The benchmark's measurements, in its order."""
    with FILE.open(encoding="utf-8") as file:
        next(file)  # when and where
        return tuple(
            Cost(
                row["tool"],
                int(row["coordinates"]),
                int(row["keys"]),
                float(row["seconds"]),
                float(row["MiB"]),
            )
            for row in csv.DictReader(file)
        )


def measured_on() -> str:
    """When, and on what machine, in a sentence."""
    with FILE.open(encoding="utf-8") as file:
        return file.readline().removeprefix("# ").strip()


@once
def feature_errors() -> Floats:
    """Error of random features, by width and number of them, (W, C).

    Root mean squared difference from the exact estimates, as a share of their standard
    deviation, over several draws of the directions. Points are standard normal.
    """
    rng = np.random.default_rng(0)
    keys = rng.standard_normal((_POINTS, _COORDINATES))
    queries = rng.standard_normal((_QUERIES, _COORDINATES))
    values = np.sin(2 * keys[:, 0]) + keys[:, 1]
    errors = np.empty((len(WIDTHS), len(COUNTS)))
    for row, width in enumerate(WIDTHS):
        exact = estimate(queries, keys, values, bandwidth=width)
        for column, count in enumerate(COUNTS):
            missed = [
                feature_estimate(
                    queries, keys, values, bandwidth=width, features=count, seed=seed
                )
                - exact
                for seed in range(_DRAWS)
            ]
            errors[row, column] = np.sqrt(np.square(missed).mean()) / exact.std()
    return errors
