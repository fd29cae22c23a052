"""The plugin that runs pages: `nwdocs-notebooks`, a kind of mkdocs-jupyter.

mkdocs-jupyter finds the executed pages: those whose front matter names a Python kernel.
Here their cells are run, and the page goes on as Markdown with its outputs in place. So
MkDocs treats the page like any other: links, anchors, search, admonitions, everything.
"""

import errno
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath

import click
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel, set_exclusions
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as SitePage
from mkdocs_jupyter.plugin import Plugin as JupyterPlugin

from nwdocs.site import history, unexecuted
from nwdocs.site.cells import Dialect
from nwdocs.site.html.figures import figures_in, with_pictures
from nwdocs.site.html.outputs import error_block
from nwdocs.site.pages import PageError, nav_uris
from nwdocs.site.plugin import upstream
from nwdocs.site.plugin.ahead import Ahead
from nwdocs.site.plugin.author import Author
from nwdocs.site.plugin.build import Build
from nwdocs.site.plugin.guard import Ended
from nwdocs.site.plugin.kept import Kept
from nwdocs.site.plugin.options import NotebookOptions
from nwdocs.site.plugin.preview import Preview
from nwdocs.site.plugin.rendering import RenderedPage, Rendering
from nwdocs.site.plugin.restart import LoadedCode
from nwdocs.site.plugin.turns import take_turns
from nwdocs.site.plugin.unchanged import LastBuild
from nwdocs.site.plugin.writing import Writing
from nwdocs.site.run.keys import surroundings
from nwdocs.site.run.pool import start_early
from nwdocs.site.run.settings import Result, Settings, processors
from nwdocs.site.run.summary import run_table

__all__ = ["Notebooks", "notebooks_of"]

log = logging.getLogger("mkdocs.nwdocs")

# Errors of the disk, and not of the project or of this code.
_DISK_ERRORS = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    *(errno.EROFS, errno.EACCES, errno.EPERM),
}


class Notebooks(JupyterPlugin):  # type: ignore[misc]
    """Runs the cells of the pages that mkdocs-jupyter finds; MkDocs renders the pages."""

    config_class = NotebookOptions
    config: NotebookOptions
    build: Build
    writing: Writing
    writing_class = Writing
    of_a_build = ("build", "writing", "rendering")
    serving = False
    preview: Preview
    last_build: LastBuild | None = None
    ahead: Ahead | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember whether an author is watching: then an error is shown, not fatal."""
        if dirty:
            raise PluginError(
                "--dirty leaves pages as they were when what they show has changed. Leave"
                " it out: a build runs and writes again only what it must."
            )
        self.serving = command == "serve"
        # A program that calls MkDocs has more to do, and so has `mkdocs gh-deploy`.
        self.alone = command == "build" and click.get_current_context(silent=True)
        self.started = False
        self.author: Author | None = None
        self.loaded = LoadedCode()
        _end_in_order()
        upstream.name_lines(lambda: self.docs, lambda: self.build.docs)
        # A build makes millions of objects and few cycles among them: looking for cycles
        # as often as Python does by itself is a tenth of the time.
        gc.set_threshold(100_000, 20, 100)

    @event_priority(100)  # first, since there may be nothing else to do
    def on_config(self, config: MkDocsConfig) -> None:
        """Start afresh: this build's settings, and what runs its pages."""
        if unexecuted.__name__ in config.markdown_extensions:
            config.markdown_extensions.remove(unexecuted.__name__)
        upstream.leave_icons(config.theme)
        file = config.config_file_path  # none, if it came from standard input
        root = Path(file).resolve().parent if file else Path.cwd()
        if self.author:
            config.site_dir = str(self.author.folders.spare)
        if self.serving:  # then the site's folder is the server's own
            if not self.started:
                _check_port(config.dev_addr)
            self.started = True
            self.loaded.warn_if_saved()
        else:
            _check_folder(Path(config.site_dir))
            take_turns(Path(config.site_dir))
        _set_day(root)
        cache = root / self.config.cache_dir
        if self.alone:
            self.last_build = LastBuild(config, root, cache)
            if said := self.last_build.told():
                log.info("%s", said)
                log.info("Nothing has changed: the site is in %s", config.site_dir)
                sys.exit()
        self.docs = Path(config.docs_dir)
        folders = [config.docs_dir, config.site_dir, *config.watch]
        watched = [root / "nwdocs", *(Path(folder).resolve() for folder in folders)]
        settings = Settings(
            root=root,
            cache=cache,
            timeout=self.config.timeout,
            workers=self.config.workers or processors(),
            preload=tuple(self.config.preload),
            watched=tuple(
                _name(path, root) for path in watched if path.is_relative_to(root)
            ),
        )
        docs = _name(self.docs.resolve(), root)
        # An author's page is run by a server that waits for it.
        around = surroundings()
        early = None if self.author else start_early(settings, around)
        self.build = Build(
            *(settings, Kept(settings.cache), around, early, docs),
            outdated=lambda: self.author is not None and self.author.saved_since(),
        )
        self.writing = self.writing_class(self.build)
        self.rendering = Rendering(self.build, self.writing, self.fail)

    def should_include(self, file: File) -> bool:
        """Whether the options have cells in `file` run."""
        path = PurePath(file.src_uri)
        ignored = any(path.match(pattern) for pattern in self.config.ignore)
        return not ignored and any(path.match(p) for p in self.config.include)

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Run the pages that must be, and add each figure's files to the site."""
        # Plugins have put extensions of their own into the list, as objects.
        given: list[object] = [*config.markdown_extensions]
        names = tuple(name for name in given if isinstance(name, str))
        self.dialect = dialect = Dialect(names, config.mdx_configs)
        config.markdown_extensions.append(self.writing.marks)  # type: ignore[arg-type]
        set_exclusions(files, config)  # as MkDocs does after this event
        built = (
            InclusionLevel.is_in_serve if self.serving else InclusionLevel.is_included
        )
        documents = files.documentation_pages(inclusion=built)
        sources = {file.src_uri: file for file in documents}
        place = {uri: i for i, uri in enumerate(nav_uris(config.nav))}
        for uri in sorted(sources, key=lambda uri: (place.get(uri, len(place)), uri)):
            wanted = self.should_include(sources[uri])
            self.build.read(sources[uri], dialect, wanted=wanted)
        for file in files:
            notebook = PurePath(file.src_uri).suffix in (".ipynb", ".py")
            asked_for = self.should_include(file) or file.src_uri in place
            if notebook and asked_for:
                self.build.refuse(file)
        self.build.run()
        self._tell_broken()
        for doubt in self.build.doubts():
            log.warning("%s", doubt)
        self.build.collect_figures(sources)
        for path, content in self.build.files().items():
            files.append(File.generated(config, path, content=content))
        self.rendering.adopt(files, config)
        return files

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object
    ) -> None:
        """Have an author's save seen at once."""
        if self.serving:  # not with --clean, which builds as `mkdocs build` does
            self.author = Author(server, lambda: self.preview)

    def on_shutdown(self) -> None:
        """End what waits for an author's next save, or makes pages that nobody wants."""
        self._end_ahead()
        if self.author:
            self.author.end()

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Note the navigation; have the last pages rendered while MkDocs is at the first."""
        self.nav = nav
        if not self.serving:  # an author's server has threads, and little to render
            pages = [file.page for file in files.documentation_pages() if file.page]
            last_first = reversed(pages)
            self.ahead = Ahead(
                lambda: self.rendering.render_ahead(last_first, config, files)
            )

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Note what it takes to show a page of this build once more."""
        self.env, self.files = env, files

    def on_pre_page(
        self, page: SitePage, *, config: MkDocsConfig, files: Files
    ) -> SitePage:
        """Leave the page to MkDocs, where mkdocs-jupyter would have nbconvert render it."""
        if isinstance(page, RenderedPage):
            return page
        # It is not in the navigation.
        return self.rendering.page(file=page.file, config=config)

    def on_page_read_source(
        self, page: SitePage, *, config: MkDocsConfig
    ) -> str | None:
        """For an executed page: its Markdown, with a mark in place of each cell."""
        uri = page.file.src_uri
        if uri in self.build.broken:
            return f"# {uri}\n\n{error_block(self.build.broken[uri])}"
        if uri not in self.build.pages:
            return None
        try:
            return self.writing.source(page.file)
        except PageError as error:
            return self.fail(error)

    def on_page_markdown(
        self, markdown: str, *, page: SitePage, config: MkDocsConfig, files: Files
    ) -> str:
        """Have the page rendered next."""
        if page.file.src_uri in self.build.broken:
            return markdown
        return self.writing.begin(markdown, page.file)

    def on_post_page(self, output: str, *, page: SitePage, config: MkDocsConfig) -> str:
        """Put the pictures in, last of all; publish the page's source, if asked to."""
        file = page.file
        if self.config.include_source and file.src_uri in self.build.pages:
            target = Path(file.abs_dest_path).with_name(Path(file.src_uri).name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content_bytes)
        result = self.build.results.get(file.src_uri)
        return with_pictures(output, figures_in(result.outputs) if result else [])

    def on_build_error(self, *, error: Exception) -> None:
        """Where the disk is at fault, say so instead of a traceback."""
        if not isinstance(error, OSError) or error.errno not in _DISK_ERRORS:
            return
        read = [self.docs, self.build.settings.root / "mkdocs.yml"]
        if error.filename and any(
            Path(error.filename).is_relative_to(path) for path in read
        ):
            raise PluginError(
                f"cannot read {error.filename}: {error.strerror}"
            ) from None
        raise PluginError(
            f"The site could not be written, and is not whole: {error}. Make room, or "
            "name another folder with --site-dir; the next build starts afresh."
        ) from None

    def _on_post_build_first(self, *, config: MkDocsConfig) -> None:
        """Say what was run, what was kept, and how long it took."""
        log.info("%s", self._summary(self.build.results))

    @event_priority(-300)  # when all others have written
    def _on_post_build_last(self, *, config: MkDocsConfig) -> None:
        """Note that the site is whole; under a server, what it takes to show a page."""
        if self.serving:
            upstream.forget_builds()
            self.preview = Preview(
                *(self.build, self.rendering, config, self.files, self.nav, self.env),
                dialect=self.dialect,
            )
        self._end_ahead()
        if self.last_build:
            kept = {
                uri: replace(result, cached=True)
                for uri, result in self.build.results.items()
            }
            self.last_build.note(self._summary(kept), self.rendering.code)

    def _end_ahead(self) -> None:
        if self.ahead:
            self.ahead.end()
        self.ahead = None

    on_post_build = CombinedEvent(_on_post_build_first, _on_post_build_last)

    def _summary(self, results: Mapping[str, Result]) -> str:
        return f"Pages with code:\n{run_table(results, self.build.shown)}"

    def _tell_broken(self) -> None:
        if self.build.broken:
            title = f"{len(self.build.broken)} page(s) failed.\n\n"
            self._end_or_tell(self.build.describe_broken(), title)

    def fail(self, error: PageError) -> str:
        """End the build; an author's server goes on, with this in place of the page."""
        self._end_or_tell(str(error))
        return error_block(str(error))

    def _end_or_tell(self, text: str, title: str = "") -> None:
        if not self.serving:
            raise PluginError(title + text) from None
        log.error("%s", text)


def notebooks_of(config: MkDocsConfig) -> Notebooks:
    """The plugin of a site that runs its pages."""
    notebooks = config.plugins["nwdocs-notebooks"]
    assert isinstance(notebooks, Notebooks)
    return notebooks


def _end_in_order() -> None:
    """Put temporary folders away when the process is asked to end, as for an interrupt."""

    def end(number: int, frame: object) -> None:
        raise Ended(128 + number)

    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, end)


def _name(folder: Path, root: Path) -> str:
    """A folder as messages name it: from the project's, where it lies in there."""
    inside = folder.is_relative_to(root)
    return (folder.relative_to(root) if inside else folder).as_posix()


def _check_port(address: tuple[str, int]) -> None:
    """Refuse a taken port now: MkDocs would, after it has built the site."""
    host, port = address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise PluginError(
                f"cannot serve at {host}:{port}: {error.strerror}. Perhaps another "
                f"server runs there. Name another port: mkdocs serve -a {host}:{port + 1}"
            ) from None


def _check_folder(site: Path) -> None:
    if site.exists() and not site.is_dir():
        raise PluginError(
            f"{site} is a file, and the site is to be a folder there. Move the file, or "
            "name another folder with --site-dir."
        )


def _set_day(root: Path) -> None:
    """Tell MkDocs the day on which the site was built: the commit's, not today."""
    day = os.environ.get("SOURCE_DATE_EPOCH") or str(history.epoch(root))
    if not day.isdecimal():
        raise PluginError(
            "the environment variable SOURCE_DATE_EPOCH must be a number of seconds "
            f"since 1970, not {day!r}; without it, it is that of the commit"
        )
    os.environ["SOURCE_DATE_EPOCH"] = day
