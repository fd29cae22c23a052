"""What an import costs, and that the public names are complete and documented."""

import ast
import doctest
import importlib
import pkgutil
import subprocess
import sys
from inspect import getdoc, getsource, isclass, isfunction, signature
from textwrap import dedent

import pytest

import nwdocs

MODULES = [
    "nwdocs",
    *(module.name for module in pkgutil.walk_packages(nwdocs.__path__, "nwdocs.")),
]
NUMERICS = ["attention", "bandwidth", "checks", "data", "distances", "kernels"]
NUMERICS += ["learned", "leave_one_out", "local_linear", "measures", "optimise"]
NUMERICS += [
    "projections",
    "score_checks",
    "search",
    "similarity",
    "softmax",
    "widths",
    "windows",
]
NUMERICS += ["shared_kernel", "study.claims", "study.dimension", "study.ensembles"]
NUMERICS += ["cluster", "features", "gauss_transform", "merging", "truncation"]
NUMERICS += ["patches", "study.patches", "study.scale", "study.uneven"]
NUMERICS += ["repeated", "study.repeated", "study.shared_kernel"]

each_module = pytest.mark.parametrize("name", MODULES)


# --- what an import loads ------------------------------------------------------------


def newly_loaded(code: str) -> set[str]:
    """Top-level packages that `code` loads in a fresh interpreter."""
    script = f"""
        import sys
        before = set(sys.modules)
        {code}
        loaded = set(sys.modules) - before
        found = [name for name in loaded if getattr(sys.modules[name], "__spec__", None)]
        print(*{{name.split(".")[0] for name in found}})
        """
    run = subprocess.run(
        [sys.executable, "-c", dedent(script)],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


def test_the_ruler_sees_an_import() -> None:
    assert "matplotlib" in newly_loaded("import matplotlib")


@pytest.mark.parametrize(
    "modules", ["nwdocs", ", ".join(f"nwdocs.{name}" for name in NUMERICS)]
)
def test_the_numerics_import_numpy_alone(modules: str) -> None:
    loaded = newly_loaded(f"import {modules}")
    # Spelt out, though the line after it says more: these are what must stay away.
    assert loaded.isdisjoint({"matplotlib", "mkdocs", "IPython", "jupyter_core"})
    assert loaded - sys.stdlib_module_names == {"nwdocs", "numpy"}


# --- what is public ------------------------------------------------------------------


def definitions(name: str) -> dict[str, ast.stmt]:
    """Public functions, classes and constants that a module defines at its top."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(getsource(importlib.import_module(name))).body:
        match node:
            case (
                ast.FunctionDef(name=public)
                | ast.ClassDef(name=public)
                | ast.Assign(targets=[ast.Name(id=public)])
                | ast.AnnAssign(target=ast.Name(id=public))
            ) if not public.startswith("_") and public != "log":
                found[public] = node
    return found


def is_registered_figure(node: ast.stmt) -> bool:
    """Whether FIGURES holds it: readers ask for a figure by its name there."""
    return isinstance(node, ast.FunctionDef) and any(
        ast.unparse(decorator).startswith("figure(")
        for decorator in node.decorator_list
    )


def public_functions(name: str) -> dict[str, ast.FunctionDef]:
    return {
        public: node
        for public, node in definitions(name).items()
        if isinstance(node, ast.FunctionDef)
    }


@each_module
def test_the_list_of_public_names_is_complete_and_true(name: str) -> None:
    module = importlib.import_module(name)
    listed = getattr(module, "__all__", list(definitions(name)))  # as Python has it
    assert len(set(listed)) == len(listed), "a name is listed twice"
    unknown = [public for public in listed if not hasattr(module, public)]
    assert not unknown, f"{name}.__all__ lists what does not exist: {unknown}"
    unlisted = {
        public
        for public, node in definitions(name).items()
        if public not in listed and not is_registered_figure(node)
    }
    assert not unlisted, f"{name}.__all__ lacks {sorted(unlisted)}"


@pytest.mark.parametrize("name", NUMERICS)
def test_each_module_of_the_numerics_has_such_a_list(name: str) -> None:
    assert importlib.import_module(f"nwdocs.{name}").__all__


@each_module
def test_all_that_is_public_is_documented(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} has no docstring"
    for public in definitions(name):
        thing = getattr(module, public)
        if isfunction(thing) or isclass(thing):
            doc = thing.__doc__ or ""
            assert doc, f"{name}.{public} has no docstring"
            made_up = doc.startswith(f"{public}(")  # what a dataclass gives itself
            assert not made_up, f"{name}.{public} has no docstring of its own"


def may_raise(function: ast.FunctionDef) -> bool:
    for node in ast.walk(function):
        match node:
            case ast.Raise():
                return True
            case ast.Call(func=ast.Name(id=called)) if "check_" in called:
                return True
    return False


@each_module
def test_a_function_that_raises_says_so(name: str) -> None:
    for public, node in public_functions(name).items():
        if may_raise(node):
            doc = ast.get_docstring(node) or ""
            assert "raise" in doc.lower(), f"{name}.{public} does not tell its errors"


@each_module
def test_described_arguments_are_those_of_the_function(name: str) -> None:
    for public, node in public_functions(name).items():
        doc = ast.get_docstring(node) or ""
        if "Args:\n" in doc:
            section = doc.split("Args:\n")[1].split("\n\n")[0].splitlines()
            entries = [
                line for line in section if line[:4].isspace() and line[4] != " "
            ]
            described = [entry.split(":")[0].strip() for entry in entries]
            function = getattr(importlib.import_module(name), public)
            assert described == list(signature(function).parameters), f"{name}.{public}"


@pytest.mark.parametrize("public", nwdocs.__all__)
def test_the_package_itself_documents_arguments_results_and_errors(public: str) -> None:
    thing = getattr(nwdocs, public)
    if isfunction(thing):
        doc = getdoc(thing) or ""
        for section in ("Args:", "Returns:", "Raises:"):
            assert f"\n{section}\n" in doc, f"nwdocs.{public} has no section {section}"


# --- examples in docstrings ----------------------------------------------------------


@each_module
def test_examples_in_docstrings_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_estimator_has_examples() -> None:
    assert doctest.testmod(importlib.import_module("nwdocs.attention")).attempted >= 2
