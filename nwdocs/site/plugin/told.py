"""What MkDocs and its plugins log while something is done."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["told"]


@contextmanager
def told(level: int, by: str = "mkdocs") -> Iterator[list[str]]:
    """What is logged at `level` or above: the list fills while the block runs.

    Args:
        level: as in `logging`.
        by: the logger, with all below it.
    """
    heard: list[str] = []
    handler = logging.Handler(level)
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger(by)
    logger.addHandler(handler)
    try:
        yield heard
    finally:
        logger.removeHandler(handler)
