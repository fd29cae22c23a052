"""Compiled modules without columns and docstrings: they do the same."""

import argparse
import fractions
import inspect
import marshal
import opcode
import statistics
import sys
from collections.abc import Iterator
from types import CodeType, ModuleType

import pytest

from nwdocs.site.live import compiled

MODULES = [argparse, compiled, fractions, inspect, statistics]

# Lines that go down and up again, that are far apart, and a statement of many units.
ODD = (
    "def f(x):\n    return (x +\n" + "\n" * 200 + "   x\n) if x else g(\n x)\n"
    "h = [" + ", ".join(f"a{i}" for i in range(99)) + "]\n"
    "def g(x):\n    'Text of g.'\n    return 'Text of g.'\n"
    "def k(x):\n    'Text of k.'\n    return x\n"
)


@pytest.fixture(autouse=True)
def of_this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Since 3.11, Python writes modules so; but each version has its own marks."""
    monkeypatch.setattr(compiled, "_MAGIC", b"ok")
    monkeypatch.setattr(compiled, "_LOAD_CONST", opcode.opmap["LOAD_CONST"])


def lean(code: CodeType, *, docstrings: bool = False) -> CodeType:
    module = b"ok" + bytes(14) + marshal.dumps(code)
    return marshal.loads(compiled.lean(module, docstrings=docstrings)[16:])


def codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def lines(code: CodeType) -> list[int | None]:
    """The line of each instruction."""
    return [line for start, end, line in code.co_lines() for _ in range(start, end, 2)]


def of_module(module: ModuleType) -> CodeType:
    return compile(inspect.getsource(module), module.__name__, "exec")


@pytest.mark.parametrize(
    "code",
    [*map(of_module, MODULES), compile(ODD, "odd", "exec")],
    ids=lambda code: code.co_filename,
)
def test_instructions_and_lines_stay_and_columns_go(code: CodeType) -> None:
    found = list(codes(lean(code)))
    for one, other in zip(codes(code), found, strict=True):
        assert one.co_code == other.co_code
        assert one.co_names == other.co_names
        assert one.co_exceptiontable == other.co_exceptiontable
        assert lines(one) == lines(other)
        assert {position[2] for position in other.co_positions()} == {None}
    assert len(marshal.dumps(lean(code))) < 0.9 * len(marshal.dumps(code))


@pytest.mark.skipif(sys.version_info < (3, 14), reason="not so before 3.14")
def test_docstrings_go_but_not_what_is_used_elsewhere() -> None:
    code = compile(ODD, "odd", "exec")
    names: dict[str, object] = {f"a{i}": i for i in range(99)}
    exec(lean(code), names)
    g, k = names["g"], names["k"]
    assert callable(g)
    assert callable(k)
    assert g(0) == g.__doc__ == "Text of g."
    assert k.__doc__ is None
    assert k(1) == 1
    exec(lean(code, docstrings=True), names)
    assert names["k"].__doc__ == "Text of k."


def test_a_module_of_another_python_is_refused() -> None:
    with pytest.raises(ValueError, match="another Python"):
        compiled.lean(b"no" + bytes(14) + marshal.dumps(of_module(fractions)))


def test_what_marshal_writes_besides_is_refused() -> None:
    with pytest.raises(ValueError, match=r"of the type '\{'"):
        compiled.lean(b"ok" + bytes(14) + marshal.dumps({}))
