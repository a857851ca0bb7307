"""Bytes to whole lines of UTF-8: what all readers of text share.

`pieces` parts a stream at line ends, and `decoded` makes text of a line. No reader sees a line that was cut, a line
with a NUL or a byte order mark at the start of a line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from actfn.errors import DataError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_LINE = 1 << 24  # bytes, without the line end
UTF8_ONLY = "text must be UTF-8: iconv -f LATIN1 -t UTF-8 converts it"

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # a byte order mark, where it begins a line
MARK_BYTES = MARK.encode()
GZIP_MAGIC = b"\x1f\x8b"
UNPACK = "pipe it through gunzip, or read it with --file from a file that ends in .gz"

_MARKS = re.compile(b"^(?:%b)+" % MARK_BYTES, re.MULTILINE)  # after a line end, too: `cat a b` puts that of b there
_NEWLINE = ord("\n")


def pieces(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Yield the chunks of a stream as pieces of whole lines, as soon as they are there.

    All lines but the last of the stream end with a line end, and byte order marks in front of lines are left out.
    The lines before one that is refused are yielded first.

    Args:
        chunks: the bytes as they come; where one begins or ends has no effect on the lines.
        name: what errors call the stream.

    Raises:
        DataError: a line is longer than MAX_LINE or holds a NUL: it is not text, and its end cannot be trusted.
    """
    rest: list[bytes] = []  # of a line whose end has not come
    held = 0
    line = 1
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        data = b"".join([*rest, chunk[:end]]) if end else b""
        rest, held = ([chunk[end:]], len(chunk) - end) if end else ([*rest, chunk], held + len(chunk))
        if held > MAX_LINE or len(data) > MAX_LINE or b"\0" in chunk:
            data += b"".join(rest)
            if (fault := _first_fault(data)) is not None:
                yield from _unmarked(data[:fault])
                raise _refused(data[fault:], name, line + line_ends(data[:fault]))
            data = data[:-held] if held else data
        yield from _unmarked(data)
        line += line_ends(data)
    yield from _unmarked(b"".join(rest))


def line_ends(data: bytes) -> int:
    """Return how many there are, several times as fast as `bytes.count`."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == _NEWLINE))


def decoded(line: bytes) -> str:
    """Return a line as text. Raises UnicodeError that says which bytes are not UTF-8; UTF8_ONLY is a hint for it."""
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        message = f"not UTF-8: {quoted(line[error.start :].decode('latin-1'), 20)}"
        raise UnicodeError(message) from None


def _unmarked(data: bytes) -> Iterator[bytes]:
    """Yield the lines without byte order marks in front of them, if anything is left."""
    if MARK_BYTES[:1] in data:  # one byte is found a hundred times as fast as three
        data = _MARKS.sub(b"", data)
    if data:
        yield data


def _first_fault(data: bytes) -> int | None:
    """Return where the first line begins that is too long or holds a NUL; the last may go on."""
    start = 0
    for line in data.split(b"\n"):
        if len(line) > MAX_LINE or b"\0" in line:
            return start
        start += len(line) + 1
    return None


def _refused(data: bytes, name: str, place: int) -> DataError:
    """Return the error about the first line of the data."""
    line = data.partition(b"\n")[0]
    if line.startswith(GZIP_MAGIC):
        return DataError(f"{name}:{place}: packed with gzip", hint=UNPACK)
    if b"\0" in line:
        hint = f"{UTF8_ONLY.replace('LATIN1', 'UTF-16')}; numbers in binary are read with --input f64, f32 or npy"
        return DataError(f"{name}:{place}: not text: {quoted(line.decode('latin-1'), 20)}", hint=hint)
    return DataError(f"{name}:{place}: the line is longer than {MAX_LINE} bytes", hint="put fewer numbers on a line")
