"""Results of studies, which a page leaves for the pages after it, and for later builds."""

import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import (
    AbstractContextManager,
    ExitStack,
    contextmanager,
    nullcontext,
    suppress,
)
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import Any

from nwdocs.site import store

__all__ = ["Studies"]


class Studies:
    """Keeps what functions with the decorator `nwdocs.once.once` give.

    A result counts as long as the modules do that its function uses. Two pages that want
    the same one at the same time wait for one of them to compute it.
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

    def __call__(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        named: Mapping[str, Any],
    ) -> Any:
        """What `function` gives for its arguments."""
        told = repr((arguments, sorted(named.items())))
        code = self._digests.get(function.__module__)
        if code is None or " at 0x" in told:  # a page's own function; an address
            return function(*arguments, **named)
        name = f"{function.__module__}.{function.__qualname__}-{_sha(told)[:16]}"
        digest = _sha(f"{code} {told}")
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


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Wait until no other process is in the block for `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        flock(file, LOCK_EX)  # a process that ends, however, lets go of it
        yield


def _sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()
