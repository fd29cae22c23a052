"""How long builds take, side by side with mkdocs-jupyter as it comes, in one run.

Both build the same pages in fresh temporary folders, turn by turn, each as a process of
its own. Seconds depend on the machine and on what else it does; ratios count.
"""

import argparse
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

__all__ = ["as_it_comes", "main", "table"]

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = "docs/kernels.md"
_SCENARIOS = ("cold", "no change", "prose edit", "code edit", "package edit")
#: What ours may take, as a share of a cold build by mkdocs-jupyter as it comes.
_GOALS = dict(zip(_SCENARIOS, (0.25, 0.10, 0.12, 0.20, 0.22), strict=True))
_SEEN_GOAL = 1.5  # seconds from saving to the new text in an open browser

_THEIR_CONFIG = """\
site_name: As it comes
theme: {name: material}
plugins:
  search: {}
  mkdocs-jupyter: {include: ["*.md"], execute: true}
markdown_extensions: [admonition, attr_list, footnotes, md_in_html, tables]
"""

Times = dict[str, list[float]]


def as_it_comes(folder: Path) -> None:
    """Turn a copy of the project into one that mkdocs-jupyter alone can build."""
    (folder / "mkdocs.yml").write_text(_THEIR_CONFIG, encoding="utf-8")


def table(ours: Times, theirs: Times) -> str:
    """Medians with spread, and ours as a share of their cold build."""
    base = median(theirs["cold"])
    lines = [
        "| | ours (s) | as it comes (s) | ours ÷ its cold build | goal |",
        "| :-- | --: | --: | --: | --: |",
    ]
    for name in _SCENARIOS:
        ratio, goal = median(ours[name]) / base, _GOALS[name]
        verdict = "met" if ratio <= goal else "missed"
        lines.append(
            f"| {name} | {_spread(ours[name])} | {_spread(theirs[name])} "
            f"| {ratio:.2f} | ≤ {goal:.2f}: {verdict} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line: measure, print the tables, write them as JSON."""
    parser = argparse.ArgumentParser(prog="python -m nwdocs.builder.bench")
    parser.add_argument("--repeat", type=int, default=5, help="(default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        ours, theirs = Path(scratch) / "ours", Path(scratch) / "theirs"
        for folder in (ours, theirs):
            _copy_project(folder)
        as_it_comes(theirs)
        times: dict[str, Times] = {
            name: {scenario: [] for scenario in _SCENARIOS}
            for name in ("ours", "theirs")
        }
        for folder in (ours, theirs):
            _say(f"byte code: {folder.name}")
            _build(folder)
        for turn in range(options.repeat):
            for folder in (ours, theirs):
                for scenario in _SCENARIOS:
                    _say(f"{turn + 1} of {options.repeat}: {folder.name}, {scenario}")
                    _prepare(folder, scenario, turn)
                    times[folder.name][scenario].append(_build(folder))
        _say("from saving to seeing")
        seen = _save_to_seen(ours, options.repeat)
    print(table(times["ours"], times["theirs"]))
    print()
    if seen:
        verdict = "met" if median(seen) <= _SEEN_GOAL else "missed"
        print(
            "From saving a prose edit to its text in an open browser: "
            f"{_spread(seen)} s (goal ≤ {_SEEN_GOAL:g} s: {verdict})"
        )
    else:
        print("From saving to seeing: not measured, no Chromium here")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    facts = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "python": platform.python_version(),
        "seconds": times,
        "save_to_seen": seen,
    }
    options.out.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return 0


def _copy_project(folder: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "docs", "nwdocs", "mkdocs.yml"],
        cwd=_ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(_ROOT / name, target)


def _prepare(folder: Path, scenario: str, turn: int) -> None:
    edits: dict[str, Callable[[], None]] = {
        "cold": lambda: _forget(folder),
        "no change": lambda: None,
        "prose edit": lambda: _append(folder / _PAGE, f"\nOne more word: {turn}.\n"),
        "code edit": lambda: _append(
            folder / _PAGE, f"\n```python\nextra = {turn}\n```\n"
        ),
        "package edit": lambda: _append(
            folder / "nwdocs/data.py", f"\n# Turn {turn}.\n"
        ),
    }
    edits[scenario]()


def _forget(folder: Path) -> None:
    # matplotlib's list of the machine's fonts stays, as byte code does, for both.
    for name in ("site", ".cache", "build/cache"):
        for path in (folder / name).glob("*"):
            if path.is_dir() and path.name != "matplotlib":
                shutil.rmtree(path)
            elif path.is_file():
                path.unlink()


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(folder), "NO_MKDOCS_2_WARNING": "1"}


def _build(folder: Path) -> float:
    started = time.perf_counter()
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        text=True,
    )
    if built.returncode:
        raise RuntimeError(f"{folder.name} does not build:\n{built.stderr}")
    return time.perf_counter() - started


def _save_to_seen(folder: Path, repeat: int) -> list[float]:
    """Seconds until an open browser shows what was saved; none without a browser."""
    from playwright.sync_api import Error, sync_playwright

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/kernels/"
    server = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}"],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen = []
    try:
        _wait_for(address)
        with sync_playwright() as playwright:
            try:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                )
            except Error:
                return []
            page = browser.new_page()
            page.goto(address)
            for turn in range(repeat):
                page.wait_for_timeout(2500)  # what an author takes to type
                started = time.perf_counter()
                _append(folder / _PAGE, f"\nSeen at turn {turn}.\n")
                page.get_by_text(f"Seen at turn {turn}.").wait_for(timeout=60_000)
                seen.append(time.perf_counter() - started)
            browser.close()
    finally:
        server.terminate()
        server.wait()
    return seen


def _wait_for(address: str) -> None:
    for _ in range(600):
        with suppress(OSError), urllib.request.urlopen(address, timeout=10):
            return
        time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")


def _spread(seconds: Sequence[float]) -> str:
    return f"{median(seconds):.1f} ({min(seconds):.1f}–{max(seconds):.1f})"


def _say(text: str) -> None:
    end, start = ("", "\r\033[K") if sys.stderr.isatty() else ("\n", "")
    print(f"{start}{text}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
