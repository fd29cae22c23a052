"""What a build makes besides pages, from the store unless it must be made anew."""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from nwdocs.house import rooms, sources
from nwdocs.site import store
from nwdocs.site.run.keys import libraries
from nwdocs.site.store import digest_of

__all__ = ["Kept", "site_code"]


class Kept:
    """Makes things once, and takes them from the store in later builds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stores = True
        self.libraries = sha256(repr(libraries()).encode()).hexdigest()

    def __call__(
        self, name: str, code: Path, facts: str, make: Callable[[], bytes]
    ) -> bytes:
        """What `make` gives, kept until what it depends on changes.

        That is `facts`, the libraries, and the module in the file `code`. `make` imports
        the module only when it is called: some load for longer than the rest of a build
        takes.
        """
        source = code.read_bytes()
        digest = sha256(f"{facts} {self.libraries}".encode() + source).hexdigest()
        if (kept := store.load(self.folder, name, digest)) is not None:
            return kept
        content = make()
        self.store(name, digest, content)
        return content

    def json(self, name: str, facts: object, make: Callable[[], Any]) -> Any:
        """What `make` gives, as JSON has it, kept until what it depends on changes.

        That is `facts`, the libraries, and any of this code.
        """
        digest = digest_of([facts, self.libraries, site_code()])
        if (kept := store.load(self.folder, name, digest)) is not None:
            return json.loads(kept)
        content = json.dumps(make()).encode()
        self.store(name, digest, content)
        return json.loads(content)  # the same, whether it was kept or not

    def store(self, name: str, digest: str, content: bytes) -> None:
        """Keep `content`; a store that cannot be written only costs time."""
        if self._stores:
            with suppress(OSError):
                store.store(self.folder, name, digest, content)

    def only_read(self) -> None:
        """Keep nothing more."""
        self._stores = False

    def templates(self) -> "FileSystemBytecodeCache | None":
        """The theme's and mkdocstrings' templates, compiled by earlier builds.

        Compiling eighty templates is a tenth of a build that has nothing else to do.
        Their code names filters of the libraries, so each set of those has a folder.
        """
        folder = self.folder / "templates" / self.libraries[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return None
        return _Templates(str(folder))


class _Templates(FileSystemBytecodeCache):
    """Jinja's cache, where what cannot be kept or read is compiled anew."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # an entry that was cut short can raise anything
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


@cache
def site_code() -> str:
    """The digest of this code, which makes the site, as it was when the process began.

    A server goes on with the code that it has loaded, whatever is saved meanwhile.
    """
    room = rooms()
    return digest_of(
        [
            [name, text]
            for name, text in sources().items()
            if room[name].startswith(("site", "shared"))
        ]
    )
