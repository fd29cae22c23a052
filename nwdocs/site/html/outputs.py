"""What a page shows of its cells' outputs: a writer for each type of output."""

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any, NamedTuple

from markdown import Markdown
from pymdownx.highlight import Highlight

from nwdocs.display import EXPLORER_MIME, GALLERY_MIME, MIME
from nwdocs.site.html.figures import figure_block, figure_data
from nwdocs.site.html.mathml import formula
from nwdocs.site.html.terminal import last_state, terminal_html
from nwdocs.site.pages import PageError

__all__ = [
    "WRITERS",
    "Context",
    "Output",
    "Writer",
    "error_block",
    "inline_html",
    "output_html",
]

Output = Mapping[str, Any]

_LONG = 40  # lines of text that are shown without a fold
_SEARCHED = 200  # lines that the search index takes
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}>")
_VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"),
    *("param", "source", "track", "wbr"),
}


class Context(NamedTuple):
    """What a writer must know of the page.

    Attributes:
        here: the page's URL.
        where: the cell's place, for a message.
        gallery: thumbnails of the figures with these names, as HTML.
        markdown: Markdown as HTML, with the page's own links and extensions.
    """

    here: str
    where: str
    gallery: Callable[[Sequence[str]], str]
    markdown: Callable[[str], str]


Writer = Callable[[Any, Output, Context], str]


def output_html(outputs: Sequence[Output], page: Context) -> str:
    """What a cell displayed and printed, as HTML.

    Raises:
        PageError: an output that no page can show; says what would do.
    """
    return "\n".join(_one(output, page) for output in outputs)


def inline_html(output: Output, page: Context) -> str:
    """The value of an inline expression that is more than text, within its sentence.

    Raises:
        PageError: an output that does not fit into a sentence.
    """
    data = output["data"]
    if "text/html" in data:
        return _html(data["text/html"], output, page)
    if "text/markdown" in data:
        shown = page.markdown(data["text/markdown"]).strip()
        return re.sub(r"\A<p>(.*)</p>\Z", r"\1", shown, flags=re.DOTALL)
    if "text/latex" in data:
        return formula(data["text/latex"], page.where, block=False)
    raise PageError(
        f"{page.where}: a value of the type {', '.join(data)} does not fit into a "
        "sentence. Show it in a cell of its own."
    )


def error_block(message: str) -> str:
    """An error as the author's own page shows it while it is being served."""
    return f'<div class="nw-error" role="alert"><pre>{html.escape(message)}</pre></div>'


def _one(output: Output, page: Context) -> str:
    match output["output_type"]:
        case "stream":
            return _stream(output)
        case "error":
            lines = "\n".join(output["traceback"])
            return _text(lines, "nw-output", "nw-raised")
    data = output["data"]
    for kind, write in WRITERS.items():
        if kind in data:
            return write(data[kind], output, page)
    raise PageError(
        f"{page.where}: an output that no page can show, of the type "
        f"{', '.join(data) or '(none)'}. Give it as text/plain, text/markdown or "
        "text/html, too."
    )


# --- A writer for each type -------------------------------------------------------------


def _explorer(value: Any, output: Output, page: Context) -> str:
    before, after = value
    return before + figure_block(figure_data(output["data"]), page.here) + after


def _figure(value: Any, output: Output, page: Context) -> str:
    figure = figure_data(output["data"])
    return f"{figure_block(figure, page.here)}\n{_script_of(figure['code'])}"


def _gallery(value: Any, output: Output, page: Context) -> str:
    return page.gallery(value)


def _markdown(value: str, output: Output, page: Context) -> str:
    return page.markdown(value)


def _latex(value: str, output: Output, page: Context) -> str:
    return formula(value, page.where, block=True)


def _html(value: str, output: Output, page: Context) -> str:
    check = _Balance()
    check.feed(value)
    check.close()
    if check.script:
        raise PageError(
            f"{page.where}: HTML with a script, which no page runs. Show a table or text"
            ' instead, or register a figure and end the cell with show("its-name").'
        )
    return value if check.balanced else _balanced(value)


def _html_block(value: str, output: Output, page: Context) -> str:
    return f'<div class="nw-html" tabindex="0">{_html(value, output, page)}</div>'


def _svg(value: str, output: Output, page: Context) -> str:
    return _unregistered(value, output, page)


def _picture(value: str, output: Output, page: Context) -> str:
    kind = next(kind for kind in _PICTURES if kind in output["data"])
    words = output.get("metadata", {})
    alt = words.get("alt") or words.get(kind, {}).get("alt")
    if not alt:
        return _unregistered(value, output, page)
    size = "".join(
        f' {side}="{words[kind][side]}"'
        for side in ("width", "height")
        if side in words.get(kind, {})
    )
    data = "".join(value.split())
    return f'<img src="data:{kind};base64,{data}" alt="{html.escape(alt)}"{size}>'


def _unregistered(value: str, output: Output, page: Context) -> str:
    raise PageError(
        f"{page.where}: an image without caption and alt text. Register it as a figure "
        'and end the cell with show("its-name"), or give it words: Image(…, alt="…").'
    )


def _json(value: Any, output: Output, page: Context) -> str:
    shown = json.dumps(value, indent=2, ensure_ascii=False)
    return _highlighted(shown, "json", ("nw-output",))


def _script(value: Any, output: Output, page: Context) -> str:
    raise PageError(
        f"{page.where}: an output that needs a script of its own, which no page runs. "
        'Register a figure and end the cell with show("its-name").'
    )


def _plain(value: str, output: Output, page: Context) -> str:
    if found := _ADDRESS.search(value):
        raise PageError(
            f"{page.where}: the cell's last value is shown as {value.strip()!r}, and its "
            f"address{found[0][2:-1]} is another in each build. End the line with a "
            "semicolon, or show something else of it."
        )
    return _text(value, "nw-output")


_PICTURES = ("image/png", "image/jpeg")

#: How each type is shown: of several, the first in this list that an output has.
WRITERS: Mapping[str, Writer] = {
    EXPLORER_MIME: _explorer,
    MIME: _figure,
    GALLERY_MIME: _gallery,
    "application/vnd.jupyter.widget-view+json": _script,
    "application/javascript": _script,
    "text/html": _html_block,
    "text/markdown": _markdown,
    "image/svg+xml": _svg,
    "text/latex": _latex,
    "image/png": _picture,
    "image/jpeg": _picture,
    "application/json": _json,
    "text/plain": _plain,
}


def _script_of(code: str) -> str:
    """The script of a figure, folded; a search finds the figure by its words instead."""
    shown = _highlighted(code.rstrip(), "python", ())
    return (
        '<details class="code" data-search-exclude><summary>Code</summary>\n'
        f"{shown}\n</details>"
    )


# --- Text ---------------------------------------------------------------------------------


def _stream(output: Output) -> str:
    classes = ["nw-output"]
    if output["name"] == "stderr":
        classes.append("nw-stderr")
    return _text(last_state(output["text"]), *classes)


def _text(text: str, *classes: str) -> str:
    text = text.rstrip()
    coloured = terminal_html(text)
    shown = _highlighted(coloured or text, "text", classes, raw=coloured is not None)
    lines = text.count("\n") + 1
    if lines > _SEARCHED:
        shown = shown.replace("<div ", "<div data-search-exclude ", 1)
    if lines > _LONG:
        return (
            f'<details class="nw-long"><summary>Output of {lines} lines</summary>\n'
            f"{shown}\n</details>"
        )
    return shown


def _highlighted(
    text: str, language: str, classes: Sequence[str], *, raw: bool = False
) -> str:
    if raw:
        names = " ".join([f"language-{language}", "highlight", *classes])
        return f'<div class="{names}"><pre><span></span><code>{text}</code></pre></div>'
    return str(
        Highlight(Markdown(), pygments_lang_class=True).highlight(
            text, language, "highlight", classes=list(classes)
        )
    )


# --- HTML that a cell wrote ------------------------------------------------------------


class _Balance(HTMLParser):
    """Whether each element is closed in its place, and whether there is a script."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.balanced = True
        self.script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        runs = any(
            name.startswith("on")
            or (value or "").strip().lower().startswith("javascript:")
            for name, value in attrs
        )
        self.script = self.script or tag == "script" or runs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.balanced = False

    def close(self) -> None:
        super().close()
        self.balanced = self.balanced and not self.open


def _balanced(markup: str) -> str:
    """HTML with its elements closed, as a browser reads it."""
    from bs4 import BeautifulSoup

    return str(BeautifulSoup(markup, "html.parser"))
