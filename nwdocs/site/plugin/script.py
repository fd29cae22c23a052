"""The explorable's script as readers get it: a few small files.

The theme holds ES modules, which a browser also takes as they are. One file in place of
twenty is four fifths of the bytes, because each file is compressed on its own. What the
modules import only when it is needed, by ``import("./part.js")``, stays a file of its own,
and takes what it shares with the first file from there.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from os.path import relpath
from pathlib import Path
from string import ascii_letters
from types import MappingProxyType

from minify import string as minified
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

__all__ = ["ASSETS", "ENTRY", "modules", "parts", "publish_script", "scripts", "short"]

ASSETS = Path(__file__).parents[1] / "theme/assets"
ENTRY = "explorer.js"

_IMPORT = re.compile(
    r'^import \{(?P<names>[^}"]*)\} from "(?P<path>\.[^"]+)";\n', re.MULTILINE
)
_LATER = re.compile(r'\(\) => import\("(?P<path>\.[^"]+)"\)')
_STYLE = re.compile("(?<=<style>).*?(?=</style>)", re.DOTALL)
_TAKEN_APART = re.compile(r"\bconst (?=[{\[])")
_CONST = re.compile(r"(?<=[;{}()])const(?=[ {[])")
_BETWEEN_TAGS = re.compile(r">\n\s*<")
_EXPORT = re.compile(
    r"^export (?P<kind>(?:async )?(?:const|class|function\*?) )(?P<name>\w+)",
    re.MULTILINE,
)


def modules(entry: Path = ASSETS / ENTRY) -> dict[Path, str]:
    """The text of `entry` and of all that it imports, each after what it imports."""
    texts: dict[Path, str] = {}
    text = entry.read_text(encoding="utf-8")
    for found in _IMPORT.finditer(text):
        texts |= modules((entry.parent / found["path"]).resolve())
    return texts | {entry: text}


def parts() -> list[Path]:
    """The modules that are loaded when they are needed."""
    return [
        (path.parent / found["path"]).resolve()
        for path, text in modules().items()
        for found in _LATER.finditer(text)
    ]


def scripts() -> dict[str, str]:
    """The script's files, the first one first: by their paths in `ASSETS`, their text.

    The modules of a file share one scope: no name may be declared at the top of two.
    """
    first = modules()
    later = {path: _own(path, first) for path in parts()}
    shared = {path: sorted(_shared(texts, first)) for path, texts in later.items()}
    # Between the files, what is shared has a letter for a name.
    letters = dict(
        zip(
            sorted({n for ns in shared.values() for n in ns}),
            ascii_letters,
            strict=False,
        )
    )
    given = {letter: name for name, letter in letters.items()}
    files = {ENTRY: _joined(first, ASSETS, given)}
    for path, texts in later.items():
        entry = relpath(ASSETS / ENTRY, path.parent)
        own = {found["name"]: found["name"] for found in _EXPORT.finditer(texts[path])}
        taken = {name: letters[name] for name in shared[path]}
        takes = f'import{{{",".join(taken.values())}}}from"{entry}";' if taken else ""
        name = path.relative_to(ASSETS).as_posix()
        files[name] = takes + _joined(texts, path.parent, own, taken)
    return files


def publish_script(files: Files, config: MkDocsConfig) -> None:
    """In the site, put these files in place of the theme's modules."""
    for path in modules() | dict.fromkeys(ASSETS.glob("explorer/*.js"), ""):
        if file := files.get_file_from_path(f"assets/{path.relative_to(ASSETS)}"):
            files.remove(file)
    for name, text in scripts().items():
        files.append(File.generated(config, f"assets/{name}", content=text))


def _own(part: Path, first: dict[Path, str]) -> dict[Path, str]:
    """The modules of a part that the first file does not have."""
    return {path: text for path, text in modules(part).items() if path not in first}


def _shared(texts: dict[Path, str], first: dict[Path, str]) -> set[str]:
    """What modules take from those of the first file."""
    return {
        name
        for path, text in texts.items()
        for found in _IMPORT.finditer(text)
        if (path.parent / found["path"]).resolve() in first
        for name in re.findall(r"\w+", found["names"])
    }


def _joined(
    texts: dict[Path, str],
    folder: Path,
    given: Mapping[str, str],
    taken: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Modules as one, for a file in `folder`.

    `given` are the names that it exports, each with the modules' own name for it; `taken`
    those that the modules take from another file, each with that file's name for it.
    """
    bodies = [_body(text, path.parent, folder) for path, text in texts.items()]
    whole = _BETWEEN_TAGS.sub("><", "\n".join(bodies))
    whole = _STYLE.sub(lambda css: str(minified("text/css", css[0])), whole)
    # In a function of their own, the names are the minifier's to shorten.
    return short(
        f"export const [{','.join(given)}] = (({','.join(taken)}) => {{\n{whole}\n"
        f"return [{','.join(given.values())}];\n}})({','.join(taken.values())});"
    )


@lru_cache(maxsize=16)
def short(script: str) -> str:
    """A script that does the same in fewer bytes."""
    # Where both are const, the minifier may put one that is taken apart, as in
    # `const {x} = a`, before `const a`.
    made = str(minified("application/javascript", _TAKEN_APART.sub("let ", script)))
    return _CONST.sub("let", made)  # one word for both is one word less to compress


def _body(text: str, here: Path, folder: Path) -> str:
    """A module of the folder `here` without imports and exports, for one in `folder`."""

    def later(found: re.Match[str]) -> str:
        target = (here / found["path"]).resolve()
        return f'() => import("./{relpath(target, folder)}")'

    return _LATER.sub(later, _EXPORT.sub(r"\g<kind>\g<name>", _IMPORT.sub("", text)))
