"""A figure on a page: its picture, caption and downloads; and the gallery of figures."""

import html
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mkdocs.utils import get_relative_url

from nwdocs.display import MIME
from nwdocs.site.html.typography import keep_together

__all__ = [
    "DOWNLOADS",
    "PLACE",
    "THUMBNAILS",
    "Outputs",
    "figure_block",
    "figure_data",
    "figures_in",
    "files_of",
    "gallery",
    "one_block",
    "picture_size",
    "with_pictures",
]

#: What a reader can take of a figure: the file's ending, and what it is called.
DOWNLOADS = {"svg": "SVG", "png": "PNG", "csv": "CSV", "py": "code"}

#: Where the gallery's pictures are.
THUMBNAILS = "assets/thumbnails"

#: What a cell displayed and printed, as nbformat has it.
Outputs = Sequence[Mapping[str, Any]]

# Where a picture goes when all else that reads a page has read it: thousands of elements
# that neither Markdown nor the search index can make anything of.
PLACE = re.compile("<!--\ue000picture ([a-z0-9-]+)\ue001-->")


def figures_in(outputs: Sequence[Outputs]) -> list[dict[str, Any]]:
    """The figures that a page's cells displayed, in order."""
    return [
        figure_data(output["data"])
        for cell in outputs
        for output in cell
        if MIME in output.get("data", {})
    ]


def files_of(figure: Mapping[str, Any]) -> dict[str, str | bytes]:
    """What the site holds of a figure beside its page, by path."""
    path = f"figures/{figure['name']}"
    return {
        f"{THUMBNAILS}/{figure['name']}.svg": figure["thumbnail"],
        f"{path}.svg": figure["svg"],
        f"{path}.png": b64decode(figure["png"]),
        f"{path}.csv": figure["csv"],
        f"{path}.py": figure["code"],
    }


def figure_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """A figure as its page needs it, from the MIME types of one output."""
    return data[MIME] | {"svg": data["image/svg+xml"]}


def figure_block(figure: Mapping[str, Any], here: str) -> str:
    """A figure for the page whose URL is `here`, without its picture."""
    identity = f"fig-{figure['name']}"
    description = ""
    if figure["description"]:
        description = (
            f"<details><summary>Description of the figure</summary>"
            f"<p>{html.escape(figure['description'])}</p></details>"
        )
    return one_block(
        f'<figure class="nw-figure" id="{identity}">{_place(figure["name"])}'
        f"<figcaption><p>{_numbered(figure, f'#{identity}')}</p>{description}"
        f"{_take_away(figure, here)}</figcaption></figure>"
    )


def with_pictures(page: str, figures: Sequence[Mapping[str, Any]]) -> str:
    """The finished page with its pictures in their places."""
    pictures = {figure["name"]: figure["inline"] for figure in figures}
    shown: Counter[str] = Counter()

    def picture(match: re.Match[str]) -> str:
        name = match[1]
        shown[name] += 1
        svg = pictures[name]
        if shown[name] > 1:  # its parts need names of their own
            svg = re.sub(rf'(id="|#){name}-', rf"\g<1>{name}-{shown[name]}-", svg)
        return _stackable(svg)

    return PLACE.sub(picture, page)


def _place(name: str) -> str:
    # No page may have these two characters.
    return f"<!--\ue000picture {name}\ue001-->"


def picture_size(svg: str) -> tuple[int, int]:
    """Width and height of one of our pictures, in CSS pixels."""
    size = re.search(r'width="(\d+)" height="(\d+)"', svg)
    assert size
    return int(size[1]), int(size[2])


def gallery(
    figures: Mapping[str, tuple[str, Mapping[str, Any]]],
    names: Sequence[str],
    here: str,
) -> str:
    """Thumbnails of `names`; `figures` has for each its page's URL and its data."""
    cards = []
    for name in names:
        url, figure = figures[name]
        target = html.escape(get_relative_url(f"{url}#fig-{name}", here))
        image = get_relative_url(f"{THUMBNAILS}/{name}.svg", here)
        width, height = picture_size(figure["thumbnail"])
        alt = html.escape(figure["alt"])
        # Material shows one of the two by scheme; the file reads its own fragment.
        images = "".join(
            f'<img src="{image}#only-{scheme}" alt="{alt}" width="{width}" '
            f'height="{height}" loading="lazy">'
            for scheme in ("light", "dark")
        )
        cards.append(
            f'<li id="thumb-{name}" style="--ratio:{width / height:.2f}">'
            f'<a href="{target}">{images}</a>'
            f"<p>{_numbered(figure, target)}</p>{_take_away(figure, here)}</li>"
        )
    return f'<ul class="nw-gallery">{"".join(cards)}</ul>'


def _stackable(svg: str) -> str:
    """The inline picture, told how tall it is in one column, and how low in one row."""
    width, height = picture_size(svg)
    down = [int(dy) for dy in re.findall(r"--dy:(\d+)px", svg)]
    up = [int(ry) for ry in re.findall(r"--ry:-(\d+)px", svg)]
    kind = "nw-panels" if len(down) > 1 else "nw-single"
    kind += " nw-row" if up else ""
    style = f"--w:{width};--h:{height};--more:{max(down, default=0)}"
    style += f";--up:{max(up)}" if up else ""
    # In one column the picture is taller than what it was drawn as: that begins on top.
    attributes = f'class="nw-svg {kind}" style="{style}" preserveAspectRatio="xMinYMin"'
    return svg.replace("<svg ", f"<svg {attributes} ", 1)


def _numbered(figure: Mapping[str, Any], target: str) -> str:
    return (
        f'<a class="nw-number" href="{target}">Figure {figure["number"]}</a> '
        f"{keep_together(html.escape(figure['caption']))}"
    )


def _take_away(figure: Mapping[str, Any], here: str) -> str:
    base = get_relative_url(f"figures/{figure['name']}", here)
    links = " · ".join(
        f'<a href="{base}.{ending}" download '
        f'aria-label="{label} of figure {figure["number"]}">{label}</a>'
        for ending, label in DOWNLOADS.items()
    )
    return f'<p class="nw-take" data-search-exclude>Take it away: {links}</p>'


def one_block(markup: str) -> str:
    """`markup` without empty lines, at which Python-Markdown ends a block of HTML."""
    return re.sub(r"\n\s*\n+", "\n", markup.strip())
