"""Text as a terminal shows it in the end: lines written over, and colours."""

import re

__all__ = ["last_state", "terminal_html"]

_ESCAPE = "\x1b"
# Select graphic rendition: colours and weights, which a page can show.
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
# All other sequences: of one letter; that set a title or a link; that move or erase.
_OTHER = re.compile(
    r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|\[[0-?]*[ -/]*[@-ln-~]|[@-Z\\^_a-z=>78])"
)
_ERASE = re.compile(r"\x1b\[([012]?)K")
_UP = re.compile(r"\x1b\[(\d*)A")
_STEP = re.compile(r"\x1b\[[\d;]*m|\x1b\[[012]?K|\x1b\[\d*A|[\r\b\n]|[^\x1b\r\b\n]")


def last_state(text: str) -> str:
    r"""`text` after its carriage returns, backspaces, erasures and moves upwards.

    A progress bar that is written over with \r is one line, in its last state.
    """
    text = text.replace("\r\n", "\n")
    if not re.search(r"[\r\b\x1b]", text):
        return text
    lines: list[list[str]] = [[]]  # of each line its characters, with their colours
    row = column = 0
    colour = ""
    text = _keep_colours_and_moves(text)
    for match in _STEP.finditer(text):
        step = match[0]
        line = lines[row]
        if step == "\n":
            row, column = row + 1, 0
            if row == len(lines):
                lines.append([])
        elif step == "\r":
            column = 0
        elif step == "\b":
            column = max(column - 1, 0)
        elif erase := _ERASE.fullmatch(step):
            start = 0 if erase[1] in ("1", "2") else column
            end = column if erase[1] == "1" else len(line)
            line[start:end] = [" "] * (end - start) if erase[1] == "1" else []
        elif up := _UP.fullmatch(step):
            row = max(row - int(up[1] or 1), 0)
        elif step.startswith(_ESCAPE):
            colour = "" if step in ("\x1b[0m", "\x1b[m") else colour + step
        else:
            line += [" "] * (column - len(line))
            line[column : column + 1] = [f"{colour}{step}\x1b[0m" if colour else step]
            column += 1
    return "\n".join("".join(line).rstrip(" ") for line in lines)


def terminal_html(text: str) -> str | None:
    """Coloured text as HTML, with classes of nbconvert; None if nothing is coloured."""
    if _ESCAPE not in text:
        return None
    from nbconvert.filters.ansi import ansi2html

    coloured = ansi2html(  # type: ignore[no-untyped-call]
        _merged(_OTHER.sub("", text))
    )
    return str(coloured).replace(_ESCAPE, "")


def _merged(text: str) -> str:
    """One span for neighbours of one colour: each character says its own."""
    return re.sub(
        r"((?:\x1b\[[\d;]*m)+)([^\x1b])\x1b\[0m((?:\1[^\x1b]\x1b\[0m)*)",
        lambda m: m[1] + m[2] + _COLOUR.sub("", m[3]) + "\x1b[0m",
        text,
    )


def _keep_colours_and_moves(text: str) -> str:
    return _OTHER.sub(
        lambda m: m[0] if _ERASE.fullmatch(m[0]) or _UP.fullmatch(m[0]) else "", text
    )
