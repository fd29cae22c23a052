"""From fixed to learned attention: the Gaussian as softmax, and its width as a parameter.

Nothing here is approximate. Expanding the square in the Gaussian's exponent turns
Nadaraya-Watson into the attention of today's networks, with one term more; and once the
width stands in a formula, a gradient can choose it.
"""

import warnings
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.bandwidth import BandwidthWarning
from nwdocs.checks import as_floats, check_array, check_positive, check_training_set
from nwdocs.distances import check_dimensions
from nwdocs.kernels import Floats, log_gaussian
from nwdocs.optimise import Descent, descend
from nwdocs.score_checks import check_scores, fitting_inputs
from nwdocs.softmax import softmax

__all__ = [
    "LossAndGradient",
    "dot_product_attention",
    "gaussian_as_softmax",
    "implied_bandwidth",
    "key_norm_bias",
    "learn_width",
    "width_loss",
    "width_weights",
]


def dot_product_attention(
    queries: Floats,
    keys: Floats,
    values: Floats,
    *,
    scale: float | None = None,
    bias: ArrayLike = 0.0,
    mask: ArrayLike | None = None,
    empty: Literal["raise", "nan"] = "raise",
) -> tuple[Floats, Floats]:
    """Attention as in a transformer: softmax(scale · q·k + bias) · v.

    Args:
        queries: shape (..., Q, d). Leading axes are attentions side by side.
        keys: shape (..., K, d).
        values: shape (..., K) or (..., K, m), with as many leading axes as the keys.
        scale: what dot products are multiplied by; 1/√d unless told.
        bias: added to the scores, a number or what broadcasts to (..., Q, K).
        mask: True where a key may be heard, what broadcasts to (..., Q, K).
        empty: what to do with a query that the mask, or a bias of -inf, leaves without
            any key: "raise", or "nan" for NaN in that row alone.

    Returns:
        Estimates, shape (..., Q) or (..., Q, m), and weights, shape (..., Q, K).

    Raises:
        TypeError: entries that are no real numbers; a bias of booleans; a mask of
            anything else.
        ValueError: shapes that do not fit, or scores that are not finite.
        EmptyNeighbourhoodError: a query is left without any key and `empty` is "raise".

    Source: Vaswani et al. (2017), equation 1; bias and mask are the two kinds of
    `attn_mask` of PyTorch's `scaled_dot_product_attention`.
    """
    q, k, v, added = fitting_inputs(queries, keys, values, bias, mask)
    if scale is None:
        scale = q.shape[-1] ** -0.5
    scores = scale * (q @ k.swapaxes(-1, -2)) + added
    weights = softmax(check_scores(scores, empty))
    estimates = weights @ v  # (..., Q, m)
    single = np.ndim(values) < k.ndim
    return estimates[..., 0] if single else estimates, weights


def gaussian_as_softmax(
    queries: ArrayLike, keys: ArrayLike, values: ArrayLike, *, bandwidth: float = 1.0
) -> tuple[Floats, Floats]:
    """Nadaraya-Watson with the Gaussian, computed as dot-product attention.

    -‖q - k‖²/2σ² = q·k/σ² - ‖k‖²/2σ² - ‖q‖²/2σ². The last term is the same for every
    key, so the softmax cancels it. What is left is a dot product scaled by 1/σ², and a
    bias for each key.

    Args:
        queries: shape (Q,) or (Q, d).
        keys: shape (K,) or (K, d).
        values: shape (K,) or (K, m).
        bandwidth: σ, in the keys' units.

    Returns:
        What `nadaraya_watson` returns, to rounding. Rounding is relative to ‖k‖²/σ²:
        far from the origin, or with a narrow σ, distances are the safer way.

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; also a bandwidth so narrow that
            dot products of scaled points are beyond float64.
    """
    k, v = check_training_set(keys, values)
    q = check_array("queries", queries, rows="query")
    h = check_positive("bandwidth", bandwidth)
    check_dimensions(q, k)
    with np.errstate(over="ignore"):
        q, k = (a.reshape(len(a), -1) / h for a in (q, k))
        largest = max(float(np.abs(a).max()) for a in (q, k))
        if not largest < 1e150 / k.shape[1]:
            raise ValueError(
                f"bandwidth must be wide enough for dot products of points up to "
                f"{largest * h:g}, got {h:g}. Use nadaraya_watson, which measures "
                "distances."
            )
    return dot_product_attention(q, k, v, scale=1.0, bias=key_norm_bias(k, 1.0))


def key_norm_bias(keys: Floats, bandwidth: float) -> Floats:
    """-‖k‖²/2σ² for each key (..., K, d), shape (..., K).

    A long key is no nearer for its length. Without the bias a dot product favours long
    keys; where all have one length it is the same for all, and cancels.
    """
    return np.asarray(-np.square(keys / bandwidth).sum(axis=-1) / 2)


def implied_bandwidth(dimensions: int) -> float:
    """The σ of the usual 1/√d scaling, since 1/σ² = 1/√d: the fourth root of d."""
    return float(dimensions**0.25)


#: Of labels of at most 1, the change of the loss with log σ that is mere rounding.
_FLAT = 1e-13


class LossAndGradient(NamedTuple):
    """A loss, and how it changes with each parameter."""

    loss: Floats  # (...,)
    gradient: Floats  # (..., parameters)


def width_weights(queries: Floats, keys: Floats, log_widths: Floats) -> Floats:
    """Gaussian attention in which a key may have a width of its own.

    Args:
        queries: shape (..., Q).
        keys: shape (..., K).
        log_widths: shape (..., K), or (..., 1) for one width.

    Returns:
        Weights, shape (..., Q, K). Leading axes are data sets side by side. Keys are
        told apart up to 1e150 widths away.
    """
    return softmax(_scores(queries, keys, log_widths))


def width_loss(
    keys: Floats, values: Floats, log_widths: Floats, *, leave_out: bool = True
) -> LossAndGradient:
    """Mean squared error on the labels, and its gradient by log σ.

    With scores a_ij = -(x_i - x_j)²/2σ_j² and weights w = softmax(a), the chain rule is
    short: ∂a_ij/∂log σ_j = -2 a_ij, and ∂ŷ_i/∂a_ij = w_ij (y_j - ŷ_i). So a key's width
    grows where its label is on the side to which the estimates should move.

    Args:
        keys: shape (..., n); leading axes are data sets side by side.
        values: shape (..., n).
        log_widths: shape (..., n), or (..., 1) for one width that all keys share.
        leave_out: whether label i is kept out of its own prediction.

    Returns:
        The loss, shape (...,), and its gradient, of the shape of `log_widths`.
    """
    n = keys.shape[-1]
    scores = _scores(keys, keys, log_widths)
    if leave_out:
        scores[..., range(n), range(n)] = -np.inf
    weights = softmax(scores)
    if log_widths.shape[-1] == 1:  # what a row's scores have in common cancels
        scores -= scores.max(axis=-1, keepdims=True)
    if leave_out:
        scores[..., range(n), range(n)] = 0.0  # of weight 0: no part in it
    fitted = (weights @ values[..., None])[..., 0]
    residual = values - fitted
    by_width = values[..., None, :] - fitted[..., :, None]
    by_width *= weights  # ∂ŷ_i/∂a_ij
    by_width *= scores
    by_width *= -2  # ∂ŷ_i/∂log σ_j
    gradient = (-2 / n) * (residual[..., None, :] @ by_width)[..., 0, :]
    if log_widths.shape[-1] == 1:
        gradient = gradient.sum(axis=-1, keepdims=True)
    return LossAndGradient(np.square(residual).mean(axis=-1), gradient)


def learn_width(
    keys: Floats,
    values: Floats,
    *,
    start: ArrayLike = 1.0,
    steps: int = 300,
    rate: float = 0.1,
    leave_out: bool = True,
) -> Descent:
    """Choose the Gaussian's width by gradient descent on `width_loss`.

    Args:
        keys: shape (..., n).
        values: shape (..., n), in any unit: the widths do not depend on it.
        start: widths to begin with, a number for one that all keys share, or anything
            that fits (..., n) for a width for each key.
        steps: how many.
        rate: the first step, as a change in log σ.
        leave_out: as for `width_loss`.

    Returns:
        The logarithms of the widths, and the losses, along the way.

    Raises:
        TypeError: entries that are no real numbers.
        ValueError: arrays that do not fit or are not finite; a start that is not
            positive, or at which the loss is flat, so that there is nothing to follow.

    Warns:
        BandwidthWarning: a shared width ended narrower than 0.4 of the smallest gap
            between keys, or wider than four times the largest: the descent found a
            plateau, not a valley.
    """
    k, v = _side_by_side(keys, values)
    begin = as_floats("start", start)
    if not (np.isfinite(begin) & (begin > 0)).all():
        raise ValueError(f"start must be positive and finite, got {start!r}. Try 1.0.")
    shared = begin.ndim == 0
    log_start = np.broadcast_to(
        np.log(begin), (*k.shape[:-1], 1) if shared else k.shape
    )
    # A power of two, so that nothing is rounded: no loss over- or underflows.
    unit = np.exp2(np.frexp(np.abs(v).max(axis=-1, keepdims=True))[1] - 1.0)
    labels = v / unit
    labels -= labels[..., :1]  # a constant changes no residual, and costs digits

    def objective(log_widths: Floats) -> LossAndGradient:
        return width_loss(k, labels, log_widths, leave_out=leave_out)

    _check_start(objective(log_start), begin, k)
    descent = descend(objective, log_start, steps=steps, rate=rate)
    if shared and leave_out:
        _warn_of_plateaus(np.exp(descent.final[..., 0]), k)
    with np.errstate(over="ignore", under="ignore"):
        return descent._replace(losses=descent.losses * np.square(unit[..., 0]))


def _side_by_side(keys: Floats, values: Floats) -> tuple[Floats, Floats]:
    k, v = as_floats("keys", keys), as_floats("values", values)
    if k.shape != v.shape or not k.ndim or k.shape[-1] < 3:
        raise ValueError(
            f"keys and values must have one shape (..., n) with n >= 3, got {k.shape} "
            f"and {v.shape}."
        )
    for name, array in (("keys", k), ("values", v)):
        if not np.isfinite(array).all():
            raise ValueError(f"{name} must be finite. Drop or fill the others first.")
    return k, v


def _check_start(at: LossAndGradient, start: Floats, keys: Floats) -> None:
    steepness = np.abs(at.gradient).sum(axis=-1)
    flat = ~(steepness > _FLAT) & ~(at.loss == 0)  # with NaN for what cannot be told
    if flat.any():
        low, high = _gaps(keys)
        raise ValueError(
            f"start must be a width at which the loss changes, got {start!s:.40}: it is "
            f"too {'narrow' if start.min() < low.min() else 'wide'}. Keys are from "
            f"{low.min():g} to {high.max():g} apart; start in between."
        )


def _warn_of_plateaus(widths: Floats, keys: Floats) -> None:
    low, high = _gaps(keys)
    astray = (widths < 0.4 * low) | (widths > 4 * high)
    if astray.any():
        warnings.warn(
            f"learn_width ended at {widths[astray].flat[0]:.3g}, where keys from "
            f"{low.min():g} to {high.max():g} apart can no longer tell widths apart: "
            "it is no minimum. Start elsewhere, or use select_bandwidth.",
            BandwidthWarning,
            stacklevel=3,
        )


def _gaps(keys: Floats) -> tuple[Floats, Floats]:
    """Smallest gap between unequal keys (..., n), and largest distance, (...,)."""
    gaps = np.diff(np.sort(keys, axis=-1), axis=-1)
    return np.where(gaps > 0, gaps, np.inf).min(axis=-1), gaps.sum(axis=-1)


def _scores(queries: Floats, keys: Floats, log_widths: Floats) -> Floats:
    scaled = queries[..., :, None] - keys[..., None, :]
    # A key so far away has no weight; 0 times an infinite score would be NaN.
    with np.errstate(over="ignore"):
        scaled *= np.exp(np.minimum(-log_widths, 709))[..., None, :]
        return np.maximum(log_gaussian(scaled), -1e300)
