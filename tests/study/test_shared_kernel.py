"""The learned kernel beside fixed ones: what is reported is what anybody would measure."""

import numpy as np
import pytest

from nwdocs import nadaraya_watson
from nwdocs.shared_kernel import COORDINATES, kernel_attention
from nwdocs.study.ensembles import SETS
from nwdocs.study.shared_kernel import COUNTS, WAYS, by_count, judged, learned, unseen

pytestmark = pytest.mark.slow

#: A quick prototype's errors, with another generator, over 20,000 data sets.
PROTOTYPE = {"mean": 1.17, "fixed": 0.94, "learned": 0.266, "true": 0.265}


@pytest.mark.parametrize("way", WAYS)
def test_errors_agree_with_the_prototype(way: str) -> None:
    found = judged()[way]
    assert len(found.squared) == SETS
    error = found.squared.std(ddof=1) / np.sqrt(SETS) / (2 * found.rmse)  # of the root
    assert abs(found.rmse - PROTOTYPE[way]) < 3 * error + 0.005


@pytest.mark.parametrize("way", ["fixed", "learned", "true"])
def test_an_error_is_that_of_the_estimator_on_projected_points(way: str) -> None:
    found, task = judged()[way], unseen()
    for s in (0, SETS - 1):
        estimates, _ = nadaraya_watson(
            task.queries[s] @ found.matrix, task.keys[s] @ found.matrix, task.values[s]
        )
        expected = np.square(estimates - task.truth[s]).mean()
        assert found.squared[s] == pytest.approx(expected)


def test_no_fixed_width_nearby_is_better() -> None:
    found = judged()["fixed"]
    for factor in (0.7, 0.85, 1.2, 1.4):
        estimates, _ = kernel_attention(found.matrix * factor, unseen())
        worse = np.square(estimates - unseen().truth).mean()
        assert np.sqrt(worse) > 0.995 * found.rmse


def test_the_product_has_rank_one_with_the_ratio_of_the_direction() -> None:
    product = learned().final @ learned().final.T
    sizes = np.linalg.eigvalsh(product)
    assert sizes[-1] > 0.98 * sizes.sum()
    assert product[0, 1] / product[0, 0] == pytest.approx(0.5, abs=0.02)
    assert product.shape == (COORDINATES, COORDINATES)


def test_few_data_sets_overfit_and_many_do_not() -> None:
    found = by_count()
    assert found.seen.shape[0] == len(COUNTS)
    gap = (found.unseen - found.seen).mean(axis=1)
    assert gap[0] > 0.3
    assert abs(gap[-1]) < 0.02
