"""Distances: against exact arithmetic, in any unit and any number of dimensions."""

import tracemalloc
from fractions import Fraction
from math import dist, isqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nwdocs import attention_weights
from nwdocs.distances import distance_gaps, distances
from nwdocs.kernels import Floats

#: Of any size, the ends of float64 apart.
coordinates = st.one_of(
    st.floats(-1e300, 1e300).filter(lambda x: x == 0 or abs(x) > 1e-290),
    st.sampled_from([0.0, 1e-280, 1.0, -1e300, 3e200]),
)


def exact_root(square: Fraction) -> float:
    """√ of a fraction, right to far more digits than a float has."""
    if not square:
        return 0.0
    shift = 2 * 1500
    return float(Fraction(isqrt(int(square * 4**shift)), 2**shift))


@given(
    points=st.integers(1, 3).flatmap(
        lambda d: hnp.arrays(float, (4, d), elements=coordinates)
    )
)
def test_exact_arithmetic_gives_the_same_distances(points: Floats) -> None:
    got = distances(points[:2], points)
    for i, query in enumerate(points[:2].tolist()):
        for j, key in enumerate(points.tolist()):
            square = sum(
                (Fraction(a) - Fraction(b)) ** 2
                for a, b in zip(query, key, strict=True)
            )
            assert got[i, j] == pytest.approx(exact_root(Fraction(square)), rel=1e-14)


@pytest.mark.parametrize("size", [1e-300, 1.0, 1e290])
@pytest.mark.parametrize("dimensions", [2, 50, 1000])
def test_many_coordinates_are_measured_as_pythons_own_dist_does(
    size: float, dimensions: int
) -> None:
    points = np.random.default_rng(0).standard_normal((7, dimensions))
    np.testing.assert_allclose(
        distances(size * points[:3], size * points) / size,
        [[dist(query, key) for key in points] for query in points[:3]],
        rtol=1e-12,
        atol=1e-14,
    )


@pytest.mark.parametrize("dimensions", [1, 3, 200])
def test_memory_does_not_grow_with_the_coordinates(dimensions: int) -> None:
    points = np.random.default_rng(0).standard_normal((400, dimensions))
    attention_weights(points[:2], points)  # what is imported late is imported now
    tracemalloc.start()
    weights = attention_weights(points, points, bandwidth=10.0)
    peak = tracemalloc.get_traced_memory()[1] - 3 * points.nbytes
    tracemalloc.stop()
    assert peak < 8 * weights.nbytes


@given(
    query=st.floats(-1e9, 1e9),
    keys=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=5),
    which=st.integers(0, 4),
)
def test_gaps_between_distances_are_right_to_rounding(
    query: float, keys: list[float], which: int
) -> None:
    near = keys[which % len(keys)]
    exact = [abs(Fraction(query) - Fraction(k)) for k in keys]
    expected = [float(e - abs(Fraction(query) - Fraction(near))) for e in exact]
    got = distance_gaps(np.array([query]), np.array(keys), np.array([near]))
    np.testing.assert_allclose(got[0], expected, rtol=1e-14, atol=1e-320)
