"""Pages that run too long, die or leave something running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nwdocs.site.run.errors import describe_error
from nwdocs.site.run.pool import execute
from nwdocs.site.run.settings import Settings
from support.pages import HEADER, page, texts

pytestmark = pytest.mark.process


def test_a_cell_that_runs_too_long_is_ended(settings: Settings) -> None:
    found = page("```python\nx = 1\n```\n\n```python\nwhile True:\n    pass\n```\n")
    result = execute([found], replace(settings, timeout=1))["page.md"]
    assert result.error is not None
    said = describe_error(found, result)
    assert "cell 2" in said
    assert (
        "ran longer than 1 s (the option timeout of the plugin nwdocs-notebooks" in said
    )


def test_a_page_s_process_that_dies_is_an_error_of_its_page(settings: Settings) -> None:
    dies = page("```python\nimport os\nos._exit(3)\n```\n", "dies.md")
    lives = page("```python\n1\n```\n", "lives.md")
    results = execute([dies, lives], settings)
    assert texts(results["lives.md"]) == ["1"]
    error = results["dies.md"].error
    assert error is not None
    assert error["name"] == "ProcessDied"
    assert "os._exit(3)" in error["message"]


def test_nothing_is_left_running(settings: Settings, tmp_path: Path) -> None:
    found = page(
        "```python\nimport subprocess\nfrom pathlib import Path\n"
        "child = subprocess.Popen(['sleep', '300'])\n"
        "Path('pid').write_text(str(child.pid))\nwhile True:\n    pass\n```\n"
    )
    execute([found], replace(settings, timeout=1))
    pid = int((tmp_path / "pid").read_text())
    assert not is_running(pid)


def is_running(pid: int) -> bool:
    found = subprocess.run(
        ["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True
    )
    return found.stdout.strip() not in ("", "Z")


def comes_true(condition: Callable[[], bool]) -> bool:
    """Whether that is so before two minutes are over, which a busy machine may take."""
    for _ in range(1200):
        if condition():
            return True
        time.sleep(0.1)
    return False


def wait_until_gone(pid: int) -> bool:
    return comes_true(lambda: not is_running(pid))


BUILD = """
import sys
from pathlib import Path
from nwdocs.site.cells import read_page
from nwdocs.site.run.pool import execute
from nwdocs.site.run.settings import Settings

root, text = Path(sys.argv[1]), sys.argv[2]
execute([read_page("p.md", text)], Settings(root=root, cache=root / "c"))
"""


ENDLESS = (
    "```python\nimport os\nfrom pathlib import Path\n"
    "Path('made').write_text(f'{os.getpid()} {os.getppid()}')\n"
    "Path('made').rename('pids')\nwhile True:\n    pass\n```\n"
)


@pytest.mark.parametrize("victim", ["build", "server of pages"])
def test_a_page_ends_with_what_runs_it_however_that_ends(
    tmp_path: Path, victim: str
) -> None:
    arguments = [str(tmp_path), HEADER + ENDLESS]
    build = subprocess.Popen(
        [sys.executable, "-c", BUILD, *arguments], stderr=subprocess.DEVNULL
    )
    try:
        assert comes_true((tmp_path / "pids").exists)
        page_s, server_s = map(int, (tmp_path / "pids").read_text().split())
        assert is_running(page_s)
        os.kill(build.pid if victim == "build" else server_s, signal.SIGKILL)
        assert wait_until_gone(page_s)
        assert build.wait(timeout=60) != 0
    finally:
        build.kill()  # or a test that fails leaves an endless page behind


def test_what_a_page_sets_free_ends_with_it(settings: Settings, tmp_path: Path) -> None:
    found = page(
        "```python\nimport subprocess\nfrom pathlib import Path\n"
        "child = subprocess.Popen(['sleep', '30'], start_new_session=True)\n"
        "Path('pid').write_text(str(child.pid))\n```\n"
    )
    assert execute([found], settings)["page.md"].error is None
    free = int((tmp_path / "pid").read_text())
    assert not is_running(free)


def test_what_a_page_leaves_running_ends_with_it(
    settings: Settings, tmp_path: Path
) -> None:
    found = page(
        "```python\nimport subprocess\nfrom pathlib import Path\n"
        "child = subprocess.Popen(['sleep', '300'])\n"
        "Path('pid').write_text(str(child.pid))\n```\n"
    )
    assert execute([found], settings)["page.md"].error is None
    pid = int((tmp_path / "pid").read_text())
    assert not is_running(pid)
