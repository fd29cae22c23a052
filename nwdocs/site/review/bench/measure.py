"""Copies of the project, edited and built; whether an edit reached the page is looked up.

A page of each copy gets one cell more. It shows a value of the package, so that an edit
of the package can be seen on the page, or be missed there.
"""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from nwdocs.site.chromium import chromium_path
from nwdocs.site.review.bench.tools import OURS, Tool

__all__ = ["SCENARIOS", "Copy", "Outcome", "copy_project", "make_copy"]

_PAGE = Path("docs/kernels.md")
_MODULE = Path("nwdocs/data.py")
_PROBE = '\n```python\nfrom nwdocs.data import TURN\n\nprint("package:", TURN)\n```\n'

#: For each scenario: the file that gets more text before the build, that text, and what
#: the built page then shows. No such output can be read off a cell's code as it stands.
_EDITS: dict[str, tuple[Path | None, str, str]] = {
    "cold": (None, "", "package: unedited"),
    "no change": (None, "", "package: unedited"),
    "prose edit": (
        _PAGE,
        "\nOne more sentence: {turn}.\n",
        "One more sentence: {turn}.",
    ),
    "code edit": (_PAGE, '\n```python\nprint("cell:", {turn})\n```\n', "cell: {turn}"),
    "package edit": (_MODULE, "\nTURN = {turn}\n", "package: {turn}"),
}
SCENARIOS = tuple(_EDITS)


@dataclass(frozen=True)
class Outcome:
    """One measurement: how long it took, and whether the page then showed the edit."""

    seconds: float
    noticed: bool = True


@dataclass(frozen=True)
class Copy:
    """A copy of the project in the form of one tool.

    Attributes:
        tool: builds it.
        folder: where it is.
        python: the interpreter that has the tool.
        fresh: the files that are edited, as they are before.
    """

    tool: Tool
    folder: Path
    python: Path
    fresh: dict[Path, str]

    def measure(self, scenario: str, turn: int) -> Outcome:
        """Edit as the scenario says, build, and look at the page.

        Raises:
            RuntimeError: it does not build; or it is ours, and misses the edit.
        """
        file, addition, shown = _EDITS[scenario]
        shown = shown.format(turn=turn)
        if scenario == "cold":
            self._forget()
        if file:
            self._append(file, addition.format(turn=turn))
        started = time.perf_counter()
        log = self.build()
        seconds = time.perf_counter() - started
        noticed = shown in self._built().read_text(encoding="utf-8")
        if self._is_ours or scenario in ("cold", "no change"):
            self._check(scenario, shown, noticed, log)
        return Outcome(seconds, noticed)

    def build(self) -> str:
        """Build; what the tool says."""
        built = subprocess.run(
            [str(self.python), "-m", *self.tool.command],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if built.returncode:
            raise RuntimeError(f"{self.tool.name} does not build:\n{built.stdout}")
        return built.stdout

    def save_to_seen(self, repeat: int) -> list[Outcome]:
        """How long an open browser takes to show what was saved; [] without a browser."""
        with sync_playwright() as playwright:
            path = chromium_path(playwright)
            if path is None or not self.tool.serves:
                return []
            browser = playwright.chromium.launch(executable_path=path)
            seen = []
            with browser, self._served() as address:
                page = browser.new_page()
                page.goto(address)
                for turn in range(repeat):
                    page.wait_for_timeout(2500)  # what an author takes to type
                    started = time.perf_counter()
                    self._append(_PAGE, f"\nSeen at turn {turn}.\n")
                    page.get_by_text(f"Seen at turn {turn}.").wait_for(timeout=300_000)
                    seen.append(Outcome(time.perf_counter() - started))
            return seen

    def _append(self, file: Path, text: str) -> None:
        if file == _PAGE:
            text = self.tool.cells(text, _PAGE.stem)
        with (self.folder / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    def _forget(self) -> None:
        """Undo all edits, and remove all that earlier builds left."""
        for file, text in self.fresh.items():
            (self.folder / file).write_text(text, encoding="utf-8")
        # matplotlib's list of the machine's fonts stays, as byte code does, for all.
        for name in ("site", ".cache", "build/cache", "jupyter_execute"):
            for path in (self.folder / name).glob("*"):
                if path.is_dir() and path.name != "matplotlib":
                    shutil.rmtree(path)
                elif path.is_file():
                    path.unlink()

    def _check(self, scenario: str, shown: str, noticed: bool, log: str) -> None:
        if not noticed:
            raise RuntimeError(
                f"{self.tool.name}, {scenario}: the page {self._built()} does not show "
                f"{shown!r}, so this is not the time of a build that did its work"
            )
        if self._is_ours and scenario in ("cold", "package edit"):
            counts = re.search(r"^(\d+) pages +(\d+) ran", log, re.M)
            if not counts or counts[1] != counts[2]:
                said = counts[0] if counts else "no table of pages"
                raise RuntimeError(
                    f"ours, {scenario}: every page should have run, the build says: {said}"
                )

    @property
    def _is_ours(self) -> bool:
        return self.tool.name == OURS.name

    def _built(self) -> Path:
        return self.folder / "site" / _PAGE.stem / "index.html"

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "PYTHONPATH": str(self.folder),
            "NO_MKDOCS_2_WARNING": "1",
        }

    @contextmanager
    def _served(self) -> Iterator[str]:
        """The address of the page, served and built anew on each save."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            place = f"127.0.0.1:{free.getsockname()[1]}"
        server = subprocess.Popen(
            [str(self.python), "-m", "mkdocs", "serve", "--livereload", "-a", place],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://{place}/{_PAGE.stem}/"
        try:
            _wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait()


def make_copy(tool: Tool, root: Path, scratch: Path) -> Copy:
    """A copy of the project at `root`, in `scratch`, that the tool can build."""
    folder = scratch / tool.name
    copy_project(root, folder)
    for file, text in ((_PAGE, _PROBE), (_MODULE, '\nTURN = "unedited"\n')):
        with (folder / file).open("a", encoding="utf-8") as opened:
            opened.write(text)
    tool.convert(folder)
    fresh = {
        file: (folder / file).read_text(encoding="utf-8") for file in (_PAGE, _MODULE)
    }
    return Copy(tool, folder, tool.python(scratch / "environments"), fresh)


def copy_project(root: Path, folder: Path) -> None:
    """Copy the files of the work tree as they are: committed or not, but not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file():  # else it was deleted, and not committed yet
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, target)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 600
    while time.monotonic() < ends and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=10):
            return
        time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")
