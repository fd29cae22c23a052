"""The theme's markup is mended, and an article's is left alone."""

from nwdocs.site.html.repairs import repair


def test_what_an_article_shows_is_not_touched() -> None:
    article = "<article>\n<pre>\n    indented\n\n    twice\n</pre></article>"
    page = f"<body>\n\n    <p>\n  {article}\n\n   <p>"
    assert repair(page) == f"<body>\n<p>\n{article}\n<p>"
