"""Results of earlier builds on disk: whole or absent."""

import os
import subprocess
import sys
from pathlib import Path


def test_a_full_disk_leaves_no_half_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import resource, signal, sys\nfrom pathlib import Path\n"
        "from nwdocs.site import cache\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    cache.store(Path(sys.argv[1]), 'p.md', 'd', {'x': 'y' * 5000})\n"
        "except OSError as error:\n    print('refused', error.errno)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        check=True,
    )
    assert run.stdout.startswith("refused")
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]
    assert cache.load(tmp_path, "p.md", "d") is None


def test_old_entries_of_a_page_go(tmp_path: Path) -> None:
    for i in range(12):
        cache.store(tmp_path, "p.md", f"digest-{i}", {"i": i})
        os.utime(tmp_path / "p" / f"digest-{i}.json", (i, i))
    cache.store(tmp_path, "p.md", "last", {})
    assert cache.load(tmp_path, "p.md", "digest-11") == {"i": 11}
    assert cache.load(tmp_path, "p.md", "digest-0") is None
    assert len(list((tmp_path / "p").iterdir())) <= 8


def test_what_a_killed_build_left_is_dropped_in_time(tmp_path: Path) -> None:
    cache.store(tmp_path, "p.md", "one", {})
    old, young = tmp_path / "p" / "old.part", tmp_path / "p" / "young.part"
    old.touch()
    young.touch()
    os.utime(old, (1, 1))
    cache.store(tmp_path, "p.md", "two", {})
    assert not old.exists()
    assert young.exists()
