"""The explorable's script as readers get it: its modules in one file, without comments.

The theme holds ES modules, which a browser also takes as they are. One file in place of
twenty is four fifths of the bytes, because each file is compressed on its own.
"""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from rjsmin import jsmin

__all__ = ["ASSETS", "ENTRY", "modules", "publish_script", "script"]

ASSETS = Path(__file__).parents[1] / "theme/assets"
ENTRY = "explorer.js"

_IMPORT = re.compile(r'^import\b[^;"]*\bfrom "(?P<path>\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def modules(entry: Path = ASSETS / ENTRY) -> dict[Path, str]:
    """The text of `entry` and of all that it imports, each after what it imports."""
    texts: dict[Path, str] = {}
    text = entry.read_text(encoding="utf-8")
    for found in _IMPORT.finditer(text):
        texts |= modules(entry.parent / found["path"])
    return texts | {entry: text}


def script() -> str:
    """The modules as one, without comments.

    They share one scope then: no name may be declared at the top of two of them. Nor
    may one template literal stand inside another, for jsmin takes it for code.
    """
    texts = [_EXPORT.sub("", _IMPORT.sub("", text)) for text in modules().values()]
    return str(jsmin("\n".join(texts)))


def publish_script(files: Files, config: MkDocsConfig) -> None:
    """In the site, put the one file in place of the theme's modules."""
    for path in modules():
        if file := files.get_file_from_path(f"assets/{path.relative_to(ASSETS)}"):
            files.remove(file)
    files.append(File.generated(config, f"assets/{ENTRY}", content=script()))
