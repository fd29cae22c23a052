"""Runs a page's cells inside the browser, in one namespace, as the build does.

This file is published as it is, and is the first that the browser's Python reads. It needs
nothing but the standard library. What cells print and show goes to standard output as
lines of JSON, each after a mark that no text has.
"""

import ast
import builtins
import contextlib
import io
import json
import linecache
import logging
import os
import sys
import traceback
from collections.abc import Mapping
from typing import Any

__all__ = ["PAGE_MIME", "begin", "display", "evaluate", "run"]

_MARK = "\x1e"
_MOST = 1_000_000  # characters that one cell may print
_NAMES: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
_KINDS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_latex_": "text/latex",
    "_repr_svg_": "image/svg+xml",
}
# A figure of the package, without what a page has no use for here.
_FIGURE = "application/vnd.nwdocs.figure+json"
PAGE_MIME = "text/vnd.nwdocs.markdown"  # Markdown for this site's pages
_SHOWN_OF_FIGURES = ("name", "number", "caption", "alt", "inline")


def run(source: str, number: int) -> None:
    """Run a cell, and send what it prints and shows; its last value, unless it ends in ;.

    Args:
        source: the cell's code.
        number: by which tracebacks name it; 0 for code that is in no cell.
    """
    name = f"<cell {number}>" if number else "<code>"
    # Where a traceback looks for the lines of code that is in no file.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, _Stream):
            stream.written = 0
    try:
        tree = ast.parse(source, name)
        last = tree.body[-1] if tree.body else None
        value = None
        shown = isinstance(last, ast.Expr) and not source.rstrip().endswith(";")
        if shown and isinstance(last, ast.Expr):
            tree.body.pop()
            exec(compile(tree, name, "exec"), _NAMES)
            value = eval(compile(ast.Expression(last.value), name, "eval"), _NAMES)
        else:
            exec(compile(tree, name, "exec"), _NAMES)
        if value is not None:
            _NAMES["_"] = value
            display(value)
    except BaseException as error:
        _send(_described(error, name))


def evaluate(source: str, number: int) -> None:
    """Send the value of an expression that stands in a sentence."""
    try:
        value = eval(source.strip(), _NAMES)
        data = _bundle(value)
        rich = {kind: text for kind, text in data.items() if kind != "text/plain"}
        _send({"value": rich or {"text/plain": str(value)}})
    except BaseException as error:
        _send(_described(error, f"<expression after cell {number}>"))


def display(*values: object) -> None:
    """Show values as the last one of a cell is shown."""
    for value in values:
        _send({"display": _bundle(value)})


def _bundle(value: Any) -> dict[str, Any]:
    """What there is to show of a value, by type; a class itself is only named."""
    data: dict[str, Any] = {"text/plain": _plain(value)}
    if isinstance(value, type):
        return data
    if hasattr(value, "drawing") and hasattr(value, "svg"):
        return data | _figure(value)
    if hasattr(value, "_repr_mimebundle_"):
        found = value._repr_mimebundle_()
        found = dict(found[0] if isinstance(found, tuple) else found)
        if PAGE_MIME in found:
            found["text/markdown"] = found.pop(PAGE_MIME)
        return _small(data | found)
    for method, kind in _KINDS.items():
        if hasattr(value, method):
            text = getattr(value, method)()
            if text is not None:
                data[kind] = text
    if hasattr(value, "savefig"):  # a figure of matplotlib's, as a notebook shows it
        with io.StringIO() as out:
            value.savefig(out, format="svg")
            data["image/svg+xml"] = out.getvalue()
    return data


def _figure(value: Any) -> dict[str, Any]:
    """A figure of the package; its PNG, which takes the longest, is not asked for."""
    from nwdocs.figures.registry import number
    from nwdocs.figures.svg import inline

    drawing = value.drawing
    return {
        "text/plain": f"Figure {number(value.name)}: {drawing.alt}",
        _FIGURE: {
            "name": value.name,
            "number": number(value.name),
            "caption": drawing.caption,
            "alt": drawing.alt,
            "inline": inline(value.svg),
        },
    }


def _small(data: Mapping[str, Any]) -> dict[str, Any]:
    kept = {kind: value for kind, value in data.items() if kind != "image/svg+xml"}
    if _FIGURE in kept:
        figure = kept[_FIGURE]
        kept[_FIGURE] = {key: figure[key] for key in _SHOWN_OF_FIGURES if key in figure}
    return kept if _FIGURE in kept else dict(data)


def _plain(value: Any) -> str:
    """A value as text, as IPython would break it into lines."""
    from pprint import pformat

    if isinstance(value, list | tuple | dict | set):
        return pformat(value, width=80, sort_dicts=False)
    return repr(value)


def _described(error: BaseException, name: str) -> dict[str, Any]:
    """An error, its traceback from the cell on, and the cell's line that led to it."""
    if isinstance(error, SyntaxError) and error.filename == name:
        lines = traceback.format_exception_only(error)
        return _error(error, lines, error.lineno)
    frames = traceback.extract_tb(error.__traceback__)
    own = [i for i, frame in enumerate(frames) if frame.filename == name]
    kept = frames[own[0] :] if own else frames
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(kept)]
    lines += traceback.format_exception_only(error)
    return _error(error, lines, frames[own[-1]].lineno if own else None)


def _error(error: BaseException, lines: list[str], line: int | None) -> dict[str, Any]:
    return {
        "error": {
            "name": type(error).__name__,
            "message": str(error),
            "text": "".join(lines),
            "line": line,
        }
    }


def _send(message: dict[str, Any]) -> None:
    content = f"{_MARK}{json.dumps(message)}\n".encode()
    while content:
        content = content[os.write(1, content) :]


class _Stream(io.TextIOBase):
    """What is printed, sent as it comes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.written = 0  # by the cell that runs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.written += len(text)
        if self.written > _MOST:
            self.written = 0  # so that the error itself can be told
            raise RuntimeError(f"the cell printed more than {_MOST} characters")
        if text:
            _send({"stream": self._name, "text": text})
        return len(text)


def begin(site: str, data: str, library: str) -> None:
    """Make the package and matplotlib's files readable, and take the streams over.

    Args:
        site: the folder into which the package's wheel is unpacked.
        data: the folder in which matplotlib looks for its files.
        library: the zip in which they are.
    """
    from zipfile import ZipFile

    with ZipFile(f"{site}/package.whl") as wheel:
        wheel.extractall(site)
    with ZipFile(library) as given:
        for name in given.namelist():
            if name.startswith("matplotlib/mpl-data/"):
                *folders, file = name.removeprefix("matplotlib/mpl-data/").split("/")
                for depth in range(1, len(folders) + 1):
                    # `makedirs` would look into the folders above, which are no folders.
                    with contextlib.suppress(FileExistsError):
                        os.mkdir("/".join([data, *folders[:depth]]))
                with open("/".join([data, *folders, file]), "wb") as out:
                    out.write(given.read(name))
    sys.path_importer_cache.clear()  # this module was found before the package was there
    # It warns that no folder is writable, where none has permissions.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    sys.stdout, sys.stderr = _Stream("stdout"), _Stream("stderr")
    _NAMES["display"] = display
    _send({"begun": True})
