"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browsing import Served, build, chromium, serve
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

# The same examples on every run, however slow the machine: red means the code changed.
# `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile(
    "steady", derandomize=True, deadline=None, database=None, max_examples=30
)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site: one strict build for all tests."""
    return build(tmp_path_factory.mktemp("built") / "site")


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[Served]:
    """The built site on a loopback port."""
    with serve(site) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each takes contexts of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright))
        yield browser
        browser.close()
