"""How far a command is: the last line of a terminal, and nothing where nobody watches."""

import shutil
import sys

__all__ = ["show_status"]


def show_status(text: str) -> None:
    """Put `text` in place of the terminal's last line; the empty text clears the line.

    Where standard error is no terminal, nothing is written.
    """
    if sys.stderr.isatty():
        fitting = text[: shutil.get_terminal_size().columns - 1]
        print(f"\r\033[K{fitting}", end="", file=sys.stderr, flush=True)
