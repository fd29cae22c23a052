"""An executed page's outputs as Markdown that needs no MkDocs: figures are files.

It is the counterpart of `nwdocs.site.html`, which writes the same for the site.
"""

import re
from collections.abc import Mapping, Sequence
from posixpath import dirname, relpath
from typing import Any

import yaml

from nwdocs.display import EXPLORER_MIME, MIME
from nwdocs.site.html.figures import DOWNLOADS, Outputs, figures_in, picture_size
from nwdocs.site.html.outputs import output_markdown as site_markdown

__all__ = [
    "gallery",
    "link_names",
    "output_markdown",
    "with_front_matter",
    "without_controls",
]

_MARKED = re.compile(r"([\\`*_{}\[\]#$])")
_NAMED = re.compile(r"\[([^\]]+)\]\[(nwdocs(?:\.\w+)+)\]")
_VIEW = re.compile(r"(\]\([\w./-]*)\?[^)#\s]*")
_LIVE = re.compile(
    r"^(?:#+ .*\{ #(?P<id>[\w-]+)|(?:[^#\n].*\n)+\{) \.nw-live \}\n", re.MULTILINE
)
_OTHER_SENSE = re.compile(r'<span class="nw-other-sense">(.*?)</span>', re.DOTALL)
_EXPLORER = re.compile(r'<nw-explorer id="(\w+)"')
_OUTPUT_FENCE = re.compile(r"^(`{3,}) \{ \.text \.nw-output \}$", re.MULTILINE)


def output_markdown(outputs: Outputs, *, here: str, where: str) -> str:
    """What a cell displayed and printed, on the page whose file is `here`.

    Raises:
        PageError: an image that is not a registered figure, so has no words with it.
    """
    plain = [_plain(output, here) for output in outputs]
    text = site_markdown(plain, here=here, where=where)
    return _OUTPUT_FENCE.sub(r"\1text", text)


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


def without_controls(markdown: str) -> str:
    """`markdown` without what it says of an explorable's controls, or to our glossary.

    Links to a view of one lead to its figure; where a heading was, its address stays.
    """

    def place(match: re.Match[str]) -> str:
        return f'<a id="{match["id"]}"></a>\n' if match["id"] else ""

    markdown = _OTHER_SENSE.sub(r"\1", markdown)
    return _VIEW.sub(r"\1", _LIVE.sub(place, markdown))


def with_front_matter(markdown: str, title: str, description: str) -> str:
    """A page's text under a header that any generator understands."""
    header = yaml.safe_dump(
        {"title": title, "description": description},
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )
    return f"---\n{header}---\n\n{markdown.strip()}\n"


def _plain(output: Mapping[str, Any], here: str) -> Mapping[str, Any]:
    data = output.get("data", {})
    if MIME not in data:
        return output
    before, _ = data.get(EXPLORER_MIME, ("", ""))
    explorable = _EXPLORER.search(before)
    figure = _figure(figures_in([[output]])[0], here, explorable and explorable[1])
    return {"output_type": "display_data", "data": {"text/markdown": figure}}


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
