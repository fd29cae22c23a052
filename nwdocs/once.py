"""Results that take long: computed once in a process, and in a build once for all pages."""

from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

__all__ = ["Keeper", "keep_with", "once"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


#: Gives what a function does for its arguments, by place and by name: it may know the
#: result from another process.
Keeper = Callable[[Callable[..., Any], tuple[Any, ...], Mapping[str, Any]], Any]


def _compute(
    function: Callable[..., Any], arguments: tuple[Any, ...], named: Mapping[str, Any]
) -> Any:
    return function(*arguments, **named)


_keeper: Keeper = _compute


def keep_with(keeper: Keeper) -> None:
    """Have `keeper` asked for each result that this process has not computed yet."""
    global _keeper
    _keeper = keeper


def once(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have the decorated function compute each result once.

    Args:
        function: gives the same for the same arguments, always, and does nothing else.
            They must be hashable, and what it gives, if a build is to share it, picklable.
    """

    @cache
    @wraps(function)
    def result(*arguments: Any, **named: Any) -> Any:
        return _keeper(function, arguments, named)

    return cast(Callable[_P, _R], result)
