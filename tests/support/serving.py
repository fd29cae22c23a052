"""Servers on loopback ports: of a built site, and `mkdocs serve` as an author has it."""

import gzip
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from support.building import start_mkdocs
from support.project import ROOT

_PATIENCE = (
    120.0  # seconds until what an author waits for must have happened, under load
)


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
        packed = kind.startswith(("image/png", "font/", "application/gzip"))
        compressed = not packed and "gzip" in self.headers.get("Accept-Encoding", "")
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
def serve_folder(site: Path) -> Iterator[Served]:
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


@dataclass(frozen=True)
class Author:
    """An author's server.

    Attributes:
        address: of the site.
        log: the file with what was said.
        process: the server's.
    """

    address: str
    log: Path
    process: subprocess.Popen[str]

    def said(self) -> str:
        """What the server printed so far."""
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, text: str, path: str = "") -> str:
        """The page at `path` of the site, once it holds `text`."""
        page = ""

        def shows() -> bool:
            nonlocal page
            try:
                with urllib.request.urlopen(self.address + path, timeout=1) as response:
                    page = response.read().decode()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                page = ""
            return text in page

        self.wait_until(shows, lambda: f"{text!r} is not in {page!r}")
        return page

    def wait_until(
        self, done: Callable[[], bool], why: Callable[[], str] = lambda: "no news"
    ) -> None:
        """Return once `done` says so; fail with `why` and the log if it never does."""
        end = time.monotonic() + _PATIENCE
        while not done():
            assert time.monotonic() < end, f"{why()}; the server said {self.said()}"
            time.sleep(0.1)


@contextmanager
def serve_project(
    project: Path, *arguments: str, package: Path = ROOT
) -> Iterator[Author]:
    """Run `mkdocs serve` for `project` while the context lasts.

    Args:
        project: the folder of mkdocs.yml.
        arguments: more of the command.
        package: the folder in which the package lies that is used.
    """
    here = f"127.0.0.1:{_free_port()}"
    log = project.parent / "serve.log"
    with log.open("w") as output:
        process = start_mkdocs(
            project,
            *("serve", "-a", here, *arguments),
            package=package,
            stdout=output.fileno(),
        )
    try:
        yield Author(f"http://{here}/", log, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
