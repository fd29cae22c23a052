"""Builders that are not MkDocs: the one that goes on from it, and one that cannot."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.building import run_mkdocs, same_site
from support.project import ROOT, copy_project

pytestmark = pytest.mark.process


def test_properdocs_builds_the_same_site(project: Path) -> None:
    status, output = run_mkdocs(project)
    assert status == 0, output
    run = subprocess.run(
        [sys.executable, "-m", "properdocs", "build", "--strict", "-d", "other"],
        cwd=project,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert same_site(project / "site", project / "other")


def test_zensical_publishes_no_page_without_its_outputs(tmp_path: Path) -> None:
    copy_project(tmp_path, "mkdocs.yml", "docs", "nwdocs")
    run = subprocess.run(
        [sys.executable, "-m", "zensical", "build"],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(tmp_path),
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    said = run.stdout + run.stderr
    assert "This tool does not run the cells of the pages" in said
    assert "make markdown" in said
    assert not (tmp_path / "site/kernels/index.html").exists()
