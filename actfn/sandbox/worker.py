"""A Python process of the user's own that answers questions: any package, the user's rights, folder and environment.

It limits nothing but time. What it runs can end, hang, fork, print, or close and write to every descriptor: all of that
ends in an answer, or in the reason why there is none.

Both ways go frames of a token, a kind, the length of what follows, and that. The token is the question's: whatever else
is written to the descriptor is told from an answer.
"""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from actfn.sandbox import privileges
from actfn.sandbox.conversation import Conversation
from actfn.sandbox.processes import children, end

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = struct.Struct("=8scI")
_SPARE = 1 << 24  # bytes that an answer may be longer than its question
_ROOT = str(Path(__file__).resolve().parents[2])
# the same actfn as here, wherever it lies; afterwards the path is the user's
_START = "import sys; sys.path.insert(0, {root!r}); from actfn.sandbox.answering import main; del sys.path[0]; main()"
_PATIENCE = 60.0  # seconds for what is no code of the user's, on a busy machine


@dataclass(frozen=True)
class AnswerPart:
    """A piece of an answer: its kind, one letter, and what it holds."""

    kind: bytes
    content: bytes


class GoneError(Exception):
    """The process answers no more.

    Attributes:
        overtime: whether it was stopped, as it took too long.
    """

    def __init__(self, reason: str, *, overtime: bool = False) -> None:
        super().__init__(reason)
        self.overtime = overtime


class Worker:
    """Answers questions in a process of its own, from when it is made until it is closed.

    Attributes:
        gone: why it answers no more; empty while it does.
    """

    _living: ClassVar[set[int]] = set()

    def __init__(self, arguments: Sequence[str]) -> None:
        """Start it.

        Args:
            arguments: what `answering.main` is told.
        """
        privileges.adopt_orphans()
        self.gone = ""
        self._before = children()
        self._token = bytes(HEAD.size - 5)
        asked, asking = os.pipe()
        answering, answered = os.pipe()
        try:
            self._process = _started([*arguments, str(asked), str(answered)], (asked, answered))
        except BaseException:
            os.close(asking)
            os.close(answering)
            raise
        finally:
            os.close(asked)
            os.close(answered)
        self._living.add(self._process.pid)
        self._talk = Conversation(self._process, b"", _SPARE, answering, asking)
        self._talk.__enter__()

    def ask(self, content: bytes) -> None:
        """Put a question; what came for an earlier one is forgotten."""
        self._token = os.urandom(HEAD.size - 5)
        for each in self._talk.received.values():
            each.clear()
        self._talk.most = _SPARE + len(content)
        self._talk.given = memoryview(HEAD.pack(self._token, b"?", len(content)) + content)

    def answer(self, seconds: float | None = None) -> AnswerPart:
        """Return the next part of the answer.

        Args:
            seconds: how long to wait for it, None for what is no code of the user's.

        Raises:
            GoneError: there is none, and there will be none.
        """
        if self.gone:
            raise GoneError(self.gone)
        deadline = time.monotonic() + (_PATIENCE if seconds is None else seconds)
        buffer = self._talk.received[self._talk.answers]
        stopped = self._talk.until(lambda: self._is_whole(buffer), deadline)
        if self._is_whole(buffer):
            _, kind, length = HEAD.unpack_from(buffer)
            if self._is_ours(buffer):
                part = AnswerPart(kind, bytes(buffer[HEAD.size : HEAD.size + length]))
                del buffer[: HEAD.size + length]
                return part
            stopped = ""
            self.gone = "it wrote among its own answers"
        status = self._kill()
        self.gone = self.gone or ("it took too long" if stopped else _ending(status))
        raise GoneError(self.gone, overtime=bool(stopped))

    def printed(self) -> bytes:
        """Return the beginning of what it wrote to standard output since the last question."""
        self._talk.take_the_rest()
        return bytes(self._talk.received[self._talk.prints])

    def close(self) -> None:
        """End it, and all that it started."""
        self._kill()
        self._talk.__exit__()
        self.gone = self.gone or "it was closed"

    def _is_whole(self, buffer: bytearray) -> bool:
        """Whether a frame has come, or something else."""
        if len(buffer) < HEAD.size:
            return False
        return not self._is_ours(buffer) or len(buffer) >= HEAD.size + HEAD.unpack_from(buffer)[2]

    def _is_ours(self, buffer: bytearray) -> bool:
        """Whether what begins a frame is an answer to the question, and not longer than one is."""
        token, _, length = HEAD.unpack_from(buffer)
        return bool(token == self._token and HEAD.size + length <= self._talk.most)

    def _kill(self) -> int | None:
        """End it and what came of it, but no other worker; return its status."""
        self._living.discard(self._process.pid)
        end(self._process, self._before | self._living)
        return self._process.returncode


def _ending(status: int | None) -> str:
    """How a process ended."""
    if status is None or status >= 0:
        return f"it ends the process with status {status}"
    try:
        return f"it is killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"it is killed by signal {-status}"


def _started(arguments: Sequence[str], passed: Sequence[int]) -> subprocess.Popen[bytes]:
    library, parent = privileges.libc(), os.getpid()

    def prepare() -> None:
        if library:
            privileges.die_with_parent(library, parent)

    with warnings.catch_warnings():
        # what runs between fork and exec makes system calls only, whatever threads there are
        warnings.simplefilter("ignore", DeprecationWarning)
        return subprocess.Popen(  # noqa: S603 - it is the user's own code
            [sys.executable, "-P", "-c", _START.format(root=_ROOT), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            pass_fds=passed,
            preexec_fn=prepare,  # noqa: PLW1509
        )
