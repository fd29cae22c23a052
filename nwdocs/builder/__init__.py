"""The machinery that turns `docs/` into the site: nothing here knows any mathematics.

One way through it: `hooks` is what MkDocs calls; `pages` reads a page into cells and
writes the executed page as Markdown; `execute` decides which pages must run and has
`worker` run them; `cache` keeps results; `fragments` and `mathml` write the HTML that
Markdown cannot; `theme/` holds templates and styles.
"""
