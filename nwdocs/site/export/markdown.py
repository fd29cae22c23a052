"""Writes the executed pages as plain Markdown: ``python -m nwdocs.site.export.markdown``.

MkDocs and its plugins read the pages, run the cells and resolve what is theirs, as for the
site. Only the rendering is left out; figures become files beside the pages.
"""

import argparse
import logging
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import File, Files, get_files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.yaml import yaml_load

from nwdocs.site import unexecuted
from nwdocs.site.export.plain import (
    link_names,
    with_front_matter,
    without_controls,
    without_links,
)
from nwdocs.site.export.reference import anchors, write_reference
from nwdocs.site.export.writing import PlainWriting
from nwdocs.site.html.figures import THUMBNAILS
from nwdocs.site.plugin.notebooks import notebooks_of

__all__ = ["export", "main"]

#: What another generator can take over from mkdocs.yml: no plugins, hooks or templates.
_KEPT = (
    "site_name",
    "site_description",
    "site_url",
    "copyright",
    "theme",
    "markdown_extensions",
    "nav",
)
_THEME_FILES = {".css", ".js"}  # no use without the site's templates


def export(config_file: Path, out: Path) -> None:
    """Write ``docs/`` and a mkdocs.yml for it into the folder `out`.

    Raises:
        MkDocsException: a page failed, or mkdocs.yml is wrong; the message says where.
        OSError: the folder cannot be written.
    """
    config = load_config(str(config_file))
    notebooks = notebooks_of(config)
    notebooks.writing_class = PlainWriting
    files, pages = _read(config)
    docs = out / "docs"
    shutil.rmtree(docs, ignore_errors=True)
    for name, content in _assets(files):
        target = docs / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    # What is made of rendered pages is not made here: the slides, the notebooks in one file.
    missing = [file.src_uri for file in files if _is_missing(file)]
    for uri, written in _texts(pages, config):
        text = without_links(written, missing)
        (docs / uri).parent.mkdir(parents=True, exist_ok=True)
        (docs / uri).write_text(text, encoding="utf-8")
    settings = _settings(config_file)
    (out / "mkdocs.yml").write_text(
        yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )


def main(arguments: list[str] | None = None) -> int:
    """The command: exit status 0, or 1 with a message that says what went wrong."""
    parser = argparse.ArgumentParser(
        prog="nwdocs.site.export.markdown", description=__doc__
    )
    parser.add_argument("--config-file", type=Path, default=Path("mkdocs.yml"))
    parser.add_argument("--out", type=Path, default=Path("build/markdown"))
    chosen = parser.parse_args(arguments)
    logging.basicConfig(format="%(levelname)-8s-  %(message)s", stream=sys.stderr)
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    try:
        export(chosen.config_file, chosen.out)
    except (MkDocsException, OSError) as error:
        print(f"Cannot write {chosen.out}: {error}", file=sys.stderr)
        return 1
    print(f"Wrote {chosen.out}: docs/ and a mkdocs.yml for it")
    return 0


def _read(config: MkDocsConfig) -> tuple[Files, list[Page]]:
    """What `mkdocs build` does up to the rendering of pages."""
    plugins = config.plugins
    plugins.on_startup(command="build", dirty=False)
    config = plugins.on_config(config)
    plugins.on_pre_build(config=config)
    files = plugins.on_files(get_files(config), config=config)
    set_exclusions(files, config)
    plugins.on_nav(get_navigation(files, config), config=config, files=files)
    pages = []
    for file in files.documentation_pages():
        page = file.page or Page(None, file, config)
        page = plugins.on_pre_page(page, config=config, files=files)
        page.read_source(config)
        page.markdown = plugins.on_page_markdown(
            page.markdown or "", page=page, config=config, files=files
        )
        pages.append(page)
    return files, pages


def _texts(pages: list[Page], config: MkDocsConfig) -> Iterator[tuple[str, str]]:
    handlers: Any = config.plugins["mkdocstrings"].config["handlers"]
    options: Mapping[str, Any] = handlers["python"]["options"]
    names: dict[str, str] = {}
    for page in pages:
        names |= anchors(page.markdown or "", page.file.src_uri, options)
    for page in pages:
        text = write_reference(page.markdown or "", options)
        text = without_controls(link_names(text, names, page.file.src_uri))
        title = page.meta.get("title") or str(page.title)
        description = page.meta.get("description", "")
        yield page.file.src_uri, with_front_matter(text, title, description)


def _assets(files: Files) -> Iterator[tuple[str, bytes]]:
    for file in files:
        page = file.is_documentation_page()
        theme = Path(file.src_uri).suffix in _THEME_FILES
        thumbnail = file.src_uri.startswith(THUMBNAILS)
        if not (page or theme or thumbnail or _is_missing(file)):
            yield file.src_uri, file.content_bytes


def _is_missing(file: File) -> bool:
    """Whether only the site has the file, from its rendered pages."""
    return file.generated_by is not None and not file.content_bytes


def _settings(config_file: Path) -> dict[str, Any]:
    with config_file.open(encoding="utf-8") as opened:
        given = yaml_load(opened)
    kept = {key: given[key] for key in _KEPT if key in given}
    kept["markdown_extensions"] = [
        name for name in given["markdown_extensions"] if name != unexecuted.__name__
    ]
    kept["theme"].pop("custom_dir", None)
    return kept


if __name__ == "__main__":
    sys.exit(main())
