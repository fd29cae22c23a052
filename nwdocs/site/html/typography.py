"""What makes a page's prose easier to read: lines that hold together, notes, its length."""

import html
import re
from datetime import datetime

from nwdocs.site.html.marks import VALUE

__all__ = ["about_line", "keep_together", "polish", "reading_minutes"]

_WORDS_A_MINUTE = 200
_NOT_PROSE = re.compile(r"<(pre|script|svg|table|math|figcaption)\b.*?</\1>", re.DOTALL)
_BREAKABLE = re.compile(
    rf"(?P<rest><(pre|code|script|math|{VALUE})\b.*?</\2>)"
    rf"|(?<=[\w>])\s(?P<sign>[=±≈])\s(?=(?:<{VALUE}[^>]*>)?[−\d])"
    rf"|(?:(?<=\d)|(?<=</{VALUE}>))–(?=(?:<{VALUE}[^>]*>)?\d)",
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]+>")


def polish(content: str) -> str:
    """A page's HTML with breaks, notes and folds as a reader expects them."""
    content = keep_together(content)
    # Notes 3 and 4 are not note 34.
    content = content.replace("</sup><sup id=", "</sup><sup>, </sup><sup id=")
    # A search finds what is in a fold, and not what the fold is called.
    return content.replace("<summary>Code<", "<summary data-search-exclude>Code<")


def reading_minutes(content: str) -> int:
    """How long a page's prose takes to read; code, tables and figures not counted."""
    words = _TAG.sub(" ", _NOT_PROSE.sub(" ", content)).split()
    return max(1, round(len(words) / _WORDS_A_MINUTE))


def keep_together(content: str) -> str:
    """Let no line of prose break within "σ = 0.1", "0.3 ± 0.1" or "1.4–1.6"."""
    return _BREAKABLE.sub(_unbreakable, content)


def _unbreakable(match: re.Match[str]) -> str:
    if match["rest"]:
        return match["rest"]
    return f"\u00a0{match['sign']}\u00a0" if match["sign"] else "\u2060–\u2060"


def about_line(minutes: int, date: datetime | None, edit_url: str | None) -> str:
    """What stands under a page's title; nothing, if there is nothing to say.

    Args:
        minutes: how long the page takes to read; 0 for a page that is looked up.
        date: when the page was last changed, if that is known.
        edit_url: where the page can be edited, if it can.
    """
    facts = []
    if minutes:
        facts.append(f"{minutes} minute{'s' if minutes > 1 else ''} to read")
    if date:
        said = f"{date.day} {date:%B %Y}"
        facts.append(f'changed <time datetime="{date:%Y-%m-%d}">{said}</time>')
    if edit_url:
        facts.append(f'<a href="{html.escape(edit_url)}" rel="edit">edit this page</a>')
    line = " · ".join(facts)
    line = line[:1].upper() + line[1:]
    return f'<p class="nw-about" data-search-exclude>{line}</p>' if facts else ""
