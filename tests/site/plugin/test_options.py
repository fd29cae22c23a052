"""Options of the plugin `nwdocs-notebooks`: honoured, or refused by name."""

from pathlib import Path
from typing import Any

import pytest
from mkdocs_jupyter.plugin import Plugin as JupyterPlugin

from nwdocs.site.plugin.options import NotebookOptions
from support.building import run_mkdocs
from support.small_project import edit, edit_page, set_options


def validated(options: dict[str, Any]) -> tuple[NotebookOptions, dict[str, str]]:
    """The options as the plugin has them, and by name what is wrong with one."""
    config = NotebookOptions()
    config.load_dict(options)
    failed, warnings = config.validate()
    return config, {name: str(why) for name, why in [*failed, *warnings]}


def test_left_out_each_option_has_a_default() -> None:
    config, wrong = validated({})
    assert wrong == {}
    assert config.include == ["*.md"]
    assert config.ignore == []
    assert config.include_source is False
    assert config.timeout == 60
    assert config.workers is None
    assert config.preload == []


KEPT = {"include", "ignore", "include_source", "cache_dir"}
REFUSED = {name for name, _ in JupyterPlugin.config_scheme} - KEPT


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_an_option_of_mkdocs_jupyter_without_meaning_here_is_refused(name: str) -> None:
    default = dict(JupyterPlugin.config_scheme)[name].default
    _, wrong = validated({name: default})
    assert set(wrong) == {name}
    assert wrong[name].startswith("leave it out: ")


@pytest.mark.parametrize("name", sorted(KEPT))
def test_an_option_of_mkdocs_jupyter_that_is_kept_means_the_same(name: str) -> None:
    theirs = dict(JupyterPlugin.config_scheme)[name]
    config, wrong = validated({name: theirs.default})
    assert wrong == {}
    assert config[name] == theirs.default


@pytest.mark.parametrize("value", [0, -1, "2", True, float("nan"), [2]])
@pytest.mark.parametrize(
    ("name", "words"),
    [("timeout", "a number above 0"), ("workers", "a whole number above 0")],
)
def test_a_limit_that_no_page_could_run_with_is_refused(
    name: str, words: str, value: object
) -> None:
    _, wrong = validated({name: value})
    assert wrong == {name: f"must be {words}, not {value!r}"}


def test_half_a_second_is_a_limit_and_half_a_worker_is_none() -> None:
    assert validated({"timeout": 0.5})[1] == {}
    assert set(validated({"workers": 0.5})[1]) == {"workers"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"include": "*.md"},
        {"ignore": [3]},
        {"include_source": "yes"},
        {"cache_dir": 3},
        {"preload": "math:pi"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_option_of_another_type_is_refused(wrong: dict[str, Any]) -> None:
    assert set(validated(wrong)[1]) == set(wrong)


# --- In a build --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("{timeout: .nan}", ["'timeout'", "must be a number above 0, not nan"]),
        ("{workers: 0}", ["'workers'", "must be a whole number above 0, not 0"]),
        (
            "{execute: false}",
            ["'execute'", "leave it out: every page with cells is run"],
        ),
        ("{time: 2}", ["Unrecognised configuration name: time"]),
        ("[timeout, 2]", ["nwdocs-notebooks"]),
    ],
)
def test_a_build_with_a_wrong_option_fails_and_names_it(
    project: Path, options: str, words: list[str]
) -> None:
    set_options(project, options)
    status, output = run_mkdocs(project)
    assert status != 0
    for word in words:
        assert word in output
    assert "nwdocs-notebooks" in output
    assert "Traceback" not in output


def test_options_may_be_left_out(project: Path) -> None:
    set_options(project, "")
    edit(project / "mkdocs.yml", "  nwdocs-notebooks", "  - nwdocs-notebooks")
    status, output = run_mkdocs(project)
    assert status == 0, output


def test_a_page_with_cells_that_is_ignored_is_refused_as_such(project: Path) -> None:
    set_options(project, "{ignore: [second.md]}")
    status, output = run_mkdocs(project)
    assert status != 0
    assert "docs/second.md, line 13" in output
    assert "Executed second.md" not in output


def test_a_page_outside_of_what_is_included_is_not_run(project: Path) -> None:
    set_options(project, "{include: [index.md]}")
    edit_page(project, "second.md", "```python", "```py")
    edit_page(project, "second.md", "`{python} 1 + 1`", "2")
    status, output = run_mkdocs(project)
    assert status == 0, output
    assert "Executed index.md" in output
    assert "Executed second.md" not in output
    assert "One and one is 2." in (project / "site/second/index.html").read_text()


NOTEBOOK = """{"cells": [], "metadata": {"kernelspec": {"display_name": "Python 3",
"language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}"""


def test_a_notebook_is_left_alone_unless_it_is_included(project: Path) -> None:
    (project / "docs/note.ipynb").write_text(NOTEBOOK)
    status, output = run_mkdocs(project)
    assert status == 0, output
    assert (project / "site/note.ipynb").read_text() == NOTEBOOK


@pytest.mark.parametrize("name", ["note.ipynb", "script.py"])
def test_a_file_that_mkdocs_jupyter_would_run_is_refused_where_it_is_included(
    project: Path, name: str
) -> None:
    set_options(project, "{include: ['*.md', '*.py', '*.ipynb']}")
    (project / "docs" / name).write_text(NOTEBOOK if name == "note.ipynb" else "1\n")
    status, output = run_mkdocs(project)
    assert status != 0
    assert f"docs/{name}: cells are run on Markdown pages alone" in output
    assert f"jupytext --to md {name}" in output
    ignored = f"'*.ipynb'], ignore: [{name}]"
    edit(project / "mkdocs.yml", "'*.ipynb']", ignored)
    status, output = run_mkdocs(project)
    assert status == 0, output


def test_a_page_s_source_is_published_if_asked_for(project: Path) -> None:
    assert run_mkdocs(project).status == 0
    assert not list((project / "site").rglob("*.md"))
    set_options(project, "{include_source: true}")
    status, output = run_mkdocs(project)
    assert status == 0, output
    for name, folder in (("index.md", "."), ("second.md", "second")):
        published = project / "site" / folder / name
        assert published.read_bytes() == (project / "docs" / name).read_bytes()


def test_outputs_are_kept_in_the_folder_that_is_asked_for(project: Path) -> None:
    set_options(project, "{cache_dir: kept}")
    assert run_mkdocs(project).status == 0
    assert list((project / "kept/pages").rglob("*.entry"))
    assert not (project / "build").exists()
