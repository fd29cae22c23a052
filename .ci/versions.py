"""Report on `make newest` or `make oldest`: what differs from the lock, and the end.

Usage: python .ci/versions.py FOLDER, which holds log, status and, if versions were
found that go together, dev.txt. The report goes to standard output and, in CI,
to the job's summary. Exits with the status of the build.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

TAIL = 60  # lines of the log that a summary shows after a failure
PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^\s;]+)", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def pins(lock: str) -> dict[str, str]:
    """The version of each package in the text of a lock file."""
    return dict(PIN.findall(lock))


def changes(locked: Mapping[str, str], used: Mapping[str, str]) -> Iterator[str]:
    """Rows of a Markdown table: the packages whose version is not the locked one."""
    yield "| package | locked | used |"
    yield "|---|---|---|"
    for name, version in sorted(used.items()):
        if version != (before := locked.get(name, "none")):
            yield f"| {name} | {before} | {version} |"


def report(folder: Path, locked: Mapping[str, str]) -> tuple[str, int]:
    """The report in Markdown, and the exit status of the build it is about."""
    status = int((folder / "status").read_text())
    lock = folder / "dev.txt"
    if lock.exists():
        table = list(changes(locked, pins(lock.read_text())))
    else:
        table = ["No versions go together as pyproject.toml has them."]
    verdict = "passes" if status == 0 else f"fails (exit status {status})"
    title = f"## With the {folder.name} versions: {verdict}"
    lines = [title, "", *table]
    if status:
        log = COLOUR.sub("", (folder / "log").read_text(errors="replace")).splitlines()
        lines += ["", "Its last lines:", "", "````text", *log[-TAIL:], "````"]
    return "\n".join([*lines, ""]), status


if __name__ == "__main__":
    text, exit_status = report(
        Path(sys.argv[1]), pins(Path("requirements-dev.txt").read_text())
    )
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as out:
            out.write(text)
    sys.exit(exit_status)
