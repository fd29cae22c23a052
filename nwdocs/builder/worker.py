"""Runs pages' cells: one process with the libraries loaded, forked once a page.

Where forking is not safe, a process a page, which runs cells in the very same way.

Starting Python and importing numpy, matplotlib and IPython costs more than most pages
do. Here that is paid once; each page then runs in a fork of its own, so no variable,
setting or seed passes from one page to the next.

The parent writes jobs to standard input and reads events from standard output, one JSON
object a line. A job: ``{"page", "cells": [source, ...], "timeout"}``. Events: ``{"page"}``
alone when it begins, and at last ``{"page", "outputs": [[nbformat output, ...], ...],
"error": null or {"cell", "name", "message", "line", "raised"}, "seconds"}``.
"""

import ctypes
import json
import os
import selectors
import signal
import sys
import time
import traceback
from base64 import b64encode
from collections import deque
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from threading import Thread
from typing import Any, TextIO

__all__ = ["died", "main", "run_cells", "timed_out"]

Output = dict[str, Any]

_PACKAGE = str(Path(__file__).resolve().parents[1])
_PR_SET_PDEATHSIG = 1  # Linux's prctl: the signal to send when the parent dies


def main() -> None:
    """Serve jobs from standard input until it closes; at most `argv[1]` at a time.

    If that is 0, run one job, in this process, and send {"started": index} for each cell.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    # What is printed while loading, or by a cell's C code, must not mix with the events.
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    jobs = os.fdopen(os.dup(0), encoding="utf-8")
    _read_nothing()
    _preload()
    if limit := int(sys.argv[1]):
        _Server(jobs.fileno(), events, limit).serve()
    else:
        job = json.loads(jobs.readline())
        Thread(target=_end_with, args=(jobs,), daemon=True).start()
        _run(job, events)


def run_cells(cells: list[str], started: Any) -> dict[str, Any]:
    """Run `cells` in one IPython shell; stop at the first that raises.

    `started(index)` is called before each. Returns the event's "outputs" and "error".
    """
    from IPython.core.interactiveshell import InteractiveShell

    shell: Any = InteractiveShell.instance()
    everything: list[list[Output]] = []
    for index, source in enumerate(cells):
        started(index)
        outputs: list[Output] = []
        everything.append(outputs)
        untold = _capture(shell, outputs)
        with (
            redirect_stdout(_stream("stdout", outputs)),
            redirect_stderr(_stream("stderr", outputs)),
        ):
            result = shell.run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        # What a value raises while it is displayed, IPython prints, and goes on.
        error = error or next(iter(untold), None)
        if error is not None:
            return {
                "outputs": everything,
                "error": _error(
                    index,
                    type(error).__name__,
                    str(error),
                    _line_of(error, source),
                    _raised_in(error),
                ),
            }
    return {"outputs": everything, "error": None}


def timed_out(cell: int, limit: float) -> dict[str, Any]:
    """The event's "error" for a cell that was ended after `limit` seconds."""
    setting = "extra.nwdocs.timeout in mkdocs.yml"
    return _error(
        cell, "CellTimeout", f"the cell ran longer than {limit:g} s ({setting})"
    )


def died(cell: int, status: int) -> dict[str, Any]:
    """The event's "error" for a page whose process ended by itself in a cell."""
    message = f"the page's process ended with status {status} before its last cell did"
    return _error(cell, "ProcessDied", message)


def _error(
    cell: int, name: str, message: str, line: int = 1, raised: str = ""
) -> dict[str, Any]:
    return {
        **{"cell": cell, "line": line},
        **{"name": name, "message": message, "raised": raised},
    }


def _run(job: dict[str, Any], stream: TextIO) -> None:
    """Run one page here; tell of each cell that starts, and at last the result."""

    def started(index: int) -> None:
        _send({"started": index}, stream)

    _send(run_cells(job["cells"], started), stream)


def _read_nothing() -> None:
    """Have whatever reads standard input from now on find its end."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


def _end_with(jobs: TextIO) -> None:
    """End this process, and what it started, when who wrote `jobs` is gone."""
    jobs.read()
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _send(event: dict[str, Any], stream: TextIO) -> None:
    stream.write(json.dumps(event) + "\n")
    stream.flush()


def _preload() -> None:
    import matplotlib.backends.backend_svg  # noqa: F401
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from nwdocs import explorer

    # Several pages show it, around one and the same figure: drawn once, before they fork.
    with suppress(Exception):  # then the pages that show it fail, and say where
        explorer()._repr_mimebundle_()
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    InteractiveShell.instance(config=config)


def _capture(shell: Any, outputs: list[Output]) -> list[BaseException]:
    """Have `shell` append what it displays to `outputs` instead of printing it.

    Returns the list that it appends to what it would print a traceback of.
    """
    raised: list[BaseException] = []

    def note(exc_tuple: Any = None, *_: object, **__: object) -> None:
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1]
        if error is not None:
            raised.append(error)

    def publish(data: dict[str, Any], metadata: Any = None, **_: object) -> None:
        outputs.append(
            {
                "output_type": "display_data",
                "data": _as_json(data),
                "metadata": metadata or {},
            }
        )

    def show_result(data: dict[str, Any], metadata: Any = None) -> None:
        outputs.append(
            {
                "output_type": "execute_result",
                "data": _as_json(data),
                "metadata": metadata or {},
                "execution_count": None,
            }
        )

    shell.display_pub.publish = publish
    hook = shell.displayhook
    hook.write_format_data = show_result
    hook.start_displayhook = hook.write_output_prompt = lambda: None
    hook.finish_displayhook = lambda: None
    shell.showtraceback = shell.showsyntaxerror = note
    return raised


def _as_json(data: dict[str, Any]) -> dict[str, Any]:
    """What is displayed, with bytes in base64, as nbformat has them.

    Raises:
        TypeError: to the cell that displays it: JSON has no form for a value.
    """
    data = {
        kind: b64encode(value).decode() if isinstance(value, bytes) else value
        for kind, value in data.items()
    }
    json.dumps(data)
    return data


class _Recorder:
    """A text stream that appends to the outputs, joined to a stream just before it."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: list[Output]) -> None:
        self.name, self.outputs = name, outputs

    def write(self, text: str) -> int:
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == self.name:
            last["text"] += text
        elif text:
            self.outputs.append(
                {"output_type": "stream", "name": self.name, "text": text}
            )
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


def _stream(name: str, outputs: list[Output]) -> TextIO:
    return _Recorder(name, outputs)  # type: ignore[return-value]


def _line_of(error: BaseException, source: str) -> int:
    """The line of the cell, from 1, at which the error came up; its last, if none."""
    above = _lines_above_code(source)
    if isinstance(error, SyntaxError) and _is_cell(error.filename or ""):
        return above + (error.lineno or 1)
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if _is_cell(frame.filename) and "run_cell_magic(" not in (frame.line or "")
    ]
    if lines and lines[-1]:
        return above + lines[-1]
    return len(source.rstrip().splitlines())


def _lines_above_code(source: str) -> int:
    """Lines that IPython takes off a cell: blank ones, and one like %%time."""
    code = source.lstrip()
    blank = source[: len(source) - len(code)].count("\n")
    return blank + code.startswith("%%")


def _is_cell(filename: str) -> bool:
    return filename.startswith(("<ipython-input", "<timed exec>"))


def _raised_in(error: BaseException) -> str:
    """Where in the package an error came up, if it was there."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(_PACKAGE) and frame.filename != __file__
    ]
    if not frames:
        return ""
    file = Path(frames[-1].filename).relative_to(Path(_PACKAGE).parent)
    return f"{file.as_posix()}, line {frames[-1].lineno}, in {frames[-1].name}"


class _Server:
    """Forks a child a job and watches over all of them.

    A class because the three kinds of event (job, message, time running out) act on
    the same table of children.
    """

    def __init__(self, jobs: int, events: TextIO, limit: int) -> None:
        self.jobs, self.events, self.limit = jobs, events, limit
        self.waiting: deque[dict[str, Any]] = deque()
        self.children: dict[int, dict[str, Any]] = {}  # by the pipe that it writes to
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
                _kill(child["pid"])
            sys.exit(0)
        *lines, self.pending = (self.pending + data).split(b"\n")
        self.waiting.extend(json.loads(line) for line in lines)

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
        self.children[reading] = {
            "pid": pid,
            "job": job,
            "data": b"",
            "cell": 0,
            "cell_started": time.monotonic(),
            "started": time.monotonic(),
        }
        _send({"page": job["page"]}, self.events)

    def _read_child(self, fd: int) -> None:
        child = self.children[fd]
        data = os.read(fd, 1 << 20)
        if not data:
            _, status = os.waitpid(child["pid"], 0)
            code = os.waitstatus_to_exitcode(status)
            self._report(fd, {"outputs": [], "error": died(child["cell"], code)})
            return
        *lines, child["data"] = (child["data"] + data).split(b"\n")
        for line in lines:
            event = json.loads(line)
            if "started" in event:
                child["cell"] = event["started"]
                child["cell_started"] = time.monotonic()
            else:
                os.waitpid(child["pid"], 0)
                self._report(fd, event)
                return

    def _enforce_time_limits(self) -> None:
        for fd, child in list(self.children.items()):
            limit = child["job"]["timeout"]
            if time.monotonic() - child["cell_started"] > limit:
                _kill(child["pid"])
                self._report(
                    fd, {"outputs": [], "error": timed_out(child["cell"], limit)}
                )

    def _report(self, fd: int, event: dict[str, Any]) -> None:
        child = self.children.pop(fd)
        self.selector.unregister(fd)
        os.close(fd)
        with suppress(ProcessLookupError):  # what a cell left running, if anything
            os.killpg(child["pid"], signal.SIGKILL)
        event["page"] = child["job"]["page"]
        event["seconds"] = time.monotonic() - child["started"]
        _send(event, self.events)


def _kill(pid: int) -> None:
    """End a page's process and all that it started."""
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


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


if __name__ == "__main__":
    main()
