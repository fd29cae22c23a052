"""What git knows: the commit that is built, its day, and when each page last changed."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

__all__ = ["Change", "changed_dates", "changes", "commit", "epoch", "is_whole"]

_NO_GIT = 315532800  # 1980, the first date that every file system and archive can hold
_DATE = "date:"
# Between two commits, and between the parts of one: no message has these characters,
# and they are no white space.
_COMMIT, _PART = "\x01", "\x02"


class Change(NamedTuple):
    """One commit: its name, when it was made, its message, and the files it changed."""

    commit: str
    date: datetime
    subject: str
    body: str
    files: tuple[str, ...]


def commit(root: Path) -> str | None:
    """The name of the project's commit, marked if what is built is not quite it.

    None without git, or where the project is no part of a commit.
    """
    name = _of_project(root, "rev-parse", "HEAD")
    return f"{name}-dirty" if name and _git(root, "status", "--porcelain") else name


def epoch(root: Path) -> int:
    """When the project's commit was made, in seconds since 1970; without git, 1980."""
    time = _of_project(root, "log", "-1", "--format=%ct")
    return int(time) if time else _NO_GIT


def is_whole(folder: Path) -> bool:
    """Whether git knows all commits; in a history cut short, it gives wrong dates."""
    return _git(folder, "rev-parse", "--is-shallow-repository") == "false"


def changed_dates(folder: Path) -> dict[str, datetime]:
    """When git last changed each file of `folder`, by its path in there.

    Without git, or with a history cut short, which would tell wrong dates: empty.
    """
    if not is_whole(folder):
        return {}
    log = _git(
        folder, "log", f"--format={_DATE}%ct", "--name-only", "--relative", "--", "."
    )
    dates: dict[str, datetime] = {}
    for line in (log or "").splitlines():
        if line.startswith(_DATE):
            date = datetime.fromtimestamp(int(line.removeprefix(_DATE)), UTC)
        elif line:
            dates.setdefault(line, date)  # the newest commit comes first
    return dates


def changes(folder: Path, most: int) -> list[Change]:
    """The newest commits that changed files of `folder`, whose paths are those in there.

    Without git, or with a history cut short, which would tell wrong ones: empty.
    """
    if not is_whole(folder):
        return []
    parts = _PART.join(["%H", "%ct", "%s", "%b", ""])
    log = _git(
        folder,
        *("log", f"-{most}", f"--format={_COMMIT}{parts}", "--name-only"),
        *("--relative", "--", "."),
    )
    found = []
    for entry in (log or "").split(_COMMIT)[1:]:
        name, time, subject, body, files = entry.split(_PART)
        date = datetime.fromtimestamp(int(time), UTC)
        found.append(Change(name, date, subject, body.strip(), tuple(files.split())))
    return found


def _of_project(root: Path, *command: str) -> str | None:
    """As `_git`; None, too, for what was unpacked inside somebody's repository."""
    known = _git(root, "ls-files", "--error-unmatch", "mkdocs.yml")
    return known and _git(root, *command)


def _git(folder: Path, *command: str) -> str | None:
    """What git says in `folder`; None where it fails, or there is none."""
    # Where the shell looks for its repository says nothing of where this one is.
    elsewhere = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    environment = {k: v for k, v in os.environ.items() if k not in elsewhere}
    try:
        said = subprocess.check_output(
            ("git", *command),
            cwd=folder,
            env=environment,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return said.strip()
