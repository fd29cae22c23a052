"""The package as the site publishes it: a wheel, and the page on which pip finds it."""

import os
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urljoin

__all__ = ["FOLDER", "build_wheel", "index_page", "install_line", "sources"]

#: Where the site has the wheel and its page.
FOLDER = "wheels"

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Wheels of {package}</title>
</head>
<body>
<h1>Wheels of {package}</h1>
<p>For pip: <code>{install}</code></p>
<p><a href="{file}#sha256={digest}">{file}</a></p>
</body>
</html>
"""


def sources(root: Path) -> Iterator[Path]:
    """The files of the project in `root` that decide what is in the wheel."""
    yield from (root / name for name in ("pyproject.toml", "README.md", "LICENSE"))
    package = root / "nwdocs"
    for path in sorted(package.rglob("*")):
        of_the_site = path.relative_to(package).parts[0] == "site"
        if not of_the_site and path.suffix != ".pyc" and path.is_file():
            yield path


def build_wheel(root: Path) -> tuple[str, bytes]:
    """The wheel of the project in `root`: its file's name, and its bytes.

    The bytes are those of the sources and of the variable SOURCE_DATE_EPOCH, the day that
    files in it bear.
    """
    from hatchling.builders.wheel import WheelBuilder

    # Of other days, or none, hatchling has its own idea.
    assert os.environ["SOURCE_DATE_EPOCH"]
    with tempfile.TemporaryDirectory() as folder:
        (built,) = WheelBuilder(str(root)).build(
            directory=folder, versions=["standard"]
        )
        return Path(built).name, Path(built).read_bytes()


def install_line(address: str, *extras: str) -> str:
    """The arguments with which pip installs the package from the wheels at `address`."""
    name = f'"nwdocs[{",".join(extras)}]"' if extras else "nwdocs"
    return f"install {name} --find-links {address}"


def index_page(file: str, wheel: bytes, site: str | None) -> str:
    """The page that ``pip install --find-links`` reads: one link, with its digest.

    Args:
        file: the wheel's name.
        wheel: its bytes.
        site: the site's address, if it has one.
    """
    return _PAGE.format(
        package=file.partition("-")[0],
        file=file,
        digest=sha256(wheel).hexdigest(),
        install=f"python -m pip {install_line(urljoin(site or '', f'{FOLDER}/'))}",
    )
