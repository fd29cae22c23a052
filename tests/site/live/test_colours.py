"""The colours of code that is typed: those that the build gives the same code."""

import json
import re
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import material
import pytest
from pygments.lexers.python import PythonLexer
from pygments.token import STANDARD_TYPES

from nwdocs.site.live.words import words
from nwdocs.site.plugin.script import ASSETS
from support.deno import deno
from support.project import ROOT, SOURCES

_TOKENS = ASSETS / "live/tokens.js"
_THEME = Path(material.__file__).parent / "templates/assets/stylesheets"
_RULE = re.compile(r"([^{}]*)\{color:var\(--md-code-hl-([a-z]+)-color\)\}")
_CELL = re.compile(r"^```python.*?\n(.*?)^```", re.DOTALL | re.MULTILINE)

TYPED = [
    "def f(x: float = 1.5e-3, *rest) -> bool:\n    '''Text.'''\n    return not x\n",
    "@wraps\nclass A(Exception):\n    def __init__(self):\n        super().__init__()\n",
    "import numpy as np, os.path\nfrom a.b import (c, d as e)\n",
    "f'{x!r:>{width}} {{}} {d[\"a\"]:.2f}' + rb'\\d' + '\\n\\x41' # end\n",
    "x.print, print(x.list), [0x1F, 0b11, 1_000, 2j, .5] @ m\n",
    "async for i in range(3): await x\n",
    "match x:\n    case 1 | None: pass\nmatch = 3\n",
    "text = '''two\nlines {0}'''\n",
]


def pages() -> list[str]:
    """The code of all pages, cell by cell."""
    texts = [(ROOT / "docs" / source).read_text(encoding="utf-8") for source in SOURCES]
    return [code for text in texts for code in _CELL.findall(text)]


@pytest.fixture(scope="module")
def colour_of() -> dict[str, str]:
    """The theme's colour of each class of Pygments; of others, that of a name."""
    (style,) = _THEME.glob("main.*.min.css")
    return {
        name: colour
        for rule, colour in _RULE.findall(style.read_text(encoding="utf-8"))
        for name in re.findall(r"\.highlight \.(\w+)", rule)
    }


def by_letter(source: str, parts: Sequence[tuple[int, int, str]]) -> list[str]:
    """The colour of each letter, but of spaces."""
    found = ["name"] * len(source)
    for start, end, colour in parts:
        found[start:end] = [colour] * (end - start)
    return [
        f"{letter} {colour}"
        for letter, colour in zip(source, found, strict=True)
        if not letter.isspace()
    ]


def as_typed(sources: Sequence[str], folder: Path) -> list[list[dict[str, Any]]]:
    """What the page's script makes of each."""
    given, script = folder / "given.json", folder / "script.js"
    given.write_text(json.dumps([sources, words()]), encoding="utf-8")
    script.write_text(
        f'import {{ tokens }} from "{_TOKENS.as_uri()}";\n'
        f'const [all, words] = JSON.parse(Deno.readTextFileSync("{given}"));\n'
        "console.log(JSON.stringify(all.map((one) => tokens(one, words))));\n",
        encoding="utf-8",
    )
    ran = deno("run", "--allow-read", script)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_code_has_the_colours_of_the_build(
    colour_of: dict[str, str], tmp_path: Path
) -> None:
    sources = [*TYPED, *pages()]
    assert len(sources) > 100
    for source, parts in zip(sources, as_typed(sources, tmp_path), strict=True):
        typed = by_letter(
            source, [(part["start"], part["end"], part["kind"]) for part in parts]
        )
        built = by_letter(
            source,
            [
                (start, start + len(text), colour_of.get(STANDARD_TYPES[kind], "name"))
                for start, kind, text in PythonLexer().get_tokens_unprocessed(source)
            ],
        )
        assert typed == built, source


def test_half_a_line_is_read_to_its_end(tmp_path: Path) -> None:
    whole = "\n".join(TYPED)
    cut = [whole[:end] for end in range(len(whole))]
    for source, parts in zip(cut, as_typed(cut, tmp_path), strict=True):
        places = list(chain.from_iterable((p["start"], p["end"]) for p in parts))
        assert places == sorted(places)
        assert not places or places[-1] <= len(source)
