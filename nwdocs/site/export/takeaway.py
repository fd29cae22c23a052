"""The plugin for what readers take away: `nwdocs-takeaway`.

Each page as a notebook, a script and plain Markdown; the package's wheel; and the links to
them in the page's head. All are made from the executed pages, so nothing is written twice.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from jinja2 import Environment
from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from mkdocs.utils.templates import TemplateContext

from nwdocs.display import WHEELS
from nwdocs.site import history
from nwdocs.site.export import machines, notebook, wheel
from nwdocs.site.export.deck import DECK, Slide
from nwdocs.site.export.document import Document, cut, simple
from nwdocs.site.export.downloads import MARKER as MARKER_OF_LIST
from nwdocs.site.export.downloads import downloads
from nwdocs.site.export.plain import Context, inline_markdown, with_references
from nwdocs.site.export.reference import write_reference
from nwdocs.site.html.facts import MARKER, facts_markdown
from nwdocs.site.html.figures import figures_in, with_pictures
from nwdocs.site.live import publish
from nwdocs.site.pages import PageError, nav_uris
from nwdocs.site.plugin.build import Build
from nwdocs.site.plugin.notebooks import notebooks_of
from nwdocs.site.plugin.rendering import RenderedPage, Step
from nwdocs.site.plugin.script import short
from nwdocs.site.plugin.upstream import packages_read

__all__ = ["ARCHIVE", "TakeAway", "elsewhere"]

#: All notebooks and scripts, and the wheel, in one file.
ARCHIVE = "notebooks.zip"

_PROJECT = Path(__file__).resolve().parents[3]
_HANDOUT = "handout"
_FEED = "feed.xml"
_NEWEST = 30  # commits that the feed holds
_DECK_FILE = f"{DECK}index.html"
_LOCAL = {"127.0.0.1", "localhost", "::1", None}


class _Made:
    """What one build has made so far of what readers take away.

    Attributes:
        build: the pages of the build.
        kept: makes things once.
        texts: of each page, by file: Markdown with marks in place of cells.
        pages: each page, by file.
        written: what the site holds besides MkDocs' own files, by path.
        site: the site's address, if readers elsewhere can reach it.
        work: what is said of the whole, for those who cite it.
        dates: when each page was last changed.
        package: the wheel's name and bytes.
    """

    def __init__(self, config: MkDocsConfig) -> None:
        notebooks = notebooks_of(config)
        self.notebooks = notebooks
        self.build: Build = notebooks.build
        self.kept = self.build.kept
        self.texts: dict[str, str] = {}
        self.pages: dict[str, Page] = {}
        self.written: dict[str, str] = {}
        self.site = _public(config.site_url)
        self.work = machines.read_work(self.build.settings.root)
        self.dates = history.changed_dates(Path(config.docs_dir))
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
    """What an author can set.

    Attributes:
        branch: of the project's repository, with what is in `ARCHIVE`: from there Colab
            and Binder take notebooks. Without one, no page links to them.
        handout: the folder of the PDF files that `make handout` has printed, or nothing.
        live: the folder with the runtime for pages that run, or nothing: then none do.
    """

    branch = c.Type(str, default="")
    handout = c.Type(str, default="")
    live = c.Type(str, default="")


class TakeAway(BasePlugin[_Options]):  # type: ignore[no-untyped-call]
    """Publishes notebooks, scripts, Markdown and the package's wheel beside the pages."""

    of_a_build = ("made",)
    made: _Made

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Stay the same object in all builds of a server, as MkDocs has it."""

    def on_config(self, config: MkDocsConfig) -> None:
        """Start afresh."""
        self.made = _Made(config)
        rendering = self.made.notebooks.rendering
        rendering.steps.append(
            Step(self._with_places, lambda page: self._runs(page.file.src_uri))
        )
        rendering.beside.append(self._kept_forms)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the wheel with its page, and the places of what is made later."""
        name, content = self.made.package
        if name:
            page = wheel.index_page(name, content, config.site_url)
            self._add(files, config, f"{wheel.FOLDER}/{name}", content)
            self._add(files, config, f"{wheel.FOLDER}/index.html", page.encode())
        for script in ("assets/page.js", "assets/deck.js"):
            if found := files.get_file_from_path(script):
                found.content_string = short(found.content_string)
        if not self.config.live:
            for file in [*files]:
                if file.src_uri.startswith(f"{publish.ASSETS}/"):
                    files.remove(file)
        else:
            for path, made in self._live().items():
                self._add(files, config, path, made)
        for printed in self._printed():
            path = f"{_HANDOUT}/{printed.name}"
            self._add(files, config, path, printed.read_bytes())
        self._add(files, config, ARCHIVE, b"")
        self._add(files, config, _DECK_FILE, b"")
        return files

    @event_priority(-100)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Keep the page's text as all plugins left it, for its other forms."""
        if MARKER_OF_LIST in markdown:
            listed = downloads(
                [path.name for path in self._printed()],
                packed=ARCHIVE,
                deck=_DECK_FILE,
                wheels=f"{wheel.FOLDER}/index.html",
            )
            markdown = markdown.replace(MARKER_OF_LIST, listed)
        self.made.texts[page.file.src_uri] = markdown
        self.made.pages[page.file.src_uri] = page
        return markdown.replace(WHEELS, self._wheels(config))

    @event_priority(-100)  # into the line under the title that others have put there
    def on_page_content(
        self, html: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Link the page's other forms in its head; say where pip finds the package."""
        html = html.replace(WHEELS, escape(self._wheels(config)))
        forms = self._forms(page, config.repo_url)
        links = _links(forms, page.url if self._runs(page.file.src_uri) else None)
        return _with_forms(html, links)

    @event_priority(-100)  # when references to the package's names are links
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Write all of it, now that all figures and pages are known."""
        taken: dict[str, bytes] = {}
        for page in self.made.pages.values():
            forms = self._kept_forms(page, config, files)
            self.made.written |= forms["beside"]
            taken |= {path: text.encode() for path, text in forms["taken"].items()}
        self._lists(config)
        for path, content in taken.items():
            files.append(File.generated(config, path, content=content))
        name, content = self.made.package
        packed = {}
        if name:
            packed[f"{wheel.FOLDER}/{name}"] = content
            needs = f"./{wheel.FOLDER}/{name}[figures]\njupyterlab\n"
            packed["requirements.txt"] = needs.encode()
        day = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
        self._set(files, _DECK_FILE, self._deck(env, config).encode())
        archive = notebook.archive(taken | packed, (day.year, day.month, day.day))
        self._set(files, ARCHIVE, archive)

    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: Page,
        config: MkDocsConfig,
        nav: Navigation,
    ) -> None:
        """Tell the page's head what citing programs and search engines ask for."""
        made = self.made
        title = str(page.meta.get("title") or page.title)
        date = made.dates.get(page.file.src_uri)
        day = date.date().isoformat() if date else None
        address = page.canonical_url if made.site else None
        words = page.meta.get("description", "")
        known: Any = context
        known["citation"] = machines.citation(
            made.work, title, config.site_name, address, day
        )
        known["json_ld"] = machines.json_ld(
            made.work, title, words, config.site_name, address, day
        )
        known["feed"] = _FEED in made.written

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what MkDocs would take for pages of its own."""
        for path, text in self.made.written.items():
            file = Path(config.site_dir, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

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
                    slides += self._slides(uri, page.content or "", wanted, url)
                except PageError as error:
                    raise PluginError(str(error)) from None
                figures += figures_in(self.made.build.results[uri].outputs)
        explorable = any("explorable" in slide.kind for slide in slides)
        deck = env.get_template("deck.html").render(
            config=config, slides=slides, explorable=explorable, home="../"
        )
        return with_pictures(deck, figures)

    def _slides(
        self, uri: str, content: str, wanted: Mapping[str, Any], url: str
    ) -> list[Slide]:
        def make() -> list[dict[str, Any]]:
            from nwdocs.site.export.slides import slides_of

            return [asdict(slide) for slide in slides_of(content, wanted, uri, url)]

        # As pairs: the order of the sections is not that of their names.
        facts = [content, list(wanted.items()), uri, url]
        made = self.made.kept.json(f"slides-{uri}", facts, make)
        return [Slide(**slide) for slide in made]

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

    def _printed(self) -> list[Path]:
        """The PDF files that there are."""
        if not self.config.handout:
            return []
        folder = self.made.build.settings.root / self.config.handout
        return sorted(folder.glob("*.pdf"))

    def _with_places(self, html: str, page: Page) -> str:
        """A page that is to run, with marks where its cells' outputs will be."""
        return publish.marked(html) if self._runs(page.file.src_uri) else html

    def _runs(self, uri: str) -> bool:
        """Whether the page's cells can be run in the page."""
        return bool(self.config.live) and self._has_notebook(uri)

    def _live(self) -> dict[str, bytes]:
        made = self.made
        folder = made.build.settings.root / self.config.live
        try:
            return publish.published(folder, made.package, made.kept)
        except (OSError, ValueError) as error:
            raise PluginError(
                f"nwdocs-takeaway, live: {folder} has no runtime that this code knows; "
                f"`make live` puts one there. ({error})"
            ) from None

    def _extras(self, uri: str) -> Sequence[str]:
        """The package's extras that the page's cells need."""
        wanted = self.made.pages[uri].meta.get("notebook", True)
        return wanted["extras"] if isinstance(wanted, dict) else ("figures",)

    def _forms(self, page: Page, repository: str | None) -> Mapping[str, str]:
        """The page's other forms: what each is called, and its address from the page."""
        forms: dict[str, str] = {}
        if self._has_notebook(page.file.src_uri):
            stem = _stem(page.file)
            forms |= {"Notebook": f"{stem}.ipynb", "Script": f"{stem}.py"}
            forms |= elsewhere(
                repository, self.config.branch, f"{_folder(page.file)}{stem}.ipynb"
            )
        if slides := page.meta.get("slides"):
            deck = get_relative_url(DECK, page.url)
            forms["Slides"] = f"{deck}#{next(iter(slides))}"
        return forms

    def _kept_forms(
        self, page: Page, config: MkDocsConfig, files: Files
    ) -> Mapping[str, Mapping[str, str]]:
        """A page's other forms, from the store if nothing that they are made of changed."""
        uri = page.file.src_uri

        def make() -> dict[str, dict[str, str]]:
            return self._made_forms(uri, files, config)

        made_of = page.made_of if isinstance(page, RenderedPage) else ""
        if not made_of:  # a broken page, which an author is shown
            return make()
        facts = [made_of, self.made.texts[uri], self.made.site, self._runs(uri)]
        facts += [page.title, page.meta.get("description"), page.meta.get("notebook")]
        forms: Mapping[str, Mapping[str, str]] = self.made.kept.json(
            f"forms-{uri}", facts, make
        )
        return forms

    def _made_forms(
        self, uri: str, files: Files, config: MkDocsConfig
    ) -> dict[str, dict[str, str]]:
        """A page's other forms by path: those beside it alone, and those to be packed."""
        build, file = self.made.build, self.made.pages[uri].file
        document = self._document(uri, files, config)
        beside = {f"{_folder(file)}index.md": self._markdown(document, files)}
        if self._runs(uri):
            beside[f"{_folder(file)}{publish.CELLS}"] = publish.cells_json(
                build.pages[uri], build.results[uri].outputs
            )
        taken = self._notebook(document, files) if self._has_notebook(uri) else {}
        return {"beside": beside, "taken": taken}

    def _document(self, uri: str, files: Files, config: MkDocsConfig) -> Document:
        """The page's prose and cells, as readers that know no MkDocs have them."""
        page, build = self.made.pages[uri], self.made.build
        source = build.pages.get(uri)

        def value(index: int) -> str:
            assert source
            where = source.place(source.cells[index])
            (output,) = build.results[uri].outputs[index]
            return inline_markdown(output, Context(uri, where, "".join))

        text = self.made.texts[uri].replace(MARKER, facts_markdown(build.facts))
        if handlers := config.plugins.get("mkdocstrings"):
            options = handlers.config["handlers"]["python"]["options"]
            text = write_reference(text, options, packages_read(handlers))
        text = self._simple(text, page.file, files)
        title = str(page.meta.get("title") or page.title)
        words = page.meta.get("description", "")
        return Document(uri, title, words, cut(text, value))

    def _simple(self, markdown: str, file: File, files: Files) -> str:
        """Markdown of the page `file`, for readers elsewhere."""
        wheels = f"--find-links {self.made.to(f'{wheel.FOLDER}/', file.url)}"
        text = with_references(
            markdown.replace(WHEELS, wheels),
            lambda name: self.made.build.link(name, file),
        )
        return simple(text, lambda target: self.made.address(target, file, files))

    def _notebook(self, document: Document, files: Files) -> dict[str, str]:
        uri = document.uri
        file = self.made.pages[uri].file
        made = notebook.notebook(
            document,
            self.made.build.pages[uri].cells,
            self.made.build.results[uri].outputs,
            wheel.install_line(
                self.made.to(f"{wheel.FOLDER}/", file.url), *self._extras(uri)
            ),
            lambda markdown: self._simple(markdown, file, files),
        )
        path = f"{_folder(file)}{_stem(file)}"
        return {
            f"{path}.ipynb": notebook.text_of(made),
            f"{path}.py": notebook.script(made),
        }

    def _markdown(self, document: Document, files: Files) -> str:
        """The page's Markdown, which will lie beside the page."""
        uri, build = document.uri, self.made.build
        file = self.made.pages[uri].file
        source, result = build.pages.get(uri), build.results.get(uri)
        return machines.page_markdown(
            document,
            source.cells if source else (),
            result.outputs if result else (),
            lambda markdown: self._simple(markdown, file, files),
            lambda path: self.made.to(path, file.url),
        )

    def _lists(self, config: MkDocsConfig) -> None:
        """Note the list of pages and the feed of their changes."""
        made = self.made
        sections: dict[str, list[tuple[str, str, str]]] = {}
        places: dict[str, tuple[str, str]] = {}
        listed = [uri for uri in nav_uris(config.nav) if uri in made.pages]
        for uri in listed or sorted(made.pages):
            page = made.pages[uri]
            title = str(page.meta.get("title") or page.title)
            section = page.parent.title if page.parent else "Home"
            address = made.to(f"{_folder(page.file)}index.md", "")
            entry = (title, address, page.meta.get("description", ""))
            sections.setdefault(section, []).append(entry)
            places[uri] = (title, urljoin(config.site_url or "", page.url))
        made.written["llms.txt"] = machines.llms(
            config.site_name, config.site_description or "", list(sections.items())
        )
        changes = history.changes(Path(config.docs_dir), _NEWEST)
        if config.site_url and changes:
            made.written[_FEED] = machines.feed(
                config.site_name,
                config.site_url,
                changes,
                places,
                machines.authors(made.work),
            )


def _public(address: str | None) -> str | None:
    """The site's address; None for one that only this machine can reach."""
    return None if urlsplit(address or "").hostname in _LOCAL else address


def _folder(file: File) -> str:
    """Where a page's other forms are: the folder of its own file."""
    folder = dirname(file.dest_uri)
    return f"{folder}/" if folder else ""


def _stem(file: File) -> str:
    return Path(file.src_uri).stem


def elsewhere(repository: str | None, branch: str, path: str) -> dict[str, str]:
    """Where a notebook can be run in a browser, if the project is on GitHub.

    Args:
        repository: the address of the project's repository.
        branch: the one with the notebooks, if there is one.
        path: of the notebook on that branch.
    """
    url = urlsplit(repository or "")
    if url.hostname != "github.com" or not branch:
        return {}
    project = url.path.strip("/").removesuffix(".git")
    opened = quote(f"lab/tree/{path}", safe="")
    return {
        "Colab": f"https://colab.research.google.com/github/{project}/blob/{branch}/{path}",
        "Binder": f"https://mybinder.org/v2/gh/{project}/{branch}?urlpath={opened}",
    }


def _kind(address: str) -> str:
    """How a browser is to follow a link: a file is to be kept."""
    return (
        " download"
        if address.endswith((".ipynb", ".py")) and "/" not in address
        else ""
    )


def _with_forms(html: str, links: str) -> str:
    """The page with links to its other forms, in the line under its title."""
    about = '<p class="nw-about" data-search-exclude>'
    before, found, after = html.partition(about)
    if found:
        line, end, rest = after.partition("</p>")
        return f"{before}{found}{line} · {links}{end}{rest}"
    return html.replace("</h1>", f"</h1>{about}{links}</p>", 1)


def _links(forms: Mapping[str, str], url: str | None = None) -> str:
    """Links to a page's other forms, and the buttons that print it and run it.

    Args:
        forms: what each is called, and its address.
        url: of the page, if it can be run.
    """
    links = [
        f'<a href="{escape(address)}"{_kind(address)}>{name}</a>'
        for name, address in forms.items()
    ]
    # It has no use without a script, which takes `hidden` away.
    printing = '<button type="button" data-do="print" hidden>Print</button>'
    if url is not None:
        script = get_relative_url(f"{publish.ASSETS}/page.js", url)
        running = (
            f'<button type="button" data-do="run" data-script="{script}" hidden>'
            "Run it here</button>"
        )
        links.insert(0, running)
    return " · ".join([*links, printing])
