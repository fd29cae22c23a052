"""Keeps an author's server alive through a build that fails, and tells why on the page."""

import gc
import logging
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape

from mkdocs.livereload import LiveReloadServer

from nwdocs.site.plugin.folders import Folders
from nwdocs.site.plugin.told import told
from nwdocs.site.plugin.upstream import show_now
from nwdocs.site.run.pool import Outdated

__all__ = ["Ended", "GuardedBuilder", "signals_held_back"]

log = logging.getLogger("mkdocs.nwdocs")

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The build failed</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root{{color-scheme:light dark;font-family:system-ui,sans-serif}}
body{{margin:2rem auto;max-width:50rem;padding:0 1rem}}
pre{{white-space:pre-wrap;border-left:4px solid #b84a00;padding:.5rem 1rem}}</style>
</head><body role="alert"><h1>The build failed</h1>
<p>The next save is tried, and this page follows.</p><pre>{text}</pre></body></html>
"""


class Ended(SystemExit):
    """The process was asked to end, by a signal: no build that failed."""


class GuardedBuilder:
    """A server's builder, of which each failure becomes a page.

    MkDocs' server would stop answering, and at the exit of a module that it imports,
    end. Here each page that the last good build had tells what went wrong.
    """

    def __init__(
        self,
        server: LiveReloadServer,
        build: Callable[[], None],
        folders: Folders,
        preview: Callable[[], bool],
        built: Callable[[], None],
    ) -> None:
        """Guard `build`.

        Args:
            server: an author's.
            build: builds the site into the spare folder.
            folders: those of the server.
            preview: shows the pages in view first; whether there is something to see.
            built: is told of each build that is served.
        """
        self._server, self._folders = server, folders
        self._build, self._preview, self._built = build, preview, built

    def __call__(self) -> None:
        """Build, or tell why that failed."""
        # Of a wrong configuration, MkDocs raises no more than that it is wrong.
        with told(logging.ERROR) as heard:
            try:
                if previewed := self._preview():
                    show_now(self._server)
                self._build()
            except (Ended, Outdated) as end:  # what was saved since is built next
                if isinstance(end, Ended):
                    raise
            except (Exception, SystemExit) as error:
                self._tell(_reason(error, heard))
            else:
                self._serve(shown=previewed and not self._folders.differ())

    def _serve(self, *, shown: bool) -> None:
        """Serve what was built; browsers load it, unless it is what they show."""
        self._folders.swap()
        if not shown:
            show_now(self._server)
        self._built()
        # A server lives long, and collects seldom in a build.
        with signals_held_back():
            gc.collect()

    def _tell(self, text: str) -> None:
        log.error("The build failed; the next save is tried.\n%s", text)
        served = self._folders.served
        for path in {*served.rglob("*.html"), served / "index.html"}:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_PAGE.format(text=escape(text)), encoding="utf-8")
        show_now(self._server)


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Have a request to end wait until the block is left.

    What a handler raises while the collector calls something is told, and then lost: the
    server would go on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # a handler runs elsewhere
        return
    asked: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: asked.append(number))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for request in asked:
        signal.raise_signal(request)


def _reason(error: BaseException, heard: list[str]) -> str:
    known = isinstance(error, SystemExit) or type(error).__module__.startswith(
        "mkdocs."
    )
    if known:
        return "\n".join([*heard, str(error)])
    return "\n".join([*heard, *traceback.format_exception(error)])
