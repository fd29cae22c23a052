"""How pages are run, and what becomes of one."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Result", "Settings", "Used", "processors"]


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS


@dataclass(frozen=True, slots=True)
class Settings:
    """How pages are run.

    Attributes:
        root: the project's folder, in which cells run.
        cache: the folder where outputs are kept.
        timeout: how long one cell may run, in seconds.
        workers: how many pages run at a time.
        preload: functions, each as "module:name", that are called once before several
            pages run, so that these share what the functions keep.
        watched: folders of the project whose edits start a build; no cell may write
            there, or it would build for ever.
    """

    root: Path
    cache: Path
    timeout: float = 60.0
    workers: int = field(default_factory=processors)
    preload: tuple[str, ...] = ()
    watched: tuple[str, ...] = ("docs", "nwdocs", "site")

    @property
    def studies(self) -> Path:
        """Where pages leave results for other pages."""
        return self.cache / "studies"


@dataclass(frozen=True, slots=True)
class Used:
    """What of the package a page used that its cells do not say.

    Attributes:
        modules: those of the figures that it showed.
        texts: those whose source it read.
    """

    modules: Sequence[str] = ()
    texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one page.

    Attributes:
        outputs: nbformat outputs, a list for each cell that ran.
        error: None, or what went wrong: cell (index), name, message, line in the cell.
        seconds: how long the page ran, now or when it last did.
        cached: whether that was in an earlier build.
        read: digests of the project's files that cells read, by path.
        varying: for each cell, what it read that differs from build to build.
        digest: of the outputs.
        used: what of the package it used; not known of a page that was kept.
    """

    outputs: Sequence[Sequence[dict[str, Any]]]
    error: Mapping[str, Any] | None
    seconds: float
    cached: bool
    read: Mapping[str, str] = field(default_factory=dict)
    varying: Sequence[Sequence[str]] = ()
    digest: str = ""
    used: Used = Used()
