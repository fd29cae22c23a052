"""What the tests of the built site share: its pages, a server, a browser."""

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from mkdocs.utils.yaml import yaml_load
from playwright.sync_api import BrowserContext, Playwright

from nwdocs.site.chromium import chromium_path
from nwdocs.site.pages import nav_uris

ROOT = Path(__file__).parents[1]


with (ROOT / "mkdocs.yml").open(encoding="utf-8") as _config:
    #: The Markdown file of every page, in the order of the navigation.
    SOURCES: list[str] = list(nav_uris(yaml_load(_config)["nav"]))


def path_of(source: str) -> str:
    """Where a page is on the site: "" for index.md, "kernels/" for kernels.md."""
    name = source.removesuffix(".md").removesuffix("index").rstrip("/")
    return f"{name}/" if name else ""


#: The path of every page, in the order of the navigation.
PAGES: list[str] = [path_of(source) for source in SOURCES]


def build(folder: Path, **variables: str) -> Path:
    """Build the site strictly into `folder`, with these environment variables."""
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode != 0:
        said = (built.stdout + built.stderr).splitlines()
        pytest.fail("\n".join(["the site does not build:", *said[-20:]]), pytrace=False)
    return folder


class _Handler(SimpleHTTPRequestHandler):
    """Serves as GitHub Pages does: text compressed, 404.html for what is not there."""

    server: "_Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.is_dir() and not self.path.split("?")[0].endswith("/"):
            self.send_response(301)
            self.send_header("Location", self.path + "/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if file.is_dir():
            file /= "index.html"
        found = file.is_file()
        if not found:
            file = Path(self.directory) / "404.html"
        kind = self.guess_type(str(file))
        content = file.read_bytes()
        compressed = not kind.startswith(("image/png", "font/", "application/gzip"))
        if compressed:
            content = gzip.compress(content, 6, mtime=0)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if compressed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.server.sent[self.path] = len(content)  # before the browser has it
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    sent: dict[str, int]


@dataclass
class Served:
    """A site on a loopback port.

    Attributes:
        url: of its home page, with a slash at the end.
        sent: for each path that was asked for since it was cleared, the bytes sent.
    """

    url: str
    sent: dict[str, int] = field(default_factory=dict)


@contextmanager
def serve(site: Path) -> Iterator[Served]:
    """Serve the folder `site` while the context lasts."""
    handler = partial(_Handler, directory=str(site))
    with _Server(("127.0.0.1", 0), handler) as server:
        served = Served(f"http://127.0.0.1:{server.server_port}/")
        server.sent = served.sent
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield served
        finally:
            server.shutdown()


def asked_elsewhere(context: BrowserContext) -> list[str]:
    """What the context's pages ask of any host but this one: it fills as they do."""
    asked: list[str] = []
    context.on(
        "request",
        lambda request: (
            asked.append(request.url)
            if urlsplit(request.url).hostname not in (None, "127.0.0.1")
            else None
        ),
    )
    return asked


def chromium(playwright: Playwright) -> str:
    """The path of a Chromium; where there is none, CI fails and others skip."""
    if path := chromium_path(playwright):
        return path
    message = (
        "no Chromium for the browser tests: install your system's package (chromium on "
        "Debian), or run `python -m playwright install chromium`, or set CHROMIUM to "
        "the path of one."
    )
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
