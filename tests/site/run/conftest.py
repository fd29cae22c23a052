"""What the tests of running pages share."""

from pathlib import Path

import pytest

from nwdocs.site.run.settings import Settings
from support.project import copy_project


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path, cache=tmp_path / "cache", timeout=20)


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package; a test that changes it puts it back as it was."""
    return copy_project(tmp_path_factory.mktemp("copied"), "nwdocs") / "nwdocs"
