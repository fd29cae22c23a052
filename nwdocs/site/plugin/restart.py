"""Tells an author whose server runs older code than what was saved since."""

import logging
import sys
from pathlib import Path

from nwdocs.house import modules, rooms

__all__ = ["LoadedCode"]

log = logging.getLogger("mkdocs.nwdocs")


class LoadedCode:
    """The files of the modules that the server itself uses, as they were when loaded.

    Those are `nwdocs.site` and what it shares with the package. All other modules are
    used by the processes that run pages, which load them anew in each build.
    """

    def __init__(self) -> None:
        self._stamps = _stamps()

    def warn_if_saved(self) -> None:
        """Say which modules were saved since, and that the server must be restarted."""
        now = _stamps()
        saved = [path for path, stamp in self._stamps.items() if now.get(path) != stamp]
        self._stamps |= now  # each save is told once
        if saved:
            root = Path(__file__).resolve().parents[3]
            names = ", ".join(path.relative_to(root).as_posix() for path in saved)
            log.warning(
                "%s was saved, but this server runs the older code: end it and start "
                "it again to see the change.",
                names,
            )


def _stamps() -> dict[Path, int]:
    room = rooms()
    used = (
        file
        for name, file in modules().items()
        if name in sys.modules and room[name].startswith(("site", "shared"))
    )
    return {file: file.stat().st_mtime_ns for file in used}
