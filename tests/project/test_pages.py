"""The pages' sources: their code, their numbers, and what each page must have."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

import numpy as np
import pytest
import yaml

from nwdocs import display, nadaraya_watson
from nwdocs.data import synthetic_data
from nwdocs.site.cells import read_page
from nwdocs.site.pages import Cell, Page, nav_uris
from nwdocs.study.deck import BOOK, DECK, SLIDES
from support.project import ROOT

DOCS = ROOT / "docs"
TEXTS = {file.stem: file.read_text(encoding="utf-8") for file in DOCS.glob("*.md")}
EXECUTED = [name for name, text in TEXTS.items() if "kernelspec:" in text]
REFERENCE = ROOT / "tests" / "data" / "deck_reference_seed0.npz"


@cache
def page(name: str) -> Page:
    return read_page(f"{name}.md", TEXTS[name])


def visible(name: str) -> list[Cell]:
    """What a reader sees of a page's code, in order."""
    return [
        cell
        for cell in page(name).cells
        if not cell.inline and "hide_input" not in cell.tags
    ]


# --- code ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in EXECUTED if visible(name)])
def test_the_visible_code_of_a_page_runs_alone(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in visible(name):
        code = compile("\n" * (cell.line - 1) + cell.source, f"{name}.md", "exec")
        exec(code, names)
    assert list(tmp_path.iterdir()) == []


def listings() -> Iterator[tuple[str, str]]:
    """Of each listing on a page: the page, and the names of the functions in it."""
    for name in EXECUTED:
        for cell in page(name).cells:
            for node in ast.walk(ast.parse(cell.source)):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id == "listing"
                ):
                    yield name, ",".join(ast.unparse(a) for a in node.args)


@pytest.mark.parametrize(("name", "functions"), list(listings()))
def test_a_listing_runs_where_it_is_pasted(name: str, functions: str) -> None:
    names: dict[str, Any] = {}
    for cell in page(name).cells:
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                exec(ast.unparse(node), names)
    listed = [names[function] for function in functions.split(",")]
    text = display.listing(*listed).text
    pasted: dict[str, Any] = {"__name__": "pasted"}
    exec(text.removeprefix("```py\n").removesuffix("\n```"), pasted)
    for function in listed:
        assert pasted[function.__name__] is not function


def test_the_six_lines_stand_alone_and_are_the_estimator() -> None:
    block = visible("estimator")[0].source
    imported, _, function = block.partition("\n\n\n")
    assert imported == "import numpy as np"
    assert len(function.splitlines()) == 6
    names: dict[str, Any] = {}
    exec(block, names)
    pooling = names["attention_pooling"]

    sample = synthetic_data()
    ours = nadaraya_watson(sample.x_val, sample.x_train, sample.y_train, bandwidth=0.3)
    six = pooling(sample.x_val, sample.x_train, sample.y_train, bandwidth=0.3)
    for a, b in zip(ours, six, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15)

    with np.load(REFERENCE) as deck:
        x, y, queries = (deck[f"{n}_f64"] for n in ("x_train", "y_train", "x_val"))
        for width in (0.1, 0.2, 0.5, 1):
            estimates, weights = pooling(queries, x, y, bandwidth=width)
            theirs = deck[f"sigma_{width:g}__y_hat_f64"]
            np.testing.assert_allclose(estimates, theirs, rtol=1e-9)
            theirs = deck[f"sigma_{width:g}__attention_w_f64"].T
            np.testing.assert_allclose(weights, theirs, rtol=1e-9, atol=1e-15)


def test_pages_where_code_begins_tell_how_to_run_it() -> None:
    for name in ("attention-pooling", "estimator", "learned-attention", "exercises"):
        assert "how_to_run()" in TEXTS[name], name


# --- numbers ---------------------------------------------------------------------------

# Code, formulas, links' addresses, citations, attributes and markup are no prose; nor is
# the name of a view of the explorable, whose link has the same number.
_NOT_PROSE = re.compile(
    r"^(`{3,}).*?^\1`*$|\$\$.*?\$\$|`[^`\n]+`|\$[^$\n]+?\$"
    r"|\[[^\]]*\]\([^)\n]*\?explore[^)\n]*\)|\]\([^)]*\)|\[@[^\]]*\]|@fig:[\w-]+"
    r"|\{[^}\n]*\}|<[^>\n]*>",
    re.DOTALL | re.MULTILINE,
)
_NUMBER = re.compile(r"(?<!\w)\d(?:[\d.,]*\d)?(?!\w)")
_YEAR = re.compile(r"1[789]\d\d")
# Numbers of lists and headings, and how long an exercise takes.
_COUNTED = re.compile(r"^(#+ )?\d+\.(?= )|\d+ minutes(?=\*$)", re.MULTILINE)

#: Numbers in prose that no cell made: settings, sources' numbers, and wrong answers to a
#: question. What is asked for by name here, a cell on the page asserts or uses.
TYPED = {
    "attention-by-kernel": {"40", "3", "12", "26"},
    "bandwidth": {"0.1", "0.2", "0.5"},
    "choosing-a-bandwidth": {"0.001", "199", "400", "2000", "3000"},
    "data": {"5", "40", "6", "18", "30"},
    "drawing": {"4"},
    "estimator": {"10", "2", "0.01"},
    "exercises": {"2"},
    "learned-attention": {"90"},
    "more-than-one-coordinate": {"500", "4000"},
}


def prose(name: str) -> str:
    front, _, body = TEXTS[name].partition("\n---\n")
    described = yaml.safe_load(front.removeprefix("---\n"))["description"]
    return f"{described}\n{_NOT_PROSE.sub(' ', body)}"


@pytest.mark.parametrize("name", sorted(TEXTS.keys() - {"building"}))
def test_a_number_in_prose_comes_from_a_cell(name: str) -> None:
    """0 and 1 are bounds and wholes, years are history; the rest is in a short list."""
    found = set(_NUMBER.findall(_COUNTED.sub(" ", prose(name))))
    typed = {number for number in found if not _YEAR.fullmatch(number)} - {"0", "1"}
    assert typed == TYPED.get(name, set())


# --- the deck --------------------------------------------------------------------------


def deck_pages() -> list[str]:
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    nav = yaml.safe_load(config[config.index("\nnav:") :])["nav"]
    (deck,) = (entry["The deck"] for entry in nav if "The deck" in entry)
    return [uri.removesuffix(".md") for uri in nav_uris(deck)]


def test_each_page_of_the_deck_has_its_slide() -> None:
    assert deck_pages() == list(SLIDES)


@pytest.mark.parametrize("name", SLIDES)
def test_a_page_of_the_deck_says_what_differs_from_its_slide(name: str) -> None:
    assert TEXTS[name].count(f'from_the_deck("{name}")') == 1


@pytest.mark.parametrize("name", SLIDES)
def test_a_page_of_the_deck_asks_before_it_shows(name: str) -> None:
    """One question, its answer computed and asserted, with a link to see it."""
    text = TEXTS[name]
    asked = re.findall(
        r"^/// details \| (?:Predict|Before you read on): .*\?\n(.*?)^///$",
        text,
        re.DOTALL | re.MULTILINE,
    )
    assert len(asked) == 1
    assert "`{python} " in asked[0]
    assert "?explore." in asked[0]
    before, _, _ = text.partition(asked[0])
    assert "\nassert " in before
    assert 'show("' not in before
    assert "question" in asked[0]


def test_the_deck_and_the_book_are_named_and_linked() -> None:
    for file in ("README.md", "CITATION.cff", "docs/references.md"):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert DECK in text, file
        assert "Dive into Deep Learning" in text, file
    assert "about_the_deck()" in TEXTS["index"]
    assert DECK in (DOCS / "references.bib").read_text(encoding="utf-8")
    assert BOOK in TEXTS["exercises"]


# --- words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "where"),
    [
        ("overfitting", "bandwidth"),
        ("underfitting", "bandwidth"),
        ("overfitting", "choosing-a-bandwidth"),
        ("smoothing", "data"),
        ("regression", "attention-pooling"),
        ("temperature", "attention-by-bandwidth"),
        ("k nearest\nneighbours", "kernels"),
        ("notebook", "drawing"),
    ],
)
def test_a_standard_word_is_where_a_student_looks_for_it(word: str, where: str) -> None:
    assert word in TEXTS[where].lower()


def level_of(exercise: str) -> str:
    """The level of an exercise, which has all that an exercise must have."""
    level = re.search(r"^\*(Easy|Medium|Harder) · \d+ minutes\*$", exercise, re.M)
    assert level
    folds = re.findall(r"^/// details \| (\w+)$", exercise, re.M)
    assert folds == ["Hint", "Answer", "Solution"]
    assert "```python\n" in exercise.partition("/// details | Solution")[2]
    return level[1]


def test_each_exercise_has_hint_answer_and_solution() -> None:
    _, *exercises = re.split(r"^## ", TEXTS["exercises"], flags=re.MULTILINE)
    levels = []
    for number, exercise in enumerate(exercises, 1):
        assert exercise.startswith(f"{number}. ")
        levels.append(level_of(exercise))
    assert levels == sorted(levels, key=["Easy", "Medium", "Harder"].index)
    assert levels.count("Easy") >= 2


#: The chapters beyond the deck: each is a question, an experiment and an exercise.
CHAPTERS = [
    "more-than-one-coordinate",
    "learn-the-kernel",
    "ask-yourself",
    "attention-at-scale",
]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_ends_in_an_exercise_and_has_a_verdict(name: str) -> None:
    *_, last = re.split(r"^## ", TEXTS[name], flags=re.MULTILINE)
    assert last.startswith("An exercise\n")
    level_of(last)
    assert "\nverdict(" in TEXTS[name]
    assert 2 <= TEXTS[name].count("show(") <= 4


# --- sources ---------------------------------------------------------------------------


def test_every_source_that_a_docstring_names_is_in_the_literature() -> None:
    bib = (DOCS / "references.bib").read_text(encoding="utf-8")
    plain = re.sub(r"""[{}\\"'`]""", "", bib)
    entries = {
        (entry.partition("author")[2].partition(",")[0].split("=")[-1].strip(), year)
        for entry in re.split(r"^@", plain, flags=re.MULTILINE)[1:]
        for year in re.findall(r"year\s*= (\d{4})", entry)
    }
    names = {f"{author}{year}" for author, year in entries}
    missing = set()
    for file in (ROOT / "nwdocs").rglob("*.py"):
        # Without accents, as the literature's names are after the line above.
        text = normalize("NFKD", file.read_text(encoding="utf-8"))
        text = "".join(sign for sign in text if not combining(sign))
        for author, year in re.findall(
            r"([A-Z]\w+)(?: and [A-Z]\w+| et al\.)?,? \(?(1[789]\d\d|20\d\d)\)", text
        ):
            if f"{author}{year}" not in names:
                missing.add((author, year))
    assert missing == set()
