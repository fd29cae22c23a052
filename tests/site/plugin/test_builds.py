"""Builds of two pages: what runs, also after a kill, and beside another build."""

import os
import random
import re
import signal
import time
from pathlib import Path

from support.building import run_mkdocs, same_site, start_mkdocs
from support.project import copy_project
from support.small_project import edit, edit_page


def test_a_build_runs_pages_once_and_a_prose_edit_none(project: Path) -> None:
    status, output = run_mkdocs(project)
    assert status == 0, output
    assert len(re.findall(r"Executed \w+\.md", output)) == 2
    html = (project / "site/index.html").read_text()
    assert 'id="fig-data"' in html
    assert "One and one is 2." in html
    edit_page(project, "index.md", "One and one is", "Prose: one and one is")
    status, output = run_mkdocs(project)
    assert status == 0, output
    assert "Executed" not in output
    assert "Prose: one and one is 2." in (project / "site/index.html").read_text()
    edit_page(project, "second.md", "1 + 1", "1 + 2")
    status, output = run_mkdocs(project)
    assert status == 0, output
    assert re.findall(r"Executed (\w+\.md)", output) == ["second.md"]
    assert "One and one is 3." in (project / "site/second/index.html").read_text()


def test_an_edit_runs_the_pages_that_it_can_change_and_no_other(project: Path) -> None:
    package = copy_project(project, "nwdocs") / "nwdocs"

    def executed() -> list[str]:
        status, output = run_mkdocs(project, package=project)
        assert status == 0, output
        return sorted(re.findall(r"Executed (\w+\.md)", output))

    pages = ["index.md", "second.md"]
    assert executed() == pages
    for file, old, new in (
        ("mkdocs.yml", "nav: [index.md,", "nav: [Home: index.md,"),
        ("mkdocs.yml", "site_name: Small", "site_name: Smaller"),
        ("theme/main.html", "<main>", "<main class=new>"),
        ("nwdocs/site/theme/assets/site.css", "}", "}\n"),
        ("nwdocs/site/html/figures.py", "Take it away", "Take it home"),
    ):
        edit(project / file, old, new)
        assert executed() == [], file
    home = (project / "site/index.html").read_text()
    assert "<main class=new>" in home
    assert "Take it home" in home
    kernels, shell = package / "kernels.py", package / "site/run/shell.py"
    kernels.write_text(f"{kernels.read_text()}# One more line.\n")
    assert executed() == []
    for module in (kernels, shell):
        module.write_text(f"{module.read_text()}MORE = 1\n")
        assert executed() == pages, module
    shown = package / "figures/deck.py"  # which draws what both pages show
    shown.write_text(f"{shown.read_text()}MORE = 1\n")
    assert executed() == pages
    data = package / "figures/study.py"  # which the first page shows no figure of
    data.write_text(f"{data.read_text()}MORE = 1\n")
    assert executed() == []


def test_pages_may_be_saved_as_windows_does(project: Path) -> None:
    assert run_mkdocs(project)[0] == 0
    clean = project.parent / "clean"
    (project / "site").rename(clean)
    for path in (project / "docs").glob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    status, output = run_mkdocs(project)
    assert status == 0, output
    assert same_site(project / "site", clean)


def test_killed_at_any_moment_the_next_build_is_right(project: Path) -> None:
    clean = project.parent / "clean"
    assert run_mkdocs(project, "-d", str(clean))[0] == 0
    cache = project / "build/cache/pages"
    moments = random.Random(0)
    for turn in range(6):
        if turn % 2:  # from the cache, and with all to do again
            for entry in cache.rglob("*.entry"):
                entry.unlink()
        process = start_mkdocs(project, "build")
        time.sleep(moments.uniform(0.2, 2.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout
        process.stdout.close()
    status, output = run_mkdocs(project)
    assert status == 0, output
    assert same_site(project / "site", clean)


def test_two_builds_at_once_take_turns(project: Path) -> None:
    clean = project.parent / "clean"
    assert run_mkdocs(project, "-d", str(clean))[0] == 0
    builds = [start_mkdocs(project, "build", "--strict") for _ in range(3)]
    outputs = [process.communicate(timeout=90)[0] for process in builds]
    assert [process.returncode for process in builds] == [0, 0, 0], outputs
    assert sum("waiting for it to end" in output for output in outputs) >= 1
    assert same_site(project / "site", clean)
