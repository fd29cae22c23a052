"""The README's recipes, followed to the letter in a copy of the project."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.building import run_mkdocs
from support.project import ROOT, copy_project
from support.small_project import edit, write_small_project

README = (ROOT / "README.md").read_text(encoding="utf-8")


def recipe(name: str) -> str:
    """What the README says under `name`, on one line."""
    found = re.search(rf"^\*\*{name}\*\*(.*?)\n\n", README, re.DOTALL | re.MULTILINE)
    assert found, f"the README has no recipe for {name}"
    return " ".join(found[1].split())


@pytest.fixture
def copied(mkdocs: None, tmp_path: Path) -> Path:
    """A folder with a copy of the package, and of the README's project a small one."""
    copy_project(tmp_path, "nwdocs")
    write_small_project(tmp_path / "project")
    return tmp_path


def build(copied: Path) -> tuple[int, str]:
    return run_mkdocs(copied / "project", package=copied)


def test_a_figure_in_a_new_module(copied: Path) -> None:
    steps = recipe("A figure")
    for word in ("nwdocs/figures/", '@figure("its-name")', "caption", "alt text"):
        assert word in steps
    (copied / "nwdocs/figures/mine.py").write_text(
        '"""Figures of my own."""\n\n'
        "from nwdocs.figures.registry import Drawing, figure\n"
        "from nwdocs.figures.style import single\n\n\n"
        '@figure("its-name")\ndef its_name() -> Drawing:\n'
        "    fig, ax = single()\n    ax.plot([0, 1], [0, 1])\n"
        '    return Drawing(fig, "A line.", "A line rises.", {"y": [0, 1]})\n'
    )
    page = "index.md"
    edit(copied / "project/docs" / page, 'show("data")', 'show("its-name")')
    edit(copied / "project/docs/second.md", 'show("kernels")', 'show("data")')
    status, output = build(copied)
    assert status == 1
    assert "counts once nwdocs/figures/__init__.py imports it" in output

    assert "nwdocs/figures/__init__.py" in steps
    edit(
        copied / "nwdocs/figures/__init__.py",
        "from nwdocs.figures import house  # noqa: F401\n",
        "from nwdocs.figures import house  # noqa: F401\nfrom nwdocs.figures import mine\n",
    )
    status, output = build(copied)
    assert status == 0, output
    html = (copied / "project/site/index.html").read_text(encoding="utf-8")
    assert 'id="fig-its-name"' in html
    assert 'aria-label="A line rises."' in html


def test_a_page(copied: Path) -> None:
    steps = recipe("A page")
    for word in ("docs/", "front matter of its neighbours", "nav", "mkdocs.yml"):
        assert word in steps
    docs = copied / "project/docs"
    neighbour = (docs / "second.md").read_text(encoding="utf-8")
    matter = neighbour[: neighbour.index("# Second")].replace("Second", "Mine")
    (docs / "mine.md").write_text(
        f"{matter}# Mine\n\n```python\nfrom nwdocs.kernels import gaussian\n```\n\n"
        "At its peak the kernel is `{python} f'{gaussian(0.0):.0f}'`.\n"
    )
    edit(copied / "project/mkdocs.yml", "second.md]", "second.md, mine.md]")
    status, output = build(copied)
    assert status == 0, output
    html = (copied / "project/site/mine/index.html").read_text(encoding="utf-8")
    assert "At its peak the kernel is 1." in html


def test_a_kernel(copied: Path) -> None:
    steps = recipe("A kernel")
    for word in (
        "function in",
        "nwdocs/kernels.py",
        "entry in `KERNELS`",
        "explorable",
    ):
        assert word in steps
    kernels = copied / "nwdocs/kernels.py"
    edit(
        kernels,
        "def tricube(",
        "def triweight(u: ArrayLike) -> Floats:\n"
        '    """Parabola cubed, max(1 - u², 0)³.\n\n'
        "    Takes scaled offsets of any shape, returns similarities of that shape.\n"
        '    """\n'
        "    return epanechnikov(u) ** 3\n\n\ndef tricube(",
    )
    entry = (
        '        "triweight": Kernel(\n            "Triweight",\n            1.0,\n'
        '            r"\\max(1 - u^2,\\, 0)^3",\n            triweight,\n'
        "            canonical=_canonical(energy=350 / 429, variance=1 / 9),\n"
        "            factor=(1, 0, -1),\n            power=3,\n        ),\n"
    )
    edit(
        kernels, '        "tricube": Kernel(\n', f'{entry}        "tricube": Kernel(\n'
    )
    edit(
        copied / "project/docs/index.md",
        "One and one",
        "```python\nfrom nwdocs.figures import explorable\n\nexplorable()\n```\n\nOne and one",
    )
    status, output = build(copied)
    assert status == 0, output
    html = (copied / "project/site/index.html").read_text(encoding="utf-8")
    assert "triweight" in html
    laws = run_tests(copied, "test_kernels.py")
    assert laws.returncode == 0, laws.stdout
    assert "[triweight" in laws.stdout


def run_tests(copied: Path, name: str) -> subprocess.CompletedProcess[str]:
    """Run a file of the estimator's tests on the copied package."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider"),
            *(f"--rootdir={ROOT}", str(ROOT / "tests/estimator" / name)),
        ],
        cwd=copied,
        env={**os.environ, "PYTHONPATH": str(copied)},
        capture_output=True,
        text=True,
        check=False,
    )
