"""A server that builds again and again keeps nothing of the builds before."""

import subprocess
import sys
from pathlib import Path

from support.building import start_mkdocs
from support.project import ROOT
from support.serving import serve_project
from support.small_project import edit

# As `mkdocs serve` does it: one set of plugins, a configuration for each build. What is
# counted would be more with each build if something remembered the last.
BUILDS = """
import gc
import sys
from collections import Counter
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

module = Path("toy.py")
text = module.read_text()
for number in range(4):
    module.write_text(f"{text}\\n# {number}\\n")
    config = load_config("mkdocs.yml", site_dir="served")
    if number == 0:
        config.plugins.on_startup(command="serve", dirty=False)
    build(config, serve_url="http://127.0.0.1/")
    del config
    gc.collect()
    found = Counter(type(thing).__name__ for thing in gc.get_objects())
    print(found["Module"], found["PythonHandler"], found["Files"], found["MkDocsConfig"])
"""


def test_no_build_stays_in_memory(project: Path) -> None:
    (project / "toy.py").write_text(
        "from dataclasses import dataclass\n\n\n@dataclass\nclass Toy:\n"
        '    """A toy."""\n\n    size: int = 1\n'
    )
    (project / "docs/api.md").write_text(
        "---\ntitle: API\ndescription: What there is.\n---\n# API\n\n::: toy.Toy\n"
    )
    plugin = "  autorefs: {}\n  mkdocstrings: {handlers: {python: {paths: [.]}}}\n"
    edit(project / "mkdocs.yml", "plugins:\n", f"plugins:\n{plugin}")
    edit(project / "mkdocs.yml", "second.md]", "second.md, api.md]")
    run = subprocess.run(
        [sys.executable, "-c", BUILDS],
        cwd=project,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    _, second, third, fourth = run.stdout.strip().splitlines()
    assert second == third == fourth
    assert "Toy" in (project / "served/api/index.html").read_text(encoding="utf-8")


def test_a_taken_port_is_told_before_anything_is_built(project: Path) -> None:
    with serve_project(project) as author:
        author.wait_for("One and one is 2.")
        address = author.address.removeprefix("http://").rstrip("/")
        second = start_mkdocs(project, "serve", "-a", address)
        said, _ = second.communicate(timeout=300)
    assert second.returncode == 1
    assert f"cannot serve at {address}: Address already in use" in said
    assert "Traceback" not in said
    assert "Executed" not in said
