"""Every figure of the site, by name: pages, the command line and the tests draw these."""

# Importing a module registers its figures; readers meet them in this order.
# isort: off
from nwdocs.figures import deck  # noqa: F401
from nwdocs.figures import study  # noqa: F401
from nwdocs.figures import bandwidth  # noqa: F401
from nwdocs.figures import bands  # noqa: F401
from nwdocs.figures import uneven  # noqa: F401
from nwdocs.figures import learned  # noqa: F401
from nwdocs.figures import dimension  # noqa: F401
from nwdocs.figures import shared_kernel  # noqa: F401
from nwdocs.figures import repeated  # noqa: F401
from nwdocs.figures import scale  # noqa: F401
from nwdocs.figures import patches  # noqa: F401
from nwdocs.figures import classes  # noqa: F401
from nwdocs.figures import house  # noqa: F401

# isort: on
from nwdocs.figures.explorer import Explorable, explorable
from nwdocs.figures.film import Film, film
from nwdocs.figures.plane import Plane, plane
from nwdocs.figures.registry import (
    FIGURES,
    Drawing,
    Rendered,
    gallery,
    number,
    show,
)

__all__ = [
    "FIGURES",
    "Drawing",
    "Explorable",
    "Film",
    "Plane",
    "Rendered",
    "explorable",
    "film",
    "gallery",
    "number",
    "plane",
    "show",
]
