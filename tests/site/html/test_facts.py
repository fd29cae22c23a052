"""What the site was made of, as its page says."""

from nwdocs.site.html.facts import facts_markdown


def test_the_page_says_when_there_is_no_commit() -> None:
    made = {"commit": None, "versions": {"python": "3.14.0"}, "figures": {}}
    assert "built outside git" in facts_markdown(made)
    assert "| python | `3.14.0` |" in facts_markdown(made)
    assert "| commit | `abc-dirty` |" in facts_markdown(made | {"commit": "abc-dirty"})
