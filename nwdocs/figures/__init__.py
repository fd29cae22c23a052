"""Every figure of the site, by name: pages, the command line and the tests draw these."""

from nwdocs.figures import deck  # noqa: F401  (importing registers its figures)
from nwdocs.figures.registry import (
    FIGURES,
    Drawing,
    Rendered,
    gallery,
    number,
    show,
)

__all__ = ["FIGURES", "Drawing", "Rendered", "gallery", "number", "show"]
