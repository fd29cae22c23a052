"""Attention over several processes or machines: the merge as a tree, run by dask.

Each part of the keys is summed up where it is loaded. What travels is three small arrays
for each part, and never the keys. A worker that dies takes its parts with it; dask loads
and sums them up again elsewhere, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from nwdocs.checks import check_array, check_positive
from nwdocs.kernels import Floats, KernelLike, resolve_kernel
from nwdocs.merging import Partial, Stream, finish, merge

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["Load", "cluster_estimate", "start_cluster_estimate"]

#: Returns the keys (K,) or (K, d) and the values (K,) or (K, m) of one part. It is called
#: on a worker, and again should the worker die: it must give the same each time.
Load = Callable[[], tuple[ArrayLike, ArrayLike]]


def cluster_estimate(
    client: Client,
    queries: ArrayLike,
    parts: Sequence[Load],
    kernel: KernelLike = "gaussian",
    *,
    bandwidth: float = 1.0,
) -> Floats:
    """The estimates from keys in many parts, each loaded and summed up on a worker.

    Args:
        client: of a dask cluster: `distributed.Client`.
        queries: where to estimate, shape (Q,) or (Q, d).
        parts: what loads each part of the keys.
        kernel: a name in `KERNELS`, or a `Kernel` that can be pickled.
        bandwidth: in the queries' units.

    Returns:
        Shape (Q, m), NaN where no key was in reach; m is 1 for values (K,).

    Raises:
        TypeError, ValueError: as `nadaraya_watson`; also no parts.
    """
    return finish(
        start_cluster_estimate(
            client, queries, parts, kernel, bandwidth=bandwidth
        ).result()
    )


def start_cluster_estimate(
    client: Client,
    queries: ArrayLike,
    parts: Sequence[Load],
    kernel: KernelLike = "gaussian",
    *,
    bandwidth: float = 1.0,
) -> Future[Partial]:
    """The same without waiting: a future of the `Partial` of all keys.

    Raises:
        TypeError, ValueError: as `cluster_estimate`.
    """
    q = check_array("queries", queries, rows="query")
    h = check_positive("bandwidth", bandwidth)
    resolve_kernel(kernel)  # a wrong one is told here, and not on a worker
    if not parts:
        raise ValueError("parts must hold at least one loader of keys, got none.")
    level: list[Any] = [
        client.submit(_summed_up, q, load, kernel, h, pure=False) for load in parts
    ]
    while len(level) > 1:  # a tree: pairs, then pairs of pairs
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [client.submit(merge, a, b, pure=False) for a, b in pairs] + odd
    return level[0]


def _summed_up(
    queries: Floats, load: Load, kernel: KernelLike, bandwidth: float
) -> Partial:
    stream = Stream(queries, kernel, bandwidth=bandwidth)
    stream.add(*load())
    return stream.part
