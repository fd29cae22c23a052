"""Source of the package that runs by itself: a function, with what it needs around it."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import Any

__all__ = ["Origin", "standalone"]

#: Where a name comes from: a module, and the name in it; no name for the module itself.
Origin = tuple[str, str | None]

_COLUMNS = 88


def standalone(
    *functions: Callable[..., Any],
    documented: bool = True,
    columns: int = _COLUMNS,
    also: Mapping[str, Origin] = MappingProxyType({}),
) -> str:
    """The source of `functions` of one module, after all that they need to run.

    That is: imports of what their module imports, imports of the module's own public
    names, and the source of its private ones. Decorators are left out.

    Args:
        functions: in the order in which they are to stand.
        documented: whether docstrings are kept whole; else their first lines.
        columns: where an import breaks into several lines.
        also: more names to import, for lines that are to follow.

    Returns:
        A script that defines the functions and imports public names alone.

    Raises:
        TypeError: a function whose source is not one definition, such as a lambda.
    """
    module = sys.modules[functions[0].__module__]
    own = _Module(module)
    named = {function.__name__ for function in functions}
    texts = [_source(function, documented) for function in functions]
    used = set(_needs(texts, own, named))
    private = sorted(used & own.lines.keys() - own.public, key=own.lines.__getitem__)
    origins = {name: own.origin(name) for name in used - {*private}} | dict(also)
    # Constants first, each a line or more; then functions, two empty lines apart.
    constants = [own.text(name) for name in private if not own.defines_code(name)]
    helpers = [own.text(name) for name in private if own.defines_code(name)]
    parts = [_import_lines(origins, columns), "\n".join(constants), *helpers, *texts]
    return "\n\n\n".join(filter(None, parts))


class _Module:
    """What a module imports and defines at its top, and which of it is public."""

    def __init__(self, module: ModuleType) -> None:
        self.name = module.__name__
        self.public = set(getattr(module, "__all__", ()))
        self.source = inspect.getsource(module).splitlines()
        self.imports: dict[str, Origin] = {}
        self.lines: dict[str, int] = {}
        self._nodes: dict[str, ast.stmt] = {}
        for node in ast.parse("\n".join(self.source)).body:
            match node:
                case ast.Import():
                    for alias in node.names:
                        self.imports[alias.asname or alias.name] = (alias.name, None)
                case ast.ImportFrom(module=str(source)):
                    for alias in node.names:
                        name = alias.asname or alias.name
                        self.imports[name] = (source, alias.name)
                case _:
                    for name in _defined(node):
                        self._nodes[name] = node
                        self.lines[name] = node.lineno

    def origin(self, name: str) -> Origin:
        """Where a reader gets the public `name` from."""
        return self.imports.get(name, (self.name, name))

    def defines_code(self, name: str) -> bool:
        """Whether `name` is a function or a class of the module."""
        return isinstance(self._nodes[name], ast.FunctionDef | ast.ClassDef)

    def text(self, name: str) -> str:
        """The lines that define `name`."""
        node = self._nodes[name]
        first = min(
            [node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]
        )
        return "\n".join(self.source[first - 1 : node.end_lineno])


def _defined(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            for target in targets:
                yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _needs(texts: Iterable[str], own: _Module, named: set[str]) -> Iterator[str]:
    """Names of the module that `texts` use, and what private ones among them use."""
    waiting, seen = list(texts), set(named)
    while waiting:
        names = _free_names(waiting.pop()) - seen
        seen |= names
        for name in names & (own.imports.keys() | own.lines.keys()):
            yield name
            if name in own.lines and name not in own.public:
                waiting.append(own.text(name))


def _free_names(text: str) -> set[str]:
    """Names that `text` reads and does not assign itself."""
    read, local = set(), set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.arg(arg=name):
                local.add(name)
    return read - local


def _import_lines(origins: Mapping[str, Origin], columns: int) -> str:
    """Imports as the formatter groups them: the library's, others', the package's."""
    groups: dict[int, list[str]] = {}
    modules: dict[str, list[str]] = {}
    for name, (source, inner) in sorted(origins.items(), key=_import_order):
        if inner is None:
            line = f"import {source}" + (f" as {name}" if name != source else "")
            groups.setdefault(_group(source), []).append(line)
        else:
            entry = inner if inner == name else f"{inner} as {name}"
            modules.setdefault(source, []).append(entry)
    for source, entries in sorted(modules.items()):
        line = f"from {source} import {', '.join(entries)}"
        if len(line) > columns:
            listed = "".join(f"    {entry},\n" for entry in entries)
            line = f"from {source} import (\n{listed})"
        groups.setdefault(_group(source), []).append(line)
    return "\n\n".join("\n".join(lines) for _, lines in sorted(groups.items()))


def _import_order(entry: tuple[str, Origin]) -> tuple[bool, bool, str]:
    """Constants, then classes, then functions, as the formatter has them."""
    name, (source, inner) = entry
    name = inner or source
    return not name.isupper(), not name[:1].isupper(), name.lower()


def _group(module: str) -> int:
    top = module.partition(".")[0]
    if top == __package__:
        return 2
    return 0 if top in sys.stdlib_module_names else 1


def _source(function: Callable[..., Any], documented: bool) -> str:
    lines = inspect.getsource(inspect.unwrap(function)).rstrip().splitlines()
    (definition,) = ast.parse("\n".join(lines)).body
    if not isinstance(definition, ast.FunctionDef):
        raise TypeError(f"functions must be defined with def, got {function!r}.")
    docstring = definition.body[0]
    if not documented and docstring.end_lineno != docstring.lineno:
        assert docstring.end_lineno
        lines[docstring.lineno - 1] += '"""'
        del lines[docstring.lineno : docstring.end_lineno]
    return "\n".join(lines[definition.lineno - 1 :])
