"""The standard streams: they wait until they can be read or written, and say when they were closed before the start."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Waiting(io.FileIO):
    """A file whose reads and writes wait until they can be done, also where it is non-blocking.

    Any process that shares an open pipe or terminal can make it non-blocking at any time. Python takes "nothing yet"
    for the end then, and "no room yet" for a failure after part of a text is gone.
    """

    # those of FileIO end at "nothing yet"; these are made of `readinto`
    read = io.RawIOBase.read  # type: ignore[assignment]
    readall = io.RawIOBase.readall

    def readinto(self, buffer: Buffer) -> int:
        """Read what is there, once something is; 0 is the end."""
        while (count := super().readinto(buffer)) is None:
            self._wait("POLLIN")
        return count

    def write(self, data: Buffer) -> int:
        """Write as much as there is room for, once there is room."""
        while (count := super().write(data)) is None:
            self._wait("POLLOUT")
        return count

    def _wait(self, event: str) -> None:
        import select

        poll = select.poll()
        poll.register(self.fileno(), getattr(select, event))
        poll.poll()


class _Closed(io.RawIOBase):
    """Where nothing can be written."""

    def __init__(self, name: str) -> None:
        self._name = name

    def writable(self) -> bool:
        return True

    def write(self, _: Any) -> int:
        raise OSError(errno.EBADF, f"{self._name} is closed")


def wait_until_ready() -> None:
    """Put streams in the place of the standard ones that wait; they are buffered, also where Python's are not.

    Windows has no such non-blocking files.
    """
    if os.name != "posix":
        return
    for name, mode in (("stdin", "rb"), ("stdout", "wb"), ("stderr", "wb")):
        stream = getattr(sys, name)
        binary = getattr(stream, "buffer", None)
        if isinstance(getattr(binary, "raw", binary), io.FileIO):
            raw = Waiting(stream.fileno(), mode, closefd=False)
            buffered = io.BufferedReader(raw) if name == "stdin" else io.BufferedWriter(raw)
            text = io.TextIOWrapper(
                buffered, stream.encoding, stream.errors, "\n", stream.line_buffering, stream.write_through
            )
            setattr(sys, name, text)


def open_closed_ones() -> None:
    """Put streams in the place of standard output and error that Python has as None; written to, they say so."""
    for name, title in (("stdout", "standard output"), ("stderr", "standard error")):
        if getattr(sys, name) is None:
            closed = io.BufferedWriter(_Closed(title))
            setattr(sys, name, io.TextIOWrapper(closed, encoding="utf-8", write_through=True))
