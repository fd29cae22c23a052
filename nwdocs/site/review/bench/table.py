"""What was measured, as the text that is printed and that the documentation quotes."""

import os
import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median

from nwdocs.display import table
from nwdocs.site.review.bench.measure import SCENARIOS, Outcome
from nwdocs.site.review.bench.tools import MARKDOWN_EXEC, MKDOCS_JUPYTER, OURS

__all__ = ["SEEN", "Measured", "machine", "report", "results"]

#: By tool and scenario, one outcome for each turn; none where it was not measured.
Measured = Mapping[str, Mapping[str, Sequence[Outcome]]]

SEEN = "save to seen"
#: What ours may take, as a share of a cold build by mkdocs-jupyter as it comes.
_GOALS = dict(zip(SCENARIOS, (0.25, 0.10, 0.12, 0.20, 0.22), strict=True))
_SEEN_GOAL = 1.5  # seconds from saving a page to its new text in an open browser

_NOTES = f"""\
A ratio is ours to the cold build of {MKDOCS_JUPYTER.name}. "Not noticed" means that the
page still showed what the package gave before the edit. "Save to seen" is the time from
saving an edit of prose to its text in an open browser, where a tool serves pages.

The other tools come without mkdocstrings and show next to nothing on the page of the API,
which favours them."""
_ONE_PROCESS = f"""\
{MARKDOWN_EXEC.name} keeps no results, and runs all pages in one process: what a page has
computed or changed in the package, later pages find so."""


def report(
    measured: Measured, versions: Mapping[str, Mapping[str, str]], date: str
) -> str:
    """The table, with what must be known to read it, as Markdown."""
    turns = len(measured[OURS.name]["cold"])
    used = ", ".join(
        f"{name} {versions[name][name]}" for name in versions if name != OURS.name
    )
    notes = f"{_NOTES}\n{_ONE_PROCESS}" if MARKDOWN_EXEC.name in measured else _NOTES
    return "\n\n".join(
        [
            f"Measured on {date}: {machine()};\n{used}.",
            results(measured),
            f"Seconds, the median of {turns} (least–most).\n{notes}",
        ]
    )


def results(measured: Measured) -> str:
    """Ours with ratio, goal and verdict; then a column for each other tool.

    Two tables, since a telephone has no room for one.
    """
    base = median(one.seconds for one in measured[MKDOCS_JUPYTER.name]["cold"])
    others = [name for name in measured if name != OURS.name]
    rows = (*SCENARIOS, SEEN)
    return "\n\n".join(
        [
            _lines(
                [OURS.name, "ratio", "goal"],
                {row: _judged(row, measured[OURS.name][row], base) for row in rows},
            ),
            _lines(
                others,
                {row: [_cell(measured[name][row]) for name in others] for row in rows},
            ),
        ]
    )


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


def _judged(row: str, ours: Sequence[Outcome], base: float) -> list[str]:
    if not ours:
        return [_cell(ours), "–", "–"]
    seconds = median(one.seconds for one in ours)
    if row == SEEN:
        met, ratio, goal = seconds <= _SEEN_GOAL, "–", f"≤ {_SEEN_GOAL:g} s"
    else:
        met = seconds / base <= _GOALS[row]
        ratio, goal = f"{seconds / base:.2f}", f"≤ {_GOALS[row]:.2f}"
    return [_cell(ours), ratio, f"{goal}: {'met' if met else 'missed'}"]


def _cell(outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return "–"
    seconds = [one.seconds for one in outcomes]
    spread = f"{median(seconds):.1f} ({min(seconds):.1f}–{max(seconds):.1f})"
    return spread if all(one.noticed for one in outcomes) else f"{spread}, not noticed"
