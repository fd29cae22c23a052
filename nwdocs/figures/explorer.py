"""The explorable: data, estimate and attention weights that a reader can touch.

A page's cell ends with ``explorable()``. What it shows is a custom element with all that
the browser needs to know (the theme's explorer.js brings it to life) around the build's
own static figure, which remains for print and where there is no JavaScript.
"""

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import floor, log10
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from nwdocs.attention import nadaraya_watson
from nwdocs.bandwidth import BandwidthWarning, select_bandwidth
from nwdocs.checks import check_count, check_nonnegative, check_positive
from nwdocs.data import DOMAIN, TYPICAL_SEED, SyntheticData, synthetic_data, truth
from nwdocs.display import EXPLORER_MIME, MIME
from nwdocs.figures.deck import POINT_AREA, WEIGHT_AREA
from nwdocs.figures.palette import TOKENS
from nwdocs.figures.registry import show
from nwdocs.figures.style import COLOURMAP
from nwdocs.kernels import DECK_BANDWIDTHS, KERNELS, Floats, resolve_kernel
from nwdocs.measures import effective_keys, rmse

__all__ = ["Explorable", "explorable", "static_figure"]

#: What a reader can set, from where to where. Labels reach past any sample's.
_LIMITS = {
    "sigma": (0.05, 5.0),
    "noise": (0.0, 2.0),
    "points": (10, 400),
    "x": DOMAIN,
    "y": (-10.0, 15.0),
}
_QUERIES = 200
_PER_UNIT = 40  # so that every fourth query is one of the deck's tenths
_FIGURE = "idea"


@dataclass(frozen=True)
class Explorable:
    """An explorable, ready to be displayed.

    Attributes:
        id: the element's id, and the prefix of its part of the page's URL.
        payload: what the browser is told, as JSON types.
    """

    id: str
    payload: Mapping[str, Any]

    def _repr_html_(self) -> str:
        before, after = self._element()
        figure = static_figure()[MIME]
        return (
            f'{before}<figure class="nw-figure">{figure["inline"]}'
            f"<figcaption>{figure['caption']}</figcaption></figure>{after}"
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        # The site's build puts its figure, with number and downloads, between the two.
        return {
            **static_figure(),
            "text/html": self._repr_html_(),
            EXPLORER_MIME: self._element(),
        }

    def _element(self) -> tuple[str, str]:
        # A < in a script could end it early; as \u003c it is the same JSON.
        data = json.dumps(self.payload, separators=(",", ":")).replace("<", "\\u003c")
        return (
            f'<div class="nw-explorable"><nw-explorer id="{self.id}">'
            f'<script type="application/json">{data}</script>',
            "</nw-explorer></div>",
        )


def explorable(
    kernel: str = "gaussian",
    bandwidth: float = 0.5,
    *,
    query: float = 2.0,
    n: int = 40,
    noise: float = 1.0,
    seed: int = TYPICAL_SEED,
    id: str = "explore",
) -> Explorable:
    """An explorable of `synthetic_data`; as a cell's last expression, the page shows it.

    A link to ``?explore.sigma=0.1#explore`` on its page opens it at that bandwidth. The
    other names are kernel, query, noise, points, seed (of samples drawn in the browser;
    0 is this one), step (of the guided ones, from 1) and edits.

    Args:
        kernel: a name in `KERNELS`.
        bandwidth: from 0.05 to 5, in the inputs' units.
        query: from 0 to 5; the nearest of the 200 that the heatmap shows is taken.
        n: how many points, from 10 to 400.
        noise: standard deviation of the labels' noise, from 0 to 2.
        seed: of the data.
        id: of the element; another for each explorable on a page.

    Returns:
        What a cell displays: the element with its data, around the static figure.

    Raises:
        TypeError, ValueError: an argument of the wrong type or out of its range.
    """
    if not isinstance(kernel, str):
        raise TypeError(f"kernel must be a name in KERNELS, got {kernel!r}.")
    resolve_kernel(kernel)
    view = {
        "kernel": kernel,
        "sigma": _within("bandwidth", check_positive("bandwidth", bandwidth), "sigma"),
        "query": _within("query", check_nonnegative("query", query), "x"),
        "noise": _within("noise", check_nonnegative("noise", noise), "noise"),
        "points": _within("n", check_count("n", n, least=1), "points"),
    }
    if not (id.isascii() and id.isidentifier()):
        raise ValueError(
            f"id must be letters, digits and _, as in 'explore', got {id!r}: it becomes "
            "part of links."
        )
    sample = synthetic_data(n, noise=noise, seed=seed)
    best = {name: _best(sample, name) for name in KERNELS}
    payload = {
        "view": view,
        "kernels": {
            name: {"label": kernel.label, "best": best[name]}
            for name, kernel in KERNELS.items()
        },
        "bandwidths": DECK_BANDWIDTHS,
        "limits": _LIMITS,
        "domain": DOMAIN,
        "queries": {"start": DOMAIN[0], "count": _QUERIES, "perUnit": _PER_UNIT},
        "data": {
            "x": sample.x_train.tolist(),
            "y": sample.y_train.tolist(),
            "error": _errors(n, seed),
            "noise": noise,
        },
        "truth": _truth_table(),
        "validation": {
            "every": _PER_UNIT // 10,
            "y": np.round(sample.y_val, 12).tolist(),
        },
        "colours": {
            "tokens": {name: token.light for name, token in TOKENS.items()},
            "map": _colour_map(),
        },
        "pointArea": {"least": POINT_AREA, "perWeight": WEIGHT_AREA},
        "steps": _steps(sample, best),
    }
    return Explorable(id, payload)


@cache
def static_figure() -> dict[str, Any]:
    """The figure that all explorables show, as the build takes it; drawn once."""
    return show(_FIGURE)._repr_mimebundle_()


def _within(name: str, value: float, limit: str) -> float:
    low, high = _LIMITS[limit]
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low:g} to {high:g}, got {value!r}.")
    return value


def _best(sample: SyntheticData, kernel: str) -> float | None:
    """The mark on the bandwidth's slider: none for a kernel that ignores the width."""
    try:
        with warnings.catch_warnings():
            # A mark at an end, or one that a lone point forced, is a thing to see.
            warnings.simplefilter("ignore", BandwidthWarning)
            best = select_bandwidth(sample.x_train, sample.y_train, kernel)
    except ValueError:
        return None
    low, high = _LIMITS["sigma"]
    # Rounded down to four digits: just above its best width, a box's error jumps.
    unit = 10.0 ** (floor(log10(best)) - 3)
    return float(f"{floor(best / unit) * unit:.4g}") if low <= best <= high else None


def _errors(n: int, seed: int) -> list[float]:
    """How far noise 1 moves each label, so that the browser can turn the noise."""
    loud, still = (synthetic_data(n, noise=s, seed=seed).y_train for s in (1.0, 0.0))
    return np.round(loud - still, 4).tolist()


def _truth_table() -> dict[str, Any]:
    """The curve behind the data, fine enough to draw and to make new samples from."""
    x, step = np.linspace(*DOMAIN, 101, retstep=True)
    return {"start": DOMAIN[0], "step": step, "y": np.round(truth(x), 4).tolist()}


def _colour_map() -> list[str]:
    """The figures' colour map at every fifth of its 256 colours."""
    return [to_hex(colormaps[COLOURMAP](i)) for i in range(0, 256, 5)]


def _steps(
    sample: SyntheticData, best: Mapping[str, float | None]
) -> list[dict[str, Any]]:
    """Five things to try: each sets the view, with a sentence on what it shows."""
    x, y = sample.x_train, sample.y_train

    def fit(bandwidth: float, kernel: str = "gaussian") -> tuple[Floats, Floats]:
        return nadaraya_watson(
            sample.x_val, x, y, kernel, bandwidth=bandwidth, empty="nan"
        )

    def error(bandwidth: float, kernel: str = "gaussian") -> float:
        return rmse(fit(bandwidth, kernel)[0], sample.y_val)

    chosen = best["gaussian"] or 0.5
    errors = [error(h, name) for name, h in best.items() if h]
    widest = int(np.diff(x).argmax())
    gap = round(float(x[widest] + x[widest + 1]) / 2, 1)
    reached = np.isfinite(fit(0.2, "boxcar")[0]).all()
    steps: list[tuple[str, dict[str, Any], str]] = [
        (
            "Query",
            {"sigma": 0.5, "query": 2.0},
            "Move over the points, or press the arrow keys there. The size of a point "
            "is its weight for your query. Only the distance along x counts: a label far "
            "above or below changes the estimate, not the weight.",
        ),
        (
            "Narrow",
            {"sigma": 0.1, "query": 2.0},
            "At σ = 0.1 a query uses, on average, about "
            f"{effective_keys(fit(0.1)[1]).mean():.0f} of {len(x)} keys. The curve "
            "follows single points (overfitting), and the heatmap is a thin bright "
            f"diagonal. Error to the truth: {error(0.1):.2f}, against {error(0.5):.2f} "
            "at σ = 0.5.",
        ),
        (
            "Wide",
            {"sigma": 5.0, "query": 2.0},
            "At σ = 5 every key has weight, wherever the query. The rows of the heatmap "
            "look alike, and the curve is nearly flat (underfitting), within "
            f"{np.abs(fit(5.0)[0] - y.mean()).max():.2f} of the mean label, "
            f"{y.mean():.2f}.",
        ),
        (
            "Hard edge",
            {"kernel": "boxcar", "sigma": 0.2, "query": gap},
            "The boxcar gives all keys nearer than σ the same weight, and others none. "
            "The curve jumps where a point enters or leaves its window. "
            + (
                "Here every query has a key in reach; take points away to change that."
                if reached
                else f"In the widest gap, around x = {gap:g}, no key is in reach: 0/0, "
                "no estimate."
            ),
        ),
        (
            "Let the data choose",
            {"sigma": chosen, "query": 2.0},
            "Leave each point out in turn and predict it from the others. That error is "
            f"least at σ = {chosen:.2f}, the mark over the slider, and needs no truth. "
            f"The error to the truth there is {error(chosen):.2f}. Switch kernels, each at "
            f"its own mark: it stays between {min(errors):.2f} and {max(errors):.2f}.",
        ),
    ]
    return [
        {
            "title": title,
            "text": text.replace(" = ", "\u00a0=\u00a0"),  # an equation keeps together
            "view": {"kernel": "gaussian"} | view,
        }
        for title, view, text in steps
    ]
