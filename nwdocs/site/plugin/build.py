"""What one build knows of its pages, from reading the first to writing the last."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from nwdocs.display import LOOK_MIME
from nwdocs.site import history
from nwdocs.site.cells import Dialect, read_page
from nwdocs.site.html import figures
from nwdocs.site.html.facts import facts, facts_json
from nwdocs.site.pages import (
    Cell,
    Page,
    PageError,
    check_front_matter,
    decode_page,
    has_kernel,
    place_of,
)
from nwdocs.site.plugin.kept import Kept
from nwdocs.site.run.errors import describe_error, describe_errors
from nwdocs.site.run.pool import Early, execute
from nwdocs.site.run.settings import Result, Settings

__all__ = ["Build"]


# The site takes its look from the package by a cell, as pages take their outputs.
_LOOK = Page(
    "the look of the site",
    "",
    (Cell("from nwdocs.figures.look import site_look\n\nsite_look()", 1, 1),),
)


@dataclass
class Build:
    """The pages of one build, and what became of them.

    Attributes:
        settings: how pages are run.
        kept: what earlier builds made.
        around: all that outputs can depend on besides pages, as it was at the beginning.
        early: what runs them, if all will have to run.
        docs: the folder of pages, as messages name it.
        texts: of all pages, by file.
        pages: those with cells, by file.
        results: what became of each.
        broken: what is wrong with a page, by file; an author is shown it instead.
        figures: by name, the file that shows the figure, and the figure.
        shown: by file, the names of the figures that the page shows.
        look: the site's colours and icon; empty if the package cannot be run.
        facts: what the site was made of.
        outdated: whether something was saved since, so that pages that run are ended.
        style: makes the style sheet of the site in a folder.
    """

    settings: Settings
    kept: Kept
    around: str
    early: Early | None
    docs: str = "docs"
    texts: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    figures: dict[str, tuple[File, dict[str, Any]]] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)
    look: Mapping[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    outdated: Callable[[], bool] = lambda: False
    style: Callable[[Path], None] = lambda site: None

    def name(self, file: File) -> str:
        """A page's file as messages name it."""
        return f"{self.docs}/{file.src_uri}"

    def read(self, file: File, dialect: Dialect, *, wanted: bool) -> None:
        """Take up a page with its cells; note what is wrong with it.

        Args:
            file: the page's.
            dialect: the Markdown of the site.
            wanted: whether the options have cells on the page run.
        """
        uri = file.src_uri
        try:
            text = decode_page(
                self.name(file), Path(str(file.abs_src_path)).read_bytes()
            )
            kernel = has_kernel(check_front_matter(self.name(file), text))
            page = self._page(uri, text, dialect, kernel=kernel and wanted)
        except PageError as error:
            self.broken[uri] = str(error)
        except OSError as error:
            self.broken[uri] = f"cannot read {self.name(file)}: {error.strerror}."
        else:
            self.texts[uri] = text
            if kernel and wanted:
                self.pages[uri] = page

    def _page(self, uri: str, text: str, dialect: Dialect, *, kernel: bool) -> Page:
        def cells() -> list[dict[str, Any]]:
            page = read_page(
                uri, text, kernel=kernel, dialect=dialect, folder=self.docs
            )
            return [asdict(cell) for cell in page.cells]

        facts = [text, kernel, self.docs, dialect.extensions, dialect.configs]
        found = self.kept.json(f"cells-{uri}", facts, cells)
        return Page(uri, text, tuple(Cell.of_json(cell) for cell in found), self.docs)

    def refuse(self, file: File) -> None:
        """Note a file whose cells mkdocs-jupyter would run, and this build does not."""
        self.broken[file.src_uri] = (
            f"{self.name(file)}: cells are run on Markdown pages alone. Convert the file"
            f" with `jupytext --to md {file.src_uri}`, or name it under `ignore` of the "
            "plugin nwdocs-notebooks in mkdocs.yml."
        )

    def run(self) -> None:
        """Run the pages that must be, and note those that fail.

        Raises:
            Outdated: something was saved while they ran.
        """
        pages = [_LOOK, *self.pages.values()]
        try:
            found = execute(
                pages, self.settings, self.early, self.outdated, self.around
            )
        except PageError as error:  # the package itself, say: then no page can be shown
            self.broken.update(dict.fromkeys(self.pages, str(error)))
            return
        look = found.pop(_LOOK.uri)
        if look.error:
            self.broken[_LOOK.uri] = describe_error(_LOOK, look)
        else:
            self.look = look.outputs[0][0]["data"][LOOK_MIME]
        self._note(found)

    def take_up(self, files: Iterable[File], dialect: Dialect) -> None:
        """Read the pages in `files` once more, if they have cells."""
        for file in files:
            self.broken.pop(file.src_uri, None)
            if file.src_uri in self.pages:
                self.read(file, dialect, wanted=True)

    def run_again(self, uris: Sequence[str], early: Early | None, around: str) -> None:
        """Run pages that were taken up once more, if they must be.

        Args:
            uris: the pages' files.
            early: what runs them.
            around: all that outputs can depend on besides pages, as it is now.

        Raises:
            PageError: no page could run.
            Outdated: something was saved while they ran.
        """
        pages = [self.pages[uri] for uri in uris]
        self._note(execute(pages, self.settings, early, self.outdated, around))

    def _note(self, found: Mapping[str, Result]) -> None:
        self.results |= found
        for uri, result in found.items():
            if result.error:
                self.broken[uri] = describe_error(self.pages[uri], result)

    def doubts(self) -> Iterator[str]:
        """What an author should know of pages that ran: warnings, and what varies."""
        for uri, result in self.results.items():
            page = self.pages[uri]
            for cell, produced in zip(page.cells, result.outputs, strict=False):
                written = "".join(
                    o["text"] for o in produced if o.get("name") == "stderr"
                )
                if written and "allow_stderr" not in cell.tags:
                    yield (
                        f"{page.place(cell)} writes to standard error: "
                        f"{written.strip().splitlines()[0]} (tag the cell allow_stderr, "
                        "if readers are to see that)"
                    )
            for cell, what in zip(page.cells, result.varying, strict=False):
                if what and "varies" not in cell.tags:
                    yield (
                        f"{page.place(cell)} reads {' and '.join(what)}, so its output "
                        "differs from build to build (tag the cell varies, if that is "
                        "meant)"
                    )

    def describe_broken(self) -> str:
        """What is wrong with all broken pages; the same error is told once."""
        failed = {uri for uri, result in self.results.items() if result.error}
        unread = [text for uri, text in self.broken.items() if uri not in failed]
        cells = describe_errors(list(self.pages.values()), self.results)
        return "\n\n".join([*dict.fromkeys(unread), *cells])

    def collect_figures(self, sources: Mapping[str, File]) -> None:
        """Note which page shows which figure; a figure belongs to the first."""
        self.shown, self.figures = {}, {}
        for uri, result in self.results.items():
            self.shown[uri] = []
            for figure in figures.figures_in(result.outputs):
                self.shown[uri].append(figure["name"])
                self.figures.setdefault(figure["name"], (sources[uri], figure))
        svgs = {name: figure["svg"] for name, (_, figure) in self.figures.items()}
        self.facts = facts(history.commit(self.settings.root), self.shown, svgs)

    def files(self) -> dict[str, str | bytes]:
        """What the site holds beside its pages, by path."""
        found: dict[str, str | bytes] = {
            "assets/tokens.css": self.look.get("css", ""),
            "build.json": facts_json(self.facts),
        }
        for _, figure in self.figures.values():
            found |= figures.files_of(figure)
        return found

    def values(self, page: Page) -> dict[int, str | None]:
        """The values of a page's inline expressions as text, by the cell's index.

        None is for a value that is more than text, such as Markdown.
        """
        found: dict[int, str | None] = {}
        for index, cell in enumerate(page.cells):
            if cell.inline:
                data = self.results[page.uri].outputs[index][0]["data"]
                found[index] = (
                    data["text/plain"] if set(data) == {"text/plain"} else None
                )
        return found

    def link(self, name: str, file: File) -> tuple[str, int] | None:
        """How the page `file` reaches a figure: its address, and its number."""
        if name not in self.figures:
            return None
        shown_by, figure = self.figures[name]
        target = get_relative_url(shown_by.src_uri, file.src_uri)
        return f"{target}#fig-{name}", figure["number"]

    def check_references(self, names: Sequence[str], file: File) -> None:
        """Refuse references to figures that no page shows.

        Raises:
            PageError: names the reference and its line.
        """
        if names and not self.broken:  # else a page that an author will mend shows them
            known = ", ".join(sorted(self.figures))
            place = place_of(f"@fig:{names[0]}", self.name(file), file.content_string)
            raise PageError(
                f"{place}: @fig:{names[0]} names no figure that a page shows; there are "
                f"{known}."
            )

    def gallery_figures(
        self, names: Sequence[str], where: str, address: Callable[[File], str]
    ) -> dict[str, tuple[str, dict[str, Any]]]:
        """For each figure of a gallery, the address of its page, and the figure.

        Raises:
            PageError: a figure that no page shows.
        """
        missing = [name for name in names if name not in self.figures]
        if missing and not self.broken:
            raise PageError(
                f"{where}: no page shows the registered figures {', '.join(missing)}. "
                f'Add show("{missing[0]}") to one, or delete it.'
            )
        return {
            name: (address(shown_by), figure)
            for name in names
            if name not in missing
            for shown_by, figure in [self.figures[name]]
        }
