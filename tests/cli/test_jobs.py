"""Processes of --jobs that die, fail or hang: what came before is written, the status is right, none remains."""

import io
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from actfn.analysis.alarms import Tally
from actfn.catalogue import lookup
from actfn.cli import jobs
from actfn.cli.readers.block import Faults
from actfn.errors import InternalError, UsageError
from actfn.numerics.formats import FLOAT64
from actfn.output.renderers import Plain
from actfn.output.table import Numbers, Table
from tests.conftest import PLAIN

BROKEN = """
import os, signal, sys
from actfn.cli import app, evaluate

right = evaluate._each

def each(function, block, *others):
    if 13 in block.values:
        {happens}
    return right(function, block, *others)

evaluate._each = each
app.main(sys.argv[1:])
"""


@contextmanager
def running(happens, *arguments, env=PLAIN):
    """The program in a session of its own; to the number 13 something happens in the process that works on it."""
    code = [sys.executable, "-c", BROKEN.format(happens=happens), "eval", "relu", *arguments]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(
        code, **pipes, env=env, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as process:  # fmt: skip
        yield process


def answered(process, lines):
    """Give it lines, each once the one before has been answered."""
    for line in lines:
        process.stdin.write(b"%d\n" % line)
        process.stdin.flush()
        assert process.stdout.readline() == b"%d.0\n" % line


def ended(process):
    """What else it says, and its status. None of its processes is left."""
    process.stdin.close()
    told = process.stdout.read(), process.stderr.read(), process.wait(60)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    return told


@pytest.mark.parametrize("number", [9, 11, 15])
def test_a_process_that_is_killed_is_an_error_of_the_program(number):
    with running(f"os.kill(os.getpid(), {number})", "--jobs", "2") as process:
        answered(process, (1, 2, 3))
        process.stdin.write(b"13\n")
        process.stdin.flush()
        out, err, status = ended(process)
    assert (out, status) == (b"", 70)
    assert err == (
        b"actfn: a process of --jobs was killed by signal %d\n"
        b"hint: was it short of memory? Fewer --jobs take less\n" % number
    )


def test_one_that_leaves_is_too():
    with running("os._exit(0)", "--jobs", "2") as process:
        process.stdin.write(b"13\n")
        out, err, status = ended(process)
    assert (out, status) == (b"", 70)
    assert err.startswith(b"actfn: a process of --jobs has ended early\n")


@pytest.mark.parametrize("form", ["plain", "json", "csv"])
def test_what_came_before_it_is_written(form):
    lines = [f"{place % 12}\n" for place in range(300_000)]
    lines[250_000] = "13\n"
    expected = subprocess.run(
        [sys.executable, "-m", "actfn", "eval", "relu", "--format", form],
        input="".join(lines[:250_000]).encode(), capture_output=True, check=True, env=PLAIN,
    ).stdout  # fmt: skip
    with running("os.kill(os.getpid(), 9)", "--jobs", "3", "--format", form) as process:
        out, err = process.communicate("".join(lines).encode(), 60)
    assert process.returncode == 70
    assert b"signal 9" in err
    out = out.removesuffix(b"\n]\n")
    assert expected.startswith(out)
    assert len(out) > len(expected) * 0.8  # all pieces before that of the number


@pytest.mark.parametrize(
    ("happens", "message"),
    [
        ("raise ZeroDivisionError('oh')", b"actfn: internal error: ZeroDivisionError: oh\nhint: this is a defect of "),
        ("raise MemoryError", b"actfn: not enough memory for this\n"),
        ("raise type('Odd', (Exception,), {'f': open(0, closefd=False)})(1)", b"actfn: internal error: Odd: 1\n"),
    ],
    ids=["defect", "memory", "unsendable"],
)
def test_what_fails_in_another_process_is_told_as_in_the_first(happens, message):
    told = []
    for number in ("1", "2"):
        with running(happens, "--jobs", number) as process:
            answered(process, (1, 2))
            process.stdin.write(b"13\n")
            process.stdin.flush()
            told.append(ended(process))
    assert told[0] == told[1]
    assert told[0][0::2] == (b"", 70)
    assert told[0][1].startswith(message)


def test_the_place_of_a_defect_in_another_process_is_shown():
    with running("raise ZeroDivisionError('oh')", "--jobs", "2", env=PLAIN | {"ACTFN_DEBUG": "1"}) as process:
        _, err = process.communicate(b"13\n", 60)
    assert b"in each\n" in err
    assert b"ZeroDivisionError: oh" in err


def test_an_interrupt_ends_one_that_hangs():
    with running("os.kill(os.getpid(), signal.SIGSTOP)", "--jobs", "2") as process:
        answered(process, (1, 2))
        process.stdin.write(b"13\n")
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        assert ended(process) == (b"", b"", 130)


@pytest.mark.parametrize("lines", [0, 1, 5])
def test_an_interrupt_of_all_of_them_is_told_once(lines):
    with running("pass", "--jobs", "3") as process:
        answered(process, [1])
        answered(process, range(lines))
        os.killpg(process.pid, signal.SIGINT)
        assert ended(process) == (b"", b"", 130)


def test_a_pipe_that_nobody_reads_ends_all_of_them():
    with running("pass", "--jobs", "2") as process:
        answered(process, [1])
        process.stdout.close()
        for _ in range(3):
            if process.poll() is None:
                try:
                    process.stdin.write(b"2\n")
                    process.stdin.flush()
                except BrokenPipeError:
                    break
        assert process.wait(60) == 141
        assert process.stderr.read() == b""
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)


def relu(block, _tally, _faults):
    yield Table((), ("value",), None, Numbers(block.values, FLOAT64))


@pytest.fixture
def workers():
    """Two processes that answer with the numbers that they are given."""
    started = []
    tally, out = Tally(lookup.function("relu"), FLOAT64), Plain(io.BytesIO())
    jobs._start(started, 2, relu, tally, Faults(), out, "s")  # noqa: SLF001
    yield started, jobs._Answers(out, tally, Faults()), out.stream  # noqa: SLF001
    for worker in started:
        worker.end()


def test_one_that_dies_between_two_pieces_is_met_when_it_is_asked(workers):
    (first, second), answers, out = workers
    answers.ask(first, b"1\n", 1)
    answers.take_all()
    first.process.kill()
    first.process.join()
    answers.ask(second, b"2\n", 2)
    with pytest.raises(InternalError, match="a process of --jobs was killed by signal 9"):
        answers.ask(first, b"3\n", 3)
    assert out.getvalue() == b"1.0\n2.0\n"


def test_processes_that_the_system_has_no_room_for(monkeypatch):
    def full(*_):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("multiprocessing.Pipe", full)
    with pytest.raises(UsageError, match="--jobs 2: process 1 cannot be started: Too many open files\nhint: ask for f"):
        jobs._start([], 2, None, None, None, None, "s")  # noqa: SLF001
