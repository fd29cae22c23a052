"""Compiled modules of Python without what no page needs: docstrings, and columns.

A good part of a module tells of each instruction from which columns of its line it came. A
traceback shows them under the line, but the runtime has no sources to show lines of. The
numbers of the lines stay. Docstrings go as `python -OO` leaves them out.

What is read here is the format of `marshal`, as CPython 3.15 writes it.
"""

import struct
from collections.abc import Iterable, Iterator

__all__ = ["lean"]

_MAGIC = (3666).to_bytes(2, "little")  # of a module that CPython 3.15 compiled
_LOAD_CONST = 81  # its instruction that takes a constant, alone in doing so
_HEADER = 16
_REFERRED = 0x80  # a flag beside a type: what follows may refer to this object
_HAS_DOCSTRING = 0x4000000  # a flag of code: its first constant is one

# By an object's type: how many bytes it takes; or how many bytes tell how many more it
# takes, or how many objects.
_PLAIN = {
    **dict.fromkeys(b"0NFTS.", 0),
    **dict.fromkeys(b"ir", 4),
    **{ord("g"): 8, ord("y"): 16},
}
_TEXTS = {**dict.fromkeys(b"sutaA", 4), **dict.fromkeys(b"zZ", 1)}
_HOLDERS = {**dict.fromkeys(b"(<>", 4), ord(")"): 1}

# Entries of a table of lines: how many steps the line is from the last one's, and no column;
# and no line.
_LINE, _NO_LINE = 13, 15
_MOST_UNITS = 8

#: From where to where, and what to write there.
_Edit = tuple[int, int, bytes]


def lean(module: bytes, *, docstrings: bool = False) -> bytes:
    """A compiled module that does the same, without columns.

    Args:
        module: as a file has it.
        docstrings: whether functions keep theirs.

    Raises:
        ValueError: it is not compiled by the Python that this was written for.
    """
    if module[:2] != _MAGIC:
        raise ValueError("a module that another Python has compiled")
    reader = _Reader(module)
    reader.skip()
    out, end = [], 0
    for start, after, instead in sorted(reader.edits(docstrings)):
        out += [module[end:start], instead]
        end = after
    return b"".join([*out, module[end:]])


class _Reader:
    """Goes through a module's objects, and notes what can be written shorter."""

    def __init__(self, module: bytes) -> None:
        self.module = module
        self.at = _HEADER
        self._edits: list[_Edit] = []
        # For each docstring: the numbers by which others could refer to it or to what
        # holds it, and what to write.
        self._docstrings: list[tuple[range, list[_Edit]]] = []
        self._numbers = 0
        self._referred: set[int] = set()

    def edits(self, docstrings: bool) -> list[_Edit]:
        """What to write instead of which bytes, with or without docstrings."""
        found = list(self._edits)
        for numbers, edits in self._docstrings:
            if not docstrings and self._referred.isdisjoint(
                numbers
            ):  # else it is more than a docstring
                found += edits
        return found

    def skip(self) -> None:
        """Go past one object."""
        kind = self.module[self.at] & ~_REFERRED
        self._numbers += bool(self.module[self.at] & _REFERRED)
        self.at += 1
        if kind == ord("r"):
            self._referred.add(self._integer(4))
        elif kind in _PLAIN:
            self.at += _PLAIN[kind]
        elif kind in _TEXTS:
            size = self._integer(_TEXTS[kind])
            self.at += size
        elif kind in _HOLDERS:
            for _ in range(self._integer(_HOLDERS[kind])):
                self.skip()
        elif kind == ord("l"):  # digits of two bytes; with their number goes the sign
            digits = struct.unpack_from("<i", self.module, self.at)[0]
            self.at += 4 + 2 * abs(digits)
        elif kind == ord(":"):
            for _ in range(3):
                self.skip()
        elif kind == ord("c"):
            self._code()
        else:
            raise ValueError(f"a module with an object of the type {chr(kind)!r}")

    def _code(self) -> None:
        flags_at = self.at + 16
        self.at += 20  # how many arguments of each sort, the stack's size, flags
        instructions = self.at
        self.skip()
        flags = struct.unpack_from("<I", self.module, flags_at)[0]
        if flags & _HAS_DOCSTRING and not self._takes_first(instructions):
            self._constants(flags_at, flags & ~_HAS_DOCSTRING)
        else:
            self.skip()
        for _ in ("names", "variables", "their kinds", "file", "name", "whole name"):
            self.skip()
        self.at += 4  # the first line
        self._lines()
        self.skip()  # where exceptions are caught

    def _takes_first(self, start: int) -> bool:
        """Whether the instructions there could use the first constant."""
        units = self.module[start + 5 : self.at]
        return (_LOAD_CONST, 0) in zip(units[::2], units[1::2], strict=True)

    def _constants(self, flags_at: int, flags: int) -> None:
        """The constants of code that begin with a docstring."""
        start, first = self.at, self._numbers
        kind = self.module[start] & ~_REFERRED
        self.skip()
        if kind not in _HOLDERS:
            return  # those of other code, which has it
        text = start + 1 + _HOLDERS[kind]
        size_of = _TEXTS.get(self.module[text] & ~_REFERRED)
        if size_of is None:
            return
        flagged = [self.module[place] & _REFERRED for place in (start, text)]
        size = int.from_bytes(self.module[text + 1 : text + 1 + size_of], "little")
        self._docstrings.append(
            (
                range(first, first + sum(map(bool, flagged))),
                [
                    (text + 1, text + 1 + size_of + size, bytes(size_of)),
                    (flags_at, flags_at + 4, struct.pack("<I", flags)),
                ],
            )
        )

    def _lines(self) -> None:
        start = self.at
        self.skip()
        if self.module[start] & ~_REFERRED == ord("s"):
            table = _without_columns(self.module[start + 5 : self.at])
            size = struct.pack("<i", len(table))
            self._edits.append((start + 1, self.at, size + table))

    def _integer(self, size: int) -> int:
        self.at += size
        return int.from_bytes(self.module[self.at - size : self.at], "little")


def _without_columns(table: bytes) -> bytes:
    """A table of lines that tells no columns, with few entries."""
    out = bytearray()
    for units, step in _joined(_entries(table)):
        left = units
        while left:
            length = min(left, _MOST_UNITS)
            kind = _NO_LINE if step is None else _LINE
            out.append(0x80 | kind << 3 | length - 1)
            if step is not None:
                out += _signed(step if left == units else 0)
            left -= length
    return bytes(out)


def _joined(
    entries: Iterable[tuple[int, int | None]],
) -> Iterator[tuple[int, int | None]]:
    """Entries of which none goes on with the line of the one before."""
    units, step = 0, None
    for more, next_step in entries:
        if units and (next_step == 0 if step is not None else next_step is None):
            units += more
            continue
        if units:
            yield units, step
        units, step = more, next_step
    if units:
        yield units, step


def _entries(table: bytes) -> Iterator[tuple[int, int | None]]:
    """How many units of code come from a line, and how far that is from the last line."""
    at = 0
    while at < len(table):
        kind, units = table[at] >> 3 & 15, (table[at] & 7) + 1
        at += 1
        step: int | None = 0
        if kind < 10:
            at += 1
        elif kind < _LINE:
            step = kind - 10
            at += 2
        elif kind == _NO_LINE:
            step = None
        else:
            number, at = _number(table, at)
            step = -(number >> 1) if number & 1 else number >> 1
            if kind > _LINE:
                for _ in ("the last line", "column", "last column"):
                    _, at = _number(table, at)
        yield units, step


def _number(table: bytes, at: int) -> tuple[int, int]:
    """A number of six bits a byte, the lowest first; and where it ends."""
    number = shift = 0
    while True:
        byte = table[at]
        number |= (byte & 63) << shift
        at, shift = at + 1, shift + 6
        if not byte & 64:
            return number, at


def _signed(number: int) -> bytes:
    left = -number << 1 | 1 if number < 0 else number << 1
    out = bytearray()
    while left > 63:
        out.append(left & 63 | 64)
        left >>= 6
    out.append(left)
    return bytes(out)
