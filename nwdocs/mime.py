"""The types under which a page's cell hands figures to the site's build."""

#: One drawn figure: its picture, words, numbers and code.
MIME = "application/vnd.nwdocs.figure+json"

#: The names of all figures, for a gallery of those that the pages show.
GALLERY_MIME = "application/vnd.nwdocs.gallery+json"

#: An explorable: the markup before its static figure, and after it.
EXPLORER_MIME = "application/vnd.nwdocs.explorer+json"
