"""Disks that are full or read-only."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.building import run_mkdocs, same_site
from support.small_project import edit_page


def no_file_above(size: int) -> list[str]:
    """A command that runs another, whose writes fail beyond `size` bytes a file."""
    return ["sh", "-c", f'ulimit -f {-(-size // 512)} && exec "$@"', "sh"]


def sizes(folder: Path) -> list[int]:
    return [path.stat().st_size for path in folder.rglob("*") if path.is_file()]


def test_a_disk_with_no_room_for_the_site_is_told_and_the_next_build_is_right(
    project: Path,
) -> None:
    clean = project.parent / "clean"
    assert run_mkdocs(project, "-d", str(clean))[0] == 0
    status, output = run_mkdocs(project, under=no_file_above(max(sizes(clean)) // 2))
    assert status != 0
    assert "The site could not be written, and is not whole" in output
    assert "File too large" in output
    assert "Traceback" not in output
    status, output = run_mkdocs(project)
    assert status == 0, output
    assert same_site(project / "site", clean)


def test_a_disk_with_no_room_for_what_is_kept_gives_the_same_site(
    project: Path,
) -> None:
    clean = project.parent / "clean"
    assert run_mkdocs(project, "-d", str(clean))[0] == 0
    kept = project / "build/cache"
    room = max(sizes(clean))
    assert max(sizes(kept / "pages")) > room
    shutil.rmtree(kept)
    for _ in range(2):
        shutil.rmtree(project / "site", ignore_errors=True)
        status, output = run_mkdocs(project, under=no_file_above(room))
        assert status == 0, output
        assert "Cannot keep the outputs of index.md" in output
        assert same_site(project / "site", clean)
    assert not list(kept.rglob("*.part"))


def without_root_s_rights() -> list[str]:
    """A command that runs another, which may not write where its mode forbids it."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write anywhere, and there is no setpriv to forbid it")
    return ["setpriv", "--bounding-set=-dac_override"]


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    paths = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for path in paths:
        path.chmod(0o555)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(0o755)


def test_from_a_cache_that_is_read_only_pages_are_taken_or_run(project: Path) -> None:
    under = without_root_s_rights()
    assert run_mkdocs(project)[0] == 0
    before = sizes(project / "build/cache")
    edit_page(project, "second.md", "1 + 1", "1 + 2")
    with read_only(project / "build/cache"):
        status, output = run_mkdocs(project, under=under)
    assert status == 0, output
    assert re.findall(r"Executed (\w+\.md)", output) == ["second.md"]
    assert "Cannot keep the outputs of second.md" in output
    assert "One and one is 3." in (project / "site/second/index.html").read_text()
    assert sizes(project / "build/cache") == before


def test_a_site_folder_that_is_read_only_is_told(project: Path) -> None:
    under = without_root_s_rights()
    assert run_mkdocs(project)[0] == 0
    edit_page(project, "index.md", "One and one is", "Plainly one and one is")
    with read_only(project / "site"):
        status, output = run_mkdocs(project, under=under)
    assert status != 0
    assert "Permission denied" in output
    assert "Traceback" not in output
