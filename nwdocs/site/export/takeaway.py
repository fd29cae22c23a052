"""The plugin for what readers take away: `nwdocs-takeaway`.

Each page as a notebook, a script and plain Markdown; the package's wheel; and the links to
them in the page's head. All are made from the executed pages, so nothing is written twice.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import urljoin, urlsplit

from jinja2 import Environment
from mkdocs.config import base
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from nwdocs.display import WHEELS
from nwdocs.site.export import notebook, wheel
from nwdocs.site.export.document import Document, cut, simple
from nwdocs.site.export.plain import Context, inline_markdown, with_references
from nwdocs.site.export.slides import DECK, Slide, slides_of
from nwdocs.site.html.figures import figures_in, with_pictures
from nwdocs.site.pages import PageError, nav_uris
from nwdocs.site.plugin.build import Build
from nwdocs.site.plugin.kept import Kept
from nwdocs.site.plugin.notebooks import Notebooks

__all__ = ["ARCHIVE", "TakeAway"]

#: All notebooks and scripts, and the wheel, in one file.
ARCHIVE = "notebooks.zip"

_PROJECT = Path(__file__).resolve().parents[3]
_DECK_FILE = f"{DECK}index.html"
_LOCAL = {"127.0.0.1", "localhost", "::1", None}


class _Made:
    """What one build has made so far of what readers take away.

    Attributes:
        build: the pages of the build.
        kept: makes things once.
        texts: of each page, by file: Markdown with marks in place of cells.
        site: the site's address, if readers elsewhere can reach it.
        package: the wheel's name and bytes.
    """

    def __init__(self, config: MkDocsConfig) -> None:
        notebooks = config.plugins["nwdocs-notebooks"]
        assert isinstance(notebooks, Notebooks)
        self.build: Build = notebooks.build
        self.kept = Kept(self.build.settings.cache)
        self.texts: dict[str, str] = {}
        self.pages: dict[str, Page] = {}
        self.site = _public(config.site_url)
        self.package = self._wheel()

    def _wheel(self) -> tuple[str, bytes]:
        root = _PROJECT
        if not (root / "pyproject.toml").is_file():
            return "", b""  # an installed package, which is its own wheel's content
        facts = sha256(os.environ["SOURCE_DATE_EPOCH"].encode())
        for path in wheel.sources(root):
            facts.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())

        def make() -> bytes:
            name, content = wheel.build_wheel(root)
            return name.encode() + b"\n" + content

        code = Path(wheel.__file__)
        name, _, content = self.kept("wheel", code, facts.hexdigest(), make).partition(
            b"\n"
        )
        return name.decode(), content

    def address(self, target: str, page: File, files: Files) -> str:
        """Where a link on `page` leads a reader elsewhere; a relative one, if need be."""
        url = urlsplit(target)
        if url.scheme or url.netloc:
            return target
        rest = (f"?{url.query}" if url.query else "") + (
            f"#{url.fragment}" if url.fragment else ""
        )
        if not url.path:
            return self.to(page.url + rest, page.url)
        path = normpath(join(dirname(page.src_uri), url.path))
        file = files.get_file_from_path(path)
        return self.to((file.url if file else path) + rest, page.url)

    def to(self, url: str, here: str) -> str:
        """The address of the site's `url` for who reads what lies beside the page `here`."""
        if self.site:
            return urljoin(self.site, url)
        near = get_relative_url(url, here)
        return f"./{near}" if near.startswith(("#", "?")) else near


class _Options(base.Config):  # type: ignore[no-untyped-call]
    """What an author can set: nothing so far."""


class TakeAway(BasePlugin[_Options]):  # type: ignore[no-untyped-call]
    """Publishes notebooks, scripts, Markdown and the package's wheel beside the pages."""

    made: _Made

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Stay the same object in all builds of a server, as MkDocs has it."""

    def on_config(self, config: MkDocsConfig) -> None:
        """Start afresh."""
        self.made = _Made(config)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the wheel with its page, and the places of what is made later."""
        name, content = self.made.package
        if name:
            page = wheel.index_page(name, content, config.site_url)
            self._add(files, config, f"{wheel.FOLDER}/{name}", content)
            self._add(files, config, f"{wheel.FOLDER}/index.html", page.encode())
        self._add(files, config, ARCHIVE, b"")
        self._add(files, config, _DECK_FILE, b"")
        return files

    @event_priority(-100)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Keep the page's text as all plugins left it, for its other forms."""
        self.made.texts[page.file.src_uri] = markdown
        self.made.pages[page.file.src_uri] = page
        return markdown.replace(WHEELS, self._wheels(config))

    @event_priority(-300)
    def on_page_content(
        self, html: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Link the page's other forms in its head; say where pip finds the package."""
        html = html.replace(WHEELS, escape(self._wheels(config)))
        return _with_forms(html, _links(self._forms(page)))

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Write the notebooks and scripts, now that all figures and pages are known."""
        taken: dict[str, bytes] = {}
        for uri in self.made.texts:
            if self._has_notebook(uri):
                taken |= self._notebook(uri, files)
        for path, content in taken.items():
            files.append(File.generated(config, path, content=content))
        name, content = self.made.package
        packed = {f"{wheel.FOLDER}/{name}": content} if name else {}
        day = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
        self._set(files, _DECK_FILE, self._deck(env, config).encode())
        archive = notebook.archive(taken | packed, (day.year, day.month, day.day))
        self._set(files, ARCHIVE, archive)

    def _add(
        self, files: Files, config: MkDocsConfig, path: str, content: bytes
    ) -> None:
        files.append(File.generated(config, path, content=content))

    def _set(self, files: Files, path: str, content: bytes) -> None:
        file = files.get_file_from_path(path)
        assert file
        file.content_bytes = content

    def _deck(self, env: Environment, config: MkDocsConfig) -> str:
        """The slides of all pages, as one page of their own."""
        slides: list[Slide] = []
        figures = []
        for uri in sorted(self.made.pages, key=self._place(config)):
            page = self.made.pages[uri]
            if wanted := page.meta.get("slides"):
                url = page.url if page.url != "./" else ""
                try:
                    slides += slides_of(page.content or "", wanted, uri, url)
                except PageError as error:
                    raise PluginError(str(error)) from None
                figures += figures_in(self.made.build.results[uri].outputs)
        explorable = any("explorable" in slide.kind for slide in slides)
        deck = env.get_template("deck.html").render(
            config=config, slides=slides, explorable=explorable, home="../"
        )
        return with_pictures(deck, figures)

    def _place(self, config: MkDocsConfig) -> Callable[[str], tuple[int, str]]:
        """Where a page's file comes in the navigation."""
        order = {uri: i for i, uri in enumerate(nav_uris(config.nav))}
        return lambda uri: (order.get(uri, len(order)), uri)

    def _wheels(self, config: MkDocsConfig) -> str:
        """What tells pip where the wheels are."""
        place = urljoin(config.site_url or "", f"{wheel.FOLDER}/")
        return WHEELS.replace(f"{wheel.FOLDER}/", place)

    def _has_notebook(self, uri: str) -> bool:
        if uri not in self.made.build.results:
            return False
        cells = self.made.build.pages[uri].cells
        wanted = self.made.pages[uri].meta.get("notebook", True)
        return bool(wanted) and any(not cell.inline for cell in cells)

    def _extras(self, uri: str) -> Sequence[str]:
        """The package's extras that the page's cells need."""
        wanted = self.made.pages[uri].meta.get("notebook", True)
        return wanted["extras"] if isinstance(wanted, dict) else ("figures",)

    def _forms(self, page: Page) -> Mapping[str, str]:
        """The page's other forms: what each is called, and its address from the page."""
        forms = {}
        if self._has_notebook(page.file.src_uri):
            stem = _stem(page.file)
            forms |= {"Notebook": f"{stem}.ipynb", "Script": f"{stem}.py"}
        if slides := page.meta.get("slides"):
            deck = get_relative_url(DECK, page.url)
            forms["Slides"] = f"{deck}#{next(iter(slides))}"
        return forms

    def _document(self, uri: str, files: Files) -> Document:
        page = self.made.pages[uri]
        source = self.made.build.pages[uri]
        results = self.made.build.results[uri].outputs
        file = page.file

        def value(index: int) -> str:
            where = source.place(source.cells[index])
            return inline_markdown(results[index][0], Context(uri, where, "".join))

        text = with_references(
            self.made.texts[uri], lambda name: self.made.build.link(name, file)
        )
        text = simple(text, lambda target: self.made.address(target, file, files))
        title = page.meta.get("title") or str(page.title)
        return Document(uri, title, page.meta.get("description", ""), cut(text, value))

    def _notebook(self, uri: str, files: Files) -> dict[str, bytes]:
        document = self._document(uri, files)
        file = self.made.pages[uri].file
        wheels = self.made.to(f"{wheel.FOLDER}/", file.url)

        def shown(markdown: str) -> str:
            text = with_references(
                markdown.replace(WHEELS, f"--find-links {wheels}"),
                lambda name: self.made.build.link(name, file),
            )
            return simple(text, lambda target: self.made.address(target, file, files))

        made = notebook.notebook(
            document,
            self.made.build.pages[uri].cells,
            self.made.build.results[uri].outputs,
            wheel.install_line(wheels, *self._extras(uri)),
            shown,
        )
        text = notebook.text_of(made)
        script = self.made.kept(
            f"script-{uri}",
            Path(notebook.__file__),
            text,
            lambda: notebook.script(made).encode(),
        )
        path = join(file.url if file.url != "./" else "", _stem(file))
        return {f"{path}.ipynb": text.encode(), f"{path}.py": script}


def _public(address: str | None) -> str | None:
    """The site's address; None for one that only this machine can reach."""
    return None if urlsplit(address or "").hostname in _LOCAL else address


def _stem(file: File) -> str:
    return Path(file.src_uri).stem


def _with_forms(html: str, links: str) -> str:
    """The page with links to its other forms, in the line under its title."""
    about = '<p class="nw-about" data-search-exclude>'
    before, found, after = html.partition(about)
    if found:
        line, end, rest = after.partition("</p>")
        return f"{before}{found}{line} · {links}{end}{rest}"
    return html.replace("</h1>", f"</h1>{about}{links}</p>", 1)


def _links(forms: Mapping[str, str]) -> str:
    """Links to a page's other forms, and the button that prints it."""
    links = [
        f'<a href="{escape(address)}"{"" if "#" in address else " download"}>{name}</a>'
        for name, address in forms.items()
    ]
    # It has no use without a script, which takes `hidden` away.
    printing = '<button type="button" data-do="print" hidden>Print</button>'
    return " · ".join([*links, printing])
