"""The deck and the exercises on paper, as Chromium prints them from the built site."""

import re
import shutil
import unicodedata
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader
from pypdf.generic import ContentStream

from nwdocs.site.export.downloads import PAPERS, SIZES, downloads
from nwdocs.site.export.handout import print_all, same_each_time
from nwdocs.site.pages import check_front_matter
from support.project import ROOT, SOURCES

DECK = [
    known["title"]
    for source in SOURCES
    for known in [check_front_matter(source, (ROOT / "docs" / source).read_text())]
    if "slides" in known
]


@pytest.fixture(scope="module")
def printed(
    site: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with every sheet on every paper."""
    return print_into(tmp_path_factory.mktemp("printed"), site)


def print_into(folder: Path, site: Path) -> Path:
    """Print in a process of its own: in this one, the tests' browser is at work."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        other.submit(print_all, site, ROOT / "mkdocs.yml", folder).result()
    return folder


def text_of(file: Path) -> str:
    words = " ".join(page.extract_text() for page in PdfReader(file).pages)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", words))


def test_each_sheet_is_printed_on_each_paper(printed: Path) -> None:
    sizes = {"a4": (595, 842), "letter": (612, 792)}
    assert set(sizes) == set(SIZES)
    for sheet in PAPERS:
        for ending, (width, height) in sizes.items():
            box = PdfReader(printed / f"{sheet}-{ending}.pdf").pages[0].mediabox
            assert (box.width, box.height) == pytest.approx((width, height), abs=1)


def test_the_deck_on_paper_has_an_outline_tags_and_addresses(printed: Path) -> None:
    reader = PdfReader(printed / "deck-a4.pdf")
    titles = [str(o["/Title"]) for o in reader.outline if not isinstance(o, list)]
    assert titles == DECK
    assert "/StructTreeRoot" in [*reader.root_object]
    text = text_of(printed / "deck-a4.pdf")
    assert "http://127.0.0.1:8000/kernels/" in text
    assert "Take it away" not in text
    assert "Predict: which of 0.1, 0.2, 0.5 and 1" in text


def test_points_of_figures_are_on_paper(printed: Path) -> None:
    """A figure draws each of its points by a reference to the first."""
    reader = PdfReader(printed / "deck-a4.pdf")
    (page,) = (page for page in reader.pages if "40 noisy" in page.extract_text())
    drawn = ContentStream(page.get_contents(), reader).operations
    fills = [operator for _, operator in drawn if operator in (b"f", b"f*")]
    assert len(fills) > 40


def test_no_page_is_all_but_empty(printed: Path) -> None:
    reader = PdfReader(printed / "deck-a4.pdf")
    words = [len(page.extract_text().split()) for page in reader.pages]
    assert min(words) > 60


def test_the_sheet_of_exercises_gives_nothing_away(printed: Path) -> None:
    text = text_of(printed / "exercises-a4.pdf")
    source = (ROOT / "docs/exercises.md").read_text()
    for title in re.findall(r"^## (.+?) \{", source, re.M):
        assert title.replace("'", "’") in text.replace("'", "’"), title
    for word in ("Hint", "Answer", "Solution", "all folded", "mended"):
        assert word not in text, word


def test_printed_again_it_is_the_same(
    site: Path, printed: Path, tmp_path: Path
) -> None:
    again = shutil.copytree(site, tmp_path / "elsewhere")
    for path in print_into(tmp_path / "again", again).iterdir():
        assert path.read_bytes() == (printed / path.name).read_bytes(), path.name


def test_dates_and_numbers_of_nodes_do_not_stay() -> None:
    pdf = b"/CreationDate (D:20261127010203+00'00') /ID (node00012) /P (node00007)"
    assert same_each_time(pdf, 0) == (
        b"/CreationDate (D:19700101000000+00'00') /ID (node00001) /P (node00002)"
    )


def test_only_what_is_there_is_offered() -> None:
    given = {"packed": "n.zip", "deck": "deck/index.html", "wheels": "w.html"}
    assert "PDF" not in downloads([], **given)
    listed = downloads(["deck-a4.pdf"], **given)
    assert "[A4](handout/deck-a4.pdf)" in listed
    assert "Letter" not in listed
