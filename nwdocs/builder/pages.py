"""An executed page: Markdown with cells in, the same Markdown with their outputs out."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

import jupytext
import yaml
from mkdocs.structure.files import File

__all__ = [
    "Cell",
    "Page",
    "PageError",
    "ask_once",
    "check_images",
    "check_page",
    "decode_page",
    "nav_uris",
    "place_of",
    "read_page",
    "write_page",
]

#: Inline code that is computed, as in Quarto: `{python} f"{error:.2f}"`.
_INLINE = re.compile(r"`\{python\} +([^`\n]+)`")
_FENCE = re.compile(r"^(`{3,}|~{3,})(.*)$")
_FRONT_MATTER = re.compile(r"---\n(.*?\n)---\n", re.DOTALL)
_CELL_INFO = re.compile(r"^\{?python\b")
_IMAGE = re.compile(r"<img\b[^>]*>")
_WORDS = re.compile(r"""\balt=(?:"[^"]*\w[^"]*"|'[^']*\w[^']*')""")
_ADDRESS = re.compile(r"""\bsrc=["']([^"']*)""")


class PageError(Exception):
    """A page that cannot be read, run or written; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Code of a page.

    Attributes:
        source: what is run.
        line: the line of the page's file on which the source begins, from 1.
        number: the cell's place among the page's fenced cells, from 1; an inline
            expression has that of the cell before it.
        tags: how it is shown: hide_input, hide_output, fold.
        inline: whether it is an expression within a sentence.
    """

    source: str
    line: int
    number: int
    tags: tuple[str, ...] = ()
    inline: bool = False


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
        PageError: jupytext and the page's fences disagree on what its cells are.
    """
    notebook = jupytext.reads(text, fmt="md")
    fences = list(_python_fences(text))
    lines = text.splitlines()
    parts: list[str | Cell] = []
    front_matter = ""
    number = 0
    searched = 0  # lines of the file already accounted for by inline expressions
    for cell in notebook.cells:
        if cell.cell_type == "raw" and not parts and not front_matter:
            front_matter = cell.source
        elif cell.cell_type == "code":
            number += 1
            if number > len(fences):
                raise PageError(
                    f"docs/{uri}: jupytext takes {cell.source.splitlines()[:1]} for a "
                    "cell, though its fence is not ```python. Fence code that is only "
                    "shown as ```py, ```console or ```text."
                )
            parts.append(
                Cell(
                    cell.source,
                    fences[number - 1] + 1,
                    number,
                    tuple(cell.metadata.get("tags", ())),
                )
            )
            searched = max(searched, fences[number - 1])
        else:
            for piece in _split_inline(cell.source):
                if isinstance(piece, str):
                    parts.append(piece)
                    continue
                line = next(
                    (
                        i
                        for i in range(searched, len(lines))
                        if _holds(lines[i], piece[0])
                    ),
                    searched,
                )
                searched = line
                parts.append(Cell(piece[0], line + 1, number, inline=True))
            parts.append("\n\n")
    if number != len(fences):
        raise PageError(
            f"docs/{uri}: {len(fences)} fences open with ```python, but jupytext reads "
            f"{number} cells. Put each at the start of its line and close it."
        )
    return Page(uri, front_matter, tuple(parts))


def ask_once(should_include: Callable[[File], bool]) -> Callable[[File], bool]:
    """mkdocs-jupyter's question to a file, answered from memory for the same content.

    It asks four times a page, and each time has jupytext read all of it.
    """
    answers: dict[tuple[str, bytes], bool] = {}

    def ask(file: File) -> bool:
        if not (file.abs_src_path and file.src_uri.endswith(".md")):
            return should_include(file)
        key = (file.abs_src_path, Path(file.abs_src_path).read_bytes())
        if key not in answers:
            try:
                answers[key] = should_include(file)
            except UnicodeDecodeError:
                answers[key] = False  # told of by `decode_page`
        return answers[key]

    return ask


def decode_page(uri: str, content: bytes) -> str:
    """The text of the file `uri`.

    Raises:
        PageError: it is not UTF-8.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PageError(
            f"docs/{uri}, line {line}: the byte 0x{content[error.start]:02x} is not "
            "UTF-8; save the file in that encoding."
        ) from None


def place_of(words: str, uri: str, text: str) -> str:
    """The page `uri` and, where its `text` has these words, the first such line.

    Not so if a cell printed them: then it is the page alone.
    """
    found = re.search(rf"{re.escape(words)}(?![\w-])", text)
    line = f", line {text.count(chr(10), 0, found.start()) + 1}" if found else ""
    return f"docs/{uri}{line}"


def check_images(uri: str, html: str, text: str) -> None:
    """Find an image in a page's `html` that has no words with it.

    Raises:
        PageError: names the page, the line of its `text` and the image.
    """
    for image in _IMAGE.findall(html):
        if not _WORDS.search(image):
            found = _ADDRESS.search(image)
            address = unescape(found[1]) if found else ""
            name = address.rpartition("/")[2]
            raise PageError(
                f"{place_of(name or '<img', uri, text)}: the image "
                f"{address!r} has no alt text. Say in it what is to be seen."
            )


def check_page(uri: str, text: str, *, executed: bool) -> None:
    """Find what MkDocs would pass over in silence.

    Raises:
        PageError: front matter that is no YAML or lacks title or description; cells on
            a page that would not be executed.
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
    cells = list(_python_fences(text))
    if cells and not executed:
        raise PageError(
            f"docs/{uri}, line {cells[0]}: a ```python cell ({len(cells)} on the page) "
            "but no kernelspec in the front matter, so it would not run. Add one as "
            "other pages have it, or fence code that is only shown as ```py."
        )


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


def _python_fences(text: str) -> Iterator[int]:
    """Line numbers, from 1, of the fences that open a cell."""
    opened = ""
    for number, line in enumerate(text.splitlines(), 1):
        match = _FENCE.match(line)
        if not match:
            continue
        ticks, info = match.groups()
        if opened:
            if ticks.startswith(opened) and not info.strip():
                opened = ""
        else:
            opened = ticks
            if _CELL_INFO.match(info.strip()):
                yield number


def _holds(line: str, expression: str) -> bool:
    return any(found[1].strip() == expression for found in _INLINE.finditer(line))


def _split_inline(source: str) -> Iterator[str | tuple[str]]:
    """Prose as text, and each inline expression as a tuple of itself.

    What stands in a fence is shown, not computed.
    """
    fenced, text = "", ""
    for line in source.splitlines(keepends=True):
        match = _FENCE.match(line)
        if fenced or match:
            if match and fenced and match[1].startswith(fenced):
                fenced = ""
            elif match and not fenced:
                fenced = match[1]
            text += line
            continue
        end = 0
        for found in _INLINE.finditer(line):
            yield text + line[end : found.start()]
            yield (found[1].strip(),)
            text, end = "", found.end()
        text += line[end:]
    yield text
