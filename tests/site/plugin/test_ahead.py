"""A copy of this process makes things meanwhile, and is gone when nobody wants them."""

import os
import sys
import time

import pytest

from nwdocs.site.plugin.ahead import Ahead


def ended(copy: Ahead) -> bool:
    """Whether the copy is no more: its number is free, or another's child."""
    try:
        os.waitpid(copy._process, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def test_the_copy_makes_what_it_is_told_and_changes_nothing_here() -> None:
    here: list[str] = []
    reading, writing = os.pipe()

    def make() -> None:
        here.append("made")
        os.write(writing, str(os.getpid()).encode())

    copy = Ahead(make)
    assert int(os.read(reading, 100)) == copy._process != os.getpid()
    assert here == []
    copy.end()
    assert ended(copy)
    os.close(reading)
    os.close(writing)


def test_a_copy_that_is_not_done_is_ended() -> None:
    copy = Ahead(lambda: time.sleep(600))
    copy.end()
    assert ended(copy)


def test_a_copy_that_fails_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    copy = Ahead(lambda: sys.exit("What is wrong, the page that is written tells."))
    _, status = os.waitpid(copy._process, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert capfd.readouterr() == ("", "")
