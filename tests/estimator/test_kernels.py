"""Laws that every registered kernel keeps, and the deck's four formulas."""

from itertools import pairwise
from math import exp, inf, isinf, nextafter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nwdocs import KERNELS, Kernel

each_kernel = pytest.mark.parametrize("kernel", KERNELS.values(), ids=list(KERNELS))
offsets = st.floats(-50, 50)


@each_kernel
def test_the_peak_is_1_at_no_distance(kernel: Kernel) -> None:
    assert kernel(0.0) == 1
    assert kernel(-0.0) == 1


@each_kernel
@given(u=st.floats(allow_nan=False))
@example(u=1.0)
@example(u=5e-324)
@example(u=1e200)
@example(u=inf)
def test_left_and_right_count_alike_and_never_beyond_the_peak(
    kernel: Kernel, u: float
) -> None:
    with np.errstate(over="ignore"):  # u² of a huge u is infinite, and means 0
        assert kernel(u) == kernel(-u)
        assert 0 <= kernel(u) <= 1


@each_kernel
@given(near=offsets, far=offsets)
def test_a_farther_key_is_never_more_similar(
    kernel: Kernel, near: float, far: float
) -> None:
    near, far = sorted((abs(near), abs(far)))
    assert kernel(near) >= kernel(far)


@each_kernel
def test_similarity_ends_exactly_at_the_support(kernel: Kernel) -> None:
    if isinf(kernel.support):
        assert kernel(30.0) > 0
        return
    assert kernel.support > 0
    for inside in (0.5, 0.999):
        assert kernel(inside * kernel.support) > 0
    for outside in (kernel.support, nextafter(kernel.support, inf), 2.0, 1e200, inf):
        with np.errstate(over="ignore"):
            assert kernel(max(outside, kernel.support)) == 0


@each_kernel
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_shape_is_kept_and_each_entry_stands_alone(
    kernel: Kernel, shape: tuple[int, ...]
) -> None:
    u = np.linspace(-1.2, 1.3, int(np.prod(shape))).reshape(shape)
    similarity = np.asarray(kernel(u))
    assert similarity.shape == shape
    assert similarity.dtype == np.float64
    one_by_one = [float(kernel(x)) for x in u.ravel()]
    np.testing.assert_allclose(similarity.ravel(), one_by_one, rtol=1e-14, atol=0)


@each_kernel
def test_whole_numbers_and_lists_are_offsets_too(kernel: Kernel) -> None:
    expected = kernel(np.array([-2.0, 0.0, 1.0]))
    assert (kernel([-2, 0, 1]) == expected).all()
    for dtype in (np.int64, np.uint8, np.float32):
        u = np.array([2, 0, 1], dtype=dtype)
        assert (kernel(u) == expected).all()
        assert kernel(u).dtype == np.float64


@each_kernel
@given(u=offsets)
def test_the_logarithm_is_that_of_the_kernel(kernel: Kernel, u: float) -> None:
    if kernel.log is not None:
        np.testing.assert_allclose(exp(kernel.log(u)), kernel(u), rtol=1e-12)


@each_kernel
def test_a_kernel_without_an_edge_never_loses_a_key_to_underflow(
    kernel: Kernel,
) -> None:
    if isinf(kernel.support):
        assert kernel.log is not None or kernel(1e150) > 0
    else:
        assert kernel.log is None, "log(0) is -inf: a compact kernel has no use for it"


@each_kernel
def test_the_logarithm_never_rises_and_stays_finite(kernel: Kernel) -> None:
    if kernel.log is not None:
        scores = [float(kernel.log(u)) for u in (0.0, 1e-9, 1.0, 40.0, 1e9, 1e150)]
        assert np.isfinite(scores).all()
        assert all(near >= far for near, far in pairwise(scores))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # u =          0, 1/4, just inside 1, 1, 2
        ("gaussian", [1, 0.9692332344763441, exp(-0.5), exp(-0.5), exp(-2)]),
        ("boxcar", [1, 1, 1, 0, 0]),
        ("constant", [1, 1, 1, 1, 1]),
        ("triangular", [1, 0.75, 2.0**-53, 0, 0]),
    ],
)
def test_the_decks_formulas(name: str, expected: list[float]) -> None:
    u = [0, 0.25, nextafter(1, 0), 1, 2]
    np.testing.assert_allclose(KERNELS[name](u), expected, rtol=1e-15, atol=0)


def test_the_registry_starts_with_the_decks_four_in_the_decks_order() -> None:
    assert list(KERNELS)[:4] == ["gaussian", "boxcar", "constant", "triangular"]


def test_the_registry_cannot_be_changed_from_outside() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        KERNELS["mine"] = KERNELS["boxcar"]  # type: ignore[index]
    with pytest.raises(AttributeError, match="cannot assign to field"):
        KERNELS["boxcar"].support = 2.0  # type: ignore[misc]


def test_readers_can_tell_the_kernels_apart() -> None:
    for fact in ("label", "formula", "function"):
        facts = [getattr(kernel, fact) for kernel in KERNELS.values()]
        assert all(facts), f"a kernel has no {fact}"
        assert len(set(facts)) == len(facts), f"two kernels share a {fact}"
