"""Digests of all that a page's outputs can depend on, and of nothing else.

A page runs again when its digest changes. The package counts without `site/`, of which
only the modules that run cells do: a change of style, template, navigation or rendering
runs no page.
"""

import json
import platform
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from nwdocs.house import imports
from nwdocs.site.pages import Page

__all__ = [
    "RUNS_CELLS",
    "digest",
    "file_digest",
    "libraries",
    "package_digest",
    "surroundings",
]

_PACKAGE = Path(__file__).resolve().parents[2]

#: The modules of `site/` that run in the process of a page.
RUNS_CELLS = tuple(
    Path("site", "run", f"{name}.py")
    for name in ("environment", "server", "shell", "streams", "watch")
)


def digest(page: Page, around: str) -> str:
    """All that a page's outputs depend on, prose excepted, given its surroundings."""
    cells = [[c.source, c.tags, c.inline, c.number] for c in page.cells]
    facts = [around, page.uri, cells]
    return sha256(json.dumps(facts).encode()).hexdigest()


def surroundings() -> str:
    """All that the outputs of every page depend on, as one hexadecimal number."""
    facts = {
        "package": package_digest(),
        "house": imports(),  # one figure is a drawing of them
        "python": [sys.version, platform.machine(), sys.platform],
        "libraries": libraries(),
    }
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def package_digest() -> str:
    """Every file of the package that can have a part in a page's outputs."""
    files = sha256()
    for path in sorted(_package_files()):
        files.update(f"{path.as_posix()}\0".encode())
        files.update(sha256((_PACKAGE / path).read_bytes()).digest())
    return files.hexdigest()


def file_digest(path: Path) -> str:
    """The content of a file that a cell read; empty, if the file is gone."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _package_files() -> Iterable[Path]:
    for path in _PACKAGE.rglob("*"):
        name = path.relative_to(_PACKAGE)
        if name.parts[0] == "site" and name not in RUNS_CELLS:
            continue
        if path.is_file() and not any(map(_is_of_a_tool, name.parts)):
            yield name


def _is_of_a_tool(name: str) -> bool:
    """Whether Python or an editor left the file: byte code, a lock, a backup."""
    return name == "__pycache__" or name.startswith((".", "#")) or name.endswith("~")


def libraries() -> list[str]:
    """Name and version of everything that is installed beside the package."""
    # As pip calls their folders: reading what each says of itself takes fifty times as
    # long.
    return sorted(
        {
            info.name
            for folder in sys.path
            for kind in ("dist-info", "egg-info")
            for info in Path(folder).glob(f"*.{kind}")
        }
    )
