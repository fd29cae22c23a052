"""Results of pages on disk: whole or absent, never half-written, never trusted blindly.

A file an entry, named by the digest of all that the result depends on, so an entry is
never updated and two builds at once can only write the same bytes.
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

__all__ = ["Digest", "folder", "load", "store"]

Digest = str
_KEPT_PER_PAGE = 8
_LONGEST_WRITE = 600  # seconds


def folder(config: MkDocsConfig) -> Path:
    """Where this project's builds keep what they made: `extra.nwdocs.cache`."""
    options: Mapping[str, object] = config.extra.get("nwdocs", {})
    root = Path(config.config_file_path).resolve().parent
    return root / str(options.get("cache", "build/cache"))


def load(folder: Path, page: str, digest: Digest) -> dict[str, Any] | None:
    """The result stored for `page` under `digest`; None if absent or damaged."""
    try:
        checksum, _, body = _path(folder, page, digest).read_bytes().partition(b"\n")
    except OSError:
        return None
    if checksum.decode(errors="replace") != hashlib.sha256(body).hexdigest():
        return None
    return dict(json.loads(body))


def store(folder: Path, page: str, digest: Digest, result: dict[str, Any]) -> None:
    """Keep `result`, and drop the page's oldest entries beyond a few.

    Raises:
        OSError: the folder cannot be written; nothing half-written stays behind.
    """
    path = _path(folder, page, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = json.dumps(result, sort_keys=True).encode()
    checksum = hashlib.sha256(body).hexdigest().encode()
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(checksum + b"\n" + body)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    _drop_leftovers(path.parent)
    entries = sorted(path.parent.glob("*.json"), key=_age)
    for entry in entries[:-_KEPT_PER_PAGE]:
        entry.unlink(missing_ok=True)


def _drop_leftovers(folder: Path) -> None:
    """Remove what builds that were killed left; a living one writes for less long."""
    for part in folder.glob("*.part"):
        if _age(part) < time.time() - _LONGEST_WRITE:
            part.unlink(missing_ok=True)


def _path(folder: Path, page: str, digest: Digest) -> Path:
    return folder / page.replace("/", "--").removesuffix(".md") / f"{digest}.json"


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another build dropped it
        return 0.0
