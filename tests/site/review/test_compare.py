"""What a reviewer is told of figures that changed, as a real browser draws them."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser

from nwdocs.figures import show
from nwdocs.site.review.compare import TOLERANCE, Comparison, compare, main

Folders = tuple[Path, Path]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Before and after: the same figure, so far."""
    for name in ("base", "head"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.svg").write_text(show("data").svg, encoding="utf-8")
    return tmp_path / "base", tmp_path / "head"


T = TypeVar("T")


def apart(run: Callable[[], T]) -> T:
    """Run where no other test's browser is."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()


def edit(folder: Path, pattern: str, other: str, *, count: int = 1) -> None:
    """Replace what the pattern finds in the figure's file."""
    path = folder / "data.svg"
    text, found = re.subn(pattern, other, path.read_text(encoding="utf-8"), count=count)
    assert found
    path.write_text(text, encoding="utf-8")


def judge(folders: Folders) -> Comparison:
    (found,) = apart(partial(compare, *folders))
    return found


# --- What is no change ---------------------------------------------------------------


def test_the_same_bytes_need_no_browser(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "nwdocs.site.review.compare.chromium_path", lambda playwright: None
    )
    assert judge(folders) == Comparison("data")


#: What no reader sees: by what it is, what is replaced in the figure's file by what.
UNSEEN = {
    "white space": (r"<g><g><path", "<g>\n <g><path"),
    "another way to say a path": (r'd="M 48 252 L 348 252', 'd="M48,252H348'),
    "text by a pixel": (r'x="108" y="267.357"', 'x="109" y="266.357"'),
    "a fifth of a pixel": (r'x="48" y="252" href', 'x="48.2" y="252" href'),
}
#: What a reader sees, and how it is called.
SEEN = {
    "a point moved": (
        r'<use x="([\d.]+)" y="([\d.]+)"(?= href="#data-m7ce)',
        r'<use x="\1" y="\2" transform="translate(0 5)"',
        ("drawing",),
    ),
    "a curve moved by a pixel": (
        r'(<path [^>]*)(style="[^"]*stroke-dasharray:8,6)',
        r'\1transform="translate(0 1)" \2',
        ("drawing",),
    ),
    "dashes": (r"stroke-dasharray:8,6", "stroke-dasharray:2,6", ("drawing",)),
    "a colour": (
        r"--nw-blue,#0072b2",
        "--nw-orange,#b35000",
        ("drawing", "marks"),
    ),
    "a colour in the dark": (
        r"--nw-blue:#56b4e9",
        "--nw-blue:#ffffff",
        ("drawing", "marks"),
    ),
    "a word": (r">truth<", ">trust<", ("text",)),
    "a word moved": (r'x="108" y="267.357"', 'x="112" y="267.357"', ("text",)),
    "bold type": (r"font-size:12px", "font-size:12.4px;font-weight:bold", ("text",)),
    "alt text": (r'aria-label="40 points', 'aria-label="41 points', ("alt text",)),
    "size": (
        r'height="296" viewBox="0 0 360 296"',
        'height="300" viewBox="0 0 360 300"',
        ("size",),
    ),
}


@pytest.fixture(scope="module")
def compared(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> dict[str, Comparison]:
    """The figure with each of these changes, compared in one run."""
    folders = tmp_path_factory.mktemp("base"), tmp_path_factory.mktemp("head")
    text = show("data").svg
    edits = {**UNSEEN, **{name: edit[:2] for name, edit in SEEN.items()}}
    for name, (pattern, other) in edits.items():
        changed, found = re.subn(pattern, other, text, count=1)
        assert found, name
        for folder, svg in zip(folders, (text, changed), strict=True):
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    return {each.name: each for each in apart(partial(compare, *folders))}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_no_reader_sees_is_no_change(
    compared: dict[str, Comparison], name: str
) -> None:
    found = compared[name]
    assert found.changes == ()
    assert found.rms is not None
    assert found.rms <= TOLERANCE


# --- What is one ----------------------------------------------------------------------


@pytest.mark.parametrize("name", SEEN)
def test_what_a_reader_sees_is_a_change(
    compared: dict[str, Comparison], name: str
) -> None:
    found, (*_, changes) = compared[name], SEEN[name]
    assert found.changes == changes
    assert bool(found.difference) == ("drawing" in changes)


@pytest.mark.usefixtures("browser")
def test_one_dot_the_less_among_many_is_a_change(folders: Folders) -> None:
    """It is too little of the picture to tell by, where others are behind it."""
    text = show("engel").svg
    (folders[0] / "data.svg").write_text(text, encoding="utf-8")
    dots = list(re.finditer(r"<use [^>]*/>", text))
    start, end = dots[150].span()
    (folders[1] / "data.svg").write_text(text[:start] + text[end:], encoding="utf-8")
    found = judge(folders)
    assert found.changes == ("marks",)
    assert found.rms is not None
    assert 0 < found.rms <= TOLERANCE
    assert len(found.notes) == 1
    counts = re.match(r"(\d+) → (\d+) of use, fill rgb", found.notes[0])
    assert counts
    assert int(counts[1]) - int(counts[2]) == 1


def test_a_change_in_the_dark_is_shown_in_the_dark(
    compared: dict[str, Comparison],
) -> None:
    assert compared["a colour in the dark"].scheme == "#only-dark"


def test_other_words_are_told(compared: dict[str, Comparison]) -> None:
    assert compared["a word"].notes == ("- truth", "+ trust")


def test_figures_come_and_go(folders: Folders) -> None:
    (folders[0] / "data.svg").rename(folders[0] / "gone.svg")
    found = {c.name: c.changes for c in compare(*folders)}
    assert found == {"data": ("new",), "gone": ("removed",)}


# --- The command ----------------------------------------------------------------------


def run(folders: Folders, out: Path) -> tuple[int, str, str]:
    """The exit status, the table and the page."""
    status = apart(partial(main, [*map(str, folders), "--out", str(out)]))
    table, page = (out / "summary.md"), (out / "index.html")
    return status, table.read_text(encoding="utf-8"), page.read_text(encoding="utf-8")


def test_the_command_writes_a_page_and_a_table(
    folders: Folders,
    tmp_path: Path,
    browser: Browser,
    capsys: pytest.CaptureFixture[str],
) -> None:
    edit(folders[1], r"stroke-dasharray:8,6", "stroke-dasharray:2,6")
    status, table, _ = run(folders, tmp_path / "out")
    assert status == 0
    assert capsys.readouterr().out == table
    assert "1 of 1 figures changed." in table
    assert re.search(r"^\| data \| drawing \| [\d.]+ \|$", table, re.MULTILINE)
    opened = browser.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto((tmp_path / "out/index.html").as_uri())
    drawn = opened.locator("img")
    assert [drawn.nth(i).get_attribute("alt") for i in range(drawn.count())] == [
        "data, before",
        "data, after",
        "data, difference",
    ]
    assert all(drawn.nth(i).evaluate("image => image.naturalWidth") for i in range(3))
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
    opened.close()


def test_no_change_says_so(folders: Folders, tmp_path: Path) -> None:
    status, table, page = run(folders, tmp_path / "out")
    assert status == 0
    assert "No figure changed (1 compared)." in table
    assert "No figure changed." in page


@pytest.mark.usefixtures("browser")
def test_other_bytes_that_look_the_same_are_counted(
    folders: Folders, tmp_path: Path
) -> None:
    edit(folders[1], r"<g><g><path", "<g>\n <g><path")
    _, table, _ = run(folders, tmp_path / "out")
    assert "No figure changed (1 compared)." in table
    assert "Other bytes, but the same to the eye: 1" in table


def test_where_the_base_has_no_figures_all_are_new(
    folders: Folders, tmp_path: Path
) -> None:
    (folders[0] / "data.svg").unlink()
    status, table, page = run(folders, tmp_path / "out")
    assert status == 0
    assert "1 of 1 figures changed." in table
    assert "all are new" in table
    assert "data: new" in page


def test_a_folder_that_is_missing_is_an_error(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "nowhere"
    assert main([str(missing), str(folders[1])]) == 2
    assert f"there is no folder {missing}" in capsys.readouterr().err


def test_a_head_without_figures_is_an_error(
    folders: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    (folders[1] / "data.svg").unlink()
    assert main([*map(str, folders)]) == 2
    assert f"{folders[1]} holds no figure as SVG" in capsys.readouterr().err


def test_without_a_browser_it_says_how_to_get_one(
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    edit(folders[1], ">truth<", ">trust<")
    monkeypatch.setattr(
        "nwdocs.site.review.compare.chromium_path", lambda playwright: None
    )
    assert apart(partial(main, [*map(str, folders)])) == 2
    assert "make browser" in capsys.readouterr().err
