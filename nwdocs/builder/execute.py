"""Pages in, outputs out: from the cache where nothing changed, else by running them."""

import hashlib
import importlib.metadata
import json
import logging
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from nwdocs.builder import cache
from nwdocs.builder.pages import Page, PageError

__all__ = ["Result", "Settings", "Workers", "describe_error", "execute"]

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
    workers: int = os.cpu_count() or 1
    kernels: bool = sys.platform in ("win32", "darwin")


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


class Workers:
    """The process that runs pages; started early, so that it is ready when needed."""

    def __init__(self, settings: Settings) -> None:
        (settings.cache / "matplotlib").mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nwdocs.builder.worker", str(settings.workers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=settings.root,
            env=environment(settings),
            text=True,
            encoding="utf-8",
        )

    def close(self) -> None:
        """End the process; pages that still run are dropped."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def environment(settings: Settings) -> dict[str, str]:
    """The variables that cells see: nothing of the author's shell reaches a page."""
    kept = {k: os.environ[k] for k in ("PATH", "SYSTEMROOT") if k in os.environ}
    home = str(settings.cache)
    return kept | {
        "HOME": home,
        "IPYTHONDIR": f"{home}/ipython",
        "JUPYTER_CONFIG_DIR": f"{home}/jupyter",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": f"{home}/matplotlib",
        "OPENBLAS_NUM_THREADS": "1",  # sums in one order, and no threads before a fork
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(_PACKAGE.parent),
        "TZ": "UTC",
    }


def digest(page: Page, settings: Settings) -> cache.Digest:
    """All that a page's outputs depend on, prose excepted, as one hexadecimal number."""
    parts = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            parts.update(f"{path.relative_to(_PACKAGE)}\0".encode())
            parts.update(hashlib.sha256(path.read_bytes()).digest())
    facts = {
        "cells": [[c.source, c.tags, c.inline] for c in page.cells],
        "config": settings.config,
        "python": [sys.version, platform.machine(), sys.platform],
        "libraries": libraries(),
        "timeout": settings.timeout,
    }
    parts.update(json.dumps(facts, sort_keys=True).encode())
    return parts.hexdigest()


@lru_cache(maxsize=1)
def libraries() -> tuple[tuple[str, str], ...]:
    """Name and version of everything that is installed beside the package."""
    return tuple(
        sorted({(d.name, d.version) for d in importlib.metadata.distributions()})
    )


def execute(
    pages: Sequence[Page], settings: Settings, workers: Workers | None = None
) -> dict[str, Result]:
    """A result for each page's uri; a page that raises has its error in the result."""
    results: dict[str, Result] = {}
    digests = {page.uri: digest(page, settings) for page in pages}
    for page in pages:
        found = cache.load(settings.cache / "pages", page.uri, digests[page.uri])
        if found is not None:
            results[page.uri] = Result(
                found["outputs"], None, found["seconds"], cached=True
            )
    stale = [page for page in pages if page.uri not in results]
    if not stale:
        return results
    run = _run_in_kernels if settings.kernels else _run_in_workers
    started = time.monotonic()
    for done, (page, result) in enumerate(run(stale, settings, workers), 1):
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
        unchanged = digest(page, settings) == digests[page.uri]
        if result.error is None and unchanged:
            _keep(page, digests[page.uri], result, settings)
    return results


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
    pages: Sequence[Page], settings: Settings, workers: Workers | None
) -> Any:
    workers = workers or Workers(settings)
    by_uri = {page.uri: page for page in pages}
    try:
        assert workers.process.stdin
        assert workers.process.stdout
        for page in pages:
            job = {
                "page": page.uri,
                "cells": _sources(page),
                "timeout": settings.timeout,
            }
            workers.process.stdin.write(json.dumps(job) + "\n")
        workers.process.stdin.flush()
        for _ in pages:
            line = workers.process.stdout.readline()
            if not line:
                raise PageError(
                    "the process that runs pages ended with status "
                    f"{workers.process.wait()}; what it printed is above."
                )
            event = json.loads(line)
            yield (
                by_uri[event["page"]],
                Result(event["outputs"], event["error"], event["seconds"], False),
            )
    finally:
        workers.close()


def _run_in_kernels(
    pages: Sequence[Page], settings: Settings, _: Workers | None
) -> Any:
    from nwdocs.builder.kernels import run_in_kernel

    for page in pages:
        started = time.monotonic()
        outputs, error = run_in_kernel(
            _sources(page), settings.root, environment(settings), settings.timeout
        )
        yield page, Result(outputs, error, time.monotonic() - started, False)


def _keep(page: Page, digest: cache.Digest, result: Result, settings: Settings) -> None:
    record = {"outputs": result.outputs, "seconds": result.seconds}
    try:
        cache.store(settings.cache / "pages", page.uri, digest, record)
    except OSError as error:
        # The result in hand is right; only the next build is slower.
        log.info("Cannot keep the outputs of %s: %s", page.uri, error)
