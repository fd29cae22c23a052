"""Writes the pages of one build as plain Markdown, outputs in place."""

from collections.abc import Sequence

from mkdocs.structure.files import File

from nwdocs.site.export import plain
from nwdocs.site.html.facts import MARKER, facts_markdown
from nwdocs.site.html.outputs import Output
from nwdocs.site.pages import Cell, Page, with_blocks
from nwdocs.site.plugin.writing import Writing

__all__ = ["PlainWriting"]


class PlainWriting(Writing):
    """Puts what cells show into Markdown that any generator reads."""

    def source(self, file: File) -> str:
        """An executed page's Markdown, with its outputs in place.

        Raises:
            PageError: an output that no page can show.
        """
        page = self.build.pages[file.src_uri]
        outputs = self.build.results[file.src_uri].outputs
        return with_blocks(
            page,
            [
                self._block(page, cell, produced)
                for cell, produced in zip(page.cells, outputs, strict=True)
            ],
        )

    def begin(self, markdown: str, file: File) -> str:
        """The page's text with references and facts in their places."""
        facts = facts_markdown(self.build.facts)
        markdown = markdown.replace(MARKER, facts)
        return plain.with_references(markdown, lambda name: self.build.link(name, file))

    def _block(self, page: Page, cell: Cell, produced: Sequence[Output]) -> str:
        where = page.place(cell)

        def thumbnails(names: Sequence[str]) -> str:
            known = self.build.gallery_figures(names, where, lambda f: f.src_uri)
            return plain.gallery(known, list(known), page.uri)

        context = plain.Context(page.uri, where, thumbnails)
        if cell.inline:
            return plain.inline_markdown(produced[0], context)
        blocks = []
        if "hide_input" not in cell.tags:
            fence = f"```python\n{cell.source}\n```"
            if "fold" in cell.tags:
                inside = "\n".join(f"    {x}".rstrip() for x in fence.splitlines())
                fence = f'??? code "Code"\n\n{inside}'
            blocks.append(fence)
        if "hide_output" not in cell.tags:
            blocks.append(plain.output_markdown(produced, context))
        return "\n\n".join(filter(None, blocks))
