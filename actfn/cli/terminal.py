"""What the terminal is, asked once and here: everything below is told."""

import os
import sys
import textwrap
from typing import TextIO

from actfn.errors import shortened
from actfn.output.forms import Form, Screen

LARGEST = 1000  # columns, and lines: no terminal is larger, and a picture of 10**8 columns takes hours
_USUAL = os.terminal_size((80, 24))
_PYTHONS = {"PYTHONUTF8", "PYTHONIOENCODING"}  # by them the encoding is asked for


def screen(width: int | None = None, height: int | None = None) -> Screen:
    """The room there is: as asked for, else that of standard output; at most 1000 columns and lines."""
    columns, lines = size(sys.stdout)
    return Screen(min(width or columns, LARGEST), min(height or lines, LARGEST), unicode=_writes_unicode())


def size(stream: TextIO) -> os.terminal_size:
    """Columns and lines: COLUMNS and LINES, else those of the terminal that a stream is, else 80 and 24; at most 1000.

    What is no number above 0 counts as not given.
    """
    try:
        terminal = os.get_terminal_size(stream.fileno())
    except (AttributeError, OSError, ValueError):  # a stream of no file, or of none that is a terminal
        terminal = _USUAL
    columns = _given("COLUMNS") or terminal.columns or _USUAL.columns
    lines = _given("LINES") or terminal.lines or _USUAL.lines
    return os.terminal_size((min(columns, LARGEST), min(lines, LARGEST)))


def canvas(width: int | None = None, height: int | None = None) -> Screen:
    """The room for a picture: as asked for, else without two lines for the prompt, and no taller than looks well."""
    room = screen(width, height)
    tall = room.height if height else max(12, min(room.height - 2, room.width // 3))
    return Screen(room.width, tall, unicode=room.unicode)


def coloured(wanted: bool | None = None) -> bool:
    """Whether colours are written to standard output: what was asked for, else NO_COLOR, FORCE_COLOR, the terminal."""
    if wanted is not None:
        return wanted
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR")
    if forced:
        return forced.lower() not in ("0", "false", "no", "off")
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def resolved(form: Form) -> Form:
    """What `auto` means here: a table for a person, plain numbers for a program."""
    if form is not Form.AUTO:
        return form
    return Form.TABLE if sys.stdout.isatty() else Form.PLAIN


def say(message: str) -> None:
    """Write a message for people to standard error: on a terminal folded to its width, else every line as it is."""
    import typer

    message = shortened(message)
    if sys.stderr.isatty():
        message = folded(message, size(sys.stderr).columns)
    typer.echo(message, err=True)


def folded(message: str, width: int) -> str:
    """A message in lines of a width, further ones indented. A text with carets below stays as it is."""
    lines = message.split("\n")
    marks = [bool(line.strip()) and not line.strip(" ^") for line in lines]
    return "\n".join(
        line if mark or below else _filled(line, width)
        for line, mark, below in zip(lines, marks, [*marks[1:], False], strict=True)
    )


def _filled(line: str, width: int) -> str:
    from actfn.output.quoting import guarded

    further = " " * (len(line) - len(line.lstrip()) + 2)
    wrapped = textwrap.wrap(line, width, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)
    return "\n".join([*wrapped[:1], *(further + guarded(each.removeprefix(further)) for each in wrapped[1:])])


def _given(name: str) -> int:
    """The number that a variable of the environment holds; 0 if it holds none."""
    text = os.environ.get(name, "").lstrip("0")
    return int(text[: len(str(LARGEST)) + 1]) if text.isascii() and text.isdecimal() else 0


def _writes_unicode() -> bool:
    if os.environ.get("LC_ALL") in ("C", "POSIX") and not _PYTHONS & os.environ.keys():  # Python writes UTF-8 there
        return False
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        "─⣿".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return os.environ.get("TERM") != "linux" or encoding.lower().startswith("utf")
