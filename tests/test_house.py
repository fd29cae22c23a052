"""Arrows between the rooms of the house: none upwards, no circle, and few to the side."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from nwdocs.house import imports, modules

MODULES = modules()
IMPORTS = imports()

# Modules beside the estimator that know nothing of the package.
LEAVES = tuple(
    f"nwdocs.{name}" for name in ("files", "house", "once", "progress", "source")
)
ALONE = {*LEAVES, "nwdocs.cli", "nwdocs.display"}

#: For each room, the others that it may know: what their docstrings say.
KNOWS = {
    "estimator": set(),
    "study": {"estimator", "display", "once"},
    "figures": {"estimator", "study", "display", "house", "source"},
    "cli": {"figures", "files", "progress"},
    "site": {"files"},
    "site/run": {"site", "house", "once", "progress"},
    "site/html": {"site", "display"},
    "site/plugin": {"site", "site/run", "site/html", "display", "house"},
    "site/export": {"site", "site/html", "site/live", "site/plugin", "display"},
    "site/live": {"site", "figures"},
    "site/review": {"site", "display", "progress"},
    "display": {"source"},
    **{leaf.partition(".")[2]: set() for leaf in LEAVES},
}
#: Why, for those who are about to draw another arrow.
BECAUSE = {
    "estimator": "it needs numpy alone, and is what `import nwdocs` gives",
    "study": "arrows run site -> figures -> study -> estimator",
    "figures": "arrows run site -> figures -> study -> estimator",
    "site": "what two of its rooms share knows neither",
    "site/run": "running pages knows no HTML, and nothing of MkDocs' events",
    "site/html": "writing a page starts no process, and runs no cell",
}


def room(module: str) -> str:
    """Where a module is: its folder, or at the top of the package what it is for."""
    folders = MODULES[module].relative_to(MODULES["nwdocs"].parent).parent.parts
    if folders:
        return "/".join(folders[:2])
    return module.partition(".")[2] if module in ALONE else "estimator"


# --- The list itself is right --------------------------------------------------------


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> Iterator[str]:
    """Modules that a file imports anywhere in it, as Python's parser finds them."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file} has a relative import"
            for alias in node.names:
                member = f"{node.module}.{alias.name}"
                yield member if member in MODULES else str(node.module)


def test_the_house_has_every_module() -> None:
    assert len(MODULES) > 50
    package = MODULES["nwdocs"].parent
    assert set(MODULES.values()) == set(package.rglob("*.py"))
    assert MODULES["nwdocs.site.run"] == package / "site/run/__init__.py"
    assert MODULES["nwdocs.kernels"] == package / "kernels.py"


@pytest.mark.parametrize("module", MODULES)
def test_imports_are_those_that_python_s_parser_finds(module: str) -> None:
    found = {
        name for name in imported(MODULES[module]) if name.partition(".")[0] == "nwdocs"
    }
    assert IMPORTS[module] == sorted(found)


# --- Arrows ------------------------------------------------------------------------


def circles() -> Iterator[str]:
    """Ways along imports that come back to where they began."""
    done: set[str] = set()

    def walk(module: str, way: tuple[str, ...]) -> Iterator[str]:
        if module in way:
            yield " -> ".join((*way[way.index(module) :], module))
        elif module not in done:
            for other in IMPORTS[module]:
                yield from walk(other, (*way, module))
            done.add(module)

    for module in IMPORTS:
        yield from walk(module, ())


def test_imports_form_no_circle() -> None:
    assert list(circles()) == []


def test_every_room_has_its_rule() -> None:
    assert {room(module) for module in MODULES} == set(KNOWS)


@pytest.mark.parametrize("here", KNOWS)
def test_a_room_knows_only_the_rooms_that_it_may(here: str) -> None:
    why = BECAUSE.get(here, f"it may know {sorted(KNOWS[here]) or 'no other room'}")
    wrong = [
        f"{module} imports {other}, of {room(other)}: {here} must not, for {why}"
        for module in MODULES
        if room(module) == here
        for other in IMPORTS[module]
        if room(other) != here and room(other) not in KNOWS[here]
    ]
    assert wrong == []


def test_the_plugin_alone_knows_both_what_runs_and_what_writes() -> None:
    both = {here for here, known in KNOWS.items() if {"site/run", "site/html"} <= known}
    assert both == {"site/plugin"}


def test_no_room_below_knows_one_above() -> None:
    floors = ["estimator", "study", "figures", "site"]
    for floor, above in ((f, floors[i + 1 :]) for i, f in enumerate(floors)):
        wrong = {
            known
            for here, rooms in KNOWS.items()
            if here.partition("/")[0] == floor
            for known in rooms
            if known.partition("/")[0] in above
        }
        assert wrong == set(), f"{floor} would know {wrong}"


PROCESSES = {"subprocess", "multiprocessing", "pty", "signal", "IPython"}
MARKUP = {"html", "mkdocs", "markdown", "jinja2", "bs4", "lxml", "tinycss2", "PIL"}


@pytest.mark.parametrize(
    ("here", "strangers", "why"),
    [
        ("site/html", PROCESSES, "writing a page starts no process"),
        ("site/run", MARKUP, "running pages knows no HTML and no MkDocs"),
    ],
)
def test_the_libraries_of_a_room_fit_its_job(
    here: str, strangers: set[str], why: str
) -> None:
    wrong = [
        f"{module} imports {name}: {why}"
        for module, file in MODULES.items()
        if room(module) == here
        for name in imported(file)
        if name.partition(".")[0] in strangers
    ]
    assert wrong == []
