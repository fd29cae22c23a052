"""The glossary: one page of definitions, and the same words when a reader points at one."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["Term", "abbreviations", "first_only", "read_terms"]

# A definition list: terms a line each, then lines that a colon opens or an indent goes on.
_ENTRY = re.compile(r"^((?:[^\s:#].*\n)+):   (.+(?:\n    .+)*)", re.MULTILINE)
_MARKS = re.compile(r"\[([^\]]+)\]\([^)]*\)|[*`_$]")
_ABBR = re.compile(r'<abbr title="([^"]*)">(.*?)</abbr>', re.DOTALL)
# Neither headings, links and folds' titles, nor words that a page uses in another sense.
_PLACES = re.compile(
    r'(?P<skip><(h[1-6]|a|summary)\b.*?</\2>|<span class="nw-other-sense">.*?</span>)'
    r'|(?P<abbr><abbr title="[^"]*">.*?</abbr>)',
    re.DOTALL,
)


class Term(NamedTuple):
    """An entry: the words for one thing, in any of their forms, and what they mean."""

    names: Sequence[str]
    definition: str


def read_terms(markdown: str) -> list[Term]:
    """The entries of a glossary page, with their definitions as plain text."""
    return [
        Term(
            [_plain(name) for name in match[1].splitlines()],
            " ".join(_plain(match[2]).split()),
        )
        for match in _ENTRY.finditer(markdown)
    ]


def abbreviations(terms: Iterable[Term]) -> str:
    """Markdown that gives each name its definition wherever a page uses it."""
    return "\n".join(
        f"*[{name}]: {term.definition}" for term in terms for name in term.names
    )


def first_only(html: str) -> str:
    """Keep a definition where a page first uses a term, but in no heading and no link.

    There a reader may point at it, or reach it with the tab key. A page that uses a word
    in another sense marks it: ``<span class="nw-other-sense">bias</span>``.
    """
    seen = set()

    def keep(match: re.Match[str]) -> str:
        if match["skip"]:
            return _ABBR.sub(r"\2", match["skip"])
        title, word = _ABBR.fullmatch(match["abbr"]).groups()  # type: ignore[union-attr]
        if title in seen:
            return word
        seen.add(title)
        return match["abbr"].replace("<abbr ", '<abbr tabindex="0" ', 1)

    return _PLACES.sub(keep, html)


def _plain(markdown: str) -> str:
    return _MARKS.sub(lambda match: match[1] or "", markdown).strip()
