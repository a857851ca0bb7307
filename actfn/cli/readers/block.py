"""What readers hand over, and what they do about what cannot be read."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeAlias

import numpy as np

from actfn.cli.kinds import OnError
from actfn.errors import DataError
from actfn.numerics.numerals import spelled
from actfn.output.table import Kind, Table, Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from decimal import Decimal
    from fractions import Fraction

    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array
    from actfn.output.table import Column

SIZE = 1 << 18  # bytes asked for at once: enough to hide what a block costs, and they stay in the cache; less is taken


_SHORT = 9  # characters: 8 decimals at most
Exact: TypeAlias = "Callable[[list[int]], Iterable[tuple[int, Fraction | Decimal]]]"


class Wanted(NamedTuple):
    """Which columns of records are read, in this order; and their answers' names, which the columns' own give."""

    columns: tuple[str, ...]
    names: Callable[[Sequence[str]], tuple[str, ...]]


class Records(NamedTuple):
    """The records that the numbers of a block came from: their columns are passed on, the answers are put beside them.

    Attributes:
        columns: what is passed on.
        names: what the answers of a record are called; a table has as many answers for each record, one after the
            other, or a vector of as many.
    """

    columns: tuple[Column, ...]
    names: tuple[str, ...]

    def beside(self, table: Table) -> Table:
        """The records with the answers of the table, under the names that were asked for."""
        columns = [
            self._answer(table.column(answer), place)._replace(name=f"{name} {answer}" if which else name, title="")
            for place, name in enumerate(self.names)
            for which, answer in enumerate(table.answer)
        ]
        numbers = table.numbers
        if numbers is not None and len(self.names) > 1:
            numbers = numbers._replace(counts=[len(self.names)] * (numbers.values.size // len(self.names)))
        return Table((*self.columns, *columns), tuple(column.name for column in columns), numbers=numbers)

    def _answer(self, column: Column, place: int) -> Column:
        """The answer of a record that stands at a place among its answers, of each record."""
        if column.kind is Kind.VECTOR:
            return column._replace(cells=[cell[place] for cell in column.cells], kind=Kind.NUMBER)
        if len(self.names) == 1:
            return column
        if isinstance(column.cells, Texts):
            return column._replace(cells=column.cells.each(place, len(self.names)))
        return column._replace(cells=column.cells[place :: len(self.names)])


def spelled_by(tokens: Callable[[], Sequence[str]]) -> Exact:
    """Return what gives the exact numbers of tokens, which are asked for where they are needed.

    Left out are those of so few digits that they are no middle between two numbers of a format unless they are so
    exactly: a middle of 25 bits, t = k/2**s, is at least t/(10**8 * 2**25) away from another number of 8 decimals.
    """

    def exact(indices: list[int]) -> Iterator[tuple[int, Decimal]]:
        texts = tokens()
        for index in indices:
            token = texts[index]
            if len(token) > _SHORT or "e" in token or "E" in token:
                yield index, spelled(token)

    return exact


class Block(NamedTuple):
    """Numbers that came together.

    Attributes:
        values: all numbers, in order.
        counts: how many there are on each line; None where each stands on its own.
        origin: what errors call the stream; empty for points that were not read.
        places: the number of each line, from 1.
        records: what the numbers were taken from.
        exact: gives the exact numbers that were read, or computed, at indices; None where the values are these.
    """

    values: Array
    counts: Sequence[int] | None = None
    origin: str = ""
    places: Sequence[int] = ()
    records: Records | None = None
    exact: Exact | None = None

    def within(self, form: Format) -> Block:
        """The block with numbers that round into a format as the exact ones do, and not twice."""
        return self._replace(values=form.off_ties(self.values, self.exact)) if self.exact else self

    def each(self) -> Iterator[Block]:
        """A block for each line."""
        for place, values in enumerate(self.lines()):
            yield Block(values, [values.size], self.origin, self.places[place : place + 1])

    @property
    def matrix(self) -> Array | None:
        """The numbers of each line as a row, (lines, n); None where not all lines have as many, or they have none."""
        if self.counts is None:
            return self.values.reshape(-1, 1)
        if self.counts and min(self.counts) == max(self.counts) > 0:
            return self.values.reshape(len(self.counts), -1)
        return None

    def parts(self, most: int) -> Iterator[tuple[Block, bool]]:
        """The block in parts of at most so many numbers each, and whether the last line of each goes on in the next."""
        if self.records or self.values.size <= most:
            yield self, False
            return
        ends = np.cumsum(self.counts if self.counts is not None else np.ones(self.values.size, np.int64))
        first = 0  # line
        for start in range(0, self.values.size, most):
            end = start + most
            last = int(np.searchsorted(ends, end)) + 1 if end < self.values.size else ends.size
            goes_on = bool(ends[last - 1] > end)
            counts = np.diff(np.minimum(ends[first:last], end), prepend=start).tolist()
            held = counts if self.counts is not None else None
            yield Block(self.values[start:end], held, self.origin, self.places[first:last]), goes_on
            first = last - goes_on

    def lines(self) -> list[Array]:
        """The numbers of each line."""
        matrix = self.matrix
        if matrix is not None:
            return list(matrix)
        assert self.counts is not None
        return np.split(self.values, np.cumsum(np.asarray(self.counts, np.int64)))[:-1]


GOES_ON = "--on-error nan or skip goes on"


@dataclass
class Faults:
    """Counts what could not be read, where that is no reason to stop.

    Attributes:
        policy: what is done about it, and `optional` whether people can say so.
        count, first: how many there were, and the message of the first.
        remarks: what else is to be said of the stream.
    """

    policy: OnError = OnError.STOP
    optional: bool = False
    count: int = 0
    first: str = ""
    remarks: list[str] = field(default_factory=list)

    def met(self, message: str, hint: str = "", remedy: str = "") -> None:
        """Count it. Raises DataError where it ends the stream; its message names the place.

        The hint is for people who can say that the stream goes on, the remedy for all.
        """
        if self.stops:
            raise DataError(message, hint="; ".join(filter(None, (remedy, hint if self.optional else ""))))
        self.count += 1
        self.first = self.first or message

    @property
    def stops(self) -> bool:
        return self.policy is OnError.STOP

    @property
    def skips(self) -> bool:
        return self.policy is OnError.SKIP

    def add(self, other: Faults) -> None:
        """Count those of another part of the stream, a later one."""
        self.count += other.count
        self.first = self.first or other.first

    def sentence(self) -> str:
        """What to tell of them; empty if there was nothing."""
        if not self.count:
            return ""
        lines = "1 line" if self.count == 1 else f"{self.count} lines"
        what = "left out" if self.skips else "read with nan in the place of what is none"
        return f"{lines} {what}, first {self.first}"


def chunks(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """The bytes of a stream as they come. Raises DataError where it cannot be read."""
    try:
        while chunk := stream.read1(SIZE):  # type: ignore[attr-defined]
            yield chunk
    except (OSError, EOFError, zlib.error) as error:
        message = f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}"
        raise DataError(message) from None
