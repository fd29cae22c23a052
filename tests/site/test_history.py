"""What git knows of pages and of the project."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nwdocs.site.history import changed_dates, changes, commit, epoch


def git(folder: Path, *command: str, date: str = "") -> str:
    environment = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date} if date else {}
    return subprocess.check_output(
        ["git", "-C", folder, "-c", "user.name=n", "-c", "user.email=e", *command],
        env={
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "HOME": str(folder),
            **environment,
        },
        stderr=subprocess.DEVNULL,
        text=True,
    ).strip()


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository whose folder docs was changed on two days."""
    docs = tmp_path / "origin" / "docs"
    docs.mkdir(parents=True)
    git(docs, "init", "--quiet", str(docs.parent))
    for name, day in (("old.md", "2020-01-02"), ("new.md", "2021-03-04")):
        (docs / name).write_text(name)
        git(docs, "add", ".")
        git(docs, "commit", "--quiet", "-m", name, date=f"{day}T12:00:00+0000")
    return docs


def test_git_tells_when_each_page_was_last_changed(history: Path) -> None:
    (history / "old.md").write_text("again")
    git(history, "commit", "-aqm", "again", date="2022-05-06T12:00:00+0000")
    (history / "unknown.md").write_text("not yet in git")
    assert changed_dates(history) == {
        "old.md": datetime(2022, 5, 6, 12, tzinfo=UTC),
        "new.md": datetime(2021, 3, 4, 12, tzinfo=UTC),
    }


def test_without_git_or_with_a_history_cut_short_there_are_no_dates(
    history: Path, tmp_path: Path
) -> None:
    (tmp_path / "plain").mkdir()
    assert changed_dates(tmp_path / "plain") == {}
    origin, short = f"file://{history.parent}", str(tmp_path / "short")
    git(tmp_path, "clone", "--quiet", "--depth", "1", origin, short)
    assert changed_dates(Path(short) / "docs") == {}


def test_changes_come_with_their_message_and_files_newest_first(
    history: Path, tmp_path: Path
) -> None:
    (history / "old.md").write_text("again")
    (history / "new.md").write_text("again")
    message = "Both again\n\nWith a reason.\n\nAnd another."
    git(history, "commit", "-aqm", message, date="2022-05-06T12:00:00+0000")
    newest, middle, oldest = changes(history, 9)
    assert newest.commit == git(history, "rev-parse", "HEAD")
    assert newest.date == datetime(2022, 5, 6, 12, tzinfo=UTC)
    assert newest.subject == "Both again"
    assert newest.body == "With a reason.\n\nAnd another."
    assert set(newest.files) == {"old.md", "new.md"}
    assert (middle.subject, middle.body, middle.files) == ("new.md", "", ("new.md",))
    assert oldest.files == ("old.md",)
    assert changes(history, 1) == [newest]
    assert changes(tmp_path, 9) == []


def test_the_commit_is_named_and_what_differs_from_it_marked(tmp_path: Path) -> None:
    assert commit(tmp_path) is None
    git(tmp_path, "init", "--quiet")
    (tmp_path / "mkdocs.yml").touch()
    assert commit(tmp_path) is None  # the project is not in there
    assert epoch(tmp_path) == 315532800
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "One", date="1000000000 +0000")
    name = git(tmp_path, "rev-parse", "HEAD")
    assert commit(tmp_path) == name
    assert epoch(tmp_path) == 1000000000
    (tmp_path / "page.md").touch()
    assert commit(tmp_path) == f"{name}-dirty"
