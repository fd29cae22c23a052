"""What an author is told of a page that failed."""

import re

import pytest

from nwdocs.site.run.errors import describe_error, describe_errors
from nwdocs.site.run.pool import execute
from nwdocs.site.run.settings import Result, Settings
from nwdocs.site.run.shell import failure
from support.pages import HEADER, page


@pytest.mark.parametrize(
    ("cell", "line", "message"),
    [
        ("x = 1\n\ny = x / 0\n", 3, "ZeroDivisionError: division by zero"),
        ("def f():\n    raise KeyError('no')\n\n\nf()\n", 2, "KeyError: 'no'"),
        ("x = 1\nx = (\n", 2, "SyntaxError"),
        ("x = 1\n\neval('1 +')\n", 3, "SyntaxError"),
        ("\n\nx = 1\ny = x / 0\n", 4, "ZeroDivisionError"),
        ("\n\nx = (\n", 3, "SyntaxError"),
        ("%%time\nx = 1\ny = x / 0\n", 3, "ZeroDivisionError"),
        ("%%capture\nx = 1\ny = x / 0\n", 3, "ZeroDivisionError"),
    ],
)
def test_an_error_names_page_line_cell_source_and_exception(
    settings: Settings, cell: str, line: int, message: str
) -> None:
    body = f"Some prose.\n\n```python\nfine = 1\n```\n\n```python\n{cell}```\n"
    found = page(body)
    result = execute([found], settings)["page.md"]
    assert result.error is not None
    said = describe_error(found, result)
    start = HEADER.count("\n") + 8
    assert f"docs/page.md, line {start + line - 1}, cell 2:" in said
    assert message in said
    for source in cell.splitlines():
        assert f"| {source}" in said
    assert re.search(rf"^> +{start + line - 1} \|", said, re.MULTILINE)
    assert len(said.splitlines()) < 12, "readable without scrolling"


def test_an_error_is_read_without_scrolling(settings: Settings) -> None:
    cell = [f"x{i} = {i}" for i in range(30)]
    cell[20] = "raise ValueError('wide ' * 1000 + '\\nlong' * 1000)"
    found = page("```python\n" + "\n".join(cell) + "\n```\n")
    said = describe_error(found, execute([found], settings)["page.md"])
    assert len(said.splitlines()) < 24
    assert max(map(len, said.splitlines())) < 400
    assert re.search(r"\| x19 = 19\n> .*\| raise Val.*\n.*\| x21 = 21", said)
    assert "x2 = 2" not in said
    assert said.endswith("… and 993 more lines")


def test_an_error_names_where_in_the_package_it_came_up(settings: Settings) -> None:
    found = page("```python\nfrom nwdocs.figures import show\n\nshow('no')\n```\n")
    said = describe_error(found, execute([found], settings)["page.md"])
    assert re.search(
        r"\nIt came up in nwdocs/figures/\w+\.py, line \d+, in \w+\.$", said
    )


def test_an_error_in_a_sentence_names_its_line(settings: Settings) -> None:
    body = "```python\nx = 1\ny = 1 if x else x / 0\n```\n\nOne.\n\nIt is `{python} x / 0`.\n"
    found = page(body)
    result = execute([found], settings)["page.md"]
    said = describe_error(found, result)
    line = HEADER.count("\n") + 8
    assert f"line {line}, inline expression after cell 1" in said
    assert "ZeroDivisionError" in said


def test_the_same_error_on_two_pages_is_told_once() -> None:
    pages = [page("```python\nx / 0\n```\n", uri) for uri in ("a.md", "b.md", "c.md")]
    same = failure(0, "ZeroDivisionError", "division by zero")
    other = failure(0, "NameError", "name 'x' is not defined")
    results = {
        one.uri: Result([[]], error, 0.1, cached=False)
        for one, error in zip(pages, (same, other, same), strict=True)
    }
    first, second = describe_errors(pages, results)
    assert first.splitlines()[0].startswith("docs/a.md, line ")
    assert re.search(r"\nThe same on 1 more: docs/c.md, line \d+\.$", first)
    assert second.startswith("docs/b.md, line ")
    assert "The same" not in second
