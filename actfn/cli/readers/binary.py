"""Numbers in binary: raw little-endian floats, and NumPy's files.

Memory is taken for the data that has come, never for what a header promises.
"""

from __future__ import annotations

import math
import re
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

from actfn.cli.readers.block import SIZE, Block, chunks
from actfn.errors import DataError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC, _ARCHIVE = b"\x93NUMPY", b"PK"
_LENGTHS = {1: 2, 2: 4, 3: 4}  # bytes of the header's length, by version
_LONGEST_HEADER = 10_000  # bytes: that of an array of real numbers takes about 100
_MOST_AXES = 64  # that NumPy has
_NUMBERS = re.compile(r"[<>=|]?(?:f(?:2|4|8|12|16)|[iu][1248]|b1|\?)")
_OTHERS = {
    "O": "Python objects",
    "c": "complex numbers",
    "S": "text",
    "U": "text",
    "V": "records",
    "M": "dates",
    "m": "durations",
}
_PYTHON_2 = re.compile(r"(?<=\d)L\b")  # ends a number of a shape there
_AT_ONCE = 1 << 15  # numbers that are gathered from as many columns


class _ArrayHeader(NamedTuple):
    """What the beginning of a file in NumPy's format says: the array's shape, its order and its dtype."""

    shape: tuple[int, ...]
    by_columns: bool
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def width(self) -> int:
        """How many numbers a line has: the last of several axes is one."""
        return self.shape[-1] if len(self.shape) > 1 else 1


class _Bytes:
    """The bytes of a stream, in the pieces that are asked for. Raises DataError where it cannot be read."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.chunks = chunks(stream, name)
        self.held = memoryview(b"")

    def some(self, most: int) -> memoryview:
        """What has come, at most so many bytes; none at the end only."""
        if not self.held:
            self.held = memoryview(next(self.chunks, b""))
        piece, self.held = self.held[:most], self.held[most:]
        return piece

    def up_to(self, most: int) -> bytes:
        """So many bytes, or all that there are."""
        found = bytearray()
        while len(found) < most and (piece := self.some(most - len(found))):
            found += piece
        return bytes(found)


def raw(stream: BinaryIO, name: str, dtype: str) -> Iterator[Block]:
    """The numbers of a stream of nothing else. Raises DataError where it ends within one."""
    unit = np.dtype(dtype).itemsize
    for values in _numbers(_Bytes(stream, name), np.dtype(dtype), 1, sys.maxsize):
        if not isinstance(values, bytes):
            yield Block(values, None, name)
        elif values:
            message = f"{name}: the stream ends within a number: {len(values)} of {unit} bytes"
            raise DataError(message)


def npy(stream: BinaryIO, name: str) -> Iterator[Block]:
    """The numbers of arrays in NumPy's format, one behind the other; true is 1, false 0.

    The last of several axes is a line. An array that is stored column by column is read whole before its first line
    is known.

    Raises:
        DataError: it is no such file, holds no real numbers, or ends early; or something else follows an array. The
            whole lines before have been given.
    """
    source, line = _Bytes(stream, name), 1
    start = source.up_to(len(_MAGIC))
    while True:
        header = _header(source, start, name)
        for values in (_by_columns if header.by_columns else _by_lines)(source, header, name):
            lines = values.size // header.width
            counts = None if len(header.shape) < 2 else [header.width] * lines
            yield Block(values, counts, name, range(line, line + lines))
            line += lines
        if not (start := source.up_to(len(_MAGIC))):
            return
        if start != _MAGIC:
            message = f"{name}: something follows the array of {header.size} numbers: {quoted(start.decode('latin-1'))}"
            raise DataError(message, hint="only further arrays in NumPy's format may")


def _header(source: _Bytes, start: bytes, name: str) -> _ArrayHeader:
    """What stands before the numbers of an array, whose first bytes are read already. Raises DataError."""
    if start.startswith(_ARCHIVE):
        message = f"{name}: an archive of arrays (.npz), not an array"
        hint = "take one out of it: unzip -p data.npz x.npy | actfn … --input npy"
        raise DataError(message, hint=hint)
    try:
        return _read(_text(source, start))
    except _NoArrayError as error:
        message = f"{name}: {error}"
        raise DataError(message) from None


class _NoArrayError(Exception):
    """What is wrong with a header, as a sentence."""


def _text(source: _Bytes, start: bytes) -> str:
    """The text of a header."""
    if start != _MAGIC:
        found = f"it begins with {quoted(start.decode('latin-1'))}" if start else "it is empty"
        message = f"not an array in NumPy's format: {found}"
        raise _NoArrayError(message)
    major, minor = _exactly(source, 2)
    if major not in _LENGTHS:
        message = f"version {major}.{minor} of NumPy's format is not known"
        raise _NoArrayError(message)
    length = int.from_bytes(_exactly(source, _LENGTHS[major]), "little")
    if length > _LONGEST_HEADER:
        message = f"a header of {length} bytes is none of an array of numbers"
        raise _NoArrayError(message)
    return _exactly(source, length).decode("utf-8" if major == 3 else "latin-1", "replace")


def _exactly(source: _Bytes, count: int) -> bytes:
    found = source.up_to(count)
    if len(found) < count:
        message = "not an array in NumPy's format: it ends within the header"
        raise _NoArrayError(message)
    return found


def _read(text: str) -> _ArrayHeader:
    """What a header says."""
    import ast
    import warnings

    try:
        with warnings.catch_warnings(action="ignore"):
            said = ast.literal_eval(_PYTHON_2.sub("", text.strip()))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):  # what Python says of what it cannot read
        said = None
    if not isinstance(said, dict) or said.keys() != {"descr", "fortran_order", "shape"}:
        message = f"not an array in NumPy's format: its header is {quoted(text.strip())}"
        raise _NoArrayError(message)
    descr, by_columns, shape = said["descr"], said["fortran_order"], said["shape"]
    if not isinstance(descr, str) or not _NUMBERS.fullmatch(descr):
        kind = descr.lstrip("<>=|")[:1] if isinstance(descr, str) else "V"
        message = f"the array holds {_OTHERS.get(kind, quoted(str(descr)))}, not real numbers"
        raise _NoArrayError(message)
    try:
        dtype = np.dtype(descr)
    except TypeError:
        message = f"the array holds {descr}, which NumPy does not have on this machine"
        raise _NoArrayError(message) from None
    if not isinstance(shape, tuple) or len(shape) > _MOST_AXES or not all(type(n) is int and n >= 0 for n in shape):
        message = f"the array's shape is {quoted(str(shape))}, not a tuple of whole numbers"
        raise _NoArrayError(message)
    if math.prod(shape) * dtype.itemsize > sys.maxsize or max(shape, default=0) > sys.maxsize:
        message = f"no array has the shape {quoted(str(shape))}"
        raise _NoArrayError(message)
    if type(by_columns) is not bool:
        message = f"the array's order is {quoted(str(by_columns))}, neither True nor False"
        raise _NoArrayError(message)
    return _ArrayHeader(shape, by_columns and len(shape) > 1, dtype)


def _by_lines(source: _Bytes, header: _ArrayHeader, name: str) -> Iterator[np.ndarray]:
    """The numbers of an array that is stored line by line. Raises DataError where it ends early."""
    found = 0
    for values in _numbers(source, header.dtype, header.width, header.size):
        if isinstance(values, bytes):
            raise _ends_early(name, header, found * header.dtype.itemsize + len(values))
        found += values.size
        yield values


def _by_columns(source: _Bytes, header: _ArrayHeader, name: str) -> Iterator[np.ndarray]:
    """The same, stored column by column: the numbers of a line lie as far apart as there are lines."""
    data = source.up_to(header.size * header.dtype.itemsize)
    numbers = np.frombuffer(data, header.dtype, len(data) // header.dtype.itemsize)
    lines = header.size // max(header.width, 1)
    complete = numbers.size - (header.width - 1) * lines  # those of which the last number is there
    if complete > 0:
        columns = lines * np.arange(header.width)
        for first in _first_of_lines(header.shape[:-1], complete, max(1, _AT_ONCE // header.width)):
            yield _as_float64(numbers[first[:, None] + columns].reshape(-1))
    if numbers.size < header.size:
        raise _ends_early(name, header, len(data))


def _first_of_lines(shape: tuple[int, ...], complete: int, step: int) -> Iterator[np.ndarray]:
    """Where in the first column the lines of an array begin, so many at once, in order, while they are complete."""
    for start in range(0, complete, step):
        order = np.unravel_index(np.arange(start, min(start + step, complete)), shape)
        first = np.ravel_multi_index(order, shape, order="F")
        missing = np.flatnonzero(first >= complete)
        yield first[: missing[0]] if missing.size else first
        if missing.size:
            return


def _ends_early(name: str, header: _ArrayHeader, came: int) -> DataError:
    """The error about an array of which only so many bytes came."""
    found, rest = divmod(came, header.dtype.itemsize)
    within = f", within a number: {rest} of {header.dtype.itemsize} bytes" if rest else ""
    return DataError(f"{name}: the array ends after {found} of {header.size} numbers{within}")


def _numbers(source: _Bytes, dtype: np.dtype, width: int, size: int) -> Iterator[np.ndarray | bytes]:
    """So many numbers as float64, in multiples of the width, as soon as they are there.

    Where the stream ends before, the bytes that are left over come last.
    """
    unit = dtype.itemsize * width
    left, held = dtype.itemsize * size, bytearray()
    while left and (piece := source.some(min(left, SIZE))):
        held += piece
        left -= len(piece)
        if len(held) >= unit:
            whole = len(held) - len(held) % unit
            yield _as_float64(np.frombuffer(held, dtype, whole // dtype.itemsize))
            held = held[whole:]
    if left:
        yield bytes(held)


def _as_float64(numbers: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", over="ignore"):  # a signalling nan is a nan, a larger float is infinite
        return numbers.astype(np.float64, copy=False)
