"""From fixed to learned attention: the Gaussian as softmax, and its width as a parameter.

Nothing here is approximate. Expanding the square in the Gaussian's exponent turns
Nadaraya-Watson into the attention of today's networks, with one term more; and once the
width stands in a formula, a gradient can choose it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nwdocs.checks import check_array, check_positive, check_training_set
from nwdocs.kernels import Floats
from nwdocs.optimise import Descent, descend

__all__ = [
    "LossAndGradient",
    "dot_product_attention",
    "gaussian_as_softmax",
    "implied_bandwidth",
    "key_norm_bias",
    "learn_width",
    "softmax",
    "width_loss",
    "width_weights",
]


def softmax(scores: Floats) -> Floats:
    """Positive shares that sum to 1 along the last axis: exp, then normalise.

    Takes scores of any shape, returns an array of that shape. Shares are taken relative
    to the largest, so that no score is too large.
    """
    shares = scores - scores.max(axis=-1, keepdims=True)
    np.exp(shares, out=shares)  # in place: training spends its time here
    shares /= shares.sum(axis=-1, keepdims=True)
    return shares


def dot_product_attention(
    queries: Floats,
    keys: Floats,
    values: Floats,
    *,
    scale: float | None = None,
    bias: Floats | float = 0.0,
) -> tuple[Floats, Floats]:
    """Attention as in a transformer: softmax(scale · q·k + bias) · v.

    Args:
        queries: shape (Q, d).
        keys: shape (K, d).
        values: shape (K,) or (K, m).
        scale: what dot products are multiplied by; 1/√d unless told.
        bias: added to the scores, a number or of shape (K,) or (Q, K).

    Returns:
        Estimates, shape (Q,) or (Q, m), and weights, shape (Q, K).

    Source: Vaswani et al. (2017), equation 1; the bias as in PyTorch's
    `scaled_dot_product_attention`.
    """
    if scale is None:
        scale = queries.shape[1] ** -0.5
    weights = softmax(scale * (queries @ keys.T) + bias)
    return weights @ values, weights


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
        TypeError, ValueError: as `nadaraya_watson`.
    """
    k, v = check_training_set(keys, values)
    q = check_array("queries", queries, rows="query")
    h = check_positive("bandwidth", bandwidth)
    q, k = (a.reshape(len(a), -1) for a in (q, k))
    return dot_product_attention(q, k, v, scale=h**-2, bias=key_norm_bias(k, h))


def key_norm_bias(keys: Floats, bandwidth: float) -> Floats:
    """-‖k‖²/2σ² for each key (K, d), shape (K,).

    A long key is no nearer for its length. Without the bias a dot product favours long
    keys; where all have one length it is the same for all, and cancels.
    """
    return np.asarray(-np.square(keys).sum(axis=1) / (2 * bandwidth**2))


def implied_bandwidth(dimensions: int) -> float:
    """The σ of the usual 1/√d scaling, since 1/σ² = 1/√d: the fourth root of d."""
    return float(dimensions**0.25)


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
        Weights, shape (..., Q, K). Leading axes are data sets side by side.
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
        values: shape (..., n).
        start: widths to begin with, a number for one that all keys share, or anything
            that fits (..., n) for a width for each key.
        steps: how many.
        rate: the first step, as a change in log σ.
        leave_out: as for `width_loss`.

    Returns:
        The logarithms of the widths, and the losses, along the way.
    """
    shared = np.ndim(start) == 0
    shape = (*keys.shape[:-1], 1) if shared else keys.shape
    log_start = np.broadcast_to(np.log(np.asarray(start, dtype=float)), shape)
    return descend(
        lambda log_widths: width_loss(keys, values, log_widths, leave_out=leave_out),
        log_start,
        steps=steps,
        rate=rate,
    )


def _scores(queries: Floats, keys: Floats, log_widths: Floats) -> Floats:
    scores = queries[..., :, None] - keys[..., None, :]
    scores *= np.exp(-log_widths)[..., None, :]
    np.square(scores, out=scores)
    scores *= -0.5
    return scores
