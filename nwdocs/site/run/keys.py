"""Digests of all that a page's outputs can depend on, and of nothing else.

A page runs again when its digest changes. Of the package, the modules count that the page
uses, and those that run cells: a change of style, template, navigation or rendering runs
no page. What it uses is in part known only when it has run, such as the figures that it
shows. So a page has two keys: one of what its cells say, under which the store has what it
then used; and one of that, too, under which the store has its outputs.
"""

import platform
import sys
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from nwdocs.house import imports
from nwdocs.site.pages import Page
from nwdocs.site.run.code import Code
from nwdocs.site.run.settings import Used
from nwdocs.site.store import digest_of

__all__ = [
    "RUNS_CELLS",
    "Keys",
    "data_digest",
    "file_digest",
    "is_installed",
    "libraries",
    "package_digest",
    "surroundings",
]

_STUDIES, _FIGURES = "nwdocs.study", "nwdocs.figures"
_PACKAGE = Path(__file__).resolve().parents[2]

_OF_RUN = ("environment", "server", "shell", "start", "streams", "studies", "watch")

#: The modules of `site/` that run in the process of a page.
RUNS_CELLS = (
    Path("site/store.py"),
    *(Path("site", "run", f"{name}.py") for name in _OF_RUN),
)


class Keys:
    """The keys of pages, in one state of the package and of all that is around it."""

    def __init__(self, code: Code) -> None:
        self._code = code
        runs = ("nwdocs." + ".".join(p.with_suffix("").parts) for p in RUNS_CELLS)
        self._common = [_machine(), data_digest(), code.digest(code.used(runs))]

    def first(self, page: Page) -> str:
        """Of the page's cells, prose excepted, and of the modules that they use."""
        cells = [[c.source, c.tags, c.inline, c.number] for c in page.cells]
        modules, texts = self._code.of_cells(cell.source for cell in page.cells)
        return digest_of(
            [self._common, page.uri, cells, self._code.digest(modules, texts)]
        )

    def second(self, first: str, used: Used) -> str:
        """Of what a page with the key `first` used besides."""
        modules = self._code.used(used.modules)
        return digest_of([first, self._code.digest(modules, used.texts)])

    @cached_property
    def studies(self) -> dict[str, str]:
        """Of each module with studies: all that it uses, so that its results can count."""
        code = self._code
        return {
            name: digest_of([self._common, code.digest(code.used([name]))])
            for name in code.texts
            if name.startswith(f"{_STUDIES}.")
        }

    def studies_of(self, page: Page) -> dict[str, str]:
        """The same of the modules that the page may use; any, if it shows figures."""
        modules, _ = self._code.of_cells(cell.source for cell in page.cells)
        return {
            name: digest
            for name, digest in self.studies.items()
            if name in modules or _FIGURES in modules
        }


def surroundings() -> str:
    """All that the outputs of any page can depend on, as one hexadecimal number."""
    return digest_of([package_digest(), imports(), _machine()])


def _machine() -> object:
    return [sys.version, platform.machine(), sys.platform, libraries()]


def data_digest() -> str:
    """Every file of the package that is no module: data that a module may read."""
    return _files_digest(path for path in _package_files() if path.suffix != ".py")


def package_digest() -> str:
    """Every file of the package that can have a part in a page's outputs."""
    return _files_digest(_package_files())


def _files_digest(names: Iterable[Path]) -> str:
    files = sha256()
    for path in sorted(names):
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


def is_installed(path: Path) -> bool:
    """Whether a file or folder is a library's, for which the library's version stands."""
    return "site-packages" in path.parts


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
