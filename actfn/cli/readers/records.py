"""What the readers of records share: the numbers of the columns that are read, beside the records as they came."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actfn.cli.readers.block import GOES_ON, Block, Faults, Records, spelled_by
from actfn.cli.readers.lines import Flaw
from actfn.errors import DataError, quoted
from actfn.numerics.numerals import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from actfn.numerics.kernels import Array

MISSING = object()
_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*")
_KINDS = {type(None): "null", bool: "true or false", list: "an array", dict: "an object"}  # of JSON


class Row(NamedTuple):
    """A record.

    Attributes:
        line: where it begins.
        passed: what is passed on of it.
        cells: those of the columns that are read.
        flaw: why it cannot be read.
    """

    line: int
    passed: Any
    cells: Sequence[Any] = ()
    flaw: Flaw | None = None


class Reading(NamedTuple):
    """What is read of records.

    Attributes:
        origin: what errors call the stream.
        labels: what errors call the columns, such as "column 'x'".
        records: the records that are passed on, from `Row.passed` of each.
        empty: what is passed on of a record that cannot be read, where the stream goes on with nan in its place.
        faults: what to do about what cannot be read.
        tokens: the texts of a record's numbers, from `Row.passed`.
    """

    origin: str
    labels: Sequence[str]
    records: Callable[[Sequence[Any]], Records]
    empty: Any
    faults: Faults
    tokens: Callable[[Any], Sequence[str]]

    def quick_block(self, values: Array, lines: Sequence[int], passed: Sequence[Any]) -> Block:
        """Return a block of records of which all is well; the values are those of each record in turn."""
        width = len(self.labels)
        counts = None if width == 1 else [width] * len(lines)
        exact = spelled_by(lambda: [token for each in passed for token in self.tokens(each)])
        return Block(values, counts, self.origin, lines, self.records(passed), exact)

    def blocks(self, rows: Iterable[Row]) -> Iterator[Block]:
        """Yield the numbers of records; those before one that ends the stream come first. Raises DataError."""
        values: list[float] = []
        kept: list[Row] = []
        trouble = None
        for row in rows:
            try:
                found = self._numbers(row)
            except DataError as error:
                trouble = error
                break
            if found is not None:
                values += found
                kept.append(row)
        if kept:
            passed = [self.empty if row.flaw else row.passed for row in kept]
            yield self.quick_block(np.array(values, np.float64), [row.line for row in kept], passed)
        if trouble:
            raise trouble

    def _numbers(self, row: Row) -> list[float] | None:
        """The numbers of a record; None where it is to be left out. Raises DataError."""
        if row.flaw:
            self._met(row.line, row.flaw)
            return None if self.faults.skips else [math.nan] * len(self.labels)
        values: list[float] = []
        flaw = None
        for label, cell in zip(self.labels, row.cells, strict=True):
            value, what = _number(cell)
            values.append(value)
            if what and flaw is None:
                comma = isinstance(cell, str) and _COMMA.fullmatch(cell)
                flaw = Flaw(f"{label} is {what}", "write a decimal point for the comma" if comma else "")
        if flaw is not None:
            self._met(row.line, flaw)
        return None if flaw is not None and self.faults.skips else values

    def _met(self, line: int, flaw: Flaw) -> None:
        """Count a flaw. Raises DataError where it ends the stream."""
        message = f"{self.origin}:{line}: {flaw.message}"
        if flaw.final:
            raise DataError(message, hint=flaw.hint)
        self.faults.met(message, hint=GOES_ON, remedy=flaw.hint)


def _number(cell: Any) -> tuple[float, str]:
    """The number of a cell, and what the cell is if it is none."""
    if isinstance(cell, str):
        try:
            return number(cell), ""
        except ValueError:
            return math.nan, f"not a number: {quoted(cell)}" if cell.strip() else "empty"
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell), ""
    return math.nan, _KINDS.get(type(cell), "missing")
