"""The explorable's pure modules, tested without a browser by deno and its checker."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import pytest

from nwdocs import KERNELS, nadaraya_watson, synthetic_data
from nwdocs.bandwidth import (
    BandwidthWarning,
    leave_one_out_error,
    select_bandwidth,
)
from nwdocs.data import DOMAIN
from nwdocs.figures import explorable
from nwdocs.kernels import Floats
from nwdocs.measures import effective_keys, rmse
from nwdocs.site.plugin.script import ASSETS, ENTRY, modules

HERE = Path(__file__).parent
DENO = Path(sys.executable).with_name("deno")
CONFIG = ASSETS.parents[1] / "deno.json"
BANDWIDTHS = np.geomspace(0.05, 5, 20)
ROWS = slice(None, None, 20)  # of each matrix: those whose weights are compared


def deno(command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run deno, which asks no network, not even for a newer version."""
    return subprocess.run(
        [DENO, command, "--no-remote", "--no-npm", "--config", CONFIG, *arguments],
        env={**os.environ, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


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
        "all at one end": (chance.uniform(0, 0.3, 30), chance.normal(1e6, 1, 30)),
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
    imported = {name for name in files if name.endswith(".js")}
    assert imported == {str(path) for path in modules()}
    assert imported == {str(path) for path in ASSETS.rglob("*.js")}


def test_no_name_stands_at_the_top_of_two_modules() -> None:
    declared = re.compile(r"^(?:export )?(?:const|let|class|function\*?) (\w+)", re.M)
    names = declared.findall("\n".join(modules().values()))
    assert len(names) > 100
    assert sorted(names) == sorted(set(names))
