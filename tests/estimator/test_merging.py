"""The merge of parts: its laws, and that a stream is the whole, however it is cut."""

import tracemalloc
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nwdocs import KERNELS, EmptyNeighbourhoodError, nadaraya_watson
from nwdocs.merging import Partial, Stream, finish, merge, nothing, summed_up

SCORES = st.one_of(st.floats(-700, 700), st.just(-np.inf))


@st.composite
def parts(draw: st.DrawFn) -> Partial:
    """What three queries know of a few keys, some of which are out of reach."""
    keys = draw(st.integers(1, 4))
    scores = draw(hnp.arrays(float, (3, keys), elements=SCORES))
    values = draw(hnp.arrays(float, (keys, 2), elements=st.floats(-100, 100)))
    return summed_up(scores, values)


def assert_same(one: Partial, other: Partial) -> None:
    np.testing.assert_array_equal(one.largest, other.largest)
    np.testing.assert_allclose(one.total, other.total, rtol=1e-12)
    np.testing.assert_allclose(one.summed, other.summed, rtol=1e-12, atol=1e-9)


laws = settings(max_examples=150, deadline=None)


@laws
@given(parts(), parts())
def test_the_order_does_not_matter(a: Partial, b: Partial) -> None:
    for one, other in zip(merge(a, b), merge(b, a), strict=True):
        np.testing.assert_array_equal(one, other)


@laws
@given(parts(), parts(), parts())
def test_the_grouping_does_not_matter(a: Partial, b: Partial, c: Partial) -> None:
    assert_same(merge(merge(a, b), c), merge(a, merge(b, c)))


@laws
@given(parts())
def test_nothing_changes_nothing(a: Partial) -> None:
    for merged in (merge(a, nothing(3, 2)), merge(nothing(3, 2), a)):
        for one, other in zip(merged, a, strict=True):
            np.testing.assert_array_equal(one, other)


@laws
@given(st.integers(1, 30), st.integers(0, 2**31), st.floats(0.01, 10))
def test_a_cut_anywhere_gives_the_whole(cut: int, seed: int, width: float) -> None:
    rng = np.random.default_rng(seed)
    keys, values = rng.uniform(0, 5, 31), rng.standard_normal((31, 2))
    queries = rng.uniform(-1, 6, 7)
    stream = Stream(queries, bandwidth=width)
    stream.add(keys[:cut], values[:cut])
    stream.add(keys[cut:], values[cut:])
    expected, _ = nadaraya_watson(queries, keys, values, bandwidth=width)
    # A score of u² has an error of u² roundings.
    np.testing.assert_allclose(stream.estimates(), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_stream_is_the_estimator_for_every_kernel(kernel: str) -> None:
    rng = np.random.default_rng(0)
    keys, values = rng.uniform(0, 5, 5000), rng.standard_normal(5000)
    queries = rng.uniform(0, 5, 600)
    stream = Stream(queries, kernel, bandwidth=0.5)
    for part in np.array_split(np.arange(5000), 7):
        stream.add(keys[part], values[part])
    expected, _ = nadaraya_watson(queries, keys, values, kernel, bandwidth=0.5)
    np.testing.assert_allclose(stream.estimates(), expected, rtol=1e-9, atol=1e-12)


def test_streams_merge() -> None:
    rng = np.random.default_rng(0)
    keys, values = rng.standard_normal((40, 3)), rng.standard_normal(40)
    queries = rng.standard_normal((5, 3))
    one, other, late = (Stream(queries) for _ in range(3))
    one.add(keys[:10], values[:10])
    other.add(keys[10:], values[10:])
    late.merge(other)
    late.merge(one)
    late.merge(Stream(queries))
    expected, _ = nadaraya_watson(queries, keys, values)
    np.testing.assert_allclose(late.estimates(), expected, rtol=1e-12)
    np.testing.assert_array_equal(
        finish(merge(one.part, other.part))[:, 0], finish(late.part)[:, 0]
    )


def test_pytorch_has_the_same_attention_from_scores_in_parts(torch: ModuleType) -> None:
    rng = np.random.default_rng(0)
    q, k, v = (rng.standard_normal((n, 4)) for n in (6, 50, 50))
    scores = q @ k.T / 2
    ours = merge(summed_up(scores[:, :20], v[:20]), summed_up(scores[:, 20:], v[20:]))
    theirs = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(a) for a in (q, k, v))
    )
    np.testing.assert_allclose(finish(ours), theirs.numpy(), rtol=1e-12)


def test_memory_does_not_grow_with_the_keys() -> None:
    peaks = []
    for parts_ in (4, 40):
        rng = np.random.default_rng(0)
        stream = Stream(np.linspace(0, 5, 500), bandwidth=0.1)
        tracemalloc.start()
        for _ in range(parts_):
            stream.add(rng.uniform(0, 5, 2000), rng.standard_normal(2000))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
    assert peaks[1] < 500 * 2000 * 8, "the matrix of one part alone"


def test_what_cannot_be_streamed_is_refused() -> None:
    stream = Stream([0.0, 9.0], "boxcar")
    with pytest.raises(ValueError, match="must have had keys, got none"):
        stream.estimates()
    stream.add([0.1], [1.0])
    with pytest.raises(ValueError, match=r"values must have shape \(K,\) as before"):
        stream.add([0.1], [[1.0, 2.0]])
    with pytest.raises(ValueError, match="must have the same dimensions"):
        stream.add([[0.1, 0.2]], [1.0])
    with pytest.raises(EmptyNeighbourhoodError, match="1 of 2 queries reach no key"):
        stream.estimates()
    np.testing.assert_array_equal(stream.estimates(empty="nan"), [1.0, np.nan])
    with pytest.raises(ValueError, match="empty must be"):
        stream.estimates(empty="zero")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="other must have the same queries"):
        stream.merge(Stream([0.0, 8.0], "boxcar"))
    with pytest.raises(ValueError, match="other must have the same queries"):
        stream.merge(Stream([0.0, 9.0], "boxcar", bandwidth=2.0))
