"""An author's server."""

import re
from pathlib import Path

from nwdocs.figures.palette import TOKENS
from support.small_project import CONFIG, edit


def test_an_author_s_server_shows_errors_and_recovers(project: Path) -> None:
    edit(project, "second.md", 'show("kernels")', "1 / 0")
    with served(project) as (address, said):
        # It starts although a page is broken, and shows why on the page.
        page = wait_for(f"{address}second/", "ZeroDivisionError", said)
        assert "docs/second.md, line 16, cell 1" in page
        assert "1 / 0" in page
        assert "docs/second.md, line 16, cell 1" in said()
        wait_for(address, "One and one is 2.", said)

        edit(project, "second.md", "1 / 0", 'show("kernels")')
        wait_for(f"{address}second/", 'id="fig-kernels"', said)

        edit(project, "index.md", "One and one is", "It is plain that one and one is")
        wait_for(address, "It is plain that one and one is 2.", said)

        edit(project, "index.md", "A small page.", "Small: a page.")
        wait_for(address, "not valid YAML", said)
        edit(project, "index.md", "Small: a page.", "A small page.")
        wait_for(address, "It is plain that one and one is 2.", said)

        edit(project, "index.md", "@fig:data", "@fig:date")
        wait_for(address, "names no figure", said)
        edit(project, "index.md", "@fig:date", "@fig:data")
        wait_for(address, "Figure 3", said)


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
    edit(project, "index.md", "## A part", "## A part\n\n[twice][toy.twice]")
    link = 'href="api/#toy.twice"'
    with served(project) as (address, said):
        wait_for(f"{address}api/", "First words.", said)
        assert link in wait_for(address, "One and one is 2.", said)
        edit(project, "index.md", "One and one is", "Plainly one and one is")
        assert link in wait_for(address, "Plainly one and one is 2.", said)
        wait_for(f"{address}api/", "First words.", said)
        (project / "toy.py").write_text('def twice(x):\n    """Other words."""\n')
        wait_for(f"{address}api/", "Other words.", said)
        # A page that is not rendered again has its links looked after all the same.
        assert "does not contain an anchor" not in said()
        edit(project, "index.md", "## A part", "## Another part")
        wait_for(address, "Another part", said)
        assert re.search(
            "api.md, line 9 .*'index.md#a-part'.* does not contain", said()
        )


def test_what_an_author_asks_to_watch_is_watched(project: Path) -> None:
    with served(project, "--watch-theme") as (address, said):
        wait_for(address, "<main>", said)
        (project / "theme/main.html").write_text("<main id=new>{{ page.content }}")
        wait_for(address, "<main id=new>", said)


def test_what_is_saved_in_the_package_serves_from_the_next_build_on(
    project: Path,
) -> None:
    shutil.copytree(
        ROOT / "nwdocs",
        project / "nwdocs",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    hooks = f"hooks: [{ROOT}/nwdocs/site/plugin/notebooks.py"
    config = (project / "mkdocs.yml").read_text()
    assert hooks in config
    config = config.replace(f"{ROOT}/", "").replace("nav:", "watch: [nwdocs]\nnav:")
    (project / "mkdocs.yml").write_text(config)
    fragments = project / "nwdocs/site/html/outputs.py"
    code = fragments.read_text()
    with served(project, package=project) as (address, said):
        wait_for(address, "Take it away", said)
        fragments.write_text(code.replace("Take it away", "Take it home"))
        wait_for(address, "Take it home", said)
        # What cannot be imported is told, and the server lives on.
        fragments.write_text(f"{code}(")
        wait_for(address, "SyntaxError", said)
        fragments.write_text(code.replace("Take it away", "Have it"))
        wait_for(address, "Have it", said)
        # A colour is in the style sheet, and pages run again for their figures.
        palette = project / "nwdocs/figures/palette.py"
        ink = TOKENS["ink"].light
        assert ink in wait_for(f"{address}assets/tokens.css", "--nw-ink", said)
        palette.write_text(palette.read_text().replace(ink, "#123456"))
        wait_for(f"{address}assets/tokens.css", "#123456", said)
        wait_for(f"{address}figures/data.svg", "var(--nw-ink,#123456)", said)
        # So it does after builds that ended before they came to the hooks.
        add_literature(project, "@book{nadaraya, title = }\n")
        wait_until(lambda: said().count("syntax error in line 1") == 1, said)
        hooks_file = project / "nwdocs/site/plugin/notebooks.py"
        code = hooks_file.read_text()
        hooks_file.write_text(code.replace("[Figure {", "[Picture {"))
        wait_until(lambda: said().count("syntax error in line 1") == 2, said)
        (project / "mkdocs.yml").write_text(config)
        wait_for(address, ">Picture 3</a>", said)
