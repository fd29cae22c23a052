"""The explorable's pure modules, tested without a browser by deno and its checker."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import pytest
from numpy.typing import ArrayLike

import nwdocs.figures.explorer as explorer_module
from nwdocs import KERNELS, nadaraya_watson, synthetic_data
from nwdocs.bandwidth import (
    BandwidthWarning,
    leave_one_out_error,
    select_bandwidth,
)
from nwdocs.data import DOMAIN
from nwdocs.figures import explorable
from nwdocs.figures.explorer import SIX_LINES
from nwdocs.kernels import Floats, Kernel
from nwdocs.learned import dot_product_attention, key_norm_bias
from nwdocs.measures import effective_keys, rmse
from nwdocs.site.plugin.script import ASSETS, ENTRY, modules, parts, scripts
from support.deno import deno

pytestmark = pytest.mark.process

HERE = Path(__file__).parent
BANDWIDTHS = np.geomspace(0.05, 5, 20)
ROWS = slice(None, None, 20)  # of each matrix: those whose weights are compared


# --- What the package computes ----------------------------------------------------------


def numbers(values: Floats) -> list[float | None]:
    """As JSON has them: null for what is no number."""
    return [value if np.isfinite(value) else None for value in values.ravel().tolist()]


def data_sets() -> dict[str, tuple[Floats, Floats]]:
    """Keys and labels of several kinds."""
    chance = np.random.default_rng(0)
    samples = [synthetic_data(n, noise=s, seed=s) for n, s in ((40, 0), (10, 1))]
    return {
        "forty": (samples[0].x_train, samples[0].y_train),
        "ten": (samples[1].x_train, samples[1].y_train),
        "equal keys": (np.repeat([1.0, 1.5, 4.0], 4), chance.normal(size=12)),
        "all at one end": (
            np.sort(chance.uniform(0, 0.3, 30)),
            chance.normal(1e6, 1, 30),
        ),
    }


def expected(keys: Floats, values: Floats, queries: Floats) -> list[dict[str, Any]]:
    """What the modules must find for each kernel and bandwidth."""
    cases = []
    for kernel in KERNELS:
        for bandwidth in BANDWIDTHS:
            estimates, weights = nadaraya_watson(
                queries, keys, values, kernel, bandwidth=bandwidth, empty="nan"
            )
            loo = leave_one_out_error(keys, values, kernel, bandwidth=bandwidth)
            cases.append(
                {
                    "kernel": kernel,
                    "bandwidth": bandwidth,
                    "estimates": numbers(estimates),
                    "effectiveKeys": numbers(effective_keys(weights)),
                    "weights": numbers(weights[ROWS]),
                    "leaveOneOut": numbers(np.array(loo))[0],
                }
            )
    return cases


def least_errors(keys: Floats, values: Floats) -> dict[str, float]:
    """The least leave-one-out error of kernels whose best bandwidth is on the slider."""
    low, high = explorable().payload["limits"]["sigma"]
    least = {}
    for kernel in KERNELS.keys() - {"constant"}:
        with catch_warnings():
            simplefilter("ignore", BandwidthWarning)  # an end of the range is tried too
            best = select_bandwidth(keys, values, kernel)
        if low <= best <= high:
            least[kernel] = leave_one_out_error(keys, values, kernel, bandwidth=best)
    return least


def spread() -> dict[str, Any]:
    """Curves with holes, and what numpy says of their bias and spread."""
    chance = np.random.default_rng(1)
    truth = np.sin(np.arange(20.0))
    curves = truth + chance.normal(0.3, 1, (30, 20))
    curves[chance.random(curves.shape) < 0.1] = np.nan
    curves[:, 7] = np.nan  # nobody answers there
    told = {"curves": [numbers(curve) for curve in curves], "truth": truth.tolist()}
    answered = np.delete(curves, 7, axis=1)
    gap = np.nanmean(answered, axis=0) - np.delete(truth, 7)
    bias, variance = np.mean(gap**2), np.mean(np.nanvar(answered, axis=0))
    return told | {
        "bias": float(bias**0.5),
        "deviation": float(variance**0.5),
        "error": float((bias + variance) ** 0.5),
    }


def dots() -> dict[str, Any]:
    """Attention by dot products in the settings that need no random numbers."""
    chance = np.random.default_rng(2)
    queries, keys = np.linspace(0, 5, 21), np.sort(chance.uniform(0, 5, 30))
    sigma, middle = 0.7, 2.5
    q, k = (a[:, None] - middle for a in (queries, keys))
    bias = key_norm_bias(k, sigma)

    def circle(x: Floats, turn: float = 0.0) -> Floats:
        angle = np.pi * x / 5 + np.radians(turn)
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)

    def weights(q: Floats, k: Floats, **options: Any) -> list[float | None]:
        return numbers(dot_product_attention(q, k, k[:, 0], **options)[1])

    scale = 1 / sigma**2
    deviation = 5 / 12**0.5
    told = {
        "": weights(q, k, scale=scale, bias=bias),
        "bias-0": weights(q, k, scale=scale),
        "dimensions-1-1": weights(q / deviation, k / deviation),
        "turn-0": weights(circle(queries), circle(keys), scale=scale),
        "turn-m30": weights(circle(queries, -30), circle(keys), scale=scale),
        "dimensions-64-0": None,
    }
    kernel = nadaraya_watson(queries, keys, keys, bandwidth=sigma)[1]
    np.testing.assert_allclose(np.array(told[""], float), kernel.ravel(), rtol=1e-9)
    return {
        "dots": [{"detail": name, "weights": w} for name, w in told.items()],
        "dotsInput": {
            "queries": queries.tolist(),
            "keys": keys.tolist(),
            "sigma": sigma,
            "domain": DOMAIN,
        },
    }


def six_lines(keys: list[float], bandwidth: float) -> dict[str, Any]:
    """What numpy makes of the lines that a reader sees, array by array."""
    names: dict[str, Any] = {
        "np": np,
        "queries": np.array([1.0, 2.0, 3.0]),
        "keys": np.array(keys),
        "values": np.array([2.0, 4.0, 3.0]),
        "bandwidth": bandwidth,
    }
    body = [line.removeprefix("return ") for line in SIX_LINES[1:]]
    exec("\n".join([*body[:-1], f"estimates, weights = {body[-1]}"]), names)
    arrays = ("u", "similarity", "total", "weights", "estimates")
    return {
        "keys": keys,
        "bandwidth": bandwidth,
        "arrays": {name: names[name].ravel().tolist() for name in arrays},
    }


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all that the tests in JavaScript are told."""
    grid = synthetic_data()
    payload = explorable().payload
    queries = DOMAIN[0] + np.arange(200) / 40
    sets = []
    for name, (keys, values) in data_sets().items():
        found = expected(keys, values, queries)
        sets.append(
            {"name": name, "keys": keys.tolist(), "values": values.tolist()}
            | {"cases": found, "least": least_errors(keys, values)}
        )
    errors = [
        rmse(np.array(case["estimates"], float)[::4], grid.y_val)
        for case in sets[0]["cases"]
    ]
    file = tmp_path_factory.mktemp("cases") / "cases.json"
    content = {
        "payload": payload,
        "queries": queries.tolist(),
        "everyRow": ROWS.step,
        "sets": sets,
        "rmse": numbers(np.array(errors)),
        "spread": spread(),
        "lines": [six_lines([1, 2.5, 4], 1), six_lines([0, 0.3, 5], 0.4)],
        **dots(),
    }
    file.write_text(json.dumps(content, allow_nan=False), encoding="utf-8")
    return file


# --- What deno says ---------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.js")), ids=lambda f: f.name)
def test_the_pure_modules_do_what_their_tests_say(file: Path, cases: Path) -> None:
    ran = deno("test", "--no-check", f"--allow-read={cases}", file, "--", cases)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " 0 passed" not in ran.stdout


def payload_as_type(folder: Path, payload: dict[str, Any]) -> str:
    """What the type checker has to say of a payload."""
    file = folder / "payload.ts"
    file.write_text(
        'import type { Payload } from "explorer/types.d.ts";\n'
        f"export const payload: Payload = {json.dumps(payload)};\n",
        encoding="utf-8",
    )
    checked = deno("check", file)
    return "" if checked.returncode == 0 else checked.stderr


def test_the_payload_is_of_the_type_that_the_modules_are_checked_with(
    tmp_path: Path,
) -> None:
    payload = dict(explorable().payload)
    assert payload_as_type(tmp_path, payload) == ""
    assert "unheard" in payload_as_type(tmp_path, payload | {"unheard": 1})
    del payload["truth"]
    assert "truth" in payload_as_type(tmp_path, payload)


def test_the_script_has_all_modules_that_are_imported() -> None:
    told = json.loads(deno("info", "--json", ASSETS / ENTRY).stdout)
    files = {module["local"] for module in told["modules"]}
    imported = {Path(name) for name in files if name.endswith(".js")}
    bundled = {path for entry in (ASSETS / ENTRY, *parts()) for path in modules(entry)}
    assert imported == bundled
    assert imported == {ASSETS / ENTRY, *(ASSETS / "explorer").rglob("*.js")}


def test_no_name_stands_at_the_top_of_two_modules_of_a_file() -> None:
    declared = re.compile(
        r"^(?:export )?(?:async )?(?:const|let|class|function\*?) (\w+)", re.M
    )
    for entry in (ASSETS / ENTRY, *parts()):
        names = declared.findall("\n".join(modules(entry).values()))
        assert sorted(names) == sorted(set(names)), entry
    assert len(names) > 1


def test_no_import_gives_another_name() -> None:
    """The modules of a file share one scope, in which there are no aliases."""
    for path in ASSETS.rglob("*.js"):
        for names in re.findall(r"^import \{([^}]*)\}", path.read_text("utf-8"), re.M):
            assert " as " not in names, path


def test_nothing_is_taken_apart_right_after_a_let_that_it_needs() -> None:
    """The minifier may change their order: nwdocs/site/plugin/script.py on const."""
    risky = re.compile(r"\blet (\w+) = [^;]*;\s*(?:let|const) [{\[][^;]*= [^;]*\b\1\b")
    for path in ASSETS.rglob("*.js"):
        assert not risky.search(path.read_text("utf-8")), path


def test_each_file_of_the_script_can_be_loaded(tmp_path: Path) -> None:
    """By a runtime of someone else's, each part with what it takes from the first."""
    (tmp_path / "explorer").mkdir()
    for name, text in scripts().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name in scripts():
        checked = deno("info", "--json", tmp_path / name)
        modules = json.loads(checked.stdout)["modules"]
        assert all("error" not in module for module in modules), modules


def steep(u: ArrayLike) -> Floats:
    """No polynomial of degree 2 in its logarithm."""
    return np.asarray(np.exp(-(np.asarray(u, float) ** 3)))


def cut(u: ArrayLike) -> Floats:
    """It has no logarithm far away, nor a polynomial near by."""
    return np.asarray(np.asarray(u, float) < 2, float)


@pytest.mark.parametrize("kernel", [steep, cut])
def test_a_kernel_that_no_browser_could_draw_fails_the_build(
    kernel: Callable[[ArrayLike], Floats], monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = Kernel("Odd", np.inf, "", kernel)
    monkeypatch.setattr(explorer_module, "KERNELS", {**KERNELS, "odd": odd})
    with pytest.raises(ValueError, match="kernel 'odd' has no form that a browser"):
        explorable()
