"""Writes the pages of one build: marks before Markdown, outputs after it."""

from collections.abc import Sequence

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as SitePage
from mkdocs.structure.toc import AnchorLink

from nwdocs.site.html import outputs
from nwdocs.site.html.crossrefs import link_code
from nwdocs.site.html.facts import MARKER, facts_markdown
from nwdocs.site.html.figures import gallery
from nwdocs.site.html.images import check_images
from nwdocs.site.html.marks import CellMarks, marked
from nwdocs.site.html.mathml import render_math
from nwdocs.site.html.placing import place, render_part
from nwdocs.site.html.typography import polish
from nwdocs.site.pages import Page
from nwdocs.site.plugin.build import Build

__all__ = ["Writing"]

_NO_CELLS = Page("", "", ())


class Writing:
    """Puts what cells show into the site's pages.

    Attributes:
        marks: the extension of Markdown that holds the places.
    """

    def __init__(self, build: Build) -> None:
        self.build = build
        self.marks = CellMarks()

    def source(self, file: File) -> str:
        """An executed page's Markdown, with a mark in place of each cell.

        Raises:
            PageError: a value that does not fit where the page has it.
        """
        page = self.build.pages[file.src_uri]
        return marked(page, self.build.values(page))

    def begin(self, markdown: str, file: File) -> str:
        """Have Markdown render this page next; its text, for that."""
        page = self.build.pages.get(file.src_uri, _NO_CELLS)
        values = self.build.values(page)
        self.marks.turn_to(page, values, lambda name: self.build.link(name, file))
        return markdown

    def finish(
        self, html: str, page: SitePage, config: MkDocsConfig, files: Files
    ) -> str:
        """The page with its outputs, values and facts in their places.

        Raises:
            PageError: an output that no page can show, or a reference to a figure that
                no page shows.
        """
        file = page.file
        self.build.check_references(self.marks.unknown, file)
        source = self.build.pages.get(file.src_uri, _NO_CELLS)
        headings: list[AnchorLink] = []

        def markdown(text: str) -> str:
            part = render_part(text, page, config, files)
            self.build.check_references(self.marks.unknown, file)
            headings.extend(part.contents)
            check_images(self.build.name(file), part.html, file.content_string)
            html = render_math(part.html, self.build.name(file), file.content_string)
            return link_code(polish(html), source)

        def thumbnails(names: Sequence[str], where: str) -> str:
            known = self.build.gallery_figures(names, where, lambda f: f.url)
            return gallery(known, list(known), page.url)

        def context(index: int) -> outputs.Context:
            where = source.place(source.cells[index])
            return outputs.Context(
                page.url, where, lambda names: thumbnails(names, where), markdown
            )

        def shown(index: int) -> tuple[str, Sequence[AnchorLink]]:
            headings.clear()
            if "hide_output" in source.cells[index].tags:
                return "", ()
            produced = self.build.results[source.uri].outputs[index]
            return outputs.output_html(produced, context(index)), list(headings)

        def value(index: int) -> str:
            (output,) = self.build.results[source.uri].outputs[index]
            return outputs.inline_html(output, context(index))

        if MARKER in html:
            html = html.replace(MARKER, markdown(facts_markdown(self.build.facts)))
        return place(html, page, shown, value)
