"""The project that is tested: where it lies, what its pages are, and copies of it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.utils.yaml import yaml_load

from nwdocs.site.pages import nav_uris

ROOT = Path(__file__).resolve().parents[2]

#: The Python that runs in pages, where `make live` has fetched it.
RUNTIME = ROOT / "build" / "live"

# What lies in the project's folder and was made from the rest, or is somebody's own.
_MADE = {".venv", "build", "dist", "site", ".site.lock", ".hypothesis"}

with (ROOT / "mkdocs.yml").open(encoding="utf-8") as _config:
    #: The Markdown file of every page, in the order of the navigation.
    SOURCES: list[str] = list(nav_uris(yaml_load(_config)["nav"]))


def path_of(source: str) -> str:
    """Where a page is on the site: "" for index.md, "kernels/" for kernels.md."""
    name = source.removesuffix(".md").removesuffix("index").rstrip("/")
    return f"{name}/" if name else ""


#: The path of every page, in the order of the navigation.
PAGES: list[str] = [path_of(source) for source in SOURCES]


def copy_project(folder: Path, *names: str) -> Path:
    """Copy the project into `folder` as it stands, without what was made from it.

    Args:
        folder: where to; it need not be there.
        names: copy these files and folders alone.
    """

    def made(parent: str, found: list[str]) -> set[str]:
        of_tools = {
            name for name in found if re.fullmatch(r"__pycache__|\..*cache", name)
        }
        return of_tools | _MADE if Path(parent) == ROOT else of_tools

    for name in names or [""]:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(
                source, target, ignore=made, symlinks=True, dirs_exist_ok=True
            )
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return folder


@contextmanager
def appended(file: Path, text: str) -> Iterator[None]:
    """Have `text` at the end of `file`, or a file with that alone, until this is left."""
    before = file.read_bytes() if file.exists() else None
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.write(text)
    try:
        yield
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_bytes(before)
