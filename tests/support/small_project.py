"""A site of two executed pages, for builds that are to go wrong, or quickly."""

from pathlib import Path

# Loading matplotlib is not to count as a cell's time, however busy the machine is.
_LOADED = "preload: [nwdocs.figures.look:site_look]"
_OPTIONS = f"{{timeout: 20, {_LOADED}}}"
CONFIG = f"""\
site_name: Small
theme: {{name: null, custom_dir: theme}}
plugins:
  nwdocs-notebooks: {_OPTIONS}
markdown_extensions:
  - attr_list
  - pymdownx.arithmatex: {{generic: true}}
  - pymdownx.superfences
validation:
  links: {{not_found: warn, anchors: warn}}
nav: [index.md, second.md]
"""
PAGE = """\
---
title: {title}
description: A small page.
jupyter:
  kernelspec: {{display_name: Python 3, language: python, name: python3}}
---
# {title}

See [the other]({other}.md#a-part) and @fig:data.

## A part

```python
from nwdocs.figures import show

show("{figure}")
```

One and one is `{{python}} 1 + 1`.
"""


def write_small_project(folder: Path) -> Path:
    """Write the project into `folder`, and return that."""
    (folder / "docs").mkdir(parents=True)
    (folder / "theme").mkdir()
    (folder / "theme/main.html").write_text("<main>{{ page.content }}</main>")
    (folder / "mkdocs.yml").write_text(CONFIG)
    for name, other, figure in [
        ("index", "second", "data"),
        ("second", "index", "kernels"),
    ]:
        text = PAGE.format(title=name.title(), other=other, figure=figure)
        (folder / "docs" / f"{name}.md").write_text(text)
    return folder


def edit(file: Path, old: str, new: str) -> None:
    """Replace `old` in `file`, where it must be."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def edit_page(project: Path, page: str, old: str, new: str) -> None:
    """Replace `old` on a page of `project`."""
    edit(project / "docs" / page, old, new)


def set_options(project: Path, options: str) -> None:
    """Give the plugin `nwdocs-notebooks` other options, as YAML."""
    edit(project / "mkdocs.yml", f": {_OPTIONS}", options and f": {options}")


def add_literature(project: Path, text: str) -> None:
    """Have the project take its literature from a BibTeX file with `text` in it."""
    (project / "docs/books.bib").write_text(text)
    plugin = "plugins:\n  nwdocs-literature: {bib_file: docs/books.bib}"
    edit(project / "mkdocs.yml", "plugins:", plugin)
