"""Messages on a terminal and elsewhere."""

import io
import os
import pty
import subprocess

import pytest

from actfn.cli import terminal
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
