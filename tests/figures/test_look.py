"""The look of the site: the palette's colours, and the Gaussian on the icon."""

import json
from statistics import NormalDist

import numpy as np
import pytest

from nwdocs.display import LOOK_MIME
from nwdocs.figures.look import site_look
from nwdocs.figures.palette import TOKENS, token_css


def test_a_cell_hands_the_look_to_the_build_as_json() -> None:
    data = site_look()._repr_mimebundle_()
    assert data["text/plain"]
    look = json.loads(json.dumps(data[LOOK_MIME]))
    assert look["css"] == token_css()
    assert look["tokens"] == {
        name: {"light": token.light, "dark": token.dark}
        for name, token in TOKENS.items()
    }


def test_the_icon_s_curve_is_the_gaussian_as_pythons_statistics_have_it() -> None:
    for bell in site_look().bells.values():
        steps = np.linspace(-2.5, 2.5, len(bell))
        expected = [NormalDist().pdf(u) / NormalDist().pdf(0) for u in steps]
        assert bell == pytest.approx(expected, rel=1e-12)
        assert max(bell) == bell[len(bell) // 2] == 1
