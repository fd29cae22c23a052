"""Cost and memory of many keys, ours beside other tools: writes what a figure quotes.

Run it as `make bench-scale`; it replaces nwdocs/study/scale.csv. As many queries as keys,
in float64 and on one thread. Each tool has a process of its own for each size. Its time is
that of the processor, the least of several rounds; its memory is the peak above what
imports and data take. A tool that would need more than the limits is not run at a size.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import csv
import platform
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import process_time

import numpy as np

from nwdocs.attention import estimate
from nwdocs.gauss_transform import fast_estimate
from nwdocs.kernels import Floats
from nwdocs.merging import Stream
from nwdocs.study.scale import FILE, WIDE

Tool = Callable[[Floats, Floats, Floats, float], object]

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SECONDS, MEBIBYTES = 100.0, 4096.0  # that a tool may need


def numpy_alone(q: Floats, k: Floats, v: Floats, width: float) -> object:
    if q.ndim == 1:
        squared = (q[:, None] - k) ** 2
    else:
        squared = (q**2).sum(1)[:, None] + (k**2).sum(1) - 2 * q @ k.T
    weights = np.exp(-0.5 * squared / width**2)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ v


def scikit_learn(q: Floats, k: Floats, v: Floats, width: float) -> object:
    from sklearn.metrics.pairwise import rbf_kernel

    q, k = (a.reshape(len(a), -1) for a in (q, k))
    weights = rbf_kernel(q, k, gamma=0.5 / width**2)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ v


def kd_tree(q: Floats, k: Floats, v: Floats, width: float) -> object:
    """Two densities by scikit-learn's tree, to six digits: of keys, and of values."""
    from sklearn.neighbors import KernelDensity

    def density(weights: Floats) -> Floats:
        tree = KernelDensity(bandwidth=width, rtol=1e-6, algorithm="kd_tree")
        tree.fit(k[:, None], sample_weight=weights)
        return np.exp(tree.score_samples(q[:, None])) * weights.sum()

    lowest = v.min() - 1  # its weights must be positive
    return density(v - lowest) / density(np.ones(len(k))) + lowest


def pytorch(q: Floats, k: Floats, v: Floats, width: float) -> object:
    """The key-norm bias as one coordinate more, so that no matrix of biases is made."""
    import torch

    q, k = (a.reshape(len(a), -1) / width for a in (q, k))
    q = np.column_stack([q, np.ones(len(q))])
    k = np.column_stack([k, -np.square(k).sum(axis=1) / 2])
    values = np.zeros_like(k)
    values[:, 0] = v
    asked, heard, told = (torch.from_numpy(a)[None, None] for a in (q, k, values))
    found = torch.nn.functional.scaled_dot_product_attention(
        asked, heard, told, scale=1.0
    )
    return found[0, 0, :, 0].numpy()


def fast(q: Floats, k: Floats, v: Floats, width: float) -> object:
    return fast_estimate(q, k, v, bandwidth=width)


def stream(q: Floats, k: Floats, v: Floats, width: float) -> object:
    found = Stream(q, bandwidth=width)
    found.add(k, v)
    return found.estimates()


def windows(q: Floats, k: Floats, v: Floats, width: float) -> object:
    """Another kernel, as wide: exact sums in sorted windows."""
    return estimate(q, k, v, "epanechnikov", bandwidth=2.2 * width)


LINE: dict[str, Tool] = {
    "fast_estimate": fast,
    "windows (Epanechnikov)": windows,
    "Stream": stream,
    "numpy": numpy_alone,
    "PyTorch's attention": pytorch,
    "scikit-learn's rbf": scikit_learn,
    "KD-tree": kd_tree,
}
SPACE = {
    n: LINE[n] for n in ("Stream", "numpy", "PyTorch's attention", "scikit-learn's rbf")
}


def problem(n: int, coordinates: int) -> tuple[Floats, Floats, Floats, float]:
    rng = np.random.default_rng(0)
    if coordinates == 1:
        q, k = rng.uniform(0, 5, (2, n))
        return q, k, np.sin(k) + rng.standard_normal(n), 0.3 * (n / 40) ** -0.2
    q, k = rng.standard_normal((2, n, coordinates))
    return q, k, k[:, 0] + rng.standard_normal(n), coordinates**0.25


def child(name: str, n: int, coordinates: int) -> None:
    tool, arguments = LINE[name], problem(n, coordinates)
    tool(*problem(50, coordinates))  # what is imported late is imported now
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times: list[float] = []
    while len(times) < 5 and sum(times) < 5:
        start = process_time()
        answers = np.asarray(tool(*arguments))
        times.append(process_time() - start)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 2**20 if sys.platform == "darwin" else 2**10
    some = slice(0, 20)
    exact = numpy_alone(arguments[0][some], *arguments[1:])
    off = float(np.abs(answers[some] - exact).max()) if "windows" not in name else 0
    assert off < 1e-4, f"{name} is wrong by {off:g}"
    print(min(times), (after - before) / unit)


def measured(name: str, n: int, coordinates: int) -> tuple[float, float]:
    run = subprocess.run(
        [sys.executable, __file__, name, str(n), str(coordinates)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, mebibytes = map(float, run.stdout.split())
    return seconds, mebibytes


def rows() -> list[tuple[str, int, int, float, float]]:
    found = []
    for coordinates, tools, sizes in ((1, LINE, SIZES), (WIDE, SPACE, SIZES[:3])):
        for name in tools:
            for n in sizes:
                seconds, mebibytes = measured(name, n, coordinates)
                found.append((name, coordinates, n, seconds, mebibytes))
                print(*found[-1], sep="\t", file=sys.stderr, flush=True)
                # Ten times as many pairs a side: a hundred times as much, at the worst.
                growth = (
                    15 if name in ("fast_estimate", "windows (Epanechnikov)") else 100
                )
                if seconds * growth > SECONDS or mebibytes * growth > 100 * MEBIBYTES:
                    break
                if (
                    name in ("numpy", "scikit-learn's rbf")
                    and n**2 * 800 > 2**20 * MEBIBYTES
                ):
                    break
    return found


def main(out: Path) -> None:
    versions = ", ".join(
        f"{p} {version(p)}" for p in ("numpy", "torch", "scikit-learn")
    )
    machine = f"{platform.system()}, {os.cpu_count()} × {processor()}"
    head = (
        f"# Measured on {datetime.now(UTC):%Y-%m-%d}: {machine}, "
        f"Python {platform.python_version()}, {versions}; one thread.\n"
    )
    table = rows()
    with out.open("w", newline="") as file:
        file.write(head)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["tool", "coordinates", "keys", "seconds", "MiB"])
        writer.writerows(
            (name, d, n, f"{seconds:.3g}", f"{mebibytes:.3g}")
            for name, d, n, seconds, mebibytes in table
        )


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(x.split(": ")[1] for x in lines if x.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return " ".join(name.split()[:2])


if __name__ == "__main__":
    if len(sys.argv) == 4:
        child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(FILE)
