"""A kernel learned over data sets beside fixed ones, all on data sets not seen before."""

from functools import cache
from typing import NamedTuple

import numpy as np

from nwdocs.kernels import Floats
from nwdocs.once import once
from nwdocs.optimise import Descent
from nwdocs.shared_kernel import (
    COORDINATES,
    DIRECTION,
    DataSets,
    data_sets,
    kernel_attention,
    learn_kernel,
)
from nwdocs.study.ensembles import SETS

__all__ = [
    "COUNTS",
    "LEARNED_FROM",
    "WAYS",
    "ByCount",
    "Judged",
    "by_count",
    "judged",
    "learned",
    "unseen",
]

#: From how many data sets the kernel of the page is learned.
LEARNED_FROM = 1000

#: From how many it is learned to see how many are needed, each so many times.
COUNTS, _TIMES = (10, 30, 100, 300, LEARNED_FROM), 2

#: What is compared, in the order of their errors.
WAYS = ("mean", "fixed", "learned", "true")

_FRESH = 1000  # seeds from here on are of data sets to learn from


class Judged(NamedTuple):
    """A way to answer, on data sets not seen before."""

    matrix: Floats  # W, (4, r); empty for the mean
    squared: Floats  # mean squared error to the truth in each data set, (S,)

    @property
    def rmse(self) -> float:
        """Root mean squared error over all of them."""
        return float(np.sqrt(self.squared.mean()))


class ByCount(NamedTuple):
    """Errors on labels, by how many data sets a kernel was learned from, (C, times)."""

    seen: Floats  # on the labels that it was learned from
    unseen: Floats


@cache
def unseen() -> DataSets:
    """The data sets on which all is judged, with 25 questions to each."""
    return data_sets(SETS, seed=0, queries=25)


@once
def learned() -> Descent:
    """The page's descent, over data sets of its own."""
    return learn_kernel(data_sets(LEARNED_FROM, seed=_FRESH))


@once
def judged() -> dict[str, Judged]:
    """The four ways of `WAYS`, by name.

    The mean of the labels; the Gaussian at its best width; the kernel that was learned;
    and one that is told the direction, at its best width.
    """
    task = unseen()
    mean = task.values.mean(axis=1, keepdims=True)
    unit = DIRECTION[:, None] / np.linalg.norm(DIRECTION)
    return {
        "mean": Judged(
            np.empty((COORDINATES, 0)), np.square(mean - task.truth).mean(axis=1)
        ),
        "fixed": _best(np.eye(COORDINATES), np.geomspace(1.4, 5.6, 7)),
        "learned": _judge(learned().final),
        "true": _best(unit, np.geomspace(8, 24, 5)),
    }


@once
def by_count() -> ByCount:
    """Learn from few data sets and from many, and see who overfits."""
    task = unseen()
    seen, fresh = np.empty((2, len(COUNTS), _TIMES))
    for row, count in enumerate(COUNTS):
        for time in range(_TIMES):
            few = data_sets(count, seed=_FRESH + time)
            descent = learned() if (count, time) == (LEARNED_FROM, 0) else None
            descent = descent or learn_kernel(few)
            seen[row, time] = np.sqrt(descent.losses[-1])
            estimates, _ = kernel_attention(descent.final, task)
            fresh[row, time] = np.sqrt(np.square(estimates - task.labels).mean())
    return ByCount(seen, fresh)


def _judge(matrix: Floats) -> Judged:
    task = unseen()
    estimates, _ = kernel_attention(matrix, task)
    return Judged(matrix, np.square(estimates - task.truth).mean(axis=1))


def _best(shape: Floats, scales: Floats) -> Judged:
    return min((_judge(shape * s) for s in scales), key=lambda found: found.rmse)
