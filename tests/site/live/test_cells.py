"""Every cell of every page, run in the browser: it computes what the build computed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from nwdocs.site.pages import check_front_matter, has_kernel
from support.project import ROOT, SOURCES, path_of
from support.serving import Served

PAGES = [
    source
    for source in SOURCES
    for known in [check_front_matter(source, (ROOT / "docs" / source).read_text())]
    if has_kernel(known) and known.get("notebook", True)
]
NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
AGREE = re.compile(r"exactly equal|equal to (?:the last digit|1[2-6] digits)")

START = """async (base) => {
  const manifest = await (await fetch(new URL("runtime.json", base))).json();
  const worker = new Worker(new URL("worker.js", base), { type: "module" });
  let heard;
  worker.onmessage = ({ data }) => heard(data);
  const until = (done) => new Promise((resolve, reject) => {
    const messages = [];
    heard = (data) => {
      if (data.failed) reject(new Error(data.failed));
      if (data.message) messages.push(data.message);
      if (done(data)) resolve(messages);
    };
    worker.onerror = (event) => reject(new Error(event.message));
  });
  let id = 0;
  globalThis.run = (cell) => {
    worker.postMessage({ id: ++id, cell });
    return until((data) => data.ended === id);
  };
  worker.postMessage({ manifest, base });
  await until((data) => data.ready);
}"""
RUN = """async (cells) => {
  const sent = [];
  for (const cell of cells) sent.push(await run(cell));
  return sent;
}"""
FORGET = """\
for name in [name for name in globals() if not name.startswith("__")]:
    del globals()[name]
del name
"""


@pytest.fixture(scope="module")
def python(context: BrowserContext, live_served: Served) -> Iterator[Page]:
    """A page with one Python in a worker, for the cells of all pages.

    It starts once: each page begins without the names of the one before.
    """
    page = context.new_page()
    page.goto(f"{live_served.url}estimator/")
    page.evaluate(START, f"{live_served.url}assets/live/")
    yield page
    page.close()


def joined(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for message in messages:
        if out and "stream" in message and out[-1].get("stream") == message["stream"]:
            out[-1]["text"] += message["text"]
        else:
            out.append(dict(message))
    return out


def words(output: dict[str, Any]) -> str:
    """What of an output must be as the build has it."""
    if "stream" in output:
        return f"{output['stream']}: {output['text']}"
    if "error" in output:
        return f"{output['error']['name']}: {output['error']['message']}"
    if "figure" in output:
        return f"{output['figure']}: {output['caption']} {output['alt']}"
    data = output.get("display") or output["value"]
    for kind, value in data.items():
        if kind.endswith("nwdocs.figure+json"):
            assert "<svg" in value["inline"]
            return f"{value['name']}: {value['caption']} {value['alt']}"
    kinds = ("text/markdown", "text/latex", "text/html", "text/plain")
    return str(next(data[kind] for kind in kinds if kind in data))


def assert_alike(got: str, expected: str) -> None:
    """Equal texts, whose numbers are equal but for a part in 10¹²."""
    # Whose last digit differs may be "exactly equal" here, and not there.
    got, expected = (AGREE.sub("equal", text) for text in (got, expected))
    assert NUMBER.sub("#", got) == NUMBER.sub("#", expected)
    numbers = zip(NUMBER.findall(got), NUMBER.findall(expected), strict=True)
    for one, other in numbers:
        assert float(one) == pytest.approx(float(other), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("source", PAGES)
def test_every_cell_computes_what_the_build_computed(
    python: Page, live_site: Path, source: str
) -> None:
    folder = live_site / path_of(source)
    cells = json.loads((folder / "cells.json").read_text(encoding="utf-8"))["cells"]
    keys = ("source", "number", "inline")
    forget = {"source": FORGET, "number": 0, "inline": False}
    forgotten, *sent = python.evaluate(
        RUN, [forget, *({key: cell[key] for key in keys} for cell in cells)]
    )
    assert forgotten == []
    for cell, messages in zip(cells, sent, strict=True):
        got = [words(message) for message in joined(messages)]
        expected = [words(output) for output in cell["outputs"]]
        assert len(got) == len(expected), (cell["source"], got)
        for one, other in zip(got, expected, strict=True):
            assert_alike(one, other)
