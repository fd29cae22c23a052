"""The command line: measure, print the table, write it and all numbers into files."""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from nwdocs.progress import show_status, show_step
from nwdocs.site.review.bench.measure import SCENARIOS, Copy, Outcome, make_copy
from nwdocs.site.review.bench.table import SEEN, machine, report
from nwdocs.site.review.bench.tools import (
    MARKDOWN_EXEC,
    MKDOCS_JUPYTER,
    MYST_NB,
    OURS,
    TOOLS,
)

_ROOT = Path(__file__).resolve().parents[3]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m nwdocs.site.review.bench")
    parser.add_argument("--repeat", type=int, default=5, help="(default: %(default)s)")
    parser.add_argument(
        "--also",
        nargs="*",
        default=[],
        choices=[MYST_NB.name, MARKDOWN_EXEC.name],
        help="tools to measure besides, each in an environment made for it",
    )
    parser.add_argument("--out", type=Path, default=Path("build"), help="a folder")
    options = parser.parse_args(arguments)
    if options.repeat < 1:
        parser.error(f"--repeat must be at least 1, got {options.repeat}")
    names = dict.fromkeys([OURS.name, MKDOCS_JUPYTER.name, *options.also])
    with tempfile.TemporaryDirectory() as scratch:
        copies = []
        for name in names:
            show_step(f"{name}: the copy, its environment, its byte code")
            copies.append(make_copy(TOOLS[name], _ROOT, Path(scratch)))
            copies[-1].build()
        measured = _measure(copies, options.repeat)
    date = datetime.now(UTC).date().isoformat()
    versions = {name: TOOLS[name].versions() for name in names}
    text = report(measured, versions, date)
    facts = {
        "date": date,
        "machine": machine(),
        "python": platform.python_version(),
        "versions": versions,
        "measured": {
            name: {
                row: [asdict(one) for one in outcomes] for row, outcomes in rows.items()
            }
            for name, rows in measured.items()
        },
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "bench.md").write_text(text + "\n", encoding="utf-8")
    (options.out / "bench.json").write_text(
        json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    show_status("")
    print(text)
    return 0


def _measure(
    copies: Sequence[Copy], repeat: int
) -> dict[str, dict[str, Sequence[Outcome]]]:
    built: dict[str, dict[str, list[Outcome]]] = {
        copy.tool.name: {scenario: [] for scenario in SCENARIOS} for copy in copies
    }
    for turn in range(1, repeat + 1):
        for copy in copies:
            for scenario in SCENARIOS:
                show_step(f"{turn} of {repeat}: {copy.tool.name}, {scenario}")
                built[copy.tool.name][scenario].append(copy.measure(scenario, turn))
    measured: dict[str, dict[str, Sequence[Outcome]]] = {}
    for copy in copies:
        show_step(f"{copy.tool.name}: {SEEN}")
        measured[copy.tool.name] = {
            **built[copy.tool.name],
            SEEN: copy.save_to_seen(repeat),
        }
    return measured


if __name__ == "__main__":
    sys.exit(main())
