"""Finds the cells of a page with the parser that renders the page.

Python-Markdown reads the page once before its cells are run. A fence is a cell where
pymdownx.superfences finds a fence: in a list, an admonition, a tab or a quote too; and
not in a comment, in indented code or in another fence. An expression in a sentence is
one where Markdown finds a span of code. All other text stays as it is.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from mkdocs.utils import meta
from pymdownx.superfences import SuperFencesBlockPreprocessor

from nwdocs.site.pages import Cell, Page, PageError

__all__ = ["PLAIN_DIALECT", "TAGS", "Dialect", "read_page"]

#: What a cell's tags can say.
TAGS = (
    "hide_input",
    "hide_output",
    "fold",
    "raises-exception",
    "allow_stderr",
    "varies",
)

_MARK = "data-nw-cell"
_VALUE = "nw-value"
# A header that makes a fence a cell; and one that looks as if it did.
_CELL = re.compile(r"python(?=\s|$)(.*)", re.DOTALL)
_LIKE_A_CELL = re.compile(
    r"\{?\s*\.?(?:i?python[\d.]*|code-cell)(?=[\s}]|$)", re.IGNORECASE
)
_OPTION = re.compile(
    r"""\s*(?P<name>[\w-]+)\s*=\s*
    (?P<value>\[[^\]]*\]|"[^"]*"|'[^']*'|[^\s"'\[\]]+)(?=\s|$)""",
    re.VERBOSE,
)
_SHOWN_OPTIONS = {
    "title": re.compile(r".+"),
    "linenums": re.compile(r"\d+(?:[ \t]+\d+){0,2}"),
    "hl_lines": re.compile(r"\d+(?:-\d+)?(?:[ \t]+\d+(?:-\d+)?)*"),
}
# A span of code that is to be computed, and the number by which it is known here.
_EXPRESSION = re.compile(r"(?<!`)`\{python\}(?=\s)((?:[^`\n]|\n(?![ \t>]*\n))+)`(?!`)")
_CODE_SPAN = r"(?:(?<!\\)((?:\\{2})+)(?=`+)|(?<!\\)(`+)(.+?)(?<!`)\2(?!`))"
_NUMBERED = re.compile(r"\{python\}\ue000(\d+)\ue001")
_NUMBER = re.compile(r"\ue000(\d+)\ue001")
# What stands before an expression in the address of a link.
_ADDRESS = re.compile(r"\]\([^()\s]*\Z")


class Dialect(NamedTuple):
    """The Markdown of a site: extensions by name, and their options."""

    extensions: tuple[str, ...]
    configs: Mapping[str, Any]


#: Markdown with fences, for where there is no site.
PLAIN_DIALECT = Dialect(("pymdownx.superfences",), {})


@dataclass
class _Fence:
    """A fence that is a cell."""

    header: str
    source: str
    indent: str
    lines: tuple[int, int]  # of the page's body, from 0: the first, and the one after


@dataclass
class _Found:
    """What one reading of a page finds."""

    fences: list[_Fence] = field(default_factory=list)
    unclosed: list[int] = field(default_factory=list)  # lines


def read_page(
    uri: str,
    text: str,
    *,
    kernel: bool = True,
    dialect: Dialect = PLAIN_DIALECT,
    folder: str = "docs",
) -> Page:
    """The page in `text`, the file `uri` of the folder of pages, with its cells.

    Args:
        uri: the file's path from the folder of pages.
        text: of the file, front matter included.
        kernel: whether the front matter asks for Python.
        dialect: the Markdown of the site.
        folder: the folder of pages, for messages.

    Raises:
        PageError: a fence or an expression that looks like a cell and would not be run,
            or an option of a cell that means nothing; names the line.
    """
    file = f"{folder}/{uri}"
    for mark in ("\ue000", "\ue001"):
        if mark in text:
            line = text.count("\n", 0, text.index(mark)) + 1
            raise PageError(
                f"{file}, line {line}: the private character U+{ord(mark):04X}, "
                "which the build itself uses as a mark. Take it out."
            )
    if "python" not in text.lower() and "{code-cell}" not in text:
        return Page(uri, text, (), folder)
    body, _ = meta.get_data(text)
    above = len(text) - len(body)
    first_line = text.count("\n", 0, above) + 1
    expressions = list(_EXPRESSION.finditer(body))
    found = _Found()
    html = _parse(_with_numbers(body, expressions), dialect, found)
    shown = _Shown()
    shown.feed(html)
    shown.close()
    for line in found.unclosed:
        raise PageError(
            f"{file}, line {first_line + line}: the fence that opens a cell here is "
            "not closed. Close it with as many ticks as open it, indented alike."
        )
    starts = [0, *(match.end() for match in re.finditer("\n", body))]
    cells = []
    for index in sorted(shown.fences):
        fence = found.fences[index]
        first, after = fence.lines
        line = first_line + first
        end = starts[after] - 1 if after < len(starts) else len(body)
        tags, options = _options(fence.header, f"{file}, line {line}")
        cells.append(
            Cell(
                *(fence.source, line + 1, 0, tags, False, options),
                span=(above + starts[first], above + end),
                indent=fence.indent,
            )
        )
    code = [cell.span for cell in cells]
    for index, match in enumerate(expressions):
        line = first_line + body.count("\n", 0, match.start())
        if any(start <= above + match.start() < end for start, end in code):
            continue  # it is a part of a cell's own code
        if index in shown.values | shown.links:
            source = re.sub(r"\n[ \t>]*", " ", match[1]).strip()
            span = (above + match.start(), above + match.end())
            linked = index in shown.links
            cells.append(Cell(source, line, 0, inline=True, span=span, in_link=linked))
        elif index not in shown.as_text:
            raise PageError(
                f"{file}, line {line}: the expression {match[0]} would not be "
                "computed: Markdown finds no code here. Put it into a paragraph."
            )
    cells.sort(key=lambda cell: cell.span)
    if cells and not kernel:
        raise PageError(_no_kernel(file, cells))
    return Page(uri, text, tuple(_numbered(cells)), folder)


def _no_kernel(file: str, cells: list[Cell]) -> str:
    first = cells[0]
    if first.inline:
        return (
            f"{file}, line {first.line}: an inline expression on a page without "
            "kernelspec in its front matter, so it would not be computed. Add one as "
            "other pages have it."
        )
    fences = sum(not cell.inline for cell in cells)
    return (
        f"{file}, line {first.line - 1}: a ```python cell ({fences} on the page) "
        "but no kernelspec in the front matter, so it would not run. Add one as other "
        "pages have it, or fence code that is only shown as ```py."
    )


def _numbered(cells: list[Cell]) -> list[Cell]:
    """The cells in order, each with its number; an expression has the one before."""
    numbered, number = [], 0
    for cell in cells:
        number += not cell.inline
        numbered.append(replace(cell, number=number))
    return numbered


def _options(header: str, where: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The tags and the options in the header of a fence.

    Raises:
        PageError: the fence is in a form that is not run, or an option means nothing.
    """
    match = _CELL.fullmatch(header)
    if not match:
        raise PageError(
            f"{where}: the fence ```{header} looks like a cell and would not run. Open "
            "a cell with ```python, and code that is only shown with ```py."
        )
    tags: tuple[str, ...] = ()
    options: dict[str, str] = {}
    rest = match[1]
    while rest.strip():
        option = _OPTION.match(rest)
        if option is None:
            raise PageError(_no_option(rest.split()[0], where))
        name = option["name"]
        if name == "tags":
            tags = _tags(option["value"], where)
        elif name in _SHOWN_OPTIONS:
            value = option["value"].strip("\"'")
            if not _SHOWN_OPTIONS[name].fullmatch(value):
                raise PageError(f"{where}: {name} of a cell cannot be {value!r}.")
            options[name] = value
        else:
            raise PageError(_no_option(name, where))
        rest = rest[option.end() :]
    return tags, options


def _no_option(name: str, where: str) -> str:
    return (
        f"{where}: a cell has no option {name!r}; there are tags, "
        f"{', '.join(_SHOWN_OPTIONS)}. Fence code that is only shown as ```py."
    )


def _tags(value: str, where: str) -> tuple[str, ...]:
    tags = tuple(re.findall(r"""["']([^"']*)["']""", value))
    bare = re.sub(r"""["'][^"']*["']|[\[\],\s]""", "", value)
    if bare or not value.startswith("[") or not {*tags} <= {*TAGS}:
        raise PageError(
            f"{where}: tags must be a list with some of {', '.join(TAGS)}, as in "
            f'tags=["{TAGS[0]}"], not {value}.'
        )
    return tags


# --- Reading ------------------------------------------------------------------------


def _with_numbers(body: str, expressions: list[re.Match[str]]) -> str:
    """`body` in which each expression says which one it is."""
    text, end = "", 0
    for index, match in enumerate(expressions):
        mark = f"\ue000{index}\ue001"
        if _ADDRESS.search(body[: match.start()]):
            # Markdown knows no code in an address: there the mark stands alone.
            text += body[end : match.start()] + mark
            end = match.end()
        else:
            text += body[end : match.start(1)] + mark
            end = match.start(1)
    return text + body[end:]


def _parse(body: str, dialect: Dialect, found: _Found) -> str:
    extensions: list[Any] = [*dialect.extensions]
    if "pymdownx.superfences" not in extensions:
        extensions.append("pymdownx.superfences")
    extensions.append(_Collector(found))
    configs = {k: dict(v) for k, v in dialect.configs.items() if k in extensions}
    return markdown.Markdown(extensions=extensions, extension_configs=configs).convert(
        body
    )


class _Collector(Extension):
    """Puts marks in place of cells and of expressions, and notes the cells."""

    def __init__(self, found: _Found) -> None:
        super().__init__()
        self.found = found

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        fences = _Fences(md, self.found)
        original = md.preprocessors["fenced_code_block"]
        assert isinstance(original, SuperFencesBlockPreprocessor)
        fences.config, fences.extension = original.config, original.extension
        md.preprocessors.register(fences, "fenced_code_block", 25)
        md.inlinePatterns.register(_Expressions(_CODE_SPAN, md), "nw-value", 195)


class _Fences(SuperFencesBlockPreprocessor):  # type: ignore[misc]
    """Finds fences as superfences does; those of cells it notes."""

    def __init__(self, md: markdown.Markdown, found: _Found) -> None:
        super().__init__(md)
        self.found = found
        self.header: str | None = None

    def clear(self) -> None:
        super().clear()
        self.header = None

    def parse_options(self, m: re.Match[str]) -> bool:
        return self._is_cell(m) or super().parse_options(m)

    def handle_attrs(self, m: re.Match[str]) -> bool:
        return self._is_cell(m) or super().handle_attrs(m)

    def handle_unrecognized(self, m: re.Match[str]) -> bool:
        return self._is_cell(m) or super().handle_unrecognized(m)

    def _is_cell(self, m: re.Match[str]) -> bool:
        header = m.string[m.end("fence") :].strip()
        if not _LIKE_A_CELL.match(header):
            return False
        self.header = _NUMBER.sub("", header)
        self.options: dict[str, str] = {}  # those of cells are read by `_options`
        self.attrs: dict[str, str] = {}
        self.formatter: Any = None
        return True

    def eval_fence(self, ws: str, content: str, start: int, end: int) -> None:
        with self._noting_unclosed(start):
            super().eval_fence(ws, content, start, end)

    def eval_quoted(
        self, ws: str, content: str, quote_level: int, start: int, end: int
    ) -> None:
        with self._noting_unclosed(start):
            super().eval_quoted(ws, content, quote_level, start, end)

    @contextmanager
    def _noting_unclosed(self, start: int) -> Iterator[None]:
        """Note a cell's fence that superfences gives up."""
        header, noted = self.header, len(self.found.fences)
        self.start = start
        yield
        given_up = self.fence is None and noted == len(self.found.fences)
        if header is not None and given_up:
            self.found.unclosed.append(start)

    def search_nested(self, lines: list[str]) -> list[str]:
        self.start = len(lines) - 1  # of a fence that opens on the last line
        result: list[str] = super().search_nested(lines)
        if self.header is not None:
            self.found.unclosed.append(self.start)
        return result

    def process_nested_block(self, ws: str, content: str, start: int, end: int) -> None:
        if self.header is None:
            # Of the code that is shown, the expressions in it are of interest here.
            self.formatter = _numbers_alone
            super().process_nested_block(ws, content, start, end)
            return
        self.last = ws + self.normalize_ws(content)
        mark = f'<div {_MARK}="{len(self.found.fences)}"></div>'
        source = _NUMBER.sub("", self.rebuild_block(self.code))
        fence = _Fence(self.header, source, self.ws, (start, end))
        self.found.fences.append(fence)
        self._store(self.normalize_ws("\n".join(self.code)) + "\n", mark, start, end)
        self.clear()


def _numbers_alone(src: str, **_: object) -> str:
    return "".join(["<pre>", *(match[0] for match in _NUMBER.finditer(src)), "</pre>"])


class _Expressions(InlineProcessor):
    """Finds spans of code as Markdown does; those to be computed become marks."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        number = m[2] == "`" and _NUMBERED.match(m[3] or "")
        if not number:
            return None, None, None
        mark = Element(_VALUE)
        mark.set("n", number[1])
        return mark, m.start(0), m.end(0)


class _Shown(HTMLParser):
    """What of the page is a cell or a value, and which expressions are shown as text."""

    def __init__(self) -> None:
        super().__init__()
        self.fences: set[int] = set()
        self.values: set[int] = set()
        self.links: set[int] = set()
        self.as_text: set[int] = set()
        self.code = 0  # how many elements that show code are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links.update(map(int, _NUMBER.findall(given.get("href") or "")))
        if _MARK in given:
            self.fences.add(int(given[_MARK] or 0))
        elif tag == _VALUE:
            self.values.add(int(given["n"] or 0))
        elif tag in ("code", "pre"):
            self.code += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("code", "pre"):
            self.code -= 1

    def handle_data(self, data: str) -> None:
        if self.code > 0:
            self.as_text.update(map(int, _NUMBER.findall(data)))

    def handle_comment(self, data: str) -> None:
        self.as_text.update(map(int, _NUMBER.findall(data)))
