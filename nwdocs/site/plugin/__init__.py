"""The two MkDocs plugins: they join `run` and `html`, and compute nothing themselves.

`notebooks` runs the pages with cells and puts their outputs in; `build` is what it knows
of one build. `surroundings` adds what readers expect around a page: icon, card, dates,
definitions, one style sheet. `upstream` holds what must be changed in MkDocs itself.
"""

from nwdocs.site.plugin.upstream import import_late

# Before mkdocs-jupyter and mkdocs-bibtex import them, which use them here not at all.
for _name in ("mkdocs_jupyter.convert", "jupytext", "requests"):
    import_late(_name)
