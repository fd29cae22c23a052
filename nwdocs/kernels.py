"""Similarity kernels: how much say a key gets, given how far away it is.

A kernel turns scaled offsets ``u = (query - key) / bandwidth``, of any shape, into
similarities of the same shape that peak at 1. The estimator normalises, so a constant
factor would cancel anyway.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from math import factorial, inf, nan, pi, sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "DECK_BANDWIDTHS",
    "DECK_KERNELS",
    "KERNELS",
    "Floats",
    "Kernel",
    "KernelLike",
    "biweight",
    "boxcar",
    "constant",
    "cosine",
    "epanechnikov",
    "gaussian",
    "laplace",
    "log_gaussian",
    "log_gaussian_ratio",
    "log_laplace",
    "log_laplace_ratio",
    "resolve_kernel",
    "triangular",
    "tricube",
]

Floats = NDArray[np.float64]


def gaussian(u: ArrayLike) -> Floats:
    """Bell curve, exp(-u²/2): smooth, fades with distance, has no edge.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: the deck's section on kernels.
    """
    return np.exp(log_gaussian(u))


def log_gaussian(u: ArrayLike) -> Floats:
    """Logarithm of the Gaussian, -u²/2: finite where the kernel underflows.

    Takes scaled offsets of any shape, returns an array of that shape.
    """
    return -0.5 * np.square(np.asarray(u, dtype=float))


def log_gaussian_ratio(gap: Floats, near: Floats) -> Floats:
    """Logarithm of K(near + gap) / K(near) for the Gaussian K, -gap (near + gap/2).

    The difference of two squares is never formed: of it, nothing would be left where
    both are huge. Takes scaled offsets that broadcast, of zero or more, and returns an
    array of their common shape.
    """
    ratio = gap * -0.5
    ratio -= near
    ratio *= gap
    return ratio


def boxcar(u: ArrayLike) -> Floats:
    """Hard window: 1 where |u| < 1, else 0. The edge itself is outside.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: the deck's section on kernels.
    """
    return (np.abs(np.asarray(u, dtype=float)) < 1).astype(float)


def constant(u: ArrayLike) -> Floats:
    """Ignore distance: 1 everywhere, so the estimate is the plain mean.

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


def epanechnikov(u: ArrayLike) -> Floats:
    """Parabola, max(1 - u², 0): of all kernels, the least error for large samples.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: Epanechnikov (1969).
    """
    return 1 - np.square(_clipped(u))


def biweight(u: ArrayLike) -> Floats:
    """Parabola squared, max(1 - u², 0)²: meets 0 without a corner.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: Tukey's biweight; Silverman (1986), table 3.1.
    """
    return np.square(epanechnikov(u))


def tricube(u: ArrayLike) -> Floats:
    """Flat top, steep sides, max(1 - |u|³, 0)³: the kernel of lowess.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: Cleveland (1979).
    """
    return _cube(1 - _cube(_clipped(u)))


def cosine(u: ArrayLike) -> Floats:
    """One arch of a cosine, cos(πu/2) where |u| < 1, else 0.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: as in scikit-learn's KernelDensity; R's density() calls it optcosine.
    """
    return boxcar(u) * np.cos(pi / 2 * _clipped(u))  # the box: cos(π/2) rounds above 0


def laplace(u: ArrayLike) -> Floats:
    """Two exponentials back to back, exp(-|u|): a sharp peak and long tails.

    Takes scaled offsets of any shape, returns similarities of that shape.
    Source: the double exponential density of Laplace (1774).
    """
    return np.exp(log_laplace(u))


def log_laplace(u: ArrayLike) -> Floats:
    """Logarithm of the Laplace kernel, -|u|: finite where the kernel underflows.

    Takes scaled offsets of any shape, returns an array of that shape.
    """
    return -np.abs(np.asarray(u, dtype=float))


def log_laplace_ratio(gap: Floats, near: Floats) -> Floats:
    """Logarithm of K(near + gap) / K(near) for the Laplace kernel K: -gap.

    Takes scaled offsets of zero or more, returns an array of the shape of `gap`.
    """
    return -gap


def _clipped(u: ArrayLike) -> Floats:
    """|u|, but 1 from there on: no power overflows, and 1 minus it is 0 beyond."""
    return np.minimum(np.abs(np.asarray(u, dtype=float)), 1)


def _cube(x: Floats) -> Floats:
    # numpy's ** 3 rounds a number alone and the same number in an array differently.
    return x * x * x


def _canonical(energy: float, variance: float) -> float:
    """(∫K² / (∫u²K)²)^(1/5) for the kernel K scaled to area 1."""
    return float((energy / variance**2) ** 0.2)


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel, plus the facts that pages, figures and tests read off it.

    Attributes:
        label: the name that a reader sees.
        support: similarity is exactly 0 for every ``|u| >= support``.
        formula: the function of u, as TeX.
        function: takes scaled offsets of any shape to similarities of that shape.
        log: its logarithm, never rising with ``|u|``; given where the kernel reaches 0
            only by underflow, so that the estimator can do without that underflow.
        canonical: the canonical bandwidth of Marron and Nolan (1988); NaN without one.
        deck: whether the deck shows it.
        log_ratio: takes `gap` and `near`, returns log K(near + gap) - log K(near)
            without the difference of two large numbers; goes with `log`.
        factor: coefficients of 1, ``|u|``, ``|u|²``, ...: where ``|u| < support`` the
            kernel is this polynomial to the `power`; given where sorted windows can sum
            it.
        power: of the factor. Near the edge the product of small factors keeps its
            digits, which a sum of the product's coefficients loses.
        aliases: what other packages call it, for hints.
    """

    label: str
    support: float
    formula: str
    function: Callable[[ArrayLike], Floats]
    log: Callable[[ArrayLike], Floats] | None = None
    canonical: float = nan
    deck: bool = False
    log_ratio: Callable[[Floats, Floats], Floats] | None = None
    factor: tuple[float, ...] | None = None
    power: int = 1
    aliases: tuple[str, ...] = ()

    def __call__(self, u: ArrayLike) -> Floats:
        """Similarities at the scaled offsets `u`, of the same shape."""
        return self.function(u)

    @property
    def polynomial(self) -> tuple[float, ...] | None:
        """The factor to its power, multiplied out; None without a factor."""
        return self.factor and _multiplied_out(self.factor, self.power)


@cache
def _multiplied_out(factor: tuple[float, ...], power: int) -> tuple[float, ...]:
    product = np.polynomial.polynomial.polypow(factor, power)
    return tuple(product.tolist())


#: cos(πu/2) on [-1, 1] to the last bit: its Taylor series, whose rest is below 1e-17.
_COSINE_SERIES = tuple(
    0.0 if k % 2 else (-1) ** (k // 2) * (pi / 2) ** k / factorial(k) for k in range(22)
)

#: Every kernel of the site: the deck's four in its order, then others of standing.
#: Pages, figures, the command line and the tests iterate this mapping; nothing else
#: lists kernels.
KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        "gaussian": Kernel(
            "Gaussian",
            inf,
            r"\exp(-\tfrac{1}{2} u^2)",
            gaussian,
            log_gaussian,
            canonical=_canonical(energy=1 / (2 * sqrt(pi)), variance=1),
            deck=True,
            log_ratio=log_gaussian_ratio,
            aliases=("rbf", "normal", "squared exponential", "radial"),
        ),
        "boxcar": Kernel(
            "Boxcar",
            1.0,
            r"\mathbf{1}[\,|u| < 1\,]",
            boxcar,
            canonical=_canonical(energy=1 / 2, variance=1 / 3),
            deck=True,
            factor=(1,),
            aliases=("tophat", "uniform", "rectangular", "box", "window"),
        ),
        "constant": Kernel(
            "Constant", inf, "1", constant, deck=True, aliases=("mean", "flat")
        ),
        "triangular": Kernel(
            "Triangular",
            1.0,
            r"\max(1 - |u|,\, 0)",
            triangular,
            canonical=_canonical(energy=2 / 3, variance=1 / 6),
            deck=True,
            factor=(1, -1),
            aliases=("linear", "tent", "bartlett"),
        ),
        "epanechnikov": Kernel(
            "Epanechnikov",
            1.0,
            r"\max(1 - u^2,\, 0)",
            epanechnikov,
            canonical=_canonical(energy=3 / 5, variance=1 / 5),
            factor=(1, 0, -1),
            aliases=("parabolic", "quadratic"),
        ),
        "biweight": Kernel(
            "Biweight",
            1.0,
            r"\max(1 - u^2,\, 0)^2",
            biweight,
            canonical=_canonical(energy=5 / 7, variance=1 / 7),
            factor=(1, 0, -1),
            power=2,
            aliases=("quartic", "bisquare"),
        ),
        "tricube": Kernel(
            "Tricube",
            1.0,
            r"\max(1 - |u|^3,\, 0)^3",
            tricube,
            canonical=_canonical(energy=175 / 247, variance=35 / 243),
            factor=(1, 0, 0, -1),
            power=3,
            aliases=("lowess", "loess"),
        ),
        "cosine": Kernel(
            "Cosine",
            1.0,
            r"\cos(\tfrac{\pi}{2} u)\,\mathbf{1}[\,|u| < 1\,]",
            cosine,
            canonical=_canonical(energy=pi**2 / 16, variance=1 - 8 / pi**2),
            factor=_COSINE_SERIES,
            aliases=("optcosine",),
        ),
        "laplace": Kernel(
            "Laplace",
            inf,
            r"\exp(-|u|)",
            laplace,
            log_laplace,
            canonical=_canonical(energy=1 / 4, variance=2),
            log_ratio=log_laplace_ratio,
            aliases=("exponential", "laplacian", "double exponential"),
        ),
    }
)

#: A registered kernel's name, a kernel, or any function of scaled distances.
KernelLike = str | Kernel | Callable[[Floats], ArrayLike]


def resolve_kernel(kernel: KernelLike) -> Kernel:
    """The `Kernel` that a name, a kernel or a function of scaled distances stands for.

    Raises:
        ValueError: a name that is not registered; the message says which comes near.
        TypeError: neither a name nor something that can be called.
    """
    if isinstance(kernel, Kernel):
        return kernel
    if isinstance(kernel, str):
        if kernel not in KERNELS:
            raise ValueError(
                f"kernel must be one of {', '.join(KERNELS)}, or a function of scaled "
                f"distances, got {kernel!r}.{_hint(kernel)}"
            )
        return KERNELS[kernel]
    if not callable(kernel):
        raise TypeError(
            f"kernel must be a name ({', '.join(KERNELS)}), a Kernel, or a function of "
            f"scaled distances, got {kernel!r}."
        )
    for known in KERNELS.values():  # so that `gaussian` itself keeps its logarithm
        if kernel is known.function:
            return known
    function = kernel
    name = getattr(function, "__name__", type(function).__name__)
    return Kernel(name, inf, "", lambda u: np.asarray(function(np.asarray(u))))


def _hint(name: str) -> str:
    """The registered name that is spelt nearly so, or is known elsewhere as `name`."""
    names = {
        known: registered
        for registered, kernel in KERNELS.items()
        for known in (registered, *kernel.aliases)
    }
    near = get_close_matches(name.lower().replace("_", " "), names, n=1)
    return f" Did you mean {names[near[0]]!r}?" if near else ""


#: The deck's own four, which its pages and figures show.
DECK_KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {name: kernel for name, kernel in KERNELS.items() if kernel.deck}
)

#: The widths at which the deck draws the Gaussian.
DECK_BANDWIDTHS = (0.1, 0.2, 0.5, 1.0)
