"""One style sheet from many, without the rules that no page can use.

The theme's sheet serves blogs, version menus and a dozen kinds of notes; a reader here
would fetch it all. As PurgeCSS does, a rule is kept if every class in its selector is on
a page, or is a word in a script, so that a class which a script adds stays too.
"""

import re
from collections.abc import Iterable, Set
from typing import Any

import tinycss2

__all__ = [
    "classes_in_page",
    "classes_in_script",
    "dark_without_script",
    "decisive",
    "purge",
]

_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
_ATTRIBUTE = re.compile(r'\bclass="([^"]*)"')
# What a script may use as a class: what has a hyphen, is quoted, or is in a selector.
_WORD = re.compile(
    r"""-*\w+-[\w-]*|(?<=["'`])[\w-]+(?=["'`])|(?<=\.)[\w-]+(?=["'`>:[ ])"""
)
# The theme has a rule for each colour that a site could choose.
_PALETTE = re.compile(r'\bdata-md-color-(?:primary|accent)="?([\w-]+)')
_READ = re.compile(r"var\((--[\w-]+)")
# These say nothing of what must be there.
_EITHER = re.compile(r":(?:not|is|where)\([^()]*\)")
_PROPERTY = re.compile(r"(--[\w-]+):(?:[^;{}\"']|\"[^\"]*\"|'[^']*')*(?:;|(?=\}))")
_RULE = re.compile(r"(?P<selector>[^{};]+)\{[^{}]*\}")
_DARK = re.compile(
    r"\[data-md-color-scheme=\"?slate\"?\]$|(^|[\],])\[data-md-color-primary=black\]"
)
_NESTED = {"media", "supports", "container", "layer"}
# The theme's rules for any element at all under one that has, or lacks, an attribute. Each
# time a script sets that attribute on the root, and on a page's opening it does so three
# times, a browser styles every element anew. site.css names the elements that are meant,
# except in cells of tables: no page has a block there.
_COSTLY = {
    "[data-md-color-switching] *",
    "[data-md-color-switching] :after",
    "[data-md-color-switching] :before",
    ".md-typeset table:not([class])+*",
    ".md-typeset table:not([class]) td>:first-child",
    ".md-typeset table:not([class]) td>:last-child",
    ".md-typeset table:not([class]) th>:first-child",
    ".md-typeset table:not([class]) th>:last-child",
}


def classes_in_page(html: str) -> set[str]:
    """The classes that a page's elements have, and the properties that they read."""
    names = {name for value in _ATTRIBUTE.findall(html) for name in value.split()}
    return names | set(_READ.findall(html)) | _palettes(html)


def classes_in_script(script: str) -> set[str]:
    """The words of a script that could be classes or properties."""
    return set(_WORD.findall(script))


def decisive(css: str, used: Set[str]) -> set[str]:
    """What of `used` decides on what `purge` keeps of `css`, and perhaps more."""
    properties = {match[1] for match in _PROPERTY.finditer(css)}
    return (_class_names(css) | properties | _palettes(css)) & used


def purge(css: str, used: Set[str]) -> str:
    """`css` without comments, and without rules for classes that are not in `used`."""
    kept = _rules(
        tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), used
    )
    # An icon of a kind of note that no page has: a property that nothing reads.
    return _PROPERTY.sub(
        lambda match: match[0] if f"var({match[1]}" in kept or match[1] in used else "",
        kept,
    )


def dark_without_script(css: str) -> str:
    """The dark rules of `css`, for a reader who wants dark and runs no script.

    It is a script that puts a page into its dark scheme; without one, it stays in the
    other. These rules are to follow that sheet, and to come before the next.
    """
    rules = "".join(
        match[0].replace("slate", "default").replace("=black", "=white")
        for match in _RULE.finditer(css)
        if _DARK.search(match["selector"].strip()) and ":not(" not in match["selector"]
    )
    asked = "screen and (prefers-color-scheme:dark) and (scripting:none)"
    return f"@media {asked}{{{rules}}}" if rules else ""


def _rules(rules: Iterable[Any], used: Set[str]) -> str:
    out = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _selectors(rule.prelude) if _usable(s, used)]
            if selectors:
                out.append(f"{','.join(selectors)}{{{_text(rule.content)}}}")
        elif rule.type == "at-rule" and rule.at_keyword in _NESTED and rule.content:
            inner = tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            if kept := _rules(inner, used):
                out.append(f"@{rule.at_keyword} {_text(rule.prelude)}{{{kept}}}")
        else:
            out.append(rule.serialize())
    return "".join(out)


def _selectors(prelude: Iterable[Any]) -> list[str]:
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [_text(part) for part in parts]


def _usable(selector: str, used: Set[str]) -> bool:
    if "[dir=rtl]" in selector.replace('"', ""):
        return False  # all pages read from left to right
    if selector in _COSTLY:
        return False
    plain = _EITHER.sub("", selector)
    return _class_names(plain) | _palettes(plain) <= used


def _palettes(text: str) -> set[str]:
    """The colours that HTML has, or that a selector asks for."""
    return {f"palette {name}" for name in _PALETTE.findall(text)}


def _class_names(css: str) -> set[str]:
    return {name.replace("\\", "") for name in _CLASS.findall(css)}


def _text(tokens: Iterable[Any]) -> str:
    return re.sub(r"\s+", " ", str(tinycss2.serialize(tokens))).strip()
