"""The workflows do what people do (make targets), and may do no more than they need."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.project import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.y*ml"))
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = {
    name
    for names in re.findall(r"^([a-z ]+):(?!=)", MAKEFILE, re.MULTILINE)
    for name in names.split()
}

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def load(path: Path) -> dict[Any, Any]:
    """A workflow; its key `on` comes back as True, which is how YAML 1.1 reads it."""
    workflow = yaml.safe_load(path.read_text())
    assert isinstance(workflow, dict)
    return workflow


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    named: dict[str, dict[str, Any]] = load(path)["jobs"]
    return named


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in jobs(path).values():
        yield from job["steps"]


def test_there_is_one_for_changes_and_one_for_time() -> None:
    triggers = {path.stem: load(path)[True] for path in WORKFLOWS}
    assert set(triggers["ci"]) == {"push", "pull_request"}
    assert triggers["ci"]["push"] == {"branches": ["main"]}
    assert len(triggers["dependencies"]["schedule"]) == 1
    # pull_request_target and workflow_run hand a stranger's code the owner's rights.
    known = {"push", "pull_request", "schedule", "workflow_dispatch"}
    assert set().union(*triggers.values()) <= known


#: What a job may do beyond reading; neither of these two runs code of the project.
WRITES = {
    "deploy": {"pages", "id-token"},
    "attest": {"attestations", "id-token"},
}


@each_workflow
def test_permissions_are_none_by_default_and_read_by_job(path: Path) -> None:
    assert load(path)["permissions"] == {}
    for name, job in jobs(path).items():
        writes = {k for k, v in job["permissions"].items() if v != "read"}
        assert writes == WRITES.get(name, set()), name


@each_workflow
def test_runs_are_grouped_and_limited(path: Path) -> None:
    assert "github.ref" in load(path)["concurrency"]["group"]
    for name, job in jobs(path).items():
        assert job["timeout-minutes"] <= 45, name


@each_workflow
def test_every_action_is_pinned_by_commit_and_says_its_version(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if "uses:" in line]
    assert len(lines) == sum("uses" in step for step in steps(path)) > 0
    for line in lines:
        assert re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)


def test_an_action_has_one_version_everywhere() -> None:
    used = {
        step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step
    }
    assert len({action.split("@")[0] for action in used}) == len(used)


@each_workflow
def test_checkouts_leave_no_credentials(path: Path) -> None:
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@each_workflow
def test_every_command_is_a_make_target_that_exists(path: Path) -> None:
    """So nothing that a pull request's author writes is ever part of a command."""
    commands = [step["run"] for step in steps(path) if "run" in step]
    assert commands
    for command in commands:
        assert (match := re.fullmatch(r"make ([a-z]+)", command)), command
        assert match[1] in TARGETS, command


@each_workflow
def test_no_secret_and_no_text_of_a_stranger_is_used(path: Path) -> None:
    text = path.read_text()
    assert "secrets." not in text
    for expression in re.findall(r"\$\{\{(.*?)\}\}", text, re.DOTALL):
        # Titles, bodies and branch names are a stranger's; a commit id is not.
        for field in re.findall(r"github\.(head_ref|event\.[\w.]+)", expression):
            assert field in {
                "event.repository.name",
                "event.pull_request.base.sha",
            }, field


def test_only_main_is_published_and_only_after_every_job_that_judges() -> None:
    ci = jobs(ROOT / ".github/workflows/ci.yml")
    main = "github.event_name == 'push' && github.ref == 'refs/heads/main'"
    assert ci["deploy"]["if"] == main
    assert set(ci["deploy"]["needs"]) == {"check", "test", "build"}
    assert ci["deploy"]["environment"]["name"] == "github-pages"
    assert not any("checkout" in step["uses"] for step in ci["deploy"]["steps"])


def test_the_last_job_waits_for_all_others_and_always_runs() -> None:
    ci = jobs(ROOT / ".github/workflows/ci.yml")
    assert set(ci["green"]["needs"]) == ci.keys() - {"green"}
    assert ci["green"]["if"] == "always()"


def test_the_parts_of_the_tests_are_all_of_them() -> None:
    """One names a folder, and the other leaves out that folder alone."""
    job = jobs(ROOT / ".github/workflows/ci.yml")["test"]
    folder, rest = (part["arguments"] for part in job["strategy"]["matrix"]["part"])
    assert (ROOT / folder).is_dir()
    assert rest == f"--ignore={folder}"
    (run,) = (step for step in job["steps"] if "run" in step)
    assert run == {"run": "make test", "env": {"ARGS": "${{ matrix.part.arguments }}"}}


def test_the_oldest_supported_python_is_tested() -> None:
    tested = jobs(ROOT / ".github/workflows/ci.yml")["test"]["strategy"]["matrix"]
    promise = re.search(
        r'requires-python = ">=(.*)"', (ROOT / "pyproject.toml").read_text()
    )
    assert promise is not None
    assert min(tested["python"]) == promise[1]
