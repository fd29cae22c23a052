"""What stands around a page: cards, dates, the glossary, links from code, the font."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from support.browsing import ROOT
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nwdocs.site.html.cards import CARD_SIZE, card, icon_png, icon_svg
from nwdocs.site.html.crossrefs import imported_names, link_code
from nwdocs.site.plugin.furniture import keep_together, reading_minutes, repair
from nwdocs.site.html.glossary import Term, abbreviations, first_only, read_terms
from nwdocs.site.history import changed_dates
from nwdocs.site.html.mathfont import characters, math_font
from nwdocs.site.html.styles import (
    classes_in_page,
    classes_in_script,
    dark_without_script,
    decisive,
    purge,
)
from nwdocs.figures import show

# --- Cards and icons ---------------------------------------------------------------


def test_a_card_has_its_size_and_the_same_bytes_twice() -> None:
    picture = show("kernels").png()
    words = ("Site", "A title of a few words", "What the page says, in a sentence.")
    first = card(*words, picture)
    assert first == card(*words, picture)
    assert first != card(*words, None)
    with Image.open(BytesIO(first)) as image:
        assert image.size == CARD_SIZE
        ground = np.asarray(image.convert("RGB"))[5, 300]
    assert ground.min() >= 254  # white, to the accuracy of 256 colours


def test_a_long_title_stays_left_of_the_picture() -> None:
    picture = show("kernels").png()
    with Image.open(BytesIO(card("S", "word " * 12, "say " * 40, picture))) as image:
        gap = np.asarray(image.convert("L"))[:, 540:570]
    assert gap.min() >= 254


def test_icons_show_the_kernel() -> None:
    assert icon_svg() == icon_svg()
    assert "M2 26.9" in icon_svg()  # exp(-2.5**2 / 2) is 0.04 of the height above 28
    with Image.open(BytesIO(icon_png(180))) as image:
        assert image.size == (180, 180)


# --- Dates -------------------------------------------------------------------------


def git(folder: Path, *command: str, date: str = "") -> None:
    environment = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date} if date else {}
    subprocess.run(
        ["git", "-C", folder, "-c", "user.name=n", "-c", "user.email=e", *command],
        env={
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "HOME": str(folder),
            **environment,
        },
        check=True,
        capture_output=True,
    )


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository whose folder docs was changed on two days."""
    docs = tmp_path / "origin" / "docs"
    docs.mkdir(parents=True)
    git(docs, "init", "--quiet", str(docs.parent))
    for name, day in (("old.md", "2020-01-02"), ("new.md", "2021-03-04")):
        (docs / name).write_text(name)
        git(docs, "add", ".")
        git(docs, "commit", "--quiet", "-m", name, date=f"{day}T12:00:00+0000")
    return docs


def test_git_tells_when_each_page_was_last_changed(history: Path) -> None:
    (history / "old.md").write_text("again")
    git(history, "commit", "-aqm", "again", date="2022-05-06T12:00:00+0000")
    (history / "unknown.md").write_text("not yet in git")
    assert changed_dates(history) == {
        "old.md": datetime(2022, 5, 6, 12, tzinfo=UTC),
        "new.md": datetime(2021, 3, 4, 12, tzinfo=UTC),
    }


def test_without_git_or_with_a_history_cut_short_there_are_no_dates(
    history: Path, tmp_path: Path
) -> None:
    (tmp_path / "plain").mkdir()
    assert changed_dates(tmp_path / "plain") == {}
    origin, short = f"file://{history.parent}", str(tmp_path / "short")
    git(tmp_path, "clone", "--quiet", "--depth", "1", origin, short)
    assert changed_dates(Path(short) / "docs") == {}


# --- Words -------------------------------------------------------------------------

GLOSSARY = """\
# Glossary

Words: not an entry.

kernel
kernels
:   A *function* of [distance](data.md),
    in `code`.

RMSE
:   An error.
"""


def test_the_glossary_is_read_as_plain_words() -> None:
    assert read_terms(GLOSSARY) == [
        Term(["kernel", "kernels"], "A function of distance, in code."),
        Term(["RMSE"], "An error."),
    ]


def test_each_name_of_a_term_gets_its_definition() -> None:
    assert abbreviations(read_terms(GLOSSARY)).splitlines() == [
        "*[kernel]: A function of distance, in code.",
        "*[kernels]: A function of distance, in code.",
        "*[RMSE]: An error.",
    ]


def test_a_definition_stays_at_the_first_use_outside_headings_and_links() -> None:
    one, two = '<abbr title="A">a</abbr>', '<abbr title="A">as</abbr>'
    other = '<abbr title="B">b</abbr>'
    page = f"<h2>{one}</h2><p><a href='x'>{one}</a> {two} {one} {other}</p>"
    kept = f"<h2>a</h2><p><a href='x'>a</a> {two} a {other}</p>"
    reached = kept.replace("<abbr ", '<abbr tabindex="0" ')
    assert first_only(page) == reached


def test_only_prose_takes_time_to_read() -> None:
    prose = "<p>" + "word " * 410 + "</p>"
    rest = "<pre>" + "code " * 999 + "</pre><svg><text>" + "t " * 999 + "</text></svg>"
    assert reading_minutes(prose) == reading_minutes(prose + rest) == 2
    assert reading_minutes("") == 1


def test_what_an_article_shows_is_not_touched() -> None:
    article = "<article>\n<pre>\n    indented\n\n    twice\n</pre></article>"
    page = f"<body>\n\n    <p>\n  {article}\n\n   <p>"
    assert repair(page) == f"<body>\n<p>\n{article}\n<p>"


# --- Links from code -------------------------------------------------------------------


def test_names_are_known_by_what_code_imports() -> None:
    code = "import numpy as np\nfrom nwdocs.kernels import boxcar as box, gaussian\n"
    code += "from numpy import ones\nfrom nwdocs import nadaraya_watson"
    assert imported_names(code) == {
        "box": "nwdocs.kernels.boxcar",
        "gaussian": "nwdocs.kernels.gaussian",
        "nadaraya_watson": "nwdocs.nadaraya_watson",
    }
    assert imported_names("this is not Python") == {}


def test_a_name_becomes_a_link_but_an_attribute_does_not() -> None:
    source = "```python\nfrom nwdocs.data import truth\n```\n"
    attribute = '<span class="o">.</span><span class="n">truth</span>'
    name = '<span class="n">truth</span>'
    page = (
        f'<p>{name}</p><div class="language-python highlight">{name}{attribute}</div>'
    )
    assert link_code(page, source) == page.replace(
        f">{name}<span",
        f'><autoref optional identifier="nwdocs.data.truth">{name}</autoref><span',
    )
    assert link_code(page, "```py\nfrom nwdocs.data import truth\n```") == page


# --- Font and style sheet ----------------------------------------------------------------


def test_the_font_has_what_formulas_are_drawn_with_and_little_else() -> None:
    page = "<p>zebra</p><math><mi>h</mi><mi>σ</mi><mi>exp</mi><mo>&#x2211;</mo></math>"
    used = characters([page])
    assert used == set("ℎ𝜎exp∑")
    assert characters(["<math><msqrt><mn>2</mn></msqrt></math>"]) == set("2√")
    made = math_font(used)
    assert made == math_font(used)
    assert made[:4] == b"wOF2"
    font = TTFont(BytesIO(made))
    assert set(font.getBestCmap()) == {ord(character) for character in used}
    assert "MATH" in font, "else sums and brackets do not grow"
    sum_sizes = font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs
    assert font.getBestCmap()[ord("∑")] in sum_sizes
    assert "Open Font" in str(font["name"].getDebugName(13))


def test_a_rule_is_kept_if_its_classes_are_on_a_page_or_in_a_script() -> None:
    used = classes_in_page('<p class="a b-c">d</p>') | classes_in_script(
        "x.classList.add('e'); q('.f > .g-h'); `md--${i}`; const w = v"
    )
    css = """
      /* gone */ .a, .d {x: 1} .b-c:hover > p {x: 2} .e:not(.d) {x: 3} .w {x: 4}
      @media print {.f {x: 5} .v {x: 6}} p {x: 7} .md-- {x: 8}
      [dir=rtl] .a {x: 9} @media screen {.d {x: 10}} @font-face {src: url(y)}
    """
    kept = purge(css, used)
    assert kept == (
        ".a{x: 1}.b-c:hover > p{x: 2}.e:not(.d){x: 3}@media print{.f{x: 5}}p{x: 7}"
        ".md--{x: 8}@font-face {src: url(y)}"
    )


def test_a_property_is_kept_if_something_reads_it() -> None:
    css = ':root{--a:1;--b:url("data:,{;}");--c:3;--d:4}p{x:var(--a)}'
    page = '<p style="fill:var(--c,red)">'
    kept = purge(css, classes_in_page(page))
    assert kept == ":root{--a:1;--c:3;}p{x:var(--a)}"


def test_the_dark_rules_serve_the_other_scheme_where_no_script_runs() -> None:
    css = (
        ':root{--x:1}[data-md-color-scheme="slate"]{--x:2}@media screen{'
        "[data-md-color-scheme=slate]{--y:3}}[data-md-color-scheme=slate] img{z:4}"
        "[data-md-color-primary=black] .b{x:5}[data-md-color-primary=pink]{x:6}"
    )
    assert dark_without_script(css) == (
        "@media screen and (prefers-color-scheme:dark) and (scripting:none){"
        '[data-md-color-scheme="default"]{--x:2}[data-md-color-scheme=default]{--y:3}'
        "[data-md-color-primary=white] .b{x:5}}"
    )


@given(st.sets(st.sampled_from(["a", "b", "c", "--d", "--e", "--f", "p", "--g"])))
def test_a_sheet_depends_on_nothing_but_what_is_said_to_decide(used: set[str]) -> None:
    css = ":root{--d:1;--e:2}.a{x:1}.b:not(.c){x:var(--f)}@media print{.c{--f:3}}"
    assert purge(css, used) == purge(css, decisive(css, used))
    assert decisive(css, used) <= {"a", "b", "c", "--d", "--e", "--f"}


# --- Small type --------------------------------------------------------------------


def test_equations_and_ranges_keep_to_one_line_and_code_stays_as_it_is() -> None:
    prose = (
        "<p>at σ = 0.1, x\n= −2, 0.3 ± 0.1 and <i>h</i> = 3; a = b; 1.4–1.6, a–b</p>"
    )
    code = (
        "<pre><code>x = 1</code></pre><code>y = 2–3</code><math><mi>z = 3</mi></math>"
    )
    kept = (
        "<p>at σ\u00a0=\u00a00.1, x\u00a0=\u00a0−2, 0.3\u00a0±\u00a00.1 and "
        "<i>h</i>\u00a0=\u00a03; a = b; "
        "1.4\u2060–\u20601.6, a–b</p>"
    )
    assert keep_together(prose + code) == kept + code


# --- What is kept ---------------------------------------------------------------------

KEEP_TWICE = """
from pathlib import Path
from nwdocs.site.plugin import furniture

def keep(name):
    assert furniture._kept(Path("kept"), name, "cards", "", lambda: b"icon") == b"icon"

keep("before")
cards = Path("nwdocs/site/html/cards.py")
cards.write_text(cards.read_text() + "# saved while an author's server builds\\n")
keep("after")
"""


def test_what_older_code_made_is_not_kept_under_the_newer_codes_name(
    tmp_path: Path,
) -> None:
    source = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "nwdocs", tmp_path / "nwdocs", ignore=source)
    subprocess.run(
        [sys.executable, "-c", KEEP_TWICE],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=True,
    )
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["before"]
