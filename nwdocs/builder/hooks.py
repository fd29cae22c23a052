"""What MkDocs calls, in the order in which it does.

mkdocs-jupyter finds the executed pages (those whose front matter names a Python kernel).
Here their cells are run, and the page goes on as Markdown with its outputs in place, so
that MkDocs treats it like any other: links, anchors, search, admonitions, everything.
"""

import atexit
import errno
import gc
import logging
import os
import re
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nwdocs.builder import saved

# While MkDocs serves, it reads this file anew for each build (see `on_config`).
_not_importable = saved.load()

from filelock import FileLock, Timeout  # noqa: E402
from mkdocs.config.config_options import Hooks  # noqa: E402
from mkdocs.config.defaults import MkDocsConfig  # noqa: E402
from mkdocs.exceptions import PluginError  # noqa: E402
from mkdocs.livereload import LiveReloadServer  # noqa: E402
from mkdocs.structure.files import File, Files  # noqa: E402
from mkdocs.structure.pages import Page as SitePage  # noqa: E402
from mkdocs.utils import get_relative_url  # noqa: E402
from watchdog.observers.polling import PollingObserver  # noqa: E402

from nwdocs.builder import cache, fragments, history, plain, report, unchanged  # noqa: E402
from nwdocs.builder.execute import (  # noqa: E402
    Result,
    Settings,
    Workers,
    describe_error,
    describe_errors,
    execute,
    start_early,
)
from nwdocs.builder.mathml import render_math  # noqa: E402
from nwdocs.builder.pages import (  # noqa: E402
    Page,
    PageError,
    ask_once,
    check_images,
    check_page,
    decode_page,
    nav_uris,
    place_of,
    read_page,
    write_page,
)
from nwdocs.mime import GALLERY_MIME  # noqa: E402
from nwdocs.palette import token_css  # noqa: E402

log = logging.getLogger("mkdocs.nwdocs")

# A build makes millions of objects and few cycles among them: looking for those as often
# as Python does by itself is a tenth of the time.
gc.set_threshold(100_000, 20, 100)

# What is wrong with the disk, and not with the project or with this code.
_OF_THE_DISK = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    *(errno.EROFS, errno.EACCES, errno.EPERM),
}
_SERVING = "NWDOCS_SERVING"  # outlives the re-reading of this file
_DOCUMENTS_CODE = re.compile(r"^::: ", re.MULTILINE)
_LINK = re.compile(r"Doc file '(.+?)' (contains an? [a-z ]*link '(.+?)'.*)", re.DOTALL)
_REFERENCE = re.compile(r"(?<!`)@fig:([a-z0-9-]+)")


@dataclass
class _Build:
    """What one build knows, from reading the pages on."""

    settings: Settings
    docs: Path  # the folder of pages
    workers: Workers | None  # if all pages will have to run
    plain: bool = False  # figures as Markdown for `export`, instead of the site's HTML
    pages: dict[str, Page] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    # Pages that an author is shown an error on instead.
    broken: dict[str, str] = field(default_factory=dict)
    # By name: the file that shows it, and the figure.
    figures: dict[str, tuple[File, dict[str, Any]]] = field(default_factory=dict)
    # By page: the names of the figures that it shows.
    shown: dict[str, list[str]] = field(default_factory=dict)
    # What the site was made of.
    facts: dict[str, Any] = field(default_factory=dict)


_build: _Build


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether an author is watching: then an error is shown, not fatal."""
    if dirty:
        raise PluginError(
            "--dirty leaves pages as they were when what they show has changed. Leave it "
            "out: a build runs and writes again only what it must."
        )
    os.environ[_SERVING] = "1" if command == "serve" else ""
    logging.getLogger("mkdocs.structure.pages").addFilter(_name_line)
    # MkDocs keeps what hooks it has read; an author's next save may be to one of them.
    load = Hooks._load_hook
    Hooks._load_hook = getattr(load, "__wrapped__", load)  # type: ignore[method-assign]


def on_config(config: MkDocsConfig) -> None:
    """Read the settings under `extra.nwdocs`."""
    global _build
    root = Path(config.config_file_path).resolve().parent
    options = _options(config)
    options.pop("cache", None)
    folder = cache.folder(config)
    as_markdown = bool(options.pop("plain", False))
    text = Path(config.config_file_path).read_text(encoding="utf-8")
    if not os.environ.get(_SERVING):  # else the folder is the server's own
        _take_turns(Path(config.site_dir))
    _set_day(root)
    try:
        settings = Settings(root=root, cache=folder, config=text, **options)
    except (TypeError, ValueError) as error:
        raise PluginError(f"mkdocs.yml, extra.nwdocs: {error}") from None
    workers = None if _not_importable else start_early(settings)
    _build = _Build(settings, Path(config.docs_dir), workers, plain=as_markdown)
    jupyter: Any = config.plugins["mkdocs-jupyter"]
    jupyter.should_include = ask_once(jupyter.should_include)


def _options(config: MkDocsConfig) -> dict[str, Any]:
    options = config.extra.setdefault("nwdocs", {}) or {}
    if not isinstance(options, dict) or not isinstance(options.get("cache", ""), str):
        raise PluginError(
            "mkdocs.yml, extra.nwdocs must be settings by name, of which cache is the "
            f"name of a folder, not {options!r}"
        )
    config.extra["nwdocs"] = options
    return dict(options)


def _set_day(root: Path) -> None:
    """Tell MkDocs the day on which the site was built: the commit's, not today."""
    day = os.environ.get("SOURCE_DATE_EPOCH") or str(history.epoch(root))
    if not day.isdecimal():
        raise PluginError(
            "the environment variable SOURCE_DATE_EPOCH must be a number of seconds "
            f"since 1970, not {day!r}; without it, it is that of the commit"
        )
    os.environ["SOURCE_DATE_EPOCH"] = day


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Run the pages that must be, and add each figure's files to the site."""
    files.append(File.generated(config, "assets/tokens.css", content=token_css()))
    sources = {file.src_uri: file for file in files.documentation_pages()}
    place = {uri: i for i, uri in enumerate(nav_uris(config.nav))}
    for uri in sorted(sources, key=lambda uri: (place.get(uri, len(place)), uri)):
        _read(sources[uri], config)
    try:
        if _not_importable:
            raise PageError(_not_importable)
        _build.results = execute(
            list(_build.pages.values()), _build.settings, _build.workers
        )
    except PageError as error:  # the package itself, say: then no page can be shown
        _build.broken.update(dict.fromkeys(_build.pages, str(error)))
    for uri, result in _build.results.items():
        if result.error:
            _build.broken[uri] = describe_error(_build.pages[uri], result)
    _report_broken()
    for uri, result in _build.results.items():
        _build.shown[uri] = []
        for figure in fragments.figures_in(result.outputs):
            _build.shown[uri].append(figure["name"])
            if figure["name"] in _build.figures:
                continue
            _build.figures[figure["name"]] = (sources[uri], figure)
            for path, content in _files(figure).items():
                files.append(File.generated(config, path, content=content))
    svgs = {name: figure["svg"] for name, (_, figure) in _build.figures.items()}
    _build.facts = report.facts(_build.settings.root, _build.shown, svgs)
    written = report.facts_json(_build.facts)
    files.append(File.generated(config, "build.json", content=written))
    return files


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> None:
    """Look for what an author saved ten times a second, where MkDocs does twice."""
    # All that it was told to watch: with --watch-theme, the theme's folders too.
    asked = server._watched_paths.items()
    watched = [path for path, times in asked for _ in range(times)]
    for path in watched:
        server.unwatch(path)
    server.observer = PollingObserver(timeout=0.1)
    for path in watched:
        server.watch(path)


def on_page_read_source(page: SitePage, config: MkDocsConfig) -> str | None:
    """For an executed page: its Markdown, with what its cells show."""
    uri = page.file.src_uri
    if uri in _build.broken:
        return f"# {uri}\n\n{fragments.error_block(_build.broken[uri])}"
    if uri not in _build.pages:
        return None
    try:
        return _with_outputs(uri, page.url)
    except PageError as error:
        return _fail(page, error)


def _with_outputs(uri: str, url: str) -> str:
    source, result = _build.pages[uri], _build.results[uri]
    write, here = fragments.output_markdown, url
    if _build.plain:
        write, here = plain.output_markdown, uri
    outputs = []
    for cell, produced in zip(source.cells, result.outputs, strict=True):
        if cell.inline:
            outputs.append("".join(o.get("text", "") for o in produced))
            continue
        where = f"docs/{uri}, line {cell.line}, cell {cell.number}"
        outputs.append(write(produced, page_url=here, where=where))
    return write_page(source, outputs)


def on_page_markdown(
    markdown: str, page: SitePage, config: MkDocsConfig, files: Files
) -> str:
    """Put in what needs to know every page: the build, references, the gallery."""
    # mkdocs-jupyter would render the page with nbconvert; MkDocs' own method serves.
    page.__dict__.pop("render", None)
    if os.environ.get(_SERVING) and _DOCUMENTS_CODE.search(markdown):
        unchanged.keep_rendering(page)
    try:
        return _complete(markdown, page)
    except PageError as error:
        return _fail(page, error)


def _complete(markdown: str, page: SitePage) -> str:
    if report.MARKER in markdown:
        facts = report.facts_markdown(_build.facts)
        markdown = markdown.replace(report.MARKER, facts)
    markdown = _REFERENCE.sub(lambda match: _reference(match[1], page), markdown)
    marker = f"<!-- {GALLERY_MIME} -->"
    if marker in markdown:
        names = _gallery_names(page.file.src_uri)
        items = _build.figures.items()
        if _build.plain:
            files_of = {n: (file.src_uri, figure) for n, (file, figure) in items}
            block = plain.gallery(files_of, names, page.file.src_uri)
        else:
            urls_of = {n: (file.url, figure) for n, (file, figure) in items}
            block = fragments.gallery(urls_of, names, page.url)
        markdown = markdown.replace(marker, block)
    return markdown


def _gallery_names(uri: str) -> list[str]:
    """The figures that a cell of the page `uri` asked to show in a gallery."""
    source, result = _build.pages[uri], _build.results[uri]
    cell, names = next(
        (cell, output["data"][GALLERY_MIME])
        for cell, outputs in zip(source.cells, result.outputs, strict=True)
        for output in outputs
        if GALLERY_MIME in output.get("data", {})
    )
    missing = [name for name in names if name not in _build.figures]
    if missing:
        raise PageError(
            f"docs/{uri}, line {cell.line}, cell {cell.number}: no page shows the "
            f"registered figures {', '.join(missing)}. Add "
            f'show("{missing[0]}") to one, or delete it.'
        )
    return list(names)


def on_page_content(
    html: str, page: SitePage, config: MkDocsConfig, files: Files
) -> str:
    """Turn formulas into MathML; see that images have words with them."""
    uri, text = page.file.src_uri, page.file.content_string
    try:
        check_images(uri, html, text)
        return render_math(html, uri, text)
    except PageError as error:
        return _fail(page, error)


def on_post_page(output: str, page: SitePage, config: MkDocsConfig) -> str:
    """Put the pictures in, last of all."""
    result = _build.results.get(page.file.src_uri)
    shown = fragments.figures_in(result.outputs) if result else []
    return fragments.with_pictures(output, shown)


def on_build_error(error: Exception) -> None:
    """Where the disk or the literature is at fault, say so instead of a traceback."""
    from pybtex.exceptions import PybtexError

    if isinstance(error, PybtexError):
        file = error.get_filename() or "the BibTeX file"
        raise PluginError(f"{file}: {error}") from None
    if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
        raise PluginError(
            f"The site could not be written, and is not whole: {error}. Make room, or "
            "name another folder with --site-dir; the next build starts afresh."
        ) from None


def on_post_build(config: MkDocsConfig) -> None:
    """Say what was run, what was kept, and how long it took."""
    log.info("Pages with code:\n%s", report.run_table(_build.results, _build.shown))


def _files(figure: dict[str, Any]) -> dict[str, str | bytes]:
    """What the site holds of a figure beside its page, by path."""
    path = f"figures/{figure['name']}"
    small = f"{fragments.THUMBNAILS}/{figure['name']}.svg"
    return ({} if _build.plain else {small: figure["thumbnail"]}) | {
        f"{path}.svg": figure["svg"],
        f"{path}.png": b64decode(figure["png"]),
        f"{path}.csv": figure["csv"],
        f"{path}.py": figure["code"],
    }


def _reference(name: str, page: SitePage) -> str:
    if name not in _build.figures and _build.broken:
        return f"`{name}`"  # it may be on a page that an author is about to mend
    if name not in _build.figures:
        known = ", ".join(sorted(_build.figures))
        uri, text = page.file.src_uri, page.file.content_string
        raise PageError(
            f"{place_of(f'@fig:{name}', uri, text)}: @fig:{name} names no figure that a "
            f"page shows; there are {known}."
        )
    file, figure = _build.figures[name]
    target = get_relative_url(file.src_uri, page.file.src_uri)
    return f"[Figure {figure['number']}]({target}#fig-{name})"


def _name_line(record: logging.LogRecord) -> bool:
    """What MkDocs says of a link, with the line on which it is."""
    if found := _LINK.fullmatch(record.getMessage()):
        uri, what, link = found.groups()
        with suppress(OSError, UnicodeDecodeError):
            text = (_build.docs / uri).read_text(encoding="utf-8")
            places = (
                place_of(f"{sign}{link}", uri, text) for sign in ("](", "]: ", "")
            )
            place = next((p for p in places if "line" in p), f"docs/{uri}")
            record.msg, record.args = f"{place} {what}", ()
    return True


def _take_turns(site: Path) -> None:
    """Wait until no other build writes to the same site folder; held until we end."""
    site = site.resolve()
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(site.with_name(f".{site.name}.lock"), is_singleton=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            log.info("Another build writes to %s: waiting for it to end", site)
            lock.acquire()
    except OSError as error:  # a read-only project: then nobody else is likely here
        log.info("Cannot lock %s: %s", site, error)
    else:
        atexit.register(lock.release)


def _read(file: File, config: MkDocsConfig) -> None:
    """Take up a page, if its cells are to run; note what is wrong with it."""
    jupyter: Any = config.plugins["mkdocs-jupyter"]
    executed = jupyter.should_include(file)
    try:
        text = decode_page(file.src_uri, Path(str(file.abs_src_path)).read_bytes())
        check_page(file.src_uri, text, executed=executed)
        if executed:
            _build.pages[file.src_uri] = read_page(file.src_uri, text)
    except PageError as error:
        _build.broken[file.src_uri] = str(error)


def _report_broken() -> None:
    """Fail the build over broken pages; an author's server goes on and shows them."""
    if not _build.broken:
        return
    failed = {uri for uri, result in _build.results.items() if result.error}
    unread = [text for uri, text in _build.broken.items() if uri not in failed]
    cells = describe_errors(list(_build.pages.values()), _build.results)
    text = "\n\n".join([*dict.fromkeys(unread), *cells])
    if not os.environ.get(_SERVING):
        raise PluginError(f"{len(_build.broken)} page(s) failed.\n\n{text}")
    log.error("%s", text)


def _fail(page: SitePage, error: PageError) -> str:
    """End the build; an author's server goes on, with this in place of the page."""
    if not os.environ.get(_SERVING):
        raise PluginError(str(error)) from None
    log.error("%s", error)
    return fragments.error_block(str(error))
