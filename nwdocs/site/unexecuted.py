"""A Markdown extension that stops tools which would publish pages without their outputs.

mkdocs.yml lists it. The plugin that runs cells takes it off the list; a tool that reads
mkdocs.yml and not the plugin renders its first page with it, and ends there.
"""

import markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

__all__ = ["makeExtension"]

_WHY = (
    "This tool does not run the cells of the pages, so it would publish them without a "
    "figure or a number. Build the site with `make site`; or run `make markdown`, and this "
    "tool in build/markdown/."
)


class _Stop(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        raise RuntimeError(_WHY)


class _Unexecuted(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.preprocessors.register(_Stop(md), "nwdocs-unexecuted", 1000)


def makeExtension(**_: object) -> Extension:
    """Called by Python-Markdown."""
    return _Unexecuted()
