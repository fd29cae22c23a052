"""The glossary's terms, and where pages explain them."""

from nwdocs.site.html.glossary import Term, abbreviations, first_only, read_terms

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
