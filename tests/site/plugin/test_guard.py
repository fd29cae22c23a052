"""A request to end a server is not lost, whenever it comes."""

import gc
import signal
import weakref

import pytest

from nwdocs.site.plugin.guard import signals_held_back


class Circle:
    """What only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


def test_an_interrupt_while_rubbish_is_collected_ends_the_server() -> None:
    called = []

    def interrupt(_: object) -> None:
        called.append("callback")
        signal.raise_signal(signal.SIGINT)
        called.append("to its end")

    before = signal.getsignal(signal.SIGINT)
    rubbish = Circle()
    watching = weakref.ref(rubbish, interrupt)
    del rubbish

    def collect() -> None:
        with signals_held_back():
            gc.collect()
            called.append("collected")

    with pytest.raises(KeyboardInterrupt):
        collect()
    assert called == ["callback", "to its end", "collected"]
    assert signal.getsignal(signal.SIGINT) is before
    assert watching() is None


def test_without_a_request_nothing_ends() -> None:
    with signals_held_back():
        gc.collect()
