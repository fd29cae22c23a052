"""What an author is told of a page that failed: where, and why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nwdocs.site.pages import Cell, Page
from nwdocs.site.run.settings import Result

__all__ = ["describe_error", "describe_errors"]

# An error is to be read without scrolling.
_LINES_BEFORE, _LINES_AFTER = 6, 3
_MESSAGE_LINES, _LINE_WIDTH = 8, 300


def describe_error(page: Page, result: Result) -> str:
    """Where and why a page failed: page, line, cell, source, exception."""
    assert result.error is not None
    cell = page.cells[result.error["cell"]]
    at = _error_line(cell, result.error)
    what = "inline expression after cell" if cell.inline else "cell"
    name, message = result.error["name"], _shortened(result.error["message"])
    said = [
        f"{_place(page, result)}, {what} {cell.number}:",
        *_listing(cell.source.splitlines(), at, cell.line),
        f"{name}: {message}" if name else message,
    ]
    if result.error["raised"]:
        said.append(f"It came up in {result.error['raised']}.")
    return "\n".join(said)


def describe_errors(pages: Sequence[Page], results: Mapping[str, Result]) -> list[str]:
    """What `describe_error` says of each page; once, where several have the same."""
    alike: dict[tuple[str, ...], list[Page]] = {}
    for page in pages:
        if page.uri in results and (error := results[page.uri].error):
            same = (error["name"], error["message"], error["raised"])
            alike.setdefault(same, []).append(page)
    said = []
    for first, *others in alike.values():
        text = describe_error(first, results[first.uri])
        if others:
            places = [_place(page, results[page.uri]) for page in others]
            text += f"\nThe same on {len(others)} more: {'; '.join(places)}."
        said.append(text)
    return said


def _place(page: Page, result: Result) -> str:
    assert result.error is not None
    cell = page.cells[result.error["cell"]]
    return f"{page.file}, line {cell.line + _error_line(cell, result.error) - 1}"


def _error_line(cell: Cell, error: Mapping[str, Any]) -> int:
    return min(max(int(error["line"]), 1), len(cell.source.splitlines()) or 1)


def _listing(lines: Sequence[str], at: int, first: int) -> Iterator[str]:
    """The lines around line `at`, from 1; `first` is the number of the first."""
    shown = range(at - _LINES_BEFORE, at + _LINES_AFTER + 1)
    for number, line in enumerate(lines, 1):
        if number in shown:
            sign = ">" if number == at else " "
            yield f"{sign} {first + number - 1:4} | {_cut(line)}"
        elif number in (shown.start - 1, shown.stop):
            yield f"  {'…':>4} |"


def _shortened(message: str) -> str:
    lines = [_cut(line) for line in message.splitlines()]
    left = len(lines) - _MESSAGE_LINES
    if left <= 0:
        return "\n".join(lines)
    return "\n".join([*lines[:_MESSAGE_LINES], f"… and {left} more lines"])


def _cut(line: str) -> str:
    return line if len(line) <= _LINE_WIDTH else f"{line[:_LINE_WIDTH]}…"
