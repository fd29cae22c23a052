"""Text is shown as a terminal shows it in the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nwdocs.site.html.terminal import last_state, terminal_html


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("a\nb\n", "a\nb\n"),
        ("\r  0%\r 50%\r100%", "100%"),
        ("long line\rshort", "shortline"),
        ("abc\b\bX", "aXc"),
        ("working\x1b[2K\rdone", "done"),
        ("one\rtwo\x1b[K", "two"),
        ("a\nb\x1b[1A\rX\n", "X\nb"),
        ("a\r\nb", "a\nb"),
        ("\x1b]0;title\x07text", "text"),
    ],
)
def test_the_last_state_is_what_remains(text: str, state: str) -> None:
    assert last_state(text) == state


def test_colours_become_classes() -> None:
    html = terminal_html(last_state("\x1b[31mred\x1b[0m and \x1b[1mbold\x1b[0m"))
    assert html == (
        '<span class="ansi-red-fg">red</span> and <span class="ansi-bold">bold</span>'
    )
    assert terminal_html("plain <b>") is None
    assert terminal_html("\x1b[32m<b>\x1b[0m") == (
        '<span class="ansi-green-fg">&lt;b&gt;</span>'
    )


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]) | st.just("\n")))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert last_state(text) == text


@given(st.text(st.sampled_from("ab\r\n\b\x1b[0123;mKAJHl")))
def test_no_control_character_is_left(text: str) -> None:
    shown = last_state(text)
    shown = terminal_html(shown) or shown
    assert not set(shown) & set("\r\b\x1b")
