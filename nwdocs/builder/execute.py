"""Pages in, outputs out: from the cache where nothing changed, else by running them."""

import atexit
import hashlib
import json
import logging
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

from nwdocs.builder import cache
from nwdocs.builder.pages import Cell, Page, PageError
from nwdocs.builder.worker import died, timed_out

__all__ = [
    "Result",
    "Settings",
    "Workers",
    "describe_error",
    "describe_errors",
    "execute",
    "libraries",
    "start_early",
]

log = logging.getLogger("mkdocs.nwdocs")

_PACKAGE = Path(__file__).resolve().parents[1]
_LOADING = 120.0  # seconds that a process may take before it runs its first cell
_TICK = 0.5  # seconds after which the progress on a terminal is brought up to date
# What is shown of an error: it is to be read without scrolling.
_LINES_BEFORE, _LINES_AFTER = 6, 3
_MESSAGE_LINES, _LINE_WIDTH = 8, 300
_ALL = "all"  # kept under the surroundings in which all pages have been run


@dataclass(frozen=True, slots=True)
class Settings:
    """How pages are run, from `extra.nwdocs` in mkdocs.yml.

    Attributes:
        root: the project's folder, in which cells run.
        cache: where results are kept.
        config: the text of mkdocs.yml; pages run again when it changes.
        timeout: how long one cell may run, in seconds.
        workers: how many pages run at a time.
        fork: run pages in forks of one process; if not, as where that is not safe, each
            in a process that loads everything itself.
    """

    root: Path
    cache: Path
    config: str = ""
    timeout: float = 60.0
    workers: int = field(default_factory=lambda: _processors())
    fork: bool = sys.platform not in ("win32", "darwin")

    def __post_init__(self) -> None:
        """Refuse what no page could be run with.

        Raises:
            ValueError: a setting that is no number above 0, or no true or false.
        """
        for name, kind, types, least in (
            ("timeout", "a number", (int, float), 0.001),
            ("workers", "a whole number", (int,), 1),
        ):
            value = getattr(self, name)
            if (
                isinstance(value, bool)
                or not isinstance(value, types)
                or not value >= least
            ):
                raise ValueError(f"{name} must be {kind} above 0, not {value!r}")
        if not isinstance(self.fork, bool):
            raise ValueError(f"fork must be true or false, not {self.fork!r}")


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one page.

    Attributes:
        outputs: nbformat outputs, a list for each cell that ran.
        error: None, or what went wrong: cell (index), name, message, line in the cell.
        seconds: how long the page ran, now or when it last did.
        cached: whether that was in an earlier build.
    """

    outputs: Sequence[Sequence[dict[str, Any]]]
    error: Mapping[str, Any] | None
    seconds: float
    cached: bool


def environment(home: Path) -> dict[str, str]:
    """The variables that cells see: nothing of the author's shell reaches a page."""
    kept = {k: os.environ[k] for k in ("SYSTEMROOT",) if k in os.environ}
    return kept | {
        "COLUMNS": "80",
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "LINES": "24",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "OPENBLAS_NUM_THREADS": "1",  # sums in one order, and no threads before a fork
        "PATH": os.defpath,
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(_PACKAGE.parent),
        "TZ": "UTC",
    }


@lru_cache(maxsize=1)
def _home(folder: Path) -> Path:
    """Where libraries may keep things (matplotlib's list of fonts takes a second)."""
    try:
        (folder / "matplotlib").mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        log.info("Cannot write to %s, so nothing is kept there: %s", folder, error)
        temporary = tempfile.TemporaryDirectory()
        atexit.register(temporary.cleanup)
        return Path(temporary.name)
    return folder


def surroundings(settings: Settings) -> str:
    """All that the outputs of every page depend on, as one hexadecimal number."""
    facts = {
        "package": package_digest(),
        "config": settings.config,
        "python": [sys.version, platform.machine(), sys.platform],
        "libraries": libraries(),
        "timeout": settings.timeout,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def digest(page: Page, around: str) -> cache.Digest:
    """All that a page's outputs depend on, prose excepted, given its surroundings."""
    facts = [around, [[c.source, c.tags, c.inline] for c in page.cells]]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def package_digest() -> str:
    """Every file of the package, any of which a page's outputs may depend on."""
    files = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        name = path.relative_to(_PACKAGE)
        if path.is_file() and not any(map(_of_a_tool, name.parts)):
            files.update(f"{name}\0".encode())
            files.update(hashlib.sha256(path.read_bytes()).digest())
    return files.hexdigest()


def _of_a_tool(name: str) -> bool:
    """Whether Python or an editor left it: byte code, a lock, a backup."""
    return name == "__pycache__" or name.startswith((".", "#")) or name.endswith("~")


def libraries() -> list[str]:
    """Name and version of everything that is installed beside the package."""
    # As pip calls their folders: reading what each says of itself takes fifty times as
    # long.
    return sorted(
        {
            info.name
            for folder in sys.path
            for kind in ("dist-info", "egg-info")
            for info in Path(folder).glob(f"*.{kind}")
        }
    )


@dataclass(frozen=True, slots=True)
class Workers:
    """The process that runs pages, and the surroundings that it loaded."""

    process: "subprocess.Popen[str]"
    surroundings: str


def start_early(settings: Settings) -> Workers | None:
    """Start what runs pages before they are read, if all of them will have to run.

    It takes half a second to load, for which MkDocs has other things to do.
    """
    around = surroundings(settings)
    ran_before = cache.load(settings.cache / "pages", _ALL, around) is not None
    return None if ran_before or not settings.fork else _start(settings, around)


def execute(
    pages: Sequence[Page], settings: Settings, workers: Workers | None = None
) -> dict[str, Result]:
    """A result for each page's uri; a page that raises has its error in the result.

    `workers`, if they have been started, are used unless something was saved since.
    """
    results: dict[str, Result] = {}
    store = settings.cache / "pages"
    around = surroundings(settings)
    digests = {page.uri: digest(page, around) for page in pages}
    for page in pages:
        found = cache.load(store, page.uri, digests[page.uri])
        if found is not None:
            results[page.uri] = Result(
                found["outputs"], None, found["seconds"], cached=True
            )
    stale = [page for page in pages if page.uri not in results]
    if workers and not (stale and workers.surroundings == around):
        _stop(workers)
        workers = None
    if not stale:
        return results
    # The longest first: started last, it would run on alone.
    stale.sort(key=lambda page: -sum(len(source) for source in _sources(page)))
    if settings.fork:
        run = _run_in_workers(stale, settings, workers or _start(settings, around))
    else:
        run = _run_alone(stale, settings)
    started = time.monotonic()
    for done, (page, result) in enumerate(run, 1):
        results[page.uri] = result
        log.info(
            "Executed %s in %.1f s (%d of %d, %.1f s in all)%s",
            page.uri,
            result.seconds,
            done,
            len(stale),
            time.monotonic() - started,
            ": FAILED" if result.error else "",
        )
        # What was saved while the page ran may or may not be in its outputs.
        if result.error is None and surroundings(settings) == around:
            record = {"outputs": result.outputs, "seconds": result.seconds}
            _keep(store, page.uri, digests[page.uri], record)
    _keep(store, _ALL, around, {})
    return {page.uri: results[page.uri] for page in pages}


def describe_error(page: Page, result: Result) -> str:
    """Where and why a page failed: page, line, cell, source, exception."""
    assert result.error is not None
    cell = page.cells[result.error["cell"]]
    at = _error_line(cell, result.error)
    what = "inline expression after cell" if cell.inline else "cell"
    said = [
        f"{_place(page, result)}, {what} {cell.number}:",
        *_listing(cell.source.splitlines(), at, cell.line),
        f"{result.error['name']}: {_shortened(result.error['message'])}",
    ]
    if result.error["raised"]:
        said.append(f"It came up in {result.error['raised']}.")
    return "\n".join(said)


def describe_errors(pages: Sequence[Page], results: Mapping[str, Result]) -> list[str]:
    """What `describe_error` says of each page; once, where several have the same."""
    alike: dict[tuple[str, ...], list[Page]] = {}
    for page in pages:
        if page.uri in results and (error := results[page.uri].error):
            same = (error["name"], error["message"], error["raised"])
            alike.setdefault(same, []).append(page)
    said = []
    for first, *others in alike.values():
        text = describe_error(first, results[first.uri])
        if others:
            places = [_place(page, results[page.uri]) for page in others]
            text += f"\nThe same on {len(others)} more: {'; '.join(places)}."
        said.append(text)
    return said


def _place(page: Page, result: Result) -> str:
    assert result.error is not None
    cell = page.cells[result.error["cell"]]
    return f"docs/{page.uri}, line {cell.line + _error_line(cell, result.error) - 1}"


def _error_line(cell: Cell, error: Mapping[str, Any]) -> int:
    return min(max(int(error["line"]), 1), len(cell.source.splitlines()) or 1)


def _listing(lines: Sequence[str], at: int, first: int) -> Iterator[str]:
    """The lines around line `at`, from 1; `first` is the number of the first."""
    shown = range(at - _LINES_BEFORE, at + _LINES_AFTER + 1)
    for number, line in enumerate(lines, 1):
        if number in shown:
            sign = ">" if number == at else " "
            yield f"{sign} {first + number - 1:4} | {_cut(line)}"
        elif number in (shown.start - 1, shown.stop):
            yield f"  {'…':>4} |"


def _shortened(message: str) -> str:
    lines = [_cut(line) for line in message.splitlines()]
    left = len(lines) - _MESSAGE_LINES
    if left <= 0:
        return "\n".join(lines)
    return "\n".join([*lines[:_MESSAGE_LINES], f"… and {left} more lines"])


def _cut(line: str) -> str:
    return line if len(line) <= _LINE_WIDTH else f"{line[:_LINE_WIDTH]}…"


def _sources(page: Page) -> list[str]:
    return [f'print({c.source}, end="")' if c.inline else c.source for c in page.cells]


def _start(settings: Settings, around: str) -> Workers:
    return Workers(_open(settings, settings.workers), around)


def _open(settings: Settings, limit: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "nwdocs.builder.worker", str(limit)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,  # pages must not see whether this is a terminal
        cwd=settings.root,
        env=environment(_home(settings.cache)),
        encoding="utf-8",
        errors="replace",
        start_new_session=not limit,  # to be ended with all that its page started
    )


def _stop(workers: Workers) -> None:
    workers.process.kill()  # it has no work, and nothing to put away
    workers.process.communicate()


def _run_in_workers(
    pages: Sequence[Page], settings: Settings, workers: Workers
) -> Iterator[tuple[Page, Result]]:
    by_uri = {page.uri: page for page in pages}
    running: list[str] = []
    left = len(pages)
    started = time.monotonic()

    def show() -> None:
        _show_running(running, left, len(pages), started)

    with workers.process as process:
        assert process.stdin
        for page in pages:
            job = _job(page, settings)
            with suppress(BrokenPipeError):  # it died: told below
                process.stdin.write(job)
        with suppress(BrokenPipeError):
            process.stdin.flush()
        lines = _lines(process)
        try:
            limit: float | None = _LOADING  # then each page has its own
            while left:
                event = _next_event(process, lines, limit, show)
                limit = None
                if event is None:
                    raise PageError(
                        "the process that runs pages ended with status "
                        f"{process.wait()}; what it printed is above."
                    )
                if "outputs" not in event:
                    running.append(event["page"])
                    show()
                    continue
                left -= 1
                running.remove(event["page"])
                _show_status("")
                yield (
                    by_uri[event["page"]],
                    Result(event["outputs"], event["error"], event["seconds"], False),
                )
                show()
        finally:
            # It ends when it has no more to read, and so does what reads its events:
            # closing a stream that another thread reads would wait forever.
            with suppress(BrokenPipeError):
                process.stdin.close()


def _run_alone(
    pages: Sequence[Page], settings: Settings
) -> Iterator[tuple[Page, Result]]:
    """Each page in a process of its own, one after another."""
    all_started = time.monotonic()
    for done, page in enumerate(pages):

        def show(uri: str = page.uri, left: int = len(pages) - done) -> None:
            _show_running([uri], left, len(pages), all_started)

        started = time.monotonic()
        show()
        outputs, error = _run_one(page, settings, show)
        _show_status("")
        yield page, Result(outputs, error, time.monotonic() - started, False)


def _run_one(
    page: Page, settings: Settings, show: Callable[[], None]
) -> tuple[list[list[dict[str, Any]]], dict[str, Any] | None]:
    process = _open(settings, 0)
    assert process.stdin
    lines = _lines(process)
    cell = -1
    try:
        with suppress(BrokenPipeError):  # it died: told below
            process.stdin.write(_job(page, settings))
            process.stdin.flush()  # left open: at its end, the process ends
        while True:
            limit = _LOADING if cell < 0 else settings.timeout
            try:
                event = _next_event(process, lines, limit, show)
            except _Late:
                if cell < 0:
                    raise
                return [], timed_out(cell, limit)
            if event is None and cell < 0:
                raise PageError(
                    f"the process that runs docs/{page.uri} ended with status "
                    f"{process.wait()}; what it printed is above."
                )
            if event is None:
                return [], died(cell, process.wait())
            if "outputs" in event:
                return event["outputs"], event["error"]
            cell = event["started"]
    finally:
        _end(process)


def _job(page: Page, settings: Settings) -> str:
    job = {"page": page.uri, "cells": _sources(page), "timeout": settings.timeout}
    return json.dumps(job) + "\n"


def _end(process: "subprocess.Popen[str]") -> None:
    """End a page's own process, with all that it left running."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    assert process.stdin
    with suppress(BrokenPipeError):
        process.stdin.close()


class _Late(PageError):
    """A process said nothing for longer than it may."""


def _lines(process: "subprocess.Popen[str]") -> "Queue[str]":
    """What it writes, and at its end nothing: in a queue, for which one can wait a while.

    What it prints is printed here.
    """
    lines: Queue[str] = Queue()

    def read() -> None:
        assert process.stdout
        with process.stdout as stream:
            for line in stream:
                lines.put(line)
        printer.join(1)  # what is said of its end comes after what it said of that
        lines.put("")

    # Not the process's to close: what a cell set free of it may hold it open for long.
    printed, process.stderr = process.stderr, None

    def print_errors() -> None:
        assert printed
        with printed:
            for line in printed:
                _show_status("")
                print(line, end="", file=sys.stderr, flush=True)

    printer = Thread(target=print_errors, daemon=True)
    printer.start()
    Thread(target=read, daemon=True).start()
    return lines


def _next_event(
    process: "subprocess.Popen[str]",
    lines: "Queue[str]",
    limit: float | None,
    show: Callable[[], None],
) -> dict[str, Any] | None:
    """What a process says next; None if it ended. While it says nothing, `show` is called.

    Raises:
        PageError: it says nothing for `limit` seconds, or what is no event.
    """
    waiting_since = time.monotonic()
    while True:
        try:
            line = lines.get(timeout=_TICK)
            break
        except Empty:
            show()
        if limit is not None and time.monotonic() - waiting_since > limit:
            process.kill()
            raise _Late(
                f"the package nwdocs was not imported within {limit:g} s, or what "
                "several pages show was not drawn; so no page could run."
            )
    try:
        return dict(json.loads(line)) if line else None
    except ValueError:
        process.kill()
        raise PageError(
            f"the process that runs pages printed {line.strip()!r} before it ran any: "
            "importing the package must print nothing."
        ) from None


def _show_running(
    running: Sequence[str], left: int, pages: int, started: float
) -> None:
    """How far it is, since when, and with what: of the pages, those that run now."""
    if running:
        seconds = time.monotonic() - started
        done = f"{pages - left} of {pages} pages, {seconds:.0f} s"
        _show_status(f"{done}: {', '.join(running)}")


def _show_status(text: str) -> None:
    """A terminal's last line; nothing where nobody watches."""
    if sys.stderr.isatty():
        fitting = text[: shutil.get_terminal_size().columns - 1]
        print(f"\r\033[K{fitting}", end="", file=sys.stderr, flush=True)


def _keep(
    folder: Path, name: str, digest: cache.Digest, record: dict[str, Any]
) -> None:
    try:
        cache.store(folder, name, digest, record)
    except OSError as error:
        # The result in hand is right; only the next build is slower.
        log.info("Cannot keep the outputs of %s: %s", name, error)
