"""The plugin for what pages cite: `nwdocs-literature`, a kind of mkdocs-bibtex.

It refuses a citation of nothing, lists the whole bibliography where a page asks for it,
and keeps the entries as text: putting them into words takes long.
"""

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs_bibtex.citation import Citation
from mkdocs_bibtex.plugin import BibTexPlugin
from mkdocs_bibtex.registry import SimpleRegistry
from pybtex.exceptions import PybtexError

from nwdocs.site.html.citations import check_citations
from nwdocs.site.pages import PageError
from nwdocs.site.plugin.kept import Kept
from nwdocs.site.plugin.notebooks import notebooks_of

__all__ = ["Literature"]

_BIBLIOGRAPHY = "<!-- bibliography -->"


class Literature(BibTexPlugin):  # type: ignore[misc]
    """Puts entries of the bibliography where pages cite them."""

    registry: Any

    def on_config(self, config: MkDocsConfig) -> None:
        """Read the bibliography, unless a server has it already."""
        try:
            super().on_config(config)
        except PybtexError as error:
            file = error.get_filename() or "the BibTeX file"
            raise PluginError(f"{file}: {error}") from None

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Have entries taken from what earlier builds kept."""
        if isinstance(self.registry, SimpleRegistry):  # else it is ours
            kept = notebooks_of(config).build.kept
            self.registry = _References(self.registry, kept)

    def on_page_markdown(
        self, markdown: str, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """See that each citation is of an entry; put entries and bibliography in."""
        notebooks = notebooks_of(config)
        file, text = notebooks.build.name(page.file), page.file.content_string
        entries = self.registry.bib_data.entries
        try:
            check_citations(file, text, entries)
        except PageError as error:
            markdown = notebooks.fail(error)
        written: str = super().on_page_markdown(markdown, page, config, files)
        if _BIBLIOGRAPHY in written:
            cited = (Citation(key=key) for key in sorted(entries))
            listed = (f"- {self.registry.reference_text(one)}" for one in cited)
            written = written.replace(_BIBLIOGRAPHY, "\n".join(listed))
        return written


class _References:
    """What mkdocs-bibtex asks for its citations: its own registry, with texts kept.

    The plugin formats an entry for each page that cites it.
    """

    def __init__(self, registry: Any, kept: Kept) -> None:
        """Stand for `registry`; `kept` has what earlier builds made of its entries."""
        self._registry, self._kept = registry, kept
        self._texts: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        """All else is the registry's."""
        return getattr(self._registry, name)

    def reference_text(self, citation: Any) -> str:
        """The entry that `citation` is of, in words, as Markdown."""
        return self._worded()[citation.key]

    def _worded(self) -> dict[str, str]:
        if not self._texts:
            entries = self._registry.bib_data.entries
            self._texts = self._kept.json(
                "references",
                self._registry.bib_data.to_string("bibtex"),
                lambda: {
                    key: self._registry.reference_text(Citation(key=key))
                    for key in entries
                },
            )
        return self._texts
