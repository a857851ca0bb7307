"""The standard streams: they wait until they can be read or written, and say when they were closed before the start."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from actfn.errors import DataError

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Waiting(io.FileIO):
    """A file that is read once something is there, also where it is non-blocking.

    Any process that shares an open pipe or terminal can make it non-blocking at any time. Python takes "nothing yet"
    for the end then, and "no room yet" for a failure after part of a text is gone.
    """

    # those of FileIO end at "nothing yet"; these are made of `readinto`
    read = io.RawIOBase.read  # type: ignore[assignment]
    readall = io.RawIOBase.readall

    def readinto(self, buffer: Buffer) -> int:
        """Read what is there, once something is; 0 is the end. Raises DataError where it cannot be read."""
        try:
            while (count := super().readinto(buffer)) is None:
                wait(self.fileno(), "POLLIN")
        except OSError as error:
            name = self.name if isinstance(self.name, str) else "stdin"
            message = f"{name}: cannot be read: {error.strerror}"
            raise DataError(message) from None
        return count


class WaitingWriter(io.BufferedWriter):
    """A buffered file that is written once there is room, also where it is non-blocking.

    It waits here, and not in a raw file below, so that no signal comes between a write and the note that it is done:
    an interrupt would have the same bytes written twice. After an interrupt in the midst of a write nothing more is
    written: the reader may be stuck, and what came next would be spliced to a part.
    """

    interrupted = False

    def write(self, data: Buffer) -> int:
        """Write or keep all of it."""
        try:
            return memoryview(data).nbytes if self.interrupted else self._all(data)
        except KeyboardInterrupt:
            self.interrupted = True
            raise

    def _all(self, data: Buffer) -> int:
        try:
            return super().write(data)
        except BlockingIOError as error:
            written = error.characters_written
        rest = memoryview(data).cast("B")
        while written < rest.nbytes:
            wait(self.fileno(), "POLLOUT")
            try:
                written += super().write(rest[written:])
            except BlockingIOError as error:
                written += error.characters_written
        return written

    def flush(self) -> None:
        """Write what has been kept."""
        try:
            while not (self.interrupted or self._flushed()):
                wait(self.fileno(), "POLLOUT")
        except KeyboardInterrupt:
            self.interrupted = True
            raise

    def _flushed(self) -> bool:
        """Whether there was room for all that has been kept."""
        try:
            super().flush()
        except BlockingIOError:
            return False
        return True


def wait(end: int, event: str, milliseconds: int | None = None) -> bool:
    """Wait until something can be read ("POLLIN") or written ("POLLOUT"), or never can any more; False if not yet."""
    import select

    poll = select.poll()
    poll.register(end, getattr(select, event))
    return bool(poll.poll(milliseconds))


class _Closed(io.RawIOBase):
    """Where nothing can be written."""

    def __init__(self, name: str) -> None:
        self._name = name

    def writable(self) -> bool:
        return True

    def write(self, _: Any) -> int:
        raise OSError(errno.EBADF, f"{self._name} is closed")


def wait_until_ready() -> None:
    """Replace the standard streams by ones that wait until the system is ready; they are always buffered.

    Windows has no such non-blocking files.
    """
    if os.name != "posix":
        return
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        binary = getattr(stream, "buffer", None)
        if isinstance(getattr(binary, "raw", binary), io.FileIO):
            end = stream.fileno()
            waits: BinaryIO = (
                io.BufferedReader(Waiting(end, "rb", closefd=False))
                if name == "stdin"
                else WaitingWriter(io.FileIO(end, "wb", closefd=False))
            )
            text = io.TextIOWrapper(
                waits, stream.encoding, stream.errors, "\n", stream.line_buffering, stream.write_through
            )
            setattr(sys, name, text)


def open_closed_ones() -> None:
    """Put streams in the place of standard output and error that Python has as None; written to, they say so."""
    for name, title in (("stdout", "standard output"), ("stderr", "standard error")):
        if getattr(sys, name) is None:
            closed = io.BufferedWriter(_Closed(title))
            setattr(sys, name, io.TextIOWrapper(closed, encoding="utf-8", write_through=True))
