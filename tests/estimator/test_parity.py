"""The package against numbers and estimators that others wrote."""

from fractions import Fraction
from math import exp, nextafter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.neighbors import RadiusNeighborsRegressor
from statsmodels.nonparametric.kernel_regression import KernelReg

from nwdocs import attention_weights, nadaraya_watson, synthetic_data
from nwdocs.data import truth
from nwdocs.kernels import Floats

REFERENCE = np.load(Path(__file__).parents[1] / "data" / "deck_reference_seed0.npz")

#: Panel of the deck -> kernel and bandwidth.
PANELS = {
    "gaussian": ("gaussian", 1.0),
    "boxcar": ("boxcar", 1.0),
    "constant": ("constant", 1.0),
    "triangular": ("triangular", 1.0),
    "sigma_0.1": ("gaussian", 0.1),
    "sigma_0.2": ("gaussian", 0.2),
    "sigma_0.5": ("gaussian", 0.5),
    "sigma_1": ("gaussian", 1.0),
}

# Fixed bandwidths draw no random numbers: how statsmodels seeds them is no concern.
statsmodels_seeds = pytest.mark.filterwarnings("ignore:After 0.17:FutureWarning")

BANDWIDTHS = [0.05, 0.1, 0.3, 1.0, 4.0, 50.0]


def test_every_panel_of_the_reference_is_compared() -> None:
    assert {name.split("__")[0] for name in REFERENCE if "__" in name} == set(PANELS)


@pytest.mark.parametrize(
    ("data", "result", "tolerance"),
    [("_f64", "_f64", 1e-12), ("", "_f32", 1e-5)],
    ids=["float64", "float32"],
)
@pytest.mark.parametrize("panel", PANELS)
def test_the_decks_own_code_gives_the_same_numbers(
    panel: str, data: str, result: str, tolerance: float
) -> None:
    kernel, bandwidth = PANELS[panel]
    estimates, weights = nadaraya_watson(
        REFERENCE[f"x_val{data}"],
        REFERENCE[f"x_train{data}"],
        REFERENCE[f"y_train{data}"],
        kernel,
        bandwidth=bandwidth,
    )
    decks_estimates = REFERENCE[f"{panel}__y_hat{result}"]
    decks_weights = REFERENCE[f"{panel}__attention_w{result}"].T  # (keys, queries)
    assert estimates.shape == decks_estimates.shape == (50,)
    assert weights.shape == decks_weights.shape == (50, 40)
    assert np.abs(estimates - decks_estimates).max() <= tolerance
    assert np.abs(weights - decks_weights).max() <= tolerance


def test_the_decks_grid_and_truth() -> None:
    _, _, x_val, y_val = synthetic_data()
    np.testing.assert_allclose(x_val, REFERENCE["x_val_f64"], rtol=0, atol=5e-7)
    np.testing.assert_allclose(y_val, REFERENCE["y_val_f64"], rtol=0, atol=1e-6)
    np.testing.assert_allclose(
        truth(REFERENCE["x_val_f64"]), REFERENCE["y_val_f64"], rtol=0, atol=1e-12
    )


@statsmodels_seeds
@pytest.mark.parametrize("bandwidth", BANDWIDTHS)
def test_statsmodels_gives_the_same_gaussian_estimates(bandwidth: float) -> None:
    x, y, grid, _ = synthetic_data(seed=3)
    theirs = KernelReg(y, x, var_type="c", reg_type="lc", bw=[bandwidth]).fit(grid)[0]
    ours, _ = nadaraya_watson(grid, x, y, bandwidth=bandwidth)
    np.testing.assert_allclose(ours, theirs, rtol=1e-10)


@statsmodels_seeds
@pytest.mark.parametrize("bandwidth", BANDWIDTHS[2:])
def test_statsmodels_gives_the_same_in_two_dimensions(bandwidth: float) -> None:
    # Its product of two Gaussians is one Gaussian of the Euclidean distance.
    random = np.random.default_rng(0)
    keys, queries = random.normal(size=(30, 2)), random.normal(size=(20, 2))
    values = random.normal(size=30)
    theirs = KernelReg(values, keys, "cc", reg_type="lc", bw=[bandwidth] * 2)
    ours, _ = nadaraya_watson(queries, keys, values, bandwidth=bandwidth)
    np.testing.assert_allclose(ours, theirs.fit(queries)[0], rtol=1e-10)


@pytest.mark.parametrize("kernel", ["boxcar", "triangular"])
@pytest.mark.parametrize("bandwidth", [0.5, 1.0, 4.0])
def test_scikit_learn_gives_the_same_for_the_compact_kernels(
    kernel: str, bandwidth: float
) -> None:
    x, y, grid, _ = synthetic_data(seed=3)
    theirs = RadiusNeighborsRegressor(
        radius=nextafter(bandwidth, 0),  # it hears a key on the edge; we do not
        weights=None
        if kernel == "boxcar"
        else lambda near: [bandwidth - d for d in near],
    )
    theirs.fit(x[:, None], y)
    ours, _ = nadaraya_watson(grid, x, y, kernel, bandwidth=bandwidth)
    np.testing.assert_allclose(ours, theirs.predict(grid[:, None]), rtol=1e-10)


def exact_gaussian_weights(query: float, keys: list[float], bandwidth: float) -> Floats:
    """One row of weights with every score as an exact fraction."""
    scores = [
        -((Fraction(query) - Fraction(key)) ** 2) / (2 * Fraction(bandwidth) ** 2)
        for key in keys
    ]
    gaps = [max(scores) - score for score in scores]
    similarity = np.array([exp(-gap) if gap < 800 else 0.0 for gap in gaps])
    return np.asarray(similarity / similarity.sum())


sixteenths = st.integers(-160, 160).map(lambda i: i / 16)


@given(
    query=sixteenths,
    keys=st.lists(sixteenths, min_size=1, max_size=6),
    exponent=st.integers(-323, 300),
)
@example(query=10.0, keys=[-10.0, 9.0, 9.0], exponent=-323)
@example(query=1.0, keys=[0.0, 2.0, 3.0], exponent=-3)
@example(query=1.0, keys=[0.0, 2.0, 3.0], exponent=0)
def test_exact_arithmetic_gives_the_same_gaussian_weights_at_any_bandwidth(
    query: float, keys: list[float], exponent: int
) -> None:
    bandwidth = float(f"1e{exponent}")
    ours = attention_weights([query], keys, bandwidth=bandwidth)[0]
    theirs = exact_gaussian_weights(query, keys, bandwidth)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-300)
