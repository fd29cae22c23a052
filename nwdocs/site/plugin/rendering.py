"""A page's rendering, kept until something changes that it was made of.

Markdown, highlighting, formulas and mkdocstrings take most of a build in which no cell
runs. What they make of a page is a function of the page, its outputs, and what it reads
of the site: so it is stored, as outputs are, under a digest of all of that.
"""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as SitePage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from nwdocs.display import GALLERY_MIME
from nwdocs.site import store
from nwdocs.site.html.facts import MARKER
from nwdocs.site.html.images import check_images
from nwdocs.site.html.mathml import render_math
from nwdocs.site.pages import PageError, nav_entries
from nwdocs.site.plugin.build import Build
from nwdocs.site.plugin.kept import site_code
from nwdocs.site.plugin.told import told
from nwdocs.site.plugin.upstream import anchors_noted, packages_read
from nwdocs.site.plugin.writing import Writing
from nwdocs.site.run.keys import file_digest, is_installed
from nwdocs.site.store import digest_of

__all__ = ["RenderedPage", "Rendering", "Step", "documents_code", "outline"]

# mkdocstrings puts an entry of the API there.
_DOCUMENTS_CODE = re.compile(r"^[ \t]*::: ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """What another plugin does to a page between Markdown and the cells' outputs.

    Attributes:
        change: gives the HTML as it is to be, from that of a page.
        facts: what that depends on besides the page and this code.
    """

    change: Callable[[str, SitePage], str]
    facts: Callable[[SitePage], object] = lambda page: None


class RenderedPage(SitePage):
    """A page of MkDocs; its rendering is taken from the store where it can be.

    Attributes:
        made_of: the digest of all that its rendering was made of; empty, if it is broken.
    """

    def __init__(
        self,
        title: str | None,
        rendering: "Rendering",
        **of_mkdocs: Any,
    ) -> None:
        self._rendering = rendering
        self.made_of = ""
        super().__init__(title, **of_mkdocs)

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Make the page's HTML, contents and anchors of its Markdown and its outputs."""
        self._rendering.render(self, config, files, super().render)


@dataclass
class Rendering:
    """How the pages of one build become HTML.

    Attributes:
        build: the pages, their cells and what became of them.
        writing: puts outputs, values and facts into a page.
        fail: ends the build, or gives what an author is shown in place of the page.
        steps: of other plugins, in their order.
        beside: what other plugins make of a page that is rendered, and keep.
        code: files and folders of the code that pages document.
    """

    build: Build
    writing: Writing
    fail: Callable[[PageError], str]
    steps: list[Step] = field(default_factory=list)
    beside: list[Callable[[SitePage, MkDocsConfig, Files], object]] = field(
        default_factory=list
    )
    code: set[str] = field(default_factory=set)
    _surroundings: str = ""

    def adopt(self, files: Files, config: MkDocsConfig) -> None:
        """Have MkDocs' navigation use pages whose rendering is kept."""
        if config.nav:
            entries = reversed([*nav_entries(config.nav)])
            named = {uri: title for title, uri in entries}
        else:
            named = {
                file.src_uri: None
                for file in files.documentation_pages()
                if file.inclusion.is_in_nav()  # type: ignore[no-untyped-call]
            }
        for uri, title in named.items():
            file = files.get_file_from_path(uri)
            if file and file.is_documentation_page():
                self.page(title, file=file, config=config)

    def forget(self) -> None:
        """Look again at what all pages are made of: the build knows other figures."""
        self._surroundings = ""

    def page(self, title: str | None = None, **of_mkdocs: Any) -> RenderedPage:
        """A page as MkDocs makes it, with its rendering kept."""
        return RenderedPage(title, self, **of_mkdocs)

    def render(
        self,
        page: RenderedPage,
        config: MkDocsConfig,
        files: Files,
        render: Callable[[MkDocsConfig, Files], None],
    ) -> None:
        """Complete `page`, from the store or by `render`, which is MkDocs' own."""
        uri = page.file.src_uri
        if uri in self.build.broken:
            render(config, files)
            return
        digest = self._digest(page, config, files)
        autorefs: Any = config.plugins.get("autorefs")
        if (kept := self._kept(uri, digest)) is not None:
            left = json.loads(kept)
            read = left["read"]
            if {root: _code_digest(Path(root)) for root in read} == read:
                page.made_of = digest_of([digest, read])
                self.code |= {*read}
                _restore(page, left, files, autorefs)
                return
        if documents_code(page.markdown or "") and (plugin := _api(config)):
            environment = plugin.get_handler("python").env
            environment.bytecode_cache = self.build.kept.templates()
        with told(logging.INFO) as complaints, anchors_noted(autorefs) as anchors:
            render(config, files)
            try:
                page.content = self._completed(page, config, files)
            except PageError as error:
                page.content = self.fail(error)
                return
        read = _code_read(page.markdown or "", config)
        page.made_of = digest_of([digest, read])
        self.code |= {*read}
        # What was told must be told again by the next build; and an inventory of the API
        # is filled by rendering.
        fills = read and _api(config).inventory_enabled
        if not complaints and not fills:
            left = _left(page, anchors, read)
            self.build.kept.store(_name(uri), digest, json.dumps(left).encode())

    def render_ahead(
        self, pages: Iterable[SitePage], config: MkDocsConfig, files: Files
    ) -> None:
        """Render `pages`, and make what is made of them, up to the first that is kept."""
        for page in pages:
            page.read_source(config)
            page.markdown = config.plugins.on_page_markdown(
                page.markdown or "", page=page, config=config, files=files
            )
            digest = self._digest(page, config, files)
            if self._kept(page.file.src_uri, digest) is not None:
                return
            page.render(config, files)
            for make in self.beside:
                make(page, config, files)

    def _kept(self, uri: str, digest: str) -> bytes | None:
        return store.load(self.build.settings.cache, _name(uri), digest)

    def _completed(self, page: SitePage, config: MkDocsConfig, files: Files) -> str:
        file, text = self.build.name(page.file), page.file.content_string
        html = page.content or ""
        check_images(file, html, text)
        html = render_math(html, file, text)
        for step in self.steps:
            html = step.change(html, page)
        return self.writing.finish(html, page, config, files)

    def _digest(self, page: SitePage, config: MkDocsConfig, files: Files) -> str:
        """All that the rendering is made of."""
        uri, text = page.file.src_uri, page.markdown or ""
        source, result = self.build.pages.get(uri), self.build.results.get(uri)
        cells = [
            [c.source, c.number, c.tags, c.inline, {**c.options}, c.indent, c.in_link]
            for c in (source.cells if source else ())
        ]
        facts: list[object] = [uri, page.url, text, cells, result and result.digest]
        facts += [self._around(config, files)]
        facts += [step.facts(page) for step in self.steps]
        if MARKER in text:
            facts.append(self.build.facts)
        if result and _has_gallery(result.outputs):
            facts.append([r.digest for r in self.build.results.values()])
        if documents_code(text) and (plugin := _api(config)):
            facts.append(plugin.config)
        return digest_of(facts)

    def _around(self, config: MkDocsConfig, files: Files) -> str:
        """What every page of the build is made of: once all files are known."""
        if not self._surroundings:
            numbers = {
                name: [file.src_uri, figure["number"]]
                for name, (file, figure) in self.build.figures.items()
            }
            self._surroundings = digest_of(
                [
                    [sys.version, self.build.kept.libraries, site_code()],
                    [[*config.markdown_extensions], config.mdx_configs],
                    [config.validation, config.use_directory_urls],
                    sorted([file.src_uri, file.url] for file in files),
                    numbers,
                ]
            )
        return self._surroundings


def _name(uri: str) -> str:
    """What the store calls a page's rendering."""
    return f"rendering-{uri}"


def documents_code(text: str) -> bool:
    """Whether mkdocstrings makes a part of the page with this Markdown."""
    return bool(_DOCUMENTS_CODE.search(text))


def _has_gallery(outputs: Sequence[Sequence[Mapping[str, Any]]]) -> bool:
    return any(GALLERY_MIME in o.get("data", {}) for cell in outputs for o in cell)


def _api(config: MkDocsConfig) -> Any:
    """mkdocstrings, if the site has it: its entries are made of code, not of the page."""
    return config.plugins.get("mkdocstrings")


def _code_read(text: str, config: MkDocsConfig) -> dict[str, str]:
    """The code of which mkdocstrings has made entries for a page: its digest, by path.

    Not what is installed, which the libraries' versions stand for.
    """
    plugin = _api(config)
    if not plugin or not documents_code(text):
        return {}
    read = packages_read(plugin).values()
    files = (Path(package.filepath) for package in read)
    roots = {f.parent if f.name == "__init__.py" else f for f in files}
    return {
        str(root): _code_digest(root)
        for root in sorted(roots)
        if not is_installed(root)
    }


def _code_digest(root: Path) -> str:
    """The digest of a module, or of all modules of a package."""
    files = sorted(root.rglob("*.py")) if root.is_dir() else [root]
    return digest_of([[str(file), file_digest(file)] for file in files])


def _left(page: SitePage, anchors: object, read: object) -> dict[str, Any]:
    """What rendering leaves in a page, and what it told mkdocs-autorefs."""
    links = page.links_to_anchors or {}
    return {
        "read": read,
        "content": page.content,
        "contents": outline(page.toc),
        "title": page._title_from_render,
        "ids": sorted(page.present_anchor_ids or ()),
        "links": {file.src_uri: names for file, names in links.items()},
        "anchors": anchors,
    }


def _restore(
    page: SitePage, left: Mapping[str, Any], files: Files, autorefs: Any
) -> None:
    page.content = left["content"]
    page.toc = TableOfContents([_link(entry) for entry in left["contents"]])
    page._title_from_render = left["title"]
    page.present_anchor_ids = set(left["ids"])
    # This build's files, whose anchors are those of now.
    page.links_to_anchors = {
        file: names
        for uri, names in left["links"].items()
        if (file := files.get_file_from_path(uri))
    }
    for place, names in left["anchors"]:
        autorefs.register_anchor(page, *place, **names)


def outline(links: Iterable[AnchorLink]) -> list[Any]:
    """A page's contents as JSON can hold them."""
    return [[link.title, link.id, link.level, outline(link.children)] for link in links]


def _link(entry: Sequence[Any]) -> AnchorLink:
    title, id, level, children = entry
    link = AnchorLink(title, id, level)
    link.children = [_link(child) for child in children]
    return link
