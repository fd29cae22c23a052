"""The command line, run as a person runs it."""

import io
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from PIL import Image

from nwdocs.cli import main
from nwdocs.figures import FIGURES, show
from support.project import ROOT

pytestmark = pytest.mark.process


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nwdocs.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def test_list_names_every_figure_with_its_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["figures", "--list"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [[str(n), name] for n, name in enumerate(FIGURES, 1)]


def test_one_figure_in_every_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "folder"
    formats = ["--format", "svg", "png", "csv"]
    assert main(["figures", "data", "--out", str(out), *formats]) == 0
    assert sorted(p.name for p in out.iterdir()) == ["data.csv", "data.png", "data.svg"]
    drawn = show("data")
    assert (out / "data.svg").read_text(encoding="utf-8") == drawn.svg
    assert (out / "data.csv").read_text(encoding="utf-8") == drawn.csv
    with Image.open(io.BytesIO((out / "data.png").read_bytes())) as image:
        assert image.format == "PNG"
    assert f"1 figure as svg, png, csv in {out}" in capsys.readouterr().out


def test_some_figures_by_name(tmp_path: Path) -> None:
    assert main(["figures", "kernels", "idea", "--out", str(tmp_path)]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["idea.svg", "kernels.svg"]


def test_an_unknown_figure_is_named_with_the_known_ones() -> None:
    result = run("figures", "kernels", "heatmap")
    assert result.returncode == 2
    assert "no figure is called heatmap; there are idea, kernels, " in result.stderr


def test_an_unknown_format_is_refused() -> None:
    result = run("figures", "data", "--format", "gif")
    assert result.returncode == 2
    assert "gif" in result.stderr


@pytest.mark.parametrize("blocked", ["file", "file/folder"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, blocked: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    result = run("figures", "data", "--out", str(tmp_path / blocked))
    assert result.returncode == 1
    assert f"nwdocs: cannot write {tmp_path / blocked}" in result.stderr
    assert "--out" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_figure_that_cannot_be_written_leaves_no_part_of_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data.svg").mkdir()
    (tmp_path / "data.svg" / "in-the-way").touch()
    assert main(["figures", "data", "--out", str(tmp_path)]) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["data.svg"]
    assert str(tmp_path / "data.svg") in capsys.readouterr().err


def shell(script: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which $nwdocs is the command line."""
    command = f"{sys.executable} -m nwdocs.cli"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", script],
        capture_output=True,
        text=True,
        env=os.environ
        | {"PYTHONPATH": str(Path(__file__).parents[1]), "nwdocs": command},
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_gone_is_no_news(unbuffered: str) -> None:
    result = shell(f"PYTHONUNBUFFERED={unbuffered} $nwdocs figures --list | true")
    assert result.returncode in (0, 141), "141 unless all of it fitted into the pipe"
    assert result.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_told(unbuffered: str) -> None:
    result = shell(f"PYTHONUNBUFFERED={unbuffered} $nwdocs figures --list > /dev/full")
    assert result.returncode == 1
    assert result.stderr.startswith("nwdocs: cannot write to standard output: No space")
    assert result.stderr.count("\n") == 1


def test_a_closed_output_is_told() -> None:
    result = shell("$nwdocs figures --list >&-")
    assert result.returncode == 1
    assert result.stderr == "nwdocs: cannot write to standard output: it is closed.\n"


def test_nobody_to_tell_is_no_trouble() -> None:
    result = shell("$nwdocs figures --list 2>&-")
    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == len(FIGURES)
    assert shell("$nwdocs figures nothing 2>&-").returncode == 2


def test_ctrl_c_ends_it_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nwdocs.cli.write_whole", interrupt)
    assert main(["figures", "data", "--out", str(tmp_path)]) == 130
    assert capsys.readouterr().err == ""


def test_formats_add_up_and_repeated_names_count_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    formats = ["--format", "svg", "--format", "csv", "svg"]
    assert main(["figures", "data", "data", "--out", str(tmp_path), *formats]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data.csv", "data.svg"]
    assert "1 figure as svg, csv in" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["", " "])
def test_a_folder_without_a_name_is_refused(name: str) -> None:
    result = run("figures", "data", "--out", name)
    assert result.returncode == 2
    assert "--out: must name a folder" in result.stderr


def test_the_version_is_that_of_the_package() -> None:
    result = run("--version")
    assert result.returncode == 0
    assert result.stdout.strip() == f"nwdocs {version('nwdocs')}"


def test_a_name_that_is_nearly_right_is_hinted_at() -> None:
    result = run("figures", "kernel")
    assert result.returncode == 2
    assert result.stderr.strip().endswith("Did you mean kernels?")


def test_progress_is_shown_on_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert main(["figures", "data", "kernels", "--out", str(tmp_path)]) == 0
    shown = capsys.readouterr().err
    assert "[1/2] data" in shown
    assert "[2/2] kernels" in shown
    assert shown.endswith("\r\033[K"), "it clears its line"
