"""One build at a time writes to a site's folder."""

import atexit
import logging
from pathlib import Path

from filelock import FileLock, Timeout

__all__ = ["take_turns"]

log = logging.getLogger("mkdocs.nwdocs")


def take_turns(site: Path) -> None:
    """Wait until no other build writes to the folder `site`; held until this one ends."""
    site = site.resolve()
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(site.with_name(f".{site.name}.lock"), is_singleton=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            log.info("Another build writes to %s: waiting for it to end", site)
            lock.acquire()
    except OSError as error:  # a read-only project: then nobody else is likely here
        log.info("Cannot lock %s: %s", site, error)
    else:
        atexit.register(lock.release)
