"""What the site's search finds: Material's index, and what it leaves out of a page."""

from copy import copy
from typing import Any

from material.plugins.search.plugin import SearchIndex
from mkdocs.structure.pages import Page

from nwdocs.site.html.figures import figures_in
from nwdocs.site.html.searchable import searchable
from nwdocs.site.plugin.build import Build

__all__ = ["FIELD", "Index"]

#: The field of hidden terms, which mkdocs.yml gives its weight.
FIELD = "terms"


class Index(SearchIndex):  # type: ignore[misc]
    """The index with formulas and pictures as text, and a page's hidden terms.

    Hidden terms are what readers type and pages do not say: other names, slips of the
    keyboard, whole questions. A page lists them in its front matter, as in
    ``search: {terms: [bandwith, "how wide"]}``. They lead to the page, and are not shown.
    """

    def __init__(self, build: Build, **config: Any) -> None:
        super().__init__(**config)
        self.build = build

    def add_entry_from_context(self, page: Page) -> None:
        """Add a page: its sections, and its terms to the first of them."""
        read, before = copy(page), len(self.entries)
        read.content = searchable(page.content or "", self._alts(page))
        super().add_entry_from_context(read)
        terms = (page.meta.get("search") or {}).get(FIELD)
        if terms and self.entries[before:]:
            self.entries[before][FIELD] = ", ".join(map(str, terms))

    def _alts(self, page: Page) -> dict[str, str]:
        result = self.build.results.get(page.file.src_uri)
        figures = figures_in(result.outputs) if result else []
        return {figure["name"]: figure["alt"] for figure in figures}
