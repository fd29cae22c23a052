"""Laws of attention weights and estimates, for every registered kernel."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial, wraps
from inspect import signature
from math import dist, exp, inf, isinf, nextafter
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, example, given, note
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import ArrayLike
from sklearn.neighbors import RadiusNeighborsClassifier

from nwdocs import (
    KERNELS,
    EmptyNeighbourhoodError,
    Kernel,
    attention_weights,
    nadaraya_watson,
)
from nwdocs.attention import estimate
from nwdocs.kernels import Floats, gaussian


class Problem(NamedTuple):
    """Points on a grid of sixteenths and a bandwidth that is a power of two.

    Differences and quotients of such numbers are exact in one dimension, so that no
    law fails because a key on a kernel's edge was rounded across it.
    """

    queries: Floats
    keys: Floats
    values: Floats
    bandwidth: float


#: Thousandths, so that products with a weight never fall below float64's smallest.
labels = st.integers(-(10**9), 10**9).map(lambda i: i / 1000)


@st.composite
def problems(draw: st.DrawFn, *, dimensions: int | None = None) -> Problem:
    """Queries and keys of 1 to 3 dimensions, (n,) or (n, d); values (K,) or (K, m)."""
    if dimensions is None:
        point = draw(st.sampled_from([(), (1,), (2,), (3,)]))
    else:
        point = () if dimensions == 1 else (dimensions,)
    queries, keys = (
        draw(hnp.arrays(np.int64, (n, *point), elements=st.integers(-160, 160))) / 16
        for n in (draw(st.integers(1, 4)), draw(st.integers(1, 6)))
    )
    outputs = draw(st.sampled_from([(), (1,), (3,)]))
    values = draw(hnp.arrays(float, (len(keys), *outputs), elements=labels))
    return Problem(queries, keys, values, 2.0 ** draw(st.integers(-4, 6)))


each_kernel = pytest.mark.parametrize("name", KERNELS)


def by_each_kernel(law: Callable[..., None]) -> Callable[..., None]:
    """Try every kernel on each example: to draw one takes longer than to pool it."""

    known = signature(law)
    examples = [known.parameters[name] for name in known.parameters if name != "name"]
    without_name = known.replace(parameters=examples)

    @wraps(law)
    def laws(*args: object, **kwargs: object) -> None:
        drawn = without_name.bind(*args, **kwargs).arguments
        for name in KERNELS:
            note(f"kernel: {name}")
            law(name=name, **drawn)

    vars(laws)["__signature__"] = without_name
    return laws


#: Kernels to which distance matters, by their reach. (The constant is in neither.)
LOCAL = [name for name, kernel in KERNELS.items() if kernel(1e6) < 1]
COMPACT = [name for name in LOCAL if not isinf(KERNELS[name].support)]
ENDLESS = [name for name in LOCAL if isinf(KERNELS[name].support)]


def pooled(name: str, problem: Problem) -> tuple[Floats, Floats]:
    queries, keys, values, bandwidth = problem
    return nadaraya_watson(
        queries, keys, values, name, bandwidth=bandwidth, empty="nan"
    )


def same(actual: Floats, expected: Floats) -> None:
    """Equal but for rounding; NaN only where NaN is expected."""
    np.testing.assert_allclose(actual, expected, rtol=1e-11, atol=1e-11)


def test_the_lists_above_leave_out_no_kernel_but_the_constant() -> None:
    assert set(KERNELS) - set(COMPACT) - set(ENDLESS) == {"constant"}


# --- weights and estimates -----------------------------------------------------------


@given(problem=problems())
@by_each_kernel
def test_weights_are_shares(name: str, problem: Problem) -> None:
    queries, keys, values, _ = problem
    estimates, weights = pooled(name, problem)
    assert weights.dtype == estimates.dtype == np.float64
    assert weights.shape == (len(queries), len(keys))
    assert estimates.shape == (len(queries), *values.shape[1:])
    reached = ~np.isnan(weights).any(axis=1)
    assert np.isnan(weights[~reached]).all(), "a row is NaN as a whole or not at all"
    assert (weights[reached] >= 0).all()
    np.testing.assert_allclose(weights[reached].sum(axis=1), 1, rtol=1e-14)


@given(problem=problems())
@by_each_kernel
def test_estimates_stay_in_the_range_of_the_values(name: str, problem: Problem) -> None:
    estimates, weights = pooled(name, problem)
    low, high = problem.values.min(axis=0), problem.values.max(axis=0)
    slack = 1e-14 * np.maximum(abs(low), abs(high))
    reached = ~np.isnan(weights[:, 0])
    assert (estimates[reached] >= low - slack).all()
    assert (estimates[reached] <= high + slack).all()
    assert np.isnan(estimates[~reached]).all()


@given(problem=problems())
@by_each_kernel
def test_an_estimate_is_the_weighted_sum_of_the_values(
    name: str, problem: Problem
) -> None:
    queries, keys, values, bandwidth = problem
    estimates, weights = pooled(name, problem)
    same(
        weights,
        attention_weights(queries, keys, name, bandwidth=bandwidth, empty="nan"),
    )
    by_hand = [[w * v for w, v in zip(row, values, strict=True)] for row in weights]
    np.testing.assert_allclose(
        estimates, np.sum(by_hand, axis=1), rtol=1e-12, atol=1e-12 * abs(values).max()
    )


@given(problem=problems())
@by_each_kernel
def test_each_column_of_values_is_pooled_alone(name: str, problem: Problem) -> None:
    estimates, _ = pooled(name, problem)
    if problem.values.ndim == 2:
        for column, expected in zip(problem.values.T, estimates.T, strict=True):
            same(pooled(name, problem._replace(values=column))[0], expected)


@given(problem=problems())
@by_each_kernel
def test_weights_are_proportional_to_similarity(name: str, problem: Problem) -> None:
    queries, keys, _, bandwidth = problem
    _, weights = pooled(name, problem)
    for query, row in zip(queries, weights, strict=True):
        similarity = np.array(
            [
                KERNELS[name](
                    dist(np.atleast_1d(query), np.atleast_1d(key)) / bandwidth
                )
                for key in keys
            ]
        )
        if similarity.sum() > 1e-200:  # else see the tests of underflow and reach
            same(row, similarity / similarity.sum())


# --- invariances ---------------------------------------------------------------------


@given(problem=problems(), shift=st.integers(-1600, 1600).map(lambda i: i / 16))
@by_each_kernel
def test_shifting_queries_and_keys_together_changes_nothing(
    name: str, problem: Problem, shift: float
) -> None:
    moved = problem._replace(queries=problem.queries + shift, keys=problem.keys + shift)
    assert np.array_equal(pooled(name, moved)[1], pooled(name, problem)[1], True)


@given(problem=problems())
@by_each_kernel
def test_mirroring_queries_and_keys_together_changes_nothing(
    name: str, problem: Problem
) -> None:
    mirrored = problem._replace(queries=-problem.queries, keys=-problem.keys)
    assert np.array_equal(pooled(name, mirrored)[1], pooled(name, problem)[1], True)


@given(problem=problems(), power=st.integers(-20, 20))
@by_each_kernel
def test_scaling_all_distances_with_the_bandwidth_changes_nothing(
    name: str, problem: Problem, power: int
) -> None:
    queries, keys, values, bandwidth = problem
    unit = 2.0**power
    scaled = Problem(queries * unit, keys * unit, values, bandwidth * unit)
    same(pooled(name, scaled)[1], pooled(name, problem)[1])


@given(problem=problems(), data=st.data())
@by_each_kernel
def test_the_order_of_the_keys_does_not_matter(
    name: str, problem: Problem, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(problem.keys))))
    shuffled = problem._replace(keys=problem.keys[order], values=problem.values[order])
    estimates, weights = pooled(name, problem)
    shuffled_estimates, shuffled_weights = pooled(name, shuffled)
    same(shuffled_weights, weights[:, order])
    np.testing.assert_allclose(
        shuffled_estimates,
        estimates,
        rtol=1e-12,
        atol=1e-12 * abs(problem.values).max(),
    )


#: Any size at all: rows must not meet in the arithmetic even at its ends.
sizes = st.floats(-1e150, 1e150)


@given(
    queries=st.lists(sizes, min_size=2, max_size=4),
    keys=st.lists(sizes, min_size=1, max_size=4),
    bandwidth=st.floats(5e-324, 1e300),
)
@example(queries=[0.0, 1e10], keys=[1e-145, 3e-145], bandwidth=1e-146)
@by_each_kernel
def test_a_query_is_answered_as_if_it_were_alone(
    name: str, queries: list[float], keys: list[float], bandwidth: float
) -> None:
    together, *alone = (
        attention_weights(q, keys, name, bandwidth=bandwidth, empty="nan")
        for q in (queries, *([query] for query in queries))
    )
    assert np.array_equal(together, np.concatenate(alone), equal_nan=True)


@each_kernel
@given(problem=problems(dimensions=1))
def test_points_on_a_line_in_space_are_points_on_a_line(
    name: str, problem: Problem
) -> None:
    queries, keys, _, _ = problem
    # (3, 4, 12) / 13 has length 1; times 13 keeps every number exact.
    line = np.array([3.0, 4.0, 12.0])
    in_space = problem._replace(
        queries=queries[:, None] * line,
        keys=keys[:, None] * line,
        bandwidth=problem.bandwidth * 13,
    )
    inside = abs(queries[:, None] - keys) < problem.bandwidth * KERNELS[name].support
    assume(not (abs(queries[:, None] - keys) == problem.bandwidth).any())
    assume(inside.any(axis=1).all())
    same(pooled(name, in_space)[1], pooled(name, problem)[1])


# --- limits --------------------------------------------------------------------------


@given(problem=problems())
def test_constant_collapses_to_the_mean(problem: Problem) -> None:
    estimates, weights = pooled("constant", problem)
    assert (weights == 1 / len(problem.keys)).all()
    expected = np.broadcast_to(problem.values.mean(axis=0), estimates.shape)
    np.testing.assert_allclose(
        estimates, expected, rtol=1e-14, atol=1e-14 * abs(problem.values).max()
    )


@given(problem=problems())
@by_each_kernel
def test_a_vast_bandwidth_gives_the_mean(name: str, problem: Problem) -> None:
    for bandwidth in (1e13, 1e300):
        estimates, weights = pooled(name, problem._replace(bandwidth=bandwidth))
        np.testing.assert_allclose(weights, 1 / len(problem.keys), rtol=1e-11)
        np.testing.assert_allclose(
            estimates,
            np.broadcast_to(problem.values.mean(axis=0), estimates.shape),
            rtol=1e-10,
            atol=1e-10 * abs(problem.values).max(),
        )


@pytest.mark.parametrize("name", LOCAL)
@given(problem=problems(dimensions=1))
def test_a_narrow_bandwidth_gives_the_nearest_keys_label(
    name: str, problem: Problem
) -> None:
    _, keys, values, _ = problem
    assume(len(np.unique(keys)) == len(keys) > 1)
    query = problem.queries[0]
    nearest, second = np.sort(abs(query - keys))[:2]
    assume(nearest < second)
    support = KERNELS[name].support
    # Within reach of the nearest key alone; without an edge, too narrow for two.
    bandwidth = 1e-6 if isinf(support) else (nearest + second) / 2 / support
    estimates, weights = nadaraya_watson(
        [query], keys, values, name, bandwidth=bandwidth
    )
    winner = abs(query - keys).argmin()
    assert weights[0, winner] == 1
    assert weights.sum() == 1
    assert np.array_equal(estimates[0], values[winner])


@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.parametrize("bandwidth", [1e-3, 1e-160, 1e-300, 5e-324])
def test_any_bandwidth_and_any_query_give_the_nearest_keys_label(
    name: str, bandwidth: float
) -> None:
    keys, labels = [0.0, 1.0, 2.5], [10.0, 20.0, 30.0]
    # From 1e300 away, all distances are one float64; their differences are not.
    queries = [-1e300, -7.0, 0.4, 0.0, 1.7, 1.8, 2.5, 1e6, 1e300]
    nearest = [10.0, 10.0, 10.0, 10.0, 20.0, 30.0, 30.0, 30.0, 30.0]
    estimates, weights = nadaraya_watson(
        queries, keys, labels, name, bandwidth=bandwidth
    )
    assert estimates.tolist() == nearest
    assert np.isfinite(weights).all()


@pytest.mark.parametrize("name", ENDLESS)
def test_keys_closer_than_any_ruler_are_still_told_apart(name: str) -> None:
    keys = [1e-160, 3e-160, 1.0]
    weights = attention_weights([0.0], keys, name, bandwidth=1e-170)
    assert weights.tolist() == [[1, 0, 0]]
    weights = attention_weights([0.0], [5e-324, 0.0], name, bandwidth=1e300)
    assert weights.tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.parametrize("bandwidth", [5e-324, 1e-3, 1.0])
def test_keys_at_one_distance_share_however_narrow(name: str, bandwidth: float) -> None:
    weights = attention_weights([0.0], [-7.0, 7.0, 8.0], name, bandwidth=bandwidth)
    assert weights[0, 0] == weights[0, 1] > weights[0, 2]
    assert weights.sum() == pytest.approx(1, rel=1e-15)


@pytest.mark.parametrize("name", ENDLESS)
@given(
    queries=st.lists(sizes, min_size=1, max_size=4),
    keys=st.lists(sizes, min_size=1, max_size=4),
    bandwidth=st.floats(5e-324, 1.7e308),
)
@example(queries=[1e150], keys=[0.0], bandwidth=5e-324)
@example(queries=[2e-323], keys=[5e-324, 0.0], bandwidth=5e-324)
@example(queries=[-4.056e31], keys=[2251799813685249.0, 0.25, 0.0], bandwidth=1.0)
def test_without_an_edge_every_row_is_finite_and_the_nearest_key_leads(
    name: str, queries: list[float], keys: list[float], bandwidth: float
) -> None:
    weights = attention_weights(queries, keys, name, bandwidth=bandwidth)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-14)
    for query, row in zip(queries, weights, strict=True):
        exact = [abs(Fraction(query) - Fraction(key)) for key in keys]
        assert row[exact.index(min(exact))] == pytest.approx(row.max(), rel=1e-12)


# --- out of reach --------------------------------------------------------------------


@given(problem=problems(dimensions=1))
@by_each_kernel
def test_a_row_is_nan_exactly_where_no_key_is_in_reach(
    name: str, problem: Problem
) -> None:
    queries, keys, _, bandwidth = problem
    in_reach = abs(queries[:, None] - keys) / bandwidth < KERNELS[name].support
    _, weights = pooled(name, problem)
    assert np.array_equal(np.isnan(weights[:, 0]), ~in_reach.any(axis=1))
    assert (weights[~in_reach & in_reach.any(axis=1, keepdims=True)] == 0).all()


@pytest.mark.parametrize("name", COMPACT)
def test_a_query_out_of_reach_is_counted_and_named(name: str) -> None:
    queries, keys = [0.1, 7.0, 0.0, -9.5], [0.0, 0.25]
    message = (
        r"^2 of 4 queries reach no key at bandwidth=0\.5; the first is "
        r"queries\[1\] = 7\.0\. Try a wider bandwidth, or empty='nan'"
    )
    with pytest.raises(EmptyNeighbourhoodError, match=message):
        attention_weights(queries, keys, name, bandwidth=0.5)
    with pytest.raises(EmptyNeighbourhoodError, match=message):
        nadaraya_watson(queries, keys, [1.0, 2.0], name, bandwidth=0.5, empty="raise")
    with pytest.raises(ValueError, match=r"3 of 3 .* bandwidth=1e-300; .*\[0\] = 4"):
        attention_weights([4, 5, 6], keys, name, bandwidth=1e-300)


@pytest.mark.parametrize("name", COMPACT)
def test_a_point_out_of_reach_is_named_by_its_coordinates(name: str) -> None:
    with pytest.raises(EmptyNeighbourhoodError, match=r"queries\[1\] = \[3\. 4\.\]"):
        attention_weights([[0, 0], [3, 4]], [[0, 0.5]], name, bandwidth=5.0 - 0.5)


@pytest.mark.parametrize("name", COMPACT)
@pytest.mark.parametrize("values", [[1.0, 2.0], [[1.0, 5.0], [2.0, 6.0]]])
def test_nan_marks_just_the_rows_out_of_reach(name: str, values: list[float]) -> None:
    queries, keys = np.array([0.1, 7.0, 0.0, -9.5]), [0.0, 0.25]
    estimates, weights = nadaraya_watson(
        queries, keys, values, name, bandwidth=0.5, empty="nan"
    )
    assert np.isnan(estimates[[1, 3]]).all()
    assert np.isnan(weights[[1, 3]]).all()
    alone = nadaraya_watson(queries[[0, 2]], keys, values, name, bandwidth=0.5)
    assert np.array_equal(estimates[[0, 2]], alone[0])
    assert np.array_equal(weights[[0, 2]], alone[1])


@pytest.mark.parametrize("name", COMPACT)
def test_the_edge_itself_is_out_of_reach(name: str) -> None:
    edge = KERNELS[name].support
    with pytest.raises(EmptyNeighbourhoodError, match="1 of 1 queries"):
        attention_weights([edge], [0.0], name)
    assert attention_weights([nextafter(edge, 0)], [0.0], name).tolist() == [[1.0]]


# --- kernels of the reader's own -----------------------------------------------------


@given(problem=problems(dimensions=1))
@by_each_kernel
def test_name_kernel_and_function_are_the_same_kernel(
    name: str, problem: Problem
) -> None:
    queries, keys, _, bandwidth = problem
    _, expected = pooled(name, problem)
    weigh = partial(attention_weights, queries, keys, bandwidth=bandwidth, empty="nan")
    assert np.array_equal(weigh(KERNELS[name]), expected, equal_nan=True)
    assert np.array_equal(weigh(KERNELS[name].function), expected, equal_nan=True)
    if bandwidth >= 1:  # a function that we do not know may underflow when narrower
        same(weigh(lambda u: KERNELS[name](u)), expected)


def test_the_gaussian_function_itself_does_not_underflow() -> None:
    weights = attention_weights([9.0], [0.0, 1.0], gaussian, bandwidth=1e-3)
    assert weights.tolist() == [[0, 1]]


@given(problem=problems(dimensions=2))
def test_a_function_gets_scaled_distances(problem: Problem) -> None:
    queries, keys, _, bandwidth = problem
    seen = []

    def spy(u: Floats) -> Floats:
        seen.append(u.copy())
        u[:] = 1  # what it does to its argument is its own affair
        return u

    weights = attention_weights(queries, keys, spy, bandwidth=bandwidth)
    assert (weights == 1 / len(keys)).all()
    expected = [[dist(query, key) / bandwidth for key in keys] for query in queries]
    (scaled,) = seen
    np.testing.assert_allclose(scaled, expected, rtol=1e-14)


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(lambda u: 1.5e308 * (u < 1), id="a huge peak"),
        pytest.param(lambda u: 1e-310 * (u < 1), id="a tiny peak"),
        pytest.param(lambda u: u < 1, id="true or false"),
        pytest.param(lambda u: (u < 1).astype(np.int8), id="whole numbers"),
        pytest.param(lambda u: (u < 1).astype(np.float16), id="half precision"),
        pytest.param(lambda u: (u < 1).tolist(), id="a list"),
        pytest.param(partial(lambda edge, u: u < edge, 1), id="no name"),
    ],
)
def test_only_the_ratio_of_similarities_counts(
    function: Callable[[Floats], ArrayLike],
) -> None:
    weights = attention_weights([0.0], [0.0, 0.5, 1.0, 3.0], function)
    assert weights.dtype == np.float64
    np.testing.assert_allclose(weights, [[0.5, 0.5, 0, 0]], rtol=1e-12)


def test_a_kernel_of_ones_own_needs_no_registration() -> None:
    mine = Kernel("Mine", inf, "1/(1+u)", lambda u: 1 / (1 + np.asarray(u)))
    weights = attention_weights([0.0], [0.0, 1.0], mine)
    np.testing.assert_allclose(weights, [[2 / 3, 1 / 3]], rtol=1e-15)


# --- how often a key counts, which may be heard, and how far --------------------------


@given(problem=problems(), data=st.data())
@by_each_kernel
def test_a_key_of_weight_2_is_the_key_twice_and_of_weight_0_none(
    name: str, problem: Problem, data: st.DataObject
) -> None:
    queries, keys, values, bandwidth = problem
    times = data.draw(
        st.lists(st.integers(0, 3), min_size=len(keys), max_size=len(keys)).filter(any)
    )
    counted, weights = nadaraya_watson(
        queries, keys, values, name, bandwidth=bandwidth, key_weights=times, empty="nan"
    )
    repeated, _ = pooled(
        name,
        problem._replace(
            keys=np.repeat(keys, times, axis=0), values=np.repeat(values, times, axis=0)
        ),
    )
    scale = abs(values).max()
    np.testing.assert_allclose(counted, repeated, rtol=1e-11, atol=1e-11 * scale)
    heard = weights[~np.isnan(weights[:, 0])]
    assert (heard[:, np.equal(times, 0)] == 0).all()
    doubled = attention_weights(
        queries,
        keys,
        name,
        bandwidth=bandwidth,
        key_weights=np.multiply(1e100, times),
        empty="nan",
    )
    same(doubled, weights)


@given(problem=problems(), data=st.data())
@by_each_kernel
def test_a_hidden_key_is_as_if_it_were_not_there(
    name: str, problem: Problem, data: st.DataObject
) -> None:
    queries, keys, values, bandwidth = problem
    shape = data.draw(st.sampled_from([(len(queries), len(keys)), (len(keys),)]))
    mask = data.draw(hnp.arrays(bool, shape))
    estimates, weights = nadaraya_watson(
        queries, keys, values, name, bandwidth=bandwidth, mask=mask, empty="nan"
    )
    for i, seen in enumerate(np.broadcast_to(mask, weights.shape)):
        if not seen.any():
            assert np.isnan(weights[i]).all()
            continue
        alone = pooled(name, Problem(queries[[i]], keys[seen], values[seen], bandwidth))
        np.testing.assert_allclose(
            estimates[i], alone[0][0], rtol=1e-11, atol=1e-11 * abs(values).max()
        )
        if not np.isnan(weights[i, 0]):
            assert (weights[i, ~seen] == 0).all()


@given(problem=problems(), data=st.data())
@by_each_kernel
def test_a_bandwidth_for_each_query_is_each_querys_own(
    name: str, problem: Problem, data: st.DataObject
) -> None:
    queries, keys, values, _ = problem
    powers = st.lists(st.integers(-4, 6), min_size=len(queries), max_size=len(queries))
    widths = 2.0 ** np.array(data.draw(powers))
    _, together = pooled(name, Problem(queries, keys, values, widths))  # type: ignore[arg-type]
    for query, width, row in zip(queries, widths, together, strict=True):
        _, alone = pooled(name, Problem(query[None], keys, values, width))
        # In several coordinates a weight keeps its digits up to 1e-16 times u squared.
        np.testing.assert_allclose(alone[0], row, rtol=1e-11, atol=0)


def test_a_mask_that_leaves_no_key_is_told() -> None:
    with pytest.raises(EmptyNeighbourhoodError, match=r"1 of 2 queries .* a mask that"):
        attention_weights([0.0, 1.0], [0.0], mask=[[True], [False]])


def test_one_hot_values_give_the_probability_of_each_class() -> None:
    rng = np.random.default_rng(0)
    centres = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
    classes = rng.integers(3, size=90)
    keys = centres[classes] + rng.standard_normal((90, 2))
    probabilities, _ = nadaraya_watson(centres, keys, np.eye(3)[classes])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-14)
    assert probabilities.argmax(axis=1).tolist() == [0, 1, 2]
    theirs = RadiusNeighborsClassifier(radius=nextafter(2.0, 0))
    theirs.fit(keys, classes)
    boxed, _ = nadaraya_watson(centres, keys, np.eye(3)[classes], "boxcar", bandwidth=2)
    np.testing.assert_allclose(boxed, theirs.predict_proba(centres), rtol=1e-12)


# --- without the weights -------------------------------------------------------------


@given(problem=problems())
@by_each_kernel
def test_estimates_alone_are_the_very_same_numbers(name: str, problem: Problem) -> None:
    queries, keys, values, bandwidth = problem
    alone = estimate(queries, keys, values, name, bandwidth=bandwidth, empty="nan")
    assert np.array_equal(alone, pooled(name, problem)[0], equal_nan=True)


@pytest.mark.parametrize("name", [*ENDLESS, "constant"])
def test_blocks_are_the_very_same_numbers(name: str) -> None:
    rng = np.random.default_rng(1)
    queries, keys, values = (rng.standard_normal(n) for n in (1500, 700, 700))
    alone = estimate(queries, keys, values, name, bandwidth=0.2)
    together, weights = nadaraya_watson(queries, keys, values, name, bandwidth=0.2)
    assert np.array_equal(alone, together)
    one_by_one = attention_weights(queries[:5], keys, name, bandwidth=0.2)
    assert np.array_equal(weights[:5], one_by_one)


def test_a_query_in_nobodys_reach_is_told_without_weights_too() -> None:
    with pytest.raises(EmptyNeighbourhoodError, match="1 of 2 queries reach no key"):
        estimate([0.0, 9.0], [0.0], [1.0], "boxcar")


# --- far away ------------------------------------------------------------------------


def exact_row(query: float, keys: list[float], bandwidth: float, power: int) -> Floats:
    """Weights by exact distances: the Gaussian's (power 2) or Laplace's (power 1)."""
    u = [abs(Fraction(query) - Fraction(k)) / Fraction(bandwidth) for k in keys]
    gaps = [(x**power - min(u) ** power) / power for x in u]
    similarity = np.array([exp(-gap) if gap < 700 else 0.0 for gap in gaps])
    return np.asarray(similarity / similarity.sum())


@pytest.mark.parametrize(("name", "power"), [("gaussian", 2), ("laplace", 1)])
@given(
    query=st.floats(-1e3, 1e3),
    distance=st.sampled_from([1e2, 1e5, 1e8, 1e12, 1e16]),
    steps=st.lists(st.integers(-6, 6), min_size=1, max_size=5),
    sides=st.lists(st.booleans(), min_size=5, max_size=5),
)
@example(query=0.0, distance=1e8, steps=[0, 1], sides=[True] * 5)
@example(
    query=0.1, distance=1e8, steps=[0, 1, 2], sides=[True, False, True, True, True]
)
def test_far_queries_lose_no_digits(
    name: str,
    power: int,
    query: float,
    distance: float,
    steps: list[int],
    sides: list[bool],
) -> None:
    apart = 1 / distance if name == "gaussian" else 1.0
    apart = max(apart, distance * 2.0**-50)
    keys = [
        query + (1 if right else -1) * (distance + step * apart)
        for step, right in zip(steps, sides, strict=False)
    ]
    got = attention_weights([query], keys, name)[0]
    np.testing.assert_allclose(
        got, exact_row(query, keys, 1.0, power), rtol=1e-10, atol=1e-300
    )


def test_far_queries_in_space_lose_few_digits() -> None:
    keys = [[1e8, 0.0], [1e8, 1.0], [1e8 + 1.5e-8, 0.0]]
    got = attention_weights([[0.0, 0.0]], keys)[0]
    squares = [sum(Fraction(x) ** 2 for x in key) for key in keys]
    expected = np.exp([float((min(squares) - s) / 2) for s in squares])
    np.testing.assert_allclose(got, expected / expected.sum(), rtol=1e-7)


# --- input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "convert",
    [
        list,
        tuple,
        lambda x: np.array(x, dtype=np.int32),
        lambda x: np.array(x, dtype=np.uint8),
        lambda x: np.array(x, dtype=np.float32),
        lambda x: np.array([x, x]).T[:, 0],
        lambda x: np.array(x, dtype=">f8"),
    ],
    ids=["list", "tuple", "int32", "uint8", "float32", "strided", "big-endian"],
)
def test_any_real_array_will_do(convert: Callable[[list[int]], ArrayLike]) -> None:
    queries, keys, values = (convert(x) for x in ([0, 3], [4, 1, 0], [6, 9, 2]))
    expected = nadaraya_watson([0.0, 3.0], [4.0, 1.0, 0.0], [6.0, 9.0, 2.0])
    for ours, theirs in zip(
        nadaraya_watson(queries, keys, values), expected, strict=True
    ):
        assert ours.dtype == np.float64
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize(
    "bandwidth", [2, np.int64(2), np.float32(2), np.array(2.0)], ids=repr
)
def test_any_real_number_will_do_as_bandwidth(bandwidth: float) -> None:
    expected = attention_weights([0.0], [0.0, 1.0], bandwidth=2.0)
    assert (attention_weights([0.0], [0.0, 1.0], bandwidth=bandwidth) == expected).all()


@each_kernel
def test_input_is_left_as_it_was(name: str) -> None:
    queries, keys, values = np.arange(3.0), np.array([0.5, 1.5]), np.array([7.0, 9.0])
    for array in (queries, keys, values):
        array.flags.writeable = False  # writing would raise
    estimates, weights = nadaraya_watson(queries, keys, values, name)
    assert not np.shares_memory(weights, keys)
    assert not np.shares_memory(estimates, values)


def test_distance_neither_overflows_nor_underflows_on_the_way() -> None:
    keys = np.array([[3e200, 4e200], [0, 5e200]])
    far = attention_weights(np.zeros((1, 2)), keys, bandwidth=1e200)
    np.testing.assert_allclose(far, [[0.5, 0.5]], rtol=1e-12)
    keys = np.array([[3e-200, 4e-200], [0, 0]])
    near = attention_weights(np.zeros((1, 2)), keys, bandwidth=5e-200)
    np.testing.assert_allclose(near[0, 0] / near[0, 1], np.exp(-0.5), rtol=1e-12)
