"""What a build says of itself on the terminal."""

from nwdocs.site.run.settings import Result
from nwdocs.site.run.summary import run_table

RESULTS = {
    "index.md": Result([], None, 1.25, cached=False),
    "a-longer-name.md": Result([], None, 3.04, cached=True),
    "failed.md": Result([], {"name": "ValueError"}, 0.5, cached=False),
}


SHOWN = {"index.md": ["kernels", "data"], "a-longer-name.md": ["data"]}


def test_the_table_says_what_ran_and_for_how_long() -> None:
    assert [line.split() for line in run_table(RESULTS, SHOWN).splitlines()] == [
        ["Page", "Outputs", "Seconds", "Figures"],
        ["index.md", "executed", "1.2", "2"],
        ["a-longer-name.md", "cached", "3.0", "1"],
        ["failed.md", "executed", "0.5", "0"],
        ["3", "pages", "2", "ran", "1.8", "3"],
    ]


def test_the_table_is_one_block_that_fits_a_terminal() -> None:
    lines = run_table(RESULTS, SHOWN).splitlines()
    assert len({len(line) for line in lines}) == 1
    # MkDocs wraps a message to the terminal, eleven columns in.
    assert len(lines[0]) <= 80 - 11


def test_a_project_without_pages_that_run_has_a_table_too() -> None:
    assert "0 pages" in run_table({}, {})
