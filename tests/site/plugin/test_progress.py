"""What a terminal shows while pages run."""

import os
import pty
import re
import shutil
import termios
from contextlib import suppress
from pathlib import Path

from support.building import run_mkdocs, same_site, start_mkdocs
from support.small_project import edit_page


def test_a_terminal_shows_what_runs_and_for_how_long(project: Path) -> None:
    slow = 'import time\n\ntime.sleep(1.3)\nshow("kernels")'
    edit_page(project, "second.md", 'show("kernels")', slow)
    look = "`{python} str((os.isatty(0), os.isatty(1), os.isatty(2), terminal()))`"
    known = "import os\nfrom shutil import get_terminal_size as terminal\n\nfrom nwdocs"
    edit_page(project, "second.md", "from nwdocs", known)
    edit_page(project, "second.md", "`{python} 1 + 1`", look)
    clean = project.parent / "clean"
    assert run_mkdocs(project, "-d", str(clean))[0] == 0
    shutil.rmtree(project / "build")
    screen, side = pty.openpty()
    termios.tcsetwinsize(side, (24, 200))
    with os.fdopen(screen, "rb", buffering=0) as terminal:
        process = start_mkdocs(project, "build", "--strict", stdout=side)
        os.close(side)
        shown = b""
        with suppress(OSError):  # Linux's way to say that the other side is closed
            while part := terminal.read(4096):
                shown += part
    assert process.wait() == 0
    lines = re.findall(r"\r\x1b\[K([^\r\n]*)", shown.decode())
    text = "\n".join(lines)
    # Two pages, and the look of the site, which is run as a page is.
    assert re.search(
        r"^0 of 3 pages, \d+ s: second.md, (index.md|the look of the site)$",
        text,
        re.MULTILINE,
    )
    seconds = re.findall(r"^\d of 3 pages, (\d+) s: .*second.md", text, re.MULTILINE)
    assert len(set(seconds)) > 1, "it goes on while a page runs"
    assert lines[-1].startswith("INFO"), "the last line is wiped before others come"
    assert same_site(project / "site", clean), "pages do not see it"


def test_where_nobody_watches_progress_is_plain_lines(project: Path) -> None:
    status, output = run_mkdocs(project)
    assert status == 0
    assert "\r" not in output
    assert re.search(
        r"Executed [\w. ]+ in [\d.]+ s \(3 of 3, [\d.]+ s in all\)", output
    )
