"""Every bad input is refused in words: which argument, what it was, what would do."""

from collections.abc import Callable
from functools import partial
from inspect import Parameter, signature
from math import inf, nan
from typing import Any, cast

import numpy as np
import pytest

from nwdocs import KERNELS, Kernel, attention_weights, nadaraya_watson, synthetic_data
from nwdocs.attention import estimate
from nwdocs.kernels import Floats

GOOD: dict[str, Any] = {
    "queries": [0.0, 1.0],
    "keys": [0.0, 1.0, 2.0],
    "values": [5.0, 6.0, 7.0],
}

#: What none of queries, keys and values may be.
BAD_ARRAYS = {
    "a number": (
        3.0,
        ValueError,
        r"must have shape \(n,\) or \(n, d\), got shape \(\)",
    ),
    "3-D": (np.zeros((2, 3, 4)), ValueError, r"got shape \(2, 3, 4\)"),
    "none": ([], ValueError, r"must hold at least one {row}, got shape \(0,\)"),
    "no points": (np.zeros((0, 2)), ValueError, r"one {row}, got shape \(0, 2\)"),
    "no coordinates": (np.zeros((3, 0)), ValueError, r"got shape \(3, 0\)"),
    "ragged": (
        [[1.0, 2.0], [3.0]],
        ValueError,
        r"must be a rectangular array: .*\(2,\)",
    ),
    "complex": (
        [1j, 2.0, 3.0],
        TypeError,
        "must hold real numbers, got dtype complex128",
    ),
    "text": (["a", "b", "c"], TypeError, "real numbers, got dtype <U1. Convert"),
    "a word": ("abc", TypeError, "real numbers, got dtype <U3"),
    "None": (None, TypeError, "real numbers, got dtype object"),
    "objects": ([1.0, None, 2.0], TypeError, "real numbers, got dtype object"),
    "a huge int": ([10**400, 1, 2], TypeError, "real numbers, got dtype object"),
    "dates": (
        np.array(["1964-01-01"], dtype="M8[D]"),
        TypeError,
        r"real numbers, got dtype datetime64\[D\]",
    ),
    "NaN": (
        [0.0, nan, 1.0],
        ValueError,
        r"must be finite, got nan at index 1 \(1 such",
    ),
    "inf": ([0.0, 1.0, inf], ValueError, "must be finite, got inf at index 2"),
    "-inf": ([-inf, nan, 1.0], ValueError, r"got -inf at index 0 \(2 such in all\)"),
    "NaN in 2-D": (
        [[0.0, 1.0], [2.0, nan], [nan, 0.0]],
        ValueError,
        r"got nan at index \(1, 1\) \(2 such in all\)\. Drop or fill",
    ),
    "masked": (
        np.ma.masked_greater([0.0, 1.0, 99.0], 50),
        ValueError,
        "must have no masked entries, got 1",
    ),
    "beyond float64": (
        [np.longdouble("1e400"), 1, 2],
        ValueError,
        "must be finite, got inf at index 0",
    ),
}
if (
    np.finfo(np.longdouble).max == np.finfo(np.float64).max
):  # as on Windows and Arm Macs
    del BAD_ARRAYS["beyond float64"]

#: Functions that are no kernels: what they return, and the words for it.
BAD_KERNELS = {
    "a scalar": (lambda u: 1.0, ValueError, r"shape \(2, 3\), got \(\)"),
    "a row": (lambda u: u[0], ValueError, r"shape \(2, 3\), got \(3,\)"),
    "transposed": (lambda u: u.T, ValueError, r"shape \(2, 3\), got \(3, 2\)"),
    "nothing": (lambda u: None, TypeError, "real numbers, got dtype object"),
    "complex": (lambda u: u + 1j, TypeError, "real numbers, got dtype complex128"),
    "text": (lambda u: u.astype(str), TypeError, "real numbers, got dtype <U"),
    "negative": (lambda u: 1 - u, ValueError, "zero or more, got -1"),
    "hardly negative": (lambda u: 0 * u - 5e-324, ValueError, "or more, got -4.94"),
    "NaN": (lambda u: u + nan, ValueError, "finite similarities, got nan"),
    "infinite": (lambda u: u + inf, ValueError, "finite similarities, got inf"),
}

KNOWN = ", ".join(KERNELS)

#: Options: argument, bad value, error, and words after the argument's name.
BAD_OPTIONS = [
    ("bandwidth", 0, ValueError, "must be positive and finite, got 0"),
    ("bandwidth", 0.0, ValueError, r"must be positive and finite, got 0\.0"),
    ("bandwidth", -0.5, ValueError, r"must be positive and finite, got -0\.5"),
    ("bandwidth", nan, ValueError, "must be positive and finite, got nan"),
    ("bandwidth", inf, ValueError, "must be positive and finite, got inf"),
    ("bandwidth", -inf, ValueError, "must be positive and finite, got -inf"),
    ("bandwidth", 10**400, ValueError, "must be positive and finite, got 1000000"),
    ("bandwidth", "1", TypeError, "must be a real number, got '1'"),
    ("bandwidth", None, TypeError, "must be a real number, got None"),
    ("bandwidth", True, TypeError, "must be a real number, got True"),
    ("bandwidth", np.True_, TypeError, "must be a real number, got .*True"),
    ("bandwidth", 1j, TypeError, "must be a real number, got 1j"),
    ("bandwidth", [1.0], ValueError, r"must be a real number, or one .* \(2,\), got"),
    ("bandwidth", np.ones(3), ValueError, r"must be .* got shape \(3,\)"),
    ("bandwidth", np.ones((2, 1)), ValueError, r"must be .* got shape \(2, 1\)"),
    ("bandwidth", [1.0, nan], ValueError, "must be finite, got nan at index 1"),
    ("bandwidth", [1.0, 0.0], ValueError, r"must be positive .* got 0\.0 at index 1"),
    ("bandwidth", ["a", "b"], TypeError, "must hold real numbers, got dtype <U1"),
    ("kernel", "gausian", ValueError, f"must be one of {KNOWN}, .* got 'gausian'"),
    ("kernel", "", ValueError, f"must be one of {KNOWN}, .* got ''\\.$"),
    ("kernel", "Gaussian", ValueError, f"must be one of {KNOWN}, .* got 'Gaussian'"),
    ("kernel", None, TypeError, rf"must be a name \({KNOWN}\), .* got None"),
    ("kernel", 3, TypeError, rf"must be a name \({KNOWN}\), .* got 3"),
    ("kernel", ["boxcar"], TypeError, r"must be a name .* got \['boxcar'\]"),
    ("kernel", "gausian", ValueError, ".* Did you mean 'gaussian'"),
    ("kernel", "rbf", ValueError, ".* Did you mean 'gaussian'"),
    ("kernel", "tophat", ValueError, ".* Did you mean 'boxcar'"),
    ("kernel", "Exponential", ValueError, ".* Did you mean 'laplace'"),
    ("key_weights", 1.0, ValueError, r"must have shape \(n,\)"),
    ("key_weights", [1.0, 1.0], ValueError, r"must be one for each key, .* \(2,\)"),
    ("key_weights", [1.0, -1.0, 1.0], ValueError, "must be zero or more, .* from -1"),
    ("key_weights", [0.0] * 3, ValueError, "must be zero or more, and not all zero"),
    ("key_weights", [1.0, nan, 1.0], ValueError, "must be finite, got nan at index 1"),
    ("key_weights", [1e-200, 1, 1], ValueError, "must be within a factor of 1e150"),
    ("key_weights", ["a"] * 3, TypeError, "must hold real numbers, got dtype <U1"),
    ("mask", [1, 0, 1], TypeError, "must hold True and False, got dtype int64"),
    (
        "mask",
        [True, False],
        ValueError,
        r"must be one .* \(3,\), .* \(2, 3\), got \(2,\)",
    ),
    ("mask", np.ones((3, 2), bool), ValueError, r"must be .* got \(3, 2\)"),
    ("empty", "zero", ValueError, "must be 'raise' or 'nan', got 'zero'"),
    ("empty", None, ValueError, "must be 'raise' or 'nan', got None"),
    ("empty", nan, ValueError, "must be 'raise' or 'nan', got nan"),
]

#: Arguments of `synthetic_data`: the same, and every error says what would do.
BAD_DATA = [
    ("n", 0, ValueError, "must be at least 1, got 0"),
    ("n", -3, ValueError, "must be at least 1, got -3"),
    ("n", 40.0, TypeError, r"must be a whole number, got 40\.0"),
    ("n", "40", TypeError, "must be a whole number, got '40'"),
    ("n", True, TypeError, "must be a whole number, got True"),
    ("n", None, TypeError, "must be a whole number, got None"),
    ("noise", -1.0, ValueError, r"must be zero or more, and finite, got -1\.0"),
    ("noise", nan, ValueError, "must be zero or more, and finite, got nan"),
    ("noise", inf, ValueError, "must be zero or more, and finite, got inf"),
    ("noise", 10**400, ValueError, "must be zero or more, and finite, got 1000000"),
    ("noise", "1", TypeError, "must be a real number, got '1'"),
    ("noise", False, TypeError, "must be a real number, got False"),
    ("seed", -1, ValueError, "must be at least 0, got -1"),
    ("seed", 1.5, TypeError, r"must be a whole number, got 1\.5"),
    ("seed", None, TypeError, "must be a whole number, got None"),
]


#: Masked entries, however they are wrapped.
HIDDEN = np.ma.array([1.0, 2.0], mask=[False, True])


def label(case: tuple[str, object, type[Exception], str]) -> str:
    return f"{case[0]}={case[1]!r:.12}"


@pytest.mark.parametrize("case", BAD_ARRAYS)
@pytest.mark.parametrize(
    ("argument", "row"), [("queries", "query"), ("keys", "key"), ("values", "value")]
)
def test_bad_arrays(argument: str, row: str, case: str) -> None:
    array, error, words = BAD_ARRAYS[case]
    message = f"^{argument} .*{words.format(row=row)}"
    bad = GOOD | {argument: array}
    with pytest.raises(error, match=message):
        nadaraya_watson(**bad)
    if argument != "values":
        with pytest.raises(error, match=message):
            attention_weights(bad["queries"], bad["keys"])


@pytest.mark.parametrize(
    ("argument", "value", "error", "words"), BAD_OPTIONS, ids=map(label, BAD_OPTIONS)
)
def test_bad_options(
    argument: str, value: object, error: type[Exception], words: str
) -> None:
    option: dict[str, Any] = {argument: value}
    with pytest.raises(error, match=f"^{argument} {words}"):
        nadaraya_watson(**GOOD, **option)
    with pytest.raises(error, match=f"^{argument} {words}"):
        estimate(**GOOD, **option)
    with pytest.raises(error, match=f"^{argument} {words}"):
        attention_weights(GOOD["queries"], GOOD["keys"], **option)


@pytest.mark.parametrize("case", BAD_KERNELS)
def test_functions_that_are_no_kernels(case: str) -> None:
    function, error, words = BAD_KERNELS[case]
    with pytest.raises(error, match=f"^kernel <lambda> must return .*{words}"):
        nadaraya_watson(**GOOD, kernel=function)


def test_a_function_without_a_name_is_called_by_its_type() -> None:
    with pytest.raises(ValueError, match=r"^kernel partial must return .* got -2"):
        attention_weights([0.0], [2.0], partial(np.multiply, -1))


def test_an_error_inside_a_function_is_its_own() -> None:
    def mine(u: Floats) -> Floats:
        raise LookupError("mine")

    with pytest.raises(LookupError, match=r"^mine$"):
        attention_weights([0.0], [1.0], mine)


@pytest.mark.parametrize(
    ("queries", "keys"),
    [
        ((4,), (4, 1)),
        ((4, 1), (4,)),
        ((4, 2), (4,)),
        ((4, 2), (4, 3)),
        ((4, 1), (4, 2)),  # would broadcast, in silence
    ],
)
def test_queries_and_keys_of_unlike_dimensions(
    queries: tuple[int, ...], keys: tuple[int, ...]
) -> None:
    shapes = f"got {queries} and {keys}".replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(
        ValueError, match=rf"^queries and keys must have the same dimensions, {shapes}"
    ):
        attention_weights(np.zeros(queries), np.zeros(keys))


@pytest.mark.parametrize("values", [(2,), (4,), (2, 3), (1,), (1, 3)])
def test_values_that_are_not_one_for_each_key(values: tuple[int, ...]) -> None:
    shape = str(values).replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(
        ValueError,
        match=rf"^values must be one for each key, got {shape} for keys \(3,\)\. ",
    ):
        nadaraya_watson([0.0, 1.0], [0.0, 1.0, 2.0], np.zeros(values))


@pytest.mark.parametrize(
    "rows", [[HIDDEN, [1.0, 2.0]], (HIDDEN, HIDDEN), [[1.0, 2.0], HIDDEN]]
)
def test_masked_entries_inside_lists(rows: Any) -> None:
    with pytest.raises(
        ValueError, match=r"^keys must have no masked entries, got [12]\."
    ):
        nadaraya_watson([[0.0, 0.0]], rows, [1.0, 2.0])


@pytest.mark.parametrize(
    ("log", "error", "words"),
    [
        (lambda u: np.log(-1 - u), ValueError, "finite logarithms, .* got nan"),
        (lambda u: u + inf, ValueError, "finite logarithms, .* got inf"),
        (lambda u: 1.0, ValueError, r"one logarithm for each .* got \(\)"),
        (lambda u: u + 1j, TypeError, "real numbers, got dtype complex128"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_logarithms_that_are_none(
    log: Callable[[Any], Any], error: type[Exception], words: str
) -> None:
    mine = Kernel("Mine", inf, "", lambda u: np.exp(-np.asarray(u)), log)
    with pytest.raises(error, match=f"^the log of kernel Mine must return .*{words}"):
        nadaraya_watson(**GOOD, kernel=mine)


def test_points_too_far_apart_to_measure() -> None:
    with pytest.raises(
        ValueError, match=r"^queries and keys .* up to 1e\+308 .* up to 1\.5e\+308"
    ):
        attention_weights([1e308], [-1.5e308])
    with pytest.raises(ValueError, match="Rescale both"):
        attention_weights([[1e308, 1e308]], [[-0.5e308, -1.5e308]])


@pytest.mark.parametrize(
    ("argument", "value", "error", "words"), BAD_DATA, ids=map(label, BAD_DATA)
)
def test_bad_arguments_of_synthetic_data(
    argument: str, value: object, error: type[Exception], words: str
) -> None:
    option: dict[str, Any] = {argument: value}
    with pytest.raises(error, match=f"^{argument} {words}"):
        synthetic_data(**option)


def test_every_argument_has_its_bad_inputs() -> None:
    tried = {"queries", "keys", "values", *(case[0] for case in BAD_OPTIONS)}
    assert set(signature(nadaraya_watson).parameters) == tried
    assert set(signature(attention_weights).parameters) == tried - {"values"}
    assert set(signature(synthetic_data).parameters) == {case[0] for case in BAD_DATA}


@pytest.mark.parametrize("function", [attention_weights, estimate, nadaraya_watson])
def test_options_cannot_be_mixed_up_by_position(
    function: Callable[..., object],
) -> None:
    parameters = signature(function).parameters
    for name, default in (("bandwidth", 1.0), ("empty", "raise")):
        assert parameters[name].kind is Parameter.KEYWORD_ONLY
        assert parameters[name].default == default
    assert parameters["kernel"].default == "gaussian"


def test_the_first_of_several_mistakes_is_reported_before_any_work() -> None:
    def never(u: Floats) -> Floats:
        raise AssertionError("bad input reached the kernel")

    with pytest.raises(ValueError, match=r"^empty must be"):
        nadaraya_watson(**GOOD, kernel=never, empty=cast("Any", "zero"))
