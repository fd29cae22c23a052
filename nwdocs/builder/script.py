"""The explorable's script as readers get it: ES modules without their comments.

The modules' types are in comments, for a checker; they are a third of the bytes.
"""

import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from rjsmin import jsmin

__all__ = ["ASSETS", "ENTRY", "modules", "preloaded", "publish_modules"]

ASSETS = Path(__file__).parent / "theme/assets"
ENTRY = "explorer.js"

_IMPORT = re.compile(r'^(?:im|ex)port\b[^;"(]*\bfrom "(\.[^"]+)";$', re.MULTILINE)


def modules() -> dict[str, str]:
    """The text of each module without its comments, by its path in `ASSETS`."""
    # No template literal may stand inside another: jsmin takes it for code.
    return {
        path.relative_to(ASSETS).as_posix(): jsmin(path.read_text(encoding="utf-8"))
        for path in sorted(ASSETS.rglob("*.js"))
    }


def preloaded() -> list[str]:
    """The entry and all that it imports, for a page to load at once.

    What a module asks for with ``import()`` is not among them: it is loaded when needed.
    """
    found = [PurePosixPath(ENTRY)]
    for path in found:
        text = (ASSETS / path).read_text(encoding="utf-8")
        imported = [path.parent / name for name in _IMPORT.findall(text)]
        found += [path for path in imported if path not in found]
    return [str(path) for path in found]


def publish_modules(files: Files, config: MkDocsConfig) -> None:
    """In the site, put the modules without comments in place of the theme's files."""
    for path, content in modules().items():
        if file := files.get_file_from_path(f"assets/{path}"):
            files.remove(file)
        files.append(File.generated(config, f"assets/{path}", content=content))
