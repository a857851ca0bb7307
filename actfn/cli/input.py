"""Reading numbers: from arguments, from a range, from a stream. A line in stays a line.

The careful reader takes a number as Python, C or JSON would write it, `inf`, `nan`, hexadecimal floats and U+2212
too, numbers separated by white space or commas, `#` comments. Blocks of plain numbers, one a line, take a quick way.
"""

from __future__ import annotations

import io
import math
import re
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, overload

import numpy as np
import orjson

from actfn.errors import DataError, UsageError, quoted
from actfn.numerics.numerals import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from actfn.numerics.kernels import Array

BLOCK = 1 << 18  # bytes asked for at once; what is there is taken as soon as it comes
MAX_LINE = 1 << 26
RANGE_POINTS = 41
MAX_RANGE_POINTS = 10**9

_PLAIN = b"0123456789+-.eE \t\r\n"
_SPACE_OR_COMMA = re.compile(r"[\s,]+")
_NEGATIVE_ZERO = re.compile(rb"-0(?:\s|$)")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Block:
    """Numbers that came together.

    Attributes:
        values: all numbers, in order.
        counts: how many there are on each line; None where each stands on its own.
    """

    values: Array
    counts: Sequence[int] | None = None

    def lines(self) -> list[Array]:
        """The numbers of each line."""
        counts = [1] * self.values.size if self.counts is None else self.counts
        return np.split(self.values, np.cumsum(np.asarray(counts, np.int64)))[:-1]


def _nothing_piped() -> bool:
    """Whether standard input has nothing to read: a terminal, the null device, an empty file or a pipe closed empty."""
    if sys.stdin is None or sys.stdin.isatty():
        return True
    return isinstance(sys.stdin.buffer, io.BufferedReader) and not sys.stdin.buffer.peek(1)


@dataclass(frozen=True)
class Source:
    """Where the numbers come from, and whether there may be no end to them."""

    blocks: Iterator[Block]
    streaming: bool

    def vectors(self) -> Iterator[Block]:
        """The blocks of a stream, whose lines are vectors; points and ranges are one vector altogether."""
        if self.streaming:
            yield from self.blocks
        else:
            values = np.concatenate([block.values for block in self.blocks])
            yield Block(values, [values.size])


@overload
def source(arguments: Sequence[str] | None, range_: str | None) -> Source: ...
@overload
def source(arguments: Sequence[str] | None, range_: str | None, *, optional: bool) -> Source | None: ...
def source(arguments: Sequence[str] | None, range_: str | None, *, optional: bool = False) -> Source | None:
    """The numbers asked for: the arguments, else the range, else standard input.

    With `optional`, None where there are none: nothing was given, and standard input is a terminal, empty or closed.

    Raises:
        UsageError: two of them were given, or standard input is a terminal that nobody will type numbers into.
    """
    if arguments and arguments != ["-"]:
        if range_ is not None:
            message = "both points and --range are given"
            raise UsageError(message, hint="leave one out")
        if "-" in arguments:
            message = "'-' (standard input) cannot be mixed with points"
            raise UsageError(message)
        values = points(arguments)
        if not values.size:
            message = "no numbers given"
            raise UsageError(message, hint="an argument is empty")
        return Source(iter([Block(values)]), streaming=False)
    if range_ is not None:
        if arguments:
            message = "both '-' (standard input) and --range are given"
            raise UsageError(message, hint="leave one out")
        return Source(grid(range_), streaming=False)
    if optional and not arguments and _nothing_piped():
        return None
    if sys.stdin is None or (sys.stdin.isatty() and not arguments):
        message = "no numbers given"
        raise UsageError(
            message, hint="add numbers (-2 0 2) or --range -5:5, or pipe numbers in; '-' reads the keyboard"
        )
    return Source(blocks(sys.stdin.buffer, "stdin"), streaming=True)


def points(arguments: Sequence[str]) -> Array:
    """The numbers given as arguments. Raises UsageError, naming the one that is none."""
    tokens = [token for argument in arguments for token in _SPACE_OR_COMMA.split(argument) if token]
    return np.array([_point(token) for token in tokens], np.float64)


def _point(token: str) -> float:
    try:
        return number(token)
    except ValueError:
        hint = "points are numbers such as -3, 1e-3, inf; put an expression into quotes so that it is one argument"
        message = f"not a number: {quoted(token)}"
        raise UsageError(message, hint=hint) from None


def grid(text: str) -> Iterator[Block]:
    """The points of `LO:HI` or `LO:HI:N`, ends included, evenly spaced, each the float nearest to its exact place.

    Raises:
        UsageError: it is not of that form, or an end is not finite.
    """
    parts = text.split(":")
    hint = f"write --range LO:HI or LO:HI:N, such as -5:5:{RANGE_POINTS}"
    if len(parts) not in (2, 3):
        message = f"not a range: {quoted(text)}"
        raise UsageError(message, hint=hint)
    low, high = (_range_end(text, part, hint) for part in parts[:2])
    count = _range_count(parts[2], hint) if len(parts) == 3 else RANGE_POINTS
    steps = max(count - 1, 1)
    scale = low.denominator * high.denominator
    first, last = int(low * scale), int(high * scale)
    for start in range(0, count, 1 << 14):
        places = range(start, min(start + (1 << 14), count))
        # whole numbers divided once: correctly rounded, -1:1:21 holds 0.1 and not 0.10000000000000009
        values = [(first * (steps - place) + last * place) / (scale * steps) for place in places]
        yield Block(np.array(values, np.float64))


def ends(text: str) -> tuple[float, float]:
    """The ends of `LO:HI`, ascending. Raises UsageError."""
    parts = text.split(":")
    hint = "write LO:HI, such as -5:5"
    if len(parts) != 2:
        message = f"not a range: {quoted(text)}"
        raise UsageError(message, hint=hint)
    low, high = (float(_range_end(text, part, hint)) for part in parts)
    if not low < high:
        message = f"the range {quoted(text)} is empty"
        raise UsageError(message, hint="its first number is the smaller one")
    return low, high


def _range_end(text: str, part: str, hint: str) -> Fraction:
    try:
        value = number(part)
    except ValueError:
        message = f"not a number: {quoted(part)} in the range {quoted(text)}"
        raise UsageError(message, hint=hint) from None
    if not math.isfinite(value):
        message = f"a range needs two finite ends, not {quoted(part)}"
        raise UsageError(message, hint=hint)
    if not value:  # 1e-9999999 too, whose exact fraction would fill the memory
        return Fraction(0)
    try:
        return Fraction(part)  # the decimal number as typed
    except ValueError:
        return Fraction(value)


def _range_count(part: str, hint: str) -> int:
    digits = part.isascii() and part.isdigit() and len(part) <= len(str(MAX_RANGE_POINTS))
    if not (digits and 2 <= int(part) <= MAX_RANGE_POINTS):
        message = f"the number of points of a range is a whole number from 2 to {MAX_RANGE_POINTS}, not {quoted(part)}"
        raise UsageError(message, hint=hint)
    return int(part)


def blocks(stream: BinaryIO, name: str) -> Iterator[Block]:
    """The numbers of a stream, as soon as whole lines of them are there.

    Args:
        stream: has `read1`, as a buffered binary reader does.
        name: what errors call it.

    Raises:
        DataError: a token is no number, bytes are no text, or a line is too long. What stands before it came first.
    """
    line = 1
    rest: list[bytes] = []
    for place, chunk in enumerate(_chunks(stream, name)):
        data = chunk.removeprefix(_BOM) if not place else chunk
        end = data.rfind(b"\n") + 1
        if end:
            whole = b"".join([*rest, data[:end]])
            yield from _parsed(whole, name, line)
            line += whole.count(b"\n")
            rest = []
        rest.append(data[end:])
        if sum(map(len, rest)) > MAX_LINE:
            message = f"{name}:{line}: the line is longer than {MAX_LINE} bytes"
            raise DataError(message, hint="separate the numbers by line ends")
    if any(rest):
        yield from _parsed(b"".join(rest), name, line)


def _chunks(stream: BinaryIO, name: str) -> Iterator[bytes]:
    try:
        while chunk := stream.read1(BLOCK):  # type: ignore[attr-defined]
            yield chunk
    except OSError as error:
        message = f"{name}: cannot be read: {error.strerror}"
        raise DataError(message) from None


def _parsed(data: bytes, name: str, first: int) -> Iterator[Block]:
    # -0 is a whole number to a JSON reader, and loses its sign
    if not data.translate(None, _PLAIN) and not _NEGATIVE_ZERO.search(data):
        try:
            listed = orjson.loads(b"[%b]" % data.removesuffix(b"\n").replace(b"\n", b","))
        except orjson.JSONDecodeError:
            pass
        else:
            if len(listed) == data.count(b"\n") + (not data.endswith(b"\n")):
                yield Block(np.array(listed, np.float64))
                return
    values: list[float] = []
    counts: list[int] = []
    for place, raw in enumerate(data.removesuffix(b"\n").split(b"\n")):
        try:
            found = _line(raw)
        except (ValueError, UnicodeDecodeError) as error:
            if counts:
                yield Block(np.array(values, np.float64), counts)
            message = f"{name}:{first + place}: {error}"
            raise DataError(message) from None
        values += found
        counts.append(len(found))
    yield Block(np.array(values, np.float64), counts)


def _line(raw: bytes) -> list[float]:
    """The numbers of one line. Raises ValueError saying what is wrong."""
    try:
        text = raw.partition(b"#")[0].decode()
    except UnicodeDecodeError:
        message = f"not text: {quoted(raw.decode('latin-1'), 20)}"
        raise ValueError(message) from None
    found = []
    for token in _SPACE_OR_COMMA.split(text):
        if token:
            try:
                found.append(number(token))
            except ValueError:
                message = f"not a number: {quoted(token)}"
                raise ValueError(message) from None
    return found
