"""Names of the package in a page's code, as links to where the API reference has them."""

import ast
import re
from collections.abc import Mapping

from nwdocs.site.pages import Page

__all__ = ["imported_names", "link_code"]

_BLOCK = re.compile(
    r'(<div class="language-py(?:thon)? highlight">)(.*?)(</div>)', re.DOTALL
)
# A name as Pygments marks it, but not one that follows a dot: that is somebody's attribute.
_NAME = re.compile(r'(?<!<span class="o">\.</span>)<span class="(n[fc]?)">(\w+)</span>')
_PACKAGE = "nwdocs"


def link_code(html: str, page: Page) -> str:
    """`html` with its code blocks' names of the package marked for mkdocs-autorefs.

    Marks are optional ones: where the API reference lacks a name, its text remains.

    Args:
        html: of the page.
        page: whose cells say what is imported from where.
    """
    names: dict[str, str] = {}
    for cell in page.cells:
        names |= imported_names(cell.source)

    def link(match: re.Match[str]) -> str:
        target = names.get(match[2])
        if not target:
            return match[0]
        return f'<autoref optional identifier="{target}">{match[0]}</autoref>'

    return _BLOCK.sub(lambda m: m[1] + _NAME.sub(link, m[2]) + m[3], html)


def imported_names(code: str) -> Mapping[str, str]:
    """What `code` imports from the package: the name that it uses, and the full one.

    Code that is no Python imports nothing.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return {}
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").partition(".")[0] == _PACKAGE
        for alias in node.names
    }
