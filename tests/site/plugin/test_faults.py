"""Builds that cannot be right fail, and say where."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.building import run_mkdocs
from support.project import ROOT
from support.small_project import (
    add_literature,
    edit,
    edit_page,
    set_options,
    write_small_project,
)

# Each spoils a page, and what is told of the page has these words.
FAULTS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a cell raises": (
        lambda p: edit(p, 'show("kernels")', "x = 1\nx / 0"),
        [
            "{page}, line 17, cell 1:",
            ">   17 | x / 0",
            "ZeroDivisionError: division by zero",
        ],
    ),
    "an unknown figure": (
        lambda p: edit(p, 'show("kernels")', 'show("heatmap")'),
        ["{page}, line 16, cell 1:", "no figure is called 'heatmap'", "idea"],
    ),
    "a reference to an unknown figure": (
        lambda p: edit(p, "@fig:data", "@fig:date"),
        ["{page}, line 9: @fig:date names no figure", "data"],
    ),
    "a formula that is none": (
        lambda p: edit(p, "## A part", "## A part\n\nIt is $\\frac{1$."),
        ["{page}, line 13: cannot render $\\frac{1$"],
    ),
    "an image without words": (
        lambda p: edit(p, "## A part", "## A part\n\n![](../cat.png)"),
        ["{page}, line 13: the image", "cat.png' has no alt text"],
    ),
    "a page in another encoding": (
        lambda p: p.write_bytes(p.read_bytes().replace(b"One and", b"Caf\xe9, and")),
        ["{page}, line 19: the byte 0xe9 is not UTF-8"],
    ),
    "a page with a byte order mark": (
        lambda p: edit(p, "---\ntitle", "\ufeff---\ntitle"),
        ["{page}, line 1: the file begins with a byte order mark"],
    ),
    "a broken link": (
        lambda p: edit(p, "index.md#a-part", "indx.md"),
        ["{page}, line 9 contains a link 'indx.md'"],
    ),
    "a broken anchor": (
        lambda p: edit(p, "index.md#a-part", "index.md#apart"),
        ["{page}, line 9 contains a link", "#apart"],
    ),
    "cells without a kernel": (
        lambda p: edit(p, "jupyter:\n  kernelspec:", "other:\n  spec:"),
        ["{page}, line 13", "no kernelspec", "```py"],
    ),
    "front matter that is no YAML": (
        lambda p: edit(p, "A small page.", "Small: a page."),
        ["{page}, line 3", "not valid YAML"],
    ),
    "an image that is no figure": (
        lambda p: edit(
            p,
            'show("kernels")',
            'from PIL import Image\n\nImage.new("L", (2, 2))',
        ),
        ["{page}, line 14, cell 1: an image without caption and alt text"],
    ),
    "an output that no page can show": (
        lambda p: edit(
            p,
            'show("kernels")',
            'display({"application/x": b"1"}, raw=True)',
        ),
        ["{page}, line 14, cell 1: an output that no page", "application/x"],
    ),
    "an output that has no form": (
        lambda p: edit(p, 'show("kernels")', 'display({"text/x": {1, 2}}, raw=True)'),
        [">   16 | display(", "TypeError: Object of type set is not JSON serializable"],
    ),
    "an expression that raises where the same is shown above": (
        lambda p: edit(
            p,
            "One and one is `{python} 1 + 1`",
            "```text\n`{python} x`\n```\n\nIt is `{python} x`",
        ),
        ["{page}, line 23, inline", "NameError: name 'x' is not defined"],
    ),
    "a broken link that prose names above": (
        lambda p: edit(
            p,
            "See [the other](index.md#a-part)",
            "There is indx.md.\n\nSee [the other](indx.md)",
        ),
        ["{page}, line 11 contains a link 'indx.md'"],
    ),
    "a fence that looks like a cell": (
        lambda p: edit(p, "## A part", "```Python\n1\n```\n\n## A part"),
        ["{page}, line 11: the fence ```Python looks like a cell", "```py"],
    ),
    "a fence that is not closed": (
        lambda p: edit(p, "```\n", "``\n"),
        ["{page}, line 13: the fence that opens a cell here is not closed"],
    ),
    "a tag that means nothing": (
        lambda p: edit(p, "```python", '```python tags=["hide-input"]'),
        ["{page}, line 13: tags must be", "hide_input", 'not ["hide-input"]'],
    ),
    "tags that are no list": (
        lambda p: edit(p, "```python", '```python tags="fold"'),
        ["{page}, line 13: tags must be a list", 'not "fold"'],
    ),
    "an option that means nothing": (
        lambda p: edit(p, "```python", "```python eval=false"),
        ["{page}, line 13: a cell has no option 'eval'"],
    ),
    "a figure that is left open": (
        lambda p: edit(
            p,
            'show("kernels")',
            "import matplotlib.pyplot as p; p.plot([1])",
        ),
        ["{page}, line 16", "leaves a matplotlib figure open"],
    ),
    "a script in HTML": (
        lambda p: edit(
            p,
            'show("kernels")',
            "from IPython.display import HTML; HTML('<script>1</script>')",
        ),
        ["{page}, line 14, cell 1: HTML with a script"],
    ),
}


def page_of(fault: str) -> str:
    return f"docs/{re.sub(r'[^a-z]+', '-', fault.lower())}.md"


def told_in(output: str) -> dict[str, str]:
    """What failed a build, by its page: all that ran, one that was written, or links."""
    error = output.rfind("ERROR   - ")
    parts = re.split(r"(?=docs/[a-z-]+\.md, line)", output[max(error, 0) :])[1:]
    found = {part.partition(",")[0]: part for part in reversed(parts)}
    ends = f"{len(found)} page(s) failed", f"Aborted with {len(found)} warnings"
    assert any(end in output for end in ends) or len(found) == 1
    return found


@pytest.fixture(scope="module")
def told(mkdocs: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """For each fault, what was told of its page, as often as a build fails of the rest.

    A build tells at once what comes to light in the same part of it.
    """
    project = write_small_project(tmp_path_factory.mktemp("faults") / "project")
    second = (project / "docs/second.md").read_text()
    for fault, (spoil, _) in FAULTS.items():
        page = project / page_of(fault)
        page.write_text(second)
        spoil(page)
    said: dict[str, str] = {}
    while len(said) < len(FAULTS):
        status, output = run_mkdocs(project)
        assert status == 1, output
        assert "Traceback" not in output
        found = told_in(output)
        assert found, output
        for name in found:
            (project / name).unlink()
        said |= {
            fault: found[page_of(fault)] for fault in FAULTS if page_of(fault) in found
        }
    return said


@pytest.mark.parametrize("fault", FAULTS)
def test_a_build_that_cannot_be_right_fails_and_says_where(
    told: dict[str, str], fault: str
) -> None:
    for word in FAULTS[fault][1]:
        assert word.replace("{page}", page_of(fault)) in told[fault]


def test_a_cell_that_runs_too_long_is_ended(project: Path) -> None:
    set_options(project, "{timeout: 3, preload: [nwdocs.figures.look:site_look]}")
    edit_page(project, "index.md", 'show("data")', "1")  # takes no time itself
    edit_page(project, "second.md", 'show("kernels")', "while True: pass")
    status, output = run_mkdocs(project)
    assert status != 0
    assert "docs/second.md, line 14, cell 1:" in output
    assert "ran longer than 3 s" in output
    assert "while True: pass" in output
    assert "Traceback" not in output


def test_a_figure_that_no_page_shows_is_missed_in_the_gallery(project: Path) -> None:
    shown = 'import show\n\nshow("kernels")'
    edit_page(project, "second.md", shown, "import gallery\n\ngallery()")
    status, output = run_mkdocs(project)
    assert status != 0
    assert "docs/second.md, line 14, cell 1: no page shows" in output
    assert "kernels" in output
    assert 'Add show("' in output
    assert "Traceback" not in output


def test_literature_that_is_no_bibtex_is_told_with_its_line(project: Path) -> None:
    add_literature(project, "@book{nadaraya, title = }\n")
    status, output = run_mkdocs(project)
    assert status != 0
    assert "books.bib" in output
    assert "syntax error in line 1" in output
    assert "Traceback" not in output


def test_the_same_error_on_two_pages_is_told_once(project: Path) -> None:
    for page in ("index.md", "second.md"):
        edit_page(project, page, "show(", "show(where=")
    status, output = run_mkdocs(project)
    assert status != 0
    assert "2 page(s) failed" in output
    assert output.count("TypeError: show()") == 1
    assert "docs/index.md, line 16, cell 1" in output
    assert "The same on 1 more: docs/second.md, line 16." in output


def test_a_build_that_would_leave_old_pages_is_refused(project: Path) -> None:
    status, output = run_mkdocs(project, "--dirty")
    assert status != 0
    assert "--dirty leaves pages as they were" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(("day", "status"), [("", 0), ("yesterday", 1)])
def test_the_day_that_the_shell_says_is_a_number(
    project: Path, monkeypatch: pytest.MonkeyPatch, day: str, status: int
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
    ended, output = run_mkdocs(project)
    assert ended == status, output
    assert ("SOURCE_DATE_EPOCH must be a number" in output) == bool(status)
    assert "Traceback" not in output


def test_all_broken_pages_are_named_at_once(project: Path) -> None:
    edit_page(project, "index.md", 'show("data")', "1 / 0")
    edit_page(project, "second.md", "A small page.", "Small: a page.")
    status, output = run_mkdocs(project)
    assert status != 0
    assert "2 page(s) failed" in output
    assert "docs/index.md, line 16, cell 1" in output
    assert "docs/second.md, line 3" in output


def test_make_site_fails_over_a_broken_link_in_an_executed_page(project: Path) -> None:
    def make_site() -> subprocess.CompletedProcess[str]:
        ready = f"{sys.prefix}/.installed"  # whatever its date: install nothing
        here = [f"--makefile={ROOT}/Makefile", f"VENV={sys.prefix}"]
        return subprocess.run(
            ["make", "site", *here, f"--old-file={ready}"],
            cwd=project,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    made = make_site()
    assert made.returncode == 0, made.stderr
    edit_page(project, "second.md", "index.md#a-part", "indx.md")
    made = make_site()
    assert made.returncode != 0
    assert "indx.md" in made.stderr
