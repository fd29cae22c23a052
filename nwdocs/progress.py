"""How far a command is, on the last line of a terminal."""

import shutil
import sys

__all__ = ["show_status", "show_step"]


def show_status(text: str) -> None:
    """Put `text` in place of the terminal's last line; the empty text clears the line.

    Where standard error is no terminal, nothing is written.
    """
    if sys.stderr.isatty():
        fitting = text[: shutil.get_terminal_size().columns - 1]
        print(f"\r\033[K{fitting}", end="", file=sys.stderr, flush=True)


def show_step(text: str) -> None:
    """As `show_status`; where standard error is no terminal, a line of its own."""
    if sys.stderr.isatty():
        show_status(text)
    else:
        print(text, file=sys.stderr, flush=True)
