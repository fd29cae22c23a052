"""What a site was made of: the same for every build of one commit and lock."""

import json
import platform
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from nwdocs.display import table

__all__ = ["MARKER", "facts", "facts_json", "facts_markdown"]

#: What a page writes where the facts are to stand.
MARKER = "<!-- nwdocs:build -->"

_LIBRARIES = (
    "nwdocs",
    "numpy",
    "matplotlib",
    "mkdocs",
    "mkdocs-material",
    "mkdocs-jupyter",
)


def facts(
    commit: str | None,
    pages: Mapping[str, Sequence[str]],
    figures: Mapping[str, str],
) -> dict[str, Any]:
    """What the site was made of, as JSON types.

    Args:
        commit: its name; None without git.
        pages: for each executed page, the names of the figures that it shows.
        figures: each figure's SVG file as text.

    Returns:
        commit, versions, pages, and figures with their digests.
    """
    return {
        "commit": commit,
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in _LIBRARIES},
        "pages": {uri: list(names) for uri, names in pages.items()},
        "figures": {
            name: f"sha256:{sha256(svg.encode()).hexdigest()}"
            for name, svg in figures.items()
        },
    }


def facts_json(facts: Mapping[str, Any]) -> str:
    """The facts as the site's build.json."""
    return json.dumps(facts, indent=2) + "\n"


def facts_markdown(facts: Mapping[str, Any]) -> str:
    """The facts as a page shows them, in place of `MARKER`."""
    commit = f"`{facts['commit']}`" if facts["commit"] else "none: built outside git"
    made = table(
        ["Made from", "which"],
        [["commit", commit], *([k, f"`{v}`"] for k, v in facts["versions"].items())],
    )
    drawn = table(
        ["Figure", "SHA-256 of its SVG file begins"],
        [
            [f"@fig:{name}, `{name}`", f"`{digest.removeprefix('sha256:')[:12]}`"]
            for name, digest in facts["figures"].items()
        ],
    )
    return f"{made.text}\n\n{drawn.text}"
