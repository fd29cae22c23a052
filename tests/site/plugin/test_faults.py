"""Builds that cannot be right fail, and say where."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.building import run_mkdocs
from support.project import ROOT
from support.small_project import add_literature, edit_page, set_options


def run_too_long(project: Path) -> None:
    """Have a cell run on, where it may run for three seconds."""
    set_options(project, "{timeout: 3, preload: [nwdocs.figures.look:site_look]}")
    edit_page(project, "second.md", 'show("kernels")', "while True: pass")


FAULTS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a cell raises": (
        lambda p: edit_page(p, "second.md", 'show("kernels")', "x = 1\nx / 0"),
        [
            "docs/second.md, line 17, cell 1:",
            ">   17 | x / 0",
            "ZeroDivisionError: division by zero",
        ],
    ),
    "a cell runs too long": (
        run_too_long,
        ["docs/second.md, line 14, cell 1:", "ran longer than 3 s", "while True: pass"],
    ),
    "an unknown figure": (
        lambda p: edit_page(p, "second.md", 'show("kernels")', 'show("heatmap")'),
        ["docs/second.md, line 16, cell 1:", "no figure is called 'heatmap'", "idea"],
    ),
    "a reference to an unknown figure": (
        lambda p: edit_page(p, "second.md", "@fig:data", "@fig:date"),
        ["docs/second.md, line 9: @fig:date names no figure", "data"],
    ),
    "a figure that no page shows": (
        lambda p: edit_page(
            p,
            "second.md",
            'import show\n\nshow("kernels")',
            "import gallery\n\ngallery()",
        ),
        ["docs/second.md, line 14, cell 1: no page shows", "kernels", 'Add show("'],
    ),
    "a formula that is none": (
        lambda p: edit_page(
            p, "second.md", "## A part", "## A part\n\nIt is $\\frac{1$."
        ),
        ["docs/second.md, line 13: cannot render $\\frac{1$"],
    ),
    "an image without words": (
        lambda p: edit_page(
            p, "second.md", "## A part", "## A part\n\n![](../cat.png)"
        ),
        ["docs/second.md, line 13: the image", "cat.png' has no alt text"],
    ),
    "a page in another encoding": (
        lambda p: (p / "docs/second.md").write_bytes(
            (p / "docs/second.md").read_bytes().replace(b"One and", b"Caf\xe9, and")
        ),
        ["docs/second.md, line 19: the byte 0xe9 is not UTF-8"],
    ),
    "a page with a byte order mark": (
        lambda p: edit_page(p, "second.md", "---\ntitle", "\ufeff---\ntitle"),
        ["docs/second.md, line 1: the file begins with a byte order mark"],
    ),
    "a broken link": (
        lambda p: edit_page(p, "second.md", "index.md#a-part", "indx.md"),
        ["docs/second.md, line 9 contains a link 'indx.md'", "strict mode"],
    ),
    "a broken anchor": (
        lambda p: edit_page(p, "second.md", "index.md#a-part", "index.md#apart"),
        ["docs/second.md, line 9 contains a link", "#apart", "strict mode"],
    ),
    "cells without a kernel": (
        lambda p: edit_page(
            p, "second.md", "jupyter:\n  kernelspec:", "other:\n  spec:"
        ),
        ["docs/second.md, line 13", "no kernelspec", "```py"],
    ),
    "front matter that is no YAML": (
        lambda p: edit_page(p, "second.md", "A small page.", "Small: a page."),
        ["docs/second.md, line 3", "not valid YAML"],
    ),
    "an image that is no figure": (
        lambda p: edit_page(
            p,
            "second.md",
            'show("kernels")',
            'from PIL import Image\n\nImage.new("L", (2, 2))',
        ),
        ["docs/second.md, line 14, cell 1: an image without caption and alt text"],
    ),
    "an output that no page can show": (
        lambda p: edit_page(
            p,
            "second.md",
            'show("kernels")',
            'display({"application/x": b"1"}, raw=True)',
        ),
        ["docs/second.md, line 14, cell 1: an output that no page", "application/x"],
    ),
    "an output that has no form": (
        lambda p: edit_page(
            p, "second.md", 'show("kernels")', 'display({"text/x": {1, 2}}, raw=True)'
        ),
        [">   16 | display(", "TypeError: Object of type set is not JSON serializable"],
    ),
    "an expression that raises where the same is shown above": (
        lambda p: edit_page(
            p,
            "second.md",
            "One and one is `{python} 1 + 1`",
            "```text\n`{python} x`\n```\n\nIt is `{python} x`",
        ),
        ["docs/second.md, line 23, inline", "NameError: name 'x' is not defined"],
    ),
    "a broken link that prose names above": (
        lambda p: edit_page(
            p,
            "second.md",
            "See [the other](index.md#a-part)",
            "There is indx.md.\n\nSee [the other](indx.md)",
        ),
        ["docs/second.md, line 11 contains a link 'indx.md'"],
    ),
    "a fence that looks like a cell": (
        lambda p: edit_page(
            p, "second.md", "## A part", "```Python\n1\n```\n\n## A part"
        ),
        ["docs/second.md, line 11: the fence ```Python looks like a cell", "```py"],
    ),
    "a fence that is not closed": (
        lambda p: edit_page(p, "second.md", "```\n", "``\n"),
        ["docs/second.md, line 13: the fence that opens a cell here is not closed"],
    ),
    "a tag that means nothing": (
        lambda p: edit_page(
            p, "second.md", "```python", '```python tags=["hide-input"]'
        ),
        ["docs/second.md, line 13: tags must be", "hide_input", 'not ["hide-input"]'],
    ),
    "tags that are no list": (
        lambda p: edit_page(p, "second.md", "```python", '```python tags="fold"'),
        ["docs/second.md, line 13: tags must be a list", 'not "fold"'],
    ),
    "an option that means nothing": (
        lambda p: edit_page(p, "second.md", "```python", "```python eval=false"),
        ["docs/second.md, line 13: a cell has no option 'eval'"],
    ),
    "a figure that is left open": (
        lambda p: edit_page(
            p,
            "second.md",
            'show("kernels")',
            "import matplotlib.pyplot as p; p.plot([1])",
        ),
        ["docs/second.md, line 16", "leaves a matplotlib figure open"],
    ),
    "a script in HTML": (
        lambda p: edit_page(
            p,
            "second.md",
            'show("kernels")',
            "from IPython.display import HTML; HTML('<script>1</script>')",
        ),
        ["docs/second.md, line 14, cell 1: HTML with a script"],
    ),
    "literature that is no BibTeX": (
        lambda p: add_literature(p, "@book{nadaraya, title = }\n"),
        ["books.bib", "syntax error in line 1"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_build_that_cannot_be_right_fails_and_says_where(
    project: Path, fault: str
) -> None:
    spoil, words = FAULTS[fault]
    spoil(project)
    status, output = run_mkdocs(project)
    assert status != 0
    for word in words:
        assert word in output
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
