"""The build's end of the line to the server that runs pages."""

import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread
from types import TracebackType
from typing import Any

from nwdocs.progress import show_status
from nwdocs.site.pages import Page, PageError
from nwdocs.site.run.environment import environment, home, start
from nwdocs.site.run.settings import Settings

__all__ = ["LIBRARIES", "Client"]

#: What the package, and the shell that runs cells, load that no author edits.
LIBRARIES = (
    *("IPython.core.completer", "IPython.core.interactiveshell", "IPython.core.magics"),
    *("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg"),
    *("matplotlib.figure", "matplotlib.style", "numpy.random", "PIL.WebPImagePlugin"),
)

_LOADING = 120.0  # seconds that the server may take before it runs its first page
_GRACE = 30.0  # seconds beyond a cell's limit, after which the server is given up
_TOLD = 20  # lines that the server printed, for the message of its end
_TICK = 0.1  # seconds between two calls of what shows the progress


class Client:
    """Starts a server, has it load the package, sends it pages and reads its events.

    As a context, it ends the server. Two threads read what the server writes, so that
    the build can wait for an event for a limited time.
    """

    def __init__(self, settings: Settings, libraries: Sequence[str] = ()) -> None:
        """Start a server, which loads `libraries`, and the package when it is told to.

        Args:
            settings: how pages are run.
            libraries: modules that are no part of the package.
        """
        self._job = {
            **{"timeout": settings.timeout, "watched": settings.watched},
            "kept": str(settings.studies.resolve()),
        }
        self._timeout = settings.timeout
        self._limit = _LOADING  # afterwards, each cell has its own
        self._told_to_load, self._loading = False, True
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(start()), *libraries],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,  # pages must not see whether this is a terminal
            cwd=settings.root,
            env=environment(home(settings.cache)),
            encoding="utf-8",
            errors="replace",
        )
        self._lines: Queue[str] = Queue()  # the empty line is the end
        self._told: deque[str] = deque(maxlen=_TOLD)
        # The stream is not the process's to close: a program that a cell set free of
        # the server may hold it open for long.
        self._printed, self._process.stderr = self._process.stderr, None
        self._printer = Thread(target=self._print_errors, daemon=True)
        self._printer.start()
        Thread(target=self._read_lines, daemon=True).start()

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The server ends when it has no more to read. So does the thread that reads
        # its events: closing a stream that another thread reads would wait forever.
        with suppress(BrokenPipeError):
            self._stdin.close()
        self._process.wait()

    def load(self, settings: Settings) -> None:
        """Have the server load the package, and call what is to be called first.

        Of a server that was told so before, nothing is asked.
        """
        if not self._told_to_load:
            told = {"workers": settings.workers, "preload": settings.preload}
            self._write([told])
        self._told_to_load = True

    def send(
        self, pages: Sequence[Page], studies: Mapping[str, Mapping[str, str]]
    ) -> None:
        """Have the server run `pages`, in this order.

        Args:
            pages: with their cells.
            studies: for each page, digests of the modules whose results it may take.
        """
        self._write(
            {
                "page": page.uri,
                "cells": [
                    {
                        **{"source": c.source, "number": c.number},
                        **{"tags": c.tags, "inline": c.inline},
                    }
                    for c in page.cells
                ],
                **self._job,
                "studies": {**studies[page.uri]},
            }
            for page in pages
        )

    def next_event(self, show: Callable[[], None]) -> dict[str, Any]:
        """What the server tells next; `show` is called while there is nothing.

        Raises:
            PageError: the server ended, runs no page in time, or printed a line that is
                no event.
        """
        line = self._next_line(show)
        self._limit, self._loading = self._timeout + _GRACE, False
        if not line:
            said = "\n".join(self._told) or "It printed nothing."
            raise PageError(
                f"the process that runs pages ended with status {self._process.wait()}."
                f"\n{said}"
            )
        try:
            return dict(json.loads(line))
        except ValueError:
            self._process.kill()
            raise PageError(
                f"the process that runs pages printed {line.strip()!r} before it ran "
                "any: importing the package must print nothing."
            ) from None

    def stop(self) -> None:
        """End a server that has no work: it has nothing to put away."""
        self._process.kill()
        self.__exit__(None, None, None)

    def _write(self, lines: Iterable[Mapping[str, Any]]) -> None:
        with suppress(BrokenPipeError):  # the server died: `next_event` tells
            self._stdin.writelines(json.dumps(line) + "\n" for line in lines)
            self._stdin.flush()

    @property
    def _stdin(self) -> Any:
        assert self._process.stdin
        return self._process.stdin

    def _next_line(self, show: Callable[[], None]) -> str:
        waiting_since = time.monotonic()
        while True:
            try:
                return self._lines.get(timeout=_TICK)
            except Empty:
                show()
            waited = time.monotonic() - waiting_since
            if waited > self._limit:
                self._process.kill()
                raise PageError(
                    f"the package nwdocs was not imported within {self._limit:g} s, or "
                    "what several pages show was not drawn; so no page could run."
                    if self._loading
                    else f"the process that runs pages told nothing for {waited:.0f} s."
                )

    def _read_lines(self) -> None:
        assert self._process.stdout
        with self._process.stdout as stream:
            for line in stream:
                self._lines.put(line)
        self._printer.join(1)  # the reason of an end is printed before the end is told
        self._lines.put("")

    def _print_errors(self) -> None:
        assert self._printed
        with self._printed as stream:
            for line in stream:
                show_status("")
                print(line, end="", file=sys.stderr, flush=True)
                self._told.append(line.rstrip())
