"""Results of studies, which a page leaves for the pages after it, and for later builds."""

import pickle
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import (
    AbstractContextManager,
    ExitStack,
    contextmanager,
    nullcontext,
    suppress,
)
from fcntl import LOCK_EX, flock
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from nwdocs.site import store
from nwdocs.site.store import digest_of

__all__ = ["Studies"]

# The modules that studies may use: arrows run from figures and site to them.
_OURS = re.compile(r"nwdocs(?!\.(?:site|figures|cli|once)\b)(?:\.|$)")


class Studies:
    """Keeps what functions with the decorator `nwdocs.once.once` give.

    A result counts as long as the modules do that its function uses. Two pages that want
    the same one at the same time wait for one of them to compute it. A page that changes
    something in the package has results of its own from there.
    """

    def __init__(
        self,
        folder: Path,
        digests: Mapping[str, str],
        aside: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Keep results in `folder`.

        Args:
            folder: where.
            digests: of the modules whose functions may be asked, by name.
            aside: has what is read and written in its block not count as the page's.
        """
        self._folder, self._digests, self._aside = folder, digests, aside
        self._package = _state()

    def __call__(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        named: Mapping[str, Any],
    ) -> Any:
        """What `function` gives for its arguments."""
        told = repr((arguments, sorted(named.items())))
        code = self._digests.get(function.__module__)
        # A page's own function; an argument that is told by its address.
        unknown = code is None or " at 0x" in told
        if unknown or not _same(self._package, _state()):
            return function(*arguments, **named)
        name = f"{function.__module__}.{function.__qualname__}-{digest_of(told)[:16]}"
        digest = digest_of([code, told])
        with ExitStack() as turn:
            with self._aside(), suppress(OSError):  # nothing can be kept there
                turn.enter_context(_locked(self._folder / name))
            with self._aside():
                kept = store.load(self._folder, name, digest)
            if kept is not None:
                return pickle.loads(kept)
            result = function(*arguments, **named)
            with self._aside(), suppress(OSError):  # then another page computes it, too
                store.store(self._folder, name, digest, pickle.dumps(result))
            return result


def _state() -> dict[str, list[Any]]:
    """What the package's modules hold, and what is in their collections."""
    held: dict[str, list[Any]] = {}
    for name, module in list(sys.modules.items()):
        if _OURS.match(name):
            for key, value in list(vars(module).items()):
                if not key.startswith("__"):
                    held[f"{name}.{key}"] = [value, *_inside(value)]
    return held


def _inside(value: object) -> list[Any]:
    match value:
        case dict() | MappingProxyType():
            return [*value.keys(), *value.values()]
        case list() | set() | tuple():
            return [*value]
        case np.ndarray():
            return [value.tobytes()]
    return []


def _same(before: Mapping[str, list[Any]], now: Mapping[str, list[Any]]) -> bool:
    """Whether all that was there still is: the same objects, and arrays as they were."""
    return all(
        name in now and len(then) == len(now[name]) and all(map(_is, then, now[name]))
        for name, then in before.items()
    )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Wait until no other process is in the block for `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        flock(file, LOCK_EX)  # a process that ends, however, lets go of it
        yield


def _is(one: object, other: object) -> bool:
    return one is other or (isinstance(one, bytes) and one == other)
