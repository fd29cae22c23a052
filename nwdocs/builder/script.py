"""The explorable's script as readers get it: ES modules without their comments.

The modules' types are in comments, for a checker; they are a third of the bytes.
"""

import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from rjsmin import jsmin

__all__ = ["ASSETS", "ENTRY", "modules", "publish_modules"]

ASSETS = Path(__file__).parent / "theme/assets"
ENTRY = "explorer.js"

_IMPORT = re.compile(r'^(?:im|ex)port\b[^;"]*\bfrom "(\.[^"]+)";$', re.MULTILINE)


def modules() -> dict[str, str]:
    """The entry and all that it imports: by path in `ASSETS`, what a page loads.

    A page may load these together. A module that another asks for with ``import()`` is
    not among them: it is loaded when it is needed.
    """
    texts: dict[str, str] = {}
    waiting = [PurePosixPath(ENTRY)]
    for path in waiting:
        text = (ASSETS / path).read_text(encoding="utf-8")
        # No template literal may stand inside another: jsmin takes it for code.
        texts[str(path)] = jsmin(text)
        imported = [path.parent / name for name in _IMPORT.findall(text)]
        waiting += [path for path in imported if path not in waiting]
    return texts


def publish_modules(files: Files, config: MkDocsConfig) -> None:
    """In the site, put the modules without comments in place of the theme's files."""
    for path, content in modules().items():
        if file := files.get_file_from_path(f"assets/{path}"):
            files.remove(file)
        files.append(File.generated(config, f"assets/{path}", content=content))
