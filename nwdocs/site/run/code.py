"""The package's code, as far as one page can show it: the modules that the page uses.

Those are the modules that its cells import, what these import in turn, and the modules of
the figures that it shows. An edit elsewhere does not change its outputs, nor does one of a
docstring or a comment, unless the page shows source.
"""

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from nwdocs.house import imported_names, imports, sources, without_imports
from nwdocs.site import store

__all__ = ["Code", "PlainCode", "read_code"]

_KEPT = ("code", "plain")  # the name and the digest in the store
_PACKAGE = "nwdocs"
_REGISTRY = "nwdocs.figures"  # imports all modules with figures, so that they register
_HOUSE = "nwdocs.house"  # of what it draws, every import of the package is a part
_REGISTERED = re.compile(r'^@figure\("([^"]+)"\)', re.MULTILINE)
_MENTION = re.compile(r"\bnwdocs(?:\.\w+)+")
_BARE = re.compile(r"\bnwdocs\b(?!\.\w)")
# With these, code can reach a module without naming it, or read what no import shows.
_ANYTHING = re.compile(
    r"^\s*(?:[%!]|import nwdocs\b)|\?\s*$"
    r"|\b(?:__doc__|__import__|FIGURES|eval|exec|help|import_module|importlib|inspect"
    r"|pkgutil|runpy|subprocess|sys\.modules|system)\b",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Code:
    """The package's modules, read once.

    Attributes:
        texts: the source of each module, by name.
        arrows: the modules that each imports.
        plain: the digest of a source without docstrings and comments.
    """

    texts: Mapping[str, str]
    arrows: Mapping[str, Sequence[str]]
    plain: Callable[[str], str]

    @cached_property
    def registered(self) -> dict[str, list[str]]:
        """The names of the figures that each module registers."""
        found = {
            name: _REGISTERED.findall(text)
            for name, text in self.texts.items()
            if name.startswith(f"{_REGISTRY}.")
        }
        return {name: figures for name, figures in found.items() if figures}

    @cached_property
    def _folders(self) -> set[str]:
        """The packages that have modules in them."""
        return set().union(*map(_packages, self.texts))

    def used(self, names: Iterable[str]) -> set[str]:
        """The modules `names`, all that they import, and the packages that they are in.

        Not the modules with figures, where they are imported to be registered alone. A
        package counts by its own code: which of its modules it imports changes nothing.
        """
        found: set[str] = set()
        waiting = [name for name in names if name in self.texts]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._needs(name)
        return found.union(*map(_packages, found))

    def named(self, cell: str) -> set[str]:
        """The modules that the code of a cell names."""
        found = {self._origin(*pair) for pair in imported_names(cell)}
        rest = without_imports(cell)
        found |= {self._module(mention) for mention in _MENTION.findall(rest)}
        # Of a package that is named as a whole, any module can be reached.
        whole = found & self._folders - {_REGISTRY, _PACKAGE}
        within = tuple(f"{name}." for name in whole)
        return found | {n for n in self.texts if within and n.startswith(within)}

    def of_cells(self, cells: Iterable[str]) -> tuple[set[str], set[str]]:
        """The modules that the code of `cells` uses, and those whose text it may show."""
        found: set[str] = set()
        for cell in cells:
            if _ANYTHING.search(cell) or _BARE.search(without_imports(cell)):
                return {*self.texts}, {*self.texts}
            found |= self.named(cell)
        return self.used(found), set()

    def digest(self, names: Iterable[str], shown: Iterable[str] = ()) -> str:
        """The code of the modules `names`; the whole text of those in `shown`."""
        whole = sha256()
        names, shown = {*names}, {*shown}
        for name in sorted(names | shown):
            text = self.texts.get(name, "")
            part = _sha(text) if name in shown else self.plain(text)
            whole.update(f"{name} {part}\n".encode())
        if _REGISTRY in names:
            whole.update(repr(sorted(self.registered.items())).encode())
        if _HOUSE in names:
            whole.update(repr(sorted(self.arrows.items())).encode())
        return whole.hexdigest()

    def _needs(self, name: str) -> Iterable[str]:
        needs = self.arrows.get(name, ())
        return (n for n in needs if name != _REGISTRY or n not in self.registered)

    def _origin(self, source: str, name: str) -> str:
        """The module that has what is imported from `source` by `name`."""
        if not name:
            return source
        if f"{source}.{name}" in self.texts:
            return f"{source}.{name}"
        for further, given in imported_names(self.texts.get(source, "")):
            if given == name:
                return self._origin(further, name)
        return source

    def _module(self, mention: str) -> str:
        while mention and mention not in self.texts:
            mention = mention.rpartition(".")[0]
        return mention


def read_code(plain: Callable[[str], str]) -> Code:
    """The package's code as it is now."""
    return Code(sources(), imports(), plain)


class PlainCode:
    """The digests of sources without docstrings, comments and line numbers.

    Reading the whole package takes half a second, so they are kept by their texts.
    """

    def __init__(self, cache: Path) -> None:
        """Take what was kept in the folder `cache`."""
        self._cache = cache
        kept = store.load(cache, *_KEPT)
        self._known: dict[str, str] = json.loads(kept) if kept else {}
        self._asked: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The digest of the source `text`."""
        name = _sha(f"{sys.version}\0{text}")
        if name not in self._asked:
            self._asked[name] = self._known.get(name) or _plain(text)
        return self._asked[name]

    def keep(self) -> None:
        """Keep what was asked for, and nothing older."""
        if self._asked.keys() - self._known.keys():
            with suppress(OSError):  # then it takes half a second again
                store.store(self._cache, *_KEPT, json.dumps(self._asked).encode())


def _plain(text: str) -> str:
    try:
        tree = ast.parse(text)
    except SyntaxError:  # whoever imports it will say so
        return _sha(text)
    for node in ast.walk(tree):
        if isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ):
            match node.body:
                case [ast.Expr(value=ast.Constant(value=str())), *rest]:
                    node.body = rest
    return _sha(ast.dump(tree))


def _packages(name: str) -> set[str]:
    parts = name.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts))}


def _sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()
