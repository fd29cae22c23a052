"""The environment that cells see: nothing of the author's shell reaches a page."""

import atexit
import logging
import os
import tempfile
from functools import lru_cache
from pathlib import Path

__all__ = ["environment", "home", "start"]

log = logging.getLogger("mkdocs.nwdocs")

_PACKAGE = Path(__file__).resolve().parents[2]


def start() -> Path:
    """The program of the process that runs pages; it imports the package later."""
    return _PACKAGE / "site" / "run" / "start.py"


def environment(home: Path) -> dict[str, str]:
    """The variables of the process that runs pages.

    Args:
        home: the folder in which libraries may keep files.
    """
    return {
        "COLUMNS": "80",
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "LINES": "24",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "OPENBLAS_NUM_THREADS": "1",  # sums in one order, and no threads before a fork
        "VECLIB_MAXIMUM_THREADS": "1",  # the same for numpy on macOS
        "PATH": os.defpath,
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(_PACKAGE.parent),
        "TZ": "UTC",
    }


@lru_cache(maxsize=1)
def home(folder: Path) -> Path:
    """The folder where libraries may keep files: `folder`, if it can be written.

    matplotlib keeps a list of the machine's fonts there, which takes a second to make.
    """
    try:
        (folder / "matplotlib").mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        log.info("Cannot write to %s, so nothing is kept there: %s", folder, error)
        temporary = tempfile.TemporaryDirectory()
        atexit.register(temporary.cleanup)
        return Path(temporary.name)
    return folder
