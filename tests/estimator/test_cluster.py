"""Attention over several processes: a worker is killed on the way, and nothing is lost."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from time import monotonic
from typing import Any

import numpy as np
import pytest

from nwdocs import nadaraya_watson
from nwdocs.cluster import cluster_estimate, start_cluster_estimate
from nwdocs.merging import Stream, finish

distributed = pytest.importorskip("distributed")

pytestmark = [
    pytest.mark.process,
    pytest.mark.filterwarnings("ignore"),  # dask's own, of its many threads
]

PARTS, KEYS = 40, 250_000  # ten million keys, 160 MB with their values
LIMIT = 150  # MiB that one worker may take


def load(part: int, keys: int = KEYS) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(part)
    x = rng.uniform(0, 5, keys)
    return x, np.sin(x) + rng.standard_normal(keys)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Three workers, each of which is started anew when it dies."""
    with (
        distributed.LocalCluster(
            n_workers=3,
            threads_per_worker=1,
            processes=True,
            memory_limit=f"{LIMIT}MiB",
            dashboard_address=None,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_a_killed_worker_loses_nothing_and_no_worker_holds_all_keys(
    client: Any,
) -> None:
    assert PARTS * KEYS * 16 > LIMIT * 2**20, "all keys do not fit one worker"
    queries = np.linspace(0, 5, 12)
    loaders = [partial(load, part) for part in range(PARTS)]
    running: Any = start_cluster_estimate(client, queries, loaders, bandwidth=0.1)

    pids = client.run(os.getpid)
    give_up = monotonic() + 60
    while monotonic() < give_up:  # until some worker has something to lose
        held = {worker for worker, keys in client.has_what().items() if keys}
        if held:
            break
    victim = held.pop()
    os.kill(pids[victim], signal.SIGKILL)
    assert running.status == "pending"
    found = finish(running.result(timeout=300))

    survivors = set(client.run(os.getpid).values())
    assert pids[victim] not in survivors
    expected = Stream(queries, bandwidth=0.1)
    for loader in loaders:
        expected.add(*loader())
    np.testing.assert_allclose(found[:, 0], expected.estimates(), rtol=1e-12)


def test_few_keys_are_what_the_estimator_says(client: Any) -> None:
    queries = np.linspace(0, 5, 9)
    loaders = [partial(load, part, 30) for part in range(5)]
    keys, values = (
        np.concatenate(a) for a in zip(*(f() for f in loaders), strict=True)
    )
    for kernel in ("gaussian", "boxcar"):
        found = cluster_estimate(client, queries, loaders, kernel, bandwidth=0.4)
        expected, _ = nadaraya_watson(queries, keys, values, kernel, bandwidth=0.4)
        np.testing.assert_allclose(found[:, 0], expected, rtol=1e-10)


def test_bad_input_is_told_before_a_worker_is_asked() -> None:
    client: Any = object()  # which fails whoever asks it for anything
    with pytest.raises(ValueError, match="parts must hold at least one loader"):
        cluster_estimate(client, [0.0], [])
    with pytest.raises(ValueError, match="kernel must be one of"):
        cluster_estimate(client, [0.0], [partial(load, 0)], "gausian")
    with pytest.raises(ValueError, match="bandwidth must be positive"):
        cluster_estimate(client, [0.0], [partial(load, 0)], bandwidth=0)
