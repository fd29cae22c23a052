"""What is measured: edits, where each is made, and what then shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ALL", "MODULE", "PAGE", "PROBE", "SCENARIOS", "Scenario"]

#: The page that is edited, the module whose value it shows, and the cell that shows it. So
#: an edit of the package can be seen on the page, or be missed there.
PAGE = Path("docs/kernels.md")
MODULE = Path("nwdocs/data.py")
PROBE = '\n```python\nfrom nwdocs.data import TURN\n\nprint("package:", TURN)\n```\n'

_CAPTIONS = Path("nwdocs/figures/learned.py")

#: As a number of pages that run: every one.
ALL = 1_000_000


@dataclass(frozen=True)
class Scenario:
    """An edit before a build. Texts have ``{turn}`` where each turn has its number.

    Attributes:
        file: is edited; None, if nothing is.
        old: is replaced; empty, where text is added at the end.
        new: what is there then.
        shown: what the built file then holds. It can be read off no cell's code.
        built: that file, from the site's folder.
        runs: of our pages: the fewest and the most that run.
        forget: whether all that earlier builds left is removed first.
        others: whether other tools have what is edited.
        ratio: what ours may take, as a share of the best other tool's time.
        more: what ours may take, in seconds more than without a change.
        address: the page on which an author sees it.
    """

    file: Path | None
    new: str
    shown: str
    old: str = ""
    built: str = "kernels/index.html"
    runs: tuple[int, int] = (0, 0)
    forget: bool = False
    others: bool = True
    ratio: float | None = None
    more: float | None = None
    address: str = "kernels/"


def _ours(
    file: str,
    old: str,
    new: str,
    shown: str,
    *,
    built: str = "kernels/index.html",
    address: str = "kernels/",
    runs: tuple[int, int] = (0, 0),
    more: float | None = 0.3,
) -> Scenario:
    return Scenario(
        *(Path(file), new, shown, old, built, runs),
        others=False,
        more=more,
        address=address,
    )


_UNEDITED = "package: unedited"

#: Every scenario by its name, in the order in which a turn measures them.
SCENARIOS: Mapping[str, Scenario] = {
    "cold": Scenario(None, "", _UNEDITED, runs=(ALL, ALL), forget=True, ratio=0.85),
    "no change": Scenario(None, "", _UNEDITED, ratio=0.8),
    "prose edit": Scenario(
        *(PAGE, "\nOne more sentence: {turn}.\n", "One more sentence: {turn}."),
        ratio=0.8,
    ),
    "code edit": Scenario(
        *(PAGE, '\n```python\nprint("cell:", {turn})\n```\n', "cell: {turn}"),
        runs=(1, 1),
        ratio=0.8,
    ),
    "package edit": Scenario(
        *(MODULE, "\nTURN = {turn}\n", "package: {turn}"), runs=(2, ALL), ratio=0.8
    ),
    "style edit": _ours(
        "nwdocs/site/theme/assets/site.css",
        "",
        "\nhtml{{scroll-margin-top:{turn}px}}\n",
        "scroll-margin-top:{turn}px",
        built="assets/style.css",
    ),
    "template edit": _ours(
        "nwdocs/site/theme/main.html",
        "{{ super() }}",
        "<i>turn {turn}</i>{{ super() }}",
        "<i>turn {turn}</i>",
    ),
    "navigation edit": _ours(
        *("mkdocs.yml", "Four kernels", "Four kernels, turn {turn}"),
        "Four kernels, turn {turn}",
    ),
    "docstring edit": _ours(
        *(MODULE.as_posix(), "noisy observations of", "noisy ({turn}) observations of"),
        *("noisy ({turn}) observations of",),
        built="api/index.html",
        address="api/",
        more=None,
    ),
    "caption edit": _ours(
        *(_CAPTIONS.as_posix(), "Alone, the dot", "Turn {turn}. Alone, the dot"),
        *("Turn {turn}. Alone, the dot",),
        built="learned-attention/index.html",
        address="learned-attention/",
        runs=(1, 4),
        more=None,
    ),
}
