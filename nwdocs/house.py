"""The package's own modules and what they import from each other, read from their text."""

import re
from functools import cache
from pathlib import Path

__all__ = ["imports", "modules"]

_ROOT = Path(__file__).resolve().parents[1]
_IMPORT = re.compile(
    r"^[ \t]*(?:from (?P<source>nwdocs[\w.]*) import (?P<names>\([^)]*\)|[^\n#]*)"
    r"|import (?P<module>nwdocs[\w.]*))",
    re.MULTILINE,
)


def modules() -> dict[str, Path]:
    """The file of each module of the package, by the module's full name."""
    files = (path.relative_to(_ROOT) for path in sorted(_ROOT.glob("nwdocs/**/*.py")))
    return {
        ".".join(file.with_suffix("").parts).removesuffix(".__init__"): _ROOT / file
        for file in files
    }


def imports() -> dict[str, list[str]]:
    """For each module of the package, the modules of the package that it imports."""
    known = modules()
    return {name: _imported(file, frozenset(known)) for name, file in known.items()}


def _imported(file: Path, known: frozenset[str]) -> list[str]:
    return _imported_by(file.read_text(encoding="utf-8"), known)


@cache
def _imported_by(text: str, known: frozenset[str]) -> list[str]:
    found = set()
    for match in _IMPORT.finditer(text):
        if match["module"]:
            found.add(match["module"])
            continue
        for name in re.findall(r"(\w+)(?: as \w+)?", match["names"]):
            member = f"{match['source']}.{name}"
            found.add(member if member in known else match["source"])
    return sorted(found)
