"""What a build was made of, for readers; what it did and how long it took, for authors.

The first is the same whenever the same commit is built, so it may stand on a page. The
second differs from run to run, so it goes to the terminal alone.
"""

import json
import platform
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nwdocs.builder import history
from nwdocs.builder.execute import Result
from nwdocs.display import table

__all__ = ["MARKER", "facts", "facts_json", "facts_markdown", "run_table"]

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
    root: Path, pages: Mapping[str, Sequence[str]], figures: Mapping[str, str]
) -> dict[str, Any]:
    """What the site was made of: the same for every build of one commit and lock.

    Args:
        root: the project's folder.
        pages: for each executed page, the names of the figures that it shows.
        figures: each figure's SVG file as text.

    Returns:
        commit (None without git), versions, pages, and figures with their digests.
    """
    return {
        "commit": history.commit(root),
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


def run_table(results: Mapping[str, Result], pages: Mapping[str, Sequence[str]]) -> str:
    """What the build did, a line for each executed page, as text of 64 columns or so.

    Seconds are what the page took when it last ran, which for a cached one was earlier.
    """
    width = max(len(uri) for uri in ("Page", *results))
    lines = [f"{'Page':<{width}}  Outputs   Seconds  Figures"]
    for uri, result in results.items():
        state = "cached" if result.cached else "executed"
        shown = len(pages.get(uri, ()))
        lines.append(f"{uri:<{width}}  {state:<8}  {result.seconds:7.1f}  {shown:7}")
    ran = [result.seconds for result in results.values() if not result.cached]
    total = sum(len(names) for names in pages.values())
    state = f"{len(ran)} ran"
    lines.append(
        f"{f'{len(results)} pages':<{width}}  {state:<8}  {sum(ran):7.1f}  {total:7}"
    )
    return "\n".join(lines)
