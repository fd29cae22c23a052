"""Files are written whole or not at all."""

import os
from pathlib import Path

import pytest

from nwdocs.files import drop_leftovers, write_whole


def test_a_file_is_written_and_written_again(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"first", b"", b"third\n\0"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_who_reads_has_what_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"before")
    with path.open("rb") as reader:
        write_whole(path, b"after")
        assert reader.read() == b"before"


@pytest.mark.parametrize("name", ["no/such/folder/file", "folder"])
def test_what_cannot_be_written_is_named_and_leaves_no_part(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder" / "in-the-way").mkdir(parents=True)
    with pytest.raises(OSError, match=r"[Dd]irectory") as caught:
        write_whole(tmp_path / name, b"content")
    assert caught.value.filename == str(tmp_path / name)
    assert caught.value.errno
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_old_leftovers_are_dropped_and_what_may_be_in_writing_is_not(
    tmp_path: Path,
) -> None:
    old, young, other = (tmp_path / name for name in (".a.part", ".b.part", "c.txt"))
    for path in (old, young, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (1, 1))
    drop_leftovers(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {".b.part", "c.txt"}
