"""What a page's cell can hand to its page: Markdown, tables, source, and MIME types.

A figure, a gallery and an explorable reach the site's build under MIME types of their
own. Jupyter and other tools read the standard types that stand beside them.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "EXPLORER_MIME",
    "GALLERY_MIME",
    "LOOK_MIME",
    "MIME",
    "Markdown",
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

_COLUMNS = 79


@dataclass(frozen=True, slots=True)
class Markdown:
    """Text that a page shows as Markdown."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text


def listing(*functions: Callable[..., Any]) -> Markdown:
    """The source of `functions` as the package has it, for a page to show.

    Of each docstring the first line stands for all: the API reference has the rest.

    Raises:
        ValueError: a line is wider than a page has room for.
    """
    source = "\n\n\n".join(_source(function) for function in functions)
    for line in source.splitlines():
        if len(line) > _COLUMNS:
            raise ValueError(
                f"a page has room for {_COLUMNS} columns of code, and this line of the "
                f"package has {len(line)}: {line.strip()}"
            )
    return Markdown(f"```py\n{source}\n```")


def _source(function: Callable[..., Any]) -> str:
    lines = inspect.getsource(function).rstrip().splitlines()
    (definition,) = ast.parse("\n".join(lines)).body
    assert isinstance(definition, ast.FunctionDef)
    docstring = definition.body[0]
    if docstring.end_lineno != docstring.lineno:
        assert docstring.end_lineno
        lines[docstring.lineno - 1] += '"""'
        del lines[docstring.lineno : docstring.end_lineno]
    return "\n".join(lines)


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
