"""What a reviewer is told of figures that changed."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nwdocs.builder.compare import TOLERANCE, compare, main
from nwdocs.figures import show


@pytest.fixture(scope="module")
def picture() -> bytes:
    return show("data").png()


@pytest.fixture
def folders(tmp_path: Path, picture: bytes) -> tuple[Path, Path]:
    for name in ("base", "head"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.png").write_bytes(picture)
    return tmp_path / "base", tmp_path / "head"


def repaint(path: Path, box: tuple[int, int, int, int], by: int) -> None:
    """Change the pixels in a box by a number of 255."""
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    left, top, right, bottom = box
    part = pixels[top:bottom, left:right]
    pixels[top:bottom, left:right] = np.abs(part - by)
    Image.fromarray(pixels.astype(np.uint8)).save(path)


def test_the_same_figures_are_identical(folders: tuple[Path, Path]) -> None:
    assert [c.verdict for c in compare(*folders)] == ["identical"]


def test_other_bytes_of_the_same_pixels_are_identical(
    folders: tuple[Path, Path],
) -> None:
    repaint(folders[1] / "data.png", (0, 0, 1, 1), 0)
    assert (folders[0] / "data.png").read_bytes() != (
        folders[1] / "data.png"
    ).read_bytes()
    assert [c.verdict for c in compare(*folders)] == ["identical"]


def test_what_no_eye_sees_is_told_apart_from_a_change(
    folders: tuple[Path, Path],
) -> None:
    repaint(folders[1] / "data.png", (10, 10, 12, 12), 20)
    (found,) = compare(*folders)
    assert found.verdict == "alike"
    assert found.rms is not None
    assert 0 < found.rms <= TOLERANCE


def test_a_line_that_moves_by_a_pixel_is_a_change(
    folders: tuple[Path, Path], picture: bytes
) -> None:
    with Image.open(folders[0] / "data.png") as image:
        pixels = np.asarray(image.convert("RGB"))
    Image.fromarray(np.roll(pixels, 2, axis=0)).save(folders[1] / "data.png")
    (found,) = compare(*folders)
    assert found.verdict == "changed"
    assert found.rms is not None
    assert found.rms > TOLERANCE
    assert list(found.images) == ["before", "after", "difference"]


def test_size_additions_and_removals(
    folders: tuple[Path, Path], picture: bytes
) -> None:
    base, head = folders
    (base / "gone.png").write_bytes(picture)
    (head / "new.png").write_bytes(picture)
    with Image.open(head / "data.png") as image:
        image.resize((100, 90)).save(head / "data.png")
    found = {c.name: c.verdict for c in compare(base, head)}
    assert found == {"data": "resized", "gone": "removed", "new": "added"}


def test_the_command_writes_a_page_and_a_table(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base, head = folders
    repaint(head / "data.png", (0, 0, 300, 300), 90)
    out = tmp_path / "out"
    assert main([str(base), str(head), "--out", str(out)]) == 0
    table = (out / "summary.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == table
    assert "1 of 1 figures changed." in table
    assert re.search(r"^\| data \| changed \| [\d.]+ \|$", table, re.MULTILINE)
    page = (out / "index.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 3
    assert "http" not in page
    assert sorted(p.name for p in head.iterdir()) == ["data.png"], "it left no trace"


def test_no_change_says_so(folders: tuple[Path, Path], tmp_path: Path) -> None:
    assert main([*map(str, folders), "--out", str(tmp_path / "out")]) == 0
    summary = (tmp_path / "out/summary.md").read_text(encoding="utf-8")
    assert "No figure changed (1 compared)." in summary
    assert "No figure changed." in (tmp_path / "out/index.html").read_text()


def test_a_folder_without_figures_is_an_error(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "nowhere"
    assert main([str(missing), str(folders[1]), "--out", str(tmp_path / "out")]) == 2
    assert f"{missing} holds no figure as PNG" in capsys.readouterr().err
