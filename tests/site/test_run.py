"""Pages are read, run, kept and written: each step by itself, without MkDocs."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jinja2
import pytest
from mkdocs.structure.files import File

from nwdocs.site.run import store
from nwdocs.site.run.execute import (
    Result,
    Settings,
    describe_error,
    digest,
    execute,
    libraries,
    package_digest,
    start_early,
    surroundings,
)
from nwdocs.site.html.outputs import output_markdown
from nwdocs.site.html.mathml import render_math
from nwdocs.site.pages import (
    Page,
    PageError,
    ask_once,
    check_images,
    check_page,
    read_page,
    write_page,
)
from nwdocs.site.plugin.templates import CompiledTemplates

ROOT = Path(__file__).parents[1]
HEADER = """\
---
title: A page
description: "For a test: with a colon."
jupyter:
  kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""


def page(body: str, uri: str = "page.md") -> Page:
    return read_page(uri, HEADER + body)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path, cache=tmp_path / "cache", timeout=20)


def texts(result: Result) -> list[str]:
    """What each cell printed or returned, as text."""
    assert result.error is None, result.error
    return [
        "".join(
            o["text"] if o["output_type"] == "stream" else o["data"]["text/plain"]
            for o in cell
        )
        for cell in result.outputs
    ]


# --- Reading and writing ---------------------------------------------------------


def test_cells_know_their_lines_numbers_and_tags() -> None:
    found = page(
        "Prose.\n\n```python\na = 1\n```\n\nIt is `{python} a + 1`.\n\n"
        '```python tags=["fold", "hide_output"]\n\nb = 2\n```\n'
    )
    assert [(c.number, c.inline, c.tags) for c in found.cells] == [
        (1, False, ()),
        (1, True, ()),
        (2, False, ("fold", "hide_output")),
    ]
    lines = (HEADER + "Prose.\n\n```python\na = 1").splitlines()
    assert found.cells[0].line == len(lines)
    assert found.cells[1].source == "a + 1"
    assert found.cells[1].line == len(lines) + 3


def test_each_expression_of_a_sentence_knows_its_line() -> None:
    found = page(
        "```text\n`{python} a`\n```\n\n`{python} a`\n`{python} b` `{python} a`\n\n"
        "```python\na = 1\n```\n\n`{python} a`\n"
    )
    top = HEADER.count("\n")
    assert [(c.source, c.line - top) for c in found.cells if c.inline] == [
        *(("a", 5), ("b", 6), ("a", 6), ("a", 12))
    ]


def test_a_page_without_outputs_is_what_it_was() -> None:
    body = "# Title\n\nProse with `code`.\n\n```python\nx = 1\n\n\ny = 2\n```\n\nEnd.\n"
    written = write_page(page(body), [""])
    assert written.startswith(HEADER.partition("jupyter:")[0])
    assert re.sub(r"\n{2,}", "\n", written).endswith(re.sub(r"\n{2,}", "\n", body))
    assert "x = 1\n\n\ny = 2" in written, "code keeps its blank lines"


def test_what_is_only_shown_is_left_alone() -> None:
    shown = "```text\nThe mean is `{python} mean`.\n```\n\n```py\nimport this\n```\n"
    found = page(shown)
    assert found.cells == []
    assert "`{python} mean`" in write_page(found, [])


def test_tags_decide_what_is_shown() -> None:
    found = page(
        '```python tags=["hide_input"]\na\n```\n\n```python tags=["hide_output"]\nb\n'
        '```\n\n```python tags=["fold"]\nc\n```\n'
    )
    written = write_page(found, ["OUT-A", "OUT-B", "OUT-C"])
    assert "OUT-A" in written
    assert "```python\na" not in written
    assert "OUT-B" not in written
    assert "```python\nb" in written
    assert "OUT-C" in written
    assert '??? code "Code"\n\n    ```python\n    c\n    ```' in written


def test_a_fence_that_jupytext_would_run_unseen_is_refused() -> None:
    line = HEADER.count("\n") + 5
    with pytest.raises(PageError, match=rf"page\.md, line {line}: .*not ```python"):
        page("```python\n1\n```\n\n```bash\necho hello\n```\n\n```python\n2\n```\n")


@pytest.mark.parametrize("fence", ["~~~python\n1\n~~~", "```python\n1\n"])
def test_a_fence_that_jupytext_would_pass_over_is_refused(fence: str) -> None:
    line = HEADER.count("\n") + 5
    with pytest.raises(PageError, match=rf"page\.md, line {line}: .*no cell"):
        page(f"```python\n1\n```\n\n{fence}\n\n```python\n2\n```\n")


@pytest.mark.parametrize(
    ("text", "executed", "message"),
    [
        ("# No front matter\n", False, "line 1: .*must have a title"),
        ("---\ntitle: A\n---\n", False, "must have a description"),
        ("---\ntitle: 3\ndescription: b\n---\n", False, "must have a title"),
        ("---\ntitle: A: b\ndescription: c\n---\n", False, "line 2: .*not valid YAML"),
        (
            "---\ntitle: A\ndescription: b\n---\n\n```python\n1\n```\n",
            False,
            r"line 6: a ```python cell \(1 on the page\) but no kernelspec",
        ),
    ],
)
def test_what_mkdocs_would_pass_over_is_an_error(
    text: str, executed: bool, message: str
) -> None:
    with pytest.raises(PageError, match=f"docs/some.md, {message}|{message}"):
        check_page("some.md", text, executed=executed)


def test_a_good_page_passes() -> None:
    check_page("some.md", HEADER + "```python\n1\n```\n", executed=True)


# --- Running ---------------------------------------------------------------------


def test_cells_share_a_page_and_show_what_they_print_and_return(
    settings: Settings,
) -> None:
    found = page(
        "```python\nx = 20\nprint('out'); print('more')\n```\n\n"
        "`{python} f'{x + 1:d}'`\n\n```python\nx + 22\n```\n\n```python\nx;\n```\n"
    )
    result = execute([found], settings)["page.md"]
    assert texts(result) == ["out\nmore\n", "21", "42", ""]


def test_pages_do_not_see_each_other(settings: Settings) -> None:
    spoil = page(
        "```python\nimport builtins, os, random\nimport matplotlib as mpl\n"
        "import numpy as np\nx = 1\nbuiltins.leaked = True\nos.environ['LEAK'] = '1'\n"
        "mpl.rcParams['font.size'] = 99\nnp.random.seed(1); random.seed(1)\n"
        "np.seterr(all='raise')\n```\n",
        "a.md",
    )
    look = (
        "```python\nimport builtins, os, random\nimport matplotlib as mpl\n"
        "import numpy as np\nprint('x' in globals(), hasattr(builtins, 'leaked'),\n"
        "      'LEAK' in os.environ, mpl.rcParams['font.size'],\n"
        "      np.geterr()['divide'])\n```\n"
    )
    for workers in (1, 2):
        pages = [spoil, page(look, "b.md"), page(look, "c.md")]
        results = execute(
            pages, replace(settings, workers=workers, config=f"run {workers}")
        )
        assert texts(results["b.md"]) == ["False False False 10.0 warn\n"]
        assert texts(results["c.md"]) == texts(results["b.md"])


def test_results_come_in_the_order_of_the_pages(settings: Settings) -> None:
    slow = page("```python\nimport time\ntime.sleep(0.3)\n```\n", "a.md")
    quick = page("```python\n1\n```\n", "b.md")
    assert list(execute([slow, quick], settings)) == ["a.md", "b.md"]
    assert list(execute([quick, slow], settings)) == ["b.md", "a.md"]


LOOK_AROUND = page(
    "```python\nimport locale, os, sys, time\nfrom pathlib import Path\n"
    "print(time.tzname[0], locale.setlocale(locale.LC_ALL), hash('x'), os.getcwd(),\n"
    "      sorted(k for k in os.environ if 'SECRET' in k), os.environ['PATH'],\n"
    "      sys.flags.hash_randomization, f'{0.1 + 0.2}')\n```\n"
)


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "alone"])
def test_a_page_sees_nothing_of_the_shell_that_builds(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fork: bool
) -> None:
    settings = replace(settings, fork=fork)
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    here = texts(execute([LOOK_AROUND], settings)["page.md"])
    monkeypatch.setenv("TZ", "America/St_Johns")
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    monkeypatch.setenv("MPLBACKEND", "no-such-backend")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.chdir("/")
    again = replace(settings, cache=tmp_path / "other")
    there = texts(execute([LOOK_AROUND], again)["page.md"])
    assert here == there
    assert str(tmp_path) in here[0]


RICH = page(
    "```python\nimport sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')\n"
    "import os, warnings\nwarnings.warn('w', stacklevel=1)\nos.system('echo unseen')\n"
    "os.getcwd()\n```\n\n"
    "```python\nfrom nwdocs.display import table\ntable(['x'], [[1]])\n```\n\n"
    "```python\nfrom IPython.display import display\nfrom nwdocs.figures import show\n"
    "display({'text/plain': 'hi'}, raw=True)\nshow('data')\n```\n\n"
    "```python\nimport numpy as np\nnp.arange(3.0)\n```\n\nIt is `{python} 1 + 1`.\n"
)


def test_pages_that_run_alone_give_the_same_outputs(
    settings: Settings, tmp_path: Path
) -> None:
    forked = execute([RICH], settings)["page.md"]
    apart = replace(settings, fork=False, cache=tmp_path / "other")
    alone = execute([RICH], apart)["page.md"]
    assert forked.error is None
    assert alone.error is None
    assert alone.outputs == forked.outputs


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "alone"])
@pytest.mark.parametrize(
    ("cell", "line", "message"),
    [
        ("x = 1\n\ny = x / 0\n", 3, "ZeroDivisionError: division by zero"),
        ("def f():\n    raise KeyError('no')\n\n\nf()\n", 2, "KeyError: 'no'"),
        ("x = 1\nx = (\n", 2, "SyntaxError"),
        ("x = 1\n\neval('1 +')\n", 3, "SyntaxError"),
        ("\n\nx = 1\ny = x / 0\n", 4, "ZeroDivisionError"),
        ("\n\nx = (\n", 3, "SyntaxError"),
        ("%%time\nx = 1\ny = x / 0\n", 3, "ZeroDivisionError"),
        ("%%capture\nx = 1\ny = x / 0\n", 3, "ZeroDivisionError"),
    ],
)
def test_an_error_names_page_line_cell_source_and_exception(
    settings: Settings, cell: str, line: int, message: str, fork: bool
) -> None:
    body = f"Some prose.\n\n```python\nfine = 1\n```\n\n```python\n{cell}```\n"
    found = page(body)
    result = execute([found], replace(settings, fork=fork))["page.md"]
    assert result.error is not None
    said = describe_error(found, result)
    start = HEADER.count("\n") + 8
    assert f"docs/page.md, line {start + line - 1}, cell 2:" in said
    assert message in said
    for source in cell.splitlines():
        assert f"| {source}" in said
    assert re.search(rf"^> +{start + line - 1} \|", said, re.MULTILINE)
    assert len(said.splitlines()) < 12, "readable without scrolling"


def test_an_error_is_read_without_scrolling(settings: Settings) -> None:
    cell = [f"x{i} = {i}" for i in range(30)]
    cell[20] = "raise ValueError('wide ' * 1000 + '\\nlong' * 1000)"
    found = page("```python\n" + "\n".join(cell) + "\n```\n")
    said = describe_error(found, execute([found], settings)["page.md"])
    assert len(said.splitlines()) < 24
    assert max(map(len, said.splitlines())) < 400
    assert re.search(r"\| x19 = 19\n> .*\| raise Val.*\n.*\| x21 = 21", said)
    assert "x2 = 2" not in said
    assert said.endswith("… and 993 more lines")


def test_an_error_names_where_in_the_package_it_came_up(settings: Settings) -> None:
    found = page("```python\nfrom nwdocs.figures import show\n\nshow('no')\n```\n")
    said = describe_error(found, execute([found], settings)["page.md"])
    assert re.search(
        r"\nIt came up in nwdocs/figures/\w+\.py, line \d+, in \w+\.$", said
    )


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "alone"])
def test_a_value_that_cannot_be_displayed_is_an_error(
    settings: Settings, fork: bool
) -> None:
    found = page(
        "```python\nfrom nwdocs.figures import Drawing, Rendered\n\n"
        "drawing = Drawing(None, 'A caption', 'An alt text', {'a': [1], 'b': []})\n"
        "Rendered('data', drawing)\n```\n"
    )
    result = execute([found], replace(settings, fork=fork))["page.md"]
    assert result.error is not None
    assert re.search(
        r"^> .*\| Rendered\('data', drawing\)\nAttributeError: .*'savefig'",
        describe_error(found, result),
        re.MULTILINE,
    )


def test_an_error_in_a_sentence_names_its_line(settings: Settings) -> None:
    body = "```python\nx = 1\ny = 1 if x else x / 0\n```\n\nOne.\n\nIt is `{python} x / 0`.\n"
    found = page(body)
    result = execute([found], settings)["page.md"]
    said = describe_error(found, result)
    line = HEADER.count("\n") + 8
    assert f"line {line}, inline expression after cell 1" in said
    assert "ZeroDivisionError" in said


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "alone"])
def test_a_cell_that_runs_too_long_is_ended(settings: Settings, fork: bool) -> None:
    found = page("```python\nx = 1\n```\n\n```python\nwhile True:\n    pass\n```\n")
    result = execute([found], replace(settings, timeout=1, fork=fork))["page.md"]
    assert result.error is not None
    said = describe_error(found, result)
    assert "cell 2" in said
    assert "ran longer than 1 s (extra.nwdocs.timeout in mkdocs.yml)" in said


def test_a_page_s_process_that_dies_is_an_error_of_its_page(settings: Settings) -> None:
    dies = page("```python\nimport os\nos._exit(3)\n```\n", "dies.md")
    lives = page("```python\n1\n```\n", "lives.md")
    results = execute([dies, lives], settings)
    assert texts(results["lives.md"]) == ["1"]
    error = results["dies.md"].error
    assert error is not None
    assert error["name"] == "ProcessDied"
    assert "status 3" in error["message"]


def test_nothing_is_left_running(settings: Settings, tmp_path: Path) -> None:
    found = page(
        "```python\nimport subprocess\nfrom pathlib import Path\n"
        "child = subprocess.Popen(['sleep', '300'])\n"
        "Path('pid').write_text(str(child.pid))\nwhile True:\n    pass\n```\n"
    )
    execute([found], replace(settings, timeout=1))
    pid = int((tmp_path / "pid").read_text())
    assert not is_running(pid)


def is_running(pid: int) -> bool:
    found = subprocess.run(
        ["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True
    )
    return found.stdout.strip() not in ("", "Z")


def wait_until_gone(pid: int) -> bool:
    for _ in range(50):
        if not is_running(pid):
            return True
        time.sleep(0.1)
    return False


BUILD = """
import sys
from pathlib import Path
from nwdocs.site.run.execute import Settings, execute
from nwdocs.site.pages import read_page

root, text, fork = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "True"
execute([read_page("p.md", text)], Settings(root=root, cache=root / "c", fork=fork))
"""
ENDLESS = (
    "```python\nimport os\nfrom pathlib import Path\n"
    "Path('made').write_text(f'{os.getpid()} {os.getppid()}')\n"
    "Path('made').rename('pids')\nwhile True:\n    pass\n```\n"
)


@pytest.mark.parametrize(
    ("fork", "victim"),
    [(True, "build"), (True, "server of pages"), (False, "build")],
    ids=["build, forked", "server of pages", "build, alone"],
)
def test_a_page_ends_with_what_runs_it_however_that_ends(
    tmp_path: Path, fork: bool, victim: str
) -> None:
    arguments = [str(tmp_path), HEADER + ENDLESS, str(fork)]
    build = subprocess.Popen(
        [sys.executable, "-c", BUILD, *arguments], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            if (tmp_path / "pids").exists():
                break
            time.sleep(0.1)
        page_s, server_s = map(int, (tmp_path / "pids").read_text().split())
        assert is_running(page_s)
        os.kill(build.pid if victim == "build" else server_s, signal.SIGKILL)
        assert wait_until_gone(page_s)
        assert build.wait(timeout=10) != 0
    finally:
        build.kill()  # or a test that fails leaves an endless page behind


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "alone"])
def test_what_a_page_sets_free_does_not_hold_the_build_up(
    settings: Settings, tmp_path: Path, fork: bool
) -> None:
    found = page(
        "```python\nimport subprocess\nfrom pathlib import Path\n"
        "child = subprocess.Popen(['sleep', '30'], start_new_session=True)\n"
        "Path('pid').write_text(str(child.pid))\n```\n"
    )
    assert execute([found], replace(settings, fork=fork))["page.md"].error is None
    free = int((tmp_path / "pid").read_text())
    assert is_running(free), "else the build has waited for it"
    os.kill(free, signal.SIGKILL)


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "alone"])
@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("while True: pass", "was not imported within 4 s"),
        ("raise RuntimeError", "ended with status 1"),
    ],
)
def test_a_package_that_cannot_be_loaded_ends_the_build(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fork: bool,
    fault: str,
    message: str,
) -> None:
    shutil.copytree(ROOT / "nwdocs", tmp_path / "nwdocs")
    with (tmp_path / "nwdocs/figures/explorer.py").open("a") as module:
        module.write(f"\n{fault}\n")
    monkeypatch.setattr("nwdocs.site.run.execute._PACKAGE", tmp_path / "nwdocs")
    monkeypatch.setattr("nwdocs.site.run.execute._LOADING", 4)
    with pytest.raises(PageError, match=message):
        execute([page("```python\n1\n```\n")], replace(settings, fork=fork))


def test_a_package_that_prints_while_it_is_imported_is_told_so(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "nwdocs", tmp_path / "nwdocs")
    with (tmp_path / "nwdocs/figures/explorer.py").open("a") as module:
        module.write("\nprint('loud', flush=True)\n")
    monkeypatch.setattr("nwdocs.site.run.execute._PACKAGE", tmp_path / "nwdocs")
    with pytest.raises(PageError, match="printed 'loud' before it ran any"):
        execute([page("```python\n1\n```\n")], settings)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"workers": 0}, {"timeout": "2"}, {"timeout": 0}),
        *({"timeout": float("nan")}, {"fork": "yes"}),
    ],
)
def test_a_setting_that_no_page_could_run_with_is_refused(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"{name} must be .*, not {value!r}"):
        Settings(root=tmp_path, cache=tmp_path, **wrong)


def test_what_a_page_leaves_running_ends_with_it(
    settings: Settings, tmp_path: Path
) -> None:
    found = page(
        "```python\nimport subprocess\nfrom pathlib import Path\n"
        "child = subprocess.Popen(['sleep', '300'])\n"
        "Path('pid').write_text(str(child.pid))\n```\n"
    )
    assert execute([found], settings)["page.md"].error is None
    pid = int((tmp_path / "pid").read_text())
    assert not is_running(pid)


def test_what_a_killed_build_left_is_dropped_in_time(tmp_path: Path) -> None:
    cache.store(tmp_path, "p.md", "one", {})
    old, young = tmp_path / "p" / "old.part", tmp_path / "p" / "young.part"
    old.touch()
    young.touch()
    os.utime(old, (1, 1))
    cache.store(tmp_path, "p.md", "two", {})
    assert not old.exists()
    assert young.exists()


def test_a_package_that_cannot_be_imported_is_an_error(tmp_path: Path) -> None:
    script = (
        "import nwdocs.site.run.execute as e, pathlib, sys\n"
        "from nwdocs.site.pages import read_page\n"
        "e._PACKAGE = pathlib.Path(sys.argv[1]) / 'nwdocs'\n"
        f"page = read_page('p.md', {HEADER!r} + '```python\\n1\\n```\\n')\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "e.execute([page], e.Settings(root=root, cache=root / 'c'))\n"
    )
    broken = tmp_path / "nwdocs"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise RuntimeError('typo in the package')\n")
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert run.returncode != 0
    assert "typo in the package" in run.stderr
    assert "the process that runs pages ended with status 1" in run.stderr


# --- Keeping ---------------------------------------------------------------------


COUNTED = (
    "```python\nfrom pathlib import Path\nruns = Path('runs')\n"
    "runs.write_text((runs.read_text() if runs.exists() else '') + 'x')\n{code}\n```\n"
)


def runs(settings: Settings) -> int:
    return len((settings.root / "runs").read_text())


def test_only_what_outputs_depend_on_runs_a_page_again(settings: Settings) -> None:
    def build(prose: str, code: str, settings: Settings = settings) -> Result:
        body = prose + "\n\n" + COUNTED.replace("{code}", code)
        return execute([page(body)], settings)["page.md"]

    first = build("Prose.", "'one'")
    assert not first.cached
    again = build("Other prose.\n\n## With a heading\n", "'one'")
    assert again.cached
    assert again.outputs == first.outputs
    assert runs(settings) == 1
    assert not build("Prose.", "'two'").cached
    assert build("Prose.", "'one'").cached, "an earlier state is remembered"
    assert not build("Prose.", "'one'", replace(settings, config="other")).cached
    assert not build("Prose.", "'one'", replace(settings, timeout=30)).cached
    assert runs(settings) == 4


def test_the_digest_covers_package_libraries_and_expressions(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = page("It is `{python} 1`.\n")
    around = surroundings(settings)
    base = digest(found, around)
    assert digest(found, surroundings(settings)) == base
    assert digest(found, around + "x") != base
    assert digest(page("It is `{python} 2`.\n"), around) != base
    assert digest(page("Now it is `{python} 1`.\n"), around) == base
    assert around == surroundings(settings)
    for name, other in (
        ("libraries", ["numpy-0.0.dist-info"]),
        ("package_digest", "other"),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(f"nwdocs.site.run.execute.{name}", lambda other=other: other)
            assert surroundings(settings) != around


def test_libraries_are_what_pip_installed() -> None:
    assert f"numpy-{version('numpy')}.dist-info" in libraries()
    assert len(libraries()) == len({*libraries()}) > 50


@pytest.mark.parametrize(
    "file", ["kernels.py", "builder/hooks.py", "builder/theme/assets/site.css"]
)
def test_any_file_of_the_package_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    for path in ("kernels.py", "builder/hooks.py", "builder/theme/assets/site.css"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("a")
    monkeypatch.setattr("nwdocs.site.run.execute._PACKAGE", tmp_path)
    before = package_digest()
    (tmp_path / "__pycache__").mkdir()
    for name in (
        "__pycache__/kernels.pyc",
        ".kernels.py.swp",
        "kernels.py~",
        "#kernels#",
    ):
        (tmp_path / name).write_text("noise")
    assert package_digest() == before
    (tmp_path / file).write_text("b")
    assert package_digest() != before


def test_a_page_that_failed_is_not_kept(settings: Settings) -> None:
    found = page(COUNTED.replace("{code}", "1 / 0"))
    assert execute([found], settings)["page.md"].error
    assert execute([found], settings)["page.md"].error
    assert runs(settings) == 2


def entry(settings: Settings) -> Path:
    (found,) = (settings.cache / "pages" / "page").glob("*.json")
    return found


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-1],
        lambda whole: whole.replace(b"honest", b"forged"),
        lambda whole: b"\xff\xfe\x00 no text",
        lambda whole: whole[::-1],
    ],
    ids=["empty", "half", "one byte short", "changed", "binary", "reversed"],
)
def test_a_damaged_entry_is_not_believed(settings: Settings, damage: Any) -> None:
    found = page(COUNTED.replace("{code}", "'honest'"))
    execute([found], settings)
    path = entry(settings)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    result = execute([found], settings)["page.md"]
    assert texts(result) == ["'honest'"]
    assert not result.cached
    assert runs(settings) == 2
    assert execute([found], settings)["page.md"].cached


def test_where_nothing_can_be_kept_the_result_is_right_all_the_same(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    blocked = replace(settings, cache=tmp_path / "file" / "cache")
    found = page("```python\n1 + 1\n```\n")
    with caplog.at_level("INFO"):
        result = execute([found], blocked)["page.md"]
    assert texts(result) == ["2"]
    assert "nothing is kept there" in caplog.text
    assert "Cannot keep the outputs of page.md" in caplog.text


def test_a_full_disk_leaves_no_half_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import resource, signal, sys\nfrom pathlib import Path\n"
        "from nwdocs.site import cache\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    cache.store(Path(sys.argv[1]), 'p.md', 'd', {'x': 'y' * 5000})\n"
        "except OSError as error:\n    print('refused', error.errno)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        check=True,
    )
    assert run.stdout.startswith("refused")
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]
    assert cache.load(tmp_path, "p.md", "d") is None


def test_old_entries_of_a_page_go(tmp_path: Path) -> None:
    for i in range(12):
        cache.store(tmp_path, "p.md", f"digest-{i}", {"i": i})
        os.utime(tmp_path / "p" / f"digest-{i}.json", (i, i))
    cache.store(tmp_path, "p.md", "last", {})
    assert cache.load(tmp_path, "p.md", "digest-11") == {"i": 11}
    assert cache.load(tmp_path, "p.md", "digest-0") is None
    assert len(list((tmp_path / "p").iterdir())) <= 8


def test_what_was_saved_while_a_page_ran_is_not_kept_under_the_old_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["before", "after", "after", "after"])
    monkeypatch.setattr("nwdocs.site.run.execute.package_digest", lambda: next(answers))
    found = page(COUNTED.replace("{code}", "1"))
    execute([found], settings)
    assert not execute([found], settings)["page.md"].cached
    assert runs(settings) == 2


def test_workers_start_early_where_all_pages_must_run(settings: Settings) -> None:
    found = page(COUNTED.replace("{code}", "1"))
    workers = start_early(settings)
    assert workers
    assert texts(execute([found], settings, workers)["page.md"]) == ["1"]
    assert workers.process.wait() == 0
    assert start_early(settings) is None, "only some could have to run now"
    again = start_early(replace(settings, config="other"))
    assert again
    again.process.communicate()  # it ends when it is told that there is no work
    assert again.process.returncode == 0


def test_workers_that_loaded_what_was_saved_since_are_not_used(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = start_early(settings)
    assert workers
    monkeypatch.setattr("nwdocs.site.run.execute.package_digest", lambda: "newer")
    found = page("```python\n1 + 1\n```\n")
    assert texts(execute([found], settings, workers)["page.md"]) == ["2"]
    assert workers.process.returncode == -signal.SIGKILL
    assert execute([found], settings)["page.md"].cached


# --- Kept for speed alone ----------------------------------------------------------


def test_a_file_is_asked_about_once_until_it_changes(tmp_path: Path) -> None:
    asked: list[str] = []

    def should_include(file: File) -> bool:
        asked.append(file.src_uri)
        return "yes" in file.content_string

    ask = ask_once(should_include)
    (tmp_path / "a.md").write_text("yes")
    (tmp_path / "a.png").write_bytes(b"yes")
    file, picture = (
        File(name, str(tmp_path), str(tmp_path / "site"), use_directory_urls=True)
        for name in ("a.md", "a.png")
    )
    assert ask(file)
    assert ask(file)
    assert asked == ["a.md"]
    (tmp_path / "a.md").write_text("no!")
    assert not ask(file)
    ask(picture)
    ask(picture)
    assert asked == ["a.md", "a.md", "a.png", "a.png"]


def test_compiled_templates_are_kept_and_follow_their_source(tmp_path: Path) -> None:
    def rendered(source: str) -> str:
        environment = jinja2.Environment(
            autoescape=True,
            loader=jinja2.DictLoader({"page": source}),
            bytecode_cache=CompiledTemplates(tmp_path),
        )
        return environment.get_template("page").render(x=2)

    def kept() -> list[Path]:
        return sorted(tmp_path.rglob("*.json"))

    assert rendered("{{ x }} is even") == "2 is even"
    (entry,) = kept()
    written = entry.stat().st_mtime_ns
    assert rendered("{{ x }} is even") == "2 is even"
    assert entry.stat().st_mtime_ns == written, "read, not compiled again"
    assert rendered("{{ x }} is not odd") == "2 is not odd"
    assert len(kept()) == 2
    for path in kept():
        path.write_bytes(path.read_bytes()[:-9])
    assert rendered("{{ x }} is even") == "2 is even"


def test_where_templates_cannot_be_kept_they_serve_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    environment = jinja2.Environment(
        autoescape=True, bytecode_cache=CompiledTemplates(tmp_path / "file" / "cache")
    )
    environment.loader = jinja2.DictLoader({"page": "{{ 1 + 1 }}"})
    assert environment.get_template("page").render() == "2"


# --- Showing ---------------------------------------------------------------------


def test_an_image_without_words_is_refused() -> None:
    output = {
        "output_type": "display_data",
        "data": {"image/png": "…", "text/plain": "<Figure>"},
    }
    with pytest.raises(PageError, match=r"docs/p.md, line 3.*caption and alt text"):
        output_markdown([output], page_url="", where="docs/p.md, line 3, cell 1")


def test_printed_fences_do_not_end_the_block() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "```\nx\n```\n"}
    written = output_markdown([output], page_url="", where="")
    assert written.startswith("````")
    assert written.endswith("\n````")


def test_formulas_become_mathml_and_a_bad_one_names_its_page() -> None:
    formula = '<span class="arithmatex">{}</span>'
    html = render_math(formula.format(r"\(\hat y &lt; 2\)"), "p.md", "")
    assert html.startswith("<math")
    assert "arithmatex" not in html
    bad = formula.format(r"\(\frac{1\)")
    said = r"cannot render \$\\frac\{1\$"
    with pytest.raises(PageError, match=f"docs/p.md, line 3: {said}"):
        render_math(bad, "p.md", "One.\n\nHalf is $\\frac{1$.\n")
    with pytest.raises(PageError, match=f"docs/p.md: {said}"):
        render_math(bad, "p.md", "A cell printed it.\n")


@pytest.mark.parametrize(
    "image",
    [
        '<img src="../a.png">',
        '<img alt="" src="../a.png">',
        "<img alt=' ' src='a.png'>",
    ],
)
def test_an_image_on_a_page_has_words(image: str) -> None:
    check_images("p.md", '<p><img alt="A cat" src="a.png"></p>', "")
    with pytest.raises(
        PageError, match=r"docs/p.md, line 2: .*a\.png' has no alt text"
    ):
        check_images("p.md", f"<p>{image}</p>", "One.\n![](a.png)\n")
