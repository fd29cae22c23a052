"""The MkDocs plugins: they join `run` and `html`, and compute nothing themselves.

`notebooks` runs the pages with cells and puts their outputs in; `build` is what it knows
of one build. `literature` puts in what pages cite. `surroundings` adds what readers expect
around a page: icon, card, dates, definitions, one style sheet. `upstream` holds what must be
changed in MkDocs itself.
"""

from nwdocs.site.plugin.upstream import left_out

with left_out("jupytext", "mkdocs_jupyter.convert", "requests"):
    import mkdocs_bibtex.plugin  # noqa: F401
    import mkdocs_jupyter.plugin  # noqa: F401
