"""Numbers in binary: raw little-endian floats, and NumPy's files."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from actfn.cli.readers.block import Block, chunks
from actfn.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator


def raw(stream: BinaryIO, name: str, dtype: str) -> Iterator[Block]:
    """The numbers of a stream of nothing else. Raises DataError where it ends within one."""
    for values in _numbers(stream, name, np.dtype(dtype), 1):
        yield Block(values, None, name)


def npy(stream: BinaryIO, name: str) -> Iterator[Block]:
    """The numbers of an array in NumPy's format. The last of several axes is a line.

    Raises:
        DataError: it is no such file, holds no real numbers, or ends early.
    """
    try:
        version = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = header(stream)
    except ValueError as error:
        message = f"{name}: not an array in NumPy's format: {error}"
        raise DataError(message) from None
    if dtype.kind not in "fiu":
        message = f"{name}: the array holds {dtype}, not real numbers"
        raise DataError(message)
    if fortran and len(shape) > 1:
        message = f"{name}: the array's columns are stored one after the other"
        raise DataError(message, hint="save numpy.ascontiguousarray(array)")
    size = int(np.prod(shape, dtype=np.int64))
    width = shape[-1] if len(shape) > 1 else 1
    found = 0
    for values in _numbers(stream, name, dtype, max(width, 1)):
        kept = values[: size - found]
        found += kept.size
        yield Block(kept, None if len(shape) < 2 else [width] * (kept.size // width), name)
    if found < size:
        message = f"{name}: the array ends after {found} of {size} numbers"
        raise DataError(message)


def _numbers(stream: BinaryIO, name: str, dtype: np.dtype, width: int) -> Iterator[np.ndarray]:
    """The numbers as float64, in multiples of the width, as soon as they are there."""
    unit = dtype.itemsize * width
    rest = b""
    for chunk in chunks(stream, name):
        data = rest + chunk if rest else chunk
        whole = len(data) - len(data) % unit
        rest = data[whole:]
        if whole:
            with np.errstate(invalid="ignore"):  # a signalling nan is a nan
                found = np.frombuffer(data[:whole], dtype).astype(np.float64, copy=False)
            yield found
    if rest:
        message = f"{name}: the stream ends within a number or line: {len(rest)} of {unit} bytes"
        raise DataError(message)
