"""How far a command is, on the last line of a terminal."""

import os
import pty
import subprocess
import sys
import termios

import pytest

from nwdocs.progress import show_status

CODE = """
from nwdocs.progress import show_status

show_status("one of two: a long name of a page")
show_status("")
print("done")
"""


def test_where_nobody_watches_nothing_is_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_status("one of two")
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_one_line_cut_to_its_width_and_cleared() -> None:
    screen, side = pty.openpty()
    termios.tcsetwinsize(side, (24, 12))
    environment = {k: v for k, v in os.environ.items() if k != "COLUMNS"}
    run = subprocess.run(
        [sys.executable, "-c", CODE],
        stdin=side,
        stdout=subprocess.PIPE,
        stderr=side,
        env=environment,
        text=True,
        check=True,
    )
    os.close(side)
    shown = os.read(screen, 4096).decode()
    os.close(screen)
    assert run.stdout == "done\n"
    first, last = shown.split("\r\033[K")[1:]
    assert "one of two: a long name of a page".startswith(first)
    assert 0 < len(first) < 80
    assert last == ""
