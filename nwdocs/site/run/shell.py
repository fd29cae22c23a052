"""Runs the cells of one page in an IPython shell, and collects what they show."""

import json
import sys
import traceback
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, TextIO

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

__all__ = ["failure", "load_shell", "run_cells"]

_Output = dict[str, Any]

_PACKAGE = Path(__file__).resolve().parents[2]
_HERE = str(Path(__file__).resolve().parent)


def load_shell() -> None:
    """Make the shell in which each page runs, in a fork of its own."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    InteractiveShell.instance(config=config)


def run_cells(cells: Sequence[str], started: Callable[[int], None]) -> dict[str, Any]:
    """Run `cells` in one shell, and stop at the first that raises.

    Args:
        cells: the source of each.
        started: called with each cell's index before the cell runs.

    Returns:
        outputs, a list of nbformat outputs for each cell that ran; and error: None, or
        what `failure` gives.
    """
    shell: Any = InteractiveShell.instance()
    everything: list[list[_Output]] = []
    for index, source in enumerate(cells):
        started(index)
        outputs: list[_Output] = []
        everything.append(outputs)
        printed = _capture(shell, outputs)
        with (
            redirect_stdout(_stream("stdout", outputs)),
            redirect_stderr(_stream("stderr", outputs)),
        ):
            result = shell.run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        # Where displaying a value raises, IPython prints a traceback and goes on.
        error = error or next(iter(printed), None)
        if error is not None:
            found = failure(
                index,
                type(error).__name__,
                str(error),
                _line_of(error, source),
                _raised_in(error),
            )
            return {"outputs": everything, "error": found}
    return {"outputs": everything, "error": None}


def failure(
    cell: int, name: str, message: str, line: int = 1, raised: str = ""
) -> dict[str, Any]:
    """What is told of a cell that failed.

    Args:
        cell: its index on the page.
        name: of the exception.
        message: of the exception.
        line: of the cell, from 1.
        raised: where in the package the exception was raised, if it was there.
    """
    return {
        **{"cell": cell, "line": line},
        **{"name": name, "message": message, "raised": raised},
    }


def _capture(shell: Any, outputs: list[_Output]) -> list[BaseException]:
    """Have `shell` append what it displays to `outputs` instead of printing it.

    Returns the list to which `shell` appends each error whose traceback it would print.
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

    def __init__(self, name: str, outputs: list[_Output]) -> None:
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


def _stream(name: str, outputs: list[_Output]) -> TextIO:
    return _Recorder(name, outputs)  # type: ignore[return-value]


def _line_of(error: BaseException, source: str) -> int:
    """The line of the cell, from 1, that led to the error; the last line, if none did."""
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
    """Where in the package an error was raised, if it was there."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(f"{_PACKAGE}/")
        and not frame.filename.startswith(_HERE)
    ]
    if not frames:
        return ""
    file = Path(frames[-1].filename).relative_to(_PACKAGE.parent)
    return f"{file.as_posix()}, line {frames[-1].lineno}, in {frames[-1].name}"
