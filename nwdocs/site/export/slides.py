"""The deck: sections of the executed pages as slides.

A page lists under ``slides`` in its front matter the sections that are slides, each with
what the slide shows: ``slides: {a-section: figure, another: [formula, table]}``. A slide is
the section's heading, its first sentence, and that. All else of the section is its notes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from posixpath import join, normpath
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from mkdocs.utils import get_relative_url

from nwdocs.site.export.deck import DECK, Slide
from nwdocs.site.pages import PageError

__all__ = ["slides_of"]

#: What a slide can show, and how it is found among a section's elements.
_THINGS = {
    "figure": "figure.nw-figure",
    "formula": "div.nw-formula",
    "table": "table",
    "code": "div.highlight:not(.nw-output)",
    "output": "div.nw-output",
    "list": "ol, ul",
    "explorable": "div.nw-explorable",
}
_TITLE = "title"  # a slide of words alone
_LONG = 150  # characters of a key sentence after which no other is added
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")
# What belongs to a page and not to a slide of it.
_OF_THE_PAGE = (
    "a.headerlink, .nw-about, .nw-take, sup[id^=fnref], details.code, .footnote, "
    ".md-button"
)


def slides_of(
    content: str, wanted: Mapping[str, str | Sequence[str]], uri: str, url: str
) -> Iterator[Slide]:
    """The slides of one page, in the order of the page.

    Args:
        content: the page's HTML, with marks in place of pictures.
        wanted: what a slide shows, by the section's id.
        uri: the page's file, for a message.
        url: the page's URL.

    Raises:
        PageError: a section that the page has not, or that lacks what is to be shown.
    """
    soup = BeautifulSoup(content, "html.parser")
    heading = soup.find("h1")
    page = _words(heading) if isinstance(heading, Tag) else ""
    found = {str(h["id"]): h for h in soup.find_all(["h1", "h2", "h3"]) if h.get("id")}
    for name in wanted:
        if name not in found:
            raise PageError(
                f"docs/{uri}, slides: there is no section {name!r}; there are "
                f"{', '.join(found)}."
            )
    for name, section in found.items():
        if name in wanted:
            kinds = wanted[name]
            yield _slide(
                section, [kinds] if isinstance(kinds, str) else kinds, page, uri, url
            )


def _slide(heading: Tag, kinds: Sequence[str], page: str, uri: str, url: str) -> Slide:
    name = str(heading["id"])
    parts = BeautifulSoup("", "html.parser")
    for part in _section(heading):
        parts.append(copy(part))
    title = copy(heading)
    for node in (parts, title):
        _cleaned(node, url)
    shown = [_taken(parts, kind, f"docs/{uri}, slides, {name}") for kind in kinds]
    key = "" if "explorable" in kinds else _key(parts, whole=_TITLE in kinds)
    # Another explorable would be alive in the notes; and nobody reads code out.
    for other in parts.select(f"{_THINGS['explorable']}, {_THINGS['code']}"):
        other.decompose()
    for fold in parts.find_all("details"):
        fold["open"] = ""
    return Slide(
        name=name,
        kind=" ".join(kinds),
        page=page,
        url=_from_the_deck("" if heading.name == "h1" else f"#{name}", url),
        title=title.decode_contents().strip(),
        key=key,
        shown="\n".join(shown),
        notes=parts.decode().strip(),
    )


def _section(heading: Tag) -> Iterator[Any]:
    """What follows a heading up to the next of its rank, or of any below the title."""
    for sibling in heading.next_siblings:
        if isinstance(sibling, Tag) and sibling.name in ("h1", "h2", heading.name):
            return
        yield sibling


def _cleaned(part: Tag, url: str) -> None:
    """Take out what a slide has no use for; lead links where they led from the page."""
    for node in part.select(_OF_THE_PAGE):
        node.decompose()
    for node in part.find_all(True):
        if node.name != "nw-explorer":
            node.attrs.pop("id", None)
        node.attrs.pop("data-search-exclude", None)
        for attribute in ("href", "src"):
            if target := node.attrs.get(attribute):
                node[attribute] = _from_the_deck(str(target), url)


def _from_the_deck(target: str, url: str) -> str:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return target
    path = normpath(join(url, parts.path)) if parts.path else url
    folder = path != "." and (not parts.path or parts.path.endswith("/"))
    place = f"{path.rstrip('/')}/" if folder else path
    rest = (f"?{parts.query}" if parts.query else "") + (
        f"#{parts.fragment}" if parts.fragment else ""
    )
    return get_relative_url(f"{place}{rest}", DECK)


def _taken(parts: Tag, kind: str, where: str) -> str:
    """What a slide shows, taken out of the section."""
    if kind == _TITLE:
        return ""
    if kind not in _THINGS:
        raise PageError(
            f"{where}: a slide cannot show {kind!r}; it can show {', '.join(_THINGS)}."
        )
    node = parts.select_one(_THINGS[kind])
    if node is None:
        raise PageError(f"{where}: the section has no {kind}.")
    return node.extract().decode()


def _key(parts: Tag, *, whole: bool) -> str:
    """The section's first sentence, and the next if both are short; the rest stays."""
    paragraph = parts.find("p", recursive=False)
    if not isinstance(paragraph, Tag):
        return ""
    sentences = list(_sentences(paragraph))
    count, length = 0, 0
    for sentence in sentences:
        length += len("".join(node.get_text() for node in sentence))
        if count and length > _LONG and not whole:
            break
        count += 1
    key = "".join(str(node) for sentence in sentences[:count] for node in sentence)
    paragraph.clear()
    for sentence in sentences[count:]:
        paragraph.extend(sentence)
    if not paragraph.contents:
        paragraph.decompose()
    return key.strip()


def _sentences(paragraph: Tag) -> Iterator[list[Any]]:
    """The paragraph's sentences, each as its nodes."""
    sentence: list[Any] = []
    for node in list(paragraph.children):
        if not isinstance(node, NavigableString):
            sentence.append(node)
            continue
        first, *others = _SENTENCE.split(str(node))
        sentence.append(NavigableString(first))
        for other in others:
            sentence[-1] = NavigableString(f"{sentence[-1]} ")
            yield sentence
            sentence = [NavigableString(other)]
    if sentence:
        yield sentence


def _words(heading: Tag) -> str:
    heading = copy(heading)
    for link in heading.select("a.headerlink"):
        link.decompose()
    return heading.get_text().strip()
