"""One style sheet of what pages use."""

from hypothesis import given
from hypothesis import strategies as st

from nwdocs.site.html.styles import (
    classes_in_page,
    classes_in_script,
    dark_without_script,
    decisive,
    purge,
)


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
