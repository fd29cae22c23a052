"""A page as a sequence of prose and cells, for readers that know no MkDocs.

Prose is Markdown as Jupyter and GitHub read it: admonitions and folds are quotes, notes
are numbered and listed at the end, links lead to the site.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from nwdocs.site.export.plain import without_controls

__all__ = ["Cut", "Document", "cut", "simple"]

_LANGUAGE = "nw-cell"  # what `nwdocs.site.html.marks` fences a cell's place with
_PLACE = re.compile(
    rf"^[> \t]*```{_LANGUAGE}\n[> \t]*\ue000(\d+)\ue001\n[> \t]*```$", re.MULTILINE
)
_VALUE = re.compile(r"\ue000(\d+)\ue001")
# Code, in which nothing is changed.
_CODE = (
    r"(?P<code>^[> \t]*(?P<ticks>`{3,}|~{3,}).*?^[> \t]*(?P=ticks)"
    r"|(?P<span>`+)(?!`).+?(?P=span))"
)
_LINK = re.compile(
    rf"{_CODE}|(?P<before>\]\()(?P<target>[^)\s]+)(?P<after>\))"
    r"|\[(?P<words>(?:[^\[\]`]|`[^`]*`)+)\]\[(?P<name>nwdocs(?:\.\w+)*)\]",
    re.DOTALL | re.MULTILINE,
)
_ATTRIBUTE = r"(?:[#.][\w.-]+|[\w-]+=\"[^\"]*\")"
_ATTRIBUTES = re.compile(
    rf"{_CODE}|[ \t]*\{{:? ?{_ATTRIBUTE}(?: {_ATTRIBUTE})* ?\}}"
    r"(?=[ \t]*$|[.,;:)])",
    re.DOTALL | re.MULTILINE,
)
_NOTE = re.compile(r"^\[\^([\w-]+)\]: *(.*)$\n?", re.MULTILINE)
_NOTED = re.compile(r"\[\^([\w-]+)\]")
_ABBREVIATION = re.compile(r"^\*\[[^\]]+\]: .*$\n?", re.MULTILINE)
_LEFT_BY_CONTROLS = re.compile(r'^<a id="[\w-]+"></a>\n', re.MULTILINE)
_ADMONITION = re.compile(
    r'(?P<indent> *)(?:!!!|\?\?\?\+?) +(?P<kind>[\w -]+?)(?: +"(?P<title>.*)")? *$'
)
_BLOCK = re.compile(
    r"(?P<indent> *)(?P<rule>/{3,}) *(?P<kind>[\w-]+)(?: *\| *(?P<title>.*))?$"
)
_FENCE = re.compile(r" *(?P<ticks>`{3,}|~{3,})")
_TABS = re.compile(r'(?P<indent> *)===[!+]* +"(?P<title>.*)" *$')


@dataclass(frozen=True, slots=True)
class Cut:
    """Either prose, or the cell with this index on its page."""

    prose: str = ""
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A page: its title, what it says in a sentence, and its parts in order."""

    uri: str
    title: str
    description: str
    parts: tuple[Cut, ...]


def cut(markdown: str, values: Callable[[int], str]) -> tuple[Cut, ...]:
    """The parts of a page.

    Args:
        markdown: of the page, with a mark in place of each cell and each value, and
            nothing else that only this site's Markdown knows but what `simple` changes.
        values: the text of an inline expression, by its cell's index.
    """
    parts: list[Cut] = []
    end = 0
    for place in _PLACE.finditer(markdown):
        parts += _prose(markdown[end : place.start()], values)
        parts.append(Cut(cell=int(place[1])))
        end = place.end()
    return (*parts, *_prose(markdown[end:], values))


def simple(
    markdown: str, link: Callable[[str], str], api: str | None = "api.md"
) -> str:
    """Markdown that needs no extension but tables and formulas.

    Args:
        markdown: as the site's pages have it.
        link: the address for a reader elsewhere, of a link's target on the page.
        api: the page that documents the package's names, if there is one.
    """
    markdown = _ABBREVIATION.sub("", markdown)
    markdown = _LEFT_BY_CONTROLS.sub("", without_controls(markdown, views=True))
    markdown = _with_notes_at_the_end(markdown)
    markdown = "\n".join(_quoted(markdown.split("\n")))
    markdown = _ATTRIBUTES.sub(lambda match: match["code"] or "", markdown)

    def linked(match: re.Match[str]) -> str:
        if match["code"]:
            return match["code"]
        if name := match["name"]:
            words = match["words"]
            return f"[{words}]({link(f'{api}#{name}')})" if api else words
        return f"]({link(match['target'])})"

    return _LINK.sub(linked, markdown)


def _prose(text: str, values: Callable[[int], str]) -> Iterator[Cut]:
    """One part for each heading and what is under it."""
    text = _VALUE.sub(lambda match: values(int(match[1])), text)
    lines: list[str] = []
    ticks = ""
    for line in text.split("\n"):
        if fence := _FENCE.match(line):
            ticks = "" if ticks and fence["ticks"] == ticks else ticks or fence["ticks"]
        if line.startswith("#") and not ticks:
            yield from _part(lines)
            lines = []
        lines.append(line)
    yield from _part(lines)


def _part(lines: Sequence[str]) -> Iterator[Cut]:
    # A cell that stood in a quote leaves the quote's mark before and after it.
    empty = {"", ">"}
    first = next(
        (i for i, line in enumerate(lines) if line.strip(" ") not in empty), None
    )
    if first is None:
        return
    kept = [line.rstrip() if line.strip() == ">" else line for line in lines[first:]]
    while kept[-1].strip(" ") in empty:
        kept.pop()
    yield Cut("\n".join(kept).strip("\n"))


def _with_notes_at_the_end(markdown: str) -> str:
    notes = dict(_NOTE.findall(markdown))
    if not notes:
        return markdown
    markdown = _NOTE.sub("", markdown)
    order = [name for name in dict.fromkeys(_NOTED.findall(markdown)) if name in notes]
    number = {name: i for i, name in enumerate(order, start=1)}
    markdown = _NOTED.sub(
        lambda match: rf" \[{number[match[1]]}\]" if match[1] in number else match[0],
        markdown,
    )
    listed = "\n".join(f"{number[name]}. {notes[name]}" for name in order)
    return f"{markdown.rstrip()}\n\n## Notes\n\n{listed}\n"


def _quoted(lines: Sequence[str]) -> Iterator[str]:
    """Lines in which admonitions, folds, blocks and tabs are quotes."""
    rest = list(lines)
    while rest:
        line = rest.pop(0)
        if fence := _FENCE.match(line):
            yield line
            while rest:
                yield (line := rest.pop(0))
                if line.strip() == fence["ticks"]:
                    break
        elif found := _ADMONITION.match(line) or _TABS.match(line):
            inside = _indented_more(rest, len(found["indent"]))
            del rest[: len(inside)]
            yield from _quote(
                found, [line[len(found["indent"]) + 4 :] for line in inside]
            )
        elif found := _BLOCK.match(line):
            inside = _up_to(rest, found["indent"] + found["rule"])
            del rest[: len(inside) + 1]
            margin = len(found["indent"])
            body = [line[margin:] for line in inside]
            while body and body[0].startswith("    "):  # an option, such as its type
                body.pop(0)
            yield from _quote(found, body)
        else:
            yield line


def _indented_more(lines: Sequence[str], indent: int) -> list[str]:
    inside = list(
        takewhile(
            lambda line: not line.strip() or line.startswith(" " * (indent + 4)), lines
        )
    )
    while inside and not inside[-1].strip():
        inside.pop()
    return inside


def _up_to(lines: Sequence[str], end: str) -> list[str]:
    return list(takewhile(lambda line: line.rstrip() != end, lines))


def _quote(found: re.Match[str], inside: Sequence[str]) -> Iterator[str]:
    indent = found["indent"]
    kind = found.groupdict().get("kind") or ""
    title = found["title"]
    if title is None:
        title = kind.split()[0].capitalize()
    if title:
        yield f"{indent}> **{title}**"
        yield f"{indent}>"
    body = "\n".join(_quoted(inside)).strip("\n").split("\n")
    for line in body:
        yield f"{indent}> {line}".rstrip()
