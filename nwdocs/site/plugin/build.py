"""What one build knows of its pages, from reading the first to writing the last."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from nwdocs.display import GALLERY_MIME, LOOK_MIME
from nwdocs.site import history
from nwdocs.site.html import figures, outputs
from nwdocs.site.html.facts import MARKER, facts, facts_json, facts_markdown
from nwdocs.site.pages import (
    Cell,
    Page,
    PageError,
    check_page,
    decode_page,
    place_of,
    read_page,
    write_page,
)
from nwdocs.site.run.errors import describe_error, describe_errors
from nwdocs.site.run.pool import Early, execute
from nwdocs.site.run.settings import Result, Settings

__all__ = ["SITE", "Build", "Writer"]

_REFERENCE = re.compile(r"(?<!`)@fig:([a-z0-9-]+)")
_GALLERY = f"<!-- {GALLERY_MIME} -->"

# The site takes its look from the package by a cell, as pages take their outputs.
_LOOK = Page(
    "the look of the site",
    "",
    (Cell("from nwdocs.figures.look import site_look\n\nsite_look()", 1, 1),),
)


@dataclass(frozen=True)
class Writer:
    """How a page is written: as the site's own, or as plain Markdown.

    Attributes:
        outputs: what a cell displayed and printed, as Markdown.
        gallery: thumbnails of figures.
        address: what the two call a page.
    """

    outputs: Callable[..., str]
    gallery: Callable[..., str]
    address: Callable[[File], str]


#: Writes pages for the site.
SITE = Writer(outputs.output_markdown, figures.gallery, lambda file: file.url)


@dataclass
class Build:
    """The pages of one build, and what became of them.

    Attributes:
        settings: how pages are run.
        early: what runs them, if all will have to run.
        writer: how they are written.
        pages: those with cells, by file.
        results: what became of each.
        broken: what is wrong with a page, by file; an author is shown it instead.
        figures: by name, the file that shows the figure, and the figure.
        shown: by file, the names of the figures that the page shows.
        look: the site's colours and icon; empty if the package cannot be run.
        facts: what the site was made of.
    """

    settings: Settings
    early: Early | None
    writer: Writer = SITE
    pages: dict[str, Page] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    figures: dict[str, tuple[File, dict[str, Any]]] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)
    look: Mapping[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def read(self, file: File, *, executed: bool) -> None:
        """Take up a page, if its cells are to run; note what is wrong with it."""
        uri = file.src_uri
        try:
            text = decode_page(uri, Path(str(file.abs_src_path)).read_bytes())
            check_page(uri, text, executed=executed)
            if executed:
                self.pages[uri] = read_page(uri, text)
        except PageError as error:
            self.broken[uri] = str(error)

    def refuse(self, file: File) -> None:
        """Note a file whose cells mkdocs-jupyter would run, and this build does not."""
        self.broken[file.src_uri] = (
            f"docs/{file.src_uri}: cells are run on Markdown pages alone. Convert the file"
            f" with `jupytext --to md {file.src_uri}`, or name it under `ignore` of the "
            "plugin nwdocs-notebooks in mkdocs.yml."
        )

    def run(self) -> None:
        """Run the pages that must be, and note those that fail."""
        try:
            found = execute([_LOOK, *self.pages.values()], self.settings, self.early)
        except PageError as error:  # the package itself, say: then no page can be shown
            self.broken.update(dict.fromkeys(self.pages, str(error)))
            return
        look = found.pop(_LOOK.uri)
        if look.error:
            self.broken[_LOOK.uri] = describe_error(_LOOK, look)
        else:
            self.look = look.outputs[0][0]["data"][LOOK_MIME]
        self.results = found
        for uri, result in self.results.items():
            if result.error:
                self.broken[uri] = describe_error(self.pages[uri], result)

    def describe_broken(self) -> str:
        """What is wrong with all broken pages; the same error is told once."""
        failed = {uri for uri, result in self.results.items() if result.error}
        unread = [text for uri, text in self.broken.items() if uri not in failed]
        cells = describe_errors(list(self.pages.values()), self.results)
        return "\n\n".join([*dict.fromkeys(unread), *cells])

    def collect_figures(self, sources: Mapping[str, File]) -> None:
        """Note which page shows which figure; a figure belongs to the first."""
        for uri, result in self.results.items():
            self.shown[uri] = []
            for figure in figures.figures_in(result.outputs):
                self.shown[uri].append(figure["name"])
                self.figures.setdefault(figure["name"], (sources[uri], figure))
        svgs = {name: figure["svg"] for name, (_, figure) in self.figures.items()}
        self.facts = facts(history.commit(self.settings.root), self.shown, svgs)

    def files(self) -> dict[str, str | bytes]:
        """What the site holds beside its pages, by path."""
        found: dict[str, str | bytes] = {
            "assets/tokens.css": self.look.get("css", ""),
            "build.json": facts_json(self.facts),
        }
        for _, figure in self.figures.values():
            found |= figures.files_of(figure)
        return found

    def with_outputs(self, file: File) -> str:
        """An executed page's Markdown, with what its cells show.

        Raises:
            PageError: an output that no page can show.
        """
        uri = file.src_uri
        page, result = self.pages[uri], self.results[uri]
        written = []
        for cell, produced in zip(page.cells, result.outputs, strict=True):
            if cell.inline:
                written.append("".join(o.get("text", "") for o in produced))
                continue
            where = f"docs/{uri}, line {cell.line}, cell {cell.number}"
            here = self.writer.address(file)
            written.append(self.writer.outputs(produced, here=here, where=where))
        return write_page(page, written)

    def complete(self, markdown: str, file: File) -> str:
        """Put in what needs to know every page: facts, references, the gallery.

        Raises:
            PageError: a reference to a figure, or a figure in the gallery, that no page
                shows.
        """
        if MARKER in markdown:
            markdown = markdown.replace(MARKER, facts_markdown(self.facts))
        markdown = _REFERENCE.sub(
            lambda match: self._reference(match[1], file), markdown
        )
        if _GALLERY in markdown:
            address = self.writer.address
            known = {
                name: (address(shown_by), figure)
                for name, (shown_by, figure) in self.figures.items()
            }
            names = self._gallery_names(file.src_uri)
            block = self.writer.gallery(known, names, address(file))
            markdown = markdown.replace(_GALLERY, block)
        return markdown

    def _gallery_names(self, uri: str) -> Sequence[str]:
        """The figures that a cell of the page `uri` asked to show in a gallery."""
        page, result = self.pages[uri], self.results[uri]
        cell, names = next(
            (cell, output["data"][GALLERY_MIME])
            for cell, produced in zip(page.cells, result.outputs, strict=True)
            for output in produced
            if GALLERY_MIME in output.get("data", {})
        )
        missing = [name for name in names if name not in self.figures]
        if missing:
            raise PageError(
                f"docs/{uri}, line {cell.line}, cell {cell.number}: no page shows the "
                f"registered figures {', '.join(missing)}. Add "
                f'show("{missing[0]}") to one, or delete it.'
            )
        return list(names)

    def _reference(self, name: str, file: File) -> str:
        if name not in self.figures and self.broken:
            return f"`{name}`"  # it may be on a page that an author is about to mend
        if name not in self.figures:
            known = ", ".join(sorted(self.figures))
            place = place_of(f"@fig:{name}", file.src_uri, file.content_string)
            raise PageError(
                f"{place}: @fig:{name} names no figure that a page shows; there are "
                f"{known}."
            )
        shown_by, figure = self.figures[name]
        target = get_relative_url(shown_by.src_uri, file.src_uri)
        return f"[Figure {figure['number']}]({target}#fig-{name})"
