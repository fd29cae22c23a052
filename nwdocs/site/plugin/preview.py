"""The pages that an author looks at, shown before the site is built anew.

A build of the whole site takes a second or two. A page in a browser needs less: its cells
are run, if they must be, and it is rendered with what the last build knows of the site. The
whole build follows. It alone is kept, tells what is wrong, and replaces what was shown.
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation

from nwdocs.site.cells import Dialect
from nwdocs.site.pages import Page, check_front_matter, decode_page
from nwdocs.site.plugin.build import Build
from nwdocs.site.plugin.rendering import Rendering, documents_code
from nwdocs.site.plugin.upstream import write_page
from nwdocs.site.run.keys import surroundings
from nwdocs.site.run.pool import Outdated, Standby

__all__ = ["Preview"]

log = logging.getLogger("mkdocs.nwdocs")


@dataclass
class Preview:
    """A build that is over, and can show pages once more.

    Attributes:
        build: its pages. They change as pages are shown, and nothing else reads them.
        rendering: how they become HTML.
        config: of MkDocs, as are the files, the navigation and the templates.
        dialect: the Markdown of the site.
    """

    build: Build
    rendering: Rendering
    config: MkDocsConfig
    files: Files
    nav: Navigation
    env: Environment
    dialect: Dialect

    def __post_init__(self) -> None:
        """Keep nothing that is made with an older build's knowledge of the site."""
        self.build.kept.only_read()
        self._shown = dict(self.build.texts)
        plugins = self.config.plugins.values()
        self._known = [
            (plugin, name, getattr(plugin, name))
            for plugin in plugins
            for name in getattr(plugin, "of_a_build", ())
        ]

    def show(self, addresses: Collection[str], standby: Standby) -> bool:
        """Write the pages at `addresses` as they are to be; whether one is another now.

        Args:
            addresses: of pages, from the site's.
            standby: what runs their cells at once.

        Raises:
            Outdated: something was saved while a page ran.
        """
        try:
            return self._show(addresses, standby)
        except Outdated:
            raise
        except Exception:  # the whole build meets it, too, and tells
            log.debug("A page could not be shown before the site", exc_info=True)
            return False

    def _show(self, addresses: Collection[str], standby: Standby) -> bool:
        code_saved = surroundings() != self.build.around
        texts = {file: self._text(file) for file in self._in_view(addresses)}
        due = [
            file
            for file, text in texts.items()
            if self._stands_alone(file, text)
            and (text != self._shown[file.src_uri] or code_saved)
        ]
        if not due:
            return False
        for plugin, name, known in self._known:  # a build that failed may have begun
            setattr(plugin, name, known)
        self._run(due, standby, code_saved=code_saved)
        changed = [self._write(file) for file in due]
        self._shown |= {file.src_uri: texts[file] for file in due}
        return any(changed)

    def _in_view(self, addresses: Collection[str]) -> Iterator[File]:
        for file in self.files.documentation_pages(
            inclusion=InclusionLevel.is_in_serve
        ):
            if file.url.removeprefix("./") in addresses:
                yield file

    def _text(self, file: File) -> str:
        return decode_page(
            self.build.name(file), Path(str(file.abs_src_path)).read_bytes()
        )

    def _stands_alone(self, file: File, text: str) -> bool:
        """Whether all that an edit of the page changes is this page.

        Its front matter has a part in other pages. What it documents, MkDocs' plugin has
        read for the last build.
        """
        before = self._shown.get(file.src_uri)
        if before is None or documents_code(text):
            return False
        name = self.build.name(file)
        return check_front_matter(name, text) == check_front_matter(name, before)

    def _run(
        self, files: Collection[File], standby: Standby, *, code_saved: bool
    ) -> None:
        build = self.build
        had, pages = dict(build.results), dict(build.pages)
        build.take_up(files, self.dialect)
        again = [uri for file in files if (uri := file.src_uri) in pages]
        must_run = code_saved or any(
            _cells(build.pages[uri]) != _cells(pages[uri]) for uri in again
        )
        build.run_again(again, standby.take() if must_run else None)
        if any(had[uri].digest != build.results[uri].digest for uri in again):
            build.collect_figures({file.src_uri: file for file in self.files})
            self.rendering.forget()

    def _write(self, file: File) -> bool:
        assert file.page
        path = Path(file.abs_dest_path)
        before = path.read_bytes()
        with _hushed():
            write_page(file.page, self.config, self.files, self.nav, self.env)
        return path.read_bytes() != before


def _cells(page: Page) -> list[tuple[object, ...]]:
    return [(cell.source, cell.tags, cell.inline) for cell in page.cells]


@contextmanager
def _hushed() -> Iterator[None]:
    """Leave it to the whole build to tell of warnings and errors."""
    logger = logging.getLogger("mkdocs")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
