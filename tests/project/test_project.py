"""The project's own files: the lock, the make targets and what the README promises."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.project import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
SITE: dict[str, Any] = tomllib.loads((ROOT / "nwdocs/site/pyproject.toml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()
LOCK = (ROOT / "requirements-dev.txt").read_text()
README = (ROOT / "README.md").read_text()
# One entry: name==version ; marker \ --hash=... \ --hash=...
ENTRY = re.compile(
    r"^(\S+)==(\S+)(?: ; [^\\\n]+)? \\\n((?:    --hash=.*\n)+)", re.MULTILINE
)
LOCKED = {name: version for name, version, _ in ENTRY.findall(LOCK)}

DIRECT = [
    *PROJECT["build-system"]["requires"],
    *PROJECT["project"]["dependencies"],
    *SITE["project"]["dependencies"],
    *(
        r
        for extra in PROJECT["project"]["optional-dependencies"].values()
        for r in extra
    ),
    *(
        r
        for name, group in PROJECT["dependency-groups"].items()
        for r in group
        if name != "live"  # which has a lock of its own
    ),
]


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the project as from a fresh shell, whoever runs the tests."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MAKE") and name not in {"MFLAGS", "GITHUB_STEP_SUMMARY"}
    }
    return subprocess.run(
        command,
        cwd=ROOT,
        env=inherited | env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def executable(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def code_of(markdown: str) -> list[str]:
    """What stands between backticks: spans and fences."""
    return re.findall(r"```.*?```|`[^`]+`", markdown, re.DOTALL)


def test_every_line_of_the_lock_is_a_hashed_package() -> None:
    rest = ENTRY.sub("", LOCK)
    assert [
        line for line in rest.splitlines() if not line.lstrip().startswith("#")
    ] == []
    assert len(LOCKED) == len(ENTRY.findall(LOCK)) > 50  # one version of each
    digest = r"    --hash=sha256:[0-9a-f]{64}"
    for name, _, hashes in ENTRY.findall(LOCK):
        assert re.fullmatch(rf"({digest} \\\n)*{digest}\n", hashes), name


def test_the_lock_names_no_address() -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|\bfile:|@ ", LOCK)


@pytest.mark.parametrize("requirement", sorted(set(DIRECT)))
def test_the_lock_holds_what_the_project_asks_for(requirement: str) -> None:
    wanted = Requirement(requirement)
    name = canonicalize_name(wanted.name)
    assert name in LOCKED, f"{name} is not locked: run make lock"
    assert LOCKED[name] in wanted.specifier, "the lock is out of date: run make lock"


@pytest.mark.parametrize("requirement", sorted(set(DIRECT)))
def test_every_requirement_promises_an_oldest_version(requirement: str) -> None:
    operators = [clause.operator for clause in Requirement(requirement).specifier]
    assert ">=" in operators


def test_what_runs_in_the_browser_is_locked_apart() -> None:
    lock = (ROOT / "nwdocs/site/live/requirements.txt").read_text()
    found = {name: version for name, version, _ in ENTRY.findall(lock)}
    (wanted,) = (Requirement(r) for r in PROJECT["dependency-groups"]["live"])
    assert list(found) == [wanted.name]
    assert found[wanted.name] in wanted.specifier
    assert wanted.name not in LOCKED
    assert "sha512-" in (ROOT / "nwdocs/site/live/deno.lock").read_text()


def imported() -> set[str]:
    """Top-level names of what the project's code imports, wherever it does so."""
    names: set[str] = set()
    for path in (
        p for f in ("nwdocs", "tests", ".ci") for p in (ROOT / f).rglob("*.py")
    ):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return {name.split(".")[0] for name in names}


def test_what_the_code_imports_is_asked_for_by_name() -> None:
    """And not merely there because another package happens to need it.

    PyTorch stays out of the lock: its Linux wheels bring gigabytes of CUDA libraries.
    """
    own = {"nwdocs", "support"}
    asked = {canonicalize_name(Requirement(r).name) for r in DIRECT}
    makers = packages_distributions()
    undeclared = {
        name: makers.get(name, [])
        for name in imported() - sys.stdlib_module_names - own - {"torch"}
        if not asked & {canonicalize_name(maker) for maker in makers.get(name, [])}
    }
    assert undeclared == {}


def test_numpy_is_all_that_the_package_itself_needs() -> None:
    assert [Requirement(r).name for r in PROJECT["project"]["dependencies"]] == [
        "numpy"
    ]


def test_make_alone_lists_every_target() -> None:
    listing = run("make", "--no-print-directory").stdout
    phony = re.search(r"^\.PHONY: ((?:[^\\\n]|\\\n)*)", MAKEFILE, re.MULTILINE)
    assert phony is not None
    for target in phony[1].replace("\\\n", " ").split():
        assert re.search(rf"^  make {target} +\S", listing, re.MULTILINE), target


def test_every_target_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`?\bmake ([a-z-]+)", "\n".join(code_of(README))))
    assert {"serve", "test", "site", "figures", "check", "lock"} <= named
    for target in named:
        assert re.search(rf"^(\w+ )*{target}( \w+)*:", MAKEFILE, re.MULTILINE), target


def test_the_fast_tests_are_named_where_contributors_look() -> None:
    assert "make test-fast" in "\n".join(code_of(README))


def test_every_path_that_the_readme_names_exists() -> None:
    paths = re.findall(r"\]\(([^):#]+)\)", README)
    assert paths
    for path in paths:
        assert (ROOT / path).exists(), path


def test_an_old_python_is_refused_by_name(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    executable(old, '[ "$1" = --version ] && echo Python 3.9.18; exit 1')
    for python, said in [(str(old), "Python 3.9.18"), ("no-such-python", "not found")]:
        venv = tmp_path / "venv"
        result = run("make", "check", f"PYTHON={python}", f"VENV={venv}")
        assert result.returncode != 0
        assert "needs Python 3.11 or newer" in result.stderr
        assert said in result.stderr
        assert not venv.exists()


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ("success success skipped", 0),
        ("success failure", 2),
        ("success cancelled skipped", 2),
        ("", 2),
    ],
)
def test_all_green_means_all_green(results: str, status: int) -> None:
    assert run("make", "green", RESULTS=results).returncode == status


def test_comparing_with_a_folder_that_is_not_there_says_so() -> None:
    here = f"VENV={sys.prefix}"
    ready = f"--old-file={sys.prefix}/.installed"  # whatever its date: install nothing
    result = run("make", "compare", "BASE=no/such/folder", here, ready)
    assert result.returncode != 0
    assert "make compare BASE=FOLDER" in result.stderr


@pytest.mark.parametrize("ci", ["", "true"], ids=["at home", "in CI"])
@pytest.mark.parametrize(
    ("there", "said"),
    [
        (["chromium"], ""),
        (["google-chrome"], ""),
        (["chromium-headless-shell", "apt-get"], ""),
        (["playwright"], ""),
        (["apt-get"], "Installing a Chromium"),
        (["apt-get", "chromium"], {"": "", "true": "Installing a Chromium"}),
        ([], "Install the package chromium of your system, or run: "),
    ],
    ids=lambda value: "+".join(value) or "none" if isinstance(value, list) else "",
)
def test_a_browser_is_found_or_installed_or_asked_for(
    tmp_path: Path, there: list[str], said: str | dict[str, str], ci: str
) -> None:
    """The real script on a machine of stand-ins; `python` answers for Playwright."""
    executable(tmp_path / "id", "echo 0")
    executable(tmp_path / "python", f"exit {0 if 'playwright' in there else 1}")
    for name in there:
        executable(tmp_path / name, "exit 0")
    if "apt-get" in there:
        installed = '[ "$1" = install ] || exit 0; for it; do :; done; it=%s/$it'
        install = f"{installed}; :> $it; /bin/chmod +x $it" % tmp_path
        executable(tmp_path / "apt-get", install)
    result = run(".ci/browser", "python", PATH=str(tmp_path), CI=ci)
    assert result.returncode == 0, result.stderr
    output = result.stdout + result.stderr
    expected = said if isinstance(said, str) else said[ci]
    assert expected in output if expected else output == ""
    if expected.startswith("Installing"):
        assert (tmp_path / "chromium-headless-shell").exists()
        assert "Install the package" not in output


@pytest.mark.parametrize("status", [0, 2])
def test_the_weekly_report_says_what_changed_and_how_it_went(
    tmp_path: Path, status: int
) -> None:
    folder = tmp_path / "newest"
    folder.mkdir()
    (folder / "status").write_text(f"{status}\n")
    (folder / "log").write_text("first\n" * 99 + "\x1b[31mlast words\x1b[0m\n")
    numpy = LOCKED["numpy"]
    newer = LOCK.replace(f"\nnumpy=={numpy} ", "\nnumpy==999.0 ")
    (folder / "dev.txt").write_text(newer)
    summary = tmp_path / "summary.md"
    result = run(
        sys.executable, ".ci/versions.py", str(folder), GITHUB_STEP_SUMMARY=str(summary)
    )
    assert result.returncode == status, result.stderr
    report = summary.read_text()
    assert report in result.stdout
    assert re.findall(r"^\| [a-z].*", report, re.MULTILINE)[1:] == [
        f"| numpy | {numpy} | 999.0 |"
    ]
    assert ("newest versions: passes" in report) == (status == 0)
    assert ("\nlast words\n" in report) == (status != 0)


def test_the_site_is_built_with_the_versions_that_are_tested() -> None:
    site = ENTRY.findall((ROOT / "requirements.txt").read_text())
    assert len(site) < len(LOCKED)
    assert {name: version for name, version, _ in site}.items() <= LOCKED.items()
    build = PROJECT["dependency-groups"]["build"]
    for wanted in [*SITE["project"]["dependencies"], *build]:
        assert Requirement(wanted).name in {name for name, *_ in site}


def test_versions_that_do_not_go_together_are_reported_too(tmp_path: Path) -> None:
    locks = ["requirements.txt", "requirements-dev.txt"]
    projects = ["pyproject.toml", "nwdocs/site/pyproject.toml"]
    for name in ["Makefile", *projects, *locks, ".ci/versions.py"]:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(ROOT / name, tmp_path / name)
    stale = tmp_path / "build/oldest/dev.txt"
    stale.parent.mkdir(parents=True)
    stale.write_text("numpy==1.0 \n")
    summary = tmp_path / "summary.md"
    # Whatever their dates: install nothing.
    ready = [f"--old-file={sys.prefix}/.{name}" for name in ("installed", "developing")]
    result = run(
        *("make", "oldest", f"--directory={tmp_path}", *ready),
        *(f"VENV={sys.prefix}", "RESOLVE=sh -c 'echo No solution found; exit 1'"),
        GITHUB_STEP_SUMMARY=str(summary),
    )
    assert result.returncode != 0
    report = summary.read_text()
    assert "With the oldest versions: fails (exit status 1)" in report
    assert "No versions go together" in report
    assert "\nNo solution found\n" in report


def test_what_must_pass_is_check_and_test() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    lines = script.read_text().splitlines()
    assert "set -euo pipefail" in lines
    assert [line for line in lines if line.startswith("make")] == [
        "make check",
        "make test",
    ]


def test_the_citation_and_the_package_agree() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    project = PROJECT["project"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"] == "MIT"
    assert [a["name"] for a in citation["authors"]] == [
        a["name"] for a in project["authors"]
    ]
    years = {
        (r["authors"][0]["family-names"], r["year"]) for r in citation["references"]
    }
    assert years == {("Nadaraya", 1964), ("Watson", 1964), ("Zhang", 2023)}
