"""What a change does to the built site, file by file.

``python -m nwdocs.site.review.sites BEFORE AFTER`` lists the files that are new, gone or
other. What names the commit is left out of the comparison, and so are names that were
changed on purpose: ``--renamed nwdocs.old=nwdocs.new``.
"""

import argparse
import difflib
import gzip
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

__all__ = ["differences", "main"]

# The commit's name, and the days on which pages were changed.
_COMMIT = re.compile(
    r"\b[0-9a-f]{40}(-dirty)?\b|(?<=<lastmod>)[^<]*|<time datetime=.*?</time>"
)
_SHOWN = 12  # lines of a file's differences


def differences(
    before: Path, after: Path, renamed: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Each file that differs between two folders, and how.

    Args:
        before: a built site.
        after: another.
        renamed: names in `before`, and what they are called in `after`.

    Raises:
        FileNotFoundError: a folder is missing.
    """
    old, new = _files(before), _files(after)
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield name, "gone"
        elif name not in old:
            yield name, "new"
        elif (was := _comparable(old[name], renamed)) != (
            now := _comparable(new[name], {})
        ):
            yield name, _change(was, now)


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file()
    }


def _comparable(path: Path, renamed: Mapping[str, str]) -> str | bytes:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    for old, new in renamed.items():
        text = re.sub(rf"\b{re.escape(old)}\b", new, text)
    return _COMMIT.sub("", text)


def _change(before: str | bytes, after: str | bytes) -> str:
    if isinstance(before, bytes) or isinstance(after, bytes):
        return f"{len(before)} and {len(after)} bytes"
    lines = difflib.unified_diff(_lines(before), _lines(after), lineterm="", n=0)
    changed = [
        line[:200] for line in lines if not line.startswith(("---", "+++", "@@"))
    ]
    more = [f"… {len(changed) - _SHOWN} more"] if len(changed) > _SHOWN else []
    return "\n    ".join(["", *changed[:_SHOWN], *more])


def _lines(text: str) -> list[str]:
    return text.replace("><", ">\n<").splitlines()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: exit status 0 if the sites are the same, 1 if not, 2 for wrong use."""
    parser = argparse.ArgumentParser(
        prog="nwdocs.site.review.sites", description=__doc__
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument(
        "--renamed",
        nargs="*",
        default=[],
        metavar="OLD=NEW",
        help="names to take as one",
    )
    chosen = parser.parse_args(arguments)
    renamed = dict(pair.split("=", 1) for pair in chosen.renamed)
    try:
        found = list(differences(chosen.before, chosen.after, renamed))
    except FileNotFoundError as error:
        parser.error(str(error))
    for name, change in found:
        print(f"{name}: {change}")
    print(f"{len(found)} files differ" if found else "the same site")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
