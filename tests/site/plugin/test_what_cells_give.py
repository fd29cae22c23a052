"""What a cell gives is what the page shows: of pages that other tools have got wrong."""

import re
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest

from support.building import run_mkdocs
from support.small_project import CONFIG, edit, write_small_project

FRONT_MATTER = """\
---
title: {title}
description: "A small page."
jupyter:
  kernelspec: {{display_name: Python 3, language: python, name: python3}}
---
"""


class Given(NamedTuple):
    """A page, and what is on it.

    Attributes:
        body: its Markdown below the heading, or all of it from the front matter on.
        text: what a reader finds on the page, without markup.
        markup: what stands in its HTML.
        never: what does not.
    """

    body: str
    text: str = ""
    markup: str = ""
    never: str = "\ue000"


def cell(source: str, options: str = "") -> str:
    return f"```python{options}\n{source}\n```\n"


GIVEN = {
    "markdown-inline": Given(
        cell("from nwdocs.display import Markdown")
        + "\nIt is `{python} Markdown('*x*')`.\n",
        markup="It is <em>x</em>.",
    ),
    "markdown-of-ipython-inline": Given(
        cell("from IPython.display import Markdown")
        + "\nIt is `{python} Markdown('*x*')`.\n",
        markup="It is <em>x</em>.",
    ),
    "look-alikes": Given(
        cell("print('[@nadaraya1964] <!-- nwdocs:build --> *[A]: b `{python} 1`')"),
        text="\n[@nadaraya1964] <!-- nwdocs:build --> *[A]: b `{python} 1`\n",
    ),
    "json": Given(
        cell('from IPython.display import JSON\n\nJSON({"a": ["</pre>"]})'),
        text='"</pre>"',
        never="IPython.core.display",
    ),
    "click": Given(cell("import click\n\nclick.echo('hel' 'lo')"), text="hello"),
    "bytes": Given(
        cell("import sys\n\nn = sys.stdout.buffer.write(b'ab' b'c')"), text="abc"
    ),
    "writelines": Given(
        cell(
            "import sys\n\nwith sys.stdout as out:\n    out.writelines(['a', 'b'])\n"
            "    print(out.fileno(), out.encoding, out.closed)"
        )
        + cell("print('on', 'ward')"),
        text="ab1 utf-8 False\n",
        markup="on ward",
    ),
    "logging": Given(
        cell(
            "import logging, sys\n\nlogging.basicConfig(stream=sys.stdout)\n"
            "logging.error('from a ' 'logger')"
        ),
        text="ERROR:root:from a logger",
    ),
    "reference-kept": Given(
        cell("import sys\n\nout = sys.stdout")
        + "\n"
        + cell("print('l' 'ater', file=out)"),
        text="print('l' 'ater', file=out)\nlater\n",
    ),
    "c-code": Given(
        cell("import os\n\nn = os.write(1, b'be' b'low')\nprint('ab' 'ove')"),
        text="belowabove\n",
    ),
    "child": Given(
        cell('import subprocess\n\nsubprocess.run(["echo", "from", "child"]);'),
        text="from child\n",
    ),
    "fence-in-fence": Given(
        "````md\n```py\n1 + 1\n```\n````\n\n" + cell("40 + 2"),
        text="```py\n1 + 1\n```\n\n40 + 2\n42\n",
    ),
    "cell-in-fence": Given(
        "~~~md\n```python\n1 + 1\n```\n~~~\n\nend\n",
        text="```python\n1 + 1\n```\n\nend",
        never="nw-output",
    ),
    "fence-in-cell": Given(
        "~~~python\nprint('``' '`')\n# ```\n~~~\n", text="# ```\n```\n"
    ),
    "picture-comment": Given(
        "<!-- picture here -->\n\n<!-- application/vnd.nwdocs.gallery+json -->\n\ntext\n",
        markup="<!-- picture here -->\n\n<!-- application/vnd.nwdocs.gallery+json -->",
    ),
    "blank-lines": Given(
        cell(
            "from IPython.display import HTML\n\nHTML('<pre>a' + '\\n' * 3 + 'b</pre>')"
        ),
        markup="<pre>a\n\n\nb</pre>",
    ),
    "unclosed": Given(
        cell("from IPython.display import HTML\n\nHTML('<div><b>open')")
        + "\n*After* it.\n",
        markup="<div><b>open</b></div></div>\n<p><em>After</em> it.</p>",
    ),
    "progress-bar": Given(
        cell('for i in range(0, 101, 20):\n    print(f"\\r{i:3}%", end="")'),
        text="\n100%\n",
        never="80%",
    ),
    "colours": Given(
        cell('print("\\x1b[31mre" "d\\x1b[0m and \\x1b[1mbo" "ld\\x1b[0m \\x1b[K")'),
        markup='<span class="ansi-red-fg">red</span>',
        never="\x1b",
    ),
    "cleared": Given(
        cell(
            "from IPython.display import clear_output\n\nfor i in range(3):\n"
            "    clear_output(wait=True)\n    print('step', i)"
        ),
        text="\nstep 2\n",
        never="step 1",
    ),
    "updated": Given(
        cell('h = display("wor" "king", display_id=True)\nh.update("do" "ne")'),
        text="\n'done'\n",
        never="'working'",
    ),
    "matplotlib-inline": Given(
        "```python\n%matplotlib inline\nimport numpy as np\n```\n",
        text="%matplotlib inline",
        never="nw-output",
    ),
    "options": Given(
        cell("x = 1\nx", ' title="six.py" linenums="1" hl_lines="2"'),
        markup='<span class="filename">six.py</span>',
    ),
    "other-languages": Given(
        "```html\n<b>x</b>\n```\n\n```bash\nls\n```\n\n```js\nf()\n```\n\n```r\nf()\n```\n",
        text="<b>x</b>",
        never="nw-output",
    ),
    "raises": Given(
        cell("1 / 0", ' tags=["raises-exception"]') + cell("'go' 'es on'"),
        text="ZeroDivisionError: division by zero\n",
        markup="goes on",
    ),
    "warned": Given(
        cell(
            "import warnings\n\nwarnings.warn('care' 'ful')", ' tags=["allow_stderr"]'
        ),
        text="<cell 1>:3: UserWarning: careful",
        markup="nw-stderr",
    ),
    "long": Given(
        cell("for i in range(300):\n    print(i)"),
        markup='<details class="nw-long"><summary>Output of 300 lines</summary>\n'
        "<div data-search-exclude",
    ),
    "same-figure-twice": Given(
        cell('from nwdocs.figures import show\n\nshow("data")')
        + "\nAgain:\n\n"
        + cell('show("data")'),
        markup='id="fig-data-2"',
    ),
    "async": Given(
        cell("import asyncio\n\nawait asyncio.sleep(0)\n'wa' 'ited'"), text="waited"
    ),
    "shell": Given(
        cell("!echo from a shell"), text="!echo from a shell\nfrom a shell\n"
    ),
    "dots": Given(
        FRONT_MATTER.format(title="Dots").removesuffix("---\n")
        + "...\n# D\n\n"
        + cell("6 * 7"),
        text="42",
        never="kernelspec",
    ),
    "spaces": Given(
        FRONT_MATTER.format(title="Spaces").replace("---\n", "---  \n", 1)
        + "# S\n\n"
        + cell("6 * 7"),
        text="42",
        never="kernelspec",
    ),
    "year": Given(
        FRONT_MATTER.format(title="2026") + "# Y\n\n" + cell("6 * 7"), text="42"
    ),
    "short-kernel": Given(
        "---\ntitle: S\ndescription: D.\njupyter: python3\n---\n# S\n\n"
        + cell("6 * 7"),
        text="42",
    ),
    "myst-kernel": Given(
        "---\ntitle: S\ndescription: D.\nkernelspec: {display_name: P, name: python3}\n"
        "---\n# S\n\n" + cell("6 * 7"),
        text="42",
    ),
    "random-one": Given(cell("import numpy as np\n\nnp.random.rand()")),
    "random-two": Given(cell("import numpy as np\n\nnp.random.rand()")),
}


@pytest.fixture(scope="module")
def built(mkdocs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of all these pages."""
    project = write_small_project(tmp_path_factory.mktemp("given") / "project")
    for name, given in GIVEN.items():
        whole = given.body.startswith("---")
        text = (
            given.body if whole else f"{FRONT_MATTER}# {{title}}\n\n".format(title=name)
        )
        (project / "docs" / f"{name}.md").write_text(text + given.body * (not whole))
    pages = ", ".join(f"{name}.md" for name in GIVEN)
    edit(project / "mkdocs.yml", "second.md]", f"second.md, {pages}]")
    status, output = run_mkdocs(project)
    assert status == 0, output
    return project / "site"


def html_of(site: Path, name: str) -> str:
    return (site / name / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GIVEN)
def test_the_page_shows_what_the_cell_gives(built: Path, name: str) -> None:
    given, html = GIVEN[name], html_of(built, name)
    text = unescape(re.sub(r"<[^>]*>", "", html))
    assert given.text in text
    assert given.markup in html
    assert given.never not in html


def test_pages_draw_random_numbers_of_their_own(built: Path) -> None:
    one, other = (
        re.findall(r"0\.\d+", html_of(built, name))
        for name in ("random-one", "random-two")
    )
    assert one
    assert one != other


def test_each_id_is_on_a_page_once(built: Path) -> None:
    for name in GIVEN:
        ids = re.findall(r'\bid="([^"]+)"', html_of(built, name))
        assert len(ids) == len(set(ids)), name


FAILING = {
    "a script": (
        cell("from IPython.display import Javascript\n\nJavascript('alert(1)')"),
        "an output that needs a script of its own",
    ),
    "bytes to a text stream": (
        cell("import sys\n\nsys.stdout.write(b'abc')"),
        "TypeError: write() argument must be str, not bytes",
    ),
    "an option": (cell("1", " eval=false"), "a cell has no option 'eval'"),
    "a capital": ("```Python\n1\n```\n", "the fence ```Python looks like a cell"),
    "a brace": ("```{.python}\n1\n```\n", "```{.python} looks like a cell"),
    "an address in memory": (cell("object()"), "its address 0x"),
    "an artist": (
        cell("import matplotlib.pyplot as plt\n\nplt.plot([1, 2])"),
        "leaves a matplotlib figure open",
    ),
    "no exception": (
        cell("1", ' tags=["raises-exception"]'),
        "is tagged raises-exception, and raises nothing",
    ),
    "exit": (cell("exit()"), "\nexit() and quit() end a session"),
    "the end of the process": (
        cell("import os\n\nos._exit(3)"),
        "ended by os._exit(3), or a library that calls it, before its last cell",
    ),
    "a signal": (
        cell("import os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)"),
        "ended by the signal SIGKILL",
    ),
    "arguments": (
        cell("import argparse\n\nargparse.ArgumentParser().parse_args(['--no'])"),
        "page.md: error: unrecognized arguments: --no\nIt came up in argparse.py",
    ),
    "a group": (
        cell('raise ExceptionGroup("many", [ValueError("a"), TypeError("b")])'),
        "many (2 sub-exceptions)\n- ValueError: a\n- TypeError: b",
    ),
    "a cause": (
        cell(
            "try:\n    1 / 0\nexcept ArithmeticError as error:\n"
            "    error.add_note('the note')\n    raise KeyError('k') from error"
        ),
        "KeyError: 'k'\nCaused by ZeroDivisionError: division by zero\nthe note",
    ),
    "a note": (
        cell("error = ValueError('v')\nerror.add_note('see there')\nraise error"),
        "ValueError: v\nsee there",
    ),
    "a text that cannot be had": (
        cell(
            "class Bad(Exception):\n    def __str__(self):\n        raise OSError\n\n"
            "raise ValueError from Bad()"
        ),
        "Caused by Bad: (its text cannot be had: str() raises OSError)",
    ),
    "a write into the site": (
        cell('open("docs/x.txt", "w")'),
        "a cell may not write docs/x.txt",
    ),
    "too much": (cell("print('x' * (51 << 20))"), "printed more than"),
    "a library that another cell spoilt": (
        cell("import json\n\njson.dumps = None") + "\n" + cell("json.dumps(1)"),
        "TypeError: 'NoneType' object is not callable",
    ),
    "inline prints": (
        "`{python} print(1)`\n",
        "must have a value, and print or display",
    ),
}


@pytest.fixture(scope="module")
def told(mkdocs: None, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a build says of all these pages, which fails once for each."""
    said = []
    project = write_small_project(tmp_path_factory.mktemp("failing") / "project")
    for name, (body, _) in FAILING.items():
        folder = project / "docs" / name.replace(" ", "-")
        folder.mkdir()
        text = f"{FRONT_MATTER}# {{title}}\n\n".format(title=name) + body
        (folder / "page.md").write_text(text)
    written = {"a script", "an address in memory"}  # told where they are put in
    for left_out in (
        {*FAILING} - {"a script"},
        {*FAILING} - {"an address in memory"},
        written,
    ):
        names = [name.replace(" ", "-") for name in left_out]
        config = CONFIG + "exclude_docs: |\n" + "".join(f"  /{n}/\n" for n in names)
        (project / "mkdocs.yml").write_text(config)
        status, output = run_mkdocs(project)
        assert status == 1, output
        said.append(output)
    return "\n".join(said)


@pytest.mark.parametrize("name", FAILING)
def test_what_cannot_be_shown_is_named_by_page_and_line(told: str, name: str) -> None:
    page = name.replace(" ", "-")
    start = told.index(f"docs/{page}/page.md, line ")
    end = told.find("\n\n", start)
    assert FAILING[name][1] in told[start:end]
    assert "worker.py" not in told
    assert "Traceback" not in told


@pytest.mark.parametrize("folder", ["docs", "nwdocs", "site"])
def test_no_cell_writes_what_is_watched_from_wherever_it_is_built(
    project: Path, tmp_path: Path, folder: str
) -> None:
    edit(project / "docs/second.md", 'show("kernels")', f"open('{folder}/x', 'w')")
    file = project / "mkdocs.yml"
    status, output = run_mkdocs(project, "-f", str(file), cwd=tmp_path)
    assert status == 1
    assert f"a cell may not write {folder}/x: the build watches {folder}/" in output


DOUBTFUL = {
    "clock": ("import time\n\nt = time.time()", "the clock"),
    "timing": ("%timeit -n1 -r1 1", "the clock"),
    "uuid": ("import uuid\n\nuuid.uuid4()", "random numbers without a seed"),
    "secrets": ("import secrets\n\nsecrets.token_hex(4)", "random numbers without"),
    "random": ("import random\n\nrandom.Random().random()", "random numbers without"),
    "numpy": (
        "import numpy as np\n\nnp.random.default_rng().random()",
        "random numbers without a seed",
    ),
    "addresses": ("print(object())", "addresses of objects in memory"),
    "network": (
        "import socket\n\nwith socket.socket() as s:\n    s.connect_ex(('127.0.0.1', 9))",
        "the network",
    ),
    "warning": (
        "import warnings\n\nwarnings.warn('careful')",
        "writes to standard error: <cell 1>:3: UserWarning: careful",
    ),
}


@pytest.mark.parametrize("tagged", [False, True], ids=["plain", "tagged"])
def test_what_an_author_must_know_fails_a_strict_build(
    project: Path, tagged: bool
) -> None:
    tags = ' tags=["varies", "allow_stderr"]' if tagged else ""
    for name, (source, _) in DOUBTFUL.items():
        text = FRONT_MATTER.format(title=name) + f"# {name}\n\n" + cell(source, tags)
        (project / "docs" / f"{name}.md").write_text(text)
    pages = ", ".join(f"{name}.md" for name in DOUBTFUL)
    edit(project / "mkdocs.yml", "second.md]", f"second.md, {pages}]")
    status, output = run_mkdocs(project)
    assert status == (0 if tagged else 1), output
    for name, (_, doubt) in DOUBTFUL.items():
        said = re.search(rf"docs/{name}\.md, line 1\d, cell 1 (.*)", output)
        assert bool(said) != tagged
        assert tagged or (said and doubt in said[1]), name
