"""Fresh environments that hold a few libraries, and nothing of this project."""

import subprocess
import venv
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def with_needs(*names: str) -> set[str]:
    """The distributions `names`, and all that they need here, without extras."""
    found: set[str] = set()
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for text in distribution(name).requires or []:
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(need.name))
    return found


def fresh_environment(folder: Path, *names: str) -> Path:
    """An environment in `folder` with pip and the libraries `names`; its Python.

    The libraries are those of this environment, by links: nothing is fetched.
    """
    venv.create(folder, with_pip=False)
    (library,) = folder.glob("lib/python*/site-packages")
    for name in with_needs("pip", *names):
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or []} - {
            "..",
            "__pycache__",
        }:
            link = library / top
            if not link.exists():
                link.symlink_to(Path(str(found.locate_file(top))).resolve())
    return folder / "bin/python"


def pip(python: Path, *arguments: str, cwd: Path) -> str:
    """What pip says, which may ask no index; the test fails if pip does."""
    done = subprocess.run(
        [python, "-m", "pip", "--isolated", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
