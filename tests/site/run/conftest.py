"""What the tests of running pages share."""

from pathlib import Path

import pytest

from nwdocs.site.run.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path, cache=tmp_path / "cache", timeout=20)
