"""What an author is shown first is what the whole build then makes."""

import json
import subprocess
import sys

import pytest

from support.project import copy_project
from support.whole_project import write_whole_project

_FIGURE = '\n\n```python\nshow("kernels")\n```'

#: Each edit: the file, what is there, what is there then, and whether the page is shown
#: before the site is built. They add up.
EDITS = {
    "prose": ("docs/index.md", "See [a part]", "Do see [a part]", True),
    "a value": ("docs/index.md", "`{python} 1 + 1`", "`{python} 1 + 2`", True),
    "what a cell shows": ("docs/index.md", "a key answers", "one key answers", True),
    "a figure more": (
        *("docs/index.md", 'answers.")\n```', f'answers.")\n```{_FIGURE}', True),
    ),
    "a citation less": ("docs/index.md", " A query asks [@one].", "", True),
    "a heading": ("docs/index.md", "One and one", "## Sums\n\nOne and one", True),
    "an error": ("docs/index.md", 'show("kernels")', "1 / 0", True),
    "the error mended": ("docs/index.md", "1 / 0", 'show("kernels")', True),
    "a reference to nothing": ("docs/index.md", "@fig:data", "@fig:date", True),
    "that mended": ("docs/index.md", "@fig:date", "@fig:data", True),
    "what changes nothing": (
        "nwdocs/display.py",
        "def note",
        "MORE = 1\n\n\ndef note",
        False,
    ),
    "what the page shows of it": (
        *("nwdocs/figures/deck.py", "height=200, key", "height=220, key", True),
    ),
    "another page": ("docs/second.md", "## A part", "## One part {#a-part}", False),
    "the title": ("docs/index.md", "title: Index", "title: Home", False),
    "a template": (
        "theme/main.html",
        "{{ super() }}",
        "<b>{{ page.ancestors | length }}</b>{{ super() }}",
        True,
    ),
    "another page's template": ("theme/404.html", "Not found", "Nothing here", False),
    "a style": ("theme/assets/site.css", "}", ";}", True),
    "a style of the page's": (
        *("theme/assets/site.css", "/* What", "@media print{b{top:0}}/* What", True),
    ),
    "a script": ("theme/assets/page.js", "\n", "\n// Here.\n", False),
    "the page's title in the menu": (
        *("mkdocs.yml", "  - index.md", "  - Begin: index.md", True),
    ),
    "another's": ("mkdocs.yml", "  - second.md", "  - Then: second.md", True),
    "a section": ("mkdocs.yml", "  - api.md", "  - Code:\n      - api.md", True),
    "the page in one": (
        "mkdocs.yml",
        "  - Begin: index.md",
        "  - Now:\n      - Begin: index.md",
        True,
    ),
    "and out of it": (
        "mkdocs.yml",
        "  - Now:\n      - Begin: index.md",
        "  - Begin: index.md",
        True,
    ),
    "one title more, and one less": (
        "mkdocs.yml",
        "  - Begin: index.md\n  - Then: second.md",
        "  - Start: index.md\n  - second.md",
        False,
    ),
    "another order": (
        "mkdocs.yml",
        "  - Code:\n      - api.md\n  - facts.md",
        "  - facts.md\n  - Code:\n      - api.md",
        False,
    ),
    "a page less in the menu": ("mkdocs.yml", "  - glossary.md\n", "", False),
    "another option": ("mkdocs.yml", "site_name: ", "site_name: The ", False),
    "a title and an option": (
        "mkdocs.yml",
        "  - references.md",
        "  - Books: references.md\nuse_directory_urls: true",
        False,
    ),
}

# As `mkdocs serve` does it: one set of plugins, a configuration for each build.
_BUILDS = """
import json
import sys
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

from nwdocs.site.run.pool import Standby


def built(number):
    config = load_config("mkdocs.yml", site_dir=f"served-{number}")
    if number == 0:
        config.plugins.on_startup(command="serve", dirty=False)
    build(config, serve_url="http://127.0.0.1/")
    return config.plugins["nwdocs-notebooks"].preview


standby, preview, told = Standby(), built(0), []
SEEN = ("index.html", "assets/style.css", "assets/page.js")


def seen(number):
    return [Path(f"served-{number}", name).read_bytes() for name in SEEN]


for number, (file, old, new, _) in enumerate(json.load(sys.stdin), 1):
    path = Path(file)
    text = path.read_text()
    assert old in text, (file, old)
    path.write_text(text.replace(old, new, 1))
    standby.prepare(preview.build.settings)
    shown = preview.show({""}, standby)
    standby.stop()
    first = seen(number - 1)
    preview = built(number)
    told.append([shown, first == seen(number)])
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(mkdocs: None, tmp_path_factory: pytest.TempPathFactory) -> list[list[bool]]:
    """For each edit: whether the page was shown first, and as the build then made it."""
    project = write_whole_project(tmp_path_factory.mktemp("preview") / "project")
    copy_project(project, "nwdocs")
    run = subprocess.run(
        [sys.executable, "-c", _BUILDS],
        cwd=project,
        input=json.dumps(list(EDITS.values())),
        env={"PYTHONPATH": str(project), "PATH": "/usr/bin:/bin", "HOME": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found: list[list[bool]] = json.loads(run.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("number", range(len(EDITS)), ids=list(EDITS))
def test_what_is_shown_first_is_what_is_built(
    told: list[list[bool]], number: int
) -> None:
    shown, same = told[number]
    wanted = list(EDITS.values())[number][3]
    assert shown == wanted
    assert same or not shown
