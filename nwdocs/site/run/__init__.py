"""From a page's cells to their outputs; nothing here knows HTML.

`pool` decides which pages must run, by the digests of `keys`, and has `server` run them.
The server is a process of its own: it loads the libraries once and forks for each page,
where `shell` runs the cells. `environment` is what cells see of the machine. `errors`
tells an author where a page failed.
"""
