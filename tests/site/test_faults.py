"""Builds that go wrong, and builds after something went wrong, by doing it."""

import filecmp
import os
import pty
import random
import re
import shutil
import signal
import subprocess
import sys
import termios
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from nwdocs.figures.palette import TOKENS

ROOT = Path(__file__).parents[1]
CONFIG = f"""\
site_name: Small
theme: {{name: null, custom_dir: theme}}
hooks: [{ROOT / "nwdocs/site/plugin/notebooks.py"}]
plugins:
  mkdocs-jupyter: {{include: ["*.md"], execute: false}}
markdown_extensions:
  - attr_list
  - pymdownx.arithmatex: {{generic: true}}
  - pymdownx.superfences
extra: {{nwdocs: {{timeout: 2}}}}
validation:
  links: {{not_found: warn, anchors: warn}}
nav: [index.md, second.md]
"""
PAGE = """\
---
title: {title}
description: A small page.
jupyter:
  kernelspec: {{display_name: Python 3, language: python, name: python3}}
---
# {title}

See [the other]({other}.md#a-part) and @fig:data.

## A part

```python
from nwdocs.figures import show

show("{figure}")
```

One and one is `{{python}} 1 + 1`.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A site of two executed pages, with the package's own hooks."""
    folder = tmp_path / "project"
    (folder / "docs").mkdir(parents=True)
    (folder / "theme").mkdir()
    (folder / "theme/main.html").write_text("<main>{{ page.content }}</main>")
    (folder / "mkdocs.yml").write_text(CONFIG)
    for name, other, figure in [
        ("index", "second", "data"),
        ("second", "index", "kernels"),
    ]:
        text = PAGE.format(title=name.title(), other=other, figure=figure)
        (folder / "docs" / f"{name}.md").write_text(text)
    return folder


def start(
    project: Path, *arguments: str, under: Sequence[str] = ()
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*under, sys.executable, "-m", "mkdocs", "build", *arguments],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def build(project: Path, *arguments: str, under: Sequence[str] = ()) -> tuple[int, str]:
    """Exit status and output of a strict build, `under` another command if given."""
    process = start(project, "--strict", *arguments, under=under)
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def edit(project: Path, page: str, old: str, new: str) -> None:
    path = project / "docs" / page
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def add_literature(project: Path, text: str) -> None:
    (project / "docs/books.bib").write_text(text)
    plugin = "plugins:\n  bibtex: {bib_file: docs/books.bib}"
    edit(project, "../mkdocs.yml", "plugins:", plugin)


def same(one: Path, other: Path) -> bool:
    """Whether two built sites have the same files with the same bytes."""
    names = [
        sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
        for folder in (one, other)
    ]
    return names[0] == names[1] and not any(
        filecmp.cmpfiles(one, other, names[0], shallow=False)[1:]
    )


def test_a_build_runs_pages_once_and_a_prose_edit_none(project: Path) -> None:
    status, output = build(project)
    assert status == 0, output
    assert len(re.findall(r"Executed \w+\.md", output)) == 2
    html = (project / "site/index.html").read_text()
    assert 'id="fig-data"' in html
    assert "One and one is 2." in html
    edit(project, "index.md", "One and one is", "Prose: one and one is")
    status, output = build(project)
    assert status == 0, output
    assert "Executed" not in output
    assert "Prose: one and one is 2." in (project / "site/index.html").read_text()
    edit(project, "second.md", "1 + 1", "1 + 2")
    status, output = build(project)
    assert status == 0, output
    assert re.findall(r"Executed (\w+\.md)", output) == ["second.md"]
    assert "One and one is 3." in (project / "site/second/index.html").read_text()


FAULTS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a cell raises": (
        lambda p: edit(p, "second.md", 'show("kernels")', "x = 1\nx / 0"),
        [
            "docs/second.md, line 17, cell 1:",
            ">   17 | x / 0",
            "ZeroDivisionError: division by zero",
        ],
    ),
    "a cell runs too long": (
        lambda p: edit(p, "second.md", 'show("kernels")', "while True: pass"),
        ["docs/second.md, line 14, cell 1:", "ran longer than 2 s", "while True: pass"],
    ),
    "an unknown figure": (
        lambda p: edit(p, "second.md", 'show("kernels")', 'show("heatmap")'),
        ["docs/second.md, line 16, cell 1:", "no figure is called 'heatmap'", "idea"],
    ),
    "a reference to an unknown figure": (
        lambda p: edit(p, "second.md", "@fig:data", "@fig:date"),
        ["docs/second.md, line 9: @fig:date names no figure", "data"],
    ),
    "a figure that no page shows": (
        lambda p: edit(
            p,
            "second.md",
            'import show\n\nshow("kernels")',
            "import gallery\n\ngallery()",
        ),
        ["docs/second.md, line 14, cell 1: no page shows", "kernels", 'Add show("'],
    ),
    "a formula that is none": (
        lambda p: edit(p, "second.md", "## A part", "## A part\n\nIt is $\\frac{1$."),
        ["docs/second.md, line 13: cannot render $\\frac{1$"],
    ),
    "an image without words": (
        lambda p: edit(p, "second.md", "## A part", "## A part\n\n![](../cat.png)"),
        ["docs/second.md, line 13: the image", "cat.png' has no alt text"],
    ),
    "a page in another encoding": (
        lambda p: (p / "docs/second.md").write_bytes(
            (p / "docs/second.md").read_bytes().replace(b"One and", b"Caf\xe9, and")
        ),
        ["docs/second.md, line 19: the byte 0xe9 is not UTF-8"],
    ),
    "a page with a byte order mark": (
        lambda p: edit(p, "second.md", "---\ntitle", "\ufeff---\ntitle"),
        ["docs/second.md, line 1: the file begins with a byte order mark"],
    ),
    "a broken link": (
        lambda p: edit(p, "second.md", "index.md#a-part", "indx.md"),
        ["docs/second.md, line 9 contains a link 'indx.md'", "strict mode"],
    ),
    "a broken anchor": (
        lambda p: edit(p, "second.md", "index.md#a-part", "index.md#apart"),
        ["docs/second.md, line 9 contains a link", "#apart", "strict mode"],
    ),
    "cells without a kernel": (
        lambda p: edit(p, "second.md", "jupyter:\n  kernelspec:", "other:\n  spec:"),
        ["docs/second.md, line 13", "no kernelspec", "```py"],
    ),
    "front matter that is no YAML": (
        lambda p: edit(p, "second.md", "A small page.", "Small: a page."),
        ["docs/second.md, line 3", "not valid YAML"],
    ),
    "an image that is no figure": (
        lambda p: edit(
            p,
            "second.md",
            'show("kernels")',
            'from PIL import Image\n\nImage.new("L", (2, 2))',
        ),
        ["docs/second.md, line 14, cell 1: an image without caption and alt text"],
    ),
    "an output that no page can show": (
        lambda p: edit(
            p,
            "second.md",
            'show("kernels")',
            'display({"application/x": b"1"}, raw=True)',
        ),
        ["docs/second.md, line 14, cell 1: an output that no page", "application/x"],
    ),
    "an output that has no form": (
        lambda p: edit(
            p, "second.md", 'show("kernels")', 'display({"text/x": {1, 2}}, raw=True)'
        ),
        [">   16 | display(", "TypeError: Object of type set is not JSON serializable"],
    ),
    "an expression that raises where the same is shown above": (
        lambda p: edit(
            p,
            "second.md",
            "One and one is `{python} 1 + 1`",
            "```text\n`{python} x`\n```\n\nIt is `{python} x`",
        ),
        ["docs/second.md, line 23, inline", "NameError: name 'x' is not defined"],
    ),
    "a broken link that prose names above": (
        lambda p: edit(
            p,
            "second.md",
            "See [the other](index.md#a-part)",
            "There is indx.md.\n\nSee [the other](indx.md)",
        ),
        ["docs/second.md, line 11 contains a link 'indx.md'"],
    ),
    "a fence in another language": (
        lambda p: edit(p, "second.md", "## A part", "```bash\nls\n```\n\n## A part"),
        ["docs/second.md, line 11: jupytext takes this for a cell", "```console"],
    ),
    "a cell between tildes": (
        lambda p: edit(p, "second.md", "## A part", "~~~python\n1\n~~~\n\n## A part"),
        ["docs/second.md, line 11: jupytext reads no cell"],
    ),
    "a tag that means nothing": (
        lambda p: edit(p, "second.md", "```python", '```python tags=["hide-input"]'),
        ["docs/second.md, line 13: tags must be", "hide_input", "not ['hide-input']"],
    ),
    "tags that are no list": (
        lambda p: edit(p, "second.md", "```python", '```python tags="fold"'),
        ["docs/second.md, line 13: jupytext cannot read this cell", "'fold' is not"],
    ),
    "literature that is no BibTeX": (
        lambda p: add_literature(p, "@book{nadaraya, title = }\n"),
        ["books.bib", "syntax error in line 1"],
    ),
    "settings that are none": (
        lambda p: edit(p, "../mkdocs.yml", "{timeout: 2}", "[timeout, 2]"),
        ["mkdocs.yml, extra.nwdocs must be settings", "not ['timeout', 2]"],
    ),
    "a cache that is no folder": (
        lambda p: edit(p, "../mkdocs.yml", "{timeout: 2}", "{cache: null}"),
        ["mkdocs.yml, extra.nwdocs must be settings", "cache", "not {'cache': None}"],
    ),
    "a limit that is no number": (
        lambda p: edit(p, "../mkdocs.yml", "timeout: 2", "timeout: .nan"),
        ["extra.nwdocs", "timeout must be a number above 0, not nan"],
    ),
    "a setting out of range": (
        lambda p: edit(p, "../mkdocs.yml", "timeout: 2", "workers: 0"),
        ["extra.nwdocs", "workers must be a whole number above 0, not 0"],
    ),
    "a wrong setting": (
        lambda p: edit(p, "../mkdocs.yml", "timeout", "time"),
        ["extra.nwdocs", "time"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_build_that_cannot_be_right_fails_and_says_where(
    project: Path, fault: str
) -> None:
    spoil, words = FAULTS[fault]
    spoil(project)
    status, output = build(project)
    assert status != 0
    for word in words:
        assert word in output
    assert "Traceback" not in output


def test_the_same_error_on_two_pages_is_told_once(project: Path) -> None:
    for page in ("index.md", "second.md"):
        edit(project, page, "show(", "show(where=")
    status, output = build(project)
    assert status != 0
    assert "2 page(s) failed" in output
    assert output.count("TypeError: show()") == 1
    assert "docs/index.md, line 16, cell 1" in output
    assert "The same on 1 more: docs/second.md, line 16." in output


def test_pages_may_be_saved_as_windows_does(project: Path) -> None:
    assert build(project)[0] == 0
    clean = project.parent / "clean"
    (project / "site").rename(clean)
    for path in (project / "docs").glob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    status, output = build(project)
    assert status == 0, output
    assert same(project / "site", clean)


def test_settings_may_be_left_out(project: Path) -> None:
    edit(project, "../mkdocs.yml", "{nwdocs: {timeout: 2}}", "{nwdocs: }")
    status, output = build(project)
    assert status == 0, output


def test_a_build_that_would_leave_old_pages_is_refused(project: Path) -> None:
    status, output = build(project, "--dirty")
    assert status != 0
    assert "--dirty leaves pages as they were" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(("day", "status"), [("", 0), ("yesterday", 1)])
def test_the_day_that_the_shell_says_is_a_number(
    project: Path, monkeypatch: pytest.MonkeyPatch, day: str, status: int
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
    ended, output = build(project)
    assert ended == status, output
    assert ("SOURCE_DATE_EPOCH must be a number" in output) == bool(status)
    assert "Traceback" not in output


def test_all_broken_pages_are_named_at_once(project: Path) -> None:
    edit(project, "index.md", 'show("data")', "1 / 0")
    edit(project, "second.md", "A small page.", "Small: a page.")
    status, output = build(project)
    assert status != 0
    assert "2 page(s) failed" in output
    assert "docs/index.md, line 16, cell 1" in output
    assert "docs/second.md, line 3" in output


def test_killed_at_any_moment_the_next_build_is_right(project: Path) -> None:
    clean = project.parent / "clean"
    assert build(project, "-d", str(clean))[0] == 0
    cache = project / "build/cache/pages"
    moments = random.Random(0)
    for turn in range(6):
        if turn % 2:  # from the cache, and with all to do again
            for entry in cache.rglob("*.json"):
                entry.unlink()
        process = start(project)
        time.sleep(moments.uniform(0.2, 2.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout
        process.stdout.close()
    status, output = build(project)
    assert status == 0, output
    assert same(project / "site", clean)


def test_two_builds_at_once_take_turns(project: Path) -> None:
    clean = project.parent / "clean"
    assert build(project, "-d", str(clean))[0] == 0
    builds = [start(project, "--strict") for _ in range(3)]
    outputs = [process.communicate(timeout=90)[0] for process in builds]
    assert [process.returncode for process in builds] == [0, 0, 0], outputs
    assert sum("waiting for it to end" in output for output in outputs) >= 1
    assert same(project / "site", clean)


def test_make_site_fails_over_a_broken_link_in_an_executed_page(project: Path) -> None:
    def make_site() -> subprocess.CompletedProcess[str]:
        ready = f"{sys.prefix}/.installed"  # whatever its date: install nothing
        here = [f"--makefile={ROOT}/Makefile", f"VENV={sys.prefix}"]
        return subprocess.run(
            ["make", "site", *here, f"--old-file={ready}"],
            cwd=project,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    made = make_site()
    assert made.returncode == 0, made.stderr
    edit(project, "second.md", "index.md#a-part", "indx.md")
    made = make_site()
    assert made.returncode != 0
    assert "indx.md" in made.stderr


# --- Disks --------------------------------------------------------------------------


def no_file_above(size: int) -> list[str]:
    """A command that runs another, whose writes fail beyond `size` bytes a file."""
    return ["sh", "-c", f'ulimit -f {-(-size // 512)} && exec "$@"', "sh"]


def sizes(folder: Path) -> list[int]:
    return [path.stat().st_size for path in folder.rglob("*") if path.is_file()]


def test_a_disk_with_no_room_for_the_site_is_told_and_the_next_build_is_right(
    project: Path,
) -> None:
    clean = project.parent / "clean"
    assert build(project, "-d", str(clean))[0] == 0
    status, output = build(project, under=no_file_above(max(sizes(clean)) // 2))
    assert status != 0
    assert "The site could not be written, and is not whole" in output
    assert "File too large" in output
    assert "Traceback" not in output
    status, output = build(project)
    assert status == 0, output
    assert same(project / "site", clean)


def test_a_disk_with_no_room_for_what_is_kept_gives_the_same_site(
    project: Path,
) -> None:
    clean = project.parent / "clean"
    assert build(project, "-d", str(clean))[0] == 0
    kept = project / "build/cache"
    room = max(sizes(clean))
    assert max(sizes(kept / "pages")) > room
    shutil.rmtree(kept)
    for _ in range(2):
        status, output = build(project, under=no_file_above(room))
        assert status == 0, output
        assert "Cannot keep the outputs of index.md" in output
        assert same(project / "site", clean)
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
    assert build(project)[0] == 0
    before = sizes(project / "build/cache")
    edit(project, "second.md", "1 + 1", "1 + 2")
    with read_only(project / "build/cache"):
        status, output = build(project, under=under)
    assert status == 0, output
    assert re.findall(r"Executed (\w+\.md)", output) == ["second.md"]
    assert "Cannot keep the outputs of second.md" in output
    assert "One and one is 3." in (project / "site/second/index.html").read_text()
    assert sizes(project / "build/cache") == before


def test_a_site_folder_that_is_read_only_is_told(project: Path) -> None:
    under = without_root_s_rights()
    assert build(project)[0] == 0
    edit(project, "index.md", "One and one is", "Plainly one and one is")
    with read_only(project / "site"):
        status, output = build(project, under=under)
    assert status != 0
    assert "Permission denied" in output
    assert "Traceback" not in output


# --- On a terminal ---------------------------------------------------------------


def test_a_terminal_shows_what_runs_and_for_how_long(project: Path) -> None:
    slow = 'import time\n\ntime.sleep(1.3)\nshow("kernels")'
    edit(project, "second.md", 'show("kernels")', slow)
    look = "`{python} str((os.isatty(0), os.isatty(1), os.isatty(2), terminal()))`"
    known = "import os\nfrom shutil import get_terminal_size as terminal\n\nfrom nwdocs"
    edit(project, "second.md", "from nwdocs", known)
    edit(project, "second.md", "`{python} 1 + 1`", look)
    clean = project.parent / "clean"
    assert build(project, "-d", str(clean))[0] == 0
    shutil.rmtree(project / "build")
    screen, side = pty.openpty()
    termios.tcsetwinsize(side, (24, 200))
    with os.fdopen(screen, "rb", buffering=0) as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "build", "--strict"],
            cwd=project,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=side,
            stderr=side,
        )
        os.close(side)
        shown = b""
        with suppress(OSError):  # Linux's way to say that the other side is closed
            while part := terminal.read(4096):
                shown += part
    assert process.wait() == 0
    lines = re.findall(r"\r\x1b\[K([^\r\n]*)", shown.decode())
    text = "\n".join(lines)
    assert re.search(r"^0 of 2 pages, \d+ s: second.md, index.md$", text, re.MULTILINE)
    seconds = re.findall(r"^1 of 2 pages, (\d+) s: second.md$", text, re.MULTILINE)
    assert len(set(seconds)) > 1, "it goes on while a page runs"
    assert lines[-1].startswith("INFO"), "the last line is wiped before others come"
    assert same(project / "site", clean), "pages do not see it"


def test_where_nobody_watches_progress_is_plain_lines(project: Path) -> None:
    status, output = build(project)
    assert status == 0
    assert "\r" not in output
    assert re.search(
        r"Executed \w+\.md in [\d.]+ s \(2 of 2, [\d.]+ s in all\)", output
    )


# --- Serving ---------------------------------------------------------------------


@contextmanager
def served(
    project: Path, *arguments: str, package: Path = ROOT
) -> Iterator[tuple[str, Callable[[], str]]]:
    """`mkdocs serve` on a free port: its address, and what it printed so far."""
    here = ["-a", f"127.0.0.1:{20000 + os.getpid() % 20000}"]
    log = project.parent / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", *here, *arguments],
            cwd=project,
            env=os.environ | {"PYTHONPATH": str(package), "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield f"http://{here[1]}/", log.read_text
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def wait_until(done: Callable[[], bool], said: Callable[[], str]) -> None:
    for _ in range(100):
        if done():
            return
        time.sleep(0.1)
    raise AssertionError(f"it did not happen; the server said {said()}")


def wait_for(address: str, text: str, said: Callable[[], str]) -> str:
    """The page at `address` once it holds `text`."""
    page = ""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=1) as response:
                page = response.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            page = ""
        if text in page:
            return page
        time.sleep(0.1)
    raise AssertionError(f"{text!r} is not in {page!r}; the server said {said()}")


def test_an_author_s_server_shows_errors_and_recovers(project: Path) -> None:
    edit(project, "second.md", 'show("kernels")', "1 / 0")
    with served(project) as (address, said):
        # It starts although a page is broken, and shows why on the page.
        page = wait_for(f"{address}second/", "ZeroDivisionError", said)
        assert "docs/second.md, line 16, cell 1" in page
        assert "1 / 0" in page
        assert "docs/second.md, line 16, cell 1" in said()
        wait_for(address, "One and one is 2.", said)

        edit(project, "second.md", "1 / 0", 'show("kernels")')
        wait_for(f"{address}second/", 'id="fig-kernels"', said)

        edit(project, "index.md", "One and one is", "It is plain that one and one is")
        wait_for(address, "It is plain that one and one is 2.", said)

        edit(project, "index.md", "A small page.", "Small: a page.")
        wait_for(address, "not valid YAML", said)
        edit(project, "index.md", "Small: a page.", "A small page.")
        wait_for(address, "It is plain that one and one is 2.", said)

        edit(project, "index.md", "@fig:data", "@fig:date")
        wait_for(address, "names no figure", said)
        edit(project, "index.md", "@fig:date", "@fig:data")
        wait_for(address, "Figure 3", said)


def test_a_page_that_documents_code_follows_it_while_served(project: Path) -> None:
    (project / "toy.py").write_text('def twice(x):\n    """First words."""\n')
    (project / "docs/api.md").write_text(
        "---\ntitle: API\ndescription: What there is.\n---\n# API\n\n::: toy.twice\n\n"
        "See [a part](index.md#a-part).\n"
    )
    config = CONFIG.replace(
        "plugins:\n",
        "plugins:\n  autorefs: {}\n  mkdocstrings: {handlers: {python: {paths: [.]}}}\n",
    )
    assert config != CONFIG
    (project / "mkdocs.yml").write_text(f"{config}\nwatch: [toy.py]\n")
    edit(project, "index.md", "## A part", "## A part\n\n[twice][toy.twice]")
    link = 'href="api/#toy.twice"'
    with served(project) as (address, said):
        wait_for(f"{address}api/", "First words.", said)
        assert link in wait_for(address, "One and one is 2.", said)
        edit(project, "index.md", "One and one is", "Plainly one and one is")
        assert link in wait_for(address, "Plainly one and one is 2.", said)
        wait_for(f"{address}api/", "First words.", said)
        (project / "toy.py").write_text('def twice(x):\n    """Other words."""\n')
        wait_for(f"{address}api/", "Other words.", said)
        # A page that is not rendered again has its links looked after all the same.
        assert "does not contain an anchor" not in said()
        edit(project, "index.md", "## A part", "## Another part")
        wait_for(address, "Another part", said)
        assert re.search(
            "api.md, line 9 .*'index.md#a-part'.* does not contain", said()
        )


def test_what_an_author_asks_to_watch_is_watched(project: Path) -> None:
    with served(project, "--watch-theme") as (address, said):
        wait_for(address, "<main>", said)
        (project / "theme/main.html").write_text("<main id=new>{{ page.content }}")
        wait_for(address, "<main id=new>", said)


def test_what_is_saved_in_the_package_serves_from_the_next_build_on(
    project: Path,
) -> None:
    shutil.copytree(
        ROOT / "nwdocs",
        project / "nwdocs",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    hooks = f"hooks: [{ROOT}/nwdocs/site/plugin/notebooks.py"
    config = (project / "mkdocs.yml").read_text()
    assert hooks in config
    config = config.replace(f"{ROOT}/", "").replace("nav:", "watch: [nwdocs]\nnav:")
    (project / "mkdocs.yml").write_text(config)
    fragments = project / "nwdocs/site/html/outputs.py"
    code = fragments.read_text()
    with served(project, package=project) as (address, said):
        wait_for(address, "Take it away", said)
        fragments.write_text(code.replace("Take it away", "Take it home"))
        wait_for(address, "Take it home", said)
        # What cannot be imported is told, and the server lives on.
        fragments.write_text(f"{code}(")
        wait_for(address, "SyntaxError", said)
        fragments.write_text(code.replace("Take it away", "Have it"))
        wait_for(address, "Have it", said)
        # A colour is in the style sheet, and pages run again for their figures.
        palette = project / "nwdocs/figures/palette.py"
        ink = TOKENS["ink"].light
        assert ink in wait_for(f"{address}assets/tokens.css", "--nw-ink", said)
        palette.write_text(palette.read_text().replace(ink, "#123456"))
        wait_for(f"{address}assets/tokens.css", "#123456", said)
        wait_for(f"{address}figures/data.svg", "var(--nw-ink,#123456)", said)
        # So it does after builds that ended before they came to the hooks.
        add_literature(project, "@book{nadaraya, title = }\n")
        wait_until(lambda: said().count("syntax error in line 1") == 1, said)
        hooks_file = project / "nwdocs/site/plugin/notebooks.py"
        code = hooks_file.read_text()
        hooks_file.write_text(code.replace("[Figure {", "[Picture {"))
        wait_until(lambda: said().count("syntax error in line 1") == 2, said)
        (project / "mkdocs.yml").write_text(config)
        wait_for(address, ">Picture 3</a>", said)
