"""The same filter in several processes: pieces of text go round, their answers come back in order.

Each process is forked when the function is ready, takes one piece at a time and ends when nobody gives it any. Texts
pass through memory that two processes share; what goes through the pipe between them is a note of where they are.
"""

from __future__ import annotations

import io
import mmap
import multiprocessing
import os
import select
import signal
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from actfn.analysis.alarms import Tally
from actfn.cli.readers.block import SIZE, Faults, chunks
from actfn.cli.readers.encoding import pieces
from actfn.cli.readers.text import parsed
from actfn.errors import ActfnError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from actfn.analysis.alarms import Counted
    from actfn.cli.filter import Make
    from actfn.cli.input import Source
    from actfn.output.renderers import Renderer

_ROOM = 16 * SIZE  # bytes of text that are shared, each way: answers may be longer than questions; never touched, free


class Done(NamedTuple):
    """What became of a piece: what is to be written, what was counted, and what ended it, if anything did."""

    written: bytes | int
    counted: Counted
    faults: Faults
    error: ActfnError | None


class Line(NamedTuple):
    """One end of what joins two processes, and the memory in which the texts pass each way."""

    connection: Connection
    questions: mmap.mmap
    answers: mmap.mmap


def _put(memory: mmap.mmap, text: bytes | memoryview) -> bytes | int:
    """Leave a text in the shared memory: its length, or the text itself if it has no room there."""
    length = memoryview(text).nbytes
    if length > _ROOM:
        return bytes(text)
    memory[:length] = text
    return length


def _got(memory: mmap.mmap, left: bytes | int) -> bytes:
    """The text that was left."""
    return memory[:left] if isinstance(left, int) else left


def spread(source: Source, jobs: int, make: Make, tally: Tally, out: Renderer) -> None:
    """Write the answers to a stream of text as one process would.

    Args:
        source: has text.
        jobs: how many processes.
        make: from a block to tables; counts in the tally and the faults that it is given.
        tally: where all is counted in the end.
        out: renders; its stream is written to.

    Raises:
        UsageError: this cannot be done here, or not with such a source.
    """
    if source.text is None or not hasattr(os, "fork"):
        message = (
            "--jobs is for a stream of text, without --column"
            if source.text is None
            else "--jobs needs a system that can fork"
        )
        raise UsageError(message, hint="leave it out")
    stream, name = source.text
    workers: list[Line] = []
    for _ in range(jobs):
        workers.append(_worker(workers, make, tally, source.faults, out, name))
    answers = _Answers(out, tally, source.faults)
    line = 1
    for place, piece in enumerate(pieces(_arriving(stream, name, answers), name)):
        answers.ask(workers[place % jobs], piece, line)
        line += piece.count(b"\n")
    answers.take_all()


class _Answers:
    """The processes that are at work, and what becomes of their answers."""

    def __init__(self, out: Renderer, tally: Tally, faults: Faults) -> None:
        self.busy: deque[Line] = deque()
        self._out = out
        self._tally = tally
        self._faults = faults

    def ask(self, worker: Line, piece: bytes, line: int) -> None:
        """Give a process its next piece, once it has answered the last: both would wait to be heard otherwise."""
        if worker in self.busy:
            self.take()
        worker.connection.send((_put(worker.questions, piece), line))
        self.busy.append(worker)

    def take(self) -> None:
        """Write the answer that is next in order."""
        worker = self.busy.popleft()
        try:
            done: Done = worker.connection.recv()
        except EOFError:
            message = "a process of --jobs has ended early"
            raise ActfnError(message, hint="was it killed, or short of memory?") from None
        self._out.go_on(_got(worker.answers, done.written))
        self._out.stream.flush()
        self._tally.merge(done.counted)
        self._faults.add(done.faults)
        if done.error:
            raise done.error

    def take_all(self) -> None:
        """Write all answers that are still to come."""
        while self.busy:
            self.take()


def _arriving(stream: BinaryIO, name: str, answers: _Answers) -> Iterator[bytes]:
    """What comes in; before it is waited for, all answers are out."""
    coming = chunks(stream, name)
    while True:
        if not _ready(stream):
            answers.take_all()
        chunk = next(coming, None)
        if chunk is None:
            return
        yield chunk


def _ready(stream: BinaryIO) -> bool:
    """Whether reading would not wait."""
    try:
        return bool(select.select([stream], [], [], 0)[0])
    except (OSError, ValueError):  # no stream of the system's
        return True


def _worker(
    others: list[Line],
    make: Make,
    tally: Tally,
    faults: Faults,
    out: Renderer,
    name: str,
) -> Line:
    """A process that answers pieces; returns the line to it."""
    near, far = multiprocessing.Pipe()
    ours = Line(near, mmap.mmap(-1, _ROOM), mmap.mmap(-1, _ROOM))
    process = multiprocessing.get_context("fork").Process(
        target=_serve,
        args=(ours._replace(connection=far), [*others, ours], make, tally, faults, out, name),
        daemon=True,
    )
    process.start()
    far.close()
    return ours


def _serve(
    line: Line,
    others: list[Line],
    make: Make,
    tally: Tally,
    faults: Faults,
    out: Renderer,
    name: str,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is told, and ends this one
    for other in others:
        other.connection.close()  # else none of them would ever see that the first process has ended
    while True:
        try:
            left, first = line.connection.recv()
        except (EOFError, OSError):  # the first process has ended
            return
        out.stream, out.started = io.BytesIO(), False
        counted, met = Tally(tally.function, tally.form), Faults(faults.policy, faults.optional)
        error = None
        try:
            for block in parsed(_got(line.questions, left), name, first, met):
                for table in make(block, counted, met):
                    out.write(table)
        except ActfnError as raised:
            error = raised
        with suppress(OSError):
            done = Done(_put(line.answers, out.stream.getbuffer()), counted.counted, met, error)
            line.connection.send(done)
