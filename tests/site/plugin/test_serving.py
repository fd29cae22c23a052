"""An author's server."""

import re
from pathlib import Path

import pytest

from nwdocs.figures import number
from nwdocs.figures.palette import TOKENS
from support.project import copy_project
from support.serving import serve_project
from support.small_project import CONFIG, add_literature, edit, edit_page


def test_an_author_s_server_shows_errors_and_recovers(project: Path) -> None:
    edit_page(project, "second.md", 'show("kernels")', "1 / 0")
    with serve_project(project) as author:
        # It starts although a page is broken, and shows why on the page.
        page = author.wait_for("ZeroDivisionError", "second/")
        assert "docs/second.md, line 16, cell 1" in page
        assert "1 / 0" in page
        assert "docs/second.md, line 16, cell 1" in author.said()
        author.wait_for("One and one is 2.")

        edit_page(project, "second.md", "1 / 0", 'show("kernels")')
        author.wait_for('id="fig-kernels"', "second/")

        edit_page(
            project, "index.md", "One and one is", "It is plain that one and one is"
        )
        author.wait_for("It is plain that one and one is 2.")

        edit_page(project, "index.md", "A small page.", "Small: a page.")
        author.wait_for("not valid YAML")
        edit_page(project, "index.md", "Small: a page.", "A small page.")
        author.wait_for("It is plain that one and one is 2.")

        edit_page(project, "index.md", "@fig:data", "@fig:date")
        author.wait_for("names no figure")
        edit_page(project, "index.md", "@fig:date", "@fig:data")
        author.wait_for(f"Figure {number('data')}")


def test_a_page_that_documents_code_follows_it_while_served(project: Path) -> None:
    (project / "toy.py").write_text('def twice(x):\n    """First words."""\n')
    (project / "docs/api.md").write_text(
        "---\ntitle: API\ndescription: What there is.\n---\n# API\n\n::: toy.twice\n\n"
        "See [a part](index.md#a-part).\n"
    )
    config = CONFIG.replace(
        "plugins:\n",
        "plugins:\n  autorefs: {}\n  mkdocstrings: {handlers: {python: {paths: [.]}}}\n",
    )
    assert config != CONFIG
    (project / "mkdocs.yml").write_text(f"{config}\nwatch: [toy.py]\n")
    edit_page(project, "index.md", "## A part", "## A part\n\n[twice][toy.twice]")
    link = 'href="api/#toy.twice"'
    with serve_project(project) as author:
        author.wait_for("First words.", "api/")
        assert link in author.wait_for("One and one is 2.")
        edit_page(project, "index.md", "One and one is", "Plainly one and one is")
        assert link in author.wait_for("Plainly one and one is 2.")
        author.wait_for("First words.", "api/")
        (project / "toy.py").write_text('def twice(x):\n    """Other words."""\n')
        author.wait_for("Other words.", "api/")
        # A page that is not rendered again has its links looked after all the same.
        assert "does not contain an anchor" not in author.said()
        edit_page(project, "index.md", "## A part", "## Another part")
        author.wait_for("Another part")
        # The page in view is shown first, and the site is built behind it.
        told = re.compile("api.md, line 9 .*'index.md#a-part'.* does not contain")
        author.wait_until(lambda: bool(told.search(author.said())))


def test_what_an_author_asks_to_watch_is_watched(project: Path) -> None:
    with serve_project(project, "--watch-theme") as author:
        author.wait_for("<main>")
        (project / "theme/main.html").write_text("<main id=new>{{ page.content }}")
        author.wait_for("<main id=new>")


@pytest.fixture
def package(project: Path) -> Path:
    """The project's own copy of the package, which the project's server watches."""
    edit(project / "mkdocs.yml", "nav:", "watch: [nwdocs]\nnav:")
    return copy_project(project, "nwdocs") / "nwdocs"


RESTART = "was saved, but this server runs the older code: end it and start it again"


def test_what_is_saved_outside_of_the_machinery_is_seen_at_once(
    project: Path, package: Path
) -> None:
    ink = TOKENS["ink"].light
    kernels, deck = package / "kernels.py", package / "figures/deck.py"
    edit_page(project, "second.md", "`{python} 1 + 1`", "`{python} describe()`")
    given = "from nwdocs.figures import show"
    edit_page(
        project, "second.md", given, f"{given}\nfrom nwdocs.kernels import describe"
    )
    text = kernels.read_text()
    kernels.write_text(f"{text}\n\ndef describe():\n    return 'two'\n")
    with serve_project(project, package=project) as author:
        author.wait_for("One and one is two.", "second/")
        assert ink in author.wait_for("--nw-ink", "assets/tokens.css")
        edit(package / "figures/palette.py", ink, "#123456")
        author.wait_for("#123456", "assets/tokens.css")
        author.wait_for("var(--nw-ink,#123456)", "figures/data.svg")

        edit(kernels, "return 'two'", "return 'one more'")
        author.wait_for("One and one is one more.", "second/")

        # What cannot be imported is told on the page, and the server lives on.
        code = deck.read_text()
        deck.write_text(f"{code}(")
        author.wait_for("SyntaxError")
        deck.write_text(code)
        author.wait_for('id="fig-data"')
        assert RESTART not in author.said()


def test_the_page_that_an_author_looks_at_is_run_first(
    project: Path, package: Path
) -> None:
    kernels = package / "kernels.py"
    with kernels.open("a") as module:
        module.write("\n\ndef describe():\n    return 'two'\n")
    given = "from nwdocs.figures import show"
    for page in ("index.md", "second.md"):
        more = f"{given}\nfrom nwdocs.kernels import describe"
        edit_page(project, page, given, more)
        edit_page(project, page, "`{python} 1 + 1`", "`{python} describe()`")
    # The other page ends when it is told to, however long that takes.
    edit(project / "mkdocs.yml", "timeout: 20", "timeout: 300")
    held = project / "held"
    wait = f"import pathlib\nwhile pathlib.Path({str(held)!r}).exists():\n    pass\n"
    edit_page(project, "second.md", given, wait + given)
    with serve_project(project, package=project) as author:
        author.wait_for("One and one is two.", "second/")
        author.wait_for("One and one is two.")
        edit_page(project, "index.md", "One and one is", "Plainly one and one is")
        author.wait_for("Plainly one and one is two.")
        held.touch()
        edit(kernels, "return 'two'", "return 'one more'")
        author.wait_for("Plainly one and one is one more.")
        # Saved again while the other page runs: that is not waited for.
        edit(kernels, "return 'one more'", "return 'no less'")
        author.wait_for("Plainly one and one is no less.")
        assert "One and one is two." in author.wait_for("One and one", "second/")
        held.unlink()
        author.wait_for("One and one is no less.", "second/")


def test_a_server_that_is_told_to_end_in_a_build_ends(project: Path) -> None:
    edit(project / "mkdocs.yml", "timeout: 20", "timeout: 300")
    running = project / "running"
    endless = (
        f"import pathlib\npathlib.Path({str(running)!r}).touch()\nwhile True:\n    pass"
    )
    with serve_project(project) as author:
        author.wait_for("One and one is 2.")
        edit_page(project, "index.md", "from nwdocs", f"{endless}\nfrom nwdocs")
        author.wait_until(running.exists)
        author.process.terminate()
        author.wait_until(lambda: author.process.poll() is not None)


def test_a_server_can_build_as_for_readers(project: Path) -> None:
    with serve_project(project, "--clean") as author:
        author.wait_for("One and one is 2.")
        edit_page(project, "index.md", "One and one is", "Plainly one and one is")
        author.wait_for("Plainly one and one is 2.")
        assert "Traceback" not in author.said()


def test_a_style_that_is_saved_is_seen_at_once(project: Path) -> None:
    (project / "docs/site.css").write_text("p {color: red}")
    with serve_project(project) as author:
        author.wait_for("red", "site.css")
        (project / "docs/site.css").write_text("p {color: blue}")
        author.wait_for("blue", "site.css")
        assert author.said().count("Executed") == 3, "two pages and the look, once"


def test_an_edit_of_the_machinery_asks_for_a_restart(
    project: Path, package: Path
) -> None:
    with serve_project(project, package=project) as author:
        author.wait_for("Take it away")
        edit(package / "site/html/figures.py", "Take it away", "Take it home")
        author.wait_until(lambda: RESTART in author.said())
        assert f"nwdocs/site/html/figures.py {RESTART}" in author.said()
        edit_page(project, "index.md", "One and one is", "Plainly one and one is")
        assert "Take it away" in author.wait_for("Plainly one and one is 2.")
        assert author.said().count(RESTART) == 1, "told once"
    with serve_project(project, package=project) as author:
        author.wait_for("Take it home")
        assert RESTART not in author.said()


def test_a_server_lives_on_after_a_build_that_failed_early(project: Path) -> None:
    config = (project / "mkdocs.yml").read_text()
    with serve_project(project) as author:
        author.wait_for("One and one is 2.")
        add_literature(project, "@book{nadaraya, title = }\n")
        author.wait_until(lambda: author.said().count("The build failed") == 1)
        edit_page(project, "index.md", "One and one is", "Plainly one and one is")
        author.wait_until(lambda: author.said().count("The build failed") == 2)
        (project / "mkdocs.yml").write_text(config)
        author.wait_for("Plainly one and one is 2.")
