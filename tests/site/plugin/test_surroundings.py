"""What a build makes besides pages, and keeps."""

import os
import subprocess
import sys
from pathlib import Path

import jinja2

KEEP_TWICE = """
from pathlib import Path
from nwdocs.site.plugin import furniture

def keep(name):
    assert furniture._kept(Path("kept"), name, "cards", "", lambda: b"icon") == b"icon"

keep("before")
cards = Path("nwdocs/site/html/cards.py")
cards.write_text(cards.read_text() + "# saved while an author's server builds\\n")
keep("after")
"""


def test_what_older_code_made_is_not_kept_under_the_newer_codes_name(
    tmp_path: Path,
) -> None:
    source = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "nwdocs", tmp_path / "nwdocs", ignore=source)
    subprocess.run(
        [sys.executable, "-c", KEEP_TWICE],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=True,
    )
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["before"]


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
