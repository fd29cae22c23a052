"""Python that runs in a reader's browser: what is published of it, and its page's part."""
