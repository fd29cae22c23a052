"""The command line: measure, print the table, write it and all numbers into files."""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from nwdocs.progress import show_status, show_step
from nwdocs.site.review.bench.measure import Copy, Outcome, SetUp, make_copy, set_up
from nwdocs.site.review.bench.scenarios import SCENARIOS
from nwdocs.site.review.bench.table import SEEN, Measured, machine, report
from nwdocs.site.review.bench.tools import (
    MARKDOWN_EXEC,
    MKDOCS_JUPYTER,
    MYST_NB,
    OURS,
    TOOLS,
    ZENSICAL,
)

#: The project whose pages are built.
ROOT = Path(__file__).resolve().parents[4]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m nwdocs.site.review.bench")
    parser.add_argument("--repeat", type=int, default=3, help="(default: %(default)s)")
    parser.add_argument(
        "--also",
        nargs="*",
        default=[],
        choices=[MYST_NB.name, MARKDOWN_EXEC.name, ZENSICAL.name],
        help="tools to measure besides, each in an environment made for it",
    )
    parser.add_argument(
        "--only",
        nargs="+",
        default=[*SCENARIOS],
        choices=[*SCENARIOS],
        help="the edits to measure (default: all)",
    )
    parser.add_argument("--out", type=Path, default=Path("build"), help="a folder")
    options = parser.parse_args(arguments)
    if options.repeat < 1:
        parser.error(f"--repeat must be at least 1, got {options.repeat}")
    names = dict.fromkeys([OURS.name, MKDOCS_JUPYTER.name, *options.also])
    versions = {name: TOOLS[name].versions() for name in names}
    measured: dict[str, dict[str, list[Outcome]]] = {name: {} for name in names}
    set_ups: dict[str, SetUp] = {}
    with tempfile.TemporaryDirectory() as scratch:
        copies = []
        for name in names:
            show_step(f"{name}: the copy, its environment, its byte code")
            copies.append(make_copy(TOOLS[name], ROOT, Path(scratch)))
            copies[-1].build()
        for _ in _measure(copies, options.only, options.repeat, measured, set_ups):
            text = _write(options.out, measured, set_ups, versions)
    show_status("")
    print(text)
    return 0


def _measure(
    copies: Sequence[Copy],
    scenarios: Sequence[str],
    repeat: int,
    measured: dict[str, dict[str, list[Outcome]]],
    set_ups: dict[str, SetUp],
) -> Iterator[None]:
    """Fill `measured` and `set_ups`; stop wherever there is something to be written.

    The tools take turns at each edit: what slows the machine for a while slows all of them.
    """
    for turn in range(1, repeat + 1):
        for name in scenarios:
            for copy in copies:
                if name in _of(copy, scenarios):
                    show_step(f"{turn} of {repeat}: {copy.tool.name}, {name}")
                    outcome = copy.measure(name, turn)
                    measured[copy.tool.name].setdefault(name, []).append(outcome)
        yield
    for copy in copies:
        show_step(f"{copy.tool.name}: {SEEN}")
        edits = [n for n in _of(copy, scenarios) if SCENARIOS[n].file]
        seen = copy.save_to_seen(edits, repeat)
        measured[copy.tool.name] |= {SEEN + name: seen.get(name, []) for name in edits}
    yield
    for copy in copies:
        show_step(f"{copy.tool.name}: an environment from nothing")
        set_ups[copy.tool.name] = set_up(copy)
    yield


def _write(
    folder: Path,
    measured: Measured,
    set_ups: Mapping[str, SetUp],
    versions: Mapping[str, Mapping[str, str]],
) -> str:
    """Write what has been measured so far, and return it as text."""
    date = datetime.now(UTC).date().isoformat()
    text = report(measured, set_ups, versions, date)
    facts = {
        "date": date,
        "machine": machine(),
        "python": platform.python_version(),
        "versions": versions,
        "set-up": {name: asdict(one) for name, one in set_ups.items()},
        "measured": {
            name: {
                row: [asdict(one) for one in outcomes] for row, outcomes in rows.items()
            }
            for name, rows in measured.items()
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.md").write_text(text + "\n", encoding="utf-8")
    (folder / "bench.json").write_text(
        json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return text


def _of(copy: Copy, scenarios: Sequence[str]) -> list[str]:
    """Those of the scenarios that the tool has."""
    ours = copy.tool.name == OURS.name
    return [name for name in scenarios if ours or SCENARIOS[name].others]


if __name__ == "__main__":
    sys.exit(main())
