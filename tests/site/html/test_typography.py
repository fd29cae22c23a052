"""Lines that hold together, and how long a page takes to read."""

from nwdocs.site.html.typography import keep_together, reading_minutes


def test_only_prose_takes_time_to_read() -> None:
    prose = "<p>" + "word " * 410 + "</p>"
    rest = "<pre>" + "code " * 999 + "</pre><svg><text>" + "t " * 999 + "</text></svg>"
    assert reading_minutes(prose) == reading_minutes(prose + rest) == 2
    assert reading_minutes("") == 1


def test_equations_and_ranges_keep_to_one_line_and_code_stays_as_it_is() -> None:
    prose = (
        "<p>at σ = 0.1, x\n= −2, 0.3 ± 0.1 and <i>h</i> = 3; a = b; 1.4–1.6, a–b</p>"
    )
    code = (
        "<pre><code>x = 1</code></pre><code>y = 2–3</code><math><mi>z = 3</mi></math>"
    )
    kept = (
        "<p>at σ\u00a0=\u00a00.1, x\u00a0=\u00a0−2, 0.3\u00a0±\u00a00.1 and "
        "<i>h</i>\u00a0=\u00a03; a = b; "
        "1.4\u2060–\u20601.6, a–b</p>"
    )
    assert keep_together(prose + code) == kept + code


def test_a_computed_number_holds_together_with_its_sign() -> None:
    value = '<nw-value n="{}">{}</nw-value>'
    one, two = value.format(1, 3), value.format(12, 5)
    kept = keep_together(f"<p>at σ = {one}, from {one}–{two}</p>")
    assert kept == f"<p>at σ\u00a0=\u00a0{one}, from {one}\u2060–\u2060{two}</p>"
