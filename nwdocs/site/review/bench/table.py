"""What was measured, as the text that is printed and that the documentation quotes."""

import os
import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median

from nwdocs.display import table
from nwdocs.site.review.bench.measure import Outcome, SetUp
from nwdocs.site.review.bench.scenarios import SCENARIOS
from nwdocs.site.review.bench.tools import MARKDOWN_EXEC, OURS

__all__ = ["SEEN", "Measured", "machine", "report", "results"]

#: By tool and scenario, one outcome for each turn; none where it was not measured.
Measured = Mapping[str, Mapping[str, Sequence[Outcome]]]

#: Before a scenario's name: the time from saving an edit to seeing it.
SEEN = "seen: "
#: What that may take, in seconds; of an edited cell, beside the page's own cells.
_SEEN_GOALS = {
    "prose edit": 0.5,
    "code edit": 1.0,
    "package edit": 2.5,
    "style edit": 0.6,
    "template edit": 0.6,
    "navigation edit": 0.6,
    "docstring edit": 2.5,
    "caption edit": 2.5,
}

_NOTES = f"""\
A ratio is ours to the best other tool that noticed the edit, which is **bold** in the
second table. "No" means that the page still showed what the package gave before. Rows that
begin with "{SEEN.strip()}" are the time from saving an edit to its text in an open browser,
where a tool serves pages.

The other tools come without mkdocstrings and show next to nothing on the page of the API,
which favours them."""
_ONE_PROCESS = f"""\
{MARKDOWN_EXEC.name} keeps no results, and runs all pages in one process: what a page has
computed or changed in the package, later pages find so."""


def report(
    measured: Measured,
    set_ups: Mapping[str, SetUp],
    versions: Mapping[str, Mapping[str, str]],
    date: str,
) -> str:
    """The tables, with what must be known to read them, as Markdown."""
    turns = max(len(outcomes) for outcomes in measured[OURS.name].values())
    used = ", ".join(
        f"{name} {versions[name][name]}" for name in versions if name != OURS.name
    )
    notes = f"{_NOTES}\n{_ONE_PROCESS}" if MARKDOWN_EXEC.name in measured else _NOTES
    return "\n\n".join(
        [
            f"Measured on {date}: {machine()};\n{used}.",
            results(measured),
            f"Seconds, the median of {turns} (least–most).\n{notes}",
            _set_up_table(set_ups),
        ]
    )


def results(measured: Measured) -> str:
    """Ours with ratio, goal and verdict; then all other tools, the best of them bold.

    Two tables, since a telephone has no room for one.
    """
    others = [name for name in measured if name != OURS.name]
    theirs = dict.fromkeys(row for name in others for row in measured[name])
    return "\n\n".join(
        [
            _lines(
                [OURS.name, "ratio", "goal"],
                {row: _judged(row, measured) for row in measured[OURS.name]},
            ),
            _lines(others, {row: _compared(row, others, measured) for row in theirs}),
        ]
    )


def _set_up_table(set_ups: Mapping[str, SetUp]) -> str:
    return table(
        ["set-up, from nothing", "seconds", "MB", "packages"],
        [
            [name, f"{one.seconds:.0f}", f"{one.megabytes:.0f}", str(one.packages)]
            for name, one in set_ups.items()
        ],
    ).text


def _lines(header: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    return table(
        ["build", *header], [[row, *cells] for row, cells in rows.items()]
    ).text


def machine() -> str:
    """The machine and its Python, in a few words."""
    model = platform.machine()
    with suppress(OSError):  # Linux alone tells it there
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return (
        f"{platform.system()}, {os.cpu_count()} × {model}, "
        f"Python {platform.python_version()}"
    )


def _judged(row: str, measured: Measured) -> list[str]:
    """What ours took, how that compares, and whether the row's goal is met."""
    ours = measured[OURS.name][row]
    if not ours:
        return ["–", "–", "–"]
    seconds, best = _median(ours), _best_other(row, measured)
    ratio = seconds / best[1] if best else None
    goal, met = _goal(row, seconds, ratio, measured)
    least, most = (choose(one.seconds for one in ours) for choose in (min, max))
    return [
        f"{seconds:.1f} ({least:.1f}–{most:.1f})",
        f"{ratio:.2f}" if ratio else "–",
        (goal and f"{goal}: {'met' if met else 'missed'}") or "–",
    ]


def _compared(row: str, others: Sequence[str], measured: Measured) -> list[str]:
    """What the others took."""
    best = _best_other(row, measured)
    cells = {name: _cell(row, measured[name].get(row, ())) for name in others}
    if best:
        cells[best[0]] = f"**{cells[best[0]]}**"
    return list(cells.values())


def _goal(
    row: str, seconds: float, ratio: float | None, measured: Measured
) -> tuple[str, bool]:
    if row.startswith(SEEN):
        name = row.removeprefix(SEEN)
        limit, cells = _SEEN_GOALS[name], _cells(measured[OURS.name][row])
        if name != "code edit":
            return f"≤ {limit:g} s", seconds <= limit
        return f"≤ {limit:g} s + {cells:.1f} s of cells", seconds <= limit + cells
    edit, unchanged = SCENARIOS[row], measured[OURS.name].get("no change")
    if edit.ratio and ratio:
        return f"≤ {edit.ratio:.2f}", ratio <= edit.ratio
    if edit.more and unchanged:
        limit = _median(unchanged) + edit.more
        return f"≤ {limit:.1f} s", seconds <= limit
    return "", True


def _best_other(row: str, measured: Measured) -> tuple[str, float] | None:
    """The fastest of the other tools that noticed the edit, and its time."""
    times = {
        name: _median(rows[row])
        for name, rows in measured.items()
        if name != OURS.name and rows.get(row) and all(one.noticed for one in rows[row])
    }
    return min(times.items(), key=lambda one: one[1]) if times else None


def _median(outcomes: Sequence[Outcome]) -> float:
    return median(one.seconds for one in outcomes)


def _cells(outcomes: Sequence[Outcome]) -> float:
    return median(one.cells for one in outcomes)


def _cell(row: str, outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return "–"
    seconds = f"{_median(outcomes):.1f}"
    if all(one.noticed for one in outcomes):
        return seconds
    return "no" if row.startswith(SEEN) else f"{seconds}, no"
