"""What readers expect around a page: icon, card, dates, definitions, links from code.

The second of MkDocs' hook files; hooks.py, the first, runs the pages.
"""

import html
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from nwdocs.builder import cache, glossary, history, mathfont, saved, script, styles
from nwdocs.builder.crossrefs import link_code
from nwdocs.builder.execute import libraries, package_digest
from nwdocs.builder.templates import CompiledTemplates
from nwdocs.palette import TOKENS

__all__ = ["keep_together", "reading_minutes", "repair"]

_WORDS_A_MINUTE = 200
_GLOSSARY = "glossary.md"
_BIBLIOGRAPHY = "<!-- bibliography -->"
_FIGURE = re.compile(r'<figure class="nw-figure" id="fig-([a-z0-9-]+)"')
_NOT_PROSE = re.compile(r"<(pre|script|svg|table|math|figcaption)\b.*?</\1>", re.DOTALL)
_BREAKABLE = re.compile(
    r"(?P<rest><(pre|code|script|math)\b.*?</\2>)"
    r"|(?<=[\w>])\s(?P<sign>[=±≈])\s(?=[−\d])|(?<=\d)–(?=\d)",
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]+>")
_ARTICLE = re.compile(r"(<article.*</article>)", re.DOTALL)
_INDENT = re.compile(r"\n\s+")

# The theme's markup where it is not valid, or says too little to a screen reader.
_REPAIRS = (
    # Icons repeat what the control around them is called.
    (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox',
        '<svg aria-hidden="true" viewBox',
    ),
    ('data-md-component="search" role="dialog"', 'data-md-component="search"'),
    # A form may ask browsers not to restore what was ticked; a checkbox may not.
    (
        'type="checkbox" id="__drawer" autocomplete="off"',
        'type="checkbox" id="__drawer"',
    ),
    (
        'type="checkbox" id="__search" autocomplete="off"',
        'type="checkbox" id="__search"',
    ),
    (' tabindex=""', ""),
    # The contents at the side link to each heading, in words.
    (' title="Permanent link">', ' aria-hidden="true" tabindex="-1">'),
)
# What slows the theme's script down on the API page: it watches over each tooltip, of
# which mkdocs-autorefs makes one for every name that leads nowhere, and over each block
# of code, for its copy button, which a signature does not need.
_UNRESOLVED = re.compile(
    r'<span title="[\w.]+">((?:<span[^>]*>[^<]*</span>|[^<])*)</span>'
)
_SIGNATURE = re.compile(
    r'(<div class="[^"]*\bdoc-signature\b[^"]*">)<pre>(.*?)</pre>', re.DOTALL
)

_terms: list[glossary.Term] = []
_dates: dict[str, datetime] = {}
_drawn: dict[str, Future[bytes]] = {}
_sheets: list[str] = []
_artists: ThreadPoolExecutor


def on_config(config: MkDocsConfig) -> None:
    """Ask git, once, when each page was last changed; keep mkdocstrings' templates."""
    global _artists
    if plugin := config.plugins.get("mkdocstrings"):
        _keep_templates(plugin.get_handler("python").env, config)
    _dates.update(history.changed_dates(Path(config.docs_dir)))
    _artists = ThreadPoolExecutor(os.cpu_count(), "card")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add icons, the file for robots and the explorable's script; read the glossary."""
    script.publish_script(files, config)
    for path, content in (
        ("assets/icon.svg", _icon(cache.folder(config), "svg")),
        ("assets/touch-icon.png", _icon(cache.folder(config), "png")),
        ("robots.txt", _robots(config)),
    ):
        files.append(File.generated(config, path, content=content))
    if file := files.get_file_from_path(_GLOSSARY):
        _terms[:] = glossary.read_terms(file.content_string)
    return files


def on_page_markdown(
    markdown: str, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Tell Markdown the glossary's terms, and list the bibliography where asked."""
    if _BIBLIOGRAPHY in markdown:
        entries = _bibliography(config.plugins["bibtex"])
        markdown = markdown.replace(_BIBLIOGRAPHY, entries)
    if page.file.src_uri != _GLOSSARY:
        markdown += "\n\n" + glossary.abbreviations(_terms)
    page.meta["card"] = f"assets/cards/{_name(page)}.png"
    return markdown


def on_page_content(
    content: str, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Link code to the API, say how long the page is, and begin to draw its card."""
    content = keep_together(glossary.first_only(content))
    # Notes 3 and 4 are not note 34.
    content = content.replace("</sup><sup id=", "</sup><sup>, </sup><sup id=")
    # A search finds what is in a fold, and not what it is called.
    content = content.replace("<summary>Code<", "<summary data-search-exclude>Code<")
    content = link_code(content, page.file.content_string)
    figure = _FIGURE.search(content)
    picture = figure and files.get_file_from_path(f"figures/{figure[1]}.png")
    _drawn[page.meta["card"]] = _artists.submit(
        _card,
        cache.folder(config),
        _name(page),
        (config.site_name, str(page.title), page.meta.get("description", "")),
        picture.content_bytes if picture else None,
    )
    date = _dates.get(page.file.src_uri)
    if date:
        page.update_date = date.date().isoformat()  # for the sitemap
    minutes = 0 if page.meta.get("looked_up") else reading_minutes(content)
    about = _about(minutes, date, page.edit_url)
    return content.replace("</h1>", f"</h1>{about}", 1) if about else content


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Add what took every page to know: the formulas' font, and the cards."""
    _keep_templates(env, config)
    pages = [
        file.page.content or "" for file in files.documentation_pages() if file.page
    ]
    used = "".join(sorted(mathfont.characters(pages)))
    font = _kept(
        cache.folder(config),
        "mathfont",
        "mathfont",
        used,
        lambda: mathfont.math_font(used),
    )
    files.append(File.generated(config, "assets/math.woff2", content=font))
    for path, drawn in _drawn.items():
        files.append(File.generated(config, path, content=drawn.result()))
    _artists.shutdown()
    _drawn.clear()
    # The pages link one sheet, made of these when it is known what they use.
    _sheets[:] = config.extra_css
    config.extra_css.clear()


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Mend the theme's markup."""
    return repair(output)


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """Mend the theme's markup on the page for wrong addresses, too."""
    return repair(output) if template_name.endswith(".html") else output


def on_post_build(config: MkDocsConfig) -> None:
    """Make one style sheet of the theme's, the plugins' and ours."""
    site = Path(config.site_dir)
    used: set[str] = set()
    for page in site.rglob("*.html"):
        used |= styles.classes_in_page(page.read_text(encoding="utf-8"))
    for path in _scripts(site):
        used |= styles.classes_in_script(path.read_text(encoding="utf-8"))
    theme = site / "assets" / "stylesheets"
    parts = [*sorted(theme.glob("*.css")), *(site / sheet for sheet in _sheets)]
    texts = [part.read_text(encoding="utf-8") for part in parts]
    css = "\n".join(text + styles.dark_without_script(text) for text in texts)
    sheet = _kept(
        cache.folder(config),
        "style",
        "styles",
        repr((css, sorted(styles.decisive(css, used)))),
        lambda: styles.purge(css, used).encode(),
    )
    (site / "assets" / "style.css").write_bytes(sheet)


def repair(page: str) -> str:
    """The theme's HTML without what a validator or a screen reader trips over."""
    for broken, mended in _REPAIRS:
        page = page.replace(broken, mended)
    page = _UNRESOLVED.sub(r"\1", page)
    page = _SIGNATURE.sub(r'\1<div class="nw-signature">\2</div>', page)
    # Its templates' indentation is a kilobyte a page; that of an article can be code.
    parts = _ARTICLE.split(page)
    return "".join(
        part if part.startswith("<article") else _INDENT.sub("\n", part)
        for part in parts
    )


def reading_minutes(content: str) -> int:
    """How long a page's prose takes to read; code, tables and figures not counted."""
    words = _TAG.sub(" ", _NOT_PROSE.sub(" ", content)).split()
    return max(1, round(len(words) / _WORDS_A_MINUTE))


def keep_together(content: str) -> str:
    """Let no line of prose break within "σ = 0.1", "0.3 ± 0.1" or "1.4–1.6"."""
    return _BREAKABLE.sub(_unbreakable, content)


def _unbreakable(match: re.Match[str]) -> str:
    if match["rest"]:
        return match["rest"]
    return f"\u00a0{match['sign']}\u00a0" if match["sign"] else "\u2060–\u2060"


def _about(minutes: int, date: datetime | None, edit_url: str | None) -> str:
    facts = []
    if minutes:
        facts.append(f"{minutes} minute{'s' if minutes > 1 else ''} to read")
    if date:
        said = f"{date.day} {date:%B %Y}"
        facts.append(f'changed <time datetime="{date:%Y-%m-%d}">{said}</time>')
    if edit_url:
        facts.append(f'<a href="{html.escape(edit_url)}" rel="edit">edit this page</a>')
    line = " · ".join(facts)
    line = line[:1].upper() + line[1:]
    return f'<p class="nw-about" data-search-exclude>{line}</p>' if facts else ""


def _scripts(site: Path) -> list[Path]:
    """What pages load, and not what the theme has for other languages."""
    assets = site / "assets"
    return [*assets.glob("*.js"), *assets.glob("javascripts/*.js")]


def _robots(config: MkDocsConfig) -> str:
    sitemap = f"Sitemap: {config.site_url}sitemap.xml\n" if config.site_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def _bibliography(plugin: Any) -> str:
    from mkdocs_bibtex.citation import Citation

    registry = plugin.registry
    return "\n".join(
        f"- {registry.reference_text(Citation(key=key))}"
        for key in sorted(registry.bib_data.entries)
    )


def _name(page: Page) -> str:
    return page.file.src_uri.removesuffix(".md").replace("/", "-")


def _keep_templates(env: Environment, config: MkDocsConfig) -> None:
    env.bytecode_cache = CompiledTemplates(cache.folder(config) / "templates")


def _icon(folder: Path, kind: str) -> bytes:
    def draw() -> bytes:
        from nwdocs.builder import cards

        return cards.icon_svg().encode() if kind == "svg" else cards.icon_png()

    # It shows a kernel, which any module of the package may have a part in.
    return _kept(folder, f"icon-{kind}", "cards", package_digest(), draw)


def _card(
    folder: Path, name: str, words: tuple[str, str, str], picture: bytes | None
) -> bytes:
    def draw() -> bytes:
        from nwdocs.builder import cards

        return cards.card(*words, picture)

    facts = f"{words!r} {sha256(picture or b'').hexdigest()} {TOKENS!r}"
    return _kept(folder, f"card-{name}", "cards", facts, draw)


def _kept(
    folder: Path, name: str, maker: str, facts: str, make: Callable[[], bytes]
) -> bytes:
    """What `make` gives, from the cache unless what it depends on changed.

    That is `facts`, the libraries, and the module `maker` of this package, which `make`
    imports only when it is called: some load for longer than the rest of a build takes.
    """
    code = Path(__file__).with_name(f"{maker}.py").read_bytes()
    digest = sha256(f"{facts} {libraries()!r}".encode() + code).hexdigest()
    if kept := cache.load(folder, name, digest):
        return b64decode(kept["content"])
    content = make()
    if saved.is_loaded():  # else it may be what older code makes of it
        with suppress(OSError):  # a cache that cannot be written only costs time
            record = {"content": b64encode(content).decode()}
            cache.store(folder, name, digest, record)
    return content
