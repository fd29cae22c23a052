"""Each change to MkDocs, mkdocs-jupyter and the theme: upstream still needs it.

A test that fails here is good news: the change can go.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest
from mkdocs.__main__ import serve_command
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.theme import Theme
from playwright.sync_api import Browser, Page, Route
from watchdog.events import FileSystemEvent, FileSystemEventHandler

from nwdocs.site.plugin.upstream import leave_icons, look_often
from support.building import run_mkdocs
from support.serving import Served
from support.small_project import edit_page

pytestmark = pytest.mark.process

# --- In Python ----------------------------------------------------------------------


def loads(wanted: str, module: str) -> bool:
    """Whether a fresh Python that imports `module` has loaded `wanted`."""
    code = f"import {module}, sys; print({wanted!r} in sys.modules)"
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.check_output(command, text=True).strip() == "True"


@pytest.mark.parametrize("unused", ["nbconvert.exporters.html", "jupytext"])
def test_mkdocs_jupyter_loads_what_is_not_used_here(unused: str) -> None:
    assert loads(unused, "mkdocs_jupyter.plugin"), "drop left_out"
    assert not loads(unused, "nwdocs.site.plugin.notebooks")


def test_mkdocs_bibtex_loads_what_is_not_used_here() -> None:
    assert loads("requests", "mkdocs_bibtex.plugin"), "drop it from left_out"
    assert not loads("requests", "nwdocs.site.plugin.literature")


def test_jupytext_loads_what_is_not_used_here() -> None:
    script = "from nwdocs.site.export.notebook import script"
    write = f"{script}; script({{'cells': [], 'nbformat': 4, 'nbformat_minor': 5}})"
    for name in ("jupyter_client", "tornado", "markdown_it"):
        assert loads(name, "jupytext"), "drop it from what is not needed"
        code = f"{write}; import sys; print({name!r} in sys.modules)"
        said = subprocess.check_output(
            [sys.executable, "-W", "ignore", "-c", code], text=True
        )
        assert said.strip() == "False", name


def test_mkdocs_looks_at_icons_that_it_does_not_publish() -> None:
    theme = Theme(name="material")
    all_of_them = theme.get_env().list_templates()
    leave_icons(theme)
    listed = theme.get_env().list_templates()
    icons = {*all_of_them} - {*listed}
    assert len(icons) > 10 * len(listed), "drop leave_icons"
    assert {name.split("/")[0] for name in icons} == {".icons"}
    icon = theme.get_env().get_template(".icons/material/magnify.svg")
    assert "<svg" in icon.render()


def test_a_module_that_was_left_out_is_there_for_who_uses_it() -> None:
    code = (
        "import nwdocs.site.plugin.notebooks, jupytext\n"
        "from mkdocs_jupyter import plugin\n"
        "print(plugin.jupytext.reads is jupytext.reads)"
    )
    command = [sys.executable, "-W", "ignore", "-c", code]
    assert subprocess.check_output(command, text=True).strip() == "True"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveReloadServer]:
    """A server as `mkdocs serve` makes it, which does not serve yet."""
    server = LiveReloadServer(lambda: None, "127.0.0.1", 0, str(tmp_path))
    yield server
    server.server_close()


def test_mkdocs_looks_seldom_and_takes_no_option_for_it(
    server: LiveReloadServer,
) -> None:
    assert server.observer.timeout > 0.1, "drop look_often"
    options = [option for each in serve_command.params for option in each.opts]
    assert "--livereload" in options
    assert not [o for o in options if "poll" in o or "interval" in o], "use the option"
    settings = [name for name, _ in MkDocsConfig._schema]
    assert "dev_addr" in settings
    assert not [name for name in settings if "poll" in name], "use the setting"


def test_looking_often_watches_what_was_watched(
    server: LiveReloadServer, tmp_path: Path
) -> None:
    for name, times in (("a", 1), ("b", 2)):
        (tmp_path / name).mkdir()
        for _ in range(times):
            server.watch(str(tmp_path / name))
    before = dict(server._watched_paths)
    look_often(server)
    assert server.observer.timeout == 0.1
    assert dict(server._watched_paths) == before
    watched = {emitter.watch.path for emitter in server.observer.emitters}
    assert watched == {str(tmp_path / "a"), str(tmp_path / "b")}


class _Seen(FileSystemEventHandler):
    """Notes what a server's observer tells of."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.module = Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        self.paths.append(str(event.src_path))
        if str(event.src_path).endswith("module.py"):
            self.module.set()


def test_byte_code_is_nothing_that_an_author_saves(
    server: LiveReloadServer, tmp_path: Path
) -> None:
    package = tmp_path / "package"
    package.mkdir()
    server.watch(str(package))
    look_often(server)
    seen = _Seen()
    server.observer.schedule(seen, str(package), recursive=True)
    server.observer.start()
    try:
        (package / "__pycache__").mkdir()
        (package / "__pycache__/module.pyc").write_bytes(b"code")
        (package / "module.py").write_text("code")
        assert seen.module.wait(60)
    finally:
        server.observer.stop()
        server.observer.join()
    assert not [path for path in seen.paths if "__pycache__" in path]


def test_mkdocs_names_no_line_of_a_broken_link(project: Path) -> None:
    config = (project / "mkdocs.yml").read_text()
    plain = re.sub(r"plugins:\n.*\n", "plugins: []\n", config)
    (project / "mkdocs.yml").write_text(plain)
    edit_page(project, "second.md", "index.md#a-part", "indx.md")
    status, output = run_mkdocs(project)
    assert status != 0
    assert "'second.md' contains a link 'indx.md'" in output
    assert "line 9" not in output, "drop name_lines"


# --- In the theme's script ------------------------------------------------------------

# The script of this project that changes the theme's.
OURS = re.compile(
    r"<script>(?:(?!</script>).)*XMLHttpRequest\.prototype.*?</script>", re.DOTALL
)


@pytest.fixture(params=[False, True], ids=["as the theme has it", "as ours has it"])
def ours(request: pytest.FixtureRequest) -> bool:
    """Whether the page has the script that changes the theme's."""
    return bool(request.param)


@pytest.fixture
def page(ours: bool, browser: Browser, served: Served) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()

    def without(route: Route) -> None:
        response = route.fetch()
        text, found = OURS.subn("", response.text())
        assert found == 1
        route.fulfill(response=response, body=text)

    if not ours:
        page.route(lambda url: urlsplit(url).path.endswith("/"), without)
    yield page
    context.close()


def test_the_theme_loads_the_search_index_with_each_page(
    page: Page, served: Served, ours: bool
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(f"{served.url}kernels/", wait_until="networkidle")
    wanted = [path for path in asked if "search" in path]
    assert bool(wanted) == (not ours), "drop what waits with the search"


def test_the_theme_s_switch_of_schemes_does_nothing_for_a_keyboard(
    page: Page, served: Served, ours: bool
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{served.url}kernels/", wait_until="networkidle")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "__palette":
            break
    page.keyboard.press("Space")
    scheme = page.get_attribute("body", "data-md-color-scheme")
    assert (scheme == "slate") == ours, "drop what minds the switches"


def test_the_theme_makes_each_copy_button_a_landmark(
    page: Page, served: Served, ours: bool
) -> None:
    page.goto(f"{served.url}kernels/", wait_until="networkidle")
    page.wait_for_selector("nav.md-code__nav", state="attached")
    landmarks = page.locator("nav.md-code__nav:not([role])").count()
    assert bool(landmarks) == (not ours), "drop what gives them a role"


def test_the_theme_lets_no_keyboard_scroll_a_wide_table(
    page: Page, served: Served, ours: bool
) -> None:
    page.goto(f"{served.url}claims/", wait_until="networkidle")
    page.set_viewport_size({"width": 320, "height": 800})
    out_of_reach = page.evaluate(
        """async () => {
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const wide = [...document.querySelectorAll(".md-typeset__scrollwrap")]
            .filter((box) => box.scrollWidth > box.clientWidth);
          return wide.length && wide.every((box) => box.tabIndex < 0);
        }"""
    )
    assert bool(out_of_reach) == (not ours), "drop what makes them reachable"
