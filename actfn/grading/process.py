"""A command run at arm's length: own session, limits, time, bounded output, and nothing of it left afterwards.

The command starts in a scratch directory in which the files of the folder it is graded in appear as links. Its
environment holds a handful of variables. What it writes is data: nothing in it can end the run well.
"""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from actfn.grading import rights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.grading.rights import Limits

_SCRIPTS = ("sitecustomize.py", "runner.py")  # of the folder `guard`, put in the way of Python programs
_MOST_LINKS = 5000
_PIECE = 1 << 16
_MOST_ERRORS = 1 << 16  # bytes of standard error that are kept
_SWEEPS = 1000
_OVERTIME, _FLOOD, _INTERRUPTED, _UNSTARTED = "time", "flood", "interrupt", "start"
_STARTS = 10  # times the time limit: how long all runs in a room may take together


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
        return self.stopped == _UNSTARTED


class Room:
    """A scratch directory to run commands in, for one check. Leaving it takes it down, whatever was done to it.

    Attributes:
        guard: the directory of the scripts that stand in the way of Python programs.
    """

    def __init__(self, folder: Path, limits: Limits, refused: Sequence[str], needed: Sequence[str] = ()) -> None:
        self.folder = folder
        self.limits = limits
        self.refused = refused
        self.needed = [str(folder), *needed]
        self.deadline = 0.0

    def __enter__(self) -> Self:
        rights.shield()
        self.base = Path(tempfile.mkdtemp(prefix="actfn-check-"))
        try:
            self._furnish()
        except BaseException:
            shutil.rmtree(self.base, ignore_errors=True)
            raise
        self.deadline = time.monotonic() + _STARTS * self.limits.seconds
        return self

    def _furnish(self) -> None:
        self.guard, self.work = self.base / "guard", self.base / "work"
        self.guard.mkdir()
        self.work.mkdir(0o700)
        for name in _SCRIPTS:
            source = resources.files("actfn.grading").joinpath("guard", name)
            (self.guard / name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
            (self.guard / name).chmod(0o644)
        with os.scandir(self.folder) as entries:
            for entry in islice((each for each in entries if each.name[0] != "."), _MOST_LINKS):
                (self.work / entry.name).symlink_to(entry.path)
        self.user = rights.stranger(*self.needed)
        if self.user is not None:
            for place in (self.base, self.guard):  # the stranger passes through them
                place.chmod(0o755)
            os.chown(self.work, self.user.number, self.user.number)
        self.restrict = rights.restriction(self.limits, self.user)

    def __exit__(self, *_: object) -> None:
        for place, folders, _files in os.walk(self.work):
            for name in folders:
                with suppress(OSError):
                    if not Path(place, name).is_symlink():
                        Path(place, name).chmod(0o700)
        shutil.rmtree(self.base, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """All that the command is told about its surroundings."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.work),
            "TMPDIR": str(self.work),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(self.guard),
            "PYTHONNOUSERSITE": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "ACTFN_REFUSED": os.pathsep.join(self.refused),
        }

    def run(self, command: Sequence[str], given: bytes, most: int, *, channel: bool = False) -> Ended:
        """Run a command until it ends, its time or that of the room is over, or it has written more than `most` bytes.

        With `channel`, its last argument is the number of a descriptor that its answers come over; what it prints is
        then thrown away.
        """
        receiving, sending = os.pipe() if channel else (-1, -1)
        before = _children()
        try:
            process = self._start([*command, str(sending)] if channel else command, (sending,) if channel else ())
        except OSError as error:
            if channel:
                os.close(receiving)
            return Ended(None, b"", (error.strerror or "").encode(), _UNSTARTED)
        finally:
            if channel:
                os.close(sending)
        try:
            deadline = min(self.deadline, time.monotonic() + self.limits.seconds)
            return _Conversation(process, given, most, receiving if channel else None).hold(deadline)
        finally:
            _end(process, before)
            for stream in (process.stdin, process.stdout, process.stderr):
                assert stream
                with suppress(OSError):
                    stream.close()
            if channel:
                os.close(receiving)

    def _start(self, command: Sequence[str], passed: Sequence[int]) -> subprocess.Popen[bytes]:
        with warnings.catch_warnings():
            # what runs between fork and exec makes system calls only, whatever threads there are
            warnings.simplefilter("ignore", DeprecationWarning)
            return subprocess.Popen(  # noqa: S603 - running it is the point
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self.work,
                env=self.environment(),
                start_new_session=True,
                pass_fds=passed,
                preexec_fn=self.restrict,  # noqa: PLW1509
            )


class _Conversation:
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


def _end(process: subprocess.Popen[bytes], before: set[int]) -> None:
    """Kill what is left: the process, its group, and whatever left the group and came to us as an orphan."""
    _kill_group(process.pid)
    process.kill()
    process.wait()
    for _ in range(_SWEEPS):
        orphans = _children() - before
        if not orphans:
            return
        for orphan in orphans:
            with suppress(OSError):
                os.kill(orphan, signal.SIGKILL)
            with suppress(OSError):
                os.waitpid(orphan, 0)


def _children() -> set[int]:
    """The children of this process, orphans that came to it included; empty where the system does not tell."""
    found: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found.update(map(int, task.read_text(encoding="ascii").split()))
    return found
