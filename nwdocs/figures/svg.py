"""From a matplotlib figure to an SVG that follows the page it is on.

matplotlib writes fixed colours and fonts. Here each colour of the palette becomes a CSS
custom property with the light colour as fallback, text takes the page's font, and what
only costs bytes goes: one file that stands alone, or inline in a page, light or dark.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Collection
from io import BytesIO, StringIO
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from PIL import Image, features

from nwdocs.figures.palette import FONT_STACK, TOKENS

__all__ = ["dark_rule", "inline", "lighter", "write_svg"]

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_DROPPED = {f"{_SVG}metadata"}
_TOKEN_OF = {token.light: name for name, token in TOKENS.items()}
_HEX = re.compile(r"#[0-9a-f]{6}")
_PNG = re.compile(r"data:image/png;base64,(?P<data>[A-Za-z0-9+/=]+)")
_NUMBER = re.compile(r"-?\d+\.\d+")
_LINES = re.compile(r"[LHVQSTA]", re.IGNORECASE)
_URL_ID = re.compile(r"url\(#([^)]+)\)")


def write_svg(figure: Figure, name: str, alt: str) -> str:
    """`figure` as the text of an SVG file, the same bytes on every run.

    `name` keeps the ids of two figures on one page apart; `alt` is its accessible name.
    """
    with mpl.rc_context({"svg.hashsalt": name}), StringIO() as out:
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        root = ElementTree.fromstring(out.getvalue())
    for parent in root.iter():
        for child in [c for c in parent if c.tag in _DROPPED or _is_style(c)]:
            parent.remove(child)
    _size(root)
    used = _referenced(root)
    for element in root.iter():
        _slim(element, name, used)
    root.set("stroke-linejoin", "round")
    root.set("role", "img")
    root.set("aria-label", alt)
    _paper(root)
    ElementTree.register_namespace("", _SVG.strip("{}"))
    text = ElementTree.tostring(root, encoding="unicode")
    return re.sub(r">\s+<", "><", text).strip() + "\n"


def _is_style(element: ElementTree.Element) -> bool:
    # matplotlib's own rule for *, which inline would reach the whole page.
    return element.tag == f"{_SVG}defs" and element.find(f"{_SVG}style") is not None


def _size(root: ElementTree.Element) -> None:
    """One unit is one CSS pixel, whatever matplotlib says of points."""
    _, _, width, height = root.attrib["viewBox"].split()
    root.attrib.pop("version", None)
    root.set("viewBox", f"0 0 {float(width):g} {float(height):g}")
    root.set("width", f"{float(width):g}")
    root.set("height", f"{float(height):g}")


def _referenced(root: ElementTree.Element) -> set[str]:
    ids = set()
    for element in root.iter():
        ids.update(_URL_ID.findall(" ".join(element.attrib.values())))
        ids.add(element.get(_HREF, "").removeprefix("#"))
    return ids - {""}


def _slim(element: ElementTree.Element, name: str, used: set[str]) -> None:
    """Tokens for colours, the page's font, short numbers, no id that nothing uses."""
    identity = element.attrib.pop("id", "")
    if identity.startswith("legend"):
        element.set("class", "nw-legend")
    elif identity.startswith("panel:"):
        names = ("dx", "dy", "rx", "ry")
        shifts = zip(names, identity.split(":")[1:], strict=False)
        element.set("class", "nw-panel")
        element.set("style", ";".join(f"--{name}:{by}px" for name, by in shifts))
    elif identity in used:
        element.set("id", f"{name}-{identity}")
    if _HREF in element.attrib:
        target = element.attrib.pop(_HREF)
        element.set("href", _palette_png(target) or f"#{name}-{target[1:]}")
    if "d" in element.attrib:
        drawn = element.attrib.pop("d")
        if circle := _circle(drawn):
            element.tag = f"{_SVG}circle"
            element.attrib.update(circle)
        else:
            element.set("d", " ".join(_short(drawn, 2).split()))
    for key in ("x", "y", "width", "height", "transform"):
        if key in element.attrib and element.tag != f"{_SVG}svg":
            element.set(key, _short(element.attrib[key], 3))
    if "clip-path" in element.attrib:
        element.set(
            "clip-path", _URL_ID.sub(rf"url(#{name}-\1)", element.attrib["clip-path"])
        )
    if "(-0 " in element.get("transform", ""):
        del element.attrib["transform"]  # turned by nothing
    if "style" in element.attrib and "--dx" not in element.attrib["style"]:
        style = _style(element.attrib.pop("style"))
        if style:
            element.set("style", style)


def _circle(path: str) -> dict[str, str] | None:
    """The circle that matplotlib drew as eight curves, a tenth of the bytes."""
    if path.count("C") != 8 or path.strip()[-1] != "z" or _LINES.search(path):
        return None
    numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", path)]
    ends = np.array(numbers[2:]).reshape(8, 3, 2)[:, 2]  # where each curve arrives
    centre = ends.mean(axis=0)
    distances = np.hypot(*(ends - centre).T)
    if np.ptp(distances) > 1e-3:
        return None
    sizes = dict(zip(("cx", "cy", "r"), (*centre, distances.mean()), strict=True))
    return {name: _short(f"{size:.6f}", 2) for name, size in sizes.items()}


def _style(style: str) -> str:
    declarations = []
    for declaration in filter(None, (part.strip() for part in style.split(";"))):
        key, value = (part.strip() for part in declaration.split(":", 1))
        if key == "font":  # e.g. bold 13px 'DejaVu Sans': keep weight and size alone
            for word in value.split("'")[0].split():
                if word.endswith("px"):
                    declarations.append(f"font-size:{word}")
                elif word != "normal":
                    declarations.append(f"font-weight:{word}")
        elif key in ("font-family", "stroke-linejoin"):
            continue
        else:
            declarations.append(f"{key}:{_HEX.sub(_property, _short(value, 2))}")
    return ";".join(declarations)


def _property(match: re.Match[str]) -> str:
    token = _TOKEN_OF.get(match[0])
    return f"var(--nw-{token},{match[0]})" if token else match[0]


def _short(numbers: str, digits: int) -> str:
    def shorten(match: re.Match[str]) -> str:
        text = f"{float(match[0]):.{digits}f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text

    return _NUMBER.sub(shorten, numbers)


def _palette_png(target: str) -> str | None:
    """An embedded heatmap with a palette: the same pixels, a quarter of the bytes."""
    prefix, _, data = target.partition("base64,")
    if not data:
        return None
    with BytesIO(b64decode(data)) as raw, BytesIO() as out:
        pixels = np.asarray(Image.open(raw).convert("RGBA"))
        # A colour map has at most 256 colours, so a palette loses nothing. One number a
        # pixel: sorting rows of three takes ten times as long.
        codes = np.ascontiguousarray(pixels).view(">u4")[..., 0]
        palette, index = np.unique(codes, return_inverse=True)
        image = Image.fromarray(index.reshape(codes.shape).astype(np.uint8), "P")
        image.putpalette(
            palette.astype(">u4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
        )
        image.save(out, format="png", optimize=True)
        return f"{prefix}base64,{b64encode(out.getvalue()).decode()}"


def _paper(root: ElementTree.Element) -> None:
    """What a file that stands alone needs: a ground, a font, and a dark reading of it.

    Shown as ``name.svg#only-dark``, it takes the dark colours: Material for MkDocs shows
    an image with that fragment in its dark scheme, so one file serves both.
    """
    root.set("id", "only-dark")
    style = ElementTree.Element(f"{_SVG}style")
    style.text = f"{dark_rule(TOKENS)}text{{font-family:{FONT_STACK}}}"
    light = TOKENS["paper"].light
    ground = ElementTree.Element(
        f"{_SVG}rect",
        {"width": "100%", "height": "100%", "fill": f"var(--nw-paper,{light})"},
    )
    root[:0] = [style, ground]


def dark_rule(names: Collection[str]) -> str:
    """The CSS rule by which a file shown as ``name.svg#only-dark`` has dark colours."""
    colours = (f"--nw-{n}:{t.dark};" for n, t in TOKENS.items() if n in names)
    return f"#only-dark:target{{{''.join(colours)}}}"


def inline(svg: str) -> str:
    """The same picture for the inside of a page, which has the ground and the font."""
    svg = svg.replace(' id="only-dark"', "", 1).strip()
    return re.sub(r"<style>.*?</style><rect [^>]*/>", "", svg, count=1)


def lighter(svg: str) -> str:
    """The same pixels in half of the bytes: the heatmaps of a picture for a page.

    Every browser reads WebP. The programs that open files may not, so files have PNG. So
    has a page that runs Python itself, whose Pillow was built without WebP.
    """
    return _PNG.sub(_as_webp, svg) if features.check("webp") else svg


def _as_webp(match: re.Match[str]) -> str:
    with BytesIO(b64decode(match["data"])) as raw, BytesIO() as out:
        image = Image.open(raw).convert("RGB")
        # Method 6 takes six times as long, for one byte in two hundred.
        image.save(out, "webp", lossless=True, quality=100, method=5)
        return f"data:image/webp;base64,{b64encode(out.getvalue()).decode()}"
