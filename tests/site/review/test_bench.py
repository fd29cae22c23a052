"""The benchmark compares what it says: the same pages, really run, each edit really seen.

How long anything takes is not tested.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nwdocs.site.review.bench.__main__ import ROOT as PROJECT
from nwdocs.site.review.bench.measure import (
    Copy,
    Outcome,
    SetUp,
    copy_project,
    make_copy,
)
from nwdocs.site.review.bench.scenarios import ALL, SCENARIOS
from nwdocs.site.review.bench.table import SEEN, Measured, report, results
from nwdocs.site.review.bench.tools import (
    MARKDOWN_EXEC,
    MKDOCS_JUPYTER,
    MYST_NB,
    OURS,
    TOOLS,
    Tool,
)
from support.project import ROOT

#: The edits of what every tool has.
OF_ALL = [name for name, edit in SCENARIOS.items() if edit.others]

PAGE = """\
---
title: Kernels
jupyter:
  kernelspec: {display_name: Python 3, language: python, name: python3}
---
# Kernels

```python tags=["hide_input"]
import math

math.sqrt(
    1764
)
```

The answer is `{python} 6 * 7`.

```python tags=["fold"]
half = 21
```

```py
only = "looked at"
```
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder in git with what the benchmark edits, and little else."""
    root = tmp_path / "project"
    for name, text in {
        "docs/index.md": "# Home\n",
        "docs/kernels.md": PAGE,
        "nwdocs/__init__.py": "",
        "nwdocs/data.py": "",
        ".gitignore": "build/\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for command in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


def here(tool: Tool) -> Tool:
    """The tool without an environment of its own: enough to look at the pages."""
    return replace(tool, own=())


def converted(tool: Tool, project: Path, tmp_path: Path) -> str:
    make_copy(here(tool), project, tmp_path)
    return (tmp_path / tool.name / "docs/kernels.md").read_text(encoding="utf-8")


# --- the same pages ------------------------------------------------------------------


def test_the_copy_is_the_work_tree_as_it_is(project: Path, tmp_path: Path) -> None:
    (project / "docs/index.md").unlink()
    (project / "docs/new.md").write_text("# New\n", encoding="utf-8")
    (project / "nwdocs/data.py").write_text("CHANGED = True\n", encoding="utf-8")
    (project / "build").mkdir()
    (project / "build/ignored").touch()
    copy_project(project, tmp_path / "copy")
    found = {
        path.relative_to(tmp_path / "copy").as_posix()
        for path in (tmp_path / "copy").rglob("*")
        if path.is_file()
    }
    assert found == {
        ".gitignore",
        "docs/kernels.md",
        "docs/new.md",
        "nwdocs/__init__.py",
        "nwdocs/data.py",
    }
    copied = (tmp_path / "copy/nwdocs/data.py").read_text(encoding="utf-8")
    assert copied == "CHANGED = True\n"


def test_mkdocs_jupyter_takes_the_pages_as_they_are_but_for_our_templates(
    project: Path, tmp_path: Path
) -> None:
    alone = PAGE.replace("title: Kernels", "title: Kernels\ntemplate: embed.html")
    (project / "docs/alone.md").write_text(alone, encoding="utf-8")
    assert converted(MKDOCS_JUPYTER, project, tmp_path).startswith(PAGE)
    page = tmp_path / MKDOCS_JUPYTER.name / "docs/alone.md"
    assert page.read_text(encoding="utf-8") == PAGE


def test_myst_nb_gets_code_cells(project: Path, tmp_path: Path) -> None:
    text = converted(MYST_NB, project, tmp_path)
    assert text.startswith("---\nfile_format: mystnb\nkernelspec:\n")
    assert "name: python3" in text
    assert (
        "```{code-cell} ipython3\n:tags: [remove-input]\nimport math\n\n"
        "math.sqrt(\n    1764\n)\n```\n" in text
    )
    assert "```{code-cell} ipython3\n:tags: [hide-input]\nhalf = 21\n```\n" in text
    assert "The answer is `{python} 6 * 7`." in text
    assert '```py\nonly = "looked at"\n```' in text
    docs = tmp_path / MYST_NB.name / "docs"
    assert "```{toctree}" in (docs / "index.md").read_text(encoding="utf-8")
    settings = (docs / "conf.py").read_text(encoding="utf-8")
    assert "nb_execution_raise_on_error = True" in settings


def test_markdown_exec_gets_cells_of_one_session_that_print(
    project: Path, tmp_path: Path
) -> None:
    text = converted(MARKDOWN_EXEC, project, tmp_path)
    assert (
        '```python exec="true" session="kernels"\nfrom shown import shown\n'
        "import math\n\nprint(shown(math.sqrt(\n    1764\n)))\n```\n" in text
    )
    assert (
        '```python exec="true" session="kernels" source="above"\nhalf = 21\n```\n'
        in text
    )
    assert '```py\nonly = "looked at"\n```' in text
    assert MARKDOWN_EXEC.command[-1] == "--strict"


def test_what_markdown_exec_prints_is_what_a_notebook_shows(
    project: Path, tmp_path: Path
) -> None:
    make_copy(here(MARKDOWN_EXEC), project, tmp_path)
    names: dict[str, object] = {}
    code = tmp_path / MARKDOWN_EXEC.name / "shown.py"
    exec(code.read_text(encoding="utf-8"), names)
    shown = names["shown"]
    assert callable(shown)

    class Told:
        def _repr_mimebundle_(self) -> dict[str, str]:
            return {"text/markdown": "*told*"}

    class Drawn:
        def _repr_mimebundle_(self) -> dict[str, str]:
            return {"text/plain": "drawn", "image/svg+xml": "<svg/>"}

    assert shown(None) == ""
    assert shown(Told()) == "*told*"
    assert shown(Drawn()) == "<div><svg/></div>"
    assert shown(42) == "```text\n42\n```"


@pytest.mark.parametrize("tool", [MYST_NB, MARKDOWN_EXEC], ids=lambda tool: tool.name)
def test_other_tools_are_pinned_and_not_ours(tool: Tool) -> None:
    assert all(line.count("==") == 1 for line in tool.own)
    assert set(tool.versions()) == set(tool.packages)


# --- really run, really seen ---------------------------------------------------------


@pytest.mark.usefixtures("mkdocs")
def test_mkdocs_jupyter_runs_the_pages_and_what_it_misses_is_recorded(
    project: Path, tmp_path: Path
) -> None:
    copy = make_copy(MKDOCS_JUPYTER, project, tmp_path)
    outcomes = {name: copy.measure(name, 3) for name in OF_ALL}
    built = copy.folder / "site/kernels/index.html"
    text = built.read_text(encoding="utf-8")
    assert "42.0" in text
    assert "One more sentence: 3." in text
    # Its cache, which old versions do not have, knows nothing of the package.
    assert outcomes.pop("package edit").noticed == ("package: 3" in text)
    assert all(one.noticed for one in outcomes.values())
    copy.measure("cold", 4)
    text = built.read_text(encoding="utf-8")
    assert "One more sentence: 3." not in text


@pytest.mark.usefixtures("mkdocs")
def test_a_cell_that_fails_is_no_result(project: Path, tmp_path: Path) -> None:
    with (project / "docs/kernels.md").open("a", encoding="utf-8") as page:
        page.write("\n```python\n1 / 0\n```\n")
    copy = make_copy(MKDOCS_JUPYTER, project, tmp_path)
    with pytest.raises(RuntimeError, match=r"(?s)mkdocs-jupyter does not build.*Zero"):
        copy.measure("cold", 1)


def fake(folder: Path, shown: bool, log: str) -> Copy:
    """Ours, but its build writes just what is to be shown, or not, and says just this."""
    lines = [f"print({log!r})", "from pathlib import Path"]
    for edit in SCENARIOS.values():
        if edit.file:
            (folder / edit.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / edit.file).write_text(edit.old)
        site = f"Path({'site/' + edit.built!r})"
        lines.append(f"{site}.parent.mkdir(parents=True, exist_ok=True)")
        lines.append(f"{site}.open('a').write({edit.shown.format(turn=1)!r})" * shown)
        lines.append(f"{site}.touch()")
    (folder / "fake_build.py").write_text("\n".join(lines), encoding="utf-8")
    tool = replace(OURS, command=("fake_build",))
    return Copy(tool, folder, Path(sys.executable), fresh={})


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_an_edit_that_our_page_does_not_show_is_an_error(
    tmp_path: Path, scenario: str
) -> None:
    copy = fake(tmp_path, False, "9 pages  9 ran")
    with pytest.raises(RuntimeError, match=f"ours, {scenario}: .* does not show"):
        copy.measure(scenario, 1)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_page_of_ours_that_should_have_run_or_not_is_an_error(
    tmp_path: Path, scenario: str
) -> None:
    fewest, most = (min(limit, 9) for limit in SCENARIOS[scenario].runs)
    right = fake(tmp_path / "right", True, f"9 pages   {fewest} ran      0.1")
    assert right.measure(scenario, 1).noticed
    wrong = most + 1 if most < 9 else fewest - 1
    for log in (f"9 pages   {wrong} ran      0.1", "nothing"):
        copy = fake(tmp_path / log[:3], True, log)
        with pytest.raises(RuntimeError, match="pages should have run"):
            copy.measure(scenario, 1)


def test_what_is_replaced_is_there(tmp_path: Path) -> None:
    for name, edit in SCENARIOS.items():
        if edit.old and edit.file:
            assert edit.old in (ROOT / edit.file).read_text(encoding="utf-8"), name


def test_the_project_that_is_measured_is_this_one() -> None:
    assert PROJECT == ROOT


def test_a_cold_build_runs_every_page() -> None:
    assert SCENARIOS["cold"].runs == (ALL, ALL)


# --- the table -----------------------------------------------------------------------


def measured() -> Measured:
    def three(middle: float, noticed: bool = True) -> list[Outcome]:
        return [Outcome(middle * by, noticed) for by in (1.5, 0.5, 1)]

    return {
        "ours": {
            **{"cold": three(10.0), "no change": three(2.0), "code edit": three(12.0)},
            **{"package edit": three(8.0), "style edit": three(2.2)},
            **{f"{SEEN}prose edit": three(0.4)},
            f"{SEEN}code edit": [
                Outcome(1.9, cells=cells) for cells in (0.8, 1.0, 0.9)
            ],
        },
        "mkdocs-jupyter": {
            **{"cold": three(40.0), "no change": three(3.0), "code edit": three(13.0)},
            **{"package edit": three(2.0, noticed=False), f"{SEEN}prose edit": []},
            f"{SEEN}package edit": three(240.0, noticed=False),
        },
        "markdown-exec": {name: three(20.0) for name in ("cold", "package edit")},
    }


def test_the_table_has_medians_spread_ratios_and_verdicts() -> None:
    judged, others = map(rows_of, results(measured()).split("\n\n"))
    assert judged["build"] == ["ours", "ratio", "goal"]
    assert judged["cold"] == ["10.0 (5.0–15.0)", "0.50", "≤ 0.85: met"]
    assert judged["code edit"] == ["12.0 (6.0–18.0)", "0.92", "≤ 0.80: missed"]
    # Who does not notice an edit has not done the work.
    assert judged["package edit"][1:] == ["0.40", "≤ 0.80: met"]
    assert judged["style edit"] == ["2.2 (1.1–3.3)", "–", "≤ 2.3 s: met"]
    assert judged[f"{SEEN}prose edit"][1:] == ["–", "≤ 0.5 s: met"]
    goal = "≤ 1 s + 0.9 s of cells: met"
    assert judged[f"{SEEN}code edit"] == ["1.9 (1.9–1.9)", "–", goal]
    assert others["build"] == ["mkdocs-jupyter", "markdown-exec"]
    assert others["cold"] == ["40.0", "**20.0**"]
    assert others["package edit"] == ["2.0, no", "**20.0**"]
    assert others[f"{SEEN}package edit"] == ["no", "–"]
    assert others["code edit"] == ["**13.0**", "–"]


def rows_of(lines: str) -> dict[str, list[str]]:
    """The cells of a Markdown table, by the first of each row."""
    rows = [[cell.strip() for cell in line.split("|")] for line in lines.splitlines()]
    return {cells[1]: cells[2:-1] for cells in rows}


def test_without_a_browser_nothing_is_said_of_seeing() -> None:
    found = {name: {**rows} for name, rows in measured().items()}
    found["ours"][f"{SEEN}prose edit"] = []
    judged, _ = map(rows_of, results(found).split("\n\n"))
    assert judged[f"{SEEN}prose edit"] == ["–", "–", "–"]


def test_the_report_names_day_machine_versions_and_what_favours_whom() -> None:
    names = ("ours", "mkdocs-jupyter", "markdown-exec")
    versions = {name: TOOLS[name].versions() for name in names}
    set_ups = {"ours": SetUp(61.2, 479.4, 112)}
    text = report(measured(), set_ups, versions, "2026-01-02")
    assert text.startswith("Measured on 2026-01-02: ")
    assert f"mkdocs-jupyter {versions['mkdocs-jupyter']['mkdocs-jupyter']}," in text
    assert "| ours | 61 | 479 | 112 |" in text
    assert "median of 3" in text
    assert "which favours them" in text
    assert results(measured()) in text
