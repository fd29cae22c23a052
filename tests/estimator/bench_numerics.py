"""Speed and memory of the estimator beside other tools: `make bench-numerics` prints it.

Each tool answers the same queries from the same keys, in float64 and on one thread. The
tools take turns; the least time of a tool counts. Peak memory is measured in a process
of its own, above what its imports and the data take. All numbers are ratios to plain
numpy's, except where numpy would need the whole matrix.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import resource
import subprocess
import sys
import warnings
from collections.abc import Callable
from time import process_time

import numpy as np

from nwdocs import nadaraya_watson, select_bandwidth, synthetic_data
from nwdocs.attention import estimate
from nwdocs.kernels import Floats

ROUNDS = 7
WIDTH = 0.3

Tool = Callable[[Floats, Floats, Floats], object]


def numpy_alone(queries: Floats, keys: Floats, values: Floats) -> object:
    weights = np.exp(-0.5 * ((queries[:, None] - keys) / WIDTH) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ values, weights


def numpy_in_space(queries: Floats, keys: Floats, values: Floats) -> object:
    offsets = queries[:, None] - keys
    weights = np.exp(-0.5 * (offsets**2).sum(axis=-1) / 9)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ values, weights


def numpys_box(queries: Floats, keys: Floats, values: Floats) -> object:
    weights = (np.abs(queries[:, None] - keys) < WIDTH).astype(float)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ values, weights


def scikit_learn(queries: Floats, keys: Floats, values: Floats) -> object:
    from sklearn.metrics.pairwise import rbf_kernel

    weights = rbf_kernel(queries[:, None], keys[:, None], gamma=0.5 / WIDTH**2)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ values, weights


def pytorch(queries: Floats, keys: Floats, values: Floats) -> object:
    import torch

    q, k, v = (torch.from_numpy(a)[:, None] / 1.0 for a in (queries, keys, values))
    bias = (-(k**2) / (2 * WIDTH**2)).T.expand(len(q), -1)
    return torch.nn.functional.scaled_dot_product_attention(
        q, k, v, attn_mask=bias, scale=WIDTH**-2
    )


def statsmodels(queries: Floats, keys: Floats, values: Floats) -> object:
    from statsmodels.nonparametric.kernel_regression import KernelReg

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        model = KernelReg(values, keys, "c", reg_type="lc", bw=[WIDTH])
    return model.fit(queries)[0]


def ours(queries: Floats, keys: Floats, values: Floats) -> object:
    return nadaraya_watson(queries, keys, values, bandwidth=WIDTH)


def ours_in_space(queries: Floats, keys: Floats, values: Floats) -> object:
    return nadaraya_watson(queries, keys, values, bandwidth=3.0)


def our_estimates(queries: Floats, keys: Floats, values: Floats) -> object:
    return estimate(queries, keys, values, bandwidth=WIDTH)


def our_windows(queries: Floats, keys: Floats, values: Floats) -> object:
    return estimate(queries, keys, values, "boxcar", bandwidth=WIDTH, empty="nan")


def our_box(queries: Floats, keys: Floats, values: Floats) -> object:
    return nadaraya_watson(
        queries, keys, values, "boxcar", bandwidth=WIDTH, empty="nan"
    )


def our_choice(queries: Floats, keys: Floats, values: Floats) -> object:
    return select_bandwidth(keys, values)


def our_box_choice(queries: Floats, keys: Floats, values: Floats) -> object:
    return select_bandwidth(keys, values, "boxcar")


GAUSSIAN: dict[str, Tool] = {
    "numpy": numpy_alone,
    "nadaraya_watson": ours,
    "estimate": our_estimates,
    "scikit-learn's rbf_kernel": scikit_learn,
    "PyTorch's attention": pytorch,
}

#: What is compared: points, coordinates, rounds, and the tools by name. The first is 1.
TABLES: list[tuple[str, int, int, int, dict[str, Tool]]] = [
    (
        f"Gaussian, {n} queries of {n} keys",
        n,
        1,
        ROUNDS,
        GAUSSIAN | ({"statsmodels' KernelReg": statsmodels} if n == 1000 else {}),
    )
    for n in (1000, 4000)
]
TABLES += [
    (
        "Gaussian, 1000 queries of 1000 keys with 50 coordinates",
        1000,
        50,
        ROUNDS,
        {"numpy": numpy_in_space, "nadaraya_watson": ours_in_space},
    ),
    (
        "Boxcar, 4000 queries of 4000 keys",
        4000,
        1,
        ROUNDS,
        {"numpy": numpys_box, "weights": our_box, "windows": our_windows},
    ),
    (
        "20,000 queries of 20,000 keys (numpy would need 3 GiB for each matrix)",
        20_000,
        1,
        1,
        {"Gaussian by blocks": our_estimates, "boxcar by windows": our_windows},
    ),
    (
        "Choosing a bandwidth for 5000 points",
        5000,
        1,
        1,
        {"Gaussian": our_choice, "boxcar": our_box_choice},
    ),
]


def problem(points: int, coordinates: int) -> tuple[Floats, Floats, Floats]:
    data = synthetic_data(points)
    if coordinates == 1:
        return np.random.default_rng(0).permutation(data.x_train), *data[:2]
    rng = np.random.default_rng(0)
    queries, keys = rng.standard_normal((2, points, coordinates))
    return queries, keys, keys[:, 0].copy()


def seconds(tools: dict[str, Tool], rounds: int, size: tuple[int, int]) -> list[float]:
    """The least processor time of each tool; they take turns."""
    arguments = problem(*size)
    times = {name: [] for name in tools}  # type: dict[str, list[float]]
    for tool in tools.values():
        if rounds > 1:
            tool(*(a[:10] for a in arguments))  # what is imported late is imported now
    for _ in range(rounds):
        for name, tool in tools.items():
            start = process_time()
            tool(*arguments)
            times[name].append(process_time() - start)
    return [min(taken) for taken in times.values()]


def peak(table: int, name: str) -> float:
    """Peak memory of one tool, in MiB, from a process of its own."""
    run = subprocess.run(
        [sys.executable, __file__, str(table), name],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(run.stdout)


def measure_peak(table: int, name: str) -> None:
    _, points, coordinates, _, tools = TABLES[table]
    arguments = problem(points, coordinates)
    tools[name](*(a[:10] for a in arguments))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tools[name](*arguments)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print((after - before) / (2**20 if sys.platform == "darwin" else 2**10))


def main() -> None:
    # A new process starts at its parent's peak: memory comes first, while it is low.
    peaks = [[peak(i, name) for name in table[-1]] for i, table in enumerate(TABLES)]
    for (title, points, coordinates, rounds, tools), memory in zip(
        TABLES, peaks, strict=True
    ):
        print(
            f"\n{title}\n{'':28}{'time':>10}{'ratio':>8}{'peak memory':>15}{'ratio':>8}"
        )
        times = seconds(tools, rounds, (points, coordinates))
        for name, taken, most in zip(tools, times, memory, strict=True):
            print(
                f"{name:28}{taken:8.3f} s{taken / times[0]:8.2f}"
                f"{most:11.0f} MiB{most / max(memory[0], 1):8.2f}",
                flush=True,
            )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if len(sys.argv) == 3:
        measure_peak(int(sys.argv[1]), sys.argv[2])
    else:
        main()
