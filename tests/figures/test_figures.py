"""Every registered figure: its words, its numbers, its bytes."""

import ast
import csv
import gzip
import io
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from PIL import Image

from nwdocs import KERNELS, attention_weights, nadaraya_watson, synthetic_data
from nwdocs.figures import FIGURES, Drawing, Rendered, number, show
from nwdocs.figures.palette import TOKENS, token_css
from nwdocs.figures.registry import figure
from nwdocs.figures.style import RC, colour
from nwdocs.figures.svg import inline, lighter, write_svg
from nwdocs.figures.thumbnail import thumbnail
from nwdocs.kernels import DECK_BANDWIDTHS, DECK_KERNELS
from support.project import ROOT

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn() -> dict[str, Rendered]:
    return {name: show(name) for name in FIGURES}


@pytest.fixture(scope="module")
def pngs(drawn: dict[str, Rendered]) -> dict[str, bytes]:
    return {name: rendered.png() for name, rendered in drawn.items()}


def columns(text: str) -> dict[str, list[str]]:
    header, *rows = list(csv.reader(io.StringIO(text)))
    return {
        name: list(column)
        for name, column in zip(header, zip(*rows, strict=True), strict=True)
    }


def test_the_deck_has_its_figures() -> None:
    deck = ["kernels", "data", "estimates-by-kernel", "attention-by-kernel"]
    deck += ["estimates-by-bandwidth", "attention-by-bandwidth"]
    assert [name for name in FIGURES if name in deck] == deck


def test_numbers_count_the_registry_from_one() -> None:
    assert [number(name) for name in FIGURES] == list(range(1, len(FIGURES) + 1))


def test_an_unknown_figure_is_an_error_that_lists_the_known_ones() -> None:
    for call in (show, number):
        with pytest.raises(KeyError, match=r"no figure is called 'kernel'.*kernels"):
            call("kernel")


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="'data' is registered twice"):
        figure("data")(FIGURES["data"])


@pytest.mark.parametrize("name", FIGURES)
def test_drawn_twice_it_has_the_same_bytes_and_leaves_no_trace_in_matplotlib(
    name: str, drawn: dict[str, Rendered], pngs: dict[str, bytes]
) -> None:
    before = dict(mpl.rcParams)
    again = show(name)
    assert again.svg == drawn[name].svg
    assert again.png() == pngs[name]
    assert again.csv == drawn[name].csv
    assert dict(mpl.rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules or not (
        sys.modules["matplotlib.pyplot"].get_fignums()
    )


def test_bytes_do_not_depend_on_process_settings_or_order(
    drawn: dict[str, Rendered],
) -> None:
    script = (
        "import sys, locale, matplotlib as mpl\n"
        "mpl.rcParams['axes.grid'] = False; mpl.rcParams['font.size'] = 30\n"
        "from nwdocs.figures import show\n"
        "show('attention-by-kernel')\n"
        "sys.stdout.reconfigure(encoding='utf-8')\n"
        "print(show('estimates-by-kernel').svg, end='')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        encoding="utf-8",
        cwd=ROOT,
        env={"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "7", "PATH": ""},
    )
    assert run.stdout == drawn["estimates-by-kernel"].svg


@pytest.mark.parametrize("name", FIGURES)
def test_its_words_say_something(name: str, drawn: dict[str, Rendered]) -> None:
    drawing = drawn[name].drawing
    for text in (drawing.caption, drawing.alt):
        assert len(text) > 40
        assert text.endswith((".", "?"))
        assert "nan" not in text.lower().split()
    sentences = re.split(r"(?<=[.?!]) +(?=[A-Z])", drawing.alt)
    assert len(sentences) <= 2, "longer accounts belong in the description"


@pytest.mark.parametrize("name", FIGURES)
def test_its_svg_is_slim_and_well_formed(name: str, drawn: dict[str, Rendered]) -> None:
    svg = drawn[name].svg
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == drawn[name].drawing.alt
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    assert all(i == "only-dark" or i.startswith(f"{name}-") for i in ids)
    used = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg))
    assert {a or b for a, b in used} <= set(ids)
    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "\n\n" not in svg, "Markdown would end the block there"
    assert "<metadata" not in svg
    assert "Deja" not in svg, "text takes the reader's font"


@pytest.mark.parametrize("name", FIGURES)
def test_its_colours_follow_the_scheme(name: str, drawn: dict[str, Rendered]) -> None:
    svg = inline(drawn[name].svg)
    fixed = set(re.findall(r"(?<!,)#[0-9a-f]{6}", re.sub(r'href="[^"]*"', "", svg)))
    # White marks on a heatmap: its colours are the same in both schemes.
    assert fixed <= {"#fdfdfd"}
    assert re.findall(r"var\(--nw-ink,#1b1f24\)", svg)


def test_a_page_has_the_pixels_of_a_heatmap_in_fewer_bytes(
    drawn: dict[str, Rendered],
) -> None:
    svg = inline(drawn["attention-by-kernel"].svg)
    light = lighter(svg)
    assert len(light) < len(svg) - 5_000

    def pixels(text: str) -> list[bytes]:
        images = re.findall(r"data:image/\w+;base64,([^\"]+)", text)
        return [
            Image.open(io.BytesIO(b64decode(one))).convert("RGB").tobytes()
            for one in images
        ]

    assert pixels(light) == pixels(svg) != []


def test_inline_and_alone_it_is_one_picture(drawn: dict[str, Rendered]) -> None:
    alone = drawn["data"].svg
    assert "<style>" in alone
    assert "<style>" not in inline(alone)
    assert 'id="only-dark"' not in inline(alone)
    body = alone.split("<rect", 1)[1].split("/>", 1)[1]
    assert f"{inline(alone)}\n".endswith(body)


@pytest.mark.parametrize("name", FIGURES)
def test_type_stays_readable_on_a_phone(name: str, drawn: dict[str, Rendered]) -> None:
    root = ElementTree.fromstring(drawn[name].svg)
    width = float(root.attrib["width"])
    panels = [e for e in root.iter() if e.get("class") == "nw-panel"]
    # Panels are stacked, never shrunk; a single panel is scaled to a phone's 328 pixels.
    scale = 1.0 if len(panels) > 1 else min(1.0, 328 / width)
    sizes = [
        float(found)
        for e in root.iter(f"{SVG}text")
        for found in re.findall(r"font-size:([\d.]+)px", e.get("style", ""))
    ]
    assert sizes, "text is text"
    assert min(sizes) * scale >= 9.99


@pytest.mark.parametrize("name", FIGURES)
def test_stacked_panels_do_not_overlap(name: str, drawn: dict[str, Rendered]) -> None:
    size = drawn[name].drawing.figure.bbox
    boxes = set()  # where each panel's frame is once moved, as CSS moves it
    for ax in drawn[name].drawing.figure.axes:
        gid = str(ax.get_gid())
        if gid.startswith("panel:"):
            across, down, *_ = map(int, gid.split(":")[1:])
            width = size.width / 2
            left = ax.get_position().x0 * size.width // width * width
            top = (1 - ax.get_position().y1) * size.height
            boxes.add((left + across, round(top + down)))
    assert all(left == 0 for left, _ in boxes)
    heights = sorted(top for _, top in boxes)
    assert len(heights) == len(set(heights))


@pytest.mark.parametrize("name", FIGURES)
def test_its_png_is_twice_the_size_and_opaque(
    name: str, drawn: dict[str, Rendered], pngs: dict[str, bytes]
) -> None:
    width, height = drawn[name].drawing.figure.bbox.size
    with Image.open(io.BytesIO(pngs[name])) as image:
        assert image.size == (round(2 * width), round(2 * height))
        assert np.asarray(image.convert("RGBA"))[..., 3].min() == 255
        assert "Software" not in image.info


@pytest.mark.parametrize("name", FIGURES)
def test_its_numbers_are_a_full_table(name: str, drawn: dict[str, Rendered]) -> None:
    table = columns(drawn[name].csv)
    assert len(table) >= 2
    assert len({len(column) for column in table.values()}) == 1


def test_estimates_are_those_of_the_package(drawn: dict[str, Rendered]) -> None:
    sample = synthetic_data()
    by_kernel = columns(drawn["estimates-by-kernel"].csv)
    by_width = columns(drawn["estimates-by-bandwidth"].csv)
    for name in DECK_KERNELS:
        expected, _ = nadaraya_watson(*sample[2:3], *sample[:2], name)
        np.testing.assert_allclose(np.array(by_kernel[name], float), expected, 1e-7)
    for width in DECK_BANDWIDTHS:
        expected, _ = nadaraya_watson(*sample[2:3], *sample[:2], bandwidth=width)
        np.testing.assert_allclose(
            np.array(by_width[f"{width:g}"], float), expected, 1e-7
        )


def test_heatmaps_show_each_weight_where_its_key_is(drawn: dict[str, Rendered]) -> None:
    sample = synthetic_data()
    rendered = drawn["attention-by-kernel"]
    panels = [ax for ax in rendered.drawing.figure.axes if ax.get_title(loc="left")]
    assert len(panels) == len(DECK_KERNELS)
    for ax, name in zip(panels, DECK_KERNELS, strict=True):
        weights = attention_weights(sample.x_val, sample.x_train, name)
        (image,) = ax.get_images()
        shown = np.asarray(image.get_array())
        left, right, bottom, top = image.get_extent()
        across = (
            left + (np.arange(shown.shape[1]) + 0.5) * (right - left) / shown.shape[1]
        )
        nearest = np.abs(across[:, None] - sample.x_train).argmin(axis=1)
        np.testing.assert_array_equal(shown, weights[:, nearest])
        assert shown.shape[0] == len(sample.x_val)
        assert image.origin == "lower"  # the first query is at the bottom
        assert (bottom, top) == pytest.approx((-0.05, 4.95))
        assert image.get_interpolation() == "none"


def test_heatmaps_share_one_scale_and_the_constant_panel_is_not_blank(
    drawn: dict[str, Rendered],
) -> None:
    for name in ("attention-by-kernel", "attention-by-bandwidth"):
        axes = drawn[name].drawing.figure.axes
        images = [image for ax in axes for image in ax.get_images()]
        assert len(images) == 4
        assert len({id(image.norm) for image in images}) == 1
        largest = max(float(np.max(np.asarray(i.get_array()))) for i in images)
        assert images[0].norm.vmax == largest
        assert images[0].norm.vmin == 0
    shades = [
        np.unique(image.to_rgba(np.asarray(image.get_array())).reshape(-1, 4), axis=0)
        for ax in drawn["attention-by-kernel"].drawing.figure.axes
        for image in ax.get_images()
    ]
    lowest = shades[0][0] * 0 + drawn_colour(0.0)
    constant = shades[list(DECK_KERNELS).index("constant")]
    assert len(constant) == 1
    assert not np.allclose(constant[0], lowest)


def drawn_colour(value: float) -> np.ndarray:
    return np.array(mpl.colormaps["viridis"](value))


def test_one_legend_a_figure_names_points_truth_and_estimate(
    drawn: dict[str, Rendered],
) -> None:
    for name in ("estimates-by-kernel", "estimates-by-bandwidth", "drawing"):
        picture = drawn[name].drawing.figure
        assert all(ax.get_legend() is None for ax in picture.axes)
        (legend,) = picture.legends
        labels = [text.get_text() for text in legend.get_texts()]
        assert labels == ["truth", "training points", "estimate"]
        truth = legend.legend_handles[0]
        assert truth is not None
        assert truth.get_linestyle() == "--"  # type: ignore[attr-defined]


def luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(
        channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
    )
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [t for t in TOKENS if t not in ("paper", "grid")])
def test_lines_stand_out_from_the_page(name: str, scheme: str) -> None:
    bright, dim = sorted(
        (luminance(getattr(TOKENS[t], scheme)) for t in (name, "paper")), reverse=True
    )
    assert (bright + 0.05) / (dim + 0.05) >= 3


def see_through(element: ElementTree.Element) -> Iterator[tuple[str, float]]:
    """Of a line or a mark, each token that it is drawn with, and how opaque."""
    style = dict(
        part.split(":", 1) for part in element.get("style", "").split(";") if part
    )
    marks = ("use", "circle")
    for kind in ("stroke", "fill") if element.tag[len(SVG) :] in marks else ("stroke",):
        if token := re.match(r"var\(--nw-(\w+),", style.get(kind, "")):
            clear = float(style.get("opacity", 1)) * float(
                style.get(f"{kind}-opacity", 1)
            )
            yield token[1], clear


def channels(colour: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(list(bytes.fromhex(colour[1:])), float)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", FIGURES)
def test_see_through_lines_and_marks_stand_out_too(
    name: str, scheme: str, drawn: dict[str, Rendered]
) -> None:
    paper = getattr(TOKENS["paper"], scheme)
    for element in ElementTree.fromstring(drawn[name].svg).iter():
        for token, clear in see_through(element):
            if token in ("grid", "paper") or clear <= 0.25:  # a wash behind the lines
                continue
            over = channels(getattr(TOKENS[token], scheme))
            mean = clear * over + (1 - clear) * channels(paper)
            mixed = "#" + bytes(mean.round().astype(np.uint8)).hex()
            bright, dim = sorted((luminance(mixed), luminance(paper)), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= 3, (token, clear)


# --- In the gallery ----------------------------------------------------------------------


def marks(svg: str) -> list[str]:
    """The tags of what is drawn in colours that carry meaning."""
    meaning = [
        token for token in TOKENS if token not in ("ink", "muted", "grid", "paper")
    ]
    return [
        element.tag
        for element in ElementTree.fromstring(svg).iter()
        if element.tag != f"{SVG}text"
        and any(f"--nw-{token}," in element.get("style", "") for token in meaning)
    ]


@pytest.mark.parametrize("name", FIGURES)
def test_its_thumbnail_has_its_marks_and_no_words(
    name: str, drawn: dict[str, Rendered]
) -> None:
    figure = ElementTree.fromstring(drawn[name].svg)
    for parent in list(figure.iter()):
        for legend in parent.findall(f"{SVG}g[@class='nw-legend']"):
            parent.remove(legend)
    small = thumbnail(drawn[name].svg)
    root = ElementTree.fromstring(small)
    assert marks(small) == marks(ElementTree.tostring(figure, encoding="unicode"))
    heatmaps = sum(len(ax.images) for ax in drawn[name].drawing.figure.axes)
    assert len(root.findall(f".//{SVG}image")) == heatmaps, "and no colour bar"
    assert not list(root.iter(f"{SVG}text"))
    assert len(gzip.compress(small.encode())) < 5000
    for token in re.findall(r"var\(--nw-(\w+),", small):
        assert f"--nw-{token}:{TOKENS[token].dark}" in small, (
            "else it glares in the dark"
        )


def test_a_thumbnails_lines_are_where_the_figures_are() -> None:
    figure = Figure(figsize=(5, 3))
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    x = np.linspace(0, 10, 400)
    y = np.sin(x)
    y[150:160] = np.nan
    ax.plot(x, y, color=colour("blue"))
    with mpl.rc_context(dict(RC)):
        svg = write_svg(figure, "waves", "Waves.")
    whole, coarse = (
        max(re.findall(r' d="([^"]*)"', text), key=len)
        for text in (svg, thumbnail(svg))
    )
    assert len(coarse) < len(whole) / 2
    dense = [points(part) for part in whole.split("M")[1:]]
    few = [np.cumsum(points(part), axis=0) for part in coarse.split("M")[1:]]
    assert len(dense) == len(few) == 2, "a gap stays a gap"
    for original, steps in zip(dense, few, strict=True):
        across = np.linspace(steps[0, 0], steps[-1, 0], 5000)
        drawn_at = np.column_stack([across, np.interp(across, *steps.T)])
        away = np.hypot(*np.moveaxis(original[:, None] - drawn_at, -1, 0)).min(axis=1)
        assert away.max() <= 1, "within a pixel"


def points(path: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array(re.findall(r"-?[\d.]+", path), float).reshape(-1, 2)


def test_the_style_sheet_has_every_token_in_both_schemes() -> None:
    light, dark, by_system = token_css().splitlines()
    for name, token in TOKENS.items():
        assert f"--nw-{name}:{token.light};" in light
        assert f"--nw-{name}:{token.dark};" in dark
        assert f"--nw-{name}:{token.dark};" in by_system
    assert len({token.light for token in TOKENS.values()}) == len(TOKENS)


@pytest.mark.locked
def test_the_readme_shows_the_figure_as_it_is_drawn_now(
    drawn: dict[str, Rendered],
) -> None:
    picture = ROOT / "docs/assets/idea.svg"
    assert "docs/assets/idea.svg" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert picture.read_bytes() == drawn["idea"].file("svg"), (
        "draw it anew: nwdocs figures idea --out docs/assets"
    )


def test_kernel_curves_are_the_kernels(drawn: dict[str, Rendered]) -> None:
    table = columns(drawn["kernels"].csv)
    u = np.array(table["u"], float)
    assert (u[0], u[-1]) == (-2.5, 2.5)
    for name in DECK_KERNELS:
        shown = np.array(table[name], float)
        np.testing.assert_allclose(shown, KERNELS[name](u), rtol=1e-7, atol=1e-12)


def test_points_are_circles_where_they_were_and_other_curves_are_not() -> None:
    figure = Figure(figsize=(100 / 72, 100 / 72), dpi=72)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 100), ylim=(100, 0))
    axes.scatter([20, 70.25], [30, 60], s=[16, 64], linewidths=0)
    axes.add_patch(Ellipse((50, 50), 20, 10))
    root = ElementTree.fromstring(write_svg(figure, "points", "Two points."))
    circles = [
        tuple(float(circle.attrib[name]) for name in ("cx", "cy", "r"))
        for circle in root.iter(f"{SVG}circle")
    ]
    assert circles == [(20, 30, 2), (70.25, 60, 4)]
    curves = [path.get("d", "") for path in root.iter(f"{SVG}path")]
    assert sum("C" in curve for curve in curves) == 1  # the ellipse


def test_series_of_different_lengths_end_in_empty_cells() -> None:
    drawing = Drawing(Figure(), "A caption.", "An alt.", {"a": [1.5, 2.5], "b": [3]})
    assert Rendered("data", drawing).csv == "a,b\n1.5,3\n2.5,\n"


@pytest.mark.parametrize("name", FIGURES)
def test_its_code_names_nothing_private(name: str, drawn: dict[str, Rendered]) -> None:
    code = drawn[name].code
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            assert node.module
            top = node.module.partition(".")[0]
            assert top in {"nwdocs", "matplotlib", "numpy", "collections", "typing"}
            imported = [alias.name for alias in node.names]
            assert not [n for n in [*imported, *node.module.split(".")] if n[0] == "_"]
    assert max(map(len, code.splitlines())) <= 95


@pytest.mark.parametrize("name", FIGURES)
def test_its_code_draws_it(
    name: str,
    drawn: dict[str, Rendered],
    pngs: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(drawn[name].code, f"{name}.py", "exec"), {"__name__": "__main__"})
    with (
        Image.open(f"{name}.png") as alone,
        Image.open(io.BytesIO(pngs[name])) as shown,
    ):
        assert alone.size == shown.size
        assert alone.convert("RGB").tobytes() == shown.convert("RGB").tobytes()
