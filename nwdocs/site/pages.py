"""A page: its text, and the cells in it, found by the parser that renders the page."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from mkdocs.utils import meta

__all__ = [
    "Cell",
    "Page",
    "PageError",
    "check_front_matter",
    "decode_page",
    "has_kernel",
    "nav_entries",
    "nav_uris",
    "place_of",
    "read_yaml",
    "with_blocks",
]

_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FENCE = re.compile(r"[> \t]*(`{3,}|~{3,})(.*)")


class PageError(Exception):
    """A page that cannot be read, run or written; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Code of a page.

    Attributes:
        source: the code as the page has it, without the indent of its container.
        line: the line of the page's file on which the source begins, from 1.
        number: the cell's place among the page's fenced cells, from 1; an inline
            expression has that of the cell before it.
        tags: how the cell is run and shown.
        inline: whether it is an expression within a sentence.
        options: how the code is shown: some of title, linenums, hl_lines.
        span: where it stands in the page's text, fence included: start and end.
        indent: what stands before each line of it: spaces of a list, marks of a quote.
        in_link: whether it is an expression within the address of a link.
    """

    source: str
    line: int
    number: int
    tags: tuple[str, ...] = ()
    inline: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    span: tuple[int, int] = (0, 0)
    indent: str = ""
    in_link: bool = False

    @classmethod
    def of_json(cls, known: dict[str, Any]) -> "Cell":
        """The cell of which `known` is what JSON left of its attributes."""
        start, end = known["span"]
        return cls(**known | {"tags": tuple(known["tags"]), "span": (start, end)})


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the file `uri` of the folder of pages, its text, and its cells in order."""

    uri: str
    text: str
    cells: tuple[Cell, ...]
    folder: str = "docs"

    @property
    def file(self) -> str:
        """The file as messages name it."""
        return f"{self.folder}/{self.uri}"

    def place(self, cell: Cell) -> str:
        """Where the cell is, for a message."""
        kind = "inline expression after cell" if cell.inline else "cell"
        return f"{self.file}, line {cell.line}, {kind} {cell.number}"


def with_blocks(page: Page, blocks: Sequence[str]) -> str:
    """The page's text with a block of Markdown, or a word, in place of each cell."""
    text, end = "", 0
    for cell, block in zip(page.cells, blocks, strict=True):
        start, next_end = cell.span
        text += page.text[end:start] + _indented(block, cell.indent)
        end = next_end
    return text + page.text[end:]


def _indented(block: str, indent: str) -> str:
    return "\n".join(f"{indent}{line}".rstrip() for line in block.split("\n"))


def decode_page(file: str, content: bytes) -> str:
    """The text of `file`, with the line ends that Python's files have.

    Raises:
        PageError: it is not UTF-8, or begins with a byte order mark: what reads pages
            would not see their front matter behind it.
    """
    if content.startswith(BOM_UTF8):
        raise PageError(
            f"{file}, line 1: the file begins with a byte order mark; save it as "
            "UTF-8 without one."
        )
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PageError(
            f"{file}, line {line}: the byte 0x{content[error.start]:02x} is not "
            "UTF-8; save the file in that encoding."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_front_matter(file: str, text: str) -> Mapping[str, Any]:
    """The front matter of the page in `file`, as MkDocs reads it.

    Raises:
        PageError: it is no YAML, or lacks title or description.
    """
    if found := meta.YAML_RE.match(text):
        try:
            read_yaml(found[1])
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 2 if mark else 1
            raise PageError(
                f"{file}, line {line}: the front matter is not valid YAML: "
                f"{getattr(error, 'problem', error)}. Quote texts that hold a colon."
            ) from None
    _, known = meta.get_data(text)
    for key in ("title", "description"):
        if known.get(key) in (None, "") or isinstance(known[key], list | dict):
            raise PageError(
                f"{file}, line 1: the front matter must have a {key}, as that of "
                "the other pages has; search engines and shared links show it."
            )
    return known


def read_yaml(text: str) -> Any:
    """What `text` says in YAML, read by libyaml, where there is one.

    Raises:
        yaml.YAMLError: it is no YAML; says where.
    """
    return yaml.load(text, Loader=_YAML)


def has_kernel(known: Mapping[str, Any]) -> bool:
    """Whether a page's front matter asks for Python.

    As Jupytext has it (jupyter: kernelspec), as MyST does (kernelspec), or as Quarto
    (jupyter: python3).
    """
    jupyter = known.get("jupyter")
    if isinstance(jupyter, str):
        return jupyter.startswith("python")
    spec = jupyter.get("kernelspec") if isinstance(jupyter, dict) else None
    spec = spec or known.get("kernelspec")
    if not isinstance(spec, dict):
        return False
    return str(spec.get("language") or spec.get("name")).startswith("python")


def place_of(words: str, file: str, text: str) -> str:
    """The page in `file` and, where its `text` has these words, the first such line.

    In prose, if it is there, not in what a fence shows. If a cell printed them, it is
    the page alone.
    """
    prose = "".join("\n" if fence else line for line, fence in _by_fence(text))
    wanted = re.compile(rf"{re.escape(words)}(?![\w-])")
    for where in (prose, text):
        if found := wanted.search(where):
            return f"{file}, line {where.count(chr(10), 0, found.start()) + 1}"
    return file


def nav_uris(items: Any) -> Iterator[str]:
    """The files that a navigation, as in mkdocs.yml, names: in its order."""
    return (uri for _, uri in nav_entries(items))


def nav_entries(
    items: Any, title: str | None = None
) -> Iterator[tuple[str | None, str]]:
    """The files that a navigation names, each with the title that it gives them."""
    for item in items or []:
        named = item.items() if isinstance(item, dict) else [(title, item)]
        for name, entry in named:
            if isinstance(entry, str):
                yield name, entry
            else:
                yield from nav_entries(entry)


def _by_fence(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is in a fence: near enough to say where words are."""
    ticks = ""
    for line in text.splitlines(keepends=True):
        match = _FENCE.match(line)
        if match and not ticks:
            ticks = match[1]
            yield line, True
        elif match and match[1].startswith(ticks) and not match[2].strip():
            ticks = ""
            yield line, True
        else:
            yield line, bool(ticks)
