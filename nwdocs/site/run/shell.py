"""Runs the cells of one page in an IPython shell, and collects what they show."""

import re
import sys
import traceback
import warnings
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from json import dumps  # by name: a page may replace what the module holds
from pathlib import Path
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from nwdocs.site.run.streams import Streams
from nwdocs.site.run.watch import Watch, varying_calls

__all__ = ["PAGE_MIME", "failure", "load_shell", "run_cells"]

_Output = dict[str, Any]

_ADDRESS = re.compile(r" at 0x[0-9a-f]{6,}")

_PACKAGE = Path(__file__).resolve().parents[2]
_HERE = str(Path(__file__).resolve().parent)
# Markdown for this site's pages: nwdocs.display gives it. It is not imported, for a page
# depends on the modules that are imported for it.
PAGE_MIME = "text/vnd.nwdocs.markdown"


class _Compiler(CachingCompiler):
    """Names code as the author counts it, in warnings too: <cell 3>."""

    name = "<cell>"

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """The file name of a cell's code; a later one of the same name replaces it."""
        return self.name


class _Shell(InteractiveShell):
    """A shell without a screen, for a page."""

    compiler_class = _Compiler

    def enable_gui(self, gui: object = None) -> None:
        """Ignore what magics such as %matplotlib ask for: there is no window."""

    def ask_exit(self) -> None:
        """What exit() and quit() of a session call."""
        raise _CellError(
            "exit() and quit() end a session, and a page runs to its end. Take the call "
            "out."
        )


def load_shell() -> None:
    """Make the shell in which each page runs, in a fork of its own."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    _Shell.instance(config=config)
    # At each SystemExit, IPython says how to leave a session.
    warnings.filterwarnings("ignore", "To exit: use", UserWarning)


def run_cells(
    uri: str,
    cells: Sequence[Mapping[str, Any]],
    watch: Watch,
    started: Callable[[int], None],
) -> dict[str, Any]:
    """Run `cells` in one shell, and stop at the first that raises.

    Args:
        uri: the page's file.
        cells: for each its source, its tags, and whether it is inline.
        watch: sees what this process reads and writes.
        started: called with each cell's index before the cell runs.

    Returns:
        outputs, a list of nbformat outputs for each cell that ran; error: None, or what
        `failure` gives; read: digests of the project's files that cells read; used: the
        modules of the package whose figures or whose source the page showed; varying: for
        each cell that ran, what it read that differs from build to build.
    """
    sys.argv = [uri]
    page = _Run(_Shell.instance(), watch)
    found = None
    for index, cell in enumerate(cells):
        started(index)
        error = page.run(cell)
        if error is not None:
            name = "" if isinstance(error, _CellError) else type(error).__name__
            message = _message(error, page.printed())
            at = _line_of(error, cell)
            found = failure(index, name, message, at, _raised_in(error, cell))
            break
    return {
        **{"outputs": page.outputs, "error": found},
        **{"read": page.watch.files, "used": page.watch.used()},
        **{"varying": page.varying},
    }


def failure(
    cell: int, name: str, message: str, line: int = 1, raised: str = ""
) -> dict[str, Any]:
    """What is told of a cell that failed.

    Args:
        cell: its index on the page.
        name: of the exception; empty where the message says all.
        message: of the exception.
        line: of the cell, from 1.
        raised: where in the package the exception was raised, if it was there.
    """
    return {
        **{"cell": cell, "line": line},
        **{"name": name, "message": message, "raised": raised},
    }


class _CellError(Exception):
    """What a page cannot show of a cell, though the cell itself raised nothing."""


class _Run:
    """One page's run: its outputs so far, to which the shell's hooks add."""

    def __init__(self, shell: Any, watch: Watch) -> None:
        self.shell, self.watch = shell, watch
        self.varying: list[list[str]] = []
        self.outputs: list[list[_Output]] = []
        self.displays: dict[str, list[_Output]] = {}  # by display_id
        self.raised: list[BaseException] = []
        self.clear_next = False
        self.streams = Streams(self._print)
        shell.display_pub.publish = self._publish
        shell.display_pub.clear_output = self._clear
        hook = shell.displayhook
        hook.write_format_data = self._show_result
        hook.start_displayhook = hook.write_output_prompt = lambda: None
        hook.finish_displayhook = lambda: None
        shell.showtraceback = shell.showsyntaxerror = self._note_error

    def run(self, cell: Mapping[str, Any]) -> BaseException | None:
        """Run one cell; what it raised, if it did, or what is wrong with its outputs."""
        self.outputs.append([])
        self.raised = []
        self.clear_next = False
        self.streams.begin()
        self.shell.compile.name = _code_name(cell)
        try:
            if cell["inline"]:
                error = self._evaluate(cell["source"])
            else:
                error = self._execute(cell["source"])
            self.streams.drain()
        except Exception as wrong:  # the streams', say
            error = wrong
        self.watch.varying |= varying_calls(cell["source"])
        if any(_ADDRESS.search(o.get("text", "")) for o in self.outputs[-1]):
            self.watch.varying.add("addresses of objects in memory, and prints them")
        self.varying.append(sorted(self.watch.varying))
        self.watch.varying.clear()
        if "raises-exception" in cell["tags"]:
            if error is None:
                return _CellError(
                    "the cell is tagged raises-exception, and raises nothing. Take the "
                    "tag away, or have the cell raise."
                )
            self._add(_as_output(error))
            error = None
        return error or self._open_figure()

    def _execute(self, source: str) -> BaseException | None:
        result = self.shell.run_cell(source, store_history=True)
        error: BaseException | None = result.error_before_exec or result.error_in_exec
        # Where displaying a value raises, IPython prints a traceback and goes on.
        return error or next(iter(self.raised), None)

    def _evaluate(self, source: str) -> BaseException | None:
        """Run an inline expression, whose value alone is the output."""
        shown: list[Any] = []
        hook = self.shell.displayhook
        formats, hook.compute_format_data = hook.compute_format_data, _keep_value(shown)
        try:
            error = self._execute(source)
        finally:
            hook.compute_format_data = formats
        if error is not None:
            return error
        self.streams.drain()
        if self.outputs[-1][:-1] or not shown:
            return _CellError(
                "an inline expression must have a value, and print or display nothing."
            )
        data, metadata = self.shell.display_formatter.format(shown[-1])
        rich = {kind: value for kind, value in data.items() if kind != "text/plain"}
        output = self.outputs[-1][-1]
        # Of a text, a page shows the text itself, and not as Python would write it.
        output["data"] = _as_json(rich) if rich else {"text/plain": str(shown[-1])}
        output["metadata"] = metadata
        return None

    def _open_figure(self) -> _CellError | None:
        """A figure of matplotlib that is left open is shown by a notebook, and not here."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None or not pyplot.get_fignums():
            return None
        pyplot.close("all")
        return _CellError(
            "the cell leaves a matplotlib figure open, which a notebook would show. A "
            "page shows figures with caption and alt text: register it as a figure in "
            'nwdocs/figures and end the cell with show("its-name").'
        )

    def printed(self) -> str:
        """What the last cell wrote to standard error."""
        outputs = self.outputs[-1]
        return "".join(o["text"] for o in outputs if o.get("name") == "stderr")

    # --- What the shell's hooks and the streams call ---------------------------------

    def _add(self, output: _Output) -> None:
        self.streams.drain()
        if self.clear_next:
            self._clear(wait=False)
        self.outputs[-1].append(output)

    def _print(self, name: str, text: str) -> None:
        if self.clear_next:
            self._clear(wait=False)
        outputs = self.outputs[-1]
        if outputs and outputs[-1].get("name") == name:
            outputs[-1]["text"] += text
        else:
            outputs.append({"output_type": "stream", "name": name, "text": text})

    def _publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: Mapping[str, Any] | None = None,
        update: bool = False,
        **_: object,
    ) -> None:
        output = {
            "output_type": "display_data",
            "data": _as_json(data),
            "metadata": metadata or {},
        }
        known = self.displays.setdefault((transient or {}).get("display_id", ""), [])
        if update:
            for earlier in known:
                earlier.update(output)
            return
        self._add(output)
        if transient and "display_id" in transient:
            known.append(output)

    def _show_result(
        self, data: dict[str, Any], metadata: dict[str, Any] | None = None
    ) -> None:
        self._add(
            {
                "output_type": "execute_result",
                "data": _as_json(data),
                "metadata": metadata or {},
                "execution_count": None,
            }
        )

    def _clear(self, wait: bool = False) -> None:
        self.streams.drain()
        self.clear_next = wait
        if not wait:
            self.outputs[-1].clear()

    def _note_error(self, exc_tuple: Any = None, *_: object, **__: object) -> None:
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1]
        if error is not None:
            self.raised.append(error)


def _keep_value(kept: list[Any]) -> Callable[[Any], tuple[dict[str, Any], Any]]:
    def compute(value: Any) -> tuple[dict[str, Any], Any]:
        kept.append(value)
        return {"text/plain": ""}, {}

    return compute


def _message(error: BaseException, printed: str = "") -> str:
    """What an exception says, with its notes (PEP 678), its parts and its causes.

    Args:
        error: the exception.
        printed: what the cell wrote to standard error: of an exit, that is the reason.
    """
    lines = [_text(error), *_details(error)]
    if isinstance(error, SystemExit):
        lines += printed.strip().splitlines()[-3:]
    seen = {id(error)}
    while cause := error.__cause__ or (
        None if error.__suppress_context__ else error.__context__
    ):
        if id(cause) in seen:
            break
        seen.add(id(cause))
        how = "Caused by" if error.__cause__ else "While handling"
        lines += [f"{how} {_named(cause)}", *_details(cause)]
        error = cause
    return "\n".join(lines)


def _details(error: BaseException) -> list[str]:
    """An exception's notes; of a group, its exceptions."""
    lines = [str(note) for note in getattr(error, "__notes__", [])]
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            lines += [f"- {_named(part)}", *(f"  {line}" for line in _details(part))]
    return lines


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {_text(error)}"


def _text(error: BaseException) -> str:
    """An exception's own words, if it can be asked for them."""
    try:
        return str(error)
    except Exception as wrong:
        return f"(its text cannot be had: str() raises {type(wrong).__name__})"


def _as_output(error: BaseException) -> _Output:
    """An exception that a page shows, without the frames of what runs the cell."""
    lines = traceback.format_exception_only(error)
    return {
        "output_type": "error",
        "ename": type(error).__name__,
        "evalue": _text(error),
        "traceback": "".join(lines).rstrip().splitlines(),
    }


def _as_json(data: dict[str, Any]) -> dict[str, Any]:
    """What is displayed, with bytes in base64, as nbformat has them.

    Where a value has Markdown for this site's pages, it is the output's Markdown.

    Raises:
        TypeError: to the cell that displays it: JSON has no form for a value.
    """
    data = {
        kind: b64encode(value).decode() if isinstance(value, bytes) else value
        for kind, value in data.items()
    }
    if PAGE_MIME in data:
        data["text/markdown"] = data.pop(PAGE_MIME)
    dumps(data)
    return data


def _line_of(error: BaseException, cell: Mapping[str, Any]) -> int:
    """The line of the cell, from 1, that led to the error; the last line, if none did."""
    source = cell["source"]
    above = _lines_above_code(source)
    if isinstance(error, SyntaxError) and error.filename == _code_name(cell):
        return above + (error.lineno or 1)
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename in (_code_name(cell), "<timed exec>")
        and "run_cell_magic(" not in (frame.line or "")
    ]
    if lines and lines[-1]:
        return above + lines[-1]
    return len(source.rstrip().splitlines())


def _code_name(cell: Mapping[str, Any]) -> str:
    """What the code of a cell is called in tracebacks and warnings."""
    kind = "expression after cell" if cell["inline"] else "cell"
    return f"<{kind} {cell['number']}>"


def _lines_above_code(source: str) -> int:
    """Lines that IPython takes off a cell: blank ones, and one like %%time."""
    code = source.lstrip()
    blank = source[: len(source) - len(code)].count("\n")
    return blank + code.startswith("%%")


def _raised_in(error: BaseException, cell: Mapping[str, Any]) -> str:
    """Where an error was raised, if not in the cell itself.

    In another cell of the page, in the package, in a module of the project or in a
    library: the last place that its author could know.
    """
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((_HERE, "<frozen"))
    ]
    if not frames or frames[-1].filename in (_code_name(cell), "<timed exec>"):
        return ""
    last = frames[-1]
    if last.filename.startswith("<"):
        return f"{last.filename.strip('<>')}, line {last.lineno}, in {last.name}"
    file = Path(last.filename)
    known = next((p for p in map(Path, _roots()) if file.is_relative_to(p)), None)
    if known is None:
        return ""
    name = file.relative_to(known).as_posix()
    if name.startswith("IPython/"):
        return ""
    return f"{name}, line {last.lineno}, in {last.name}"


def _roots() -> list[str]:
    """The folders of modules, the longest first."""
    roots = {str(_PACKAGE.parent), *(path for path in sys.path if path)}
    return sorted(roots, key=len, reverse=True)
