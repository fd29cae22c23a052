"""Tells an author whose server runs older code than what was saved since."""

import logging
import sys
from pathlib import Path

__all__ = ["LoadedCode"]

log = logging.getLogger("mkdocs.nwdocs")

_PACKAGE = "nwdocs"


class LoadedCode:
    """The files of the package's modules that this process has loaded, as they were then.

    The server's own process loads `nwdocs.site` and little else. All other modules are
    loaded by the processes that run pages, anew in each build.
    """

    def __init__(self) -> None:
        self._stamps = _stamps()

    def warn_if_saved(self) -> None:
        """Say which modules were saved since, and that the server must be restarted."""
        now = _stamps()
        saved = [path for path, stamp in self._stamps.items() if now.get(path) != stamp]
        self._stamps = now | self._stamps
        if saved:
            names = ", ".join(sorted(_name(path) for path in saved))
            log.warning(
                "%s was saved, but this server runs the older code: end it and start "
                "it again to see the change.",
                names,
            )


def _stamps() -> dict[Path, int]:
    files = (
        Path(file)
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == _PACKAGE
        if (file := getattr(module, "__file__", None))
    )
    return {path: path.stat().st_mtime_ns for path in files if path.exists()}


def _name(path: Path) -> str:
    return path.as_posix().rpartition(f"/{_PACKAGE}/")[2].join((f"{_PACKAGE}/", ""))
