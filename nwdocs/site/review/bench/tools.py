"""The tools that are measured, and the same pages in the form that each of them builds.

Each is taken as its own documentation would have a newcomer set it up, with errors in
cells made fatal: how fast a page fails is of no interest.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import yaml
from mkdocs.utils import meta

__all__ = [
    "MARKDOWN_EXEC",
    "MKDOCS_JUPYTER",
    "MYST_NB",
    "OURS",
    "TOOLS",
    "ZENSICAL",
    "Tool",
]

_CELL = re.compile(r"^```python(?P<options>[^\n]*)\n(?P<code>.*?)^```$", re.M | re.S)
_TEMPLATE = re.compile(r"^template: .*\n", re.M)
_MKDOCS = ("mkdocs", "build")


@dataclass(frozen=True)
class Tool:
    """A tool that builds pages with cells.

    Attributes:
        name: in the table.
        packages: the distributions whose versions the results name.
        convert: turns a copy of the project into one that the tool can build.
        cells: turns a page's fences into the tool's; takes the page's text and name.
        command: the module that builds, with its arguments.
        own: pinned requirements for an environment of its own; () is this one.
    """

    name: str
    packages: tuple[str, ...]
    convert: Callable[[Path], None]
    cells: Callable[[str, str], str]
    command: tuple[str, ...] = _MKDOCS
    own: tuple[str, ...] = ()

    @property
    def serves(self) -> bool:
        """Whether it serves pages while they are written, as `mkdocs serve` does."""
        return self.command[0] == "mkdocs"

    def versions(self) -> dict[str, str]:
        """The version of each of its packages."""
        pinned = dict(line.split("==") for line in self.own)
        return {name: pinned.get(name) or version(name) for name in self.packages}

    def python(self, folder: Path) -> Path:
        """The interpreter to build with: this one, or that of a new environment."""
        return self.install(folder / self.name) if self.own else Path(sys.executable)

    def install(self, where: Path) -> Path:
        """Make an environment in `where` that has the tool; its interpreter."""
        python = where / "bin" / "python"
        known = self.own or tuple(f"{n}=={version(n)}" for n in self.packages)
        libraries = (f"{name}=={version(name)}" for name in _LIBRARIES)
        install = ("install", "-qq", "--disable-pip-version-check")
        for command in (
            [sys.executable, "-m", "venv", str(where)],
            [str(python), "-m", "pip", *install, *known, *libraries],
        ):
            subprocess.run(command, check=True)
        return python


#: What the pages' cells import, in the versions that are installed here.
_LIBRARIES = ("numpy", "matplotlib", "pillow", "statsmodels")


def _as_they_are(text: str, name: str) -> str:
    return text


OURS = Tool(
    "ours",
    ("mkdocs", "mkdocs-material", "mkdocs-jupyter", *_LIBRARIES),
    convert=lambda folder: None,
    cells=_as_they_are,
)


# --- mkdocs-jupyter: the pages are in its form, so only the configuration differs -----

_EXTENSIONS = ("admonition", "attr_list", "footnotes", "md_in_html", "tables")
_CONFIG = """\
site_name: As it comes
theme: {{name: material}}
plugins:
  search: {{}}
  {plugin}
markdown_extensions: [{extensions}{more}]
# Pages link to a file that only our build writes: no reason to fail.
validation: {{links: {{not_found: info}}}}
"""


def _config(plugin: str, more: str = "") -> str:
    return _CONFIG.format(plugin=plugin, extensions=", ".join(_EXTENSIONS), more=more)


def _configure(folder: Path, config: str) -> None:
    """Give the copy its configuration; its pages ask for no template of ours."""
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    for page in (folder / "docs").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(_TEMPLATE.sub("", text, count=1), encoding="utf-8")


def _for_mkdocs_jupyter(folder: Path) -> None:
    plugin = 'mkdocs-jupyter: {include: ["*.md"], execute: true, allow_errors: false}'
    _configure(folder, _config(plugin))


MKDOCS_JUPYTER = Tool(
    "mkdocs-jupyter",
    ("mkdocs-jupyter", "mkdocs-material"),
    convert=_for_mkdocs_jupyter,
    cells=_as_they_are,
)


# --- MyST-NB: Sphinx, and its cache of executed pages, which makes it much faster ------

_CONF = """\
project = "As it comes"
extensions = ["myst_nb"]
html_theme = "furo"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_cache_path = ".cache/jupyter"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_render_markdown_format = "myst"
"""
_MYST_TAGS = {"hide_input": "remove-input", "fold": "hide-input"}


def _for_myst_nb(folder: Path) -> None:
    docs = folder / "docs"
    (docs / "conf.py").write_text(_CONF, encoding="utf-8")
    for page in docs.glob("*.md"):
        text, about = meta.get_data(page.read_text(encoding="utf-8"))
        if "jupyter" in about:
            front = {"file_format": "mystnb", **about["jupyter"]}
            text = f"---\n{yaml.safe_dump(front)}---\n{text}"
        if page.stem == "index":
            text += "\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n"
        page.write_text(_myst_cells(text, page.stem), encoding="utf-8")


def _myst_cells(text: str, name: str) -> str:
    def cell(found: re.Match[str]) -> str:
        tags = [tag for ours, tag in _MYST_TAGS.items() if ours in found["options"]]
        option = f":tags: [{', '.join(tags)}]\n" if tags else ""
        return f"```{{code-cell}} ipython3\n{option}{found['code']}```"

    return _CELL.sub(cell, text)


MYST_NB = Tool(
    "myst-nb",
    ("myst-nb", "sphinx", "furo"),
    convert=_for_myst_nb,
    cells=_myst_cells,
    # The addresses of pages as MkDocs has them; and what Sphinx keeps, beside the rest.
    command=("sphinx", "-b", "dirhtml", "-d", ".cache/doctrees", "docs", "site"),
    own=("myst-nb==1.4.0", "sphinx==9.0.4", "furo==2025.12.19"),
)


# --- markdown-exec: a page shows what its cells print, and nothing else ---------------

# A notebook shows a cell's last value. So that the same figures are drawn, here it is
# printed: as HTML or SVG where the value has it, in the order in which notebooks look.
_SHOWN = """\
def shown(value):
    if value is None:
        return ""
    bundle = {"text/plain": repr(value)}
    if hasattr(value, "_repr_mimebundle_"):
        bundle = value._repr_mimebundle_()
    if "text/markdown" in bundle:
        return bundle["text/markdown"]
    html = bundle.get("text/html") or bundle.get("image/svg+xml")
    return f"<div>{html}</div>" if html else f"```text\\n{bundle['text/plain']}\\n```"
"""


def _for_markdown_exec(folder: Path) -> None:
    _print_in_cells(folder, _config("markdown-exec: {}", ", pymdownx.superfences"))


def _print_in_cells(folder: Path, config: str) -> None:
    _configure(folder, config)
    (folder / "shown.py").write_text(_SHOWN, encoding="utf-8")
    for page in (folder / "docs").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(_exec_cells(text, page.stem), encoding="utf-8")


def _exec_cells(text: str, name: str) -> str:
    def cell(found: re.Match[str]) -> str:
        source = "" if "hide_input" in found["options"] else ' source="above"'
        code = _printing(found["code"])
        return f'```python exec="true" session="{name}"{source}\n{code}```'

    return _CELL.sub(cell, text)


def _printing(code: str) -> str:
    statements = ast.parse(code).body
    if not statements or not isinstance(last := statements[-1], ast.Expr):
        return code
    value = ast.get_source_segment(code, last)
    before = code.splitlines(keepends=True)[: last.lineno - 1]
    return f"from shown import shown\n{''.join(before)}print(shown({value}))\n"


MARKDOWN_EXEC = Tool(
    "markdown-exec",
    ("markdown-exec", "mkdocs-material"),
    convert=_for_markdown_exec,
    cells=_exec_cells,
    # For it, an error in a cell is a warning.
    command=(*_MKDOCS, "--strict"),
    own=("markdown-exec==1.12.6", "mkdocs==1.6.1", "mkdocs-material==9.8.1"),
)


# --- Zensical: the generator that goes on from MkDocs, with markdown-exec's fences --------

_ZENSICAL = """\
site_name: As it comes
site_url: http://127.0.0.1:8000/
theme: {name: material}
markdown_extensions:
  - pymdownx.superfences:
      custom_fences:
        - name: python
          class: python
          validator: !!python/name:markdown_exec.validator
          format: !!python/name:markdown_exec.formatter
""" + "".join(f"  - {name}\n" for name in _EXTENSIONS)


def _for_zensical(folder: Path) -> None:
    _print_in_cells(folder, _ZENSICAL)


ZENSICAL = Tool(
    "zensical",
    ("zensical", "markdown-exec"),
    convert=_for_zensical,
    cells=_exec_cells,
    # Strict, it would refuse a link to a file that only our build writes.
    command=("zensical", "build"),
    own=("zensical==0.0.73", "markdown-exec==1.12.6"),
)

TOOLS = {
    tool.name: tool for tool in (OURS, MKDOCS_JUPYTER, MYST_NB, MARKDOWN_EXEC, ZENSICAL)
}
