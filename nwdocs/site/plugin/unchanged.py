"""For an author's server: a page that documents code, rendered again only if it changed.

mkdocstrings takes longer for the API page than all else of a build without cells, and
an author who edits another page waits for it. What a finished site holds never comes
from here: a build ends, and forgets.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

__all__ = ["keep_rendering"]

#: What rendering leaves in a page.
_LEFT = ("content", "toc", "_title_from_render", "present_anchor_ids")


@dataclass(frozen=True)
class _Rendered:
    depends: Hashable
    left: dict[str, Any]
    anchors_elsewhere: dict[str, dict[str, str]]  # by file: those that it links to
    # What it told mkdocs-autorefs of its anchors, so that other pages can link to them.
    anchors: list[tuple[tuple[Any, ...], dict[str, Any]]]


_rendered: dict[str, _Rendered] = {}


def keep_rendering(page: Page) -> None:
    """Have MkDocs take what an earlier build of this server made of the same page."""
    vars(page)["render"] = partial(_render_if_changed, page)


def _render_if_changed(page: Page, config: MkDocsConfig, files: Files) -> None:
    autorefs: Any = config.plugins["autorefs"]
    depends = (page.markdown, _surroundings(config, files))
    kept = _rendered.get(page.file.src_uri)
    if kept is None or kept.depends != depends:
        kept = _render(page, config, files, autorefs, depends)
        _rendered[page.file.src_uri] = kept
        return
    for name, value in kept.left.items():
        setattr(page, name, value)
    # This build's files, whose anchors are those of now.
    page.links_to_anchors = {
        file: anchors
        for uri, anchors in kept.anchors_elsewhere.items()
        if (file := files.get_file_from_path(uri))
    }
    for place, names in kept.anchors:
        autorefs.register_anchor(page, *place, **names)


def _render(
    page: Page, config: MkDocsConfig, files: Files, autorefs: Any, depends: Hashable
) -> _Rendered:
    anchors = []
    register = autorefs.register_anchor

    def register_and_note(page: Page, *place: Any, **names: Any) -> None:
        anchors.append((place, names))
        register(page, *place, **names)

    autorefs.register_anchor = register_and_note
    try:
        Page.render(page, config, files)
    finally:
        autorefs.register_anchor = register
    elsewhere = {
        file.src_uri: links for file, links in (page.links_to_anchors or {}).items()
    }
    left = {name: getattr(page, name) for name in _LEFT}
    return _Rendered(depends, left, elsewhere, anchors)


def _surroundings(config: MkDocsConfig, files: Files) -> Hashable:
    """All but its text that such a page is made of: settings, code, names of pages."""
    return (
        Path(config.config_file_path).read_bytes(),
        tuple(
            (str(path), path.stat().st_mtime_ns)
            for watched in map(Path, config.watch)
            for path in sorted(watched.rglob("*.py") if watched.is_dir() else [watched])
        ),
        tuple(sorted(files.src_uris)),
    )
