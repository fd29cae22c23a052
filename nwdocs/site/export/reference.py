"""The API page as plain Markdown: what mkdocstrings makes of it as HTML, from griffe."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from nwdocs.site.pages import read_yaml

__all__ = ["anchors", "write_reference"]

_DIRECTIVE = re.compile(r"^::: ([\w.]+)\n((?: +.*\n|\n(?= ))*)", re.MULTILINE)
_COLUMNS = 79


def write_reference(
    markdown: str,
    defaults: Mapping[str, Any],
    known: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """A page with each ``::: name`` replaced by signature and docstring.

    Args:
        markdown: the page's text.
        defaults: options that mkdocs.yml gives to mkdocstrings' Python handler.
        known: packages that griffe has read as they are now, by name.
    """
    read = dict(known)

    def entries(match: re.Match[str]) -> str:
        options = _options(match, defaults)
        return "\n".join(
            _entry(path, item, level, options)
            for path, item, level in _documented(match[1], options, read)
        )

    return _DIRECTIVE.sub(entries, f"{markdown}\n")


def anchors(markdown: str, uri: str, defaults: Mapping[str, Any]) -> dict[str, str]:
    """Where the page `uri` documents what: for each name, file and anchor.

    A name is found as the page gives it, and as the module has it that defines it.
    """
    found: dict[str, str] = {}
    read: dict[str, Any] = {}
    for match in _DIRECTIVE.finditer(f"{markdown}\n"):
        for path, item, _ in _documented(match[1], _options(match, defaults), read):
            found[item.canonical_path] = found[path] = f"{uri}#{path}"
    return found


def _options(match: re.Match[str], defaults: Mapping[str, Any]) -> dict[str, Any]:
    block = read_yaml(match[2]) or {}
    return {**defaults, **block.get("options", {})}


def _documented(
    identifier: str, options: Mapping[str, Any], read: dict[str, Any]
) -> Iterator[tuple[str, Any, int]]:
    """Names that a directive documents, with what they stand for and heading levels.

    Packages are read as they are now, and put into `read`.
    """
    package, _, rest = identifier.partition(".")
    item: Any = _package(package, read)[rest]
    # A name that is imported from where it is defined stands for what is there.
    item = item.final_target if item.is_alias else item
    level = options.get("heading_level", 3)
    if options.get("show_root_heading", True):
        yield identifier, item, level
        level += 1
    for name in options.get("members") or item.all_members:
        member = item.all_members[name]
        listed = "members" in options or (
            not member.is_alias and re.match(r"[^_]|__", name)
        )
        if listed and not item.is_function and member.docstring:
            yield f"{identifier}.{name}", member, level


def _package(name: str, read: dict[str, Any]) -> Any:
    if name not in read:
        import griffe  # takes a twentieth of a build that needs none of it

        read[name] = griffe.load(name, try_relative_path=False)
    return read[name]


def _entry(path: str, item: Any, level: int, options: Mapping[str, Any]) -> str:
    name = path.rpartition(".")[2]
    anchor = path.replace("__", r"\_\_")  # else the attribute list reads as bold
    blocks = [f"{'#' * level} `{name}` {{ #{anchor} }}"]
    if signature := _signature(name, item):
        blocks.append(f"```py\n{signature}\n```")
    style = options.get("docstring_style", "google")
    if item.docstring:
        parsed = item.docstring.parse(style, **options.get("docstring_options", {}))
        blocks += map(_section, parsed)
    return "\n\n".join(blocks) + "\n"


def _signature(name: str, item: Any) -> str:
    """As in the source: on one line, or with a line for each argument."""
    if item.is_attribute:
        return f"{name}: {item.annotation}" if item.annotation else ""
    line = item.signature()
    if len(line) <= _COLUMNS:
        return line
    opened, _, rest = line.partition("(")
    depth, broken = 0, ""
    for place, character in enumerate(rest):
        if character == ")" and depth == 0:
            return f"{opened}(\n    {broken},\n){rest[place + 1 :]}"
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        broken += ",\n   " if character == "," and depth == 0 else character
    raise AssertionError(f"a signature without its closing bracket: {line}")


def _section(section: Any) -> str:
    kind = section.kind.value
    if kind == "text":
        return section.value
    title = f"**{section.title or kind.capitalize()}**"
    if kind == "examples":
        return "\n\n".join(
            [
                title,
                *(
                    f"```pycon\n{text}\n```" if part.value == "examples" else text
                    for part, text in section.value
                ),
            ]
        )
    if kind == "admonition":
        return f"{title}\n\n{section.value.contents}"
    return f"{title}\n\n" + "\n".join(_item(item) for item in section.value)


def _item(item: Any) -> str:
    name, annotation = getattr(item, "name", ""), item.annotation
    terms = [f"`{name}`"] if name else []
    if annotation is not None:
        terms.append(f"(`{annotation}`)" if name else f"`{annotation}`")
    return f"- {' '.join(terms)}: {' '.join(item.description.split())}"
