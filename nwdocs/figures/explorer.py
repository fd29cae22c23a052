"""The explorable: data, estimate and attention weights that a reader can touch.

A page's cell ends with ``explorable()``. What it shows is a custom element with all that
the browser needs to know (the theme's explorer.js brings it to life) around the build's
own static figure, which remains for print and where there is no JavaScript.
"""

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import floor, log10, pi
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
from nwdocs.figures.registry import number as number_of
from nwdocs.figures.registry import show, tell
from nwdocs.figures.style import COLOURMAP
from nwdocs.kernels import DECK_BANDWIDTHS, KERNELS, Floats, Kernel, resolve_kernel
from nwdocs.measures import effective_keys, rmse

__all__ = ["CONTROLS", "SIX_LINES", "Explorable", "explorable", "static_figure"]

#: What an explorable can give a reader to touch. From "variance" on, each is a scene: a
#: use of the picture, with a panel of its own.
CONTROLS = (
    "kernels",
    "bandwidth",
    "weights",
    "steps",
    "variance",
    "draw",
    "dots",
    "lines",
    "data",
)

#: What a reader can set, from where to where. Labels reach past any sample's.
_LIMITS = {
    "sigma": (0.05, 5.0),
    "noise": (0.0, 2.0),
    "points": (10, 400),
    "x": DOMAIN,
    "y": (-10.0, 15.0),
}
_QUERIES = 200
#: The estimator as the pages show it, for the scene that brings it to life.
SIX_LINES = (
    "def attention_pooling(queries, keys, values, bandwidth=1.0):",
    "u = (queries[:, None] - keys) / bandwidth",
    "similarity = np.exp(-(u**2) / 2)",
    "total = similarity.sum(axis=1, keepdims=True)",
    "weights = similarity / total",
    "return weights @ values, weights",
)
_PER_UNIT = 40  # so that every fourth query is one of the deck's tenths
_FIRST = ("gaussian", "boxcar", "triangular")  # kernels that are offered at once
_SCENES = CONTROLS[CONTROLS.index("variance") :]
#: Pixels that each block adds: where all fits side by side, in two columns, on a phone.
#: The wide ones go without the picture, which grows with the page: explorer.css. Without
#: the weights, what stands beside them elsewhere has a row of its own.
_HEIGHTS = {
    "frame": (156, 150, 404),
    "scenes": (31, 46, 58),
    "weights": (0, 0, 320),
    "no weights": (35, 27, 29),
    "kernels": (38, 98, 64),
    "bandwidth": (80, 96, 190),
    "steps": (131, 116, 230),
}


@dataclass(frozen=True)
class Explorable:
    """An explorable, ready to be displayed.

    Attributes:
        id: the element's id, and the prefix of its part of the page's URL.
        payload: what the browser is told, as JSON types.
        figure: the name of the figure that it is where nothing can be touched.
    """

    id: str
    payload: Mapping[str, Any]
    figure: str

    def _repr_html_(self) -> str:
        before, after = self._element()
        figure = static_figure(self.figure)[MIME]
        return (
            f'{before}<figure class="nw-figure">{figure["inline"]}'
            f"<figcaption>{figure['caption']}</figcaption></figure>{after}"
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        # The site's build puts its figure, with number and downloads, between the two.
        return {
            **static_figure(self.figure),
            "text/html": self._repr_html_(),
            EXPLORER_MIME: self._element(),
        }

    def _element(self) -> tuple[str, str]:
        # A < in a script could end it early; as \u003c it is the same JSON.
        data = json.dumps(self.payload, separators=(",", ":")).replace("<", "\\u003c")
        return (
            f'<div class="nw-explorable"><nw-explorer id="{self.id}" {self._room()}>'
            f'<script type="application/json">{data}</script>',
            "</nw-explorer></div>",
        )

    def _room(self) -> str:
        """The height that it will take, so that nothing moves when it comes alive."""
        shown = {"frame", *self.payload["controls"]}
        if "weights" not in shown:
            shown.add("no weights")
        if shown & set(_SCENES):
            shown.add("scenes")
        wide, middle, narrow = (
            sum(_HEIGHTS[name][i] for name in shown & _HEIGHTS.keys()) for i in range(3)
        )
        return f'style="--wide:{wide}px;--middle:{middle}px;--narrow:{narrow}px"'


def explorable(
    kernel: str = "gaussian",
    bandwidth: float = 0.5,
    *,
    query: float = 2.0,
    n: int = 40,
    noise: float = 1.0,
    seed: int = TYPICAL_SEED,
    id: str = "explore",
    controls: Sequence[str] = CONTROLS,
    figure: str = "idea",
) -> Explorable:
    """An explorable of `synthetic_data`; as a cell's last expression, the page shows it.

    A link to ``?explore.sigma=0.1#explore`` on its page opens it at that bandwidth. The
    other names are kernel, query, noise, points, seed (of samples drawn in the browser;
    0 is this one), step (the name of a guided one), scene with its detail, and edits.

    Args:
        kernel: a name in `KERNELS`.
        bandwidth: from 0.05 to 5, in the inputs' units.
        query: from 0 to 5; the nearest of the 200 that the heatmap shows is taken.
        n: how many points, from 10 to 400.
        noise: standard deviation of the labels' noise, from 0 to 2.
        seed: of the data.
        id: of the element; another for each explorable on a page.
        controls: what a reader can touch, names in `CONTROLS`: few, where a page speaks
            of few. The query can always be moved.
        figure: the name of a registered figure, whose caption the explorable has. It
            should show the same state, and stands in print and without JavaScript.

    Returns:
        What a cell displays: the element with its data, around the static figure.

    Raises:
        TypeError, ValueError: an argument of the wrong type or out of its range.
        KeyError: no such figure.
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
    shown = _controls(controls)
    number_of(figure)
    sample = synthetic_data(n, noise=noise, seed=seed)
    best = {name: _best(sample, name) for name in KERNELS}
    payload = {
        "view": view,
        "controls": shown,
        "kernels": {
            name: {
                "label": kernel.label,
                "best": best[name],
                "formula": (formula := _formula(name, kernel)),
                "code": _numpy(formula),
            }
            for name, kernel in KERNELS.items()
        },
        "first": _FIRST,
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
        "steps": _steps(sample, best) if "steps" in shown else [],
        "lines": SIX_LINES,
        "source": f"synthetic_data({n}, noise={noise}, seed={seed})",
    }
    return Explorable(id, payload, figure)


def static_figure(name: str = "idea") -> dict[str, Any]:
    """A figure that an explorable stands for, as the build takes it; drawn once."""
    tell(name)
    return _drawn(name)


@cache
def _drawn(name: str) -> dict[str, Any]:
    return show(name)._repr_mimebundle_()


def _controls(names: Sequence[str]) -> list[str]:
    """`names`, in the order of `CONTROLS`."""
    if isinstance(names, str):
        raise TypeError(
            f"controls must be a sequence of names, got {names!r}. Did you mean "
            f"({names!r},)?"
        )
    unknown = [name for name in names if name not in CONTROLS]
    if unknown:
        raise ValueError(
            f"controls must be names among {', '.join(CONTROLS)}, got {unknown[0]!r}."
        )
    return [name for name in CONTROLS if name in names]


def _formula(name: str, kernel: Kernel) -> dict[str, Any]:
    """A kernel as the coefficients that the browser computes it from.

    Raises:
        ValueError: it is neither a polynomial with an edge nor the exponential of one of
            degree 2, so no browser could draw it.
    """
    if kernel.factor is not None:
        u, arch = np.linspace(0, kernel.support, 17), pi / 2 / kernel.support
        if np.allclose(np.cos(arch * u), kernel(u), rtol=0, atol=1e-15):
            return {"arch": arch, "support": kernel.support}
        return {
            "factor": kernel.factor,
            "power": kernel.power,
            "support": kernel.support,
        }
    u = np.linspace(0, 4, 17)
    with np.errstate(divide="ignore"):
        log = kernel.log(u) if kernel.log else np.log(kernel(u))
    coefficients = [float(log[0])]
    if np.isfinite(log).all():
        (start, one, two) = log[[0, 4, 8]]
        square = (two - 2 * one + start) / 2
        coefficients += [float(one - start - square), float(square)]
    fitted = np.polynomial.polynomial.polyval(u, coefficients)
    if not np.allclose(fitted, log, rtol=1e-14, atol=1e-14):
        raise ValueError(
            f"kernel {name!r} has no form that a browser can compute. Give it a factor, "
            "or a logarithm that is a polynomial of degree 2 at most."
        )
    while len(coefficients) > 1 and coefficients[-1] == 0:
        coefficients.pop()
    return {"log": coefficients}


def _numpy(formula: Mapping[str, Any]) -> str:
    """A formula as a reader can run it, of the scaled offsets u, with numpy as np."""
    if "log" in formula:
        power = _polynomial(formula["log"])
        return f"np.exp({power})" if power else "np.ones_like(u)"
    if "arch" in formula:
        inside = f"np.cos({formula['arch']} * u)"
    else:
        inside = _polynomial(formula["factor"])
        if formula["power"] > 1:
            inside = f"({inside}) ** {formula['power']}"
    return f"np.where(abs(u) < {formula['support']:g}, {inside}, 0)"


def _polynomial(coefficients: Sequence[float]) -> str:
    """The sum of these multiples of 1, |u|, u², ... as Python; of zeros, nothing."""
    terms: list[str] = []
    for power, factor in enumerate(coefficients):
        if not factor:
            continue
        base = "abs(u)" if power % 2 else "u"
        unit = base if power == 1 else f"({base}**{power})"
        size = abs(factor)
        if not power:
            said = f"{size:g}"
        elif size == 1:
            said = unit.strip("()") if terms and power > 1 else unit
        elif (1 / size).is_integer():
            said = f"{unit} / {1 / size:g}"
        else:
            said = f"{size!r} * {unit}"
        sign = "-" if factor < 0 else "+"
        terms.append(f" {sign} {said}" if terms else f"{sign}{said}".lstrip("+"))
    return "".join(terms)


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
    """A tour of the deck: what to do, what ends the step, and what was to be seen."""
    x, y = sample.x_train, sample.y_train

    def fit(bandwidth: float, kernel: str = "gaussian") -> tuple[Floats, Floats]:
        return nadaraya_watson(
            sample.x_val, x, y, kernel, bandwidth=bandwidth, empty="nan"
        )

    def error(bandwidth: float, kernel: str = "gaussian") -> float:
        return rmse(fit(bandwidth, kernel)[0], sample.y_val)

    def used(bandwidth: float) -> float:
        return float(effective_keys(fit(bandwidth)[1]).mean())

    chosen = best["gaussian"] or 0.5
    errors = [error(h, name) for name, h in best.items() if h]
    left = fit(1.0)[0][0]
    boxed = fit(0.2, "boxcar")[0]
    steps: list[tuple[str, str, dict[str, Any], dict[str, Any], str, str]] = [
        (
            "query",
            "Query",
            {},
            {"moved": 0.4},
            "The vertical line is the query. Drag it over the points, and watch their size.",
            "A point is large where it is near the line: its size is its weight. Only the "
            "distance along x counts, not how high the point is. The diamond is the "
            "weighted mean of the values, and all diamonds make the curve.",
        ),
        (
            "narrow",
            "Narrow",
            {},
            {"sigma": (0.0, 0.12)},
            f"At σ = 0.5 a query uses about {used(0.5):.0f} of {len(x)} keys. Turn the "
            "bandwidth down to 0.1.",
            f"Now it uses about {used(0.1):.0f}. The curve follows single points "
            f"(overfitting): its error to the truth is {error(0.1):.2f}, against "
            f"{error(0.5):.2f} before.",
        ),
        (
            "wider",
            "Wider",
            {"sigma": 0.1},
            {"sigma": (0.4, 0.6)},
            "Go back up, by 0.2 to 0.5. Watch the error to the truth.",
            f"It falls from {error(0.1):.2f} by {error(0.2):.2f} to {error(0.5):.2f}: "
            "with more keys in each mean, their noise cancels.",
        ),
        (
            "wide",
            "Too wide",
            {},
            {"sigma": (4.0, 9.0)},
            "Go on: to 1, and then to the far end.",
            f"The error is {error(1.0):.2f} at 1 and {error(5.0):.2f} at the end. Every "
            "key has nearly the same weight, the rows of the heatmap look alike, and the "
            f"curve is almost the mean of all labels, {y.mean():.2f} (underfitting).",
        ),
        (
            "kernel",
            "Kernel",
            {},
            {"kernel": "triangular"},
            "The shape on the floor is the kernel: how weight falls with distance. "
            "Choose the triangular one.",
            "Its weights end at a distance of σ; those of the Gaussian never quite do. So "
            "at the same σ it uses fewer keys. Its bend is hard to find in the curve.",
        ),
        (
            "box",
            "Hard edge",
            {"sigma": 0.2},
            {"kernel": "boxcar"},
            "Now choose the boxcar: the same weight for all keys nearer than σ, and none "
            "beyond.",
            "The curve jumps where a point enters or leaves the window.",
        ),
        (
            "boundary",
            "Boundary",
            {"sigma": 1.0},
            {"query": (0.0, 0.1)},
            "Move the query to the left end, x = 0. The truth there is 0.",
            f"The estimate is {left:.2f}. All keys are on one side, where the curve is "
            "higher, and a mean cannot know that it should be lower here.",
        ),
        (
            "choose",
            "Let the data choose",
            {},
            {"sigma": (chosen * 0.97, chosen * 1.03)},
            "Who has no truth can still choose: leave each point out, and guess it from "
            "the others. Press the mark over the slider, where that error is least.",
            f"At σ = {chosen:.2f} the error to the truth is {error(chosen):.2f}, found "
            "without the truth. Try the other kernels, each at its own mark: it stays "
            f"between {min(errors):.2f} and {max(errors):.2f}.",
        ),
    ]
    if not np.isfinite(boxed).all():
        gap = _widest_gap(sample.x_val, boxed)
        steps.insert(
            6,
            (
                "gap",
                "Gap",
                {"kernel": "boxcar", "sigma": 0.2},
                {"answer": False},
                f"The picture is grey near x = {gap:g}. Move the query there.",
                "No key is in reach, so the weights are 0/0 and there is no estimate. A "
                "wider window, or a kernel without an edge, has one everywhere.",
            ),
        )
    return [
        {
            "name": name,
            "title": title,
            "ask": _kept(ask),
            "seen": _kept(seen),
            "view": {"kernel": "gaussian", "sigma": 0.5, "query": 2.0} | view,
            "done": done,
        }
        for name, title, view, done, ask, seen in steps
    ]


def _widest_gap(queries: Floats, estimates: Floats) -> float:
    """The middle of the longest run of queries without an estimate."""
    edges = np.flatnonzero(np.diff(np.isnan(estimates), prepend=False, append=False))
    first, end = max(edges.reshape(-1, 2), key=lambda run: run[1] - run[0])
    return float(queries[(first + end - 1) // 2])


def _kept(text: str) -> str:
    """An equation keeps together."""
    return text.replace(" = ", "\u00a0=\u00a0")
