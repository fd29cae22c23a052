"""The command line: `nwdocs figures` draws what the pages show, into files."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nwdocs.files import write_whole
from nwdocs.progress import show_status

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status.

    0 for success, 1 for a folder that cannot be written, 2 for wrong use.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    # Only now: --help and a mistyped option need not wait for matplotlib.
    from nwdocs.figures import FIGURES, number, show

    unknown = [name for name in options.names if name not in FIGURES]
    if unknown:
        parser.error(
            f"no figure is called {', '.join(unknown)}; there are {', '.join(FIGURES)}"
        )
    if options.list:
        for name in options.names or FIGURES:
            print(f"{number(name):2}  {name}")
        return 0
    names = options.names or list(FIGURES)
    formats = options.format or ["svg"]
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for done, name in enumerate(names, 1):
            show_status(f"[{done}/{len(names)}] {name}")
            drawn = show(name)
            for kind in formats:
                write_whole(options.out / f"{name}.{kind}", drawn.file(kind))
    except OSError as error:
        where = error.filename or options.out
        print(
            f"nwdocs: cannot write {where}: {error.strerror}. Name another folder "
            "with --out.",
            file=sys.stderr,
        )
        return 1
    finally:
        show_status("")
    plural = "" if len(names) == 1 else "s"
    print(f"{len(names)} figure{plural} as {', '.join(formats)} in {options.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nwdocs", description="Attention pooling by similarity, figure by figure."
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
        type=Path,
        default=Path("build/figures"),
        metavar="DIR",
        help="the folder to write to, made if need be (default: %(default)s)",
    )
    figures.add_argument(
        "--format",
        nargs="+",
        choices=("svg", "png", "csv"),
        help="one or more of svg (default), png (2x) and csv (the numbers)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
