"""How far a stream has been read, told on a terminal while it is."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, BinaryIO, Self, cast

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress


def watched(stream: BinaryIO, name: str, size: int | None) -> BinaryIO:
    """The stream, with a bar on standard error of how much of it has been read; the stream itself on no terminal."""
    if not sys.stderr.isatty():
        return stream
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    from actfn.cli import terminal

    width, height = terminal.size(sys.stderr)
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    bar = Progress(
        *columns,
        TimeRemainingColumn(),
        console=Console(stderr=True, width=width, height=height),
        redirect_stdout=False,
        redirect_stderr=False,
        transient=True,
    )
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # not to die before the cursor is shown again
    return cast("BinaryIO", _Watched(stream, bar, name, size))


class _Watched:
    """A stream whose reading moves a bar."""

    def __init__(self, stream: BinaryIO, bar: Progress, name: str, size: int | None) -> None:
        self._stream = stream
        self._bar = bar
        self._task = bar.add_task(name, total=size)
        bar.start()

    def read1(self, size: int = -1) -> bytes:
        return self._moved(self._stream.read1(size))  # type: ignore[attr-defined]

    def read(self, size: int = -1) -> bytes:
        return self._moved(self._stream.read(size))

    def fileno(self) -> int:
        return self._stream.fileno()

    def close(self) -> None:
        self._bar.stop()
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _moved(self, data: bytes) -> bytes:
        self._bar.update(self._task, advance=len(data))
        return data
