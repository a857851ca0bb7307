"""The renderers of numbers in binary: raw little-endian floats, and NumPy's format."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from actfn.errors import UsageError
from actfn.output.renderers import Renderer

if TYPE_CHECKING:
    from actfn.output.table import Numbers, Table

_IN_MEMORY = 1 << 22  # bytes of an array that wait in memory for its length to be known, and not in a file


class Raw(Renderer):
    """Nothing but the numbers, in a dtype of NumPy's."""

    def __init__(self, stream: BinaryIO, dtype: str) -> None:
        super().__init__(stream)
        self.dtype = np.dtype(dtype)

    def write(self, table: Table) -> None:
        self.stream.write(_cast(_numbers(table), self.dtype))


class Npy(Renderer):
    """An array in NumPy's format, of the format's own dtype; of two axes where there are as many numbers a line.

    The format begins with the array's shape, so that nothing is written before the end.
    """

    parts = False

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self.held = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed in `finish`
        self.dtype = np.dtype("<f8")
        self.size = 0
        self.widths: set[int] = set()

    def write(self, table: Table) -> None:
        numbers = _numbers(table)
        self.started = True
        if numbers.form.name in ("float32", "float16"):  # the others have no name in NumPy
            self.dtype = numbers.form.dtype.newbyteorder("<")
        self.size += numbers.values.size
        self.widths |= {0} if numbers.counts is None else set(numbers.counts)
        self.held.write(_cast(numbers, self.dtype))

    def finish(self) -> None:
        width = self.widths.pop() if len(self.widths) == 1 else 0
        shape = (self.size // width, width) if width else (self.size,)
        header = {"descr": self.dtype.str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self.stream, header)
        self.held.seek(0)
        with self.held:
            shutil.copyfileobj(self.held, self.stream)


def _cast(numbers: Numbers, dtype: np.dtype[Any]) -> memoryview:
    with np.errstate(all="ignore"):  # what is too large for the dtype is infinite there
        return np.ascontiguousarray(numbers.values, dtype).data


def _numbers(table: Table) -> Numbers:
    if table.numbers is None:
        message = "the answer is more than numbers, and cannot be written in binary"
        raise UsageError(message, hint="leave out --output, or what is shown beside the value")
    return table.numbers
