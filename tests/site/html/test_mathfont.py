"""The font for formulas."""

from io import BytesIO

from fontTools.ttLib import TTFont

from nwdocs.site.html.mathfont import characters, math_font


def test_the_font_has_what_formulas_are_drawn_with_and_little_else() -> None:
    page = "<p>zebra</p><math><mi>h</mi><mi>σ</mi><mi>exp</mi><mo>&#x2211;</mo></math>"
    used = characters([page])
    assert used == set("ℎ𝜎exp∑")
    assert characters(["<math><msqrt><mn>2</mn></msqrt></math>"]) == set("2√")
    made = math_font(used)
    assert made == math_font(used)
    assert made[:4] == b"wOF2"
    font = TTFont(BytesIO(made))
    assert set(font.getBestCmap()) == {ord(character) for character in used}
    assert "MATH" in font, "else sums and brackets do not grow"
    sum_sizes = font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs
    assert font.getBestCmap()[ord("∑")] in sum_sizes
    assert "Open Font" in str(font["name"].getDebugName(13))
