"""The same filter in several processes: pieces of text go round, their answers come back in order.

Each process is forked when the function is ready, takes one piece at a time and ends when nobody gives it any.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import select
import signal
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from actfn.analysis.alarms import Tally
from actfn.cli.readers.block import Faults, chunks
from actfn.cli.readers.text import parsed, pieces
from actfn.errors import ActfnError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

    from actfn.analysis.alarms import Counted
    from actfn.cli.input import Source
    from actfn.cli.readers.block import Block
    from actfn.output.renderers import Renderer
    from actfn.output.table import Table


@dataclass(frozen=True)
class Done:
    """What became of a piece: what is to be written, what was counted, and what ended it, if anything did."""

    written: bytes
    counted: Counted
    faults: Faults
    error: ActfnError | None


def spread(
    source: Source, jobs: int, make: Callable[[Block, Tally], Iterable[Table]], tally: Tally, out: Renderer
) -> None:
    """Write the answers to a stream of text as one process would.

    Args:
        source: has text.
        jobs: how many processes.
        make: from a block to tables; counts in the tally that it is given.
        tally: where all is counted in the end.
        out: renders; its stream is written to.

    Raises:
        UsageError: this cannot be done here, or not with such a source.
    """
    if source.text is None or not hasattr(os, "fork"):
        message = "--jobs is for a stream of text" if source.text is None else "--jobs needs a system that can fork"
        raise UsageError(message, hint="leave it out")
    stream, name = source.text
    workers: list[Connection] = []
    for _ in range(jobs):
        workers.append(_worker(workers, make, tally, source.faults, out, name))
    answers = _Answers(out, tally, source.faults)
    line = 1
    for place, piece in enumerate(pieces(_arriving(stream, name, answers))):
        answers.ask(workers[place % jobs], (piece, line, place > 0))
        line += piece.count(b"\n")
    answers.take_all()
    out.started = line > 1


class _Answers:
    """The processes that are at work, and what becomes of their answers."""

    def __init__(self, out: Renderer, tally: Tally, faults: Faults) -> None:
        self.busy: deque[Connection] = deque()
        self._stream = out.stream
        self._tally = tally
        self._faults = faults

    def ask(self, worker: Connection, question: tuple[bytes, int, bool]) -> None:
        """Give a process its next piece, once it has answered the last: both would wait to be heard otherwise."""
        if worker in self.busy:
            self.take()
        worker.send(question)
        self.busy.append(worker)

    def take(self) -> None:
        """Write the answer that is next in order."""
        try:
            done: Done = self.busy.popleft().recv()
        except EOFError:
            message = "a process of --jobs has ended early"
            raise ActfnError(message, hint="was it killed, or short of memory?") from None
        self._stream.write(done.written)
        self._stream.flush()
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
    others: list[Connection],
    make: Callable[[Block, Tally], Iterable[Table]],
    tally: Tally,
    faults: Faults,
    out: Renderer,
    name: str,
) -> Connection:
    """A process that answers pieces; returns the connection to it."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(
        target=_serve, args=(theirs, [*others, ours], make, tally, faults, out, name), daemon=True
    )
    process.start()
    theirs.close()
    return ours


def _serve(
    connection: Connection,
    others: list[Connection],
    make: Callable[[Block, Tally], Iterable[Table]],
    tally: Tally,
    faults: Faults,
    out: Renderer,
    name: str,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is told, and ends this one
    for other in others:
        other.close()  # else none of them would ever see that the first process has ended
    while True:
        try:
            piece, line, out.started = connection.recv()
        except (EOFError, OSError):  # the first process has ended
            return
        out.stream = written = io.BytesIO()
        counted, met = Tally(tally.function, tally.form), Faults(faults.policy)
        error = None
        try:
            for block in parsed(piece, name, line, met):
                for table in make(block, counted):
                    out.write(table)
        except ActfnError as raised:
            error = raised
        with suppress(OSError):
            connection.send(Done(written.getvalue(), counted.counted, met, error))
