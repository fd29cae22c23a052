"""For an author's server, which outlives what it loaded: the package as last saved."""

import importlib
import importlib.util
import sys
from pathlib import Path

__all__ = ["is_loaded", "load"]


def _stamps() -> dict[Path, int]:
    package = Path(__file__).parents[1]
    return {path: path.stat().st_mtime_ns for path in package.rglob("*.py")}


_loaded = _stamps()


def is_loaded() -> bool:
    """Whether this process runs the package as it stands on disk."""
    return _stamps() == _loaded


def load() -> str:
    """Import the package anew if it was saved; if it cannot be, what runs stays.

    Returns:
        Why it cannot be imported, or nothing.
    """
    if is_loaded():
        return ""
    old = {name: sys.modules.pop(name) for name in _of_package()}
    try:
        for name in old:
            if importlib.util.find_spec(name):  # else it was deleted
                importlib.import_module(name)
    except Exception as error:
        for name in _of_package():
            del sys.modules[name]
        sys.modules.update(old)
        what = f"{type(error).__name__}: {error}"
        return f"The package was saved, but cannot be imported.\n{what}"
    return ""


def _of_package() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] == "nwdocs"]
