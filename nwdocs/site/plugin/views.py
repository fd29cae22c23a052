"""Which pages an author looks at: their cells run first."""

from collections.abc import Iterable
from typing import Any

from mkdocs.livereload import LiveReloadServer

__all__ = ["Views"]


class Views:
    """Stands before a server's application, and notes which pages browsers ask for.

    A browser asks again for the page that it shows after each build.
    """

    def __init__(self, server: LiveReloadServer) -> None:
        """Stand before the application of `server`."""
        self._app: Any = server.get_app()
        self._mount = server.mount_path
        self._asked: set[str] = set()
        server.set_app(self)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        path = str(environ["PATH_INFO"])
        if path.endswith(("/", ".html")) and path.startswith(self._mount):
            self._asked.add(path.removeprefix(self._mount))
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer

    def since_last(self) -> frozenset[str]:
        """The addresses that were asked for since this was last called."""
        asked, self._asked = self._asked, set()
        return frozenset(asked)
