"""Pipes, sockets and terminals that are non-blocking and slow at either end: nothing is lost or spliced."""

import contextlib
import fcntl
import io
import os
import pty
import random
import select
import signal
import socket
import subprocess
import sys
import threading
from itertools import repeat

import numpy as np
import pytest

from actfn.cli import streams
from tests.conftest import PLAIN, PROGRAM

SMALL = 4096  # bytes of the smallest pipe that Linux has
X = np.random.default_rng(11).normal(scale=30, size=2000)
TEXT = "".join(f"{value!r}\n" for value in X.tolist()).encode()
ROWS = "".join(f'r{place},{value!r},"a ""b"""\n' for place, value in enumerate(X.tolist())).encode()


def npy(values):
    out = io.BytesIO()
    np.save(out, values)
    return out.getvalue()


INPUTS = {
    "text": ([], TEXT),
    "csv": (["--input", "csv", "--column", "x"], b"n,x,c\n" + ROWS),
    "tsv": (["--input", "tsv", "--column", "x"], b"n\tx\n" + b"".join(b"7\t" + row for row in TEXT.splitlines(True))),
    "ndjson": (
        ["--input", "ndjson", "--column", "x"],
        b"".join(b'{"n": "\xc3\xa9", "x": %b}\n' % row for row in TEXT.split()),
    ),
    "npy": (["--input", "npy"], npy(X)),
    "f64": (["--input", "f64"], X.tobytes()),
    "f32": (["--input", "f32"], X.astype("<f4").tobytes()),
}
OUTPUTS = {
    **{form: ["--format", form] for form in ("plain", "csv", "tsv", "json", "ndjson", "table")},
    **{form: ["--output", form] for form in ("npy", "f64", "f32")},
}
SHRINKS = hasattr(fcntl, "F_SETPIPE_SZ")


def small_pipe():
    """A pipe with little room, so that who writes has to wait again and again."""
    ends = os.pipe()
    if SHRINKS:
        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, SMALL)
    return ends


def socket_pair():
    """A connection that is written and read as a pipe is: (read, write)."""
    reader, writer = socket.socketpair()
    writer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
    return reader.detach(), writer.detach()


def talk(arguments, data, seed, connect=small_pipe):
    """Run the program with all three streams non-blocking, fed and read a little at a time, in random order.

    Returns:
        The status, standard output and standard error.
    """
    rng = random.Random(seed)  # noqa: S311 - it chooses an order
    (its_in, feed), (out, its_out), (err, its_err) = connect(), connect(), connect()
    for end in (its_in, its_out, its_err):
        os.set_blocking(end, False)
    process = subprocess.Popen([*PROGRAM, *arguments], stdin=its_in, stdout=its_out, stderr=its_err, env=PLAIN)
    for end in (its_in, its_out, its_err):
        os.close(end)
    found = {out: bytearray(), err: bytearray()}
    open_ones = {feed: select.POLLOUT, out: select.POLLIN, err: select.POLLIN}
    os.set_blocking(feed, False)
    sent = 0
    while out in open_ones or err in open_ones:
        poll = select.poll()
        for end, event in open_ones.items():
            poll.register(end, event)
        ready = poll.poll()
        end = rng.choice(ready)[0]
        if end == feed:
            with contextlib.suppress(BrokenPipeError):
                sent += os.write(feed, data[sent : sent + rng.choice((1, 7, 500, 3000))])
            if sent < len(data) and not process.poll():
                continue
        elif part := os.read(end, rng.choice((1, 60, 900, 2500))):
            found[end] += part
            continue
        os.close(end)
        del open_ones[end]
    if feed in open_ones:
        os.close(feed)
    return process.wait(60), bytes(found[out]), bytes(found[err])


def blocking(arguments, data):
    done = subprocess.run([*PROGRAM, *arguments], input=data, capture_output=True, check=False, env=PLAIN)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("form", OUTPUTS)
def test_every_form_comes_whole_out_of_a_pipe_that_does_not_block(form):
    arguments = ["eval", "exp", *OUTPUTS[form]]
    assert talk(arguments, TEXT, form) == blocking(arguments, TEXT)


@pytest.mark.parametrize("form", ["plain", "csv", "json", "f64", "npy"])
def test_several_processes_too(form):
    arguments = ["eval", "exp", "--jobs", "2", *OUTPUTS[form]]
    assert talk(arguments, TEXT, form) == blocking(arguments, TEXT)


@pytest.mark.parametrize("form", INPUTS)
def test_every_form_goes_whole_into_a_pipe_that_does_not_block(form):
    options, data = INPUTS[form]
    status, out, err = talk(["eval", "sigmoid", *options], data, form)
    assert (status, out, err) == blocking(["eval", "sigmoid", *options], data)
    assert status == 0
    assert out.count(b"\n") >= len(X)


@pytest.mark.parametrize("arguments", [["diff", "tanh"], ["eval", "sigmoid", "--jobs", "2"], ["plot", "relu"]])
def test_sockets_are_as_good(arguments):
    assert talk(arguments, TEXT, 1, socket_pair) == blocking(arguments, TEXT)


@pytest.mark.parametrize("command", ["help --man", "list", "eval --help", "saturation tanh --json"])
def test_what_reads_nothing_is_written_whole(command):
    assert talk(command.split(), b"", 5) == blocking(command.split(), b"")


def test_an_error_comes_after_all_lines_before_it():
    status, out, err = talk(["eval", "relu"], TEXT + b"zz\n" + TEXT, 2)
    assert (status, out) == (65, blocking(["eval", "relu"], TEXT)[1])
    assert err.startswith(b"actfn: stdin:2001: not a number: 'zz'\n")


def test_a_full_pipe_for_messages_is_waited_for():
    read, write = os.pipe()
    os.set_blocking(write, False)
    filling = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            filling += os.write(write, b"." * SMALL)
    process = subprocess.Popen(
        [*PROGRAM, "eval", "sigmoid", "40"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=write, env=PLAIN
    )
    os.close(write)
    assert process.stdout.readline() == b"1.0\n"
    with os.fdopen(read, "rb") as told:
        assert told.read()[filling:].startswith(b"warning: sigmoid ")
    assert process.wait(60) == 0
    process.stdout.close()


@pytest.mark.parametrize("options", ["", "--jobs 2", "--format ndjson", "--input csv --column x"])
def test_a_pipe_may_cease_to_block_at_any_time(options):
    """Every answer shows that the program has read what there was and looks for more."""
    (its_in, feed), (out, its_out) = os.pipe(), os.pipe()
    asked = [*PROGRAM, "eval", "relu", *options.split()]
    with subprocess.Popen(asked, stdin=its_in, stdout=its_out, env=PLAIN) as process:
        os.close(its_out)
        with os.fdopen(out, "rb") as answers, os.fdopen(feed, "wb", buffering=0) as questions:
            if "csv" in options:
                questions.write(b"x\n")
            for place in range(6):
                os.set_blocking(its_in, place % 2 == 0)
                questions.write(b"%d\n" % place)
                if "csv" in options and not place:
                    assert answers.readline() == b"x,relu(x)\n"
                assert b"%d.0" % place in answers.readline()
            questions.close()
            assert answers.read() == b""
        assert process.wait(60) == 0
    os.close(its_in)


@pytest.mark.skipif(sys.platform != "linux", reason="terminals of other systems cannot be waited for in the same way")
def test_lines_typed_into_a_terminal_that_does_not_block_are_answered_at_once():
    ours, theirs = pty.openpty()
    os.set_blocking(theirs, False)
    with subprocess.Popen(
        [*PROGRAM, "eval", "relu", "-", "--format", "plain"], stdin=theirs, stdout=subprocess.PIPE, env=PLAIN
    ) as process:
        os.close(theirs)
        for line in (b"1", b"-2", b"3"):
            os.write(ours, line + b"\n")
            assert process.stdout.readline() == b"%.1f\n" % max(float(line), 0)
        os.write(ours, b"\x04")
        assert (process.stdout.read(), process.wait(60)) == (b"", 0)
    os.close(ours)


@pytest.fixture
def meanwhile(monkeypatch):
    """Let something happen each time when a stream is about to be waited for."""

    def arrange(steps):
        steps = iter(steps)
        really = streams.wait

        def wait(end, event):
            next(steps)()
            really(end, event)

        monkeypatch.setattr(streams, "wait", wait)

    return arrange


@pytest.mark.parametrize("reading", ["read1", "read", "readline", "peek", "readinto", "raw"])
def test_nothing_yet_is_not_the_end(reading, meanwhile):
    read, write = os.pipe()
    os.set_blocking(read, False)
    meanwhile([lambda: os.write(write, b"ab"), lambda: os.write(write, b"c\n"), lambda: os.close(write)])
    with io.BufferedReader(streams.Waiting(read, "rb")) as stream:
        if reading == "read1":
            assert [stream.read1(9) for _ in range(3)] == [b"ab", b"c\n", b""]
        elif reading == "peek":
            assert stream.peek(1) == b"ab"
            os.close(write)
        elif reading == "readinto":
            room = bytearray(4)
            assert (stream.readinto(room), room) == (4, b"abc\n")
            os.close(write)
        elif reading == "raw":
            assert stream.raw.read() == b"abc\n"
        elif reading == "readline":
            assert stream.readline() == b"abc\n"
            os.close(write)
        else:
            assert stream.read() == b"abc\n"


@pytest.mark.parametrize("seed", range(20))
def test_no_room_yet_is_no_failure(seed, meanwhile):
    rng = random.Random(seed)  # noqa: S311 - it chooses sizes
    read, write = small_pipe()
    os.set_blocking(write, False)
    data = rng.randbytes(150_000)
    got = bytearray()

    def make_room():
        while not select.select([], [write], [], 0)[1]:
            got.extend(os.read(read, rng.choice((1, 500, 5000))))

    meanwhile(repeat(make_room))
    with streams.WaitingWriter(io.FileIO(write, "wb")) as stream:
        start = 0
        while start < len(data):
            part = data[start : start + rng.choice((0, 1, 3, 900, 8191, 8192, 8193, 30_000))]
            assert stream.write(part) == len(part)
            start += len(part)
            if rng.random() < 0.3:
                stream.flush()
    while part := os.read(read, 9000):
        got += part
    os.close(read)
    assert got == data


def test_after_an_interrupt_nothing_is_written_to_a_reader_that_is_stuck(meanwhile):
    """Neither twice, nor what comes next after a part of what came before."""
    read, write = small_pipe()
    os.set_blocking(write, False)
    data = bytes(range(256)) * 1000

    def interrupted():
        raise KeyboardInterrupt

    meanwhile([interrupted])
    with streams.WaitingWriter(io.FileIO(write, "wb")) as stream:
        with pytest.raises(KeyboardInterrupt):
            stream.write(data)
        assert stream.write(b"more") == 4
        stream.flush()
    with os.fdopen(read, "rb") as rest:
        assert data.startswith(rest.read())


@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize("options", ["", "--format json", "--jobs 2"])
def test_one_interrupt_ends_it_also_where_nobody_reads(options, blocking):
    read, write = small_pipe()
    os.set_blocking(write, blocking)
    with subprocess.Popen(
        [*PROGRAM, "eval", "relu", *options.split()], stdin=subprocess.PIPE, stdout=write, stderr=subprocess.PIPE,
        # a shell in which the tests run in the background ignores it
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as process:  # fmt: skip
        os.close(write)
        process.stdin.write(TEXT)
        process.stdin.close()
        select.select([read], [], [])  # it has begun to write, and has more to write than there is room for
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""
    os.close(read)


@pytest.mark.parametrize("environment", [{}, {"PYTHONUNBUFFERED": "1"}])
def test_a_buffer_of_python_is_of_no_matter(environment):
    """Unbuffered standard output writes part of what it is given, and says how much."""
    read, write = small_pipe()
    os.set_blocking(write, False)
    data = TEXT * 20
    with subprocess.Popen(
        [*PROGRAM, "eval", "x"], stdin=subprocess.PIPE, stdout=write, env=PLAIN | environment
    ) as process:
        os.close(write)
        thread = threading.Thread(target=lambda: (process.stdin.write(data), process.stdin.close()))
        thread.start()
        with os.fdopen(read, "rb", buffering=0) as out:
            found = b"".join(iter(lambda: out.read(3001), b""))
        thread.join()
        assert process.wait(60) == 0
    assert found == data
