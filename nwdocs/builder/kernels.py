"""Runs a page's cells in a plain Jupyter kernel, where forking is not safe."""

import copy
import re
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

__all__ = ["run_in_kernel"]


def run_in_kernel(
    cells: list[str], folder: Path, environment: dict[str, str], timeout: float
) -> tuple[list[list[dict[str, Any]]], dict[str, Any] | None]:
    """The outputs of each cell, and None or the error that ended the run."""
    code: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
    }
    notebook = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {
            "nbformat": 4,
            "nbformat_minor": 4,
            "metadata": {},
            "cells": [copy.deepcopy(code) | {"source": source} for source in cells],
        }
    )
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=timeout,
    )
    error = None
    # The kernel warns that its sockets are not encrypted: they are on the loopback
    # interface, for as long as a page runs, and what a page shows is published anyway.
    client.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
    with client.setup_kernel(env=environment):
        for index, cell in enumerate(notebook.cells):
            try:
                client.execute_cell(cell, index)
            except CellExecutionError:
                pass  # it is among the outputs, as what a value's display raises is
            except CellTimeoutError:
                message = (
                    f"the cell ran longer than {timeout:g} s (extra.nwdocs.timeout in "
                    "mkdocs.yml)"
                )
                error = _error(index, "CellTimeout", message)
            except DeadKernelError as raised:
                error = _error(index, "ProcessDied", str(raised))
            for shown in cell.outputs:
                if shown.output_type == "error" and not error:
                    traceback = "\n".join(shown.traceback)
                    last = len(cell.source.rstrip().splitlines())
                    error = _error(index, shown.ename, shown.evalue, traceback, last)
            if error:
                break
    return [_outputs(cell) for cell in notebook.cells], error


def _error(
    index: int, name: str, message: str, traceback: str = "", line: int = 1
) -> dict[str, Any]:
    """The event's "error"; `line` is where the traceback names none of the cell's."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", traceback)
    lines = re.findall(r"(?:Cell|In\[\d*\],) ?(?:In\[\d*\])?,? line (\d+)", plain)
    return {
        "cell": index,
        "name": name,
        "message": message,
        "line": int(lines[-1]) if lines else line,
    }


def _outputs(cell: Any) -> list[dict[str, Any]]:
    """A cell's outputs as the worker gives them: a stream's pieces joined, no counts."""
    joined: list[dict[str, Any]] = []
    for output in cell.outputs:
        if output.output_type == "error":
            continue
        if (
            output.output_type == "stream"
            and joined
            and joined[-1].get("name") == output.name
        ):
            joined[-1]["text"] += output.text
        else:
            joined.append(
                dict(output)
                | ({"execution_count": None} if "execution_count" in output else {})
            )
    return joined
