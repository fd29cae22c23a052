"""Which pages run, and which are taken from an earlier build."""

import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nwdocs.site.run.keys import surroundings
from nwdocs.site.run.pool import Early, execute, start_early
from nwdocs.site.run.settings import Result, Settings
from support.pages import page, texts
from support.project import copy_project


def test_results_come_in_the_order_of_the_pages(settings: Settings) -> None:
    slow = page("```python\nimport time\ntime.sleep(0.3)\n```\n", "a.md")
    quick = page("```python\n1\n```\n", "b.md")
    assert list(execute([slow, quick], settings)) == ["a.md", "b.md"]
    assert list(execute([quick, slow], settings)) == ["b.md", "a.md"]


COUNTED = (
    "```python\nfrom pathlib import Path\nruns = Path('runs')\n"
    "runs.write_text((runs.read_text() if runs.exists() else '') + 'x')\n{code}\n```\n"
)


def runs(settings: Settings) -> int:
    return len((settings.root / "runs").read_text())


def test_only_what_outputs_depend_on_runs_a_page_again(settings: Settings) -> None:
    def build(prose: str, code: str, settings: Settings = settings) -> Result:
        body = prose + "\n\n" + COUNTED.replace("{code}", code)
        return execute([page(body)], settings)["page.md"]

    first = build("Prose.", "'one'")
    assert not first.cached
    again = build("Other prose.\n\n## With a heading\n", "'one'")
    assert again.cached
    assert again.outputs == first.outputs
    assert runs(settings) == 1
    assert not build("Prose.", "'two'").cached
    assert build("Prose.", "'one'").cached, "an earlier state is remembered"
    slower = replace(settings, timeout=30, workers=1, preload=("math:pi",))
    assert build("Prose.", "'one'", slower).cached, "no option changes an output"
    assert runs(settings) == 2


def test_a_page_that_failed_is_not_kept(settings: Settings) -> None:
    found = page(COUNTED.replace("{code}", "1 / 0"))
    assert execute([found], settings)["page.md"].error
    assert execute([found], settings)["page.md"].error
    assert runs(settings) == 2


def entry(settings: Settings) -> Path:
    (found,) = (settings.cache / "pages" / "page").glob("*.entry")
    return found


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-1],
        lambda whole: whole.replace(b"honest", b"forged"),
        lambda whole: b"\xff\xfe\x00 no text",
        lambda whole: whole[::-1],
    ],
    ids=["empty", "half", "one byte short", "changed", "binary", "reversed"],
)
def test_a_damaged_entry_is_not_believed(settings: Settings, damage: Any) -> None:
    found = page(COUNTED.replace("{code}", "'honest'"))
    execute([found], settings)
    path = entry(settings)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    result = execute([found], settings)["page.md"]
    assert texts(result) == ["'honest'"]
    assert not result.cached
    assert runs(settings) == 2
    assert execute([found], settings)["page.md"].cached


def test_where_nothing_can_be_kept_the_result_is_right_all_the_same(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    blocked = replace(settings, cache=tmp_path / "file" / "cache")
    found = page("```python\n1 + 1\n```\n")
    with caplog.at_level("INFO"):
        result = execute([found], blocked)["page.md"]
    assert texts(result) == ["2"]
    assert "nothing is kept there" in caplog.text
    assert "Cannot keep the outputs of page.md" in caplog.text


def test_what_was_saved_while_a_page_ran_is_not_kept_under_the_old_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["before", "after", "after", "after"])
    monkeypatch.setattr("nwdocs.site.run.keys.package_digest", lambda: next(answers))
    found = page(COUNTED.replace("{code}", "1"))
    execute([found], settings)
    assert not execute([found], settings)["page.md"].cached
    assert runs(settings) == 2


def exit_status(early: Early) -> int | None:
    return early.client._process.returncode


def test_a_server_starts_early_where_all_pages_must_run(settings: Settings) -> None:
    found = page(COUNTED.replace("{code}", "1"))
    early = start_early(settings, surroundings())
    assert early
    assert texts(execute([found], settings, early)["page.md"]) == ["1"]
    assert exit_status(early) == 0
    assert start_early(settings, surroundings()) is None, (
        "only some could have to run now"
    )


def test_a_server_that_no_page_needs_is_ended(
    settings: Settings, tmp_path: Path
) -> None:
    early = start_early(settings, surroundings())
    assert early
    assert execute([], settings, early) == {}
    assert exit_status(early) == -signal.SIGKILL


def test_a_server_that_loaded_what_was_saved_since_is_not_used(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = start_early(settings, surroundings())
    assert early
    monkeypatch.setattr("nwdocs.site.run.keys.package_digest", lambda: "newer")
    found = page("```python\n1 + 1\n```\n")
    assert texts(execute([found], settings, early)["page.md"]) == ["2"]
    assert exit_status(early) == -signal.SIGKILL
    assert execute([found], settings)["page.md"].cached


def test_what_is_called_first_is_called_once_for_all_pages(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_project(tmp_path, "nwdocs")
    (tmp_path / "nwdocs/slow.py").write_text(
        "from functools import cache\nfrom pathlib import Path\n\n\n"
        "@cache\ndef slow():\n    with Path('calls').open('a') as calls:\n"
        "        calls.write('x')\n    return 42\n\n\n"
        "def fails():\n    raise RuntimeError\n"
    )
    monkeypatch.setattr("nwdocs.site.run.environment._PACKAGE", tmp_path / "nwdocs")
    body = "```python\nfrom nwdocs.slow import slow\n\nslow()\n```\n"
    pages = [page(body, "a.md"), page(body, "b.md")]
    first = ("nwdocs.slow:fails", "nwdocs.slow:slow")
    results = execute(pages, replace(settings, preload=first))
    assert [texts(results[uri]) for uri in ("a.md", "b.md")] == [["42"], ["42"]]
    assert (tmp_path / "calls").read_text() == "x"
