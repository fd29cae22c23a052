"""What a change does to the figures: before, after and difference, for a reviewer.

Takes two folders as `make figures` fills them. Pixels are compared, not the text of the
SVG: a new version of a library may write the same picture in other words. A difference
too small for an eye is told apart from none and from a real one.
"""

import argparse
import html
import shutil
import sys
import tempfile
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.testing.compare import compare_images
from matplotlib.testing.exceptions import ImageComparisonFailure

__all__ = ["Comparison", "compare", "main", "report", "summary"]

#: Root mean square difference, of 255, up to which pictures look the same: an edge that
#: is smoothed otherwise stays below it, a line that moves by a pixel does not.
TOLERANCE = 0.5

_SEEN = {"changed", "resized", "added", "removed"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of one figure.

    Attributes:
        name: the figure's.
        verdict: identical, alike (not the same, but to the eye), changed, resized,
            added or removed.
        rms: root mean square difference of the pixels, of 255, where it was measured.
        images: PNG bytes by title: before, after, difference; what there is of them.
    """

    name: str
    verdict: str
    rms: float | None
    images: dict[str, bytes]


def compare(base: Path, head: Path) -> list[Comparison]:
    """Compare each figure of the folders `base` and `head`, by name.

    Raises:
        FileNotFoundError: a folder is missing or holds no figure as PNG.
    """
    for folder in (base, head):
        if not any(folder.glob("*.png")):
            raise FileNotFoundError(
                f"{folder} holds no figure as PNG; draw them there with "
                "nwdocs figures --format png --out FOLDER"
            )
    names = {path.stem for folder in (base, head) for path in folder.glob("*.png")}
    return [_compare(name, base, head) for name in sorted(names)]


def _compare(name: str, base: Path, head: Path) -> Comparison:
    before, after = base / f"{name}.png", head / f"{name}.png"
    images = {
        title: path.read_bytes()
        for title, path in (("before", before), ("after", after))
        if path.exists()
    }
    if len(images) == 1:
        verdict = "added" if "after" in images else "removed"
        return Comparison(name, verdict, None, images)
    if images["before"] == images["after"]:
        return Comparison(name, "identical", 0.0, images)
    with tempfile.TemporaryDirectory() as scratch:
        # matplotlib writes the difference beside the picture that it compares.
        copy = Path(scratch) / after.name
        shutil.copy(after, copy)
        try:
            found = compare_images(str(before), str(copy), 0, in_decorator=True)
        except (ImageComparisonFailure, ValueError):  # pictures of different size
            return Comparison(name, "resized", None, images)
        if found is None:
            return Comparison(name, "identical", 0.0, images)
        images["difference"] = Path(str(found["diff"])).read_bytes()
    rms = float(found["rms"])
    return Comparison(name, "changed" if rms > TOLERANCE else "alike", rms, images)


def summary(comparisons: Sequence[Comparison]) -> str:
    """A Markdown table of what changed, for a pull request's summary."""
    lines = ["## Figures", ""]
    seen = [c for c in comparisons if c.verdict in _SEEN]
    alike = [c for c in comparisons if c.verdict == "alike"]
    if not seen:
        lines.append(f"No figure changed ({len(comparisons)} compared).")
    else:
        lines.append(f"{len(seen)} of {len(comparisons)} figures changed.")
        lines += [
            "",
            "| Figure | What | RMS difference (of 255) |",
            "| :-- | :-- | --: |",
        ]
        lines += [f"| {c.name} | {c.verdict} | {_rms(c)} |" for c in seen]
    if alike:
        listed = ", ".join(f"{c.name} ({_rms(c)})" for c in alike)
        lines += ["", f"Not the same pixels, but the same to the eye: {listed}."]
    return "\n".join(lines) + "\n"


def report(comparisons: Sequence[Comparison]) -> str:
    """One self-contained HTML page: before, after, difference side by side."""
    sections = []
    for c in comparisons:
        if c.verdict == "identical":
            continue
        pictures = "".join(
            f"<figure><figcaption>{title}</figcaption><img alt='{html.escape(c.name)}, "
            f"{title}' src='data:image/png;base64,{b64encode(image).decode()}'></figure>"
            for title, image in c.images.items()
        )
        sections.append(
            f"<section><h2>{html.escape(c.name)}: {c.verdict}</h2>"
            f"<p>RMS difference: {_rms(c)} of 255</p><div>{pictures}</div></section>"
        )
    body = "".join(sections) or "<p>No figure changed.</p>"
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'><title>Figures compared"
        "</title><style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem}"
        "div{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(18rem,"
        "1fr))}figure{margin:0}img{border:1px solid #ccc;max-width:100%}</style>"
        f"<h1>Figures compared</h1>{body}</html>\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 whatever changed, 2 if there is nothing to compare."""
    parser = argparse.ArgumentParser(prog="python -m nwdocs.builder.compare")
    parser.add_argument("base", type=Path, help="folder of figures before the change")
    parser.add_argument("head", type=Path, help="folder of figures after it")
    parser.add_argument("--out", type=Path, default=Path("build/compare"))
    options = parser.parse_args(arguments)
    try:
        comparisons = compare(options.base, options.head)
    except FileNotFoundError as error:
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
