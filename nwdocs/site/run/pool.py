"""Pages in, outputs out: from the store where nothing changed, else by running them."""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

from nwdocs.progress import show_status
from nwdocs.site import store
from nwdocs.site.pages import Page
from nwdocs.site.run.client import LIBRARIES, Client
from nwdocs.site.run.code import PlainCode, read_code
from nwdocs.site.run.keys import Keys, file_digest, libraries, surroundings
from nwdocs.site.run.settings import Result, Settings, Used

__all__ = ["Early", "Outdated", "Standby", "execute", "start_early"]

log = logging.getLogger("mkdocs.nwdocs")

_TOLD = ("outputs", "seconds", "read", "used", "varying")  # of a page by the server
_KEPT = ("outputs", "seconds", "read", "varying", "digest")  # of a result
_USED = ".used"  # beside a page's name: what it used of the package
_ALL = "all"  # stored under the surroundings in which all pages have been run


@dataclass(frozen=True, slots=True)
class Early:
    """A server that was started before the pages were read.

    Attributes:
        client: speaks with the server.
        surroundings: those that the server loaded.
    """

    client: Client
    surroundings: str


def start_early(settings: Settings, around: str) -> Early | None:
    """Start what runs pages before they are read, if all of them will have to run.

    The server takes half a second to load, for which MkDocs has other things to do.

    Args:
        settings: how pages are run.
        around: the surroundings, as they are now.
    """
    if store.load(settings.cache / "pages", _ALL, around) is not None:
        return None
    return _load_early(settings, around)


def _load_early(settings: Settings, around: str) -> Early:
    client = Client(settings)
    client.load(settings)
    return Early(client, around)


class Standby:
    """Two servers that wait for a page to run: with the package, and without it.

    An author who saves a cell then waits for the cell alone, and one who saves a module
    for the package, too, but not for the libraries.
    """

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._early: Early | None = None
        self._bare: Client | None = None
        self._libraries: list[str] = []  # that the second has loaded

    def prepare(self, settings: Settings) -> None:
        """Have servers ready, one of which has loaded the package as it is now."""
        around = surroundings()
        if self._settings != settings:
            self.stop()
        self._drop_outdated(around)
        self._settings = settings
        self._early = self._early or _load_early(settings, around)
        if not self._bare:
            self._libraries = libraries()
            self._bare = Client(settings, LIBRARIES)

    def take(self, around: str) -> Early | None:
        """A server for the surroundings `around`, the caller's from now on."""
        self._drop_outdated(around)
        if self._early or not self._bare:
            early, self._early = self._early, None
            return early
        bare, self._bare = self._bare, None
        return Early(bare, around)

    def stop(self) -> None:
        """End the servers, if there are any."""
        for client in (self._early and self._early.client, self._bare):
            if client:
                client.stop()
        self._early = self._bare = None

    def _drop_outdated(self, around: str) -> None:
        if self._early and self._early.surroundings != around:
            self._early.client.stop()
            self._early = None
        if self._bare and self._libraries != libraries():
            self._bare.stop()
            self._bare = None


class Outdated(Exception):
    """Something was saved while pages ran, so that they will have to run again."""


def execute(
    pages: Sequence[Page],
    settings: Settings,
    early: Early | None = None,
    outdated: Callable[[], bool] = lambda: False,
    around: str = "",
) -> dict[str, Result]:
    """A result for each page's uri; a page that raises has its error in the result.

    Args:
        pages: what to run, in the order of the results.
        settings: how.
        early: a server that is used unless something was saved since it was started.
        outdated: asked now and then whether what runs is of no use any more.
        around: the surroundings as they were before; those of now, if not given.

    Raises:
        PageError: no page could run.
        Outdated: `outdated` said so; the pages that had run by then are kept.
    """
    around = around or surroundings()
    plain = PlainCode(settings.cache)
    keys = Keys(read_code(plain))
    digests = {page.uri: keys.first(page) for page in pages}
    kept = {
        page.uri: _load(settings, page.uri, digests[page.uri], keys) for page in pages
    }
    results = {uri: result for uri, result in kept.items() if result is not None}
    stale = [page for page in pages if page.uri not in results]
    studies = {page.uri: keys.studies_of(page) for page in stale}
    plain.keep()
    if early and not (stale and early.surroundings == around):
        early.client.stop()
        early = None
    if not stale:
        return results
    # The longest first: started last, it would run on alone.
    stale.sort(key=lambda page: -sum(len(cell.source) for cell in page.cells))
    if len(stale) == 1:  # what pages share, one page may not even need
        settings = replace(settings, preload=())
    client = early.client if early else Client(settings)
    client.load(settings)
    started = time.monotonic()
    run = _run(stale, client, studies, outdated)
    for done, (page, result) in enumerate(run, 1):
        results[page.uri] = result
        log.info(
            "Executed %s in %.1f s (%d of %d, %.1f s in all)%s",
            page.uri,
            result.seconds,
            done,
            len(stale),
            time.monotonic() - started,
            ": FAILED" if result.error else "",
        )
        # What was saved while the page ran may or may not be in its outputs.
        if result.error is None and surroundings() == around:
            _keep(settings, page.uri, digests[page.uri], result, keys)
    _store(settings, _ALL, around, b"")
    return {page.uri: results[page.uri] for page in pages}


def _run(
    pages: Sequence[Page],
    client: Client,
    studies: Mapping[str, Mapping[str, str]],
    outdated: Callable[[], bool],
) -> Iterator[tuple[Page, Result]]:
    by_uri = {page.uri: page for page in pages}
    running: list[str] = []
    left = len(pages)
    started = time.monotonic()

    def show() -> None:
        if outdated():
            client.stop()
            raise Outdated
        if running:
            seconds = time.monotonic() - started
            done = f"{len(pages) - left} of {len(pages)} pages, {seconds:.0f} s"
            show_status(f"{done}: {', '.join(running)}")

    with client:
        client.send(pages, studies)
        while left:
            event = client.next_event(show)
            uri = event["page"]
            if "outputs" in event:
                left -= 1
                running.remove(uri)
                show_status("")
                told = {name: event[name] for name in _TOLD}
                told["used"] = Used(**event["used"])
                made = json.dumps(event["outputs"], sort_keys=True).encode()
                digest = sha256(made).hexdigest()
                result = Result(
                    error=event["error"], cached=False, digest=digest, **told
                )
                yield by_uri[uri], result
            elif "cell" not in event:
                running.append(uri)
            show()


def _load(settings: Settings, uri: str, first: str, keys: Keys) -> Result | None:
    folder = settings.cache / "pages"
    used = store.load(folder, f"{uri}{_USED}", first)
    if used is None:
        return None
    key = keys.second(first, Used(**json.loads(used)))
    kept = store.load(folder, uri, key)
    if kept is None:
        return None
    record = json.loads(kept)
    for name, then in record["read"].items():
        if file_digest(settings.root / name) != then:
            return None
    return Result(error=None, cached=True, **record)


def _keep(settings: Settings, uri: str, first: str, result: Result, keys: Keys) -> None:
    record = {name: getattr(result, name) for name in _KEPT}
    key = keys.second(first, result.used)
    _store(settings, uri, key, json.dumps(record, sort_keys=True).encode())
    used = json.dumps(asdict(result.used)).encode()
    _store(settings, f"{uri}{_USED}", first, used)


def _store(settings: Settings, name: str, digest: str, content: bytes) -> None:
    try:
        store.store(settings.cache / "pages", name, digest, content)
    except OSError as error:
        # The result in hand is right; only the next build is slower.
        log.info("Cannot keep the outputs of %s: %s", name, error)
