"""The deck's data, 40 noisy observations of a curve that we know; and one real data set."""

from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.checks import check_count, check_nonnegative
from nwdocs.kernels import Floats

__all__ = [
    "DOMAIN",
    "TYPICAL_SEED",
    "Households",
    "SyntheticData",
    "engel_households",
    "synthetic_data",
    "truth",
]

#: Training inputs are drawn uniformly from this interval.
DOMAIN = (0.0, 5.0)

#: The data set on the pages: of the first twelve seeds, the one whose errors (RMSE to
#: the truth, at the deck's kernels and bandwidths) come closest to their averages over
#: many seeds. Its noise alone is larger than usual.
TYPICAL_SEED = 10


class SyntheticData(NamedTuple):
    """A training set and the grid on which estimates are judged."""

    x_train: Floats  # keys, (n,), sorted
    y_train: Floats  # values, (n,)
    x_val: Floats  # queries, (50,): 0, 0.1, ..., 4.9
    y_val: Floats  # the noiseless truth at the queries, (50,)


def truth(x: ArrayLike) -> Floats:
    """The curve behind the data, 2 sin(x) + x.

    Takes x of any shape, returns an array of that shape.
    Source: the deck's section on data.
    """
    x = np.asarray(x, dtype=float)
    return 2 * np.sin(x) + x


def synthetic_data(
    n: int = 40, *, noise: float = 1.0, seed: int = TYPICAL_SEED
) -> SyntheticData:
    """`n` noisy observations of `truth` on [0, 5], and the deck's validation grid.

    Args:
        n: how many observations, at least 1.
        noise: standard deviation of the normal noise on the labels, at least 0.
        seed: same seed, same numbers. The inputs and the noise have streams of their
            own, so data sets that differ in `noise` alone share everything else.

    Returns:
        The training set, sorted by input, and the validation grid with its truth.

    Raises:
        TypeError: an argument is not a number of its kind.
        ValueError: an argument is out of range.

    Source: the deck's section on data.
    """
    n = check_count("n", n, least=1)
    noise = check_nonnegative("noise", noise)
    seed = check_count("seed", seed, least=0)
    inputs, errors = (np.random.default_rng(s) for s in _streams(seed))
    x_train = np.sort(inputs.uniform(*DOMAIN, n))
    y_train = truth(x_train) + noise * errors.standard_normal(n)
    x_val = np.arange(50) / 10  # exact tenths, unlike accumulating 0.1
    return SyntheticData(x_train, y_train, x_val, truth(x_val))


class Households(NamedTuple):
    """Working-class households in Belgium in the 1850s, ordered by income."""

    income: Floats  # francs a year, (235,)
    food: Floats  # of which spent on food, (235,)


def engel_households() -> Households:
    """The budgets behind Engel's law: the poorer a family, the larger its food's share.

    Returns:
        Income and food expenditure of 235 households, in Belgian francs a year.

    Source: budgets collected by Ducpétiaux (1855), on which Engel (1857) worked; the file
    is that of Koenker and Bassett (1982).
    """
    with (files("nwdocs") / "engel.csv").open(encoding="utf-8") as lines:
        income, food = np.loadtxt(lines, delimiter=",", skiprows=5, unpack=True)
    order = np.argsort(income)
    return Households(income[order], food[order])


def _streams(seed: int) -> list[np.random.SeedSequence]:
    return np.random.SeedSequence(seed).spawn(2)
