"""From distances to similarities: each row relative to its own largest."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nwdocs.kernels import Floats, Kernel
from nwdocs.softmax import relative_exp

__all__ = ["BY_DISTANCE", "Heard", "Hidden", "nearest_distance", "relative_similarity"]

#: Pairs of a query and a key: a mask of shape (Q, K), or their rows and columns.
Hidden = NDArray[np.bool_] | tuple[NDArray[np.intp], NDArray[np.intp]] | None


class Heard(NamedTuple):
    """What else decides how far a query hears each key, besides its distance.

    Attributes:
        hidden: which pairs do not count: what indexes them in an array (Q, K).
        counts: how often each key counts, above 0, shape (K,) or (Q, K).
        nearest: distance of the nearest key that is not hidden, shape (Q, 1), where
            that is known already; `distance` must have it in the place of hidden pairs.
        gap: how much further than that each key is, shape (Q, K), where that is known
            better than by subtracting distances.
    """

    hidden: Hidden = None
    counts: Floats | None = None
    nearest: Floats | None = None
    gap: Floats | None = None


#: Each key is heard as its distance says.
BY_DISTANCE = Heard()


def relative_similarity(
    distance: Floats,
    kernel: Kernel,
    bandwidth: float | Floats,
    heard: Heard = BY_DISTANCE,
) -> Floats:
    """Similarities (Q, K), each row up to a factor of its own, which cancels.

    With a `log`, each row is taken relative to its nearest key, whose similarity
    becomes 1: no row is lost however small exp(-u²/2) would be. What a similarity
    keeps of its 16 digits depends on the rounding of the distances. For the Gaussian
    its relative error is about 1e-16 u², with u the scaled distance of the nearest
    key; given a `gap`, that error is gone.

    Args:
        distance: shape (Q, K), in the queries' units.
        kernel: the kernel.
        bandwidth: a number, or one for each query, shape (Q, 1).
        heard: what else decides.

    Raises:
        TypeError, ValueError: the kernel returned something other than one finite
            similarity of zero or more for each distance, or the logarithm of one.
    """
    hidden, counts, nearest, gap = heard
    if nearest is None:
        if hidden is not None:
            distance = distance.copy()
        nearest = nearest_distance(distance, hidden)
    if kernel.log is None:
        with np.errstate(over="ignore"):  # u = inf is just "out of reach"
            similarity = _checked(kernel(distance / bandwidth), distance.shape, kernel)
    elif kernel.log_ratio is not None and gap is not None:
        with np.errstate(over="ignore"):
            near = np.minimum(nearest / bandwidth, np.finfo(float).max)
            similarity = np.exp(kernel.log_ratio(gap / bandwidth, near))
    else:
        # A row's nearest key stays at u <= 1e150, so that its score is finite: any
        # narrower and it has all the weight already. Keys whose score overflows have
        # none.
        width = np.maximum(bandwidth, nearest * 1e-150)
        with np.errstate(over="ignore"):
            score, largest = kernel.log(distance / width), kernel.log(nearest / width)
        if kernel.log_ratio is None:  # not one of ours: it may be anything
            similarity = relative_exp(_checked_log(score, distance.shape, kernel))
        else:
            similarity = relative_exp(score, largest)
    if hidden is not None:
        similarity[hidden] = 0
    if counts is not None:
        similarity *= counts
    if counts is not None or (kernel.log is None and hidden is not None):
        # Relative to the largest that counts, again.
        peak = similarity.max(axis=1, keepdims=True)
        similarity /= np.where(peak > 0, peak, 1.0)
    return similarity


def nearest_distance(distance: Floats, hidden: Hidden = None) -> Floats:
    """Distance of each row's nearest key that is not hidden, (Q, 1); 0 without any.

    Hidden pairs are moved there, in `distance` itself, where they do no harm.
    """
    if hidden is not None:
        distance[hidden] = np.inf
    nearest = distance.min(axis=1, keepdims=True)
    if hidden is not None:
        nearest[np.isinf(nearest)] = 0.0
        rows = np.nonzero(hidden)[0] if isinstance(hidden, np.ndarray) else hidden[0]
        distance[hidden] = nearest[rows, 0]
    return nearest


def _checked(similarity: ArrayLike, shape: tuple[int, ...], kernel: Kernel) -> Floats:
    """What a kernel returned, once it is sure to be a similarity for each pair."""
    array = _real(similarity, shape, f"kernel {kernel.label}", "similarity")
    least, largest = array.min(), array.max()  # NaN if one is
    if not (np.isfinite(least) and np.isfinite(largest)):
        bad = array[~np.isfinite(array)]
        raise ValueError(
            f"kernel {kernel.label} must return finite similarities, got "
            f"{bad[0] if bad.size else largest}."
        )
    if least < 0:
        raise ValueError(
            f"kernel {kernel.label} must return similarities of zero or more, got "
            f"{least:g}."
        )
    peak = array.max(axis=1, keepdims=True)
    if ((peak == 1) | (peak == 0)).all():
        return array.copy()
    return array / np.where(peak > 0, peak, 1.0)  # before `counts` can overflow it


def _checked_log(score: ArrayLike, shape: tuple[int, ...], kernel: Kernel) -> Floats:
    """What a kernel's `log` returned, once it is sure to be logarithms."""
    array = _real(score, shape, f"the log of kernel {kernel.label}", "logarithm")
    largest = array.max(axis=1)  # NaN where one of the row is
    bad = np.isnan(largest) | (largest == np.inf)
    if bad.any():
        raise ValueError(
            f"the log of kernel {kernel.label} must return finite logarithms, or -inf "
            f"for none, got {largest[bad][0]}."
        )
    return array


def _real(result: ArrayLike, shape: tuple[int, ...], what: str, one: str) -> Floats:
    array = np.asarray(result)
    if array.dtype.kind not in "buif":
        raise TypeError(f"{what} must return real numbers, got dtype {array.dtype}.")
    if array.shape != shape:
        raise ValueError(
            f"{what} must return one {one} for each scaled distance, shape {shape}, "
            f"got {array.shape}. Write it with numpy functions, element by element."
        )
    return array.astype(np.float64, copy=False)
