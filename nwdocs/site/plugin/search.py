"""What the site's search finds: Material's index, and what it leaves out of a page."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from material.plugins.search.plugin import SearchIndex
from mkdocs.structure.pages import Page

from nwdocs.site.html.figures import figures_in
from nwdocs.site.html.searchable import searchable
from nwdocs.site.plugin.build import Build
from nwdocs.site.plugin.notebooks import Notebooks
from nwdocs.site.plugin.rendering import outline

__all__ = ["FIELD", "Index"]

#: The field of hidden terms, which mkdocs.yml gives its weight.
FIELD = "terms"


class Index(SearchIndex):  # type: ignore[misc]
    """The index with formulas and pictures as text, and a page's hidden terms.

    Hidden terms are what readers type and pages do not say: other names, slips of the
    keyboard, whole questions. A page lists them in its front matter, as in
    ``search: {terms: [bandwith, "how wide"]}``. They lead to the page, and are not shown.
    """

    def __init__(self, notebooks: Notebooks, **config: Any) -> None:
        super().__init__(**config)
        self.notebooks = notebooks

    @property
    def build(self) -> Build:
        """What is known of the pages that are indexed."""
        return self.notebooks.build

    def add_entry_from_context(self, page: Page) -> None:
        """Add a page: its sections, and its terms to the first of them."""
        alts = self._alts(page)
        facts = [page.url, page.title, page.content, alts, outline(page.toc)]
        facts += [page.meta.get(name) for name in ("title", "tags", "search")]
        self.entries += self.build.kept.json(
            f"search-{page.file.src_uri}", facts, lambda: self._entries(page, alts)
        )

    def _entries(self, page: Page, alts: Mapping[str, str]) -> list[dict[str, Any]]:
        made, read = SearchIndex(**self.config), copy(page)
        read.content = searchable(page.content or "", alts)
        made.add_entry_from_context(read)
        terms = (page.meta.get("search") or {}).get(FIELD)
        if terms and made.entries:
            made.entries[0][FIELD] = ", ".join(map(str, terms))
        return list(made.entries)

    def _alts(self, page: Page) -> dict[str, str]:
        result = self.build.results.get(page.file.src_uri)
        figures = figures_in(result.outputs) if result else []
        return {figure["name"]: figure["alt"] for figure in figures}
