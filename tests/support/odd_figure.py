"""A figure whose words hold all that Markdown reads as its own."""

from nwdocs.display import MIME
from nwdocs.site.export.plain import Context, output_markdown

#: Words that Markdown would read as its own.
WORDS = "a*b*c, [d](e) _f_ `g` x<y & &lt; #h {i} $j$ \\k"


def shown_figure(here: str, **more: object) -> str:
    """The figure as Markdown on the page `here`, with `more` MIME types beside it."""
    figure = {
        "name": "odd",
        "number": 7,
        "caption": WORDS,
        "alt": WORDS,
        "description": "A longer account.",
    }
    svg = '<svg width="10" height="20"></svg>'
    output = {
        "output_type": "display_data",
        "data": {MIME: figure, "image/svg+xml": svg, **more},
    }
    return output_markdown([output], Context(here, "", "".join))
