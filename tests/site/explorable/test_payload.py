"""What the build tells the browser about the explorable."""

import gzip
import json
import re
from typing import Any

import numpy as np
import pytest

from nwdocs import KERNELS, synthetic_data
from nwdocs.bandwidth import select_bandwidth
from nwdocs.figures.explorer import SIX_LINES, Explorable
from nwdocs.figures.explorer import explorable as make_explorable
from nwdocs.kernels import gaussian
from nwdocs.site.plugin.script import ENTRY, scripts
from support.project import ROOT


@pytest.fixture(scope="module")
def usual() -> Explorable:
    """An explorable as a page has it: making one chooses a bandwidth for each kernel."""
    return make_explorable()


def test_the_payload_is_the_packages_data() -> None:
    payload = make_explorable(n=30, noise=0.5, seed=3).payload
    sample = synthetic_data(30, noise=0.5, seed=3)
    assert payload["data"]["x"] == sample.x_train.tolist()
    assert payload["data"]["y"] == sample.y_train.tolist()
    assert list(payload["kernels"]) == list(KERNELS)
    assert {name: k["label"] for name, k in payload["kernels"].items()} == {
        name: kernel.label for name, kernel in KERNELS.items()
    }
    best = payload["kernels"]["gaussian"]["best"]
    assert best == pytest.approx(
        select_bandwidth(sample.x_train, sample.y_train), rel=1e-3
    )
    assert payload["kernels"]["constant"]["best"] is None


@pytest.mark.parametrize("kernel", [gaussian, KERNELS["boxcar"], 3])
def test_a_kernel_that_has_no_name_is_refused_when_it_is_given(kernel: Any) -> None:
    with pytest.raises(TypeError, match="kernel must be a name in KERNELS, got"):
        make_explorable(kernel)


def test_the_payload_survives_html_and_says_nothing_that_json_cannot(
    usual: Explorable,
) -> None:
    html = usual._repr_html_()
    script = re.search(r"<script type=\"application/json\">(.*?)</script>", html, re.S)
    assert script

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    told = json.loads(script[1], parse_constant=refuse)
    assert told == json.loads(json.dumps(make_explorable().payload))
    assert "<" not in script[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kernel": "sinc"}, "kernel must be one of gaussian"),
        ({"bandwidth": 0.01}, "bandwidth must be from 0.05 to 5, got 0.01"),
        ({"query": 5.5}, "query must be from 0 to 5, got 5.5"),
        ({"n": 9}, "n must be from 10 to 400, got 9"),
        ({"noise": 3.0}, "noise must be from 0 to 2, got 3"),
        ({"id": "two words"}, "id must be letters, digits and _"),
    ],
)
def test_an_explorable_out_of_range_is_refused(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make_explorable(**arguments)


@pytest.mark.parametrize(
    ("parts", "most"),
    [
        ([], 16_000),  # what every page with an explorable loads
        (["heatmap"], 17_800),  # and where it has the weights
        (["heatmap", "guide"], 18_700),  # the full one, as it opens
    ],
)
def test_the_script_that_a_page_loads_is_small(parts: list[str], most: int) -> None:
    sizes = _sizes()
    assert sizes[ENTRY] + sum(sizes[f"explorer/{part}.js"] for part in parts) <= most


def test_the_script_is_small_with_every_scene_opened() -> None:
    sizes = _sizes()
    assert sum(sizes.values()) <= 38_900
    assert max(size for name, size in sizes.items() if name != ENTRY) <= 3_700


def _sizes() -> dict[str, int]:
    """The bytes that a reader's browser loads, by file."""
    return {name: len(gzip.compress(text.encode())) for name, text in scripts().items()}


def test_a_part_of_the_controls_is_shown_in_the_order_of_all() -> None:
    payload = make_explorable(controls=["variance", "bandwidth"]).payload
    assert payload["controls"] == ["bandwidth", "variance"]
    assert payload["steps"] == []


@pytest.mark.parametrize(
    ("controls", "error", "message"),
    [
        ("kernels", TypeError, r"Did you mean \('kernels',\)"),
        (["kernel"], ValueError, "controls must be names among kernels, bandwidth"),
    ],
)
def test_controls_that_there_are_not_are_refused(
    controls: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make_explorable(controls=controls)


def test_a_figure_that_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError, match="no-such-figure"):
        make_explorable(figure="no-such-figure")


def test_each_kernel_is_told_as_code_too(usual: Explorable) -> None:
    """What a reader can run is the kernel: with numpy, at any scaled offset."""
    u = np.linspace(-3, 3, 61)
    for name, told in usual.payload["kernels"].items():
        similarity = eval(told["code"], {"np": np, "u": u})
        np.testing.assert_allclose(similarity, KERNELS[name](u), rtol=0, atol=1e-15)
    gaussian_line = f"similarity = {usual.payload['kernels']['gaussian']['code']}"
    assert gaussian_line in SIX_LINES


@pytest.mark.parametrize("given", [{}, {"n": 25, "noise": 0, "seed": 3}])
def test_the_payload_says_what_gives_its_data_in_python(given: dict[str, Any]) -> None:
    payload = make_explorable(**given).payload
    keys, values, *_ = eval(payload["source"], {"synthetic_data": synthetic_data})
    assert payload["data"]["x"] == keys.tolist()
    assert payload["data"]["y"] == values.tolist()


def test_the_six_lines_are_those_of_the_page() -> None:
    page = (ROOT / "docs/estimator.md").read_text(encoding="utf-8")
    code = [re.sub(r"\s+# .*", "", line).strip() for line in page.splitlines()]
    first = code.index(SIX_LINES[0])
    assert tuple(code[first : first + len(SIX_LINES)]) == SIX_LINES
