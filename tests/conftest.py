"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from support.browsing import launch
from support.building import build_once
from support.serving import Served, serve_folder
from support.small_project import write_small_project

# The same examples on every run, however slow the machine: red means the code changed.
# `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile(
    "steady", derandomize=True, deadline=None, database=None, max_examples=30
)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile("steady")

# `make test-fast` leaves out what asks for one of these fixtures, itself or by another's
# way: each gives its test the marker.
_MARKERS = {
    "browser": pytest.mark.browser,
    "mkdocs": pytest.mark.build,
    "settings": pytest.mark.process,
    "drawn": pytest.mark.slow,
    "torch": pytest.mark.slow,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures for which they ask.

    Modules with such tests come first: they are the long ones, and a long module that
    begins last is waited for by all other processes.
    """
    long: set[Path] = set()
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in _MARKERS:
                item.add_marker(_MARKERS[fixture])
                long.add(item.path)
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def mkdocs() -> None:
    """Says that a test runs MkDocs, or a fixture for it."""


@pytest.fixture(scope="session")
def site(mkdocs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site: one strict build for all tests."""
    return build_once(tmp_path_factory, "site")


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[Served]:
    """The built site on a loopback port."""
    with serve_folder(site) as server:
        yield server


@pytest.fixture
def project(mkdocs: None, tmp_path: Path) -> Path:
    """A site of two executed pages, to be built or spoilt."""
    return write_small_project(tmp_path / "project")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each takes contexts of its own."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
