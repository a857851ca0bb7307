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
    """The numbers of an array in NumPy's format; true is 1, false 0. The last of several axes is a line.

    An array that is stored column by column is read whole before its first line is known.

    Raises:
        DataError: it is no such file, holds no real numbers, or ends early.
    """
    shape, by_columns, dtype = _header(stream, name)
    size = int(np.prod(shape, dtype=np.int64))
    width = shape[-1] if len(shape) > 1 else 1
    pieces = _numbers(stream, name, dtype, 1 if by_columns else max(width, 1))
    if by_columns:
        whole = np.concatenate([np.empty(0), *pieces])
        pieces = iter([whole[:size].reshape(shape, order="F").reshape(-1)] if whole.size >= size else [whole])
    found = 0
    for values in pieces:
        kept = values[: size - found]
        found += kept.size
        if by_columns and found < size:
            break
        yield Block(kept, None if len(shape) < 2 else [width] * (kept.size // width), name)
    if found < size:
        message = f"{name}: the array ends after {found} of {size} numbers"
        raise DataError(message)


def _header(stream: BinaryIO, name: str) -> tuple[tuple[int, ...], bool, np.dtype]:
    """The shape of an array, whether it is stored column by column, and its dtype. Raises DataError."""
    from tokenize import TokenError  # which NumPy lets pass

    try:
        version = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = header(stream)
    except (ValueError, TokenError) as error:
        if "got b'PK" in str(error):
            message = f"{name}: an archive of arrays (.npz), not an array"
            hint = "take one out of it: unzip -p data.npz x.npy | actfn … --input npy"
            raise DataError(message, hint=hint) from None
        message = f"{name}: not an array in NumPy's format: {error}"
        raise DataError(message) from None
    if dtype.kind not in "fiub":
        message = f"{name}: the array holds {dtype}, not real numbers"
        raise DataError(message)
    return shape, fortran and len(shape) > 1, dtype


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
