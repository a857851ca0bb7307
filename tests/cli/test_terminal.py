"""Messages on a terminal and elsewhere."""

import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios

import pytest

from actfn.cli import terminal
from actfn.cli.demos import stage
from actfn.cli.progress import watched
from tests.conftest import PLAIN, PROGRAM

LONG = "warning: sigmoid is exactly 1 in float64 at 1 of 1 point (from x = 37.42995)"


@pytest.mark.parametrize(
    ("message", "width", "lines"),
    [
        (LONG, 80, [LONG]),
        (LONG, 40, ["warning: sigmoid is exactly 1 in float64", "  at 1 of 1 point (from x = 37.42995)"]),
        ("actfn: no\n  source of many words\n         ^^\nhint: one two", 9,
         ["actfn: no", "  source of many words", "         ^^", "hint: one", "  two"]),
        ("  exp(-x) overflows\n  exp(-x)\n  ^^^^^^^", 12, ["  exp(-x)", "    overflows", "  exp(-x)", "  ^^^^^^^"]),
        ("note: 1/(1+exp(-x))-1/(1+exp(-x)) is", 12, ["note:", "  1/(1+exp(-x))-1/(1+exp(-x))", "  is"]),
    ],
)  # fmt: skip
def test_a_message_is_folded_at_words(message, width, lines):
    assert terminal.folded(message, width).split("\n") == lines


def shown_on(stream, *arguments, columns):
    """The lines that a terminal as wide as that is shown where it is a standard stream."""
    main, side = pty.openpty()
    os.set_blocking(main, False)
    environment = {name: value for name, value in PLAIN.items() if name != "COLUMNS"}
    environment |= {"COLUMNS": columns} if columns else {}
    try:
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | {stream: side}
        subprocess.run([*PROGRAM, *arguments], **streams, env=environment, check=False)
        return os.read(main, 1 << 16).decode().splitlines()
    finally:
        os.close(main)
        os.close(side)


@pytest.mark.parametrize("columns", ["50", ""])
def test_warnings_and_errors_are_folded_on_a_terminal(columns):
    for arguments in (["eval", "sigmoid", "40"], ["eval", "nowhere:f", "1"], ["saturation", "relu"]):
        shown = shown_on("stderr", *arguments, columns=columns)
        assert len(shown) > 1
        assert max(map(len, shown)) <= int(columns or 80)


def test_a_report_is_folded_on_a_terminal(actfn):
    wanted = ["check", "softplus", "--against", "log(1+exp(x))", "--at", "800"]
    whole, lines = actfn(*wanted).stdout.splitlines(), shown_on("stdout", *wanted, columns="60")
    assert lines[:5] == whole[:5]
    assert lines[5:7] == ["    hint: exp(x) overflows above 709.78: max(x, 0) +", "      log1p(exp(-abs(x))) does not"]


def test_elsewhere_a_warning_is_a_line(actfn):
    assert actfn("eval", "sigmoid", "40", env={"COLUMNS": "30"}).stderr.startswith(f"{LONG}: the true value")


@pytest.mark.parametrize("columns", ["", "0", "wide"])
def test_a_terminal_without_a_width_has_80_columns(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", stream)
    terminal.say("word " * 30)
    assert [len(line) for line in stream.getvalue().splitlines()] == [79, 71]


@pytest.fixture
def window():
    """A terminal of so many lines and columns: `window(24, 80)` is a stream to it."""
    opened = []

    def of(lines, columns):
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        opened.extend([main, stream := os.fdopen(side, "w", encoding="utf-8")])
        return stream

    yield of
    for main, stream in zip(opened[::2], opened[1::2], strict=True):
        stream.close()
        os.close(main)


SIZES = [
    ("50", 50), ("0050", 50), ("1000", 1000), ("1001", 1000), ("100000000", 1000), ("9" * 5000, 1000), ("1", 1),
    *[(text, None) for text in ("", "0", "000", "-5", "abc", "1e3", "5.0", " ", "\u00b2", "\u0663", "80 columns")],
]  # fmt: skip


@pytest.mark.parametrize(("text", "given"), SIZES)
def test_a_size_that_is_given_is_taken_up_to_1000(text, given, window, monkeypatch):
    monkeypatch.setenv("COLUMNS", text)
    monkeypatch.setenv("LINES", text)
    assert terminal.size(window(30, 90)) == (given or 90, given or 30)
    assert terminal.size(io.StringIO()) == (given or 80, given or 24)


@pytest.mark.parametrize(
    ("lines", "columns", "size"),
    [(30, 90, (90, 30)), (0, 0, (80, 24)), (0, 90, (90, 24)), (30, 0, (80, 30)), (65535, 65535, (1000, 1000))],
)
def test_the_size_of_a_terminal_counts_up_to_1000(lines, columns, size, window, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)
    stream = window(lines, columns)
    assert terminal.size(stream) == size
    monkeypatch.setattr(sys, "stdout", stream)
    assert terminal.screen()[:2] == size


def test_a_room_that_is_asked_for_counts_up_to_1000():
    assert terminal.screen(5000, 10**9)[:2] == terminal.canvas(5000, 10**9)[:2] == (1000, 1000)
    assert terminal.canvas(50, 8)[:2] == (50, 8)


@pytest.mark.parametrize(
    "command",
    [
        ["plot", "relu"],
        ["plot", "relu", "--width", "100000"],
        ["plot", "relu", "--width", "60", "--height", "100000"],
        ["show", "relu"],
        ["list", "--family", "rectifiers"],
        ["compare", "relu", "gelu", "--format", "table"],
        ["saturation", "silu", "--format", "table"],
        ["eval", "relu", "1", "--format", "table"],
        ["check", "relu", "--against", "x"],
        ["demo"],
        ["help"],
        ["eval", "--help"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("size", ["100000000", "\u00b2"])
def test_no_command_shows_more_than_1000_columns_or_lines(command, size, actfn):
    done = actfn(*command, env={"COLUMNS": size, "LINES": size})
    assert done.returncode == (1 if command[0] == "check" else 0)
    lines = done.stdout.splitlines()
    assert len(lines) <= 1000
    assert max(map(len, lines)) <= 1000


@pytest.mark.parametrize(("columns", "width"), [("100000000", 1000), ("\u00b2", 80), ("0", 80), ("50", 50)])
def test_bars_know_the_width_of_a_terminal(columns, width, monkeypatch):
    from rich.console import Console

    made, stream = [], io.StringIO()
    monkeypatch.setattr("rich.console.Console", lambda **given: made.append(Console(**given)) or made[-1])
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("LINES", columns)
    with watched(io.BytesIO(b"1"), "x", 1), stage.progress(quiet=False):
        pass
    assert [console.width for console in made] == [width, width]
