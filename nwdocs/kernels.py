"""Similarity kernels: how much say a key gets, given how far away it is.

A kernel turns scaled offsets ``u = (query - key) / bandwidth``, of any shape, into
similarities of the same shape that peak at 1. The estimator normalises, so a constant
factor would cancel anyway.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "KERNELS",
    "Floats",
    "Kernel",
    "boxcar",
    "constant",
    "gaussian",
    "log_gaussian",
    "triangular",
]

Floats = NDArray[np.float64]


def gaussian(u: ArrayLike) -> Floats:
    """Bell curve, exp(-u²/2): smooth, fades with distance, has no edge.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: the deck's section on kernels.
    """
    return np.exp(log_gaussian(u))


def log_gaussian(u: ArrayLike) -> Floats:
    """Logarithm of the Gaussian kernel, -u²/2: finite where the kernel underflows.

    Takes scaled offsets of any shape, returns an array of that shape.
    """
    return -0.5 * np.square(np.asarray(u, dtype=float))


def boxcar(u: ArrayLike) -> Floats:
    """Hard window: 1 where |u| < 1, else 0. The edge itself is outside.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: the deck's section on kernels.
    """
    return (np.abs(np.asarray(u, dtype=float)) < 1).astype(float)


def constant(u: ArrayLike) -> Floats:
    """Ignore distance: 1 everywhere, so the estimate is the mean of the values.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: the deck's section on kernels.
    """
    return np.ones_like(np.asarray(u, dtype=float))


def triangular(u: ArrayLike) -> Floats:
    """Tent, max(1 - |u|, 0): falls in a straight line to 0 at |u| = 1.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: the deck's section on kernels.
    """
    return np.maximum(1 - np.abs(np.asarray(u, dtype=float)), 0)


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel, plus the facts that pages, figures and tests read off it.

    Attributes:
        label: the name that a reader sees.
        support: similarity is exactly 0 for every ``|u| >= support``.
        formula: the function of u, as TeX.
        function: scaled offsets of any shape -> similarities of the same shape.
        log: its logarithm, never rising with ``|u|``; given where the kernel reaches 0
            only by underflow, so that the estimator can do without that underflow.
    """

    label: str
    support: float
    formula: str
    function: Callable[[ArrayLike], Floats]
    log: Callable[[ArrayLike], Floats] | None = None

    def __call__(self, u: ArrayLike) -> Floats:
        """Similarities at the scaled offsets `u`, of the same shape."""
        return self.function(u)


#: Every kernel of the site, in the deck's order. Pages, figures, the command line and
#: the tests iterate this mapping; nothing else lists kernels.
KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        "gaussian": Kernel(
            "Gaussian", inf, r"\exp(-\tfrac{1}{2} u^2)", gaussian, log_gaussian
        ),
        "boxcar": Kernel("Boxcar", 1.0, r"\mathbf{1}[\,|u| < 1\,]", boxcar),
        "constant": Kernel("Constant", inf, "1", constant),
        "triangular": Kernel("Triangular", 1.0, r"\max(1 - |u|,\, 0)", triangular),
    }
)
