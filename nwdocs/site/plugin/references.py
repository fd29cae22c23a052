"""The bibliography's entries as text, kept: putting them into words takes long."""

from typing import Any

from mkdocs_bibtex.citation import Citation

from nwdocs.site.plugin.kept import Kept

__all__ = ["References", "listed"]


class References:
    """What mkdocs-bibtex asks for its citations: its own registry, with texts kept.

    The plugin makes a registry in each build, and formats an entry for each page that
    cites it.
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


def listed(registry: Any) -> str:
    """The whole bibliography of `registry`, as a list in Markdown."""
    return "\n".join(
        f"- {registry.reference_text(Citation(key=key))}"
        for key in sorted(registry.bib_data.entries)
    )
