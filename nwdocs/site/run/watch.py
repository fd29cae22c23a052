"""Watches what a page's process reads and writes besides the package.

Files of the project that a cell reads belong to what the page depends on. What differs
from build to build, such as the network, is told to the author. A write into a folder
that is watched for edits would build again for ever, so it is refused.
"""

import ast
import hashlib
import importlib.util
import os
import random
import sys
from pathlib import Path
from typing import Any

__all__ = ["Watch", "reads_clock"]

_KEPT_OUT = {".git", ".venv", "build", "site", "node_modules"}
_NOT_WRITTEN = ("docs", "nwdocs", "site")
_CLOCKS = {
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime"),
    *("datetime.now", "datetime.today", "datetime.utcnow", "date.today"),
}


class Watch:
    """What one page read.

    Attributes:
        files: digests of files of the project, by path from its root.
        varying: what the cell that runs has read that differs from build to build.
    """

    def __init__(self, uri: str) -> None:
        """Seed what draws random numbers, and begin to watch this process."""
        self._root = Path.cwd().resolve()
        self._package = Path(__file__).resolve().parents[2]
        self._busy = False
        self._written: set[str] = set()
        self.files: dict[str, str] = {}
        self.varying: set[str] = set()
        self._seed(uri)
        sys.addaudithook(self._note)

    def _seed(self, uri: str) -> None:
        """Pages draw numbers of their own, the same in each build."""
        seed = int.from_bytes(hashlib.sha256(uri.encode()).digest()[:4], "big")
        random.seed(seed)
        numpy = sys.modules.get("numpy")
        if numpy is None:
            return
        numpy.random.seed(seed)
        # A generator without a seed asks for entropy here, and nowhere else.
        generator: Any = sys.modules["numpy.random.bit_generator"]
        entropy = generator.randbits

        def noted(bits: int) -> int:
            self.varying.add("random numbers without a seed")
            return int(entropy(bits))

        generator.randbits = noted

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._busy:
            return
        if event == "socket.connect":
            self.varying.add("the network")
        elif event == "open":
            path, mode, flags = arguments
            if isinstance(path, str | bytes | os.PathLike):
                self._opened(Path(os.fsdecode(path)), mode, flags)

    def _opened(self, path: Path, mode: str | None, flags: int) -> None:
        path = Path(os.path.abspath(path))
        if not path.is_relative_to(self._root):
            return
        name = path.relative_to(self._root)
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR))
        if writes:
            if name.parts[0] in _NOT_WRITTEN and "__pycache__" not in name.parts:
                raise PermissionError(
                    f"a cell may not write {name.as_posix()}: the build watches "
                    f"{name.parts[0]}/ and would start again. Write into build/."
                )
            # What a page makes itself is no reason to run it again.
            self._written.add(name.as_posix())
            self.files.pop(name.as_posix(), None)
            return
        if "__pycache__" in name.parts:
            path = Path(importlib.util.source_from_cache(str(path)))
            name = path.relative_to(self._root)
        if name.parts[0] in _KEPT_OUT or path.is_relative_to(self._package):
            return
        if name.as_posix() in self._written:
            return
        self._busy = True
        try:
            if path.is_file():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                self.files.setdefault(name.as_posix(), digest)
        finally:
            self._busy = False


def reads_clock(source: str) -> bool:
    """Whether code asks what time it is, as far as its names tell."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic, say
        return False
    calls = (ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call))
    return any(".".join(call.split(".")[-2:]) in _CLOCKS for call in calls)
