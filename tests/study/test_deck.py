"""The notes on the deck: a slide for each page, with differences that are so."""

import re
from importlib import import_module
from inspect import isfunction, signature
from pathlib import Path
from pkgutil import iter_modules

import pytest

import nwdocs
from nwdocs import figures
from nwdocs.study.deck import (
    BOOK,
    DECK,
    SLIDES,
    about_the_deck,
    from_the_deck,
    on_slide,
)

each_page = pytest.mark.parametrize("page", SLIDES)


@each_page
def test_a_note_is_folded_and_has_every_difference(page: str) -> None:
    slide, text = SLIDES[page], from_the_deck(page).text
    first, *rest = text.splitlines()
    assert first == f'??? abstract "From the deck: “{slide.title}”"'
    assert all(line.startswith("    ") for line in rest if line)
    assert DECK in text
    assert slide.cells in text
    for difference in slide.differences:
        assert f"    | {' | '.join(difference)} |" in rest


@each_page
def test_a_difference_says_what_is_there_what_is_here_and_why(page: str) -> None:
    assert SLIDES[page].differences
    for difference in SLIDES[page].differences:
        assert all(len(part) > 2 for part in difference)
        assert difference.there != difference.here
        assert "|" not in "".join(difference), "it would end a cell of the table"


def test_names_that_a_note_has_here_exist() -> None:
    """Functions and constants of the package, or arguments of its functions."""
    modules = [
        import_module(module.name)
        for package in (nwdocs, figures)
        for module in iter_modules(package.__path__, f"{package.__name__}.")
        if not module.name.startswith(("nwdocs.site", "nwdocs.cli"))
    ]
    known = {"nan"}  # an argument's value
    for module in modules:
        for name in getattr(module, "__all__", ()):
            known.add(name)
            value = getattr(module, name)
            if isfunction(value):
                known |= set(signature(value).parameters)
    for slide in SLIDES.values():
        for difference in slide.differences:
            for code in re.findall(r"`([^`]+)`", difference.here):
                names = set(re.findall(r"[A-Za-z_]\w+", code))
                assert names <= known, names - known


def test_an_unknown_page_is_named_with_those_there_are() -> None:
    with pytest.raises(
        KeyError, match="no slide for the page 'mine'; there are attent"
    ):
        from_the_deck("mine")


def test_the_home_page_links_deck_and_book_and_names_the_authors() -> None:
    text = about_the_deck().text
    assert DECK in text
    assert BOOK in text
    for author in ("Zhang", "Lipton", "Li", "Smola"):
        assert author in text
    assert "our own" in " ".join(text.split())


def test_a_sentence_can_cite_a_slide() -> None:
    assert on_slide("recap") == f"the deck, on its slide [“Recap”]({DECK})"


def test_no_code_of_the_deck_is_kept() -> None:
    """Its cells use the library d2l; ours do not."""
    root = Path(nwdocs.__file__).parent
    for file in root.rglob("*.py"):
        assert not re.search(r"\bd2l\.(exp|abs|plt|reshape)", file.read_text()), file
