"""Runs pages: one process with the libraries loaded, which forks once for each page.

Starting Python and importing numpy, matplotlib and IPython costs more than most pages
do. Here that is paid once. Each page then runs in a fork of its own, so no variable,
setting or seed passes from one page to the next.

The parent writes jobs to standard input and reads events from standard output, one JSON
object a line. A job: ``{"page", "cells": [{"source", "number", "tags", "inline"}, ...],
"timeout", "watched", "kept", "studies"}``. Events: ``{"page"}`` alone when the page
begins; ``{"page", "cell"}`` for each cell; and at last ``{"page", "outputs", "error",
"read", "used", "varying", "seconds"}``, as `shell.run_cells` has them.
"""

import ctypes
import gc
import os
import selectors
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from json import dumps, loads  # by name: a page may replace what the module holds
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, TextIO

from nwdocs.once import keep_with
from nwdocs.site.run.shell import failure, load_shell, run_cells
from nwdocs.site.run.studies import Studies
from nwdocs.site.run.watch import Watch

__all__ = ["main"]

# Linux's prctl: the signal to send when the parent dies; adopt what descendants leave.
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def main(workers: int, preload: Sequence[str]) -> None:
    """Serve jobs from standard input until it closes; start.py calls this.

    Args:
        workers: how many pages may run at a time.
        preload: functions to call first, each as ``module:name``.
    """
    # What is printed while loading, or by a cell's C code, must not mix with the events.
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    jobs = os.dup(0)
    _read_nothing()
    for name in preload:
        _attempt(partial(_call, name))
    load_shell()
    # What is loaded stays. And a figure is made of many objects, of which few are left in
    # circles: looking for these as often as Python does by itself takes time from a page.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    _Server(jobs, events, workers).serve()


def _call(name: str) -> None:
    resolve_name(name)()


def _attempt(act: Callable[[], object]) -> None:
    """Do something with the package; where it fails, the pages that use it say so."""
    before = set(sys.modules)
    try:
        act()
    except Exception:
        # A module that is left half imported would fail in another way next time.
        for module in set(sys.modules) - before:
            if module.partition(".")[0] == "nwdocs":
                del sys.modules[module]


def _read_nothing() -> None:
    """Have whatever reads standard input from now on find its end."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


def _send(event: dict[str, Any], stream: TextIO) -> None:
    stream.write(dumps(event) + "\n")
    stream.flush()


@dataclass
class _Child:
    """A page that runs in a process of its own."""

    pid: int
    job: dict[str, Any]
    data: bytes = b""  # what it wrote of a line that is not at its end
    cell: int = 0
    started: float = field(default_factory=time.monotonic)
    cell_started: float = field(default_factory=time.monotonic)


_DIED = "the page's process was ended by {how} before its last cell was run"
_TIMED_OUT = (
    "the cell ran longer than {limit:g} s (the option timeout of the plugin "
    "nwdocs-notebooks in mkdocs.yml)"
)


class _Server:
    """Forks a child a job and watches over all of them.

    A class because the three kinds of event (job, message, time running out) act on
    the same table of children.
    """

    def __init__(self, jobs: int, events: TextIO, limit: int) -> None:
        self.jobs, self.events, self.limit = jobs, events, limit
        self.waiting: deque[dict[str, Any]] = deque()
        self.children: dict[int, _Child] = {}  # by the pipe that it writes to
        self.selector = selectors.DefaultSelector()
        self.selector.register(jobs, selectors.EVENT_READ)
        self.pending = b""

    def serve(self) -> None:
        while True:
            while self.waiting and len(self.children) < self.limit:
                self._fork(self.waiting.popleft())
            for key, _ in self.selector.select(timeout=0.2):
                if key.fd == self.jobs:
                    self._read_jobs()
                else:
                    self._read_child(key.fd)
            self._enforce_time_limits()

    def _read_jobs(self) -> None:
        data = os.read(self.jobs, 1 << 20)
        if not data:  # the parent has all it wanted, or is gone
            for child in self.children.values():
                _kill(child.pid)
            sys.exit(0)
        *lines, self.pending = (self.pending + data).split(b"\n")
        self.waiting.extend(loads(line) for line in lines)

    def _fork(self, job: dict[str, Any]) -> None:
        reading, writing = os.pipe()
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            os.close(self.jobs)
            os.close(self.events.fileno())  # its end must be seen if we die
            _child(job, writing, server)
        os.close(writing)
        with suppress(OSError):  # the child does it too, whoever comes first
            os.setpgid(pid, pid)
        self.selector.register(reading, selectors.EVENT_READ)
        self.children[reading] = _Child(pid, job)
        _send({"page": job["page"]}, self.events)

    def _read_child(self, fd: int) -> None:
        child = self.children[fd]
        data = os.read(fd, 1 << 20)
        if not data:
            _, status = os.waitpid(child.pid, 0)
            how = _DIED.format(how=_end(os.waitstatus_to_exitcode(status)))
            self._report(fd, _failed(child, "ProcessDied", how))
            return
        *lines, child.data = (child.data + data).split(b"\n")
        for line in lines:
            event = loads(line)
            if "started" in event:
                child.cell = event["started"]
                child.cell_started = time.monotonic()
                _send({"page": child.job["page"], "cell": child.cell}, self.events)
            else:
                os.waitpid(child.pid, 0)
                self._report(fd, event)
                return

    def _enforce_time_limits(self) -> None:
        for fd, child in list(self.children.items()):
            limit = child.job["timeout"]
            if time.monotonic() - child.cell_started > limit:
                _kill(child.pid)
                self._report(
                    fd, _failed(child, "CellTimeout", _TIMED_OUT.format(limit=limit))
                )

    def _end_adopted(self) -> None:
        """End what a page set free of its group: this process has adopted it."""
        try:
            listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
        except OSError:  # not Linux
            return
        pages = {child.pid for child in self.children.values()}
        for pid in map(int, listed.split()):
            if pid not in pages:
                with suppress(ProcessLookupError, ChildProcessError):
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)

    def _report(self, fd: int, event: dict[str, Any]) -> None:
        child = self.children.pop(fd)
        self.selector.unregister(fd)
        os.close(fd)
        with suppress(ProcessLookupError):  # what a cell left running, if anything
            os.killpg(child.pid, signal.SIGKILL)
        self._end_adopted()
        event["page"] = child.job["page"]
        event["seconds"] = time.monotonic() - child.started
        _send(event, self.events)


def _end(code: int) -> str:
    """What ended a process, in words."""
    if code >= 0:
        return f"os._exit({code}), or a library that calls it,"
    return f"the signal {signal.Signals(-code).name}"


def _kill(pid: int) -> None:
    """End a page's process and all that it started."""
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _failed(child: _Child, name: str, message: str) -> dict[str, Any]:
    """The event of a page that did not come to its end."""
    return {
        **{"outputs": [], "error": failure(child.cell, name, message)},
        **{"read": {}, "used": {}, "varying": []},
    }


def _child(job: dict[str, Any], writing: int, server: int) -> None:
    """The fork's whole life: run the page, write the result, leave without cleaning up."""
    status = 1
    try:
        os.setpgid(0, 0)  # so that what a cell starts can be ended with it
        _end_with_parent(server)
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            _run(job, pipe)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _end_with_parent(parent: int) -> None:
    """Have Linux end this process when the one that forked it is gone, however."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _run(job: dict[str, Any], stream: TextIO) -> None:
    """Run one page here; tell of each cell that starts, and at last the result."""

    def started(index: int) -> None:
        _send({"started": index}, stream)

    watch = Watch(job["page"], job["watched"])
    with watch.aside():  # the page will import them, too
        for name in job["studies"]:
            _attempt(partial(import_module, name))
    keep_with(Studies(Path(job["kept"]), job["studies"], watch.aside))
    _send(run_cells(job["page"], job["cells"], watch, started), stream)
