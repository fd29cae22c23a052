"""A study's result is computed by one page, for all, and never an old one."""

import multiprocessing
import pickle
from pathlib import Path
from typing import Any

import pytest

from nwdocs.site import store
from nwdocs.site.run.code import PlainCode, read_code
from nwdocs.site.run.keys import Keys
from nwdocs.site.run.pool import execute
from nwdocs.site.run.settings import Settings
from nwdocs.site.run.studies import Studies
from support.pages import page, texts
from support.project import appended

_counted: list[Path] = []  # where `study` counts its runs


def study(number: int = 1) -> int:
    with _counted[-1].open("a") as file:
        file.write("x")
    return 10 * number


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    _counted.append(tmp_path / "runs")
    _counted[-1].touch()
    return tmp_path


def runs(folder: Path) -> int:
    return len((folder / "runs").read_text())


def ask(folder: Path, *arguments: Any, code: str | None = "code", **named: Any) -> Any:
    """What a process of its own is given, while the module has the digest `code`."""
    digests = {} if code is None else {__name__: code}
    return Studies(folder / "kept", digests)(study, arguments, named)


def test_who_asks_again_is_given_what_was_computed(folder: Path) -> None:
    assert [ask(folder), ask(folder)] == [10, 10]
    assert runs(folder) == 1
    assert [ask(folder, 2), ask(folder, number=2)] == [20, 20]
    assert runs(folder) == 3


def test_other_code_computes_anew_and_the_old_is_still_known(folder: Path) -> None:
    for code in ("code", "other", "code"):
        ask(folder, code=code)
    assert runs(folder) == 2


def test_what_no_digest_stands_for_is_not_kept(folder: Path) -> None:
    for _ in range(2):
        ask(folder, code=None)
    assert runs(folder) == 2
    assert not (folder / "kept").exists()


def test_an_argument_that_is_told_by_its_address_is_not_kept(folder: Path) -> None:
    class Three:
        def __rmul__(self, by: int) -> int:
            return 3 * by

    assert [ask(folder, Three()) for _ in range(2)] == [30, 30]
    assert runs(folder) == 2


def test_what_was_damaged_is_computed_anew(folder: Path) -> None:
    ask(folder)
    (entry,) = (folder / "kept").rglob("*.entry")
    entry.write_bytes(entry.read_bytes()[:-1])
    assert ask(folder) == 10
    assert runs(folder) == 2


def test_where_nothing_can_be_kept_all_is_computed(folder: Path) -> None:
    (folder / "kept").write_text("a file")
    assert [ask(folder), ask(folder)] == [10, 10]
    assert runs(folder) == 2


def test_of_pages_that_ask_at_once_one_computes(folder: Path) -> None:
    fork = multiprocessing.get_context("fork")
    asking = [fork.Process(target=ask, args=(folder,)) for _ in range(6)]
    for process in asking:
        process.start()
    for process in asking:
        process.join()
    assert [process.exitcode for process in asking] == [0] * 6
    assert runs(folder) == 1


# --- as pages have it ----------------------------------------------------------------

SHOWN = """\
```python
from nwdocs.study.repeated import one_set

one_set().fixed.shape
```
"""


def spoil(settings: Settings) -> list[Path]:
    """Have the store give what no page would compute; all that is in the store."""
    (entry,) = settings.studies.rglob("*.entry")
    kept = pickle.loads(entry.read_bytes().partition(b"\n")[2])
    other = pickle.dumps(kept._replace(fixed=kept.fixed[:7]))
    store.store(settings.studies, entry.parent.name, entry.stem, other)
    return [entry]


def test_a_page_is_given_what_another_computed(settings: Settings) -> None:
    first = execute([page(SHOWN, "a.md")], settings)["a.md"]
    assert texts(first) == ["(201, 90)"]
    # What was kept is no file that the page read, and no number that cannot be foreseen.
    assert (first.read, first.varying) == ({}, [[]])
    spoil(settings)
    second = execute([page(SHOWN, "b.md")], settings)["b.md"]
    assert texts(second) == ["(7, 90)"]


@pytest.mark.parametrize(
    "change",
    [
        "repeated.APART = 2e-3",
        "repeated.count_distinct = None",
        "ensembles.SIZES[7] = 1",
        "ensembles.SIZES.clear()",
        "del repeated.SHORT",
        "uneven.QUERIES[0] = 9",
    ],
)
def test_a_page_that_changes_the_package_has_results_of_its_own(
    settings: Settings, change: str
) -> None:
    execute([page(SHOWN, "a.md")], settings)
    kept = spoil(settings)
    names = "from nwdocs.study import ensembles, repeated, uneven\n"
    changed = SHOWN.replace("\none_set()", f"{names}{change}\none_set()")
    found = execute([page(changed, "b.md")], settings)["b.md"]
    assert texts(found) == ["(201, 90)"]
    left = SHOWN.replace(
        "\none_set()", f"{names}{change}\nrepeated.climbed(); one_set()"
    )
    execute([page(left, "c.md")], settings)
    assert [*settings.studies.rglob("*.entry")] == kept


def digests(package: Path) -> dict[str, str]:
    """The digests of the modules that compute studies, in a copy of the package."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("nwdocs.house._PACKAGE", package)
        return Keys(read_code(PlainCode(Path("nowhere")))).studies


@pytest.fixture(scope="module")
def before(copied: Path) -> dict[str, str]:
    return digests(copied)


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("study/repeated.py", True),
        ("repeated.py", True),  # which it imports
        ("kernels.py", True),
        ("site/store.py", True),  # which keeps it
        ("study/uneven.py", False),
        ("figures/repeated.py", False),
        ("site/html/figures.py", False),
    ],
)
def test_a_result_counts_as_long_as_the_code_that_it_uses(
    copied: Path, before: dict[str, str], file: str, counts: bool
) -> None:
    with appended(copied / file, "\nMORE = 1\n"):
        now = digests(copied)
    study = "nwdocs.study.repeated"
    assert (now[study] != before[study]) == counts
    assert "nwdocs.study.deck_claims" in now  # claims are measured once, too
