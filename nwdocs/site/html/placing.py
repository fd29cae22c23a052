"""Puts outputs, values and pictures into a page that Markdown has rendered."""

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import chain
from typing import Any

from markdown.extensions.toc import nest_toc_tokens
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents, get_toc

from nwdocs.site.html.marks import VALUE

__all__ = ["Part", "place", "render_part"]

_OUTPUTS = re.compile(r'<div data-nw-outputs="(\d+)"></div>')
# Python-Markdown writes attributes in the order of their names.
_VALUE = re.compile(rf'<{VALUE}( late="")? n="(\d+)">(.*?)</{VALUE}>', re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_HEADING = re.compile(r'<h[1-6][^>]*\bid="([^"]+)"')


class Part:
    """Markdown that a cell showed, rendered by itself.

    Attributes:
        html: with the page's own links.
        contents: its headings.
    """

    def __init__(self, html: str, contents: Sequence[AnchorLink]) -> None:
        self.html, self.contents = html, contents


def render_part(text: str, page: Page, config: MkDocsConfig, files: Files) -> Part:
    """Render Markdown as a part of `page`: with its links, and footnotes of its own.

    Args:
        text: the Markdown.
        page: which notes the links and anchors of the part.
        config: the site's.
        files: the site's.
    """
    part = Page(None, page.file, config)
    page.file.page = page  # of which the new one is a part
    part.markdown, part.meta = text, {}
    part.render(config, files)
    for file, anchors in (part.links_to_anchors or {}).items():
        page.links_to_anchors = page.links_to_anchors or {}
        page.links_to_anchors.setdefault(file, {}).update(anchors)
    return Part(part.content or "", list(part.toc))


def place(
    content: str,
    page: Page,
    outputs: Callable[[int], tuple[str, Sequence[AnchorLink]]],
    value: Callable[[int], str],
) -> str:
    """The page's HTML with everything in its place; its anchors and contents follow.

    Args:
        content: the page as Markdown left it.
        page: whose anchors and contents are completed.
        outputs: HTML and headings of a cell's outputs, by the cell's index.
        value: HTML of an inline expression, by its index.
    """
    taken = set(_ID.findall(content))
    headings: list[AnchorLink] = []
    after: dict[str, list[AnchorLink]] = {}

    def put_outputs(match: re.Match[str]) -> str:
        html, contents = outputs(int(match[1]))
        html, renamed = _with_own_ids(html, taken)
        if contents:
            before = _HEADING.findall(content, 0, match.start())
            own = [_renamed(link, renamed) for link in _flat(contents)]
            after.setdefault(before[-1] if before else "", []).extend(own)
        return html

    content = _OUTPUTS.sub(put_outputs, content)
    content = _VALUE.sub(lambda m: value(int(m[2])) if m[1] else m[3], content)
    page.present_anchor_ids = (page.present_anchor_ids or set()) | taken
    if after:
        headings += after.pop("", [])
        for link in _flat(page.toc):
            headings.append(link)
            headings += after.pop(link.id, [])
        page.toc = _nested(headings)
    return content


def _with_own_ids(html: str, taken: set[str]) -> tuple[str, dict[str, str]]:
    """`html` in which no id is one that the page has already; and what was renamed."""
    renamed = {}
    for name in dict.fromkeys(_ID.findall(html)):
        new, number = name, 2
        while new in taken:
            new, number = f"{name}-{number}", number + 1
        if new != name:
            renamed[name] = new
            html = re.sub(
                rf'(\bid="|"#|\(#){re.escape(name)}(?=["\)])', rf"\g<1>{new}", html
            )
        taken.add(new)
    return html, renamed


def _renamed(link: AnchorLink, renamed: dict[str, str]) -> AnchorLink:
    return AnchorLink(link.title, renamed.get(link.id, link.id), link.level)


def _flat(links: Sequence[AnchorLink] | TableOfContents) -> list[AnchorLink]:
    return list(chain.from_iterable([link, *_flat(link.children)] for link in links))


def _nested(links: Sequence[AnchorLink]) -> TableOfContents:
    tokens: list[Any] = [
        {"level": link.level, "id": link.id, "name": escape(link.title)}
        for link in links
    ]
    return get_toc(nest_toc_tokens(tokens))
