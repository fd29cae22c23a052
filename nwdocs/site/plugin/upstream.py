"""What must be changed in MkDocs and mkdocs-jupyter, each with the reason.

Everything else overrides methods of theirs, or stands beside them. A test of each says
when upstream no longer needs it.
"""

import importlib
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from jinja2 import Environment, FileSystemLoader
from mkdocs.commands import build as mkdocs_build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.theme import Theme
from watchdog.observers.polling import PollingObserverVFS

from nwdocs.site.pages import place_of

__all__ = [
    "absent",
    "anchors_noted",
    "forget_builds",
    "leave_icons",
    "left_out",
    "look_often",
    "name_lines",
    "packages_read",
    "saved_since",
    "show_now",
    "write_page",
]

_REMEMBERING = {
    "mkdocstrings_handlers.python._internal.rendering": "_test_existing_template",
    "griffe._internal.extensions.dataclasses": "_dataclass_parameters",
}
_LINK = re.compile(r"Doc file '(.+?)' (contains an? [a-z ]*link '(.+?)'.*)", re.DOTALL)


@contextmanager
def left_out(*names: str) -> Iterator[None]:
    """Have what the block imports use stand-ins for the modules `names`.

    A stand-in imports its module when somebody uses it. mkdocs-jupyter imports nbconvert
    with all its exporters, for a rendering that is not used here, and jupytext, to read
    pages that are read otherwise; mkdocs-bibtex imports requests, for literature that is
    elsewhere: together a third of a build without changes.
    """
    missing = [name for name in names if name not in sys.modules]
    sys.modules |= {name: _StandIn(name) for name in missing}
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Have imports in the block fail for the modules `names`, which are not needed.

    jupytext asks for Jupyter's server and client, and for a parser of Markdown. It knows
    what to do where they are not installed, and they take half of the time that it loads.
    """
    missing = [name for name in names if name not in sys.modules]
    sys.modules |= dict.fromkeys(missing)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


class _StandIn(ModuleType):
    """Looks like a module that nobody has imported yet."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


def leave_icons(theme: Theme) -> None:
    """Have MkDocs not look at the theme's icons when it lists the files to publish.

    It publishes none whose folder begins with a dot, and asks that of each of 14,000.
    """
    complete = theme.get_env

    def listing_less() -> Environment:
        env = complete()
        env.loader = _Published(theme.dirs)
        return env

    theme.get_env = listing_less  # type: ignore[method-assign]


class _Published(FileSystemLoader):
    """Lists no template of a folder whose name begins with a dot, but loads it."""

    def list_templates(self) -> list[str]:
        found = set()
        for start in self.searchpath:
            for folder, below, names in os.walk(start):
                below[:] = [name for name in below if not name.startswith(".")]
                place = Path(folder).relative_to(start)
                found |= {(place / name).as_posix() for name in names}
        return sorted(found)


@contextmanager
def anchors_noted(autorefs: Any) -> Iterator[list[tuple[Any, Any]]]:
    """What a page tells mkdocs-autorefs of its anchors while the block runs.

    A page that is not rendered must tell it again, and mkdocs-autorefs has no event for
    it.

    Args:
        autorefs: the plugin, if the site has it.
    """
    noted: list[tuple[Any, Any]] = []
    if autorefs is None:
        yield noted
        return
    register = autorefs.register_anchor

    def register_and_note(page: Page, *place: Any, **names: Any) -> None:
        noted.append((place, names))
        register(page, *place, **names)

    autorefs.register_anchor = register_and_note
    try:
        yield noted
    finally:
        del autorefs.register_anchor  # the class has it


def packages_read(mkdocstrings: Any) -> dict[str, Any]:
    """The packages that mkdocstrings has read in this build, by name.

    It has no other way to ask. Reading ours takes half a second.
    """
    made = mkdocstrings.handlers.seen_handlers
    return {
        name: package
        for handler in made
        for name, package in handler._modules_collection.members.items()
        if package.parent is None
    }


def forget_builds() -> None:
    """Let go of what libraries remember for ever of a build that is over.

    mkdocstrings remembers which templates there are, for the environment of each build,
    and so that build's pages. griffe remembers the parameters of each dataclass, and so
    all the code that a build read. Together that is 20 MB each time the package is saved.
    """
    for name, function in _REMEMBERING.items():
        if cached := getattr(sys.modules.get(name), function, None):
            cached.cache_clear()


def look_often(server: LiveReloadServer) -> None:
    """Look for what an author saved ten times a second, where MkDocs does twice.

    And build sooner after it. MkDocs takes no option for it:
    github.com/mkdocs/mkdocs/issues/2519. Byte code does not count. Python writes it while
    a build imports what was saved.
    """
    # What is saved while a build goes on is built next, so there is little to wait for.
    server.build_delay = 0.05
    # All that it was told to watch: with --watch-theme, the theme's folders too.
    asked = server._watched_paths.items()
    watched = [path for path, times in asked for _ in range(times)]
    for path in watched:
        server.unwatch(path)
    observer: Any = PollingObserverVFS(os.stat, _written, polling_interval=0.1)
    server.observer = observer
    for path in watched:
        server.watch(path)


def _written(folder: str | None) -> Iterator[os.DirEntry[str]]:
    """What somebody wrote into `folder`."""
    with os.scandir(folder) as entries:
        yield from (entry for entry in entries if entry.name != "__pycache__")


def show_now(server: LiveReloadServer) -> None:
    """Have browsers load what is served, although a build goes on.

    MkDocs does it when all is built. Until then, it answers no request for a page.
    """
    with server._epoch_cond:
        server._wanted_epoch += 1  # milliseconds, in which nobody saves twice
        server._visible_epoch = server._wanted_epoch
        server._epoch_cond.notify_all()


def saved_since(server: LiveReloadServer) -> bool:
    """Whether something that it watches was saved since the build began that it runs."""
    return server._want_rebuild


def write_page(
    page: Page, config: MkDocsConfig, files: Files, nav: Navigation, env: Environment
) -> None:
    """Read, render and write one page of a build that is over, as the build did.

    MkDocs has only the one function that does so with all pages.
    """
    mkdocs_build._populate_page(page, config, files)
    if autorefs := config.plugins.get("autorefs"):
        autorefs.on_env(env, config=config, files=Files([page.file]))
    pages = files.documentation_pages(inclusion=InclusionLevel.is_in_serve)
    mkdocs_build._build_page(page, config, pages, nav, env)


def name_lines(docs: Callable[[], Path], name: Callable[[], str]) -> None:
    """Have MkDocs' warnings of links name the line, which it does not know.

    Args:
        docs: gives the folder of the pages that are built.
        name: gives what messages call it.
    """

    def with_line(record: logging.LogRecord) -> bool:
        if found := _LINK.fullmatch(record.getMessage()):
            uri, what, link = found.groups()
            file = f"{name()}/{uri}"
            with suppress(OSError, UnicodeDecodeError):
                text = (docs() / uri).read_text(encoding="utf-8")
                places = (
                    place_of(f"{sign}{link}", file, text) for sign in ("](", "]: ", "")
                )
                place = next((p for p in places if ", line " in p), file)
                record.msg, record.args = f"{place} {what}", ()
        return True

    logging.getLogger("mkdocs.structure.pages").addFilter(with_line)
