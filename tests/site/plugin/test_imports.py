"""What a build imports in which nothing changed: that is a good part of its time."""

import json
import os
import subprocess
import sys
from pathlib import Path

from support.project import ROOT

#: The packages that such a build may import; whoever adds one should know its price.
ALLOWED = {
    *("mkdocs", "material", "mkdocs_autorefs", "mkdocs_bibtex", "mkdocs_jupyter"),
    *("mkdocstrings", "mkdocstrings_handlers", "griffe", "mkdocs_get_deps"),
    *("click", "colorama", "ghp_import", "jinja2", "markupsafe", "mergedeep"),
    *("markdown", "packaging", "pathspec", "platformdirs", "watchdog", "yaml"),
    *("babel", "backrefs", "brotli", "_brotli", "paginate", "pytz", "yaml_env_tag"),
    *("pybtex", "latexcodec", "pypandoc", "validators", "requests", "urllib3"),
    *("certifi", "charset_normalizer", "idna", "_cffi_backend", "typing_extensions"),
    *("bs4", "soupsieve", "filelock", "minify", "numpy", "pygments", "pymdownx"),
    *("tinycss2", "webencodings", "math_core", "_distutils_hack"),
}

_BUILD = """
import json
import sys

from mkdocs.__main__ import cli

sys.argv = ["mkdocs", "build", "--strict", "--quiet", "--site-dir", sys.argv[1]]
try:
    cli()
except SystemExit as end:
    assert not end.code, end.code
files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
found = {n.partition(".")[0] for n, f in files.items() if f and "site-packages" in f}
print(json.dumps(sorted(found)))
"""


def test_a_build_without_changes_imports_little(site: Path, tmp_path: Path) -> None:
    assert site.is_dir()  # the build of it has left everything in the store
    built = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BUILD, str(tmp_path / "site")],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    found = set(json.loads(built.stdout.splitlines()[-1]))
    assert found - ALLOWED == set()
