"""A conversation with a process: input given, output taken within bounds and time."""

from __future__ import annotations

import os
import selectors
import signal
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

UNSTARTED = "start"  # why a run was stopped that never began

_OVERTIME, _FLOOD, _MEMORY = "time", "flood", "memory"
_PIECE = 1 << 16
_PIECES = 32  # more than a pipe holds
_MOST_SAID = 1 << 16  # bytes that are kept of what is no answer
_LOOK = 0.1  # seconds between two looks at the memory
_ASK = 0.02  # seconds between two looks at a process whose end the system does not announce


@dataclass(frozen=True)
class Ended:
    """What became of a run.

    Attributes:
        status: the exit status, negative for a signal; None where it was stopped.
        output: what came over standard output, or over the channel if there was one.
        errors: the beginning of standard error.
        stopped: why it was stopped: `time`, `flood` (too much output), `memory`, `start` (it never ran), or empty.
    """

    status: int | None
    output: bytes
    errors: bytes
    stopped: str = ""

    @property
    def overtime(self) -> bool:
        return self.stopped == _OVERTIME

    @property
    def flooded(self) -> bool:
        return self.stopped == _FLOOD

    @property
    def greedy(self) -> bool:
        return self.stopped == _MEMORY

    @property
    def unstarted(self) -> bool:
        return self.stopped == UNSTARTED


class Conversation:
    """Gives a process its input and takes what it writes, at its pace. A context that closes all pipes.

    Attributes:
        given: what is still to be given to it.
        received: what it wrote, by descriptor; of what is no answer the beginning.
        seen: how many bytes it wrote altogether.
        over: whether it has ended.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], given: bytes, most: int, channel: int | None = None, gift: int = -1
    ) -> None:
        """Begin.

        Args:
            process: a process whose standard output and error are pipes.
            given: its input; standard input ends after it.
            most: bytes of answers that are kept until they are read.
            channel: a descriptor to read its answers from, instead of its standard output.
            gift: a descriptor to give it its input by, where standard input is no pipe.
        """
        assert process.stdout
        assert process.stderr
        self.process = process
        self.given = memoryview(given)
        self.most = most
        self.errors = process.stderr.fileno()
        self.prints = process.stdout.fileno()
        self.answers = self.prints if channel is None else channel
        self.received = {each: bytearray() for each in (self.prints, self.errors, self.answers)}
        self.seen = 0
        self.over = False
        self._input = gift if process.stdin is None else process.stdin.fileno()
        self._open = {self._input, *self.received}
        self._end = -1
        with suppress(AttributeError, OSError):  # older systems do not announce an end
            self._end = os.pidfd_open(process.pid)

    def __enter__(self) -> Self:
        for each in self._open:
            os.set_blocking(each, False)
        self._close_input()
        return self

    def __exit__(self, *_: object) -> None:
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with suppress(OSError):
                if stream:
                    stream.close()
        ours = {self._end} if self.process.stdin else {self._end, self._input}
        for each in (ours if self.answers == self.prints else ours | {self.answers}) - {-1}:
            os.close(each)

    def hold(self, deadline: float, watch: Callable[[], bool]) -> str:
        """Talk until the process has ended; return why it is to be stopped, empty if it has ended.

        Args:
            deadline: by the monotonic clock.
            watch: says now and then whether it holds too much memory.
        """
        return self.until(lambda: self.over, deadline, watch, most=self.most)

    def until(
        self,
        done: Callable[[], bool],
        deadline: float,
        watch: Callable[[], bool] | None = None,
        most: int | None = None,
    ) -> str:
        """Talk until something is so, or the process has ended; return why that is not to be waited for, else empty."""
        look = time.monotonic()
        while not (done() or self.over):
            now = time.monotonic()
            if now >= deadline:
                return _OVERTIME
            if watch and now >= look:
                if watch():
                    return _MEMORY
                look = time.monotonic() + _LOOK
            self._exchange(min(deadline - now, _LOOK if self._end >= 0 else _ASK))
            if most is not None and self.seen > most:
                return _FLOOD
        return ""

    def _exchange(self, seconds: float) -> None:
        """Give and take what can be given and taken."""
        with selectors.DefaultSelector() as selector:
            for each in self.received.keys() & self._open:
                selector.register(each, selectors.EVENT_READ)
            if self.given and self._input in self._open:
                selector.register(self._input, selectors.EVENT_WRITE)
            if self._end >= 0:
                selector.register(self._end, selectors.EVENT_READ)
            ready = {key.fd for key, _ in selector.select(seconds)}
        if self._input in ready:
            self._give()
        for each in ready & self.received.keys():
            self._take(each)
        # one whose tracer keeps its end from us has ended, too
        if self._end in ready or (self._end < 0 and self.process.poll() is not None):
            self.take_the_rest()
            self.over = True

    def take_the_rest(self) -> None:
        """Read what is in the pipes already."""
        for each in self.received:
            for _ in range(_PIECES):  # somebody else may write on
                if each not in self._open or not self._take(each):
                    break

    def _give(self) -> None:
        """Write what can be written."""
        try:
            with _unread_pipes():
                self.given = self.given[os.write(self._input, self.given[:_PIECE]) :]
        except BlockingIOError:
            return
        except OSError:  # it reads no further
            self.given = memoryview(b"")
        self._close_input()

    def _close_input(self) -> None:
        """End its standard input once all is given; another descriptor stays open for more."""
        if self.process.stdin and not self.given:
            self._open.discard(self._input)
            with suppress(OSError):
                self.process.stdin.close()

    def _take(self, source: int) -> bool:
        """Read what is there; False where nothing is."""
        try:
            piece = os.read(source, _PIECE)
        except BlockingIOError:
            return False
        except OSError:
            piece = b""
        if not piece:
            self._open.discard(source)
        self.seen += len(piece)
        kept = (self.most if source == self.answers else _MOST_SAID) - len(self.received[source])
        self.received[source] += piece[: max(kept, 0)]
        return bool(piece)


@contextmanager
def _unread_pipes() -> Iterator[None]:
    """A process that ends without reading its input must not end this one, as a closed standard output does."""
    before = None
    with suppress(ValueError):  # only the main thread may say what a signal does
        before = signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGPIPE, before)
