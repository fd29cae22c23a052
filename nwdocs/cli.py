"""The command line: `nwdocs figures` draws what the pages show, into files."""

import argparse
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from signal import SIGINT, SIGPIPE

from nwdocs.files import write_whole
from nwdocs.progress import show_status

__all__ = ["main"]

_INTERRUPTED = 128 + SIGINT
_PIPE_CLOSED = 128 + SIGPIPE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status.

    0 for success, 1 for output that cannot be written, 2 for wrong use, 130 for Ctrl-C,
    141 where the reader of its output has gone.
    """
    if sys.stderr is None:  # closed by whoever called: there is nobody to tell
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 -- open until the end
    try:
        try:
            return _run(arguments)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # here, where a full disk can still be told
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _abandon_output()
        return _PIPE_CLOSED
    except OSError as error:
        _abandon_output()
        _tell(f"nwdocs: cannot write to standard output: {error.strerror}.")
        return 1


def _run(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    # Only now: --help and a mistyped option need not wait for matplotlib.
    from nwdocs.figures import FIGURES, number, show

    names = list(dict.fromkeys(options.names))
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        near = get_close_matches(unknown[0], FIGURES, n=1)
        hint = f". Did you mean {near[0]}?" if near else ""
        parser.error(
            f"no figure is called {', '.join(unknown)}; there are "
            f"{', '.join(FIGURES)}{hint}"
        )
    if options.list:
        for name in names or FIGURES:
            _print(f"{number(name):2}  {name}")
        return 0
    names = names or list(FIGURES)
    formats = list(dict.fromkeys(options.format or ["svg"]))
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for done, name in enumerate(names, 1):
            show_status(f"[{done}/{len(names)}] {name}")
            drawn = show(name)
            for kind in formats:
                write_whole(options.out / f"{name}.{kind}", drawn.file(kind))
    except OSError as error:
        where = error.filename or options.out
        _tell(
            f"nwdocs: cannot write {where}: {error.strerror}. Name another folder "
            "with --out."
        )
        return 1
    finally:
        show_status("")
    plural = "" if len(names) == 1 else "s"
    _print(f"{len(names)} figure{plural} as {', '.join(formats)} in {options.out}")
    return 0


def _print(line: str) -> None:
    if sys.stdout is None:
        raise OSError(None, "it is closed")
    print(line)


def _tell(message: str, end: str = "\n") -> None:
    """A word to whoever watches; who does not listen is not told."""
    try:
        print(message, end=end, file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 -- open until the end


def _abandon_output() -> None:
    """Let Python's last flush of what could not be written go nowhere."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nwdocs", description="Attention pooling by similarity, figure by figure."
    )
    parser.add_argument(
        "--version", action="version", version=f"nwdocs {version('nwdocs')}"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    figures = commands.add_parser(
        "figures",
        help="draw the site's figures into files",
        description="Draw the named figures, or all of them, as the site shows them.",
    )
    figures.add_argument(
        "names", nargs="*", metavar="NAME", help="which (default: all)"
    )
    figures.add_argument(
        "--list", action="store_true", help="list numbers and names, draw nothing"
    )
    figures.add_argument(
        "--out",
        type=_folder,
        default=Path("build/figures"),
        metavar="DIR",
        help="the folder to write to, made if need be (default: %(default)s)",
    )
    figures.add_argument(
        "--format",
        nargs="+",
        action="extend",
        choices=("svg", "png", "csv"),
        help="one or more of svg (default), png (2x) and csv (the numbers)",
    )
    return parser


def _folder(name: str) -> Path:
    if not name.strip():
        raise argparse.ArgumentTypeError("must name a folder, got an empty name")
    return Path(name)


if __name__ == "__main__":
    sys.exit(main())
