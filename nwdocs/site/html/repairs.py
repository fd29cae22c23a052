"""Repairs of the theme's HTML, for validators, screen readers and slow machines."""

import re

__all__ = ["repair"]

_ARTICLE = re.compile(r"(<article.*</article>)", re.DOTALL)
_INDENT = re.compile(r"\n\s+")

# The theme's markup where it is not valid, or says too little to a screen reader.
_REPAIRS = (
    # Icons repeat what the control around them is called.
    (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox',
        '<svg aria-hidden="true" viewBox',
    ),
    ('data-md-component="search" role="dialog"', 'data-md-component="search"'),
    # A form may ask browsers not to restore what was ticked; a checkbox may not.
    (
        'type="checkbox" id="__drawer" autocomplete="off"',
        'type="checkbox" id="__drawer"',
    ),
    (
        'type="checkbox" id="__search" autocomplete="off"',
        'type="checkbox" id="__search"',
    ),
    (' tabindex=""', ""),
    # The contents at the side link to each heading, in words.
    (' title="Permanent link">', ' aria-hidden="true" tabindex="-1">'),
)
# What slows the theme's script down on the API page: it watches over each tooltip, of
# which mkdocs-autorefs makes one for every name that leads nowhere, and over each block
# of code, for its copy button, which a signature does not need.
_UNRESOLVED = re.compile(
    r'<span title="[\w.]+">((?:<span[^>]*>[^<]*</span>|[^<])*)</span>'
)
_SIGNATURE = re.compile(
    r'(<div class="[^"]*\bdoc-signature\b[^"]*">)<pre>(.*?)</pre>', re.DOTALL
)


def repair(page: str) -> str:
    """The theme's HTML without what a validator or a screen reader trips over."""
    for broken, mended in _REPAIRS:
        page = page.replace(broken, mended)
    page = _UNRESOLVED.sub(r"\1", page)
    page = _SIGNATURE.sub(r'\1<div class="nw-signature">\2</div>', page)
    # Its templates' indentation is a kilobyte a page; that of an article can be code.
    parts = _ARTICLE.split(page)
    return "".join(
        part if part.startswith("<article") else _INDENT.sub("\n", part)
        for part in parts
    )
