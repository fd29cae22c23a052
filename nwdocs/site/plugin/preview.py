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
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.utils.yaml import yaml_load

from nwdocs.site.cells import Dialect
from nwdocs.site.pages import Page, check_front_matter, decode_page, nav_entries
from nwdocs.site.plugin.build import Build
from nwdocs.site.plugin.rendering import Rendering, documents_code
from nwdocs.site.plugin.upstream import write_page
from nwdocs.site.run.keys import file_digest, is_installed, surroundings
from nwdocs.site.run.pool import Outdated, Standby
from nwdocs.site.store import digest_of

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
        self.env.auto_reload = True  # MkDocs asks once in a build what a template says
        self._shown = dict(self.build.texts)
        self._templates, self._copied = self._of_templates(), self._of_copies()
        self._options = self._saved_options()
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
        around = surroundings()
        code_saved = around != self.build.around
        menu_saved = self._take_up_titles()
        templates_saved = self._templates != self._of_templates()
        texts = {file: self._text(file) for file in self._in_view(addresses)}
        edited = [
            file
            for file, text in texts.items()
            if code_saved or text != self._shown[file.src_uri]
        ]
        others_are_due = menu_saved or templates_saved
        due = [
            file
            for file, text in texts.items()
            if (self._stands_alone(file, text) if file in edited else others_are_due)
        ]
        for plugin, name, known in self._known:  # a build that failed may have begun
            setattr(plugin, name, known)
        copied = self._copy() if texts else []
        if run := [file for file in due if file in edited]:
            self._run(run, standby, around)
        changed = [self._write(file) for file in due]
        self._shown |= {file.src_uri: texts[file] for file in due}
        self._templates = self._of_templates()
        if any(changed) or any(file.src_uri.endswith(".css") for file in copied):
            self.build.style(Path(self.config.site_dir))
        return any(changed) or bool(copied)

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

    def _take_up_titles(self) -> bool:
        """Take up titles and sections, if they alone were saved of the options.

        In another order, a figure may belong to another page. What a page is called whose
        title is taken away, only the whole build finds out.
        """
        options = self._saved_options()
        if options == self._options:
            return False
        known, saved = yaml_load(self._options), yaml_load(options)
        had, now = ([*nav_entries(one.get("nav"))] for one in (known, saved))
        if {**known, "nav": None} != {**saved, "nav": None}:
            return False
        if [uri for _, uri in had] != [uri for _, uri in now]:
            return False
        if any(old and not new for (old, _), (new, _) in zip(had, now, strict=True)):
            return False
        for title, uri in now:
            file = self.files.get_file_from_path(uri)
            if file and file.page:
                file.page.parent = None
                if title:
                    file.page.title = title
        config = self.config
        config.nav = saved.get("nav")
        nav = get_navigation(self.files, config)
        self.nav = config.plugins.on_nav(nav, config=config, files=self.files)
        self._options = options
        return True

    def _saved_options(self) -> str:
        """The file of options; nothing, if they were read from elsewhere."""
        file = self.config.config_file_path
        return Path(file).read_text(encoding="utf-8") if file else ""

    def _copy(self) -> list[File]:
        """Copy what was saved of the files that are published as they are."""
        before, self._copied = self._copied, self._of_copies()
        saved = [file for file, now in self._copied.items() if before[file] != now]
        for file in saved:
            file.copy_file()
        return saved

    def _of_copies(self) -> dict[File, str]:
        """The digests of the project's own files that are published as they are."""
        return {
            file: file_digest(Path(file.abs_src_path))
            for file in self.files
            if file.abs_src_path and not is_installed(Path(file.abs_src_path))
            if file.inclusion != InclusionLevel.EXCLUDED
            if not file.is_documentation_page()
        }

    def _of_templates(self) -> str:
        """The digest of the project's own templates."""
        folders = map(Path, self.config.theme.dirs)
        ours = [folder for folder in folders if not is_installed(folder)]
        files = sorted(file for folder in ours for file in folder.rglob("*.html"))
        return digest_of([file_digest(file) for file in files])

    def _run(self, files: Collection[File], standby: Standby, around: str) -> None:
        build = self.build
        had, pages = dict(build.results), dict(build.pages)
        build.take_up(files, self.dialect)
        again = [uri for file in files if (uri := file.src_uri) in pages]
        must_run = around != build.around or any(
            _cells(build.pages[uri]) != _cells(pages[uri]) for uri in again
        )
        build.run_again(again, standby.take(around) if must_run else None, around)
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
