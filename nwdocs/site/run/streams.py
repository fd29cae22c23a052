"""What a page's process writes, whoever writes it.

Python's own streams are recorded as they are written. All else, such as C code, a logger
that kept a stream since it was imported, or a program that a cell starts, writes to the
descriptors 1 and 2. Those are files here, which are read before anything is recorded.
So the order is that of the page, and the same in each build.
"""

import ctypes
import io
import os
import sys
import tempfile
from codecs import getincrementaldecoder
from collections.abc import Callable

__all__ = ["Streams", "TooMuch"]

_MOST = 4 << 20  # bytes that one cell may write
_NAMES = {1: "stdout", 2: "stderr"}


class TooMuch(Exception):
    """A cell wrote more than any page could show."""


class Streams:
    """Standard output and error of this process, as pieces of text in their order."""

    def __init__(self, write: Callable[[str, str], None]) -> None:
        """Take the two descriptors over.

        Args:
            write: called with the name of the stream, stdout or stderr, and a text.
        """
        self._write = write
        self._received = 0
        # Open as long as the page's process lives.
        self._files = {
            fd: tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
            for fd in _NAMES
        }
        self._read = dict.fromkeys(_NAMES, 0)  # bytes of each file
        decoder = getincrementaldecoder("utf-8")
        self._decoders = {fd: decoder("replace") for fd in _NAMES}
        for fd, file in self._files.items():
            os.dup2(file.fileno(), fd)

    def begin(self) -> None:
        """A cell begins: it has streams that are open, and may write as much as any."""
        self._received = 0
        for fd, name in _NAMES.items():
            if getattr(sys, f"__{name}__").closed or not self._is_ours(name):
                stream = io.TextIOWrapper(  # type: ignore[type-var]
                    _Raw(self, fd),
                    encoding="utf-8",
                    errors="backslashreplace",
                    write_through=True,
                )
                setattr(sys, name, stream)
                setattr(sys, f"__{name}__", stream)

    def drain(self) -> None:
        """Record what was written to the descriptors so far.

        Raises:
            TooMuch: the cell wrote more than any page could show.
        """
        ctypes.CDLL(None).fflush(None)  # what C code holds back
        for fd, file in self._files.items():
            size = os.fstat(file.fileno()).st_size
            if size > self._read[fd]:
                data = os.pread(file.fileno(), size - self._read[fd], self._read[fd])
                self._read[fd] = size
                self.record(fd, data)

    def record(self, fd: int, data: bytes) -> None:
        """Record what was written to one of the streams.

        Raises:
            TooMuch: the cell wrote more than any page could show.
        """
        self._received += len(data)
        if self._received > _MOST:
            raise TooMuch(
                f"the cell printed more than {_MOST >> 20} MB. Print less: a page shows "
                "a few lines."
            )
        if text := self._decoders[fd].decode(data):
            self._write(_NAMES[fd], text)

    def _is_ours(self, name: str) -> bool:
        stream = getattr(sys, f"__{name}__")
        return isinstance(getattr(stream, "buffer", None), _Raw)


class _Raw(io.RawIOBase):
    """The bytes below one of Python's streams."""

    def __init__(self, streams: Streams, fd: int) -> None:
        self._streams, self._fd = streams, fd
        self.mode = "wb"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def write(self, data: object) -> int:
        content = bytes(memoryview(data).cast("B"))  # type: ignore[arg-type]
        self._streams.drain()
        self._streams.record(self._fd, content)
        return len(content)
