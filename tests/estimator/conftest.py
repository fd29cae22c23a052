"""PyTorch, with whose attention tests compare."""

import os
from importlib import import_module
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def torch() -> ModuleType:
    try:
        return import_module("torch")
    except ImportError:
        reason = "PyTorch is not installed; `make torch` gets its CPU build"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
