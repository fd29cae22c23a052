"""The names that Python knows, by the colour that the build's highlighting gives them."""

import builtins
import keyword

from pygments.lexers.python import PythonLexer
from pygments.token import Keyword, Name, Operator

__all__ = ["words"]

#: What the theme calls the colour of each kind of token; others are names.
_COLOURS = {
    Keyword.Constant: "name",
    Keyword: "keyword",
    Operator: "operator",
    Name.Builtin: "constant",
    Name.Exception: "function",
}


def words() -> dict[str, list[str]]:
    """Keywords, built-in names and what methods call their object, by colour."""
    lexer = PythonLexer()
    found: dict[str, list[str]] = {}
    for name in sorted({*keyword.kwlist, *dir(builtins), "self", "cls"}):
        _, token, _ = next(iter(lexer.get_tokens_unprocessed(f"{name} ")))
        colour = next((_COLOURS[kind] for kind in _COLOURS if token in kind), "name")
        if colour != "name":
            found.setdefault(colour, []).append(name)
    return found
