"""What cells see of the machine, of the author's shell and of other pages: nothing."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from nwdocs.site.run.pool import execute
from nwdocs.site.run.settings import Settings
from support.pages import page, texts


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
        cache = settings.cache / str(workers)
        results = execute(pages, replace(settings, workers=workers, cache=cache))
        assert texts(results["b.md"]) == ["False False False 10.0 warn\n"]
        assert texts(results["c.md"]) == texts(results["b.md"])


LOOK_AROUND = page(
    "```python\nimport locale, os, sys, time\nfrom pathlib import Path\n"
    "print(time.tzname[0], locale.setlocale(locale.LC_ALL), hash('x'), os.getcwd(),\n"
    "      sorted(k for k in os.environ if 'SECRET' in k), os.environ['PATH'],\n"
    "      sys.flags.hash_randomization, f'{0.1 + 0.2}')\n```\n"
)


def test_a_page_sees_nothing_of_the_shell_that_builds(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
