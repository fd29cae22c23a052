"""What lasts as long as an author's server does."""

from collections.abc import Callable

from mkdocs.livereload import LiveReloadServer

from nwdocs.site.plugin.folders import Folders
from nwdocs.site.plugin.guard import GuardedBuilder
from nwdocs.site.plugin.preview import Preview
from nwdocs.site.plugin.upstream import look_often, saved_since
from nwdocs.site.plugin.views import Views
from nwdocs.site.run.pool import Standby

__all__ = ["Author"]


class Author:
    """Somebody who edits pages and sees each save at once.

    Attributes:
        folders: what is served, and where the next build goes.
    """

    def __init__(self, server: LiveReloadServer, newest: Callable[[], Preview]) -> None:
        """Stand behind `server`; `newest` gives what shows pages of the last build."""
        look_often(server)
        self.folders = Folders(server)
        self._server, self._newest = server, newest
        self._views, self._standby = Views(server), Standby()
        self._note_build()
        server.builder = GuardedBuilder(
            server, server.builder, self.folders, self._show, self._note_build
        )

    def saved_since(self) -> bool:
        """Whether something was saved since the build began that goes on."""
        return saved_since(self._server)

    def end(self) -> None:
        """Put away what waited for the next save."""
        self._standby.stop()
        self.folders.remove()

    def _show(self) -> bool:
        return self._preview.show(self._views.since_last(), self._standby)

    def _note_build(self) -> None:
        self._preview = self._newest()
        self._standby.prepare(self._preview.build.settings)
