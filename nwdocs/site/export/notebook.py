"""A page as a notebook with its outputs, and as a script."""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from nwdocs.site.export.document import Cut, Document
from nwdocs.site.pages import Cell
from nwdocs.site.plugin.upstream import absent

__all__ = ["archive", "notebook", "script", "text_of"]

# By jupytext, to write a script.
_NOT_NEEDED = (
    *("jupyter_client", "markdown_it"),
    *("jupytext.async_contentsmanager", "jupytext.sync_contentsmanager"),
)

#: What of an output a notebook anywhere can show: the standard types, no private ones.
_SHOWN = (
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/latex",
    "application/json",
    "text/plain",
)


def notebook(
    document: Document,
    cells: Sequence[Cell],
    outputs: Sequence[Sequence[Mapping[str, Any]]],
    install: str,
    markdown: Any = str,
) -> dict[str, Any]:
    """The page as a notebook of format 4.5.

    Args:
        document: the page.
        cells: of the page, inline expressions too: a part names one by its index.
        outputs: of each of them, as nbformat has them.
        install: what pip is told, to install the package.
        markdown: Markdown that a cell showed, as a notebook is to show it.
    """
    parts = [_install_cell(install)]
    ran = 0
    for part in document.parts:
        if part.cell is None:
            parts.append(_prose_cell(part, len(parts)))
        else:
            ran += 1
            cell = cells[part.cell]
            shown = [_output(o, ran, markdown) for o in outputs[part.cell]]
            parts.append(_code_cell(cell, [o for o in shown if o], ran))
    # The title comes first, then what installs.
    first = next(
        (i for i, part in enumerate(parts) if part["cell_type"] == "markdown"), 0
    )
    parts[0 : first + 1] = [*parts[1 : first + 1], parts[0]]
    return {
        "cells": parts,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
            "title": document.title,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def script(made: Mapping[str, Any]) -> str:
    """The notebook `made` as a script in percent format."""
    with absent(*_NOT_NEEDED):
        import jupytext
    import nbformat

    node = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {
            **made,
            "cells": [
                {**cell, "metadata": {}}
                | ({"outputs": []} if "outputs" in cell else {})
                for cell in made["cells"]
            ],
            "metadata": {"jupytext": {"cell_metadata_filter": "-all"}},
        }
    )
    text: str = jupytext.writes(node, fmt="py:percent")
    body = text.partition("# ---\n\n")[2] or text  # without a header of jupytext's
    return body


def text_of(made: Mapping[str, Any]) -> str:
    """The notebook as its file has it."""
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def archive(files: Mapping[str, bytes], day: tuple[int, int, int]) -> bytes:
    """Files in one zip, the same bytes for the same files and day."""
    with BytesIO() as out:
        with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as zipped:
            for name in sorted(files):
                info = ZipInfo(name, (*day, 0, 0, 0))
                info.external_attr = 0o644 << 16
                info.compress_type = ZIP_DEFLATED
                zipped.writestr(info, files[name])
        return out.getvalue()


def _install_cell(install: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": "install",
        "metadata": {},
        "outputs": [],
        "source": f"%pip {install.replace('install', 'install --quiet', 1)}",
    }


def _prose_cell(part: Cut, index: int) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "id": f"prose-{index}",
        "metadata": {},
        "source": part.prose,
    }


def _code_cell(
    cell: Cell, outputs: Sequence[Mapping[str, Any]], ran: int
) -> dict[str, Any]:
    metadata: dict[str, Any] = {"tags": list(cell.tags)} if cell.tags else {}
    if {"hide_input", "fold"} & {*cell.tags}:
        metadata["jupyter"] = {"source_hidden": True}
    return {
        "cell_type": "code",
        "execution_count": ran,
        "id": f"cell-{cell.number}",
        "metadata": metadata,
        "outputs": list(outputs),
        "source": cell.source.rstrip("\n"),
    }


def _output(
    output: Mapping[str, Any], ran: int, markdown: Any
) -> dict[str, Any] | None:
    match output["output_type"]:
        case "stream" | "error":
            return dict(output)
    data = {kind: output["data"][kind] for kind in _SHOWN if kind in output["data"]}
    if "image/svg+xml" not in data and "text/html" in output["data"]:
        data["text/html"] = output["data"]["text/html"]
    if "text/markdown" in data:
        # As plain text it would be the same text, in Python's quotes.
        data = {"text/markdown": markdown(data["text/markdown"])}
    shown: dict[str, Any] = {
        "output_type": output["output_type"],
        "data": data,
        "metadata": {},
    }
    if output["output_type"] == "execute_result":
        shown["execution_count"] = ran
    return shown
