"""The package's own modules: their rooms, and what they import from each other.

All of it is read from the modules' text, so a drawing of it cannot go stale.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

__all__ = ["imports", "modules", "room_imports", "rooms", "without_shortcuts"]

_PACKAGE = Path(__file__).resolve().parent
_IMPORT = re.compile(
    r"^[ \t]*(?:from (?P<source>nwdocs[\w.]*) import (?P<names>\([^)]*\)|[^\n#]*)"
    r"|import (?P<module>nwdocs[\w.]*))",
    re.MULTILINE,
)

# Modules at the top of the package that are not the estimator's.
_COMMAND = {"cli"}
_SHARED = {"display", "files", "house", "progress", "source"}


def modules() -> dict[str, Path]:
    """The file of each module of the package, by the module's full name."""
    return {
        ".".join(
            (_PACKAGE.name, *file.relative_to(_PACKAGE).with_suffix("").parts)
        ).removesuffix(".__init__"): file
        for file in sorted(_PACKAGE.rglob("*.py"))
    }


def imports() -> dict[str, list[str]]:
    """For each module of the package, the modules of the package that it imports."""
    known = modules()
    names = frozenset(known)
    return {
        name: _imported(file.read_text(encoding="utf-8"), names)
        for name, file in known.items()
    }


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


@cache
def _imported(text: str, known: frozenset[str]) -> list[str]:
    found = set()
    for match in _IMPORT.finditer(text):
        if match["module"]:
            found.add(match["module"])
            continue
        for name in re.findall(r"(\w+)(?: as \w+)?", match["names"]):
            member = f"{match['source']}.{name}"
            found.add(member if member in known else match["source"])
    return sorted(found)
