"""Attention pooling by similarity: a 1964 estimator, read as attention.

Arrows run one way: site -> figures -> study -> estimator. The estimator is what this
package exports, and needs numpy alone. `nwdocs.study` compares settings over many data
sets; `nwdocs.figures` draws, and adds matplotlib; `nwdocs.site` builds the site.
"""

from nwdocs.attention import (
    EmptyNeighbourhoodError,
    attention_weights,
    nadaraya_watson,
)
from nwdocs.bandwidth import select_bandwidth
from nwdocs.data import SyntheticData, synthetic_data
from nwdocs.kernels import KERNELS, Kernel

__all__ = [
    "KERNELS",
    "EmptyNeighbourhoodError",
    "Kernel",
    "SyntheticData",
    "attention_weights",
    "nadaraya_watson",
    "select_bandwidth",
    "synthetic_data",
]
