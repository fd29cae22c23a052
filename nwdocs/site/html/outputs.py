"""The outputs of a page's cells, as Markdown blocks with HTML in them."""

import html
import re
from textwrap import indent

from nwdocs.display import EXPLORER_MIME, GALLERY_MIME, MIME
from nwdocs.site.html.figures import Outputs, figure_block, figure_data, one_block
from nwdocs.site.pages import PageError

__all__ = ["error_block", "output_markdown"]


def output_markdown(outputs: Outputs, *, here: str, where: str) -> str:
    """What a cell displayed and printed, as Markdown blocks.

    Raises:
        PageError: an image that is not a registered figure, so has no words with it; an
            output of a type that no page can show.
    """
    blocks = []
    for output in outputs:
        if output["output_type"] == "stream":
            blocks.append(_text(output["text"]))
            continue
        data = output["data"]
        if EXPLORER_MIME in data:
            before, after = data[EXPLORER_MIME]
            blocks.append(before + figure_block(figure_data(data), here) + after)
        elif MIME in data:
            figure = figure_data(data)
            blocks += [figure_block(figure, here), _fold_code(figure["code"])]
        elif GALLERY_MIME in data:
            blocks.append(f"<!-- {GALLERY_MIME} -->")
        elif "text/markdown" in data:
            blocks.append(data["text/markdown"].strip())
        elif "text/html" in data:
            blocks.append(f"<div>{one_block(data['text/html'])}</div>")
        elif any(kind.startswith("image/") for kind in data):
            raise PageError(
                f"{where}: an image without caption and alt text. Register it as a "
                'figure and end the cell with show("its-name").'
            )
        elif "text/plain" in data:
            blocks.append(_text(data["text/plain"]))
        else:
            raise PageError(
                f"{where}: an output that no page can show, of the type "
                f"{', '.join(data) or '(none)'}. Give it as text/plain, text/markdown "
                "or text/html, too."
            )
    return "\n\n".join(blocks)


def error_block(message: str) -> str:
    """An error as the author's own page shows it while it is being served."""
    return f'<div class="nw-error" role="alert"><pre>{html.escape(message)}</pre></div>'


def _fold_code(code: str) -> str:
    """The script of a figure, folded; a search finds the figure by its words instead."""
    fence = f'```{{ .python data-search-exclude="" }}\n{code.rstrip()}\n```'
    return f'??? code "Code"\n\n{indent(fence, "    ")}'


def _text(text: str) -> str:
    ticks = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", text))])
    return f"{ticks} {{ .text .nw-output }}\n{text.rstrip()}\n{ticks}"
