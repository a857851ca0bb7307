"""Numbers as text. A line in stays a line.

The careful way takes a number as Python, C or JSON would write it, `inf`, `nan`, hexadecimal floats and U+2212 too,
numbers separated by white space or commas, `#` comments. Blocks that are JSON but for their line ends take a quick way,
with the same result.
"""

from __future__ import annotations

import math
import re
import struct
from array import array
from functools import cache, partial
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import orjson

from actfn.cli.readers.block import GOES_ON, Block, Faults, chunks, spelled_by
from actfn.cli.readers.encoding import UTF8_ONLY, decoded, pieces
from actfn.errors import quoted
from actfn.numerics.numerals import BLANKS, number

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    import simdjson

    from actfn.numerics.kernels import Array

# a comma parts two numbers: with none between two commas one is missing
SEPARATORS = re.compile(r"\s*,\s*|\s+", re.ASCII)
_NO_SEPARATOR = re.compile(r"[^\s,]", re.ASCII)
_PIECE = 1 << 16  # characters of a line that are parted at once, and what follows up to a separator
_NEGATIVE_ZERO = re.compile(rb"-0[\s,\]]")
_COMMA, _NEWLINE, _SPACE, _TAB = b",\n \t"
_FROM_NEWLINE, _FROM_SPACE, _FROM_TAB = (np.uint8(_COMMA - blank) for blank in (_NEWLINE, _SPACE, _TAB))


def blocks(stream: BinaryIO, name: str, faults: Faults | None = None) -> Iterator[Block]:
    """The numbers of a stream, as soon as whole lines of them are there.

    Args:
        stream: has `read1`, as a buffered binary reader does.
        name: what errors call it.
        faults: what to do about tokens that are no numbers; by default they end the stream.

    Raises:
        DataError: a token is no number, bytes are no text, or a line is too long. What stands before it came first.
    """
    line = 1
    for data in pieces(chunks(stream, name), name):
        line += yield from parsed(data, name, line, faults or Faults())


def parsed(data: bytes, name: str, first: int, faults: Faults) -> Generator[Block, None, int]:
    """The numbers of whole lines, of which the first has that number; returns how many lines there were."""
    quick = _quick(data)
    if quick is not None:
        values, counts = quick
        length = values.size if counts is None else len(counts)
        exact = spelled_by(lambda: data.replace(b",", b" ").decode().split())
        yield Block(values, counts, name, range(first, first + length), exact=exact)
        return length
    return (yield from _careful(data.removesuffix(b"\n").split(b"\n"), name, first, faults))


def _careful(lines: list[bytes], name: str, first: int, faults: Faults) -> Generator[Block, None, int]:
    values = array("d")
    kept: list[bytes] = []
    exact = spelled_by(lambda: [token for raw in kept for token in _texts(raw)])
    counts: list[int] = []
    places: list[int] = []
    for place, raw in enumerate(lines, first):
        readable = True
        try:
            found = _line(raw)
        except ValueError as error:
            readable = not isinstance(error, UnicodeError)
            if faults.stops and counts:
                yield Block(np.array(values, np.float64), counts, name, places, exact=exact)
            remedy = UTF8_ONLY if isinstance(error, UnicodeError) else ""
            faults.met(f"{name}:{place}: {error}", hint=GOES_ON, remedy=remedy)
            if faults.skips:
                continue
            found = _line(raw, bad=math.nan)
        values += found
        kept.append(raw if readable else b"nan")  # one number stands for a line that is no text
        counts.append(len(found))
        places.append(place)
    yield Block(np.array(values, np.float64), counts, name, places, exact=exact)
    return len(lines)


def _quick(data: bytes) -> tuple[Array, list[int] | None] | None:
    """The numbers of lines that are JSON but for their separators, and how many there are a line; None for others."""
    if b"[" in data:
        return None
    given = np.frombuffer(b"[%b]" % data.removesuffix(b"\n"), np.uint8)
    newlines = given == _NEWLINE
    joined = given + newlines * _FROM_NEWLINE  # a replacement at the speed of arithmetic
    values, several = None, b"," in data
    if not several and (b" " in data or b"\t" in data):
        parted = joined + (given == _SPACE) * _FROM_SPACE + (given == _TAB) * _FROM_TAB
        values = _numbers(parted)
        if values is not None:
            joined, several = parted, True
    if values is None:
        values = _numbers(joined)  # blanks around numbers are JSON, too
    if values is None:
        return None
    counts = None
    if several:
        separators = np.flatnonzero(joined == _COMMA)
        counts = np.diff(np.flatnonzero(newlines[separators]), prepend=-1, append=len(separators)).tolist()
    return values, counts


def plain_numbers(tokens: list[str]) -> Array | None:
    """The numbers of tokens that are all JSON's, much quicker than one by one; None if one is not, or none is there."""
    text = ",".join(tokens).encode()
    if b"[" in text:
        return None
    values = _numbers(np.frombuffer(b"[%b]" % text, np.uint8))
    return values if values is not None and values.size == len(tokens) else None


def _numbers(listed: Any) -> Array | None:
    """The numbers of a JSON array of nothing else, given as bytes; None where it is none or empty."""
    values = _json_reader()(listed)
    if values is None or not values.size:
        return None
    # JSON's -0 is a whole number, and those have one zero
    return None if not values.all() and _NEGATIVE_ZERO.search(listed) else values


@cache
def _json_reader() -> Callable[[Any], Array | None]:
    """simdjson, which makes no Python float of a number, and twice as fast as orjson, which is everywhere."""
    try:
        from simdjson import Parser
    except ImportError:
        return _through_a_list
    return partial(_straight, Parser())


def _straight(parser: simdjson.Parser, listed: Any) -> Array | None:
    try:
        return np.frombuffer(parser.parse(listed).as_buffer(of_type="d"))  # type: ignore[union-attr]
    except (ValueError, RuntimeError, TypeError):  # no JSON, a whole number of more than 64 bits, no number
        return None


def _through_a_list(given: Any) -> Array | None:
    text = given.tobytes()
    if b"u" in text or b"l" in text:  # true, false and null would pass for numbers
        return None
    try:
        listed = orjson.loads(text)
        # quicker than NumPy's own way from a list, and particular about what is a number
        return np.frombuffer(struct.pack(f"{len(listed)}d", *listed))
    except (orjson.JSONDecodeError, struct.error):
        return None


def _line(raw: bytes, bad: float | None = None) -> array[float]:
    """The numbers of one line, `bad` in the place of what is none. Raises ValueError saying what is wrong."""
    found = array("d")
    try:
        for token in _texts(raw):
            found.append(_read(token, bad))
    except UnicodeError:
        if bad is None:
            raise
        return array("d", [bad])
    return found


def _read(token: str, bad: float | None) -> float:
    try:
        return number(token)
    except ValueError:
        if bad is None:
            message = f"not a number: {quoted(token)}" if token else "a number is missing beside a comma"
            raise ValueError(message) from None
        return bad


def _texts(raw: bytes) -> Iterable[str]:
    """The texts of the numbers of one line. Raises UnicodeError."""
    text = decoded(raw).partition("#")[0].strip(BLANKS)
    return _tokens(text.removesuffix(",").rstrip(BLANKS)) if text else ()


def _tokens(text: str) -> Iterator[str]:
    """What separators part, a piece of the text at a time: millions of texts would fill the memory."""
    start = 0
    while within := _NO_SEPARATOR.search(text, start + _PIECE):
        separator = SEPARATORS.search(text, within.start())
        if not separator:
            break
        yield from SEPARATORS.split(text[start : separator.start()])
        start = separator.end()
    yield from SEPARATORS.split(text[start:])
