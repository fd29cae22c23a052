"""A figure's picture for the gallery: what is drawn, without what is too small to read.

The gallery shows every figure of the site, so each may weigh two kilobytes, not ten.
"""

import re
from base64 import b64decode, b64encode
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
from matplotlib.path import Path
from PIL import Image

from nwdocs.figures.svg import dark_rule

__all__ = ["thumbnail"]

_SVG = "{http://www.w3.org/2000/svg}"
_TICKS = {"M 0 0 L 0 3.5", "M 0 0 L -3.5 0"}  # as matplotlib draws them
_WORDS = 34  # pixels that labels take of a margin
_AIR = 12  # pixels above the axes
_COLOUR_BAR = "scale(1 -1) translate"  # how matplotlib sets one, and no heatmap, up
_WIDEST_IMAGE, _COLOURS = 128, 16
_HEAVY = 1200  # bytes of an image that is drawn at half its size: one full of noise
_TOKEN = re.compile(r"--nw-([a-z]+),")
_NUMBER = re.compile(r"-?\d*\.?\d+")
_STEP = re.compile(r"([MLz])([^A-Za-z]*)")


def thumbnail(svg: str) -> str:
    """The file `svg`, as `write_svg` gives it, with a fraction of its bytes.

    Words, ticks, legends and colour bars go; lines are drawn to the pixel, heatmaps in
    fewer columns and colours. It stands alone, in light and dark, but has no accessible
    name: the page that shows it gives it one.
    """
    root = ElementTree.fromstring(svg)
    for name in ("role", "aria-label"):
        root.attrib.pop(name, None)
    _trim(root)
    ticks = {path.get("id") for path in root.iter() if path.get("d") in _TICKS}
    # From the inside out, so that a group which is left empty goes too.
    for parent in reversed(list(root.iter())):
        for child in list(parent):
            if _is_too_small(child, ticks):
                parent.remove(child)
    for element in root.iter():
        _coarsen(element)
    ElementTree.register_namespace("", _SVG.strip("{}"))
    text = ElementTree.tostring(root, encoding="unicode")
    rule = dark_rule(set(_TOKEN.findall(text)))
    return re.sub(r"<style>.*?</style>", f"<style>{rule}</style>", text) + "\n"


def _trim(root: ElementTree.Element) -> None:
    """Cut off what only words filled: at the left, below, and above the first axes."""
    frames = root.iterfind(f".//{_SVG}clipPath/{_SVG}rect")
    top = int(min(float(frame.attrib["y"]) for frame in frames)) - _AIR
    width = int(root.attrib["width"]) - _WORDS
    height = int(root.attrib["height"]) - _WORDS - top
    root.attrib.update(width=f"{width}", height=f"{height}")
    root.set("viewBox", f"{_WORDS} {top} {width} {height}")
    root[1].set("x", f"{_WORDS}")  # the ground
    root[1].set("y", f"{top}")


def _is_too_small(element: ElementTree.Element, ticks: set[str | None]) -> bool:
    tag = element.tag.removeprefix(_SVG)
    return (
        tag == "text"
        or element.get("class") == "nw-legend"
        or (tag == "image" and element.get("transform", "").startswith(_COLOUR_BAR))
        or (tag == "use" and element.get("href", "").removeprefix("#") in ticks)
        or (tag == "path" and "id" in element.attrib and element.get("id") in ticks)
        or (tag in ("g", "defs") and not len(element))
    )


def _coarsen(element: ElementTree.Element) -> None:
    if path := element.get("d"):
        element.set("d", _coarse_path(path))
    for key in ("x", "y"):
        if key in element.attrib:
            element.set(key, _rounded(element.attrib[key]))
    if element.tag == f"{_SVG}image":
        element.set("href", _coarse_image(element.attrib["href"]))
        element.set("preserveAspectRatio", "none")  # it fills the same place


def _coarse_path(path: str) -> str:
    """The path in whole pixels, without the points that a straight line passes anyway."""
    if set(re.findall(r"[A-Za-z]", path)) - set("MLz"):
        return _rounded(path)
    parts = []
    for part in re.findall(r"M[^M]*", path):
        steps = _STEP.findall(part)
        points = Path([_NUMBER.findall(at) for step, at in steps if step != "z"])
        points.should_simplify, points.simplify_threshold = True, 0.5
        drawn = points.cleaned(simplify=True)
        corners = np.rint(drawn.vertices).astype(int)[drawn.codes != Path.STOP]
        start, offsets = corners[0], np.diff(corners, axis=0)
        lines = " ".join(f"{dx} {dy}" for dx, dy in offsets if dx or dy)
        closed = "z" if steps[-1][0] == "z" else ""
        parts.append(f"M{start[0]} {start[1]}l{lines or '0 0'}{closed}")
    return "".join(parts)


def _rounded(numbers: str) -> str:
    return _NUMBER.sub(lambda match: f"{float(match[0]):.0f}", numbers)


def _coarse_image(target: str) -> str:
    prefix, _, data = target.partition("base64,")
    with BytesIO(b64decode(data)) as raw:
        image = Image.open(raw).convert("RGB")
    width, height = min(image.width, _WIDEST_IMAGE), image.height
    png = _small_png(image, width, height)
    if len(png) > _HEAVY:
        png = _small_png(image, width // 2, height // 2)
    return f"{prefix}base64,{b64encode(png).decode()}"


def _small_png(image: Image.Image, width: int, height: int) -> bytes:
    with BytesIO() as out:
        small = image.resize((width, height), Image.Resampling.NEAREST)
        small.quantize(_COLOURS).save(out, format="png", optimize=True)
        return out.getvalue()
