"""Starts the server that runs pages, in two steps: the libraries, then the package.

``python -P start.py LIBRARY...`` imports the libraries, reads one line, a JSON object, and
calls `nwdocs.site.run.server.main` with what it holds. To load the libraries takes longer
than to load the package, and an author edits the package alone: a process that has done the
first step is of use after any save. So nothing of the package may be imported here before.
"""

import json
import os
import signal
import sys
from importlib import import_module


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    for library in sys.argv[1:]:
        import_module(library)
    line = b""
    while not line.endswith(b"\n"):  # no further: jobs follow it
        byte = os.read(0, 1)
        if not byte:  # the parent has no use for this process, or is gone
            return
        line += byte
    sys.path.insert(0, os.getcwd())  # cells import what lies in the project's folder
    server = import_module("nwdocs.site.run.server")
    server.main(**json.loads(line))


if __name__ == "__main__":
    _main()
