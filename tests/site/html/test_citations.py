"""A citation of what the bibliography lacks is refused; what only looks like one is not."""

import pytest

from nwdocs.site.html.citations import check_citations
from nwdocs.site.pages import PageError

KNOWN = ["nadaraya1964", "watson1964"]


@pytest.mark.parametrize(
    "text",
    [
        "As he said[@nadaraya1964].",
        "As they said [@nadaraya1964; @watson1964, p. 3].",
        "Write `[@nobody]` for it.",
        "```text\n[@nobody]\n```\n",
        "A mail@address and @fig:data.",
    ],
)
def test_these_are_right(text: str) -> None:
    check_citations("docs/p.md", text, KNOWN)


def test_an_unknown_one_is_named_with_its_line_and_the_nearest() -> None:
    with pytest.raises(
        PageError, match=r"docs/p\.md, line 3: .*\[@nadaraya1965\].*1964"
    ):
        check_citations("docs/p.md", "One.\n\nTwo[@nadaraya1965].\n", KNOWN)
