"""An executed page's outputs as Markdown that needs no MkDocs: figures are files.

It is the counterpart of `nwdocs.site.html`, which writes the same for the site.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, relpath
from typing import Any

import yaml

from nwdocs.display import EXPLORER_MIME, GALLERY_MIME, MIME
from nwdocs.site.html import outputs
from nwdocs.site.html.figures import DOWNLOADS, figure_data, one_block, picture_size
from nwdocs.site.html.outputs import WRITERS, Output, output_html
from nwdocs.site.html.terminal import last_state
from nwdocs.site.pages import PageError

__all__ = [
    "Context",
    "gallery",
    "inline_markdown",
    "link_names",
    "output_markdown",
    "with_front_matter",
    "with_references",
    "without_controls",
    "without_links",
]

_MARKED = re.compile(r"([\\`*_{}\[\]#$])")
_NAMED = re.compile(r"\[([^\]]+)\]\[(nwdocs(?:\.\w+)+)\]")
_VIEW = re.compile(r"(\]\([\w./-]*)\?[^)#\s]*")
_LIVE = re.compile(
    r"^(?:#+ .*\{ #(?P<id>[\w-]+)|(?:[^#\n].*\n)+\{) \.nw-live \}\n", re.MULTILINE
)
_OTHER_SENSE = re.compile(r'<span class="nw-other-sense">(.*?)</span>', re.DOTALL)
_LEAD = re.compile(r"^\{ \.nw-(?:lead|folded) \}\n", re.MULTILINE)
_EXPLORER = re.compile(r'<nw-explorer id="(\w+)"')
# A reference to a figure; or code, in which there is none.
_REFERENCE = re.compile(
    r"(?P<fence>^(?P<ticks>`{3,}|~{3,}).*?^(?P=ticks)|(?P<span>`+)(?!`).+?(?P=span))"
    r"|@fig:(?P<name>[a-z0-9-]+)",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a writer must know of the page.

    Attributes:
        here: the page's file.
        where: the cell's place, for a message.
        gallery: pictures of the figures with these names, as Markdown.
    """

    here: str
    where: str
    gallery: Callable[[Sequence[str]], str]


def output_markdown(outputs: Sequence[Output], page: Context) -> str:
    """What a cell displayed and printed, as Markdown blocks.

    Raises:
        PageError: an output that no page can show.
    """
    return "\n\n".join(_one(output, page) for output in outputs)


def inline_markdown(output: Output, page: Context) -> str:
    """The value of an inline expression, as Markdown within its sentence.

    Raises:
        PageError: an output that does not fit into a sentence.
    """
    data = output["data"]
    if "text/html" in data:
        return str(data["text/html"])
    if "text/markdown" in data:
        return str(data["text/markdown"]).strip()
    if "text/latex" in data:
        return str(data["text/latex"]).strip()
    if "text/plain" in data:
        return str(data["text/plain"])
    raise PageError(
        f"{page.where}: a value of the type {', '.join(data)} does not fit into a "
        "sentence. Show it in a cell of its own."
    )


def with_references(
    markdown: str, link: Callable[[str], tuple[str, int] | None]
) -> str:
    """Markdown in which each ``@fig:name`` is a link; one in code stays as it is."""

    def reference(match: re.Match[str]) -> str:
        found = match["name"] and link(match["name"])
        return f"[Figure {found[1]}]({found[0]})" if found else match[0]

    return _REFERENCE.sub(reference, markdown)


def gallery(
    figures: Mapping[str, tuple[str, Mapping[str, Any]]],
    names: Sequence[str],
    here: str,
) -> str:
    """A list of `names`; `figures` has for each its page's file and its data."""
    items = []
    for name in names:
        uri, figure = figures[name]
        target = f"{_relative(uri, here)}#fig-{name}"
        items.append(
            f"-   [{_picture(figure, here)}]({target})\n\n"
            f"    {_caption(figure, target)}\n\n    {_take_away(figure, here)}"
        )
    return "\n\n".join(items)


def link_names(markdown: str, anchors: Mapping[str, str], here: str) -> str:
    """`markdown` with references to the package's names, ``[text][name]``, as links.

    Args:
        markdown: of a page.
        anchors: for each name, the file and anchor that documents it.
        here: the page's file.

    Returns:
        The same, in which a name without an anchor has left its text alone.
    """

    def link(match: re.Match[str]) -> str:
        text, name = match.groups()
        if name not in anchors:
            return text
        uri, _, anchor = anchors[name].partition("#")
        return f"[{text}]({_relative(uri, here)}#{anchor})"

    return _NAMED.sub(link, markdown)


def without_controls(markdown: str, *, views: bool = False) -> str:
    """`markdown` without what it says of an explorable's controls, or to our glossary.

    Where a heading was, its address stays.

    Args:
        markdown: of a page.
        views: whether links lead to the view of an explorable that they name; else they
            lead to its figure.
    """

    def place(match: re.Match[str]) -> str:
        return f'<a id="{match["id"]}"></a>\n' if match["id"] else ""

    markdown = _LEAD.sub("", _OTHER_SENSE.sub(r"\1", markdown))
    markdown = _LIVE.sub(place, markdown)
    return markdown if views else _VIEW.sub(r"\1", markdown)


def without_links(markdown: str, targets: Sequence[str]) -> str:
    """`markdown` in which links to these files have left their words."""
    if not targets:
        return markdown
    named = "|".join(map(re.escape, targets))
    link = re.compile(rf"\[([^\]]+)\]\((?:\.\./)*(?:{named})\)(?:\{{[^}}]*\}})?")
    return link.sub(r"\1", markdown)


def with_front_matter(markdown: str, title: str, description: str) -> str:
    """A page's text under a header that any generator understands."""
    header = yaml.safe_dump(
        {"title": title, "description": description},
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )
    return f"---\n{header}---\n\n{markdown.strip()}\n"


def _one(output: Output, page: Context) -> str:
    match output["output_type"]:
        case "stream":
            return _fenced(last_state(output["text"]), "text")
        case "error":
            return _fenced("\n".join(output["traceback"]), "text")
    data = output["data"]
    for kind in WRITERS:  # in the order in which the site chooses
        if kind in data and kind in _MARKDOWN:
            return _MARKDOWN[kind](data[kind], output, page)
    output_html([output], _for_the_site(page))  # refuses the output, and says why
    raise AssertionError(f"an output that the site shows and this does not: {data}")


def _for_the_site(page: Context) -> outputs.Context:
    return outputs.Context(page.here, page.where, page.gallery, lambda text: text)


def _shown_figure(value: Any, output: Output, page: Context) -> str:
    before, _ = output["data"].get(EXPLORER_MIME, ("", ""))
    explorable = _EXPLORER.search(before)
    return _figure(figure_data(output["data"]), page.here, explorable and explorable[1])


def _as_on_the_site(value: Any, output: Output, page: Context) -> str:
    return output_html([output], _for_the_site(page))


def _fenced(text: str, language: str) -> str:
    ticks = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", text))])
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


_MARKDOWN: Mapping[str, Callable[[Any, Output, Context], str]] = {
    EXPLORER_MIME: _shown_figure,
    MIME: _shown_figure,
    GALLERY_MIME: lambda names, _, page: page.gallery(names),
    "text/html": lambda value, _, page: one_block(f"<div>{value}</div>"),
    "text/markdown": lambda value, _, page: str(value).strip(),
    "text/latex": lambda value, _, page: str(value).strip(),
    "image/png": _as_on_the_site,
    "image/jpeg": _as_on_the_site,
    "application/json": lambda value, _, page: _fenced(
        json.dumps(value, indent=2, ensure_ascii=False), "json"
    ),
    "text/plain": lambda value, _, page: _fenced(value, "text"),
}


def _figure(figure: Mapping[str, Any], here: str, anchor: str | None = None) -> str:
    """A figure; `anchor` is another name by which links know it."""
    identity = f"fig-{figure['name']}"
    place = f'<a id="{anchor}"></a>' if anchor else ""
    words = [_caption(figure, f"#{identity}")]
    if figure["description"]:
        words.append(_escape(figure["description"]))
    words.append(_take_away(figure, here))
    # Blank lines let generators that know no markdown="1" read the inside, too.
    return (
        f'<figure id="{identity}" markdown="1">\n\n{place}{_picture(figure, here)}\n\n'
        '<figcaption markdown="1">\n\n'
        + "\n\n".join(words)
        + "\n\n</figcaption>\n\n</figure>"
    )


def _picture(figure: Mapping[str, Any], here: str) -> str:
    image = _relative(f"figures/{figure['name']}.svg", here)
    width, height = picture_size(figure["svg"])
    size = f'{{ width="{width}" height="{height}" }}'
    return f"![{_escape(figure['alt'])}]({image}){size}"


def _caption(figure: Mapping[str, Any], target: str) -> str:
    return f"[Figure {figure['number']}]({target}) {_escape(figure['caption'])}"


def _take_away(figure: Mapping[str, Any], here: str) -> str:
    base = _relative(f"figures/{figure['name']}", here)
    links = (f"[{label}]({base}.{ending})" for ending, label in DOWNLOADS.items())
    return f"Take it away: {' · '.join(links)}"


def _relative(uri: str, here: str) -> str:
    return relpath(uri, dirname(here) or ".")


def _escape(words: str) -> str:
    """Text that Markdown shows as it is."""
    words = " ".join(words.split()).replace("&", "&amp;").replace("<", "&lt;")
    return _MARKED.sub(r"\\\1", words)
