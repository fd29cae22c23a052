"""A build that would change nothing is left out, and no other."""

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from mkdocs.config import load_config

from nwdocs.site.plugin.unchanged import LastBuild
from support.building import files_of, run_mkdocs
from support.project import ROOT
from support.small_project import add_literature, edit, edit_page, write_small_project

_UNCHANGED = "Nothing has changed"


class Kept(NamedTuple):
    """A project whose site is built, as far as this is looked at here."""

    project: Path
    monkeypatch: pytest.MonkeyPatch
    elsewhere: Path

    def look(self, **options: Any) -> LastBuild:
        config = load_config(str(self.project / "mkdocs.yml"), **options)
        return LastBuild(config, self.project, self.project / "build/cache")

    def git(self, *command: str) -> str:
        author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        return subprocess.check_output(
            ["git", *author, *command],
            cwd=self.project,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def note(self) -> None:
        self.look().note("as it was", [str(self.elsewhere / "toy")])


@pytest.fixture
def kept(mkdocs: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setenv("NAMED", "https://example.org/")
    project = write_small_project(tmp_path / "project")
    elsewhere = tmp_path / "elsewhere"
    for file in ("toy/__init__.py", "theme/extra.html", "books.bib", "site/index.html"):
        (elsewhere / file).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / file).write_text("")
    add_literature(project, "")
    edit(project / "mkdocs.yml", "docs/books.bib", str(elsewhere / "books.bib"))
    edit(project / "mkdocs.yml", "custom_dir: theme", f"custom_dir: {elsewhere}/theme")
    edit(project / "mkdocs.yml", "site_name", "site_url: !ENV NAMED\nsite_name")
    (elsewhere / "base.yml").write_text("not_in_nav: /a.md\n")
    inherit = f"INHERIT: {elsewhere}/base.yml\nsite_name"
    edit(project / "mkdocs.yml", "site_name", inherit)
    (project / "site").mkdir()
    (project / "site/index.html").write_text("<p>A page.")
    (project / "site/page").mkdir()
    (project / "site/page/index.html").write_text("<p>Another.")
    kept = Kept(project, monkeypatch, elsewhere)
    (project / ".gitignore").write_text("build/\nsite/\n*_cache/\n__pycache__/\n")
    for command in ("init", "add .", "commit -m 1", "commit --allow-empty -m 2"):
        kept.git(*command.split())
    kept.note()
    assert kept.look().told() == "as it was"
    return kept


def _write(path: str, text: str = "one more") -> Callable[[Kept], object]:
    return lambda kept: (kept.project / path).write_text(text)


def _elsewhere(path: str) -> Callable[[Kept], object]:
    return lambda kept: (kept.elsewhere / path).write_text("one more")


def _install(kept: Kept) -> None:
    (kept.elsewhere / "more-1.dist-info").mkdir()
    kept.monkeypatch.syspath_prepend(str(kept.elsewhere))


#: Whatever a site is made of, and what was left of it.
CHANGES: dict[str, Callable[[Kept], object]] = {
    "a page": lambda kept: edit_page(kept.project, "index.md", "One and", "Two and"),
    "a page more": _write("docs/third.md"),
    "a page less": lambda kept: (kept.project / "docs/second.md").unlink(),
    "a page's name": lambda kept: (kept.project / "docs/second.md").rename(
        kept.project / "docs/third.md"
    ),
    "an option": lambda kept: edit(kept.project / "mkdocs.yml", "Small", "Smaller"),
    "a module of the project": _write("module.py"),
    "a theme elsewhere": _elsewhere("theme/extra.html"),
    "a file elsewhere that an option names": _elsewhere("books.bib"),
    "what is elsewhere of the options": lambda kept: edit(
        kept.elsewhere / "base.yml", "a.md", "b.md"
    ),
    "code elsewhere that a page documents": _elsewhere("toy/__init__.py"),
    "the shell's variable in an option": lambda kept: kept.monkeypatch.setenv(
        "NAMED", "https://example.com/"
    ),
    "the day": lambda kept: kept.monkeypatch.setenv("SOURCE_DATE_EPOCH", "2"),
    "a library": _install,
    "the commit": lambda kept: kept.git("commit", "--allow-empty", "-m", "3"),
    "the history": lambda kept: (kept.project / ".git/shallow").write_text(
        kept.git("rev-parse", "HEAD")
    ),
    "a file of the site": _write("site/page/index.html"),
    "a file of the site more": _write("site/more.html"),
    "a file of the site less": lambda kept: (
        kept.project / "site/page/index.html"
    ).unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_any_change_there_is_something_to_build(kept: Kept, change: str) -> None:
    CHANGES[change](kept)
    assert kept.look().told() is None


def test_what_tools_leave_is_no_change(kept: Kept) -> None:
    for name in ("build/log", ".some_cache/one", "docs/__pycache__/one.pyc"):
        path = kept.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (kept.project / "docs/index.md").touch()
    assert kept.look().told() == "as it was"


def test_an_option_of_the_command_line_is_a_change(kept: Kept) -> None:
    assert kept.look(use_directory_urls=False).told() is None


def test_the_packages_own_code_is_looked_at(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nwdocs.site.plugin.unchanged._PACKAGE", kept.elsewhere / "toy")
    assert kept.look().told() is None


def test_an_earlier_state_has_another_site(kept: Kept) -> None:
    page = kept.project / "docs/index.md"
    text = page.read_text()
    page.write_text("other")
    (kept.project / "site/index.html").write_text("other")
    kept.note()
    page.write_text(text)
    assert kept.look().told() is None


def test_what_is_saved_during_a_build_is_not_taken_for_built(kept: Kept) -> None:
    edit_page(kept.project, "index.md", "One and", "Two and")
    build = kept.look()
    edit_page(kept.project, "index.md", "Two and", "Three and")
    build.note("built", [])
    assert kept.look().told() is None
    edit_page(kept.project, "index.md", "Three and", "Two and")
    assert kept.look().told() is None


@pytest.mark.parametrize(
    "name", ["plugins:\n  mkdocs-jupyter: {}", "hooks: [hook.py]\nplugins:"]
)
def test_whose_work_is_not_known_is_asked_to_do_it_again(kept: Kept, name: str) -> None:
    (kept.project / "hook.py").touch()
    edit(kept.project / "mkdocs.yml", "plugins:", name)
    kept.note()
    assert kept.look().told() is None


@pytest.mark.parametrize(
    ("logger", "level"),
    [("mkdocs.nwdocs", logging.WARNING), ("mkdocs.structure.nav", logging.INFO)],
)
def test_who_complains_is_heard_again(kept: Kept, logger: str, level: int) -> None:
    edit_page(kept.project, "index.md", "One and", "Two and")
    build = kept.look()
    logging.getLogger(logger).log(level, "A page has no title.")
    build.note("built", [])
    assert kept.look().told() is None


def test_who_is_told_to_be_quiet_may_have_complained(kept: Kept) -> None:
    edit_page(kept.project, "index.md", "One and", "Two and")
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    kept.note()
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    assert kept.look().told() is None


# --- as it is built ------------------------------------------------------------------


def test_a_second_build_finds_nothing_to_do_until_something_changes(
    project: Path,
) -> None:
    first = run_mkdocs(project)
    assert first.status == 0, first.output
    built = files_of(project / "site")
    again = run_mkdocs(project)
    assert again.status == 0, again.output
    assert _UNCHANGED in again.output
    assert "2 pages    0 ran" in again.output
    assert "Documentation built" not in again.output
    assert files_of(project / "site") == built
    (project / "site/index.html").write_text("spoilt")
    mended = run_mkdocs(project)
    assert _UNCHANGED not in mended.output
    assert files_of(project / "site") == built


def test_a_program_that_calls_mkdocs_goes_on(project: Path) -> None:
    calls = """
from mkdocs.commands.build import build
from mkdocs.config import load_config

for _ in range(2):
    config = load_config()
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
print("and on")
"""
    run = subprocess.run(
        [sys.executable, "-c", calls],
        cwd=project,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.endswith("and on\n"), run.stderr
