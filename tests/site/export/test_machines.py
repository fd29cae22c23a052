"""What programs read of the built site."""

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
import yaml

from nwdocs.site.export.machines import citation, json_ld, read_work
from support.project import ROOT, SOURCES, path_of

ATOM = "{http://www.w3.org/2005/Atom}"
HOME = "http://127.0.0.1:8000/"


def markdown(site: Path, source: str) -> str:
    return (site / path_of(source) / "index.md").read_text(encoding="utf-8")


class Head(HTMLParser):
    """The metadata of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: list[tuple[str, str]] = []
        self.links: dict[str, str] = {}
        self.data: Any = None
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and given.get("name"):
            self.meta.append((str(given["name"]), str(given["content"])))
        if tag == "link" and "alternate" in str(given.get("rel")).split():
            self.links[str(given["type"])] = str(given["href"])
        self.inside = given.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.data = json.loads(data)
            self.inside = False


def head(site: Path, source: str) -> Head:
    return Head((site / path_of(source) / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("source", SOURCES)
def test_each_page_has_its_markdown_beside_it(site: Path, source: str) -> None:
    text = markdown(site, source)
    assert head(site, source).links["text/markdown"] == "index.md"
    assert (
        len(re.findall(r"^# \S", re.sub(r"```.*?```", "", text, flags=re.S), re.M)) == 1
    )
    prose = re.sub(r"^(?:> )*```.*?^(?:> )*```$|`[^`]*`", "", text, flags=re.S | re.M)
    for own in (
        r"^!!!",
        r"^\?\?\?",
        r"^///",
        r"\{python\}",
        r"@fig:",
        r"^:::",
        r"\[\^",
    ):
        assert not re.search(own, prose, re.M), own
    for own in (
        r"^title:",
        r"^\*\[",
        "\ue000",
        "<nw-",
        "nwdocs:build",
        "find-links wh",
    ):
        assert not re.search(own, text, re.M), own


@pytest.mark.parametrize("source", SOURCES)
def test_the_links_of_its_markdown_lead_to_files(site: Path, source: str) -> None:
    prose = re.sub(r"```.*?```|`[^`]*`", "", markdown(site, source), flags=re.S)
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        url = urlsplit(urljoin(f"http://site.test/{path_of(source)}index.md", link))
        if url.netloc == "site.test":
            file = site / url.path.lstrip("/")
            assert (file / "index.html" if file.is_dir() else file).is_file(), link


def test_a_page_s_markdown_has_its_code_results_and_figures(site: Path) -> None:
    text = markdown(site, "bandwidth.md")
    assert "```python\nfrom nwdocs import nadaraya_watson" in text
    assert "from nwdocs.display import" not in text, "a hidden cell"
    assert re.search(
        r"!\[Four panels[^\]]*\]\(\.\./figures/estimates-by-bandwidth\.svg\)", text
    )
    assert re.search(r"^\| 0\.5 \| 0\.41 \|", text, re.M)
    assert "### `nadaraya_watson`" in markdown(site, "api.md")


def test_llms_txt_lists_every_page_once(site: Path) -> None:
    text = (site / "llms.txt").read_text(encoding="utf-8")
    first, _, summary, *rest = text.splitlines()
    assert first == "# Attention pooling"
    assert summary.startswith("> A 1964 estimator")
    listed = [m for line in rest if (m := re.fullmatch(r"- \[.+\]\((.+)\): .+", line))]
    assert [match[1] for match in listed] == [f"{path_of(s)}index.md" for s in SOURCES]
    assert all((site / match[1]).is_file() for match in listed)


def test_each_page_says_how_it_is_cited(site: Path) -> None:
    for source in SOURCES:
        found = head(site, source)
        meta = dict(found.meta)
        assert meta["citation_title"] == found.data["headline"]
        assert meta["citation_author"] == found.data["author"][0]["name"]
        assert meta["description"] == found.data["description"]
        assert "citation_public_url" not in meta, "no address that others can reach"


def test_a_public_page_is_cited_by_its_address() -> None:
    work = read_work(ROOT)
    known = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    address = "https://pages.test/kernels/"
    words = dict(citation(work, "T", "S", address, "2026-11-30"))
    assert words["citation_public_url"] == address
    assert words["citation_publication_date"] == "2026/11/30"
    assert words["citation_author"] == known["authors"][0]["name"]
    facts = json.loads(json_ld(work, "a </script>", "d", "S", address, "2026-11-30"))
    assert facts["url"] == address
    assert facts["license"].endswith(known["license"])
    assert "</" not in json_ld(work, "a </script>", "d", "S", address, None)


def test_without_a_citation_file_little_is_said(tmp_path: Path) -> None:
    assert citation(read_work(tmp_path), "T", "S", None, None) == [
        *[("citation_title", "T"), ("citation_inbook_title", "S")],
        ("citation_language", "en"),
    ]


def test_the_feed_has_the_newest_changes_of_pages(site: Path) -> None:
    command = ["git", "log", "-30", "--format=%H", "--", "docs"]
    commits = subprocess.check_output(command, cwd=ROOT, text=True).split()
    feed = ElementTree.parse(site / "feed.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}id") for e in entries] == [
        f"{HOME}#{c}" for c in commits
    ]
    times = [str(entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert feed.findtext(f"{ATOM}updated") == times[0]
    assert all(entry.findtext(f"{ATOM}title") for entry in entries)
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert urljoin(HOME, head(site, "index.md").links["application/atom+xml"]) == (
        f"{HOME}feed.xml"
    )
