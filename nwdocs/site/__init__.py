"""Turns `docs/` into the site. It knows MkDocs, and is no part of the published wheel.

`plugin` is what MkDocs calls. It has `run` run the cells of pages, and `html` write what
Markdown cannot. `export` writes the executed pages in other forms. `theme` holds
templates, styles and the explorable's script. `review` is what a person runs to compare
figures and to time builds.
"""
