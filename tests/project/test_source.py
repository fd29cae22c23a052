"""Source that runs by itself: imports, private names, and what it leaves to the module."""

from typing import Any

import numpy as np
import pytest

from nwdocs import bandwidth, kernels, learned
from nwdocs.figures import FIGURES, deck
from nwdocs.kernels import DECK_KERNELS, KERNELS
from nwdocs.source import standalone


def run(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "pasted"}
    exec(source, names)
    return names


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_s_source_is_the_kernel(name: str) -> None:
    function = KERNELS[name].function
    again = run(standalone(function))[function.__name__]
    u = np.linspace(-3, 3, 25)
    assert again is not function
    np.testing.assert_array_equal(again(u), function(u))


def test_what_is_private_is_written_out_and_what_is_public_imported() -> None:
    source = standalone(learned.width_loss)
    assert "\ndef _scores(" in source
    assert "from nwdocs.learned import LossAndGradient\n" in source
    assert "from nwdocs.softmax import softmax\n" in source
    assert "def softmax(" not in source


def test_a_local_name_is_not_taken_for_one_of_the_module() -> None:
    """The function draws `data`, which is also a figure's function beside it."""
    source = standalone(FIGURES["idea"])
    assert "def data(" not in source
    assert "_QUERY = " in source
    assert deck.__name__ + " import" in source


def test_a_long_import_breaks_as_the_formatter_has_it() -> None:
    source = standalone(bandwidth.select_bandwidth, columns=60)
    assert "import (\n    " in source
    imports = [line for line in source.splitlines() if line.startswith("from ")]
    assert max(map(len, imports)) <= 60


def test_more_names_can_be_imported_for_lines_that_follow() -> None:
    source = standalone(
        kernels.boxcar, also={"mpl": ("matplotlib", None), "RC": ("a.b", "RC")}
    )
    assert source.startswith("import matplotlib as mpl\nimport numpy as np\n")
    assert "from a.b import RC\n" in source


def test_docstrings_can_be_cut_to_their_first_line() -> None:
    short = standalone(kernels.boxcar, documented=False)
    assert "Source:" in standalone(kernels.boxcar)
    assert "Source:" not in short
    assert run(short)["boxcar"](1.0) == DECK_KERNELS["boxcar"](1.0)


def test_a_lambda_is_refused() -> None:
    with pytest.raises(TypeError, match="must be defined with def"):
        standalone(_nameless)


_nameless = lambda u: u  # noqa: E731
