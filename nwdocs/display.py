"""What a page's cell can hand to its page: Markdown, tables, source, and MIME types.

A figure, a gallery and an explorable reach the site's build under MIME types of their
own. Jupyter and other tools read the standard types that stand beside them.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from textwrap import indent
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.source import standalone

__all__ = [
    "EXPLORER_MIME",
    "GALLERY_MIME",
    "LOOK_MIME",
    "MIME",
    "PAGE_MIME",
    "WHEELS",
    "Markdown",
    "agreement",
    "how_to_run",
    "listing",
    "note",
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

#: Markdown with what the site's pages know besides: notes, addresses of headings, links to
#: other pages. The site shows it in place of ``text/markdown``.
PAGE_MIME = "text/vnd.nwdocs.markdown"

#: Where pip finds the package beside the pages; a site puts its own address here.
WHEELS = "--find-links wheels/"

_COLUMNS = 79
_SAME = 1e-3  # results that differ by more than this share are not called equal
_LAST_DIGIT = 1e-14  # relative: some dozens of roundings of a float
_NEARBY = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")  # a link to another page


@dataclass(frozen=True, slots=True)
class Markdown:
    """Text that a page shows as Markdown.

    Attributes:
        text: as a page of the site has it.
        elsewhere: what Jupyter shows, which knows neither notes nor the other pages; the
            text itself, if empty.
    """

    text: str
    elsewhere: str = ""

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        standard = {"text/markdown": self.elsewhere or self.text}
        return {PAGE_MIME: self.text} | standard if self.elsewhere else standard


def note(
    kind: str, title: str, text: str, *, folded: bool = False, elsewhere: str = ""
) -> Markdown:
    """A box with a title: a note of a page's Markdown, and a quote elsewhere.

    Args:
        kind: of the note, as the site's Markdown names it: "tip", say.
        title: one line, without double quotes.
        text: what the note says, as Markdown.
        folded: whether the page shows the title alone, until a reader opens the note.
        elsewhere: what Jupyter shows in place of the text; if empty, the text with the
            words of links to other pages.

    Raises:
        ValueError: the title has a double quote or a line break, which would end it.
    """
    if '"' in title or "\n" in title:
        raise ValueError(
            f"title must be one line without double quotes, got {title!r}."
        )
    block = f'{"???" if folded else "!!!"} {kind} "{title}"\n\n{indent(text, "    ")}'
    said = elsewhere or _NEARBY.sub(r"\1", text)
    quote = f"**{title}**\n\n{said}".split("\n")
    return Markdown(block, "\n".join(f"> {line}".rstrip() for line in quote))


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
    needs = (
        "The cells of a page run in order: as the notebook or the script that the page's "
        "head links to, or pasted into one of your own. They import numpy, and this site's "
        "small package with its figures. "
    )
    return note(
        "tip",
        "Run this code yourself",
        f"{needs}This line installs both:\n\n"
        f'`python -m pip install "nwdocs[figures]" {WHEELS}`',
        elsewhere=f"{needs}This notebook's first cell installs both.",
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
