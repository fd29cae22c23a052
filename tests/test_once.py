"""A result is computed once in a process, or taken from who has it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from nwdocs import once as module
from nwdocs.once import keep_with, once


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no test's keeper to the others."""
    monkeypatch.setattr(module, "_keeper", module._keeper)


def counted() -> tuple[Callable[..., int], list[tuple[int, int]]]:
    calls: list[tuple[int, int]] = []

    @once
    def add(a: int, b: int = 1) -> int:
        """Add two numbers."""
        calls.append((a, b))
        return a + b

    return add, calls


def test_each_result_is_computed_once() -> None:
    add, calls = counted()
    assert [add(1), add(1), add(1, b=2), add(1, b=2), add(2)] == [2, 2, 3, 3, 3]
    assert calls == [(1, 1), (1, 2), (2, 1)]
    assert (add.__name__, add.__doc__) == ("add", "Add two numbers.")


def test_a_keeper_is_asked_once_for_what_is_not_computed_yet() -> None:
    add, calls = counted()
    assert add(1) == 2
    asked = []

    def keeper(
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        named: Mapping[str, Any],
    ) -> Any:
        asked.append((function.__name__, arguments, {**named}))
        return 7

    keep_with(keeper)
    assert [add(1), add(5, b=2), add(5, b=2)] == [2, 7, 7]
    assert asked == [("add", (5,), {"b": 2})]
    assert calls == [(1, 1)]


def test_what_fails_is_tried_again() -> None:
    tries: list[int] = []

    @once
    def fails() -> None:
        tries.append(1)
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            fails()
    assert len(tries) == 2
