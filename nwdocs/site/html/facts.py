"""What a site was made of: the same for every build of one commit and lock."""

import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import (
    PackageNotFoundError,
    distribution,
    entry_points,
    version,
)
from pathlib import Path
from typing import Any

from nwdocs.display import table

__all__ = [
    "MARKER",
    "digests",
    "facts",
    "facts_json",
    "facts_markdown",
    "packages",
]

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
        "figures": {name: _digest(svg.encode()) for name, svg in figures.items()},
    }


def packages(plugins: Iterable[str]) -> dict[str, str]:
    """The version of every package that had a part in the site, by name.

    Args:
        plugins: the names of MkDocs' plugins that the site uses.

    Returns:
        What drew the figures, what has the plugins, and what these need in turn; nothing
        that is only installed beside them.
    """
    from packaging.requirements import Requirement

    known = {entry.name: entry.dist for entry in entry_points(group="mkdocs.plugins")}
    having = (known[name] for name in plugins if name in known)
    wanted = [
        Requirement("nwdocs[figures]"),
        *(Requirement(d.name) for d in having if d),
    ]
    found: dict[str, str] = {}
    seen: set[str] = set()
    while wanted:
        requirement = wanted.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        try:
            package = distribution(requirement.name)
        except PackageNotFoundError:  # an extra that nobody asked for
            continue
        found[package.name.lower()] = package.version
        for text in package.requires or ():
            needed = Requirement(text)
            extras = requirement.extras or {""}
            if needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in extras
            ):
                wanted.append(needed)
    return dict(sorted(found.items()))


def digests(site: Path) -> dict[str, str]:
    """The digest of every file in the folder `site` but build.json, by path."""
    return {
        path.relative_to(site).as_posix(): _digest(path.read_bytes())
        for path in sorted(site.rglob("*"))
        if path.is_file() and path != site / "build.json"
    }


def _digest(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()}"


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
