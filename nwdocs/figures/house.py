"""The drawing of this project's own code: its rooms, and which imports from which."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from nwdocs.figures.registry import Drawing, figure
from nwdocs.figures.style import colour, single
from nwdocs.house import room_imports, rooms, without_shortcuts

__all__: list[str] = []

_BOX = (0.88, 0.46)  # width and height of a room, where rooms are 1 apart
_SITE, _PACKAGE = "nwdocs/site", "nwdocs"


@figure("house")
def draw_house() -> Drawing:
    """Rooms in rows: each above all that it imports from."""
    arrows = without_shortcuts(room_imports())
    counts = Counter(rooms().values())
    places = _places(arrows)
    figure, ax = single(height=360, key_height=0)
    ax.set_position((0, 0, 1, 1))
    ax.set_axis_off()
    for name, place in places.items():
        _room(ax, name, counts[name], place)
        for other in sorted(arrows[name]):
            _arrow(ax, place, places[other])
    across = [x for x, _ in places.values()]
    rows = {y for _, y in places.values()}
    for column in (_SITE, _PACKAGE):
        xs = [x for name, (x, _) in places.items() if _column(name) == column]
        if not xs:
            continue
        x = sum(xs) / len(xs)
        ax.text(x, max(rows) + 0.42, column, ha="center", fontsize=13, weight="bold")
    ax.set(xlim=(min(across) - 0.5, max(across) + 0.5))
    ax.set(ylim=(min(rows) - 0.3, max(rows) + 0.65))
    pairs = [(name, other) for name in arrows for other in sorted(arrows[name])]
    return Drawing(
        figure,
        caption=(
            "The rooms of this project's code. A room imports from those that its arrows "
            "lead to, and from those behind them; no arrow leads up. Blue rooms build the "
            "site. Orange ones are the package, which the cells of the pages run."
        ),
        alt=(
            f"{len(places)} boxes, named as the folders of the code, in {len(rows)} rows. "
            f"{len(pairs)} arrows join them, and all lead down."
        ),
        data={
            "room": np.array([name for name, _ in pairs]),
            "imports from": np.array([other for _, other in pairs]),
        },
    )


def _column(name: str) -> str:
    return _SITE if name.startswith("site") else _PACKAGE


def _places(arrows: Mapping[str, set[str]]) -> dict[str, tuple[float, float]]:
    """Where each room is drawn: as low as its arrows, which lead down, allow."""

    def level(name: str) -> int:
        return 1 + max((level(other) for other in arrows[name]), default=-1)

    rows: dict[tuple[str, int], list[str]] = {}
    for name in sorted(arrows, key=lambda name: (name != "shared", name)):
        rows.setdefault((_column(name), level(name)), []).append(name)
    widths = {
        # The published wheel has no rooms of the site.
        column: max(
            (len(names) for (side, _), names in rows.items() if side == column),
            default=0,
        )
        for column in (_SITE, _PACKAGE)
    }
    middles = {_SITE: 0.0, _PACKAGE: sum(widths.values()) / 2 + 0.1}
    return {
        name: (middles[column] + i - (len(names) - 1) / 2, float(row))
        for (column, row), names in rows.items()
        for i, name in enumerate(names)
    }


def _room(ax: Axes, name: str, modules: int, place: tuple[float, float]) -> None:
    (x, y), (width, height) = place, _BOX
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=colour("paper"),
            edgecolor=colour("blue" if _column(name) == _SITE else "orange"),
            linewidth=1.5,
        )
    )
    centre: dict[str, Any] = {"ha": "center", "va": "center"}
    ax.text(x, y + 0.08, name.removeprefix("site/"), fontsize=11, **centre)
    words = f"{modules} file{'' if modules == 1 else 's'}"
    ax.text(x, y - 0.11, words, fontsize=11, color=colour("muted"), **centre)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x0, y0), (x1, y1) = start, end
    half = _BOX[1] / 2
    arrow = {"arrowstyle": "->", "color": colour("muted"), "lw": 1.2}
    ax.annotate("", xy=(x1, y1 + half), xytext=(x0, y0 - half), arrowprops=arrow)
