"""The package's own modules: their rooms, and what they import from each other.

All of it is read from the modules' text, so a drawing of it cannot go stale.
"""

import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

__all__ = [
    "imported",
    "imported_names",
    "imports",
    "modules",
    "room_imports",
    "rooms",
    "sources",
    "without_imports",
    "without_shortcuts",
]

_PACKAGE = Path(__file__).resolve().parent
_IMPORT = re.compile(
    r"^[ \t]*(?:from (?P<source>nwdocs[\w.]*) import (?P<names>\([^)]*\)|[^\n#]*)"
    r"|import (?P<module>nwdocs[\w.]*))",
    re.MULTILINE,
)

# Modules at the top of the package that are not the estimator's.
_COMMAND = {"cli"}
_SHARED = {"display", "files", "house", "once", "progress", "source"}


def modules() -> dict[str, Path]:
    """The file of each module of the package, by the module's full name."""
    return {
        ".".join(
            (_PACKAGE.name, *file.relative_to(_PACKAGE).with_suffix("").parts)
        ).removesuffix(".__init__"): file
        for file in sorted(_PACKAGE.rglob("*.py"))
    }


def sources() -> dict[str, str]:
    """The source of each module of the package, by the module's full name."""
    return {name: _text(file, file.stat()) for name, file in modules().items()}


def imports() -> dict[str, list[str]]:
    """For each module of the package, the modules of the package that it imports."""
    texts = sources()
    names = frozenset(texts)
    return {name: imported(text, names) for name, text in texts.items()}


def rooms() -> dict[str, str]:
    """The room of each module: its folder; at the top of the package, what it is for."""
    return {name: _room(file.relative_to(_PACKAGE)) for name, file in modules().items()}


def _room(file: Path) -> str:
    if folders := file.parent.parts:
        return "/".join(folders[:2])
    if file.stem in _SHARED:
        return "shared"
    return "cli" if file.stem in _COMMAND else "estimator"


def room_imports() -> dict[str, set[str]]:
    """For each room, the other rooms from which its modules import."""
    room = rooms()
    found: dict[str, set[str]] = {}
    for module, imported in imports().items():
        here = found.setdefault(room[module], set())
        here |= {room[other] for other in imported}
    return {here: others - {here} for here, others in sorted(found.items())}


def without_shortcuts(arrows: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Of arrows that form no circle, those that do not follow from two or more others."""

    def reach(start: str) -> set[str]:
        return {start}.union(*(reach(end) for end in arrows.get(start, ())))

    return {
        start: {
            end
            for end in ends
            if not any(end in reach(other) for other in ends if other != end)
        }
        for start, ends in arrows.items()
    }


@lru_cache(maxsize=1024)
def imported(text: str, known: frozenset[str]) -> list[str]:
    """The modules among `known` that the source `text` imports, or imports from."""
    found = set()
    for source, name in imported_names(text):
        member = f"{source}.{name}"
        found.add(member if member in known else source)
    return sorted(found)


@lru_cache(maxsize=4096)
def imported_names(text: str) -> tuple[tuple[str, str], ...]:
    """What the source `text` imports from the package: from where, and the name.

    The name is empty where a module is imported as it is, or with all its names.
    """
    found: list[tuple[str, str]] = []
    for match in _IMPORT.finditer(text):
        if match["module"]:
            found.append((match["module"], ""))
            continue
        names = re.findall(r"(\w+)(?: as \w+)?", match["names"]) or [""]
        found += [(match["source"], name) for name in names]
    return tuple(found)


def without_imports(text: str) -> str:
    """The source `text` without its imports from the package."""
    return _IMPORT.sub("", text)


def _text(file: Path, stamp: os.stat_result) -> str:
    return _text_at(file, (stamp.st_mtime_ns, stamp.st_size))


@lru_cache(maxsize=1024)
def _text_at(file: Path, stamp: tuple[int, int]) -> str:
    """The text of `file`, read again when its date or size is another."""
    return file.read_text(encoding="utf-8")
