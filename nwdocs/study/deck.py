"""The deck that these pages mirror: where it is, and how each page differs from its slide.

Statements about the deck and the book are checked against their sources, as they were in
2026. No code and no text of theirs is kept here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from nwdocs.display import Markdown, note

__all__ = [
    "BOOK",
    "DECK",
    "SLIDES",
    "Difference",
    "Slide",
    "about_the_deck",
    "from_the_deck",
    "on_slide",
]

#: The deck, with its PyTorch cells.
DECK = (
    "https://d2l.smola.org/slides/pytorch/"
    "chapter_attention-mechanisms-and-transformers/attention-pooling.html"
)

#: The section of *Dive into Deep Learning* to which the deck belongs.
BOOK = "https://d2l.ai/chapter_attention-mechanisms-and-transformers/attention-pooling.html"


class Difference(NamedTuple):
    """One thing that is not here as it is in the deck, all in Markdown."""

    there: str
    here: str
    why: str


class Slide(NamedTuple):
    """A slide of the deck: its title, what its cells do, and what differs here."""

    title: str
    cells: str
    differences: tuple[Difference, ...]


_ORIENTATION = Difference(
    "weights of shape (keys, queries), whose columns sum to 1",
    "weights of shape (queries, keys), whose rows sum to 1",
    "the shape that attention in networks has",
)

_SCALES = Difference(
    "the colour map `Reds` on a linear scale; each panel is scaled by itself, and the one "
    "colour bar belongs to the last panel",
    "the colour map viridis on a square-root scale, which all panels share",
    "colours can be compared from panel to panel, small weights are visible, and the map "
    "can be read in grey and by colour-blind readers",
)

_CURVES = Difference(
    "magenta dashes called `y`, and a line called `y_hat`",
    'grey dashes called "truth", and a line called "estimate"',
    "words in place of variable names",
)

#: Each page of the deck here, by its file's name without ".md", and the slide there.
SLIDES: Mapping[str, Slide] = MappingProxyType(
    {
        "attention-pooling": Slide(
            "Attention Pooling by Similarity",
            "It states the formula of this page, with α(q, k) as similarity, and its "
            "cell imports PyTorch, numpy and the book's own package `d2l`.",
            (
                Difference(
                    "PyTorch tensors, float32",
                    "numpy arrays, float64",
                    "nothing here needs a GPU or automatic derivatives",
                ),
                _ORIENTATION,
            ),
        ),
        "kernels": Slide(
            "Four kernels",
            "One cell defines `gaussian(x)`, `boxcar(x)`, `constant(x)` and "
            "`triangular(x)`; each takes distances of any shape and returns similarities "
            "of that shape. The next cell plots them on [−2.5, 2.5], in steps of 0.1.",
            (
                Difference(
                    "tuples `kernels` and `names`",
                    "one mapping, `DECK_KERNELS`",
                    "a kernel and its name cannot get out of step",
                ),
                Difference(
                    "`boxcar` returns true or false",
                    "`boxcar` returns 1 or 0",
                    "a similarity is a number; the deck converts it later",
                ),
                Difference(
                    "`gaussian` computes the exponential",
                    "`log_gaussian` stands beside it",
                    "the exponential underflows at narrow widths",
                ),
                Difference(
                    "a line joins the boxcar's 0 and its 1",
                    "a gap between them",
                    "the boxcar takes no value between",
                ),
            ),
        ),
        "data": Slide(
            "Synthetic data",
            "Its cell defines `f(x)`, `n`, and four arrays: `x_train` (40,), sorted "
            "uniform draws from 0 to 5; `y_train` (40,), the curve there plus normal "
            "noise; `x_val` (50,), from 0 to 4.9 in steps of 0.1; `y_val` (50,), the "
            "curve there.",
            (
                Difference("`f`", "`truth`", "the word that figures and text use"),
                Difference(
                    "four variables",
                    "`synthetic_data()`, a named tuple of the same four names",
                    "one call makes another sample, with `n`, `noise` and `seed`",
                ),
                Difference(
                    "random numbers without a seed",
                    "a seed, the same on every page",
                    "each build shows the same numbers",
                ),
            ),
        ),
        "estimator": Slide(
            "Nadaraya–Watson in 6 lines",
            "Its cell defines `nadaraya_watson(x_train, y_train, x_val, kernel)`, which "
            "returns `y_hat` (50,) and `attention_w` (40, 50).",
            (
                Difference(
                    "arguments in the order keys, values, queries",
                    "`nadaraya_watson(queries, keys, values, kernel)`",
                    "the order of attention in networks",
                ),
                _ORIENTATION,
                Difference(
                    "the kernel gets differences",
                    "the kernel gets distances, divided by `bandwidth`",
                    "keys may have several coordinates, and any kernel has a width",
                ),
                Difference(
                    "a query that no key reaches gets `nan`",
                    'an error that names the query; with `empty="nan"` a row of nan',
                    "a gap should not pass unnoticed",
                ),
            ),
        ),
        "drawing": Slide(
            "Plotting helper",
            "Its cell defines `plot(x_train, y_train, x_val, y_val, kernels, names, "
            "attention=False)`: four panels in a row, with curves, or with heatmaps if "
            "`attention` is true.",
            (
                Difference(
                    "the flag `attention`",
                    "two helpers, `plot_estimate` and `plot_attention`",
                    "each draws one kind of picture",
                ),
                Difference(
                    "`plot` computes what it draws",
                    "the helpers are given what they draw",
                    "numbers can be checked without a picture",
                ),
                _CURVES,
                _SCALES,
                Difference(
                    "keys downwards and queries to the right, by index",
                    "queries upwards and keys to the right, in units of x",
                    "rows are queries, and gaps between keys are visible",
                ),
            ),
        ),
        "estimates-by-kernel": Slide(
            "Estimates by kernel",
            "Its cell calls `plot` with the four kernels.",
            (
                Difference(
                    "a width of 1 that is not mentioned",
                    "`bandwidth=1.0`, the default",
                    "the width is a choice, too",
                ),
                Difference(
                    "panels to look at",
                    "an error for each panel, and for many data sets in the ledger",
                    "a picture of one sample cannot decide",
                ),
                _CURVES,
            ),
        ),
        "attention-by-kernel": Slide(
            "Attention weights by kernel",
            "Its cell calls `plot` with the four kernels and `attention=True`.",
            (
                _SCALES,
                _ORIENTATION,
                Difference(
                    "kernels compared at one width, 1",
                    "compared at width 1, then at matched widths",
                    "a width of 1 is a different reach for each kernel",
                ),
            ),
        ),
        "bandwidth": Slide(
            "Bandwidth matters",
            "Its cell defines `sigmas`, their `names`, and `gaussian_with_width(sigma)`, "
            "which returns a kernel; it calls `plot` with the four that result.",
            (
                Difference(
                    "`gaussian_with_width(sigma)`",
                    "the argument `bandwidth=`",
                    "a width for any kernel, not for the Gaussian alone",
                ),
                Difference(
                    "`sigmas`",
                    "`DECK_BANDWIDTHS`",
                    "one list for pages, figures and tests",
                ),
                _CURVES,
            ),
        ),
        "attention-by-bandwidth": Slide(
            "Heatmaps for varying width",
            "Its cell calls `plot` with the four widths and `attention=True`.",
            (_SCALES, _ORIENTATION),
        ),
        "recap": Slide(
            "Recap",
            "It has no cell. It states that the kernel is picked by hand, that its form "
            "barely matters while its bandwidth matters a lot, and that learned attention "
            "is next.",
            (
                Difference(
                    "learned attention in the chapter's next decks",
                    "[a page here](learned-attention.md)",
                    "the step from one to the other is short in numpy",
                ),
            ),
        ),
    }
)


def about_the_deck() -> Markdown:
    """What these pages follow, with links; and what is ours."""
    return Markdown(
        f"These pages follow the slides [“Attention Pooling by Similarity”]({DECK}). The "
        f"slides go with [a section]({BOOK}) of *Dive into Deep Learning* by Aston Zhang, "
        "Zachary Lipton, Mu Li and Alexander Smola. The text and the code here are our "
        "own."
    )


def from_the_deck(page: str) -> Markdown:
    """The folded note on a page of the deck: its slide, and what differs here and why.

    Raises:
        KeyError: no slide belongs to such a page; the message lists those that have one.
    """
    if page not in SLIDES:
        raise KeyError(f"no slide for the page {page!r}; there are {', '.join(SLIDES)}")
    slide = SLIDES[page]
    rows = [("In the deck", "Here", "Why"), (":--", ":--", ":--"), *slide.differences]
    differences = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return note(
        "abstract",
        f"From the deck: “{slide.title}”",
        f"This page follows [a slide]({DECK}) of the deck. {slide.cells}\n\n{differences}",
        folded=True,
    )


def on_slide(page: str) -> str:
    """Markdown that names the slide behind a page, for a sentence that cites it."""
    return f"the deck, on its slide [“{SLIDES[page].title}”]({DECK})"
