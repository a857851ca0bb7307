"""Where the numbers come from: arguments, a range, or a stream, which `readers` reads."""

from __future__ import annotations

import io
import math
import re
import sys
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, overload

import numpy as np

from actfn.cli.kinds import Input, OnError
from actfn.cli.readers.block import Block, Faults, spelled_by
from actfn.cli.readers.opening import Stream
from actfn.errors import UsageError, quoted
from actfn.numerics.numerals import number
from actfn.numerics.spacing import USUAL_POINTS, evenly, exact
from actfn.output.forms import USUAL, Dialect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal
    from fractions import Fraction


MAX_RANGE_POINTS = 10**9
STDIN = Stream()
_NARROWEST = 1e-300

_SPACE_OR_COMMA = re.compile(r"[\s,]+", re.ASCII)


def _nothing_piped() -> bool:
    """Whether standard input has nothing to read: a terminal, the null device, an empty file or a pipe closed empty."""
    if sys.stdin is None or sys.stdin.isatty():
        return True
    return isinstance(sys.stdin.buffer, io.BufferedReader) and not sys.stdin.buffer.peek(1)


class Source(NamedTuple):
    """Where the numbers come from.

    Attributes:
        blocks: the numbers.
        streaming: whether there may be no end to them.
        faults: what of a stream could not be read.
        kind: what the stream holds; None for points and ranges.
        text: a stream of text, and what errors call it: others may read it than `blocks`.
        dialect: how csv is written.
    """

    blocks: Iterator[Block]
    streaming: bool
    faults: Faults
    kind: Input | None = None
    text: tuple[BinaryIO, str] | None = None
    dialect: Dialect = USUAL

    def vectors(self) -> Iterator[Block]:
        """The blocks of a stream, whose lines are vectors; points and ranges are one vector altogether."""
        if self.streaming:
            yield from self.blocks
        else:
            blocks = list(self.blocks)
            values = np.concatenate([block.values for block in blocks])
            yield Block(values, [values.size], exact=partial(_exact_of_all, blocks))


@overload
def source(
    arguments: Sequence[str] | None, range_: str | None, stream: Stream = ..., on_error: OnError = ...
) -> Source: ...
@overload
def source(
    arguments: Sequence[str] | None,
    range_: str | None,
    stream: Stream = ...,
    on_error: OnError = ...,
    *,
    optional: bool,
) -> Source | None: ...
def source(
    arguments: Sequence[str] | None,
    range_: str | None,
    stream: Stream = STDIN,
    on_error: OnError = OnError.STOP,
    *,
    optional: bool = False,
) -> Source | None:
    """The numbers asked for: the arguments, else the range, else the stream, which is standard input or a file.

    With `optional`, None where there are none: nothing was given or asked of a stream, and standard input is a
    terminal, empty or closed.

    Raises:
        UsageError: two of them were given, or standard input is a terminal that nobody will type numbers into.
    """
    if stream.given and (range_ is not None or (arguments and (arguments != ["-"] or stream.file is not None))):
        message = "both a stream and other points are given"
        raise UsageError(message, hint="--file, --input and --column are for numbers that are read")
    if arguments and arguments != ["-"]:
        if range_ is not None:
            message = "both points and --range are given"
            raise UsageError(message, hint="leave one out")
        if "-" in arguments:
            message = "'-' (standard input) cannot be mixed with points"
            raise UsageError(message, hint="leave out '-', or pipe the points in too")
        block = points(arguments)
        if not block.values.size:
            message = "no numbers given"
            raise UsageError(message, hint="an argument is empty")
        return Source(iter([block]), streaming=False, faults=Faults())
    if range_ is not None:
        if arguments:
            message = "both '-' (standard input) and --range are given"
            raise UsageError(message, hint="leave one out")
        return Source(grid(range_), streaming=False, faults=Faults())
    if optional and not stream.given and not arguments and _nothing_piped():
        return None
    if stream.file is None and (sys.stdin is None or (sys.stdin.isatty() and not arguments)):
        message = "no numbers given"
        raise UsageError(
            message, hint="add numbers (-2 0 2) or --range -5:5, or pipe numbers in; '-' reads the keyboard"
        )
    faults = Faults(on_error, optional=True)
    kind, opened = stream.kind, stream.open()
    text = (opened, stream.origin) if kind is Input.TEXT else None
    dialect = Dialect(stream.separator or ",", stream.header)
    return Source(stream.blocks(opened, faults), streaming=True, faults=faults, kind=kind, text=text, dialect=dialect)


def _exact_of_all(blocks: Sequence[Block], indices: list[int]) -> Iterator[tuple[int, Fraction | Decimal]]:
    """Give the exact numbers at indices of all blocks together."""
    start = 0
    for block in blocks:
        end = start + block.values.size
        if block.exact:
            for index, there in block.exact([index - start for index in indices if start <= index < end]):
                yield start + index, there
        start = end


def points(arguments: Sequence[str]) -> Block:
    """The numbers given as arguments. Raises UsageError, naming the one that is none."""
    tokens = [token for argument in arguments for token in _SPACE_OR_COMMA.split(argument) if token]
    return Block(np.array([_point(token) for token in tokens], np.float64), exact=spelled_by(lambda: tokens))


def _point(token: str) -> float:
    try:
        return number(token)
    except ValueError:
        hint = "points are numbers such as -3, 1e-3, inf; put an expression into quotes so that it is one argument"
        if token.startswith("--"):
            hint = "options go before --, which numbers such as -3 do not need"
        message = f"not a number: {quoted(token)}"
        raise UsageError(message, hint=hint) from None


def grid(text: str) -> Iterator[Block]:
    """The points of `LO:HI` or `LO:HI:N`, ends included, evenly spaced, each the float nearest to its exact place.

    Raises:
        UsageError: it is not of that form, or an end is not finite.
    """
    parts = text.split(":")
    hint = f"write --range LO:HI or LO:HI:N, such as -5:5:{USUAL_POINTS}"
    if len(parts) not in (2, 3):
        message = f"not a range: {quoted(text)}"
        raise UsageError(message, hint=hint)
    low, high = (_range_end(text, part, hint) for part in parts[:2])
    count = _range_count(parts[2], hint) if len(parts) == 3 else USUAL_POINTS
    for start in range(0, count, 1 << 14):
        places = range(start, min(start + (1 << 14), count))
        yield Block(evenly(low, high, count, places), exact=partial(_exact_places, low, high, count, places))


def _exact_places(
    low: Fraction, high: Fraction, count: int, places: range, indices: list[int]
) -> list[tuple[int, Fraction]]:
    return [(index, low + (high - low) * places[index] / max(count - 1, 1)) for index in indices]


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
    if high - low < _NARROWEST:
        message = f"the range {quoted(text)} is too narrow to be parted"
        raise UsageError(message, hint=f"its ends are {_NARROWEST:g} apart at least")
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
    return exact(part, value)


def _range_count(part: str, hint: str) -> int:
    digits = part.isascii() and part.isdigit() and len(part) <= len(str(MAX_RANGE_POINTS))
    if not (digits and 2 <= int(part) <= MAX_RANGE_POINTS):
        message = f"the number of points of a range is a whole number from 2 to {MAX_RANGE_POINTS}, not {quoted(part)}"
        raise UsageError(message, hint=hint)
    return int(part)
