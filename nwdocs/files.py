"""Files that are written whole or not at all."""

import time
from pathlib import Path
from uuid import uuid4

__all__ = ["drop_leftovers", "write_whole"]

_ENDING = ".part"
_LONGEST_WRITE = 600  # seconds


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`: a reader finds all of it, or what was there before.

    Raises:
        OSError: `path` cannot be written; the error names it, and no part of the file
            is left behind.
    """
    part = path.with_name(f".{uuid4().hex}{_ENDING}")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None


def drop_leftovers(folder: Path) -> None:
    """Remove the parts that killed processes left; no living one writes for so long."""
    for part in folder.glob(f"*{_ENDING}"):
        try:
            if part.stat().st_mtime < time.time() - _LONGEST_WRITE:
                part.unlink()
        except OSError:  # another process dropped it
            continue
