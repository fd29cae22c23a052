"""Marks that hold the places of cells in a page while Markdown renders the page.

A cell's code is written when Markdown meets the mark, in the site's own highlighting. The
outputs are put in when the page is finished (`placing`). So neither passes through
Markdown, or through a plugin that reads Markdown.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString
from pymdownx.superfences import SuperFencesCodeExtension

from nwdocs.site.pages import Cell, Page, PageError, with_blocks

__all__ = ["VALUE", "CellMarks", "marked", "outputs_mark"]

#: The element around an inline expression's value, until the page is finished: with the
#: expression's index as `n`, and `late` if the value is still to come.
VALUE = "nw-value"

_LANGUAGE = "nw-cell"
_FENCE_MARK = re.compile(r"\ue000(\d+)\ue001")
_VALUE_MARK = r"\ue000(\d+)\ue001"
_FIGURE = r"@fig:([a-z0-9-]+)"


def marked(page: Page, values: Mapping[int, str | None]) -> str:
    """The page's Markdown with a mark in place of each cell.

    Args:
        page: with its cells.
        values: the text of inline expressions, by the cell's index. In the address of a
            link, where Markdown knows no marks, it is put in at once.

    Raises:
        PageError: a value in an address that is more than text.
    """

    def mark(index: int, cell: Cell) -> str:
        token = f"\ue000{index}\ue001"
        if cell.in_link:
            value = values[index]
            if value is None:
                raise PageError(f"{page.place(cell)}: an address takes text alone.")
            return quote(value, safe="/:?#[]@!$&'*+,;=~.-_%")
        return token if cell.inline else f"```{_LANGUAGE}\n{token}\n```"

    return with_blocks(page, [mark(i, cell) for i, cell in enumerate(page.cells)])


def outputs_mark(index: int) -> str:
    """What holds the place of a cell's outputs in the page's HTML."""
    return f'<div data-nw-outputs="{index}"></div>'


@dataclass
class CellMarks(Extension):
    """Writes cells where their marks are, and figures' numbers for ``@fig:name``.

    MkDocs renders one page at a time; `turn_to` says which.

    Attributes:
        link: the address and the number of a figure, for the page that is rendered; None
            for one that no page shows.
        unknown: the figures of the page that no page shows.
    """

    link: Callable[[str], tuple[str, int] | None] = lambda name: None
    cells: Sequence[Cell] = ()
    values: Mapping[int, str | None] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set up as an extension of Python-Markdown."""
        super().__init__()

    def turn_to(
        self,
        page: Page,
        values: Mapping[int, str | None],
        link: Callable[[str], tuple[str, int] | None],
    ) -> None:
        """Render this page next.

        Args:
            page: with its cells.
            values: of inline expressions, by the cell's index: the text; None for one
                that is put in when the page is finished.
            link: see the class.
        """
        self.cells, self.values, self.link, self.unknown = page.cells, values, link, []

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        """Called by Python-Markdown."""
        registered = md.registeredExtensions
        if not any(isinstance(e, SuperFencesCodeExtension) for e in registered):
            md.registerExtensions(["pymdownx.superfences"], {})
        for extension in registered:
            if isinstance(extension, SuperFencesCodeExtension):
                extension.extend_super_fences(
                    _LANGUAGE, self._cell, lambda *_: True, lambda md: None
                )
        md.inlinePatterns.register(_Value(self), "nw-value", 195)
        md.inlinePatterns.register(_Figure(self), "nw-figure", 175)

    def _cell(self, *, src: str, md: markdown.Markdown, **_: Any) -> str:
        match = _FENCE_MARK.fullmatch(src.strip())
        if not match:
            return f"<pre><code>{html.escape(src)}</code></pre>"
        index = int(match[1])
        return _code(self.cells[index], md) + outputs_mark(index)


def _code(cell: Cell, md: markdown.Markdown) -> str:
    if "hide_input" in cell.tags:
        return ""
    fences: Any = md.preprocessors["fenced_code_block"]
    shown: str = fences.highlight(
        src=cell.source,
        language="python",
        options=dict(cell.options),
        md=md,
        **{"classes": [], "id_value": "", "attrs": {}},
    )
    if "fold" in cell.tags:
        return f'<details class="code"><summary>Code</summary>\n{shown}\n</details>'
    return shown


class _Value(InlineProcessor):
    """The value of an inline expression, as text that nothing else reads."""

    def __init__(self, marks: CellMarks) -> None:
        super().__init__(_VALUE_MARK)
        self.marks = marks

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        index = int(m[1])
        element, value = Element(VALUE, {"n": m[1]}), self.marks.values[index]
        if value is None:
            element.set("late", "")
        else:
            element.text = AtomicString(value)
        return element, m.start(0), m.end(0)


class _Figure(InlineProcessor):
    """A figure's number, as a link to the figure."""

    def __init__(self, marks: CellMarks) -> None:
        super().__init__(_FIGURE)
        self.marks = marks

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str, int, int]:
        found = self.marks.link(m[1])
        if found is None:
            self.marks.unknown.append(m[1])
            element = Element("code")
            element.text = AtomicString(m[1])
        else:
            address, number = found
            element = Element("a", {"href": address})
            element.text = AtomicString(f"Figure {number}")
        return element, m.start(0), m.end(0)
