"""The deck on paper, and a sheet of exercises: ``python -m nwdocs.site.export.handout``.

Chromium prints them from the built site, with outline, tags and the pages' addresses. The
same site and browser give the same bytes.
"""

import argparse
import re
import sys
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from mkdocs.config import load_config
from playwright.sync_api import Error, Route, sync_playwright

from nwdocs.site import history
from nwdocs.site.chromium import chromium_path
from nwdocs.site.export.downloads import PAPERS, SIZES
from nwdocs.site.pages import check_front_matter, nav_uris

__all__ = ["FOLDER", "main", "print_all", "same_each_time"]

#: Where the site has them.
FOLDER = "handout"

_EXERCISES = "exercises.md"
# What differs from the slides of others is for those who have both before them.
_NOT_ON_PAPER = "details.abstract:not(.question)"
_ARTICLE = re.compile(r"<article[^>]*>(.*)</article>", re.DOTALL)
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:(\d{14})")
_NODE = re.compile(rb"\(node(\d+)\)")
_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="{home}assets/style.css">
<link rel="stylesheet" href="{home}assets/math.css">
<style>{style}</style></head>
<body dir="ltr" data-md-color-scheme="default" data-md-color-primary="white">
<main class="md-typeset">{body}</main></body></html>
"""
_STYLE = """
@page { margin: 18mm 16mm; }
html { font-size: 12.5pt; }
body { background: white; }
/* One after the other: on pages of their own, many would end in a page with one line. */
main > section + section {
  border-top: 1px solid var(--nw-grid);
  margin-top: 2em;
  padding-top: 1.6em;
}
.md-typeset h1 { margin: 0 0 .2em; }
h1, h2, h3, .address { break-after: avoid; }
figure, table, .highlight, .nw-formula { break-inside: avoid; }
summary, .admonition-title { break-after: avoid; }
.address { color: var(--nw-muted); font-size: .62rem; margin: 0 0 1.2em; }
.nw-about, .nw-take, .headerlink, .md-button, .nw-live, details.code, nav, button,
.md-source-file, script { display: none !important; }
.md-typeset .nw-figure { display: block; margin: 1em 0; }
.nw-svg { content-visibility: visible !important; max-width: 100%; }
pre > code { white-space: pre-wrap; }
.md-typeset .nw-svg { content-visibility: visible; } /* drawn, and not first on paper */
"""

# Fonts are loaded, those too that no line on the first page needs.
_SETTLED = """async () => {
  await Promise.all([...document.fonts].map((font) => font.load()));
  await document.fonts.ready;
}"""


def print_all(site: Path, config_file: Path, out: Path) -> list[Path]:
    """Print each sheet on each paper into the folder `out`.

    Args:
        site: the folder of the built site.
        config_file: of the site.
        out: where the PDF files go.

    Raises:
        OSError: the site is not there, or `out` cannot be written.
        Error: Chromium cannot be started, or does not print.
    """
    config = load_config(str(config_file))
    home = config.site_url or "http://127.0.0.1:8000/"
    uris = list(nav_uris(config.nav))
    pages = {uri: _article(site, uri) for uri in uris}
    deck = [uri for uri in uris if _has_slides(Path(config.docs_dir), uri)]
    bodies = {
        "deck": "".join(_section(pages[uri], _url(uri), home) for uri in deck),
        "exercises": _section(pages[_EXERCISES], _url(_EXERCISES), home, solved=False),
    }
    out.mkdir(parents=True, exist_ok=True)
    day = history.epoch(config_file.resolve().parent)
    written = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(playwright))
        for sheet, title in PAPERS.items():
            html = _PAGE.format(
                title=escape(f"{config.site_name}: {title}"),
                home=home,
                style=_STYLE,
                body=bodies[sheet],
            )
            for ending, paper in SIZES.items():
                page = browser.new_page(java_script_enabled=False)
                page.route("**/*", partial(_serve, html=html, site=site, home=home))
                # As on paper, so that what only paper needs is loaded before it prints.
                page.emulate_media(media="print")
                page.goto(urljoin(home, f"{FOLDER}/"), wait_until="networkidle")
                page.evaluate(_SETTLED)
                printed = page.pdf(
                    format=paper, outline=True, tagged=True, print_background=True
                )
                page.close()
                path = out / f"{sheet}-{ending}.pdf"
                path.write_bytes(same_each_time(printed, day))
                written.append(path)
        browser.close()
    return written


def same_each_time(pdf: bytes, day: int) -> bytes:
    """A PDF of Chromium's without what differs from run to run.

    Args:
        pdf: the file.
        day: when it is said to be made, in seconds since 1970.
    """
    date = datetime.fromtimestamp(day, UTC).strftime("%Y%m%d%H%M%S").encode()
    pdf = _DATE.sub(lambda match: b"/%s (D:%s" % (match[1], date), pdf)
    # Parts of the document's structure are numbered as the browser counts all its nodes.
    # Numbers of the same length keep every other byte in its place.
    order = {
        name: i for i, name in enumerate(dict.fromkeys(_NODE.findall(pdf)), start=1)
    }
    return _NODE.sub(
        lambda match: b"(node%0*d)" % (len(match[1]), order[match[1]]), pdf
    )


def main(arguments: list[str] | None = None) -> int:
    """The command: exit status 0, or 1 with a message that says what went wrong."""
    parser = argparse.ArgumentParser(
        prog="nwdocs.site.export.handout", description=__doc__
    )
    parser.add_argument("--config-file", type=Path, default=Path("mkdocs.yml"))
    parser.add_argument("--site", type=Path, default=Path("site"))
    parser.add_argument("--out", type=Path, default=Path("build/handout"))
    chosen = parser.parse_args(arguments)
    try:
        written = print_all(chosen.site, chosen.config_file, chosen.out)
    except (OSError, Error) as error:
        print(f"Cannot print into {chosen.out}: {error}", file=sys.stderr)
        return 1
    for path in written:
        print(f"Wrote {path}, {path.stat().st_size / 1000:.0f} kB")
    return 0


def _article(site: Path, uri: str) -> str:
    page = (site / _url(uri) / "index.html").read_text(encoding="utf-8")
    found = _ARTICLE.search(page)
    assert found, f"the page {uri} has no article"
    return found[1]


def _url(uri: str) -> str:
    name = uri.removesuffix(".md").removesuffix("index")
    return f"{name}/" if name else ""


def _has_slides(docs: Path, uri: str) -> bool:
    """Whether the page is a part of the deck."""
    text = (docs / uri).read_text(encoding="utf-8")
    return "slides" in check_front_matter(uri, text)


def _section(article: str, url: str, home: str, *, solved: bool = True) -> str:
    """A page's part of the sheet, with its address; folds are open, or left out."""
    soup = BeautifulSoup(article, "html.parser")
    if url:  # the moving figure is the same on each page; on paper, once is enough
        for moving in soup.select(".nw-explorable"):
            moving.decompose()
    for fold in soup.select(
        _NOT_ON_PAPER if solved else f"{_NOT_ON_PAPER}, .nw-folded"
    ):
        fold.decompose()
    for fold in soup.find_all("details"):
        if solved:
            fold["open"] = ""
        else:
            fold.decompose()
    for node in soup.find_all("a", href=True):  # a picture refers to parts of itself
        node["href"] = urljoin(urljoin(home, url), str(node["href"]))
    for node in soup.find_all(id=True):  # of several pages on one, some would be twice
        if node.name != "svg" and not node.find_parent("svg"):
            del node["id"]
    heading = soup.find("h1")
    if isinstance(heading, Tag):
        address = soup.new_tag("p", attrs={"class": "address"})
        link = soup.new_tag("a", href=urljoin(home, url))
        link.string = urljoin(home, url)
        address.append(link)
        heading.insert_after(address)
    return f"<section>{soup.decode()}</section>"


def _serve(route: Route, *, html: str, site: Path, home: str) -> None:
    """Answer from the site's folder whatever the page asks of its address."""
    address = route.request.url
    if address == urljoin(home, f"{FOLDER}/"):
        route.fulfill(body=html, content_type="text/html; charset=utf-8")
        return
    file = site / urlsplit(address).path.removeprefix(urlsplit(home).path)
    if file.name == "math.css":
        # A reader's page does without a font that is late; paper waits for it.
        text = file.read_text(encoding="utf-8").replace(
            "display:optional", "display:block"
        )
        route.fulfill(body=text, content_type="text/css; charset=utf-8")
    elif address.startswith(home) and file.is_file():
        route.fulfill(path=file)
    else:
        route.abort()


if __name__ == "__main__":
    sys.exit(main())
