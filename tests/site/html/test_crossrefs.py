"""Names of the package in code lead to the API."""

from nwdocs.site.html.crossrefs import imported_names, link_code
from support.pages import page


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
    attribute = '<span class="o">.</span><span class="n">truth</span>'
    name = '<span class="n">truth</span>'
    html = (
        f'<p>{name}</p><div class="language-python highlight">{name}{attribute}</div>'
    )
    imports = page("```python\nfrom nwdocs.data import truth\n```\n")
    assert link_code(html, imports) == html.replace(
        f">{name}<span",
        f'><autoref optional identifier="nwdocs.data.truth">{name}</autoref><span',
    )
    shown = page("```py\nfrom nwdocs.data import truth\n```\n")
    assert link_code(html, shown) == html
