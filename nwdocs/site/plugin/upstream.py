"""What must be changed in MkDocs and mkdocs-jupyter, each with the reason.

Everything else overrides methods of theirs, or stands beside them. A test of each says
when upstream no longer needs it.
"""

import importlib.util
import logging
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.pages import Page
from watchdog.observers.polling import PollingObserver

from nwdocs.site.pages import place_of

__all__ = ["anchors_noted", "forget_builds", "import_late", "look_often", "name_lines"]

_REMEMBERING = {
    "mkdocstrings_handlers.python._internal.rendering": "_test_existing_template",
    "griffe._internal.extensions.dataclasses": "_dataclass_parameters",
}
_LINK = re.compile(r"Doc file '(.+?)' (contains an? [a-z ]*link '(.+?)'.*)", re.DOTALL)


def import_late(name: str) -> None:
    """Have the module `name` loaded when it is first used, not when it is imported.

    mkdocs-jupyter imports nbconvert with all its exporters, for a rendering that is not
    used here; and jupytext, to read pages that are read otherwise. mkdocs-bibtex imports
    requests, for a bibliography at an address. Together they take longer than all else
    of a build without changes.
    """
    if name in sys.modules:
        return
    spec = importlib.util.find_spec(name)
    assert spec
    assert spec.loader
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    # Where the package has it as an attribute, an import of it from there looks no
    # further; any look into the module would load it.
    package, _, child = name.rpartition(".")
    if package:
        setattr(sys.modules[package], child, module)


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

    MkDocs takes no option for it: github.com/mkdocs/mkdocs/issues/2519.
    """
    # All that it was told to watch: with --watch-theme, the theme's folders too.
    asked = server._watched_paths.items()
    watched = [path for path, times in asked for _ in range(times)]
    for path in watched:
        server.unwatch(path)
    server.observer = PollingObserver(timeout=0.1)
    for path in watched:
        server.watch(path)


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
