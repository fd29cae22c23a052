"""The plugin for what readers expect around a page: `nwdocs-surroundings`.

Icon, cards, dates, definitions, links from code to the API, and one style sheet.
"""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import escape
from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from nwdocs.site import history
from nwdocs.site.html import glossary, mathfont, styles
from nwdocs.site.html.crossrefs import link_code
from nwdocs.site.html.facts import digests, facts_json, packages
from nwdocs.site.html.policy import with_policy
from nwdocs.site.html.repairs import repair
from nwdocs.site.html.typography import about_line, polish, reading_minutes
from nwdocs.site.plugin.notebooks import notebooks_of
from nwdocs.site.plugin.rendering import Step
from nwdocs.site.plugin.script import publish_script, short
from nwdocs.site.plugin.search import Index
from nwdocs.site.store import digest_of

__all__ = ["Surroundings"]

_LANGUAGES = "assets/javascripts/lunr/"  # a stemmer for each, to search in
_HTML = Path(glossary.__file__).parent


class _Options(base.Config):  # type: ignore[no-untyped-call]
    """What an author can set.

    Attributes:
        glossary: the page whose definitions other pages show.
    """

    glossary = c.Type(str, default="glossary.md")


class _Surroundings:
    """What one build knows of what is around its pages."""

    def __init__(self, config: MkDocsConfig) -> None:
        notebooks = notebooks_of(config)
        self.notebooks, self.pages = notebooks, notebooks.build
        self.published = not notebooks.serving
        self.kept = self.pages.kept
        self.dates = history.changed_dates(Path(config.docs_dir))
        self.artists = ThreadPoolExecutor(os.cpu_count(), "card")
        self.cards: dict[str, Future[bytes]] = {}
        self.terms: list[glossary.Term] = []
        self.sheets: list[str] = []


class Surroundings(BasePlugin[_Options]):  # type: ignore[no-untyped-call]
    """Adds icon, cards, dates, definitions, links from code, and one style sheet."""

    of_a_build = ("build",)
    build: _Surroundings

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Stay the same object in all builds of a server, as MkDocs has it."""

    def on_config(self, config: MkDocsConfig) -> None:
        """Start afresh; ask git, once, when each page was last changed."""
        self.build = _Surroundings(config)
        self.build.notebooks.rendering.steps.append(Step(self._mended))
        self.build.pages.style = self._style
        search: Any = config.plugins.get("material/search")
        if search:
            search.search_index = Index(self.build.notebooks, **search.config)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the site's icon and the file for robots; pack a script; read the glossary."""
        publish_script(files, config)
        if self.build.pages.look:
            for path, content in self._icons().items():
                files.append(File.generated(config, path, content=content))
        files.append(File.generated(config, "robots.txt", content=_robots(config)))
        if file := files.get_file_from_path(self.config.glossary):
            self.build.terms = glossary.read_terms(file.content_string)
        return files

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Tell Markdown the glossary's terms; name the page's card."""
        if page.file.src_uri != self.config.glossary:
            markdown += "\n\n" + glossary.abbreviations(self.build.terms)
        page.meta["card"] = f"assets/cards/{_name(page)}.png"
        return markdown

    def on_page_content(
        self, html: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Say how long the whole page is, and begin to draw its card."""
        shown = self.build.pages.shown.get(page.file.src_uri)
        picture = shown and files.get_file_from_path(f"figures/{shown[0]}.png")
        # A page that is shown once more, to an author, has its card.
        if self.build.pages.look and page.meta["card"] not in self.build.cards:
            self.build.cards[page.meta["card"]] = self.build.artists.submit(
                self._card,
                _name(page),
                (config.site_name, str(page.title), page.meta.get("description", "")),
                picture.content_bytes if picture else None,
            )
        date = self.build.dates.get(page.file.src_uri)
        if date:
            page.update_date = date.date().isoformat()  # for the sitemap
        minutes = 0 if page.meta.get("looked_up") else reading_minutes(html)
        about = about_line(minutes, date, page.edit_url)
        return html.replace("</h1>", f"</h1>{about}", 1) if about else html

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Add what took every page to know: the formulas' font, and the cards."""
        env.bytecode_cache = self.build.kept.templates()
        env.filters["short"] = short
        for file in [file for file in files if self._is_unread(file, config)]:
            files.remove(file)
        pages = [
            file.page.content or "" for file in files.documentation_pages() if file.page
        ]
        sheet = mathfont.sheet(self._font(pages))
        files.append(File.generated(config, "assets/math.css", content=sheet))
        for path, drawn in self.build.cards.items():
            files.append(File.generated(config, path, content=drawn.result()))
        self.build.artists.shutdown()
        # The pages link one sheet, made of these when it is known what they use.
        self.build.sheets = [
            str(sheet) for sheet in config.extra_css if not _elsewhere(sheet)
        ]
        config.extra_css[:] = [sheet for sheet in config.extra_css if _elsewhere(sheet)]

    @event_priority(-200)  # when others have read the words
    def on_page_context(
        self, context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """Escape what the theme puts into the page's head as it is."""
        for key in ("title", "description"):
            if key in page.meta:
                page.meta[key] = escape(page.meta[key])

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Mend the theme's markup."""
        return repair(output)

    def on_post_template(
        self, output_content: str, *, template_name: str, config: MkDocsConfig
    ) -> str:
        """Mend the theme's markup on the page for wrong addresses, too."""
        is_page = template_name.endswith(".html")
        return repair(output_content) if is_page else output_content

    def _on_post_build_first(self, *, config: MkDocsConfig) -> None:
        """Make the style sheet, when all is written that uses it."""
        self._style(Path(config.site_dir))

    @event_priority(-200)
    def _on_post_build_last(self, *, config: MkDocsConfig) -> None:
        """Give each page its policy, and build.json the digest of every file."""
        if not self.build.published:  # an author's server adds a script to its pages
            return
        site = Path(config.site_dir)
        for page in site.rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            page.write_text(with_policy(text), encoding="utf-8")
        names = list(config.plugins)
        had = self.build.kept.json("packages", names, lambda: packages(names))
        made = {"packages": had, "files": digests(site)}
        text = facts_json(self.build.pages.facts | made)
        (site / "build.json").write_text(text, encoding="utf-8")

    on_post_build = CombinedEvent(_on_post_build_first, _on_post_build_last)

    def _style(self, site: Path) -> None:
        """Make one style sheet of the theme's, the plugins' and ours, in the folder."""
        used: set[str] = set()
        for page in site.rglob("*.html"):
            used |= self._classes(page.relative_to(site), page.read_text("utf-8"))
        for path in _scripts(site):
            used |= styles.classes_in_script(path.read_text(encoding="utf-8"))
        theme = sorted((site / "assets" / "stylesheets").glob("*.css"))
        parts = [*theme, *(site / sheet for sheet in self.build.sheets)]
        for part in parts:
            if not part.is_file():
                name = part.relative_to(site)
                raise PluginError(
                    f"mkdocs.yml, extra_css: there is no file {self.build.pages.docs}/{name}."
                )
        texts = [part.read_text(encoding="utf-8") for part in parts]
        css = "\n".join(text + styles.dark_without_script(text) for text in texts)
        sheet = self.build.kept(
            "style",
            _HTML / "styles.py",
            repr((css, sorted(styles.decisive(css, used)))),
            lambda: styles.purge(css, used).encode(),
        )
        (site / "assets" / "style.css").write_bytes(sheet)

    def _mended(self, html: str, page: Page) -> str:
        """The prose mended, and code linked to the API, before outputs are put in."""
        content = polish(glossary.first_only(html))
        source = self.build.pages.pages.get(page.file.src_uri)
        return link_code(content, source) if source else content

    def _is_unread(self, file: File, config: MkDocsConfig) -> bool:
        """Whether no reader's browser asks for a file of the theme: a third of it."""
        search: Any = config.plugins.get("material/search")
        english = search and search.config.lang == ["en"]
        other_languages = english and file.src_uri.startswith(_LANGUAGES)
        return file.src_uri.endswith(".map") or other_languages

    def _classes(self, page: Path, html: str) -> set[str]:
        """The classes of a page's elements, kept until the page changes."""
        found: list[str] = self.build.kept.json(
            f"classes-{page.as_posix()}",
            html,
            lambda: sorted(styles.classes_in_page(html)),
        )
        return {*found}

    def _icons(self) -> dict[str, bytes]:
        look = self.build.pages.look

        def svg() -> bytes:
            from nwdocs.site.html.cards import icon_svg

            return icon_svg(look["tokens"], look["bells"]["coarse"]).encode()

        def png() -> bytes:
            from nwdocs.site.html.cards import icon_png

            return icon_png(look["tokens"], look["bells"]["fine"])

        code, facts = _HTML / "cards.py", digest_of(look)
        return {
            "assets/icon.svg": self.build.kept("icon-svg", code, facts, svg),
            "assets/touch-icon.png": self.build.kept("icon-png", code, facts, png),
        }

    def _card(
        self, name: str, words: tuple[str, str, str], picture: bytes | None
    ) -> bytes:
        look = self.build.pages.look
        tokens, bell = look["tokens"], look["bells"]["fine"]

        def draw() -> bytes:
            from nwdocs.site.html.cards import card

            return card(*words, picture, tokens, bell)

        facts = digest_of([words, sha256(picture or b"").hexdigest(), tokens])
        return self.build.kept(f"card-{name}", _HTML / "cards.py", facts, draw)

    def _font(self, pages: list[str]) -> bytes:
        used = "".join(sorted(mathfont.characters(pages)))
        code = _HTML / "mathfont.py"
        return self.build.kept("mathfont", code, used, lambda: mathfont.math_font(used))


def _elsewhere(sheet: object) -> bool:
    return bool(urlsplit(str(sheet)).netloc)


def _scripts(site: Path) -> list[Path]:
    """What pages load, and not what the theme has for other languages."""
    assets = site / "assets"
    folders = (".", "javascripts", "live")
    return [path for folder in folders for path in (assets / folder).glob("*.js")]


def _robots(config: MkDocsConfig) -> str:
    sitemap = f"Sitemap: {config.site_url}sitemap.xml\n" if config.site_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def _name(page: Page) -> str:
    return page.file.src_uri.removesuffix(".md")
