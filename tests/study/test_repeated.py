"""Repeated attention over many data sets: one by one, and by scikit-learn's density."""

import numpy as np
import pytest
from sklearn.neighbors import KernelDensity

from nwdocs.repeated import count_distinct, mean_shift, self_attention
from nwdocs.study.ensembles import SETS
from nwdocs.study.repeated import (
    APART,
    LONG,
    SHORT,
    WIDTH,
    climbed,
    clumps,
    left,
    modes,
    one_set,
)

pytestmark = pytest.mark.slow


def test_many_at_once_are_what_they_are_one_by_one() -> None:
    found = left()
    assert found.moving.shape == found.fixed.shape == (SHORT + 1, SETS)
    for seed in (0, 3, SETS - 1):
        points = clumps(seed)
        moving = self_attention(points, SHORT, bandwidth=WIDTH)
        fixed = mean_shift(points, points, SHORT, bandwidth=WIDTH)
        np.testing.assert_array_equal(
            found.moving[:, seed], count_distinct(moving, APART)
        )
        np.testing.assert_array_equal(
            found.fixed[:, seed], count_distinct(fixed, APART)
        )


def test_the_counts_agree_with_the_prototype() -> None:
    """89 distinct points, 3 by round 10, and 2 by round 200; three modes stay."""
    start, by_short, by_long = (
        int(count_distinct(one_set().moving[step], APART)) for step in (0, SHORT, LONG)
    )
    assert (start, by_short, by_long) == (89, 3, 2)
    assert count_distinct(one_set().fixed[LONG], APART) == 3
    assert np.median(left().moving[-1]) == 3


def test_modes_are_where_mean_shift_stops() -> None:
    for seed in range(5):
        peaks = modes(clumps(seed))
        ends = mean_shift(peaks + 0.05, clumps(seed), 300, bandwidth=WIDTH)[-1]
        np.testing.assert_allclose(ends, peaks, atol=0.01)
    assert climbed().shape[0] == SETS


def test_modes_are_where_scikit_learns_density_has_its_maxima() -> None:
    for seed in (1, 9):
        points = clumps(seed)
        density = KernelDensity(bandwidth=WIDTH).fit(points[:, None])
        grid = np.linspace(points.min(), points.max(), 1500)
        slope = np.diff(density.score_samples(grid[:, None]))
        turns = grid[1:-1][(slope[:-1] > 0) & (slope[1:] < 0)]
        np.testing.assert_allclose(modes(points), turns, atol=0.01)
