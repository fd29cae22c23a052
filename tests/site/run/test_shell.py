"""What cells show: what they print, return, display and raise."""

import re

from nwdocs.figures import show
from nwdocs.site.run.errors import describe_error
from nwdocs.site.run.pool import execute
from nwdocs.site.run.settings import Settings
from support.pages import page, texts


def test_cells_share_a_page_and_show_what_they_print_and_return(
    settings: Settings,
) -> None:
    found = page(
        "```python\nx = 20\nprint('out'); print('more')\n```\n\n"
        "`{python} f'{x + 1:d}'`\n\n```python\nx + 22\n```\n\n```python\nx;\n```\n"
    )
    result = execute([found], settings)["page.md"]
    assert texts(result) == ["out\nmore\n", "21", "42", ""]


RICH = page(
    "```python\nimport sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')\n"
    "import os, warnings\nwarnings.warn('w', stacklevel=1)\nos.system('echo unseen')\n"
    "os.getcwd()\n```\n\n"
    "```python\nfrom nwdocs.display import table\ntable(['x'], [[1]])\n```\n\n"
    "```python\nfrom IPython.display import display\nfrom nwdocs.figures import show\n"
    "display({'text/plain': 'hi'}, raw=True)\nshow('data')\n```\n\n"
    "```python\nimport numpy as np\nnp.arange(3.0)\n```\n\nIt is `{python} 1 + 1`.\n"
)


def test_outputs_are_those_of_a_notebook(settings: Settings) -> None:
    result = execute([RICH], settings)["page.md"]
    assert result.error is None
    printed, told, shown, array, inline = result.outputs
    assert [(o.get("name"), o.get("text")) for o in printed[:3]] == [
        ("stdout", "a\n"),
        ("stderr", "b\n"),
        ("stdout", "c\n"),
    ]
    assert "UserWarning: w" in printed[3]["text"]
    assert printed[4] == {**printed[0], "text": "unseen\n"}, "what a program prints"
    assert printed[5]["data"]["text/plain"] == repr(str(settings.root))
    assert told[0]["data"]["text/markdown"].startswith("| x |")
    assert [o["output_type"] for o in shown] == ["display_data", "execute_result"]
    assert shown[0]["data"] == {"text/plain": "hi"}
    assert shown[1]["data"]["image/svg+xml"] == show("data").svg
    assert array[0]["data"] == {"text/plain": "array([0., 1., 2.])"}
    assert [o["data"] for o in inline] == [{"text/plain": "2"}]
    parts = {"display_data": {"data", "metadata"}, "stream": {"name", "text"}}
    parts["execute_result"] = {*parts["display_data"], "execution_count"}
    for output in (o for cell in result.outputs for o in cell):
        assert set(output) == {"output_type", *parts[output["output_type"]]}


def test_bytes_are_handed_on_as_a_notebook_has_them(settings: Settings) -> None:
    found = page("```python\ndisplay({'image/png': b'1234'}, raw=True)\n```\n")
    ((output,),) = execute([found], settings)["page.md"].outputs
    assert output["data"] == {"image/png": "MTIzNA=="}


def test_a_value_that_cannot_be_displayed_is_an_error(settings: Settings) -> None:
    found = page(
        "```python\nfrom nwdocs.figures import Drawing, Rendered\n\n"
        "drawing = Drawing(None, 'A caption', 'An alt text', {'a': [1], 'b': []})\n"
        "Rendered('data', drawing)\n```\n"
    )
    result = execute([found], settings)["page.md"]
    assert result.error is not None
    assert re.search(
        r"^> .*\| Rendered\('data', drawing\)\nAttributeError: .*'savefig'",
        describe_error(found, result),
        re.MULTILINE,
    )
