"""Results of earlier builds on disk: whole or absent."""

import os
import subprocess
import sys
from pathlib import Path

from nwdocs.site.store import load, store

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from nwdocs.site.store import store

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    store(Path(sys.argv[1]), "p.md", "d", b"y" * 5000)
except OSError as error:
    print("refused", error.errno, error.filename)
"""


def test_what_is_stored_is_found_by_name_and_digest(tmp_path: Path) -> None:
    store(tmp_path, "deck/p.md", "one", b"a\nb\0")
    assert load(tmp_path, "deck/p.md", "one") == b"a\nb\0"
    assert load(tmp_path, "deck/p.md", "two") is None
    assert load(tmp_path, "p.md", "one") is None


def test_a_full_disk_leaves_no_half_entry(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    entry = tmp_path / "p" / "d.entry"
    assert run.stdout.split() == ["refused", "27", str(entry)]
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]
    assert load(tmp_path, "p.md", "d") is None


def test_old_entries_of_a_page_go(tmp_path: Path) -> None:
    for i in range(12):
        store(tmp_path, "p.md", f"digest-{i}", str(i).encode())
        os.utime(tmp_path / "p" / f"digest-{i}.entry", (i, i))
    store(tmp_path, "p.md", "last", b"")
    assert load(tmp_path, "p.md", "digest-11") == b"11"
    assert load(tmp_path, "p.md", "digest-0") is None
    assert load(tmp_path, "p.md", "last") == b""
    assert len(list((tmp_path / "p").iterdir())) <= 8


def test_what_a_killed_build_left_is_dropped_in_time(tmp_path: Path) -> None:
    store(tmp_path, "p.md", "one", b"")
    old, young = tmp_path / "p" / "old.part", tmp_path / "p" / "young.part"
    old.touch()
    young.touch()
    os.utime(old, (1, 1))
    store(tmp_path, "p.md", "two", b"")
    assert not old.exists()
    assert young.exists()
