"""What a published page may load and run: its Content-Security-Policy.

A page of this site needs nothing from another host, and runs no script but the site's own
files and the few lines that the theme writes into it. A browser that is told so refuses
all else, whatever got into a page.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

__all__ = ["policy", "with_policy"]

_ALLOWED = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # figures carry their measures in attributes
    "img-src": "'self' data:",
    "media-src": "'self' data:",
    "font-src": "'self' data:",  # the formulas' font lies in its style sheet
    "connect-src": "'self'",
    "frame-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_NOT_RUN = re.compile(r"""\bsrc=|\btype=["']?application/(?:ld\+)?json""")
_HEAD = re.compile(r"<meta charset=[^>]*>")


def with_policy(page: str) -> str:
    """An HTML page that tells browsers its policy, before anything is loaded."""
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
    return _HEAD.sub(lambda match: f"{match[0]}{tag}", page, count=1)


def policy(page: str) -> str:
    """The policy of a page: scripts that stand in it are allowed by their digests."""
    scripts = " ".join([_ALLOWED["script-src"], *sorted(set(_digests(page)))])
    return "; ".join(
        f"{kind} {sources}"
        for kind, sources in {**_ALLOWED, "script-src": scripts}.items()
    )


def _digests(page: str) -> Iterator[str]:
    for attributes, script in _SCRIPT.findall(page):
        if not _NOT_RUN.search(attributes):
            yield f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
