"""Pages in, outputs out: from the cache where nothing changed, else by running them."""

import hashlib
import importlib.metadata
import json
import logging
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from nwdocs.builder import cache
from nwdocs.builder.pages import Page, PageError

__all__ = ["Result", "Settings", "describe_error", "execute", "libraries"]

log = logging.getLogger("mkdocs.nwdocs")

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Settings:
    """How pages are run, from `extra.nwdocs` in mkdocs.yml.

    Attributes:
        root: the project's folder, in which cells run.
        cache: where results are kept.
        config: the text of mkdocs.yml; pages run again when it changes.
        timeout: how long one cell may run, in seconds.
        workers: how many pages run at a time.
        kernels: run cells in plain Jupyter kernels, as is done where fork is not safe.
    """

    root: Path
    cache: Path
    config: str = ""
    timeout: float = 60.0
    workers: int = field(default_factory=lambda: _processors())
    kernels: bool = sys.platform in ("win32", "darwin")


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
    kept = {k: os.environ[k] for k in ("PATH", "SYSTEMROOT") if k in os.environ}
    return kept | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "OPENBLAS_NUM_THREADS": "1",  # sums in one order, and no threads before a fork
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(_PACKAGE.parent),
        "TZ": "UTC",
    }


@contextmanager
def _home(settings: Settings) -> Iterator[Path]:
    """A folder for what libraries keep (matplotlib's list of fonts takes a second)."""
    try:
        (settings.cache / "matplotlib").mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=settings.cache).close()
    except OSError as error:
        log.info(
            "Cannot write to %s, so nothing is kept there: %s", settings.cache, error
        )
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        yield settings.cache


def digest(page: Page, settings: Settings, package: str) -> cache.Digest:
    """All that a page's outputs depend on, prose excepted, as one hexadecimal number."""
    facts = {
        "cells": [[c.source, c.tags, c.inline] for c in page.cells],
        "package": package,
        "config": settings.config,
        "python": [sys.version, platform.machine(), sys.platform],
        "libraries": libraries(),
        "timeout": settings.timeout,
        "kernels": settings.kernels,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def package_digest() -> str:
    """Every file of the package, any of which a page's outputs may depend on."""
    files = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            files.update(f"{path.relative_to(_PACKAGE)}\0".encode())
            files.update(hashlib.sha256(path.read_bytes()).digest())
    return files.hexdigest()


@lru_cache(maxsize=1)
def libraries() -> tuple[tuple[str, str], ...]:
    """Name and version of everything that is installed beside the package."""
    return tuple(
        sorted({(d.name, d.version) for d in importlib.metadata.distributions()})
    )


def execute(pages: Sequence[Page], settings: Settings) -> dict[str, Result]:
    """A result for each page's uri; a page that raises has its error in the result."""
    results: dict[str, Result] = {}
    package = package_digest()
    digests = {page.uri: digest(page, settings, package) for page in pages}
    for page in pages:
        found = cache.load(settings.cache / "pages", page.uri, digests[page.uri])
        if found is not None:
            results[page.uri] = Result(
                found["outputs"], None, found["seconds"], cached=True
            )
    stale = [page for page in pages if page.uri not in results]
    if not stale:
        return results
    # The longest first: started last, it would run on alone.
    stale.sort(key=lambda page: -sum(len(source) for source in _sources(page)))
    run = _run_in_kernels if settings.kernels else _run_in_workers
    started = time.monotonic()
    with _home(settings) as home:
        for done, (page, result) in enumerate(run(stale, settings, home), 1):
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
            if result.error is None and package_digest() == package:
                _keep(page, digests[page.uri], result, settings)
    return {page.uri: results[page.uri] for page in pages}


def describe_error(page: Page, result: Result) -> str:
    """Where and why a page failed: page, line, cell, source, exception."""
    assert result.error is not None
    cell = page.cells[result.error["cell"]]
    at = min(max(int(result.error["line"]), 1), len(cell.source.splitlines()) or 1)
    listing = "\n".join(
        f"{'>' if i == at else ' '} {cell.line + i - 1:4} | {line}"
        for i, line in enumerate(cell.source.splitlines(), 1)
    )
    what = (
        f"inline expression after cell {cell.number}"
        if cell.inline
        else (f"cell {cell.number}")
    )
    return (
        f"docs/{page.uri}, line {cell.line + at - 1}, {what}:\n{listing}\n"
        f"{result.error['name']}: {result.error['message']}"
    )


def _sources(page: Page) -> list[str]:
    return [f'print({c.source}, end="")' if c.inline else c.source for c in page.cells]


def _run_in_workers(
    pages: Sequence[Page], settings: Settings, home: Path
) -> Iterator[tuple[Page, Result]]:
    by_uri = {page.uri: page for page in pages}
    running: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "nwdocs.builder.worker", str(settings.workers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=settings.root,
        env=environment(home),
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin
        assert process.stdout
        for page in pages:
            job = {
                "page": page.uri,
                "cells": _sources(page),
                "timeout": settings.timeout,
            }
            with suppress(BrokenPipeError):  # it died: told below
                process.stdin.write(json.dumps(job) + "\n")
        with suppress(BrokenPipeError):
            process.stdin.flush()
        left = len(pages)
        while left:
            line = process.stdout.readline()
            if not line:
                raise PageError(
                    "the process that runs pages ended with status "
                    f"{process.wait()}; what it printed is above."
                )
            event = json.loads(line)
            if "outputs" not in event:
                running.append(event["page"])
                _show_status(
                    f"{len(pages) - left} of {len(pages)}: {', '.join(running)}"
                )
                continue
            left -= 1
            running.remove(event["page"])
            _show_status("")
            yield (
                by_uri[event["page"]],
                Result(event["outputs"], event["error"], event["seconds"], False),
            )


def _run_in_kernels(
    pages: Sequence[Page], settings: Settings, home: Path
) -> Iterator[tuple[Page, Result]]:
    from nwdocs.builder.kernels import run_in_kernel

    for done, page in enumerate(pages):
        _show_status(f"{done} of {len(pages)}: {page.uri}")
        started = time.monotonic()
        outputs, error = run_in_kernel(
            _sources(page), settings.root, environment(home), settings.timeout
        )
        _show_status("")
        yield page, Result(outputs, error, time.monotonic() - started, False)


def _show_status(text: str) -> None:
    """What runs now, on a terminal's last line; nothing where nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _keep(page: Page, digest: cache.Digest, result: Result, settings: Settings) -> None:
    record = {"outputs": result.outputs, "seconds": result.seconds}
    try:
        cache.store(settings.cache / "pages", page.uri, digest, record)
    except OSError as error:
        # The result in hand is right; only the next build is slower.
        log.info("Cannot keep the outputs of %s: %s", page.uri, error)
