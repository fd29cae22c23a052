"""A site of six small pages, with this site's options, plugins and theme."""

import shutil
from pathlib import Path

from nwdocs.site.html.facts import MARKER
from support.project import ROOT
from support.small_project import edit

_PAGE = """\
---
title: {title}
description: A page.
jupyter:
  kernelspec: {{display_name: Python 3, language: python, name: python3}}
---
# {title}

{body}
"""
_PAGES = {
    "index.md": """\
See [a part](second.md#a-part) of the second page, and @fig:data. A query asks [@one].
One and one is `{python} 1 + 1`.

```python
from nwdocs.display import Markdown, table
from nwdocs.figures import show

Markdown("As [the second page](second.md) has it, a key answers.")
```
""",
    "second.md": """\
## A part

```python
from nwdocs.figures import show

show("data")
```

## The gallery

```python
from nwdocs.figures.registry import Gallery

Gallery(("data",))
```
""",
    "api.md": "A toy is in `toy.Toy`.\n\n::: toy.Toy\n\nA query, again.\n",
    "facts.md": """\
{facts}

```python
from nwdocs.figures import show

show("data")
```
""",
    "glossary.md": "query\n:   What is asked.\n\nkey\n:   What is compared with it.\n",
    "references.md": "<!-- bibliography -->\n",
}
_TOY = '''\
class Toy:
    """A toy, as in [the second page's part][a-part]."""

    def play(self, times: int = 1) -> None:
        """Play with it."""
'''
_BOOKS = "@misc{one, title={The One}, author={An Author}, year={1964}}\n"


def write_whole_project(folder: Path) -> Path:
    """Write the project into `folder`, and return that."""
    (folder / "docs").mkdir(parents=True)
    shutil.copytree(ROOT / "nwdocs/site/theme", folder / "theme")
    for name, body in _PAGES.items():
        title = name.removesuffix(".md").title()
        text = _PAGE.format(title=title, body=body.replace("{facts}", MARKER))
        (folder / "docs" / name).write_text(text)
    (folder / "toy.py").write_text(_TOY)
    (folder / "docs/books.bib").write_text(_BOOKS)
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = config[: config.index("\nnav:")] + "\nnav:\n"
    config += "".join(f"  - {name}\n" for name in _PAGES)
    (folder / "mkdocs.yml").write_text(config)
    for old, new in (
        ("custom_dir: nwdocs/site/theme", "custom_dir: theme"),
        ("docs/references.bib", "docs/books.bib"),
        ("watch: [nwdocs]", "watch: [toy.py]"),
        (
            "      python:\n        options:",
            "      python:\n        paths: [.]\n        options:",
        ),
    ):
        edit(folder / "mkdocs.yml", old, new)
    return folder
