"""JavaScript without a browser: deno runs it, and checks its types."""

import os
import subprocess
import sys
from pathlib import Path

from nwdocs.site.plugin.script import ASSETS

_DENO = Path(sys.executable).with_name("deno")
_CONFIG = ASSETS.parents[1] / "deno.json"


def deno(command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run deno, which asks no network, not even for a newer version."""
    return subprocess.run(
        [_DENO, command, "--no-remote", "--no-npm", "--config", _CONFIG, *arguments],
        env={**os.environ, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
