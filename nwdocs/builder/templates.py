"""The theme's and mkdocstrings' templates, compiled, from one build to the next."""

from base64 import b64decode, b64encode
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from nwdocs.builder import cache
from nwdocs.builder.execute import libraries

__all__ = ["CompiledTemplates"]


class CompiledTemplates(BytecodeCache):
    """Jinja's bytecode in our cache: it is checked when read, and none is half-written.

    Compiling eighty templates is a tenth of a build that has nothing else to do.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.libraries = libraries()  # the code names filters of theirs

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the template's code from the cache, if it is there."""
        if kept := cache.load(self.folder, bucket.key, self._digest(bucket)):
            bucket.bytecode_from_string(b64decode(kept["code"]))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Put the template's code into the cache, if that can be written."""
        code = b64encode(bucket.bytecode_to_string()).decode()
        with suppress(OSError):  # then the next build is slower, nothing else
            cache.store(self.folder, bucket.key, self._digest(bucket), {"code": code})

    def _digest(self, bucket: Bucket) -> cache.Digest:
        return sha256(f"{bucket.checksum} {self.libraries}".encode()).hexdigest()
