"""A second process for what MkDocs does on one processor: rendering pages.

It begins with the last page, and keeps what it makes. When MkDocs, which begins with the
first, gets to a page that is kept, it takes that. So the two meet somewhere.
"""

import logging
import os
import signal
import warnings
from collections.abc import Callable

__all__ = ["Ahead"]


class Ahead:
    """A copy of this process that makes things to be kept; what it fails at costs time."""

    def __init__(self, make: Callable[[], None]) -> None:
        """Call `make` in the copy."""
        with warnings.catch_warnings():
            # Of threads that the copy would lack. It uses none of theirs.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process = os.fork()
        if not self._process:
            try:
                logging.disable()  # what is wrong with a page is told by who writes it
                make()
            finally:
                os._exit(0)

    def end(self) -> None:
        """End the copy, whether it is done or not."""
        os.kill(self._process, signal.SIGKILL)  # it is there until it is waited for
        os.waitpid(self._process, 0)
