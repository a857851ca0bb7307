"""The same filter in several processes: pieces of text go round, their answers come back in order.

Each process is forked when the function is ready, takes one piece at a time and ends when nobody gives it any. Texts
pass through memory that two processes share; what goes through the pipe between them is a note of where they are.
"""

from __future__ import annotations

import io
import mmap
import multiprocessing
import os
import signal
import traceback
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from actfn.analysis.alarms import Tally
from actfn.cli.readers.block import SIZE, Faults, chunks
from actfn.cli.readers.encoding import line_ends, pieces
from actfn.cli.readers.text import parsed
from actfn.cli.streams import wait
from actfn.errors import ActfnError, DataError, InternalError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from actfn.analysis.alarms import Counted
    from actfn.cli.filter import Make
    from actfn.cli.input import Source
    from actfn.output.renderers import Renderer

_ROOM = 16 * SIZE  # bytes of text that are shared, each way: answers may be longer than questions; never touched, free
_MOMENT = 5.0  # seconds in which the system tells how a process has ended, whose pipe is closed already


class Done(NamedTuple):
    """What became of a piece: what is to be written, what was counted, and what ended it, if anything did."""

    written: bytes | int
    counted: Counted
    faults: Faults
    error: ActfnError | None


class JobProcess(NamedTuple):
    """A process, the connection to it, and the memory in which the texts pass each way."""

    process: BaseProcess
    connection: Connection
    questions: mmap.mmap
    answers: mmap.mmap

    def ask(self, piece: bytes, line: int) -> None:
        """Give it a piece, whose first line has that number. Raises OSError where it has ended."""
        self.connection.send((_put(self.questions, piece), line))

    def answer(self) -> Done:
        """Wait for what became of the piece. Raises InternalError where it has ended."""
        try:
            return cast("Done", self.connection.recv())
        except (EOFError, OSError):
            raise self.lost() from None

    def lost(self) -> InternalError:
        """Return the error that it has ended before its time, and how."""
        self.process.join(_MOMENT)
        code = self.process.exitcode or 0
        how = f"was killed by signal {-code}" if code < 0 else "has ended early"
        return InternalError(f"a process of --jobs {how}", hint="was it short of memory? Fewer --jobs take less")

    def end(self) -> None:
        """End it at once, whatever it does, and wait until it is gone."""
        self.connection.close()
        self.process.kill()
        self.process.join()


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
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # one that has ended is an error when it is asked, and not our end
    workers: list[JobProcess] = []
    try:
        _start(workers, jobs, make, tally, source.faults, out, name)
        answers = _Answers(out, tally, source.faults)
        try:
            line = 1
            for place, piece in enumerate(pieces(_arriving(stream, name, answers), name)):
                answers.ask(workers[place % jobs], piece, line)
                line += line_ends(piece)
        except DataError:  # what came before it is still at work
            answers.take_all()
            raise
        answers.take_all()
    finally:
        for worker in workers:
            worker.end()


class _Answers:
    """The processes that are at work, and what becomes of their answers."""

    def __init__(self, out: Renderer, tally: Tally, faults: Faults) -> None:
        self.busy: deque[JobProcess] = deque()
        self._out = out
        self._tally = tally
        self._faults = faults

    def ask(self, worker: JobProcess, piece: bytes, line: int) -> None:
        """Give a process its next piece, once it has answered the last: both would wait to be heard otherwise."""
        if worker in self.busy:
            self.take()
        try:
            worker.ask(piece, line)
        except OSError:
            self.take_all()
            raise worker.lost() from None
        self.busy.append(worker)

    def take(self) -> None:
        """Write the answer that is next in order. After one that ends the stream no other is to come."""
        worker = self.busy.popleft()
        done = worker.answer()
        self._out.go_on(_got(worker.answers, done.written))
        self._out.stream.flush()
        self._tally.merge(done.counted)
        self._faults.add(done.faults)
        if done.error:
            self.busy.clear()
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
        return wait(stream.fileno(), "POLLIN", 0)
    except (OSError, ValueError):  # no stream of the system's
        return True


def _start(
    workers: list[JobProcess], jobs: int, make: Make, tally: Tally, faults: Faults, out: Renderer, name: str
) -> None:
    """Start the processes that answer pieces. Raises UsageError where the system has no room for so many."""
    # none of them may be interrupted before it is ready to take no notice
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for _ in range(jobs):
            near, far = multiprocessing.Pipe()
            questions, answers = mmap.mmap(-1, _ROOM), mmap.mmap(-1, _ROOM)
            others = [near, *(worker.connection for worker in workers)]
            process = multiprocessing.get_context("fork").Process(
                target=_serve, args=(far, questions, answers, others, make, tally, faults, out, name), daemon=True
            )
            process.start()
            far.close()
            workers.append(JobProcess(process, near, questions, answers))
    except OSError as error:
        message = f"--jobs {jobs}: process {len(workers) + 1} cannot be started: {error.strerror}"
        raise UsageError(message, hint="ask for fewer") from None
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _serve(
    connection: Connection,
    questions: mmap.mmap,
    answers: mmap.mmap,
    others: list[Connection],
    make: Make,
    tally: Tally,
    faults: Faults,
    out: Renderer,
    name: str,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is told, and ends this one
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for other in others:
        other.close()  # else none of them would ever see that the first process has ended
    while True:
        try:
            left, first = connection.recv()
        except (EOFError, OSError):  # the first process has ended
            return
        out.stream, out.started = io.BytesIO(), False
        counted, met = Tally(tally.function, tally.form), Faults(faults.policy, faults.optional)
        error: ActfnError | None = None
        try:
            for block in parsed(_got(questions, left), name, first, met):
                for table in make(block, counted, met):
                    out.write(table)
        except ActfnError as raised:
            error = raised
        except Exception as raised:  # noqa: BLE001 - it is raised again in the first process
            error = InternalError.of(raised)
            error.add_note(traceback.format_exc())
        with suppress(OSError):
            done = Done(_put(answers, out.stream.getbuffer()), counted.counted, met, error)
            connection.send(done)
