"""The explorable's script as readers get it: its modules in one file, without comments.

docs/assets holds ES modules, which a browser also takes as they are. One file in place of
five is three quarters of the bytes and a fifth of the requests.
"""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from rjsmin import jsmin

__all__ = ["ENTRY", "MODULES", "bundle", "publish_script"]

ENTRY = "explorer.js"
#: What it imports, each after what it imports itself.
MODULES = tuple(f"explorer/{name}.js" for name in ("model", "view", "draw", "shell"))

_IMPORT = re.compile(r"^import\s[^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_INDENT = re.compile(
    r"\n\s+"
)  # what is left of it: in HTML and CSS, where it means nothing


def bundle(assets: Path) -> str:
    """The script in `assets` and the modules that it imports, as one module.

    They share one scope then: no name may be declared at the top of two of them. Nor
    may one template literal stand inside another, for rjsmin takes it for code.
    """
    texts = [(assets / name).read_text(encoding="utf-8") for name in (*MODULES, ENTRY)]
    joined = "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)
    return _INDENT.sub("\n", str(jsmin(joined)))


def publish_script(files: Files, config: MkDocsConfig) -> None:
    """In the site, put the bundle in place of the modules."""
    for name in (*MODULES, ENTRY):
        if file := files.get_file_from_path(f"assets/{name}"):
            files.remove(file)
    content = bundle(Path(config.docs_dir) / "assets")
    files.append(File.generated(config, f"assets/{ENTRY}", content=content))
