"""Copies of the project, edited and built; whether an edit reached the page is looked up."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, sync_playwright

from nwdocs.site.chromium import chromium_path
from nwdocs.site.review.bench.scenarios import (
    MODULE,
    PAGE,
    PROBE,
    SCENARIOS,
    Scenario,
)
from nwdocs.site.review.bench.tools import OURS, Tool

__all__ = ["Copy", "Outcome", "SetUp", "copy_project", "make_copy", "set_up"]

_PATIENCE = 120_000  # milliseconds until an edit counts as not seen
_LATER = 1000  # turns under `serve` have numbers that no build before had

# A page's text or markup, as the browser has it, or its style.
# While the page is loaded again, there may be no document at all.
_SEEN = """(shown) => {
  const root = document.documentElement;
  return document.body?.innerText.includes(shown)
    || document.body?.innerHTML.includes(shown)
    || root && `scroll-margin-top:${getComputedStyle(root).scrollMarginTop}` === shown;
}"""

# What our build says of a page that ran.
_RAN = re.compile(r"Executed \S+ in ([\d.]+) s")


@dataclass(frozen=True)
class Outcome:
    """One measurement.

    Attributes:
        seconds: how long it took.
        noticed: whether the page then showed the edit.
        cells: how many of the seconds the page's own cells took, where that is told.
    """

    seconds: float
    noticed: bool = True
    cells: float = 0.0


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
        edit = SCENARIOS[scenario]
        shown = edit.shown.format(turn=turn)
        if edit.forget:
            self._forget()
        self._edit(edit, turn)
        started = time.perf_counter()
        log = self.build()
        seconds = time.perf_counter() - started
        built = self.folder / "site" / edit.built
        noticed = shown in built.read_text(encoding="utf-8")
        if self._is_ours or edit.file is None:
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

    def save_to_seen(
        self, scenarios: Sequence[str], repeat: int
    ) -> dict[str, list[Outcome]]:
        """How long an open browser takes to show each edit; {} without a browser.

        Last come edits after which many pages run: those would hold up the next.
        """
        with sync_playwright() as playwright:
            path = chromium_path(playwright)
            if path is None or not self.tool.serves:
                return {}
            browser = playwright.chromium.launch(executable_path=path)
            with browser, self._served() as address:
                page = browser.new_page()
                return {
                    name: self._saves(page, address, SCENARIOS[name], repeat)
                    for name in sorted(scenarios, key=lambda n: SCENARIOS[n].runs)
                }

    def _saves(
        self, page: Page, address: str, edit: Scenario, repeat: int
    ) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for turn in range(_LATER, _LATER + repeat):
            outcomes.append(self._seen(page, address, edit, turn))
            if not outcomes[-1].noticed:  # it would not be the next time
                break
        return outcomes

    def _seen(self, page: Page, address: str, edit: Scenario, turn: int) -> Outcome:
        page.goto(address + edit.address)
        page.wait_for_timeout(2500)  # what an author takes to type
        said = self._log.stat().st_size
        started = time.perf_counter()
        self._edit(edit, turn)
        shown = edit.shown.format(turn=turn)
        try:
            page.wait_for_function(_SEEN, arg=shown, timeout=_PATIENCE)
        except TimeoutError:
            return Outcome(time.perf_counter() - started, noticed=False)
        seconds = time.perf_counter() - started
        ran = _RAN.search(self._log.read_bytes()[said:].decode(errors="replace"))
        return Outcome(seconds, cells=float(ran[1]) if ran else 0.0)

    def _edit(self, edit: Scenario, turn: int) -> None:
        if edit.file is None:
            return
        file, new = self.folder / edit.file, edit.new.replace("{turn}", str(turn))
        text = file.read_text(encoding="utf-8")
        if edit.file == PAGE:
            new = self.tool.cells(new, PAGE.stem)
        if not edit.old:
            new = new.replace("{{", "{").replace("}}", "}")
            file.write_text(text + new, encoding="utf-8")
            return
        # From how it was: edits of one place do not pile up.
        text = self.fresh.get(edit.file, text)
        if edit.old not in text:
            raise RuntimeError(
                f"{edit.file} holds no {edit.old!r} that could be edited"
            )
        file.write_text(text.replace(edit.old, new), encoding="utf-8")

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
        edit = SCENARIOS[scenario]
        if not noticed:
            raise RuntimeError(
                f"{self.tool.name}, {scenario}: the file {edit.built} does not show "
                f"{shown!r}, so this is not the time of a build that did its work"
            )
        if self._is_ours:
            counts = re.search(r"^(\d+) pages +(\d+) ran", log, re.M)
            pages, ran = map(int, counts.groups()) if counts else (0, -1)
            fewest, most = (min(limit, pages) for limit in edit.runs)
            if not fewest <= ran <= most:
                said = counts[0] if counts else "no table of pages"
                raise RuntimeError(
                    f"ours, {scenario}: from {fewest} to {most} pages should have run, "
                    f"the build says: {said}"
                )

    @property
    def _log(self) -> Path:
        """What the server says; beside the folder, where no server looks."""
        return self.folder.with_suffix(".log")

    @property
    def _is_ours(self) -> bool:
        return self.tool.name == OURS.name

    def _environment(self) -> dict[str, str]:
        # Empty: byte code is written, as it is where nobody says otherwise.
        return os.environ | {
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPATH": str(self.folder),
            "NO_MKDOCS_2_WARNING": "1",
        }

    @contextmanager
    def _served(self) -> Iterator[str]:
        """The address of the page, served and built anew on each save."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            place = f"127.0.0.1:{free.getsockname()[1]}"
        serve = ["mkdocs", "serve", "--livereload", "-a", place]
        with self._log.open("w") as log:
            server = subprocess.Popen(
                [str(self.python), "-m", *serve],
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        address = f"http://{place}/"
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
    for file, text in ((PAGE, PROBE), (MODULE, '\nTURN = "unedited"\n')):
        with (folder / file).open("a", encoding="utf-8") as opened:
            opened.write(text)
    tool.convert(folder)
    edited = {edit.file for edit in SCENARIOS.values() if edit.file}
    fresh = {
        file: (folder / file).read_text(encoding="utf-8")
        for file in edited
        if (folder / file).is_file()
    }
    return Copy(tool, folder, tool.python(scratch / "environments"), fresh)


@dataclass(frozen=True)
class SetUp:
    """What a newcomer waits for and stores: an environment that can build the pages."""

    seconds: float
    megabytes: float
    packages: int


def set_up(copy: Copy) -> SetUp:
    """Make an environment from nothing, as the tool's own documentation has it."""
    environment = copy.folder.parent / "set-up" / copy.tool.name
    started = time.perf_counter()
    if copy.tool.name == OURS.name:
        command = [
            "make",
            "--silent",
            f"VENV={environment}",
            f"{environment}/.installed",
        ]
        subprocess.run(command, cwd=copy.folder, check=True, capture_output=True)
    else:
        copy.tool.install(environment)
    seconds = time.perf_counter() - started
    files = [path for path in environment.rglob("*") if path.is_file()]
    packages = {path.parent for path in files if path.name == "METADATA"}
    stored = sum(path.lstat().st_size for path in files)
    return SetUp(seconds, stored / 1e6, len(packages))


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
