"""Two folders for an author's server: one is served while the other is built."""

from filecmp import cmpfiles
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from mkdocs.livereload import LiveReloadServer

__all__ = ["Folders"]


class Folders:
    """The folder that a server serves, and a spare one for the next build.

    So nobody is shown a site that is half built, nor waits for a build.
    """

    def __init__(self, server: LiveReloadServer) -> None:
        """Make the spare folder; have `server` answer errors with pages of the other."""
        self._server = server
        self._made = mkdtemp(prefix="mkdocs_")
        self.spare = Path(self._made)
        server.error_handler = self._error_page

    @property
    def served(self) -> Path:
        """The folder with what browsers are shown."""
        return Path(self._server.root)

    def swap(self) -> None:
        """Serve what was built into the spare folder."""
        self.spare, self._server.root = self.served, str(self.spare)

    def differ(self) -> bool:
        """Whether a page in the spare folder, or what pages load, is another."""
        before, now = map(_loaded, (self.served, self.spare))
        if before != now:
            return True
        _, changed, unread = cmpfiles(self.served, self.spare, now, shallow=False)
        return bool(changed or unread)

    def remove(self) -> None:
        """Delete the folder that was made here; the other is the server's."""
        rmtree(self._made, ignore_errors=True)

    def _error_page(self, code: int) -> bytes | None:
        page = self.served / f"{code}.html"
        return page.read_bytes() if page.is_file() else None


def _loaded(folder: Path) -> list[str]:
    """The pages in `folder`, and what they load that is no picture."""
    found = (p for p in folder.rglob("*") if p.suffix in (".html", ".css", ".js"))
    return sorted(path.relative_to(folder).as_posix() for path in found)
