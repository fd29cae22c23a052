"""An executed page: Markdown with cells in, the same Markdown with their outputs out."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jupytext
import yaml

__all__ = [
    "Cell",
    "Page",
    "PageError",
    "check_page",
    "decode_page",
    "nav_uris",
    "place_of",
    "read_page",
    "write_page",
]

#: Inline code that is computed, as in Quarto: `{python} f"{error:.2f}"`.
_INLINE = re.compile(r"`\{python\} +([^`\n]+)`")
_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")
_FRONT_MATTER = re.compile(r"---\n(.*?\n)---\n", re.DOTALL)
_PYTHON = re.compile(r"(?:`{3,}|~{3,})\s*\{?python\b")
_TAGS = ("hide_input", "hide_output", "fold")


class PageError(Exception):
    """A page that cannot be read, run or written; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Code of a page.

    Attributes:
        source: the code as the page has it.
        line: the line of the page's file on which the source begins, from 1.
        number: the cell's place among the page's fenced cells, from 1; an inline
            expression has that of the cell before it.
        tags: how it is shown: some of hide_input, hide_output, fold.
        inline: whether it is an expression within a sentence.
    """

    source: str
    line: int
    number: int
    tags: tuple[str, ...] = ()
    inline: bool = False

    @property
    def code(self) -> str:
        """What is run: an inline expression is printed."""
        return f'print({self.source}, end="")' if self.inline else self.source


@dataclass(frozen=True, slots=True)
class Page:
    """A page as parts in order: prose as text, code as cells."""

    uri: str
    front_matter: str
    parts: tuple[str | Cell, ...]

    @property
    def cells(self) -> list[Cell]:
        """The page's code, in the order in which it runs."""
        return [part for part in self.parts if isinstance(part, Cell)]


@lru_cache(maxsize=1000)
def read_page(uri: str, text: str) -> Page:
    """The page in `text`, the file `uri` of the docs folder, as jupytext reads it.

    Raises:
        PageError: jupytext and the page's fences disagree on what its cells are, or a
            cell has tags that mean nothing; names the line.
    """
    notebook = jupytext.reads(text, fmt="md")
    fences = iter(_python_fences(text))
    expressions = _inline_expressions(text)
    parts: list[str | Cell] = []
    front_matter = ""
    fence = number = 0
    for cell in notebook.cells:
        if cell.cell_type == "raw" and not parts and not front_matter:
            front_matter = cell.source
        elif cell.cell_type == "code":
            before, fence = fence, next(fences, 0)
            number += 1
            _check_fence(uri, text, cell.source, before, fence)
            tags = _tags(cell.metadata, f"docs/{uri}, line {fence}")
            parts.append(Cell(cell.source, fence + 1, number, tags))
        else:
            for piece in _split_inline(cell.source):
                if isinstance(piece, str):
                    parts.append(piece)
                    continue
                line = next((n for n, code in expressions if code == piece[0]), fence)
                parts.append(Cell(piece[0], line, number, inline=True))
            parts.append("\n\n")
    if unread := next(fences, 0):
        raise _unread(uri, unread)
    return Page(uri, front_matter, tuple(parts))


def _check_fence(uri: str, text: str, source: str, before: int, fence: int) -> None:
    """See that `source`, a cell to jupytext, is that of our `fence` (0: there is none).

    Raises:
        PageError: it is another's, after the line `before`: names its line.
    """
    if fence and _body(text, fence) == source.strip():
        return
    ours = {0, *_python_fences(text)}
    for other, _, opened in _by_fence(text):
        # Of what is in another language, jupytext makes a cell with a line like %%bash.
        its = opened > before and source.strip().endswith(_body(text, opened))
        if opened not in ours and its and not 0 < fence < opened:
            raise PageError(
                f"docs/{uri}, line {other}: jupytext takes this for a cell, though its "
                "fence is not ```python. Fence code that is only shown as ```py, "
                "```console or ```text."
            )
    raise _unread(uri, fence)


def _unread(uri: str, fence: int) -> PageError:
    return PageError(
        f"docs/{uri}, line {fence}: jupytext reads no cell from this fence, or another "
        "one. Open it with ```python at the start of the line, and close it with ```."
    )


def _tags(metadata: Mapping[str, Any], where: str) -> tuple[str, ...]:
    tags = metadata.get("tags", [])
    if not isinstance(tags, list) or not {*tags} <= {*_TAGS}:
        raise PageError(
            f"{where}: tags must be a list with some of {', '.join(_TAGS)}, as in "
            f'tags=["{_TAGS[0]}"], not {tags!r}.'
        )
    return tuple(tags)


def decode_page(uri: str, content: bytes) -> str:
    """The text of the file `uri`, with the line ends that Python's files have.

    Raises:
        PageError: it is not UTF-8, or begins with a byte order mark: what reads pages
            would not see their front matter behind it.
    """
    if content.startswith(BOM_UTF8):
        raise PageError(
            f"docs/{uri}, line 1: the file begins with a byte order mark; save it as "
            "UTF-8 without one."
        )
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PageError(
            f"docs/{uri}, line {line}: the byte 0x{content[error.start]:02x} is not "
            "UTF-8; save the file in that encoding."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def place_of(words: str, uri: str, text: str) -> str:
    """The page `uri` and, where its `text` has these words, the first such line.

    In prose, if it is there, not in what a fence shows. If a cell printed them, it is
    the page alone.
    """
    prose = "".join("\n" if fence else line for _, line, fence in _by_fence(text))
    wanted = re.compile(rf"{re.escape(words)}(?![\w-])")
    for where in (prose, text):
        if found := wanted.search(where):
            return f"docs/{uri}, line {where.count(chr(10), 0, found.start()) + 1}"
    return f"docs/{uri}"


def check_page(uri: str, text: str, *, executed: bool) -> None:
    """Find what MkDocs would pass over in silence.

    Raises:
        PageError: front matter that is no YAML or lacks title or description; cells on
            a page that would not be executed; a cell that jupytext cannot read.
    """
    found = _FRONT_MATTER.match(text)
    try:
        meta = yaml.safe_load(found[1]) if found else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise PageError(
            f"docs/{uri}, line {line}: the front matter is not valid YAML: "
            f"{getattr(error, 'problem', error)}. Quote texts that hold a colon."
        ) from None
    for key in ("title", "description"):
        if not (isinstance(meta, dict) and isinstance(meta.get(key), str)):
            raise PageError(
                f"docs/{uri}, line 1: the front matter must have a {key}, as that of "
                "the other pages has; search engines and shared links show it."
            )
    cells = _python_fences(text)
    if cells and not executed:
        lines = text.splitlines()
        for line in cells:
            if why := _cannot_read(f"{lines[line - 1]}\n```\n"):
                raise PageError(
                    f"docs/{uri}, line {line}: jupytext cannot read this cell: {why}"
                )
        raise PageError(
            f"docs/{uri}, line {cells[0]}: a ```python cell ({len(cells)} on the page) "
            "but no kernelspec in the front matter, so it would not run. Add one as "
            "other pages have it, or fence code that is only shown as ```py."
        )


def _cannot_read(cell: str) -> str:
    """What jupytext has against a cell, in a line; nothing, if it can read it."""
    try:
        jupytext.reads(cell, fmt="md")
    except Exception as error:
        return str(error).partition("\n")[0] or type(error).__name__
    return ""


def nav_uris(items: Any) -> Iterator[str]:
    """The files that a navigation, as in mkdocs.yml, names: in its order."""
    for item in items or []:
        for entry in item.values() if isinstance(item, dict) else [item]:
            if isinstance(entry, str):
                yield entry
            else:
                yield from nav_uris(entry)


def write_page(page: Page, outputs: Sequence[str]) -> str:
    """The page as Markdown, with what each cell shows (one text a cell) in its place."""
    rendered = iter(outputs)
    body = []
    for part in page.parts:
        if isinstance(part, str):
            body.append(part)
        elif part.inline:
            body.append(next(rendered))
        else:
            body.append(_write_cell(part, next(rendered)))
    text = "".join(body).strip() + "\n"
    return f"{page.front_matter}\n\n{text}" if page.front_matter else text


def _write_cell(cell: Cell, output: str) -> str:
    blocks = []
    if "hide_input" not in cell.tags:
        fence = f"```python\n{cell.source}\n```"
        if "fold" in cell.tags:
            fence = '??? code "Code"\n\n' + "\n".join(
                f"    {line}".rstrip() for line in fence.splitlines()
            )
        blocks.append(fence)
    if output and "hide_output" not in cell.tags:
        blocks.append(output)
    return "".join(f"\n\n{block}\n\n" for block in blocks)


def _by_fence(text: str) -> Iterator[tuple[int, str, int]]:
    """Each line: its number, itself, the number of the line that opened its fence, or 0."""
    opened, ticks = 0, ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        match = _FENCE.match(line)
        if match and not opened:
            opened, ticks = number, match[1]
            yield number, line, opened
        elif match and match[1].startswith(ticks) and not match[2].strip():
            yield number, line, opened
            opened = 0
        else:
            yield number, line, opened


def _body(text: str, fence: int) -> str:
    lines = [line for _, line, opened in _by_fence(text) if opened == fence]
    closed = len(lines) > 1 and _FENCE.match(lines[-1])
    return "".join(lines[1:-1] if closed else lines[1:]).strip()


def _python_fences(text: str) -> list[int]:
    """Numbers of the lines that open a cell."""
    return [
        number
        for number, line, opened in _by_fence(text)
        if number == opened and _PYTHON.match(line)
    ]


def _inline_expressions(text: str) -> Iterator[tuple[int, str]]:
    """The line and the code of each expression in a sentence."""
    for number, line, fence in _by_fence(text):
        if not fence:
            for found in _INLINE.finditer(line):
                yield number, found[1].strip()


def _split_inline(source: str) -> Iterator[str | tuple[str]]:
    """Prose as text, and each inline expression as a tuple of itself.

    What stands in a fence is shown, not computed.
    """
    text = ""
    for _, line, fence in _by_fence(source):
        end = 0
        for found in () if fence else _INLINE.finditer(line):
            yield text + line[end : found.start()]
            yield (found[1].strip(),)
            text, end = "", found.end()
        text += line[end:]
    yield text
