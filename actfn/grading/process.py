"""A process in conversation: input given, output taken within bounds and time, and nothing of it left afterwards."""

from __future__ import annotations

import os
import selectors
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

UNSTARTED = "start"  # why a run was stopped that never began

_OVERTIME, _FLOOD, _INTERRUPTED = "time", "flood", "interrupt"
_PIECE = 1 << 16
_MOST_ERRORS = 1 << 16  # bytes of standard error that are kept
_SWEEPS = 1000


@dataclass(frozen=True)
class Ended:
    """What became of a run.

    Attributes:
        status: the exit status, negative for a signal; None where it was stopped.
        output: what came over standard output, or over the channel if there was one.
        errors: the beginning of standard error.
        stopped: why it was stopped: `time`, `flood` (too much output), `start` (it never ran), or empty.
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
    def unstarted(self) -> bool:
        return self.stopped == UNSTARTED


class Conversation:
    """Gives a process its input and takes what it writes, at its pace, until it has ended."""

    def __init__(self, process: subprocess.Popen[bytes], given: bytes, most: int, channel: int | None) -> None:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        self.process = process
        self.input = process.stdin.fileno()
        self.given = memoryview(given)
        self.answers = process.stdout.fileno() if channel is None else channel
        self.most = most
        self.received = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
        self.received[self.answers] = bytearray()
        self.errors = process.stderr.fileno()
        self.seen = 0

    def hold(self, deadline: float) -> Ended:
        """Talk until the process has ended, or is stopped: at the deadline of the monotonic clock, or for a flood."""
        over, tell = os.pipe()

        def tell_the_end() -> None:
            self.process.wait()
            os.close(tell)

        watcher = threading.Thread(target=tell_the_end, daemon=True)
        watcher.start()
        stopped = _INTERRUPTED
        try:
            stopped = self._exchange(over, deadline)
        finally:
            if stopped:
                _kill_group(self.process.pid)
            watcher.join()
            os.close(over)
        status = None if stopped else self.process.returncode
        return Ended(status, bytes(self.received[self.answers]), bytes(self.received[self.errors]), stopped)

    def _exchange(self, over: int, deadline: float) -> str:
        """Give and take until the process is over; why it is to be stopped, empty if it need not be."""
        with selectors.DefaultSelector() as selector:
            for source in (over, *self.received):
                os.set_blocking(source, False)
                selector.register(source, selectors.EVENT_READ)
            os.set_blocking(self.input, False)
            selector.register(self.input, selectors.EVENT_WRITE)
            while (left := deadline - time.monotonic()) > 0:
                ready = {key.fd for key, _ in selector.select(left)}
                if self.input in ready and not self._give():
                    selector.unregister(self.input)
                    self._close_input()
                for source in ready & self.received.keys():
                    if not self._take(source):
                        selector.unregister(source)
                if over in ready:
                    self._take_the_rest()
                if self.seen > self.most:
                    return _FLOOD
                if over in ready:
                    return ""
            return _OVERTIME

    def _take_the_rest(self) -> None:
        """Read what is in the pipes already."""
        for source in self.received:
            while self.seen <= self.most and self._take(source):
                pass

    def _give(self) -> bool:
        """Write what can be written; False once nothing is left."""
        try:
            self.given = self.given[os.write(self.input, self.given[:_PIECE]) :]
        except BlockingIOError:
            return True
        except OSError:  # it reads no further
            return False
        return bool(self.given)

    def _close_input(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()

    def _take(self, source: int) -> bool:
        """Read what is there; False at the end or where nothing is."""
        try:
            piece = os.read(source, _PIECE)
        except BlockingIOError:
            return False
        self.seen += len(piece)
        room = (_MOST_ERRORS if source == self.errors else self.most) - len(self.received[source])
        self.received[source] += piece[: max(room, 0)]
        return bool(piece)


def _kill_group(process: int) -> None:
    with suppress(OSError):
        os.killpg(process, signal.SIGKILL)


def end(process: subprocess.Popen[bytes], before: set[int]) -> None:
    """Kill what is left: the process, its group, and whatever left the group and came to us as an orphan."""
    _kill_group(process.pid)
    process.kill()
    process.wait()
    for _ in range(_SWEEPS):
        orphans = children() - before
        if not orphans:
            return
        for orphan in orphans:
            with suppress(OSError):
                os.kill(orphan, signal.SIGKILL)
            with suppress(OSError):
                os.waitpid(orphan, 0)


def children() -> set[int]:
    """The children of this process, orphans that came to it included; empty where the system does not tell."""
    found: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found.update(map(int, task.read_text(encoding="ascii").split()))
    return found
