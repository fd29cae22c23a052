"""Citations of a page: each must be of an entry of the bibliography."""

import re
from collections.abc import Collection
from difflib import get_close_matches

from nwdocs.site.pages import PageError, place_of

__all__ = ["check_citations"]

_CITED = re.compile(r"\[-?@([\w:.+/-]+)[^\]]*\]")
_CODE = re.compile(r"^( *)(```+|~~~+).*?^ *\2|(`+)[^`].*?\3", re.MULTILINE | re.DOTALL)


def check_citations(file: str, text: str, known: Collection[str]) -> None:
    """Refuse a citation such as ``[@nadaraya1964]`` of what the bibliography lacks.

    Args:
        file: the page's, for a message.
        text: its Markdown; what stands in code is no citation.
        known: the keys of the bibliography.

    Raises:
        PageError: names the citation and its line.
    """
    keys = {key.lower() for key in known}
    for key in _CITED.findall(_CODE.sub("", text)):
        if key.lower() not in keys:
            near = get_close_matches(key, known, 1) or sorted(known)[:3]
            raise PageError(
                f"{place_of(f'@{key}', file, text)}: the citation [@{key}] names no entry "
                f"of the bibliography; there is {', '.join(near) or 'none'}."
            )
