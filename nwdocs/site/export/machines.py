"""What programs read: Markdown, a list of pages, words for citing, a feed of changes."""

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from nwdocs.display import MIME
from nwdocs.site.export.document import Document
from nwdocs.site.history import Change
from nwdocs.site.html.figures import figure_data
from nwdocs.site.html.terminal import last_state
from nwdocs.site.pages import Cell, read_yaml

__all__ = [
    "Work",
    "authors",
    "citation",
    "feed",
    "json_ld",
    "llms",
    "page_markdown",
    "read_work",
]

_ATOM = "http://www.w3.org/2005/Atom"
_SCHEMA = "https://schema.org"

#: What CITATION.cff says of the whole.
Work = Mapping[str, Any]


def page_markdown(
    document: Document,
    cells: Sequence[Cell],
    outputs: Sequence[Sequence[Mapping[str, Any]]],
    markdown: Callable[[str], str],
    address: Callable[[str], str],
) -> str:
    """A page as Markdown that needs nothing else: code, and below it what it shows.

    Args:
        document: the page.
        cells: of the page.
        outputs: of each of them.
        markdown: what a cell showed as Markdown, as other readers are to have it.
        address: of a file of the site.
    """
    blocks = []
    for part in document.parts:
        if part.cell is None:
            blocks.append(part.prose)
            continue
        cell = cells[part.cell]
        if "hide_input" not in cell.tags:
            blocks.append(_fence(cell.source, "python"))
        if "hide_output" not in cell.tags:
            blocks += [_shown(o, markdown, address) for o in outputs[part.cell]]
    return "\n\n".join(filter(None, blocks)) + "\n"


def llms(
    name: str,
    description: str,
    sections: Sequence[tuple[str, Sequence[tuple[str, str, str]]]],
) -> str:
    """The file llms.txt, as llmstxt.org has it.

    Args:
        name: of the site.
        description: of the site.
        sections: of the navigation: a title, and for each page its title, the address of
            its Markdown, and what it says in a sentence.
    """
    lines = [f"# {name}", "", f"> {' '.join(description.split())}"]
    for title, pages in sections:
        lines += ["", f"## {title}", ""]
        lines += [f"- [{page}]({address}): {words}" for page, address, words in pages]
    return "\n".join(lines) + "\n"


def read_work(root: Path) -> Work:
    """What CITATION.cff in `root` says; nothing, where there is no such file."""
    file = root / "CITATION.cff"
    return read_yaml(file.read_text(encoding="utf-8")) if file.is_file() else {}


def citation(
    work: Work, title: str, site: str, address: str | None, date: str | None
) -> list[tuple[str, str]]:
    """A page's words for those who cite it, as Highwire's names and their contents.

    Args:
        work: what CITATION.cff says.
        title: the page's.
        site: the site's name.
        address: the page's, if it is public.
        date: when it was last changed, as in 2026-11-30.
    """
    named: list[tuple[str, str | None]] = [
        ("citation_title", title),
        *(("citation_author", author) for author in authors(work)),
        ("citation_inbook_title", site),
        ("citation_publication_date", date and date.replace("-", "/")),
        ("citation_language", "en"),
        ("citation_public_url", address),
        ("citation_fulltext_html_url", address),
    ]
    return [(name, content) for name, content in named if content]


def json_ld(
    work: Work,
    title: str,
    description: str,
    site: str,
    address: str | None,
    date: str | None,
) -> str:
    """A page's facts for search engines, in schema.org's words; safe within a script."""
    facts = {
        "@context": _SCHEMA,
        "@type": "Article",
        "headline": title,
        "description": description,
        "author": [{"@type": "Organization", "name": name} for name in authors(work)],
        "license": f"https://spdx.org/licenses/{work['license']}" if work else None,
        "isPartOf": site,
        "url": address,
        "dateModified": date,
    }
    known = {key: value for key, value in facts.items() if value}
    return json.dumps(known, ensure_ascii=False).replace("<", "\\u003c")


def feed(
    name: str,
    site: str,
    changes: Sequence[Change],
    pages: Mapping[str, tuple[str, str]],
    people: Sequence[str],
) -> str:
    """Changes of the pages as an Atom feed.

    Args:
        name: the site's.
        site: its address.
        changes: the newest first.
        pages: for each page's file, its title and its address.
        people: who made the site.
    """
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed")

    def add(
        parent: ElementTree.Element, tag: str, text: str = "", **given: str
    ) -> None:
        ElementTree.SubElement(parent, f"{{{_ATOM}}}{tag}", given).text = text or None

    add(root, "id", site)
    add(root, "title", f"{name}: changes")
    add(root, "link", href=site)
    add(root, "link", rel="self", href=f"{site}feed.xml")
    add(root, "updated", changes[0].date.isoformat() if changes else "")
    for author in people:
        person = ElementTree.SubElement(root, f"{{{_ATOM}}}author")
        add(person, "name", author)
    for change in changes:
        touched = [pages[file] for file in change.files if file in pages]
        entry = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
        add(entry, "id", f"{site}#{change.commit}")
        add(entry, "title", change.subject)
        add(entry, "updated", change.date.isoformat())
        add(entry, "link", href=touched[0][1] if len(touched) == 1 else site)
        links = "".join(
            f'<li><a href="{escape(address)}">{escape(title)}</a></li>'
            for title, address in touched
        )
        body = "".join(
            f"<p>{escape(text)}</p>" for text in change.body.split("\n\n") if text
        )
        add(entry, "content", f"{body}<ul>{links}</ul>", type="html")
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def authors(work: Work) -> list[str]:
    """Who made the work, as CITATION.cff names them."""
    return [
        author.get("name") or f"{author['family-names']}, {author['given-names']}"
        for author in work.get("authors", [])
    ]


def _shown(
    output: Mapping[str, Any],
    markdown: Callable[[str], str],
    address: Callable[[str], str],
) -> str:
    match output["output_type"]:
        case "stream":
            return _fence(last_state(output["text"]), "text")
        case "error":
            return _fence("\n".join(output["traceback"]), "text")
    data = output["data"]
    if MIME in data:
        figure = figure_data(data)
        picture = address(f"figures/{figure['name']}.svg")
        caption = f"*Figure {figure['number']}.* {figure['caption']}"
        return f"![{figure['alt']}]({picture})\n\n{caption}"
    for kind in ("text/markdown", "text/latex", "text/html"):
        if kind in data:
            text = str(data[kind]).strip()
            return markdown(text).strip() if kind == "text/markdown" else text
    return _fence(str(data.get("text/plain", "")), "text")


def _fence(text: str, language: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"
