import atexit
import errno
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import actfn
from actfn.cli import app
from actfn.cli.classes import NumberCommand
from tests.conftest import PROGRAM


def imported_by(*arguments):
    """The packages that a run of the program imports."""
    code = (
        "import sys; before = {*sys.modules}; from actfn.cli.app import run; run(sys.argv[1:]);"
        "names = {name if name.startswith('actfn') else name.split('.')[0] for name in {*sys.modules} - before};"
        "print(*names - {*sys.stdlib_module_names})"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


FRAME = {"click", "typer", "shellingham", "annotated_doc"}
START = {"actfn", "actfn.errors", "actfn.numerics", "actfn.numerics.numerals"} | {
    f"actfn.cli{name}" for name in ("", ".app", ".classes", ".commands", ".exits", ".streams")
}


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_a_start_imports_the_frame_and_no_command(argument):
    assert imported_by(argument) == FRAME | START


@pytest.mark.parametrize("arguments", [["eval", "--help"], ["check", "--help"], ["list"]])
def test_help_and_list_import_no_library(arguments):
    names = imported_by(*arguments)
    assert {name for name in names if not name.startswith("actfn")} == FRAME
    assert not {name for name in names if name.startswith(("actfn.expression", "actfn.analysis"))}


@pytest.mark.parametrize("arguments", [["gelu", "1"], ["1.2**max(0, g-2)", "3"], ["gelu", "1", "--dtype", "float16"]])
def test_eval_imports_numpy_and_orjson_and_what_values_need(arguments):
    names = imported_by("eval", *arguments)
    assert {name for name in names if not name.startswith("actfn")} == FRAME | {"numpy", "orjson"}
    not_needed = {"derive", "exact", "jet", "kinks", "printer", "simplify"}
    assert not names & {f"actfn.expression.{name}" for name in not_needed}
    floors = {"analysis": {"alarms", "labels", "regime"}, "output": {"forms", "numbers", "renderers", "table"}}
    for floor, needed in floors.items():
        below = {name.split(".")[2] for name in names if name.startswith(f"actfn.{floor}.")}
        assert below == needed


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["eval", "gelu", "--derivative"], "1 -2\n\n-40\n"),
        (["eval", "log", "-1", "0", "--format", "table", "--strict"], ""),
        (["eval", "softmax", "--json"], "1 2\ninf 3\n"),
        (["diff", "1.2**max(0,g-2)", "2"], ""),
        (["show", "mish"], ""),
        (["saturation", "tanh", "--dtype", "float16"], ""),
        (["plot", "relu", "sin(x)", "--at", "1"], ""),
        (["list", "swish", "--format", "table"], ""),
        (["demo", "init-scale", "tanh", "--quick"], ""),
        (["eval", "relu"], "1\nzz\n"),
        (["eval", "sigmiod", "1"], ""),
        (["eval", "relu", "--rnage", "1"], ""),
    ],
)
def test_in_a_process_of_its_own_it_is_what_it_is_in_this_one(arguments, stdin, program, actfn):
    assert actfn(*arguments, stdin=stdin) == program(*arguments, stdin=stdin)


def test_version():
    done = subprocess.run([*PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"actfn {actfn.__version__}\n"


def test_without_a_command_help():
    done = subprocess.run(PROGRAM, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Usage: actfn" in done.stderr
    assert done.stdout == ""


def test_help_names_the_commands(capsys):
    assert app.run(["--help"]) == 0
    assert "eval" in capsys.readouterr().out
    assert app.run(["eval", "-h"]) == 0
    shown = capsys.readouterr().out
    assert "--range" in shown
    assert "an expression in one variable" in " ".join(shown.split())


def test_a_defect_is_one_line_and_status_70(monkeypatch, capsys):
    def broken(*_, **__):
        raise ZeroDivisionError("oh")

    monkeypatch.delenv("ACTFN_DEBUG", raising=False)
    monkeypatch.setattr("actfn.catalogue.lookup.function", broken)
    assert app.run(["eval", "relu", "1"]) == 70
    error = capsys.readouterr().err
    assert (
        error
        == "actfn: internal error: ZeroDivisionError: oh\nhint: this is a defect of actfn; ACTFN_DEBUG=1 shows where\n"
    )
    monkeypatch.setenv("ACTFN_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        app.run(["eval", "relu", "1"])


def test_interrupted(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("actfn.catalogue.lookup.function", interrupted)
    assert app.run(["eval", "relu", "1"]) == 130


def test_what_no_shell_hands_over(capsys):
    assert app.run(["eval", "re\0lu", "1"]) == 2
    message = "actfn: an argument holds the character NUL\nhint: no file, name or formula does\n"
    assert capsys.readouterr().err == message


def test_a_pipe_that_nobody_reads_ends_it_quietly(monkeypatch, capsys):
    def closed(*_, **__):
        raise BrokenPipeError

    monkeypatch.delenv("ACTFN_DEBUG", raising=False)
    monkeypatch.setattr("actfn.catalogue.lookup.function", closed)
    monkeypatch.setattr(app, "_abandon_stdout", lambda: None)
    assert app.run(["eval", "relu", "1"]) == 141
    assert capsys.readouterr().err == ""


def test_too_little_memory_is_no_defect_of_the_program(monkeypatch, capsys):
    def greedy(*_, **__):
        raise MemoryError

    monkeypatch.delenv("ACTFN_DEBUG", raising=False)
    monkeypatch.setattr("actfn.catalogue.lookup.function", greedy)
    assert app.run(["eval", "relu", "1"]) == 70
    assert capsys.readouterr().err == "actfn: not enough memory for this\n"


def test_at_the_end_what_waits_for_it_runs_and_both_streams_are_written(monkeypatch):
    class Stream(io.StringIO):
        def __init__(self, name):
            super().__init__()
            self.name = name

        def flush(self):
            done.append(self.name)
            raise OSError

    done = []
    with monkeypatch.context() as here:  # pytest writes too
        for name in ("stdout", "stderr"):
            here.setattr(sys, name, Stream(name))
        here.setattr(atexit, "_run_exitfuncs", lambda: done.append("functions"))
        here.setattr(os, "_exit", done.append)
        here.setattr(app, "run", len)
        here.setattr(signal, "signal", lambda *_: None)
        app.main(["eval", "relu", "1"])
    assert done == ["functions", "stdout", "stderr", 3]


@pytest.mark.parametrize(
    "arguments",
    [
        "list",
        "saturation tanh",
        "help",
        "help --man",
        "--version",
        "check --example",
        "diff relu 1",
        "demo train --quick --steps 1",
    ],
)
def test_a_standard_output_that_is_closed(arguments, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert app.run(arguments.split()) == 74
    assert capsys.readouterr().err == "actfn: cannot write the answer: standard output is closed\n"


@pytest.mark.parametrize(("arguments", "status"), [("sigmoid 4", 0), ("sigmoid 40 -q", 0), ("sigmoid 40", 74)])
def test_a_standard_error_that_is_closed_fails_where_something_is_to_be_said(arguments, status, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", None)
    assert app.run(["eval", *arguments.split()]) == status
    assert capsys.readouterr().out in ("1.0\n", "0.9820137900379085\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        ("eval sigmoid 40", b"1.0\n"),
        ("eval sigmoid --jobs 2", b"1.0\n"),
        ("eval sigmoid --format csv", b"x,value,status\n40.0,1.0,saturated\n"),
        ("eval sigmoid --output f64", b"\0\0\0\0\0\0\xf0?"),
        ("eval relu zz", b""),
        ("evl", b""),
        ("", b""),
    ],
)
def test_a_standard_error_that_is_full_fails_after_the_answer(arguments, out):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *arguments.split()], input=b"40\n", stdout=subprocess.PIPE, stderr=full, check=False
        )
    assert (done.stdout, done.returncode) == (out, 74)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize("environment", [{}, {"PYTHONUNBUFFERED": "1"}])
@pytest.mark.parametrize("form", ["plain", "csv", "tsv", "json", "ndjson", "table"])
def test_a_standard_output_that_is_full(form, environment):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "eval", "relu", "--format", form], input=b"4\n", stdout=full, stderr=subprocess.PIPE,
            check=False, env=os.environ | environment,
        )  # fmt: skip
    assert (done.stderr, done.returncode) == (b"actfn: cannot write the answer: No space left on device\n", 74)


@pytest.mark.parametrize("end", ["eval relu", "eval relu --jobs 2", "eval relu --column x", "eval relu --input npy"])
def test_a_standard_input_that_cannot_be_read(end):
    with Path(os.devnull).open("wb") as unreadable:
        done = subprocess.run([*PROGRAM, *end.split()], stdin=unreadable, capture_output=True, check=False)
    assert (done.stdout, done.returncode) == (b"", 65)
    assert done.stderr == b"actfn: stdin: cannot be read: Bad file descriptor\n"


def test_a_pipe_that_nobody_reads_ends_it_quietly_where_it_is_no_signal(monkeypatch, capsys):
    """Typer makes 1 of it, with its own SystemExit."""
    error = BrokenPipeError(errno.EPIPE, "Broken pipe")

    def closed(*_, **__):
        raise error

    monkeypatch.delenv("ACTFN_DEBUG", raising=False)
    monkeypatch.setattr("actfn.catalogue.lookup.function", closed)
    monkeypatch.setattr(app, "_abandon_stdout", lambda: None)
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, getattr(sys, name))  # Typer replaces them
    assert app.run(["eval", "relu", "1"]) == 141
    assert capsys.readouterr().err == ""


def test_the_parser_of_click_is_still_the_one_we_reach_into():
    import click

    parser = NumberCommand("name", callback=lambda: None).make_parser(click.Context(click.Command("name")))
    assert callable(parser._process_opts)  # noqa: SLF001


def test_negative_numbers_and_mistyped_options_apart(capsys):
    assert app.run(["eval", "x", "-3", "-.5", "-1e-3", "-inf", "-0x1p-3", "-1,-2", "--json"]) == 0
    assert np.char.count(capsys.readouterr().out, "status") == 7
    assert app.run(["eval", "x", "-3", "-k"]) == 2
