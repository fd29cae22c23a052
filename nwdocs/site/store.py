"""Results of earlier builds on disk: whole or absent, checked when they are read.

A file an entry, named by the digest of all that the result depends on. So an entry is
never updated, and two builds at once can only write the same bytes.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from nwdocs.files import drop_leftovers, write_whole

__all__ = ["digest_of", "load", "store"]

_KEPT_PER_NAME = 8


def load(folder: Path, name: str, digest: str) -> bytes | None:
    """The result stored for `name` under `digest`; None if it is absent or damaged."""
    try:
        checksum, _, content = _path(folder, name, digest).read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if checksum == _checksum(content) else None


def store(folder: Path, name: str, digest: str, content: bytes) -> None:
    """Keep `content`, and drop the oldest entries of `name` beyond a few.

    Raises:
        OSError: the folder cannot be written; nothing half-written stays behind.
    """
    path = _path(folder, name, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, _checksum(content) + b"\n" + content)
    drop_leftovers(path.parent)
    entries = sorted(path.parent.glob("*.entry"), key=_age)
    for entry in entries[:-_KEPT_PER_NAME]:
        if entry != path:  # an older one may be dated in the future
            entry.unlink(missing_ok=True)


def digest_of(facts: object) -> str:
    """The digest of numbers, texts, options, functions and extensions, in any nesting."""
    text = json.dumps(facts, default=_described, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def _described(thing: Any) -> object:
    """What JSON does not know: an option's mapping, a function, an extension."""
    if isinstance(thing, Mapping):
        return dict(thing)
    kind = thing if callable(thing) else type(thing)
    return f"{kind.__module__}.{kind.__qualname__}"


def _checksum(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()


def _path(folder: Path, name: str, digest: str) -> Path:
    return folder / name.replace("/", "--").removesuffix(".md") / f"{digest}.entry"


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another build dropped it
        return 0.0
