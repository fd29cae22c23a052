"""Attention pooling by similarity: a 1964 estimator, read as attention.

Data flows one way: kernels -> attention -> figures -> pages. Importing this package
needs numpy alone; figures live in `nwdocs.figures`, which adds matplotlib.
"""

from nwdocs.attention import (
    EmptyNeighbourhoodError,
    attention_weights,
    nadaraya_watson,
)
from nwdocs.bandwidth import select_bandwidth
from nwdocs.data import SyntheticData, synthetic_data
from nwdocs.explorer import explorer
from nwdocs.kernels import KERNELS, Kernel

__all__ = [
    "KERNELS",
    "EmptyNeighbourhoodError",
    "Kernel",
    "SyntheticData",
    "attention_weights",
    "explorer",
    "nadaraya_watson",
    "select_bandwidth",
    "synthetic_data",
]
