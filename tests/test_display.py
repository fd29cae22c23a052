"""What cells show besides figures."""

import inspect
from typing import Any

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

from nwdocs.display import (
    PAGE_MIME,
    WHEELS,
    agreement,
    how_to_run,
    listing,
    note,
    table,
)
from nwdocs.kernels import boxcar, constant
from nwdocs.site.live import kernel
from nwdocs.site.run import shell


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
    assert text.startswith("```py\nimport numpy as np\n")
    assert "\n\n\ndef boxcar(" in text
    assert text.endswith("\n```")
    assert (
        '"""Hard window: 1 where |u| < 1, else 0. The edge itself is outside."""'
        in text
    )
    assert "Source:" not in text
    assert "\n\n\ndef constant(" in text


def test_a_listing_still_compiles_and_computes() -> None:
    source = listing(boxcar).text.removeprefix("```py\n").removesuffix("\n```")
    names: dict[str, Any] = {}
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


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (1.0, 1.0, "exactly equal"),
        (1.0, 1.0 + 1e-15, "equal to the last digit"),
        ([0.0, 2e6], [1e-9, 2e6], "equal to the last digit"),
        ([1.0, -2.0], [1.0, -2.0 - 3e-9], "equal to 8 digits"),
    ],
)
def test_a_difference_is_told_in_words(one: Any, other: Any, words: str) -> None:
    assert agreement(one, other) == words


def test_what_differs_is_not_called_equal() -> None:
    with pytest.raises(ValueError, match=r"agree to three digits.* 0\.1"):
        agreement(1.0, 1.1)
    with pytest.raises(ValueError, match="agree to three digits"):
        agreement([1.0, np.nan], [1.0, np.nan])
    with pytest.raises(ValueError, match=r"one shape, got \(2,\) and \(3,\)"):
        agreement([1.0, 2.0], [1.0, 2.0, 3.0])


def test_how_to_run_says_how_to_install() -> None:
    assert f'pip install "nwdocs[figures]" {WHEELS}' in how_to_run().text
    assert "first cell installs" in how_to_run().elsewhere


# --- notes ----------------------------------------------------------------------------


def formatted(value: object) -> dict[str, str]:
    """What Jupyter is given of a value, by type."""
    data: dict[str, str]
    data, _ = DisplayFormatter().format(value)  # type: ignore[no-untyped-call]
    return data


def test_a_note_is_a_box_on_a_page_and_a_quote_in_jupyter() -> None:
    text = "See [a page](kernels.md#x) and [far](https://example.org/).\n\n| a |\n| - |"
    shown = note("tip", "Look", text, folded=True)
    assert shown.text.splitlines() == [
        '??? tip "Look"',
        "",
        "    See [a page](kernels.md#x) and [far](https://example.org/).",
        "",
        "    | a |",
        "    | - |",
    ]
    assert shown.elsewhere.splitlines() == [
        "> **Look**",
        ">",
        "> See a page and [far](https://example.org/).",
        ">",
        "> | a |",
        "> | - |",
    ]


def test_jupyter_is_given_the_words_for_it_and_the_site_its_own() -> None:
    data = formatted(note("tip", "Look", "Here."))
    assert data["text/markdown"] == "> **Look**\n>\n> Here."
    assert data[PAGE_MIME] == '!!! tip "Look"\n\n    Here.'
    assert "text/markdown" in formatted(table(["a"], []))


def test_what_runs_cells_knows_the_type_by_the_same_name() -> None:
    # It imports nothing of the package: neither that which pages use, nor in a browser.
    assert shell.PAGE_MIME == kernel.PAGE_MIME == PAGE_MIME


@pytest.mark.parametrize("title", ['The "same"', "two\nlines"])
def test_a_title_that_would_end_early_is_refused(title: str) -> None:
    with pytest.raises(ValueError, match="one line without double quotes, got"):
        note("tip", title, "Here.")
