"""Numbered lines of records. One that is not text, or is too long, is a flaw: the lines behind it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from actfn.cli.readers.block import chunks
from actfn.cli.readers.encoding import GZIP_MAGIC, MARK_BYTES, MAX_LINE, UNPACK, UTF8_ONLY, decoded, line_ends
from actfn.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator


class Flaw(NamedTuple):
    """Why a record cannot be read.

    Attributes:
        message: a sentence without the line.
        hint: what to do about it.
        final: whether nothing behind it can be read either, so that it ends the stream in any case.
    """

    message: str
    hint: str = ""
    final: bool = False


def numbered(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    """Yield a stream as pieces of whole lines, each with the number of its first line, as soon as they are there.

    Only the last line of the stream may lack its end, and one over the limit, of which a piece holds just so much that
    this can be seen.
    """
    rest: list[bytes] = []  # of a line whose end has not come
    held, first, cut = 0, 1, False
    for each in chunks(stream, name):
        chunk = each
        if cut:
            _, newline, chunk = each.partition(b"\n")
            cut = not newline
        end = chunk.rfind(b"\n") + 1
        if end:
            data = b"".join([*rest, chunk[:end]])
            yield first, data
            first += line_ends(data)
            rest, held = [], 0
        rest.append(chunk[end:])
        held += len(chunk) - end
        if held > MAX_LINE:
            yield first, b"".join(rest)
            first += 1
            rest, held, cut = [], 0, True
    if held:
        yield first, b"".join(rest)


def plain_text(data: bytes) -> str | None:
    """Return a piece as text without the last line end; None where a line of it may have a flaw or a mark."""
    if len(data) > MAX_LINE or b"\0" in data:
        return None
    if MARK_BYTES[:1] in data and MARK_BYTES in data:  # one byte is found much faster than three
        return None
    try:
        return data.decode().removesuffix("\n")
    except UnicodeDecodeError:
        return None


def read_line(line: bytes) -> tuple[str, Flaw | None]:
    """Return a line as text, and its flaw; bytes that are not text are replaced by U+FFFD, a line too long is empty."""
    if len(line) > MAX_LINE:
        return "", Flaw(f"the line is longer than {MAX_LINE} bytes", "write a record a line")
    try:
        text = decoded(line)
    except UnicodeError as error:
        return line.decode(errors="replace"), Flaw(str(error), _remedy(line))
    if "\0" in text:
        return text, Flaw(f"not text: {quoted(text, 20)}", _remedy(line))
    return text, None


def _remedy(line: bytes) -> str:
    """Return how such a line becomes text."""
    if line.startswith(GZIP_MAGIC):
        return UNPACK
    return UTF8_ONLY.replace("LATIN1", "UTF-16") if b"\0" in line else UTF8_ONLY
