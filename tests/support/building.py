"""MkDocs as a person runs it: in a process of its own, from a project's folder."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock

from support.project import ROOT


class Ended(NamedTuple):
    """What a command ended with."""

    status: int
    output: str


def start_mkdocs(
    project: Path,
    *arguments: str,
    under: Sequence[str] = (),
    package: Path = ROOT,
    environment: Mapping[str, str] = os.environ,
    cwd: Path | None = None,
    stdout: int = subprocess.PIPE,
) -> subprocess.Popen[str]:
    """Start ``mkdocs`` with `arguments`, as the leader of a session of its own.

    Args:
        project: the folder of mkdocs.yml, and where the command is run.
        arguments: of the command.
        under: another command that runs this one.
        package: the folder in which the package lies that is used.
        environment: the variables of the shell.
        cwd: where the command is run instead.
        stdout: a file's descriptor; standard error goes there, too.
    """
    return subprocess.Popen(
        [*under, sys.executable, "-m", "mkdocs", *arguments],
        cwd=cwd or project,
        env={**environment, "PYTHONPATH": str(package), "PYTHONUNBUFFERED": "1"},
        stdout=stdout,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run_mkdocs(
    project: Path,
    *arguments: str,
    under: Sequence[str] = (),
    package: Path = ROOT,
    environment: Mapping[str, str] = os.environ,
    cwd: Path | None = None,
) -> Ended:
    """Build `project` strictly, with `arguments`; see `start_mkdocs` for the rest."""
    process = start_mkdocs(
        project,
        "build",
        "--strict",
        *arguments,
        under=under,
        package=package,
        environment=environment,
        cwd=cwd,
    )
    output, _ = process.communicate(timeout=300)
    return Ended(process.returncode, output)


def build_site(
    site: Path, project: Path = ROOT, *, cwd: Path | None = None, **variables: str
) -> Path:
    """Build `project` into the folder `site`; the test fails if it does not build.

    Args:
        site: where to; it is returned.
        project: the folder of mkdocs.yml and of the package.
        cwd: where the command is run.
        variables: of the shell, besides those of this one.
    """
    without_day = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"}
    status, output = run_mkdocs(
        project,
        *("-f", str(project / "mkdocs.yml"), "-d", str(site)),
        package=project,
        environment={**without_day, **variables},
        cwd=cwd,
    )
    if status != 0:
        said = output.splitlines()[-20:]
        pytest.fail("\n".join(["the site does not build:", *said]), pytrace=False)
    return site


def build_once(
    folders: pytest.TempPathFactory,
    name: str,
    build: Callable[[Path], Path] = build_site,
) -> Path:
    """The folder of a site, built by the first process that asks for it.

    Args:
        folders: of this process; what all share lies in the folder of these.
        name: of the site.
        build: what builds it into the folder that it is given.
    """
    shared = folders.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    site = shared / name
    with FileLock(shared / f"{name}.lock"):
        return site if site.exists() else build(site)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of `folder`, by its path in there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Names of files that only one of the two has, or that differ."""
    return [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]


def same_site(one: Path, other: Path) -> bool:
    """Whether two built sites have the same files with the same bytes."""
    return differing(files_of(one), files_of(other)) == []
