"""A slide of the deck, and where the deck is: what a build needs that cuts no slide anew."""

from dataclasses import dataclass

__all__ = ["DECK", "Slide"]

#: Where the deck is.
DECK = "deck/"


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide; all but its names is HTML.

    Attributes:
        name: by which a link leads to it.
        kind: what it shows.
        page: the title of the page that it is from.
        url: that page's, from the deck, and the section's place on it.
        title: the section's heading.
        key: its first sentence or two.
        shown: the figure, formula, table, code or list.
        notes: what the speaker may say: the rest of the section.
    """

    name: str
    kind: str
    page: str
    url: str
    title: str
    key: str
    shown: str
    notes: str
