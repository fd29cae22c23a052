"""What a page's cell can hand to its page: Markdown, tables, source, and MIME types.

A figure, a gallery and an explorable reach the site's build under MIME types of their
own. Jupyter and other tools read the standard types that stand beside them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.source import standalone

__all__ = [
    "EXPLORER_MIME",
    "GALLERY_MIME",
    "LOOK_MIME",
    "MIME",
    "WHEELS",
    "Markdown",
    "agreement",
    "how_to_run",
    "listing",
    "table",
]

#: One drawn figure: its picture, words, numbers and code.
MIME = "application/vnd.nwdocs.figure+json"

#: The names of all figures, for a gallery of those that the pages show.
GALLERY_MIME = "application/vnd.nwdocs.gallery+json"

#: An explorable: the markup before its static figure, and after it.
EXPLORER_MIME = "application/vnd.nwdocs.explorer+json"

#: The colours of the site, and the kernel on its icon.
LOOK_MIME = "application/vnd.nwdocs.look+json"

#: Where pip finds the package beside the pages; a site puts its own address here.
WHEELS = "--find-links wheels/"

_COLUMNS = 79
_SAME = 1e-3  # results that differ by more than this share are not called equal
_LAST_DIGIT = 1e-14  # relative: some dozens of roundings of a float


@dataclass(frozen=True, slots=True)
class Markdown:
    """Text that a page shows as Markdown."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text


def listing(*functions: Callable[..., Any]) -> Markdown:
    """The source of `functions` as the package has it, for a page to show.

    Of each docstring the first line stands for all: the API reference has the rest. The
    imports are those that a reader needs who pastes the listing elsewhere.

    Raises:
        ValueError: a line is wider than a page has room for.
    """
    source = standalone(*functions, documented=False, columns=_COLUMNS)
    for line in source.splitlines():
        if len(line) > _COLUMNS:
            raise ValueError(
                f"a page has room for {_COLUMNS} columns of code, and this line of the "
                f"package has {len(line)}: {line.strip()}"
            )
    return Markdown(f"```py\n{source}\n```")


def agreement(one: ArrayLike, other: ArrayLike) -> str:
    """How far two results agree, in words: "equal to the last digit", say.

    Args:
        one: a number, or an array of any shape.
        other: what should be the same, of that shape.

    Returns:
        Words that complete "the two are ...": "exactly equal", "equal to the last digit"
        (of a float) or "equal to 9 digits", relative to the largest entry.

    Raises:
        ValueError: the two differ within their first three digits, or are not of one
            shape: then no sentence should call them equal.
    """
    first, second = (np.asarray(a, dtype=float) for a in (one, other))
    if first.shape != second.shape:
        raise ValueError(
            f"one and other must have one shape, got {first.shape} and {second.shape}."
        )
    gap = float(np.abs(first - second).max())
    if gap == 0:
        return "exactly equal"
    relative = gap / float(np.maximum(np.abs(first), np.abs(second)).max())
    if not (isfinite(relative) and relative < _SAME):
        raise ValueError(
            f"one and other must agree to three digits, got a difference of {gap:g}, "
            f"which is {relative:.2g} of the largest entry."
        )
    if relative < _LAST_DIGIT:
        return "equal to the last digit"
    return f"equal to {floor(-log10(relative))} digits"


def how_to_run() -> Markdown:
    """How a reader gets the package that a page's code imports."""
    return Markdown(
        '!!! tip "Run this code yourself"\n\n'
        "    The cells of a page run in order: as the notebook or the script that the "
        "page's head links to, or pasted into one of your own. They import numpy, and this "
        "site's small package with its figures. This line installs both:\n\n"
        f'    `python -m pip install "nwdocs[figures]" {WHEELS}`'
    )


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Markdown:
    """A Markdown table: the first column to the left, the others to the right.

    Numbers are cells already formatted; anything else is shown as str() has it.

    Raises:
        ValueError: a row has more or fewer cells than the header.
    """
    lines = [header, [":--", *["--:"] * (len(header) - 1)]]
    for row in rows:
        if len(row) != len(header):
            raise ValueError(
                f"each row must have {len(header)} cells as the header has, got {row!r}."
            )
        lines.append([str(cell).replace("|", "\\|") for cell in row])
    return Markdown("\n".join("| " + " | ".join(line) + " |" for line in lines))
