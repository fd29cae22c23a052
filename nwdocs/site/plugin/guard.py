"""Keeps an author's server alive through a build that fails, and tells why on the page."""

import gc
import logging
import traceback
from collections.abc import Callable
from html import escape
from pathlib import Path

from mkdocs.livereload import LiveReloadServer

from nwdocs.site.plugin.build import Build
from nwdocs.site.plugin.told import told
from nwdocs.site.plugin.upstream import forget_builds, saved_since, show_later, show_now

__all__ = ["Ended", "GuardedBuilder"]

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
        current: Callable[[], Build],
    ) -> None:
        """Guard `build`, which writes into the folder of `server`.

        Args:
            server: an author's.
            build: builds the site.
            current: what the last build knows of its pages. It may have left some to be
                run, so that those which the author looks at are seen first.
        """
        self._server = server
        self._root = Path(server.root)
        self._build = build
        self._current = current
        self._pages = self._written()

    def __call__(self) -> None:
        """Build, or tell why that failed."""
        # Of a wrong configuration, MkDocs raises no more than that it is wrong.
        with told(logging.ERROR) as heard:
            try:
                self._build()
                if self._current().waits:
                    show_now(self._server)
                    # What is saved meanwhile is built next, without waiting for the rest.
                    if self._current().run_rest(lambda: saved_since(self._server)):
                        show_later(self._server)
                        self._build()
            except Ended:
                raise
            except (Exception, SystemExit) as error:
                self._tell(_reason(error, heard))
            else:
                show_now(self._server)
                # A server lives long, and collects seldom in a build.
                self._pages = self._written()
                forget_builds()
                gc.collect()

    def _written(self) -> set[Path]:
        return {path.relative_to(self._root) for path in self._root.rglob("*.html")}

    def _tell(self, text: str) -> None:
        log.error("The build failed; the next save is tried.\n%s", text)
        for page in self._pages | {Path("index.html")}:
            path = self._root / page
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_PAGE.format(text=escape(text)), encoding="utf-8")


def _reason(error: BaseException, heard: list[str]) -> str:
    known = isinstance(error, SystemExit) or type(error).__module__.startswith(
        "mkdocs."
    )
    if known:
        return "\n".join([*heard, str(error)])
    return "\n".join([*heard, *traceback.format_exception(error)])
