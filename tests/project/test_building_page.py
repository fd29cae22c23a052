"""What "How this site is built" says of cells is what the builder does."""

import re

import pytest

from nwdocs.site.cells import TAGS
from nwdocs.site.html.outputs import WRITERS, Context, output_html
from nwdocs.site.pages import PageError
from support.pages import RUN_IN, page
from support.project import ROOT

TEXT = (ROOT / "docs/building.md").read_text(encoding="utf-8")
CONTEXT = Context("page/", "docs/p.md, line 3", str, str)

#: For each container that the page names: Markdown with code in it.
CONTAINERS = {name: text for name, text in RUN_IN.items() if name != "the page"} | {
    "a fence that shows a fence": f"````md\n{RUN_IN['the page']}````\n",
    "indented code": "Text.\n\n    ```python\n    x = 1\n    ```\n",
    "a fence in another language": "```html\n<b>python</b>\n```\n",
    "a comment": f"<!--\n{RUN_IN['the page']}-->\n\nend\n",
}

#: For each type of output that is no object of the package's: a value.
VALUES = {
    "application/vnd.jupyter.widget-view+json": {"model_id": "1"},
    "application/javascript": "alert(1)",
    "text/html": "<b>x</b>",
    "text/markdown": "*x*",
    "image/svg+xml": "<svg></svg>",
    "text/latex": "$x$",
    "image/png": "QUJD",
    "image/jpeg": "QUJD",
    "application/json": {"a": 1},
    "text/plain": "x",
}
REFUSED = {"text/html": "<script>1</script>", "text/plain": "<Odd at 0x7f0000000000>"}


def table(first: str) -> dict[str, str]:
    """The rows of the table whose head begins with `first`: what is said of what."""
    _, _, rest = TEXT.partition(f"\n| {first} |")
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", rest.split("\n\n")[0], re.MULTILINE)
    return {name: said for name, said in rows if not name.startswith(":")}


def test_each_tag_is_in_the_table() -> None:
    assert {name.strip("`") for name in table("tag")} == set(TAGS)


def test_each_container_in_the_table_is_tried() -> None:
    rows = " ".join(table("code in"))
    for name in sorted(CONTAINERS, key=len, reverse=True):
        assert name in rows
        rows = rows.replace(name, "", 1)
    assert not re.sub(r",|\band\b|\bor\b", "", rows).strip()


@pytest.mark.parametrize("container", CONTAINERS)
def test_code_is_run_where_the_table_says_so(container: str) -> None:
    said = next(said for names, said in table("code in").items() if container in names)
    cells = page(CONTAINERS[container]).cells
    assert [cell.source for cell in cells] == (["x = 1"] if said == "run" else [])


def test_each_type_is_in_the_table_in_the_order_that_counts() -> None:
    assert [name.strip("`") for name in table("type")] == list(WRITERS)


@pytest.mark.parametrize("kind", VALUES)
def test_a_type_is_shown_or_refused_as_the_table_says(kind: str) -> None:
    said = table("type")[f"`{kind}`"]

    def show(value: object, **metadata: object) -> str:
        data = {"data": {kind: value}, "metadata": metadata}
        return output_html([{"output_type": "display_data", **data}], CONTEXT)

    if "has no alt text" in said:
        with pytest.raises(PageError, match="alt text"):
            show(VALUES[kind])
    elif said.startswith("nothing: the build fails"):
        with pytest.raises(PageError, match="script"):
            show(VALUES[kind])
    else:
        assert show(VALUES[kind])
    if "the build fails if" in said and kind in REFUSED:
        with pytest.raises(PageError):
            show(REFUSED[kind])


def test_long_text_folds_after_as_many_lines_as_the_page_says() -> None:
    (lines,) = map(int, re.findall(r"More\s+than (\d+) lines fold", TEXT))

    def printed(count: int) -> str:
        text = "x\n" * count
        return output_html(
            [{"output_type": "stream", "name": "stdout", "text": text}], CONTEXT
        )

    assert "<details" not in printed(lines)
    assert "<details" in printed(lines + 1)
