"""Whether a site is as its last build left it, and so is all that it was made of.

Then there is nothing to build. Contents of files are compared, never their dates, on both
sides: of what a build reads, and of what it wrote.
"""

import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from nwdocs.site import history, store
from nwdocs.site.plugin.told import told
from nwdocs.site.run.keys import file_digest, is_installed, libraries
from nwdocs.site.store import digest_of

__all__ = ["LastBuild"]

_PACKAGE = Path(__file__).resolve().parents[2]
_KEPT = "site"  # the name in the store

#: What builds and tools leave in the project's folder, besides caches.
_LEFT_THERE = {".git", ".hypothesis", ".venv", "build", "node_modules", "site"}
#: The plugins of which it is known that they make a site of files, options and versions.
#: One that asked the clock or the network would have to be asked again.
_PLUGINS = {
    *("search", "material/search", "autorefs", "mkdocstrings"),
    *("nwdocs-literature", "nwdocs-notebooks", "nwdocs-surroundings"),
    *("nwdocs-takeaway",),
}


class LastBuild:
    """What a build is made of and what it left, for the next one to compare.

    Whatever is not known here to make no difference leads to a build.
    """

    def __init__(self, config: MkDocsConfig, root: Path, cache: Path) -> None:
        """Look at all that the site will be made of, and listen for what is told of it.

        Args:
            config: as it was loaded; no plugin has changed it yet.
            root: the project's folder.
            cache: where it is noted what a build was made of.
        """
        self._root, self._cache, self._site = root, cache, Path(config.site_dir)
        self._listening = ExitStack()
        self._heard = [
            self._listening.enter_context(told(logging.WARNING)),
            # Where a page is left out of the navigation, say.
            self._listening.enter_context(told(logging.INFO, "mkdocs.structure")),
        ]
        # With --quiet, nothing is heard.
        heeds = logging.getLogger("mkdocs").isEnabledFor(logging.INFO)
        known = {*config.plugins} <= _PLUGINS and not config.hooks
        self._made_of = ""
        if known and heeds:
            # What mkdocs.yml makes of the shell's variables, and the command line.
            options = [dict(plugin.config) for plugin in config.plugins.values()]
            specs = (config.exclude_docs, config.draft_docs, config.not_in_nav)
            left_out = [_patterns(spec) for spec in specs if spec]
            templates = sorted(config.theme.static_templates)
            self._options = digest_of([dict(config), options, left_out, templates])
            named = [*_texts(options), *config.theme.dirs, *config.watch]
            folders = (root / name for name in (config.docs_dir, *named) if name)
            self._named = [_PACKAGE, *folders]
            self._made_of = self._look()

    def told(self) -> str | None:
        """What the last build said at its end, if another would make the same site."""
        left = self._made_of and store.load(self._cache, _KEPT, self._made_of)
        if not left:
            return None
        noted = json.loads(left)
        code = {name: _digest([Path(name)]) for name in noted["code"]}
        if [_digest([self._site]), code] != [noted["site"], noted["code"]]:
            return None
        return noted["told"]

    def note(self, said: str, code: Iterable[str]) -> None:
        """Note that the site is built, unless the next build has something to say.

        Args:
            said: at the build's end.
            code: files and folders of the code that pages document.
        """
        self._listening.close()
        # What was saved meanwhile may or may not be on the site.
        if any(self._heard) or not self._made_of or self._look() != self._made_of:
            return
        noted = {
            "site": _digest([self._site]),
            "code": {name: _digest([Path(name)]) for name in code},
            "told": said,
        }
        with suppress(OSError):  # then the next build builds
            store.store(self._cache, _KEPT, self._made_of, json.dumps(noted).encode())

    def _look(self) -> str:
        """The digest of all that the site is made of."""
        return digest_of(
            [
                [sys.version, libraries(), os.environ["SOURCE_DATE_EPOCH"]],
                [history.commit(self._root), history.is_whole(self._root)],
                self._options,
                _digest(self._read(), {self._cache, self._site}),
            ]
        )

    def _read(self) -> Iterator[Path]:
        """The project's files, and what else the options name."""
        root = self._root
        yield from (p for p in root.iterdir() if not _is_left_there(p.name))
        for path in self._named:
            around = root.is_relative_to(path)
            if path.exists() and not is_installed(path) and not around:
                yield path


def _is_left_there(name: str) -> bool:
    return name in _LEFT_THERE or name.endswith("_cache")


def _patterns(spec: Any) -> list[object]:
    """What a list of files to leave out says, as JSON has it."""
    return [[one.include, one.regex and one.regex.pattern] for one in spec.patterns]


def _texts(options: Any) -> Iterator[str]:
    """All texts in options, in any nesting."""
    if isinstance(options, str):
        yield options
    elif isinstance(options, Mapping):
        yield from _texts([*options.values()])
    elif isinstance(options, list | tuple):
        for option in options:
            yield from _texts(option)


def _digest(paths: Iterable[Path], without: Iterable[Path] = ()) -> str:
    """The digest of files, and of all files in folders, byte code excepted.

    Args:
        paths: of the files and folders.
        without: folders in them that do not count.
    """
    passed = {os.path.realpath(path) for path in without}  # and each folder once
    found = {}
    for path in paths:
        if path.is_file():
            found[str(path)] = file_digest(path)
        for folder, below, names in os.walk(path, followlinks=True):
            if os.path.realpath(folder) in passed or folder.endswith("__pycache__"):
                below.clear()
                continue
            passed.add(os.path.realpath(folder))
            files = (Path(folder, name) for name in names)
            found |= {str(file): file_digest(file) for file in files}
    return digest_of(found)
