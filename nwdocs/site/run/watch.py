"""Watches what a page's process reads and writes besides the package.

Files of the project that a cell reads belong to what the page depends on. What differs
from build to build, such as the network, is told to the author. A write into a folder
that is watched for edits would build again for ever, so it is refused.
"""

import ast
import hashlib
import importlib.util
import linecache
import os
import random
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["Watch", "varying_calls"]

_KEPT_OUT = {".git", ".venv", "build", "site", "node_modules"}
_TIMES = {
    *("time", "time_ns", "perf_counter", "perf_counter_ns", "monotonic"),
    *("monotonic_ns", "process_time", "process_time_ns"),
}
_CLOCKS = {
    *_TIMES,
    *(f"time.{name}" for name in (*_TIMES, "localtime", "gmtime", "ctime")),
    *("datetime.now", "datetime.today", "datetime.utcnow", "date.today"),
}
_TIMING = re.compile(r"^\s*%{1,2}time(it)?\b", re.MULTILINE)
#: Without an argument, these take entropy where nothing here can see it.
_SEEDS = {"random.Random", "random.seed", "Random"}
_UNSEEDED = "random numbers without a seed"


class Watch:
    """What one page read.

    Attributes:
        files: digests of files of the project, by path from its root.
        varying: what the cell that runs has read that differs from build to build.
    """

    def __init__(self, uri: str, watched: Sequence[str]) -> None:
        """Seed what draws random numbers, and begin to watch this process."""
        self._root = Path.cwd().resolve()
        self._watched = [self._root / folder for folder in watched]
        self._package = Path(__file__).resolve().parents[2]
        self._busy = False
        self._written: set[str] = set()
        self.files: dict[str, str] = {}
        self.varying: set[str] = set()
        self._modules: set[str] = set()
        self._texts: set[str] = set()
        self._seed(uri)
        linecache.clearcache()  # so that whoever reads source opens its file
        sys.addaudithook(self._note)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Look away while the block runs, which is not the page's."""
        self._busy, before = True, self._busy
        try:
            yield
        finally:
            self._busy = before

    def used(self) -> dict[str, list[str]]:
        """The modules of the package whose figures, and those whose source, were read."""
        return {"modules": sorted(self._modules), "texts": sorted(self._texts)}

    def _seed(self, uri: str) -> None:
        """Pages draw numbers of their own, the same in each build."""
        seed = int.from_bytes(hashlib.sha256(uri.encode()).digest()[:4], "big")
        random.seed(seed)
        if numpy := sys.modules.get("numpy"):
            numpy.random.seed(seed)
        # Whoever wants numbers that nobody can foresee asks one of these two: a numpy
        # generator without a seed, secrets, uuid4. (IPython names its displays so.)
        entropy = os.urandom

        def noted(size: int) -> bytes:
            asked = sys._getframe(1).f_globals["__name__"]
            if not self._busy and not asked.startswith("IPython."):
                self.varying.add(_UNSEEDED)
            return entropy(size)

        os.urandom = noted
        vars(random)["_urandom"] = noted

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._busy:
            return
        if event == "socket.connect":
            self.varying.add("the network")
        elif event == "nwdocs.show":  # a figure's name, and the module that draws it
            self._modules.add(arguments[1])
        elif event == "open":
            path, mode, flags = arguments
            if isinstance(path, str | bytes | os.PathLike):
                self._opened(Path(os.fsdecode(path)), mode, flags)

    def _opened(self, path: Path, mode: str | None, flags: int) -> None:
        path = Path(os.path.abspath(path))
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR))
        if path.is_relative_to(self._package) and not writes:
            if (
                path.suffix == ".py"
            ):  # else it is data, or compiled, which all pages have
                self._texts.add(_module(path.relative_to(self._package.parent)))
            return
        if not path.is_relative_to(self._root):
            return
        name = path.relative_to(self._root)
        if writes:
            folder = next((f for f in self._watched if path.is_relative_to(f)), None)
            if folder and "__pycache__" not in name.parts:
                raise PermissionError(
                    f"a cell may not write {name.as_posix()}: the build watches "
                    f"{folder.relative_to(self._root)}/ and would start again. Write into "
                    "build/."
                )
            # What a page makes itself is no reason to run it again.
            self._written.add(name.as_posix())
            self.files.pop(name.as_posix(), None)
            return
        if "__pycache__" in name.parts:
            path = Path(importlib.util.source_from_cache(str(path)))
            name = path.relative_to(self._root)
        if name.parts[0] in _KEPT_OUT:
            return
        if name.as_posix() in self._written:
            return
        with self.aside():
            if path.is_file():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                self.files.setdefault(name.as_posix(), digest)


def _module(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def varying_calls(source: str) -> set[str]:
    """What code asks for that differs from build to build, as far as its names tell."""
    found = {"the clock"} if _TIMING.search(source) else set()
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic, say
        return found
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = ".".join(ast.unparse(call.func).split(".")[-2:])
        if name in _CLOCKS:
            found.add("the clock")
        elif name in _SEEDS and not call.args and not call.keywords:
            found.add(_UNSEEDED)
    return found
