"""What a build makes besides pages, and keeps."""

import os
import subprocess
import sys
from pathlib import Path

import jinja2
import pytest

from nwdocs.site.plugin import kept
from nwdocs.site.plugin.kept import Kept
from support.building import run_mkdocs
from support.project import copy_project
from support.small_project import add_literature, edit, edit_page

KEEP_TWICE = """
from pathlib import Path
from nwdocs.site.plugin.kept import Kept

kept = Kept(Path("kept"))
cards = Path("nwdocs/site/html/cards.py")

def keep(name):
    assert kept(name, cards, "", name.encode) == name.encode()

keep("card")
cards.write_text(cards.read_text() + "# saved while an author's server builds\\n")
assert kept("card", cards, "", lambda: b"newer") == b"newer"
"""


def test_what_older_code_made_is_not_taken_for_the_newer_code_s(tmp_path: Path) -> None:
    copy_project(tmp_path, "nwdocs")
    subprocess.run(
        [sys.executable, "-c", KEEP_TWICE],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=True,
    )
    assert len(list((tmp_path / "kept/card").iterdir())) == 2


def test_what_is_kept_is_made_once_for_the_same_facts_and_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def icon(facts: str) -> bytes:
        def make() -> bytes:
            made.append(facts)
            return facts.encode()

        return Kept(tmp_path)("icon", Path(__file__), facts, make)

    assert [icon("a"), icon("a"), icon("b"), icon("a")] == [b"a", b"a", b"b", b"a"]
    assert made == ["a", "b"]
    monkeypatch.setattr(kept, "libraries", lambda: ["pillow-0.0.dist-info"])
    assert icon("a") == b"a"
    assert made == ["a", "b", "a"]


def test_where_nothing_can_be_kept_it_is_made_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    kept = Kept(tmp_path / "file" / "cache")
    assert kept("icon", Path(__file__), "", lambda: b"icon") == b"icon"
    assert kept.templates() is None


# --- Templates ---------------------------------------------------------------------


def rendered(kept: Kept, source: str) -> str:
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.DictLoader({"page": source}),
        bytecode_cache=kept.templates(),
    )
    return environment.get_template("page").render(x=2)


def entries(folder: Path) -> dict[Path, int]:
    return {
        path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()
    }


def test_compiled_templates_are_kept_and_follow_their_source(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    assert rendered(kept, "{{ x }} is even") == "2 is even"
    written = entries(tmp_path)
    assert len(written) == 1
    assert rendered(kept, "{{ x }} is even") == "2 is even"
    assert entries(tmp_path) == written, "read, not compiled again"
    assert rendered(kept, "{{ x }} is not odd") == "2 is not odd"
    assert rendered(kept, "{{ x }} is even") == "2 is even"
    assert entries(tmp_path) != written


@pytest.mark.parametrize("left", [0, 4, 40, -9])
def test_a_compiled_template_that_is_damaged_is_compiled_again(
    tmp_path: Path, left: int
) -> None:
    kept = Kept(tmp_path)
    assert rendered(kept, "{{ x }} is even") == "2 is even"
    ((entry, _),) = entries(tmp_path).items()
    entry.write_bytes(entry.read_bytes()[:left])
    assert rendered(kept, "{{ x }} is even") == "2 is even"


def test_other_libraries_have_templates_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rendered(Kept(tmp_path), "{{ x }}") == "2"
    monkeypatch.setattr(kept, "libraries", lambda: ["jinja2-0.0.dist-info"])
    assert rendered(Kept(tmp_path), "{{ x }}") == "2"
    assert len(entries(tmp_path)) == 2


def test_where_templates_cannot_be_kept_they_serve_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert rendered(Kept(tmp_path / "file"), "{{ 1 + 1 }}") == "2"
    kept = Kept(tmp_path)
    templates = kept.templates()
    assert templates
    # A folder is in the way of each entry, as a disk without room would be.
    monkey = jinja2.Environment(loader=jinja2.DictLoader({"page": "{{ 1 + 1 }}"}))
    name = templates.get_cache_key("page", None)
    Path(
        templates._get_cache_filename(templates.get_bucket(monkey, "page", None, ""))
    ).mkdir(parents=True)
    assert name
    monkey.bytecode_cache = templates
    assert monkey.get_template("page").render() == "2"


# --- The page's head ---------------------------------------------------------------


def test_words_in_the_head_are_escaped_and_other_folders_and_languages_do(
    project: Path,
) -> None:
    edit_page(project, "second.md", "A small page.", '"Small" & <b>'.join("''"))
    edit_page(project, "second.md", "title: Second", """title: 'So "b" < c'""")
    theme = "theme: {name: null, custom_dir: theme}"
    edit(
        project / "mkdocs.yml",
        theme,
        "theme: {name: material, language: fr}\ndocs_dir: pages",
    )
    edit(
        project / "mkdocs.yml",
        "markdown_ext",
        "  nwdocs-surroundings: {}\nmarkdown_ext",
    )
    (project / "docs").rename(project / "pages")
    status, output = run_mkdocs(project)
    assert status == 0, output
    html = (project / "site/second/index.html").read_text(encoding="utf-8")
    assert '<html lang="fr"' in html
    assert 'content="&#34;Small&#34; &amp; &lt;b&gt;"' in html
    assert "<title>So &#34;b&#34; &lt; c - Small</title>" in html

    edit(project / "pages/second.md", 'show("kernels")', "open('pages/x.txt', 'w')")
    status, output = run_mkdocs(project)
    assert status == 1
    assert "pages/second.md, line 16, cell 1:" in output
    assert "a cell may not write pages/x.txt" in output


def test_a_citation_of_nothing_fails_and_says_where(project: Path) -> None:
    add_literature(project, "@book{watson1964, title={T}, author={A}, year=1964}\n")
    edit(
        project / "mkdocs.yml",
        "markdown_ext",
        "  nwdocs-surroundings: {}\nmarkdown_ext",
    )
    edit_page(project, "second.md", "## A part", "As said[@watson1965].\n\n## A part")
    status, output = run_mkdocs(project)
    assert status == 1
    said = "docs/second.md, line 11: the citation [@watson1965] names no entry"
    assert said in output
    assert "watson1964" in output
    assert "Traceback" not in output
