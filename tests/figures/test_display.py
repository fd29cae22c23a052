"""What cells show besides figures."""

import inspect

import numpy as np
import pytest

from nwdocs import kernels
from nwdocs.display import listing, table
from nwdocs.kernels import boxcar, constant


def test_a_table_is_markdown_with_numbers_to_the_right() -> None:
    text = table(["a", "b"], [["x|y", 1], ["z", 2.5]]).text
    assert text.splitlines() == [
        "| a | b |",
        "| :-- | --: |",
        r"| x\|y | 1 |",
        "| z | 2.5 |",
    ]


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match=r"each row must have 2 cells.*\['only'\]"):
        table(["a", "b"], [["only"]])


def test_a_listing_is_the_source_with_the_docstring_s_first_line() -> None:
    text = listing(boxcar, constant).text
    assert text.startswith("```py\ndef boxcar(")
    assert text.endswith("\n```")
    assert (
        '"""Hard window: 1 where |u| < 1, else 0. The edge itself is outside."""'
        in text
    )
    assert "Source:" not in text
    assert "\n\n\ndef constant(" in text


def test_a_listing_still_compiles_and_computes() -> None:
    source = listing(boxcar).text.removeprefix("```py\n").removesuffix("\n```")
    names = dict(vars(kernels))
    exec(source, names)
    assert names["boxcar"] is not boxcar
    np.testing.assert_array_equal(names["boxcar"]([0.5, 1.0]), boxcar([0.5, 1.0]))


def test_a_docstring_of_one_line_stays_as_it_is() -> None:
    assert inspect.getsource(mean).rstrip() in listing(mean).text


def mean(values: list[float]) -> float:
    """Add up and divide."""
    return sum(values) / len(values)


def too_wide() -> str:
    """Return a line that a page would have to scroll to show."""
    return "more than seventy-nine columns, counted from the left margin of this file"


def test_a_listing_that_a_page_has_no_room_for_is_refused() -> None:
    with pytest.raises(ValueError, match=r"room for 79 columns.* has 8\d: return"):
        listing(too_wide)
