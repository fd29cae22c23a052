"""What readers can take away, as a list for a page: only what is there."""

from collections.abc import Iterable

__all__ = ["MARKER", "PAPERS", "SIZES", "downloads"]

#: What a page writes where the list is to stand.
MARKER = "<!-- nwdocs:downloads -->"

#: What is printed, by the start of a file's name.
PAPERS = {
    "deck": "The deck on paper",
    "exercises": "Exercises without solutions",
}

#: Paper, as browsers call it, by the ending of a file's name.
SIZES = {"a4": "A4", "letter": "Letter"}


def downloads(printed: Iterable[str], *, packed: str, deck: str, wheels: str) -> str:
    """The list in Markdown.

    Args:
        printed: names of the PDF files that the site has, as in "deck-a4.pdf".
        packed: the file with all notebooks.
        deck: the page of the slides.
        wheels: the page of the package.
    """
    there = set(printed)
    items = [f"- [The slides]({deck}), to show in a browser"]
    for sheet, title in PAPERS.items():
        links = [
            f"[{size}](handout/{sheet}-{ending}.pdf)"
            for ending, size in SIZES.items()
            if f"{sheet}-{ending}.pdf" in there
        ]
        if links:
            items.append(f"- {title}, as PDF: {', '.join(links)}")
    items += [
        f"- [All pages as notebooks and scripts]({packed}), with the package, in one file",
        f"- [The package itself]({wheels}), for pip",
        "- [Every figure](figures.md), as picture, numbers or code",
    ]
    return "\n".join(items)
