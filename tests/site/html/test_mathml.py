"""Formulas become MathML."""

import pytest

from nwdocs.site.html.mathml import render_math
from nwdocs.site.pages import PageError


def test_formulas_become_mathml_and_a_bad_one_names_its_page() -> None:
    formula = '<span class="arithmatex">{}</span>'
    html = render_math(formula.format(r"\(\hat y &lt; 2\)"), "docs/p.md", "")
    assert html.startswith("<math")
    assert "arithmatex" not in html
    bad = formula.format(r"\(\frac{1\)")
    said = r"cannot render \$\\frac\{1\$"
    with pytest.raises(PageError, match=f"docs/p.md, line 3: {said}"):
        render_math(bad, "docs/p.md", "One.\n\nHalf is $\\frac{1$.\n")
    with pytest.raises(PageError, match=f"docs/p.md: {said}"):
        render_math(bad, "docs/p.md", "A cell printed it.\n")
