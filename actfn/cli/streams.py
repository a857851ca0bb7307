"""Standard streams that were closed before the start, which Python has as None."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import Any


class _Closed(io.RawIOBase):
    """Where nothing can be written."""

    def writable(self) -> bool:
        return True

    def write(self, _: Any) -> int:
        raise OSError(errno.EBADF, "standard output is closed")


def open_closed_ones() -> None:
    """Make standard output one that says that it is closed, and standard error one that nobody reads."""
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_Closed()), encoding="utf-8", write_through=True)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the process ends
