"""What build.json says of a site: with what it was made, and each file's digest."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from nwdocs.site.html.facts import digests, packages


def test_packages_are_those_that_had_a_part_and_what_they_need() -> None:
    found = packages(["nwdocs-notebooks", "search"])
    assert found["numpy"] == version("numpy")
    assert found["markupsafe"] == version("markupsafe"), "jinja2 needs it"
    assert not {"pytest", "mypy", "playwright"} & set(found)
    assert list(found) == sorted(found)


def test_each_file_has_its_digest(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.txt").write_bytes(b"x")
    (tmp_path / "build.json").write_bytes(b"{}")
    assert digests(tmp_path) == {"a/b.txt": f"sha256:{sha256(b'x').hexdigest()}"}
