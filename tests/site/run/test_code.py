"""Which modules of the package a page uses, read off the code of its cells."""

from pathlib import Path

import pytest

from nwdocs.site.run.code import Code, PlainCode

TEXTS = {
    "nwdocs": "from nwdocs.kernels import gaussian\n",
    "nwdocs.kernels": "from nwdocs.checks import check\n",
    "nwdocs.checks": "",
    "nwdocs.study": "",
    "nwdocs.study.deck": "",
    "nwdocs.figures": (
        "from nwdocs.figures import learned\nfrom nwdocs.figures.registry import show\n"
    ),
    "nwdocs.figures.registry": "",
    "nwdocs.figures.learned": '@figure("bias")\ndef bias():\n    pass\n',
}
ARROWS = {
    "nwdocs": ["nwdocs.kernels"],
    "nwdocs.kernels": ["nwdocs.checks"],
    "nwdocs.figures": ["nwdocs.figures.learned", "nwdocs.figures.registry"],
}
KERNELS = {"nwdocs", "nwdocs.kernels", "nwdocs.checks"}


@pytest.fixture
def code(tmp_path: Path) -> Code:
    """A package of eight small modules."""
    return Code(TEXTS, ARROWS, PlainCode(tmp_path))


@pytest.mark.parametrize(
    ("cell", "used"),
    [
        ("1 + 1", set()),
        ("from nwdocs.kernels import gaussian", KERNELS),
        ("from nwdocs.kernels import *", KERNELS),
        ("from nwdocs import gaussian", KERNELS),
        ("x = 1; import numpy, nwdocs.kernels", KERNELS),
        ("from nwdocs import study", {"nwdocs", "nwdocs.study", "nwdocs.study.deck"}),
        (
            "from nwdocs.figures import show",
            {"nwdocs", "nwdocs.figures", "nwdocs.figures.registry"},
        ),
        ("x = 1; from nwdocs import study", {*TEXTS}),
        ("import nwdocs as n", {*TEXTS}),
        ("help(x)", {*TEXTS}),
    ],
)
def test_a_cell_uses_what_it_can_reach(code: Code, cell: str, used: set[str]) -> None:
    assert code.of_cells([cell])[0] == used


def test_docstrings_and_comments_count_where_source_is_shown(tmp_path: Path) -> None:
    plain = PlainCode(tmp_path)
    one = Code({"nwdocs.a": 'def f():\n    """One."""\n    return 1\n'}, {}, plain)
    two = Code({"nwdocs.a": 'def f():\n    """Two."""\n    return 1  # .\n'}, {}, plain)
    three = Code({"nwdocs.a": "def f():\n    return 2\n"}, {}, plain)
    digests = [code.digest(["nwdocs.a"]) for code in (one, two, three)]
    assert digests[0] == digests[1] != digests[2]
    assert one.digest([], ["nwdocs.a"]) != two.digest([], ["nwdocs.a"])


def test_what_was_kept_of_sources_is_used_again(tmp_path: Path) -> None:
    plain = PlainCode(tmp_path)
    digest = plain("x = 1")
    plain.keep()
    assert PlainCode(tmp_path)("x = 1") == digest != PlainCode(tmp_path)("x = 2")
