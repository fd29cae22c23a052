"""What a change does to the figures as readers see them: for a reviewer.

Takes two folders as `make figures` fills them, and compares the SVGs. Other bytes need
not be another picture: a new version of a library may write the same one otherwise. So
where bytes differ, a browser draws both, light and dark. It hides their text: readers
see that in a font of their own, so it is compared as words in places. And it counts the
marks of each look: one dot of a hundred is little of a picture, but a number of the data.
"""

import argparse
import difflib
import html
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from matplotlib.testing.compare import compare_images
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from nwdocs.site.chromium import chromium_path

__all__ = [
    "TOLERANCE",
    "Comparison",
    "NoBrowser",
    "compare",
    "main",
    "report",
    "summary",
]

#: Root mean square difference, of 255, up to which drawings look the same. Measured, with
#: the blur below: matplotlib 3.11 puts legends elsewhere than 3.10, by 0.4 to 0.8 pixels,
#: and differs by up to 0.27. One dot of the largest scatter, moved by 4 pixels, makes
#: 0.37; a curve, moved by a pixel, 0.59; a curve in another colour, 0.65. Of 24 figures,
#: one is reported for that version: its legend moved by 1.4 pixels, which makes 1.0.
TOLERANCE = 0.3

#: In pixels. Without it, an edge that shifts by a fraction of a pixel weighs as much as a
#: dot that moves (0.77 and 0.99): no tolerance would tell them apart.
_BLUR = 2

#: Pixels by which text may move unnoticed; between matplotlib 3.10 and 3.11 it was 1.4.
_NUDGE = 2.0

#: What an address of a figure ends in to show it light, and to show it dark.
_SCHEMES = ("", "#only-dark")

_LAYOUT = "body { margin: 0 } svg { display: block }"
_DRAWING_ALONE = f"svg {{ filter: blur({_BLUR}px) }} svg text {{ visibility: hidden }}"
_TEXTS = """svg => [...svg.querySelectorAll("text")].map(text => {
  const { left, top, right, bottom } = text.getBoundingClientRect()
  const { fill, font } = getComputedStyle(text)
  return [text.textContent, `${fill} ${font}`, [left, top, right, bottom]]
})"""

_MARKS = """svg => {
  const counts = {}
  for (const mark of svg.querySelectorAll("path, use, image, rect, circle, line")) {
    if (mark.closest("defs, clipPath")) continue
    const { fill, stroke } = getComputedStyle(mark)
    const kind = `${mark.localName}, fill ${fill}, stroke ${stroke}`
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}"""


class NoBrowser(RuntimeError):
    """There is no Chromium that could draw the figures."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of one figure.

    Attributes:
        name: the figure's.
        changes: what readers see of it: new, removed, or some of size, drawing, marks,
            text and alt text; nothing, if it looks the same.
        rms: root mean square difference of the drawings, of 255; none where it was not
            measured, because the bytes are the same or the sizes are not.
        before: the SVG, if there was one.
        after: the SVG, if there is one.
        difference: of the drawings, as PNG, if they changed.
        notes: the marks that are more or fewer; the words that went (-), came (+), moved
            or look otherwise.
        scheme: what to end the address of the SVG in to see the change.
    """

    name: str
    changes: tuple[str, ...] = ()
    rms: float | None = None
    before: bytes = b""
    after: bytes = b""
    difference: bytes = b""
    notes: tuple[str, ...] = ()
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class _Text:
    words: str
    look: str  # its colour and font
    edges: Sequence[float]

    def moved(self, other: "_Text") -> bool:
        pairs = zip(self.edges, other.edges, strict=True)
        return any(abs(a - b) > _NUDGE for a, b in pairs)


@dataclass(frozen=True, slots=True)
class _Look:
    """What readers get of a figure in one scheme."""

    alt: str
    texts: list[_Text]
    marks: dict[str, int]  # how many there are of each look
    drawing: bytes

    @property
    def size(self) -> tuple[int, int]:
        with Image.open(BytesIO(self.drawing)) as image:
            return image.size


def compare(base: Path, head: Path) -> list[Comparison]:
    """Compare each figure of the folders `base` and `head`, by name.

    `base` may be empty: the figures could not be drawn there, or were not thought of.

    Raises:
        FileNotFoundError: a folder is missing, or `head` holds no figure as SVG.
        NoBrowser: a figure's bytes differ, and there is nothing to draw it with.
    """
    if not base.is_dir():
        raise FileNotFoundError(f"there is no folder {base}")
    before, after = _figures(base), _figures(head)
    if not after:
        raise FileNotFoundError(
            f"{head} holds no figure as SVG; draw them there with "
            "nwdocs figures --format svg --out FOLDER"
        )
    both = before.keys() & after.keys()
    differ = sorted(name for name in both if before[name] != after[name])
    found = [Comparison(name) for name in both.difference(differ)]
    for name in before.keys() - both:
        found.append(Comparison(name, ("removed",), before=before[name]))
    for name in after.keys() - both:
        found.append(Comparison(name, ("new",), after=after[name]))
    if differ:
        with _empty_page() as page:
            found += [
                _compare(page, name, before[name], after[name]) for name in differ
            ]
    return sorted(found, key=lambda comparison: comparison.name)


def _figures(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in folder.glob("*.svg")}


@contextmanager
def _empty_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
        if path is None:
            raise NoBrowser(
                "some figures have other bytes, and there is no Chromium to see whether "
                "they look different. Get one with `make browser`, or set CHROMIUM to "
                "the path of one."
            )
        browser = playwright.chromium.launch(executable_path=path)
        yield browser.new_page()
        browser.close()


def _compare(page: Page, name: str, before: bytes, after: bytes) -> Comparison:
    """Compare two files of a figure in the scheme in which they differ most."""
    found = [
        _judge(name, scheme, _look(page, before, scheme), _look(page, after, scheme))
        for scheme in _SCHEMES
    ]
    most = max(found, key=lambda each: (len(each.changes), each.rms or 0))
    return replace(most, before=before, after=after)


def _look(page: Page, svg: bytes, scheme: str) -> _Look:
    page.set_content(f"<style>{_LAYOUT}</style>{svg.decode()}")
    page.evaluate("scheme => { location.hash = scheme }", scheme)
    figure = page.locator("svg")
    texts = [_Text(*text) for text in figure.evaluate(_TEXTS)]
    marks = figure.evaluate(_MARKS)
    page.add_style_tag(content=_DRAWING_ALONE)
    alt = figure.get_attribute("aria-label") or ""
    return _Look(alt, texts, marks, figure.screenshot())


def _judge(name: str, scheme: str, before: _Look, after: _Look) -> Comparison:
    resized = before.size != after.size
    rms, difference = None, b""
    if not resized:
        rms, difference = _difference(before.drawing, after.drawing)
    redrawn = rms is not None and rms > TOLERANCE
    marks = _mark_notes(before.marks, after.marks)
    texts = _text_notes(before.texts, after.texts)
    alts = _word_notes([before.alt], [after.alt])
    kinds = {
        **{"size": resized, "drawing": redrawn, "marks": marks},
        **{"text": texts, "alt text": alts},
    }
    return Comparison(
        name,
        tuple(kind for kind, changed in kinds.items() if changed),
        rms,
        difference=difference if redrawn else b"",
        notes=(*marks, *texts, *alts),
        scheme=scheme,
    )


def _difference(before: bytes, after: bytes) -> tuple[float, bytes]:
    """Of two PNGs of one size: how much, and a PNG of where."""
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder) / "before.png", Path(folder) / "after.png"
        old.write_bytes(before)
        new.write_bytes(after)
        found = compare_images(str(old), str(new), 0, in_decorator=True)
        if found is None:
            return 0.0, b""
        return float(found["rms"]), Path(str(found["diff"])).read_bytes()


def _mark_notes(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    return [
        f"{before.get(kind, 0)} → {after.get(kind, 0)} of {kind}"
        for kind in sorted(before.keys() | after.keys())
        if before.get(kind, 0) != after.get(kind, 0)
    ]


def _text_notes(before: list[_Text], after: list[_Text]) -> list[str]:
    words = _word_notes([t.words for t in before], [t.words for t in after])
    if words:
        return words
    pairs = list(zip(before, after, strict=True))
    moved = [f"moved: {a.words}" for a, b in pairs if a.moved(b)]
    restyled = [
        f"other colour or font: {a.words}" for a, b in pairs if a.look != b.look
    ]
    return moved + restyled


def _word_notes(before: list[str], after: list[str]) -> list[str]:
    lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))
    return [f"{line[0]} {line[1:]}" for line in lines[2:] if line[0] in "-+"]


def summary(comparisons: Sequence[Comparison]) -> str:
    """A Markdown table of what changed, for a pull request's summary."""
    lines = ["## Figures", ""]
    changed = [c for c in comparisons if c.changes]
    if not changed:
        lines.append(f"No figure changed ({len(comparisons)} compared).")
    else:
        lines.append(f"{len(changed)} of {len(comparisons)} figures changed.")
        if all(c.changes == ("new",) for c in comparisons):
            lines.append(
                "There is no figure to compare with: the base has none, or could not "
                "draw them. So all are new."
            )
        lines += [
            "",
            "| Figure | What changed | RMS difference (of 255) |",
            "| :-- | :-- | --: |",
        ]
        lines += [f"| {c.name} | {', '.join(c.changes)} | {_rms(c)} |" for c in changed]
    if alike := _alike(comparisons):
        lines += ["", alike]
    return "\n".join(lines) + "\n"


def _alike(comparisons: Sequence[Comparison]) -> str:
    alike = [c.rms for c in comparisons if not c.changes and c.rms is not None]
    if not alike:
        return ""
    return f"Other bytes, but the same to the eye: {len(alike)} (RMS up to {max(alike):.2g})."


def report(comparisons: Sequence[Comparison]) -> str:
    """One self-contained HTML page: before, after, difference side by side."""
    sections = "".join(_section(c) for c in comparisons if c.changes)
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'><title>Figures compared"
        "</title><style>:root{color-scheme:light dark}"
        "body{font:16px/1.5 system-ui,sans-serif;margin:2rem}"
        "div{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(18rem,"
        "1fr))}figure{margin:0}img{border:1px solid GrayText;max-width:100%}"
        "pre{white-space:pre-wrap}</style>"
        f"<h1>Figures compared</h1>{sections or '<p>No figure changed.</p>'}"
        f"<p>{_alike(comparisons)}</p></html>\n"
    )


def _section(c: Comparison) -> str:
    svg = "data:image/svg+xml;base64,{}" + c.scheme
    pictures = {
        "before": (svg, c.before),
        "after": (svg, c.after),
        "difference": ("data:image/png;base64,{}", c.difference),
    }
    name = html.escape(c.name)
    shown = "".join(
        f"<figure><figcaption>{title}</figcaption><img alt='{name}, {title}' "
        f"src='{address.format(b64encode(picture).decode())}'></figure>"
        for title, (address, picture) in pictures.items()
        if picture
    )
    notes = html.escape("\n".join(c.notes))
    return (
        f"<section><h2>{name}: {', '.join(c.changes)}</h2>"
        f"<p>RMS difference of the drawings: {_rms(c)} of 255</p><div>{shown}</div>"
        f"{notes and f'<pre>{notes}</pre>'}</section>"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 whatever changed, 2 if it cannot be told."""
    parser = argparse.ArgumentParser(prog="python -m nwdocs.site.review.compare")
    parser.add_argument("base", type=Path, help="folder of figures before the change")
    parser.add_argument("head", type=Path, help="folder of figures after it")
    parser.add_argument("--out", type=Path, default=Path("build/compare"))
    options = parser.parse_args(arguments)
    try:
        comparisons = compare(options.base, options.head)
    except (FileNotFoundError, NoBrowser) as error:
        print(f"compare: {error}", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "index.html").write_text(report(comparisons), encoding="utf-8")
    (options.out / "summary.md").write_text(summary(comparisons), encoding="utf-8")
    print(summary(comparisons), end="")
    return 0


def _rms(comparison: Comparison) -> str:
    return "–" if comparison.rms is None else f"{comparison.rms:.2g}"


if __name__ == "__main__":
    sys.exit(main())
