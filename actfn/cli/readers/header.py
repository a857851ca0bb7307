"""The header of csv and tsv: the names of the columns, and where the ones stand that are read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from actfn.errors import UsageError, suggestion
from actfn.numerics.numerals import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.output.forms import Dialect

_LISTED = 4  # names
_DIGITS = 9  # of a position


class Header:
    """The first record of a stream, or the positions that name the columns where a dialect has no header."""

    def __init__(self, origin: str, first: Sequence[str], dialect: Dialect) -> None:
        self._origin = origin
        self._first = first
        self._dialect = dialect
        self.names = first if dialect.header else [str(place) for place in range(1, len(first) + 1)]

    @cached_property
    def remark(self) -> str:
        """That the header may be a record, where every name in it is a number; empty for others."""
        try:
            [number(name) for name in self.names]
        except ValueError:
            return ""
        if not self._dialect.header:
            return ""
        listed = ", ".join([*self.names[:_LISTED], *(["…"] if len(self.names) > _LISTED else [])])
        return f"every name in the header is a number: {listed}; if this line is a record, say --no-header"

    def positions(self, columns: Sequence[str]) -> list[int]:
        """Return where the columns stand, from 0 on.

        A column is given by its name, else by its position, counted from 1; by its name alone where all names are
        numbers, so that nobody reads a neighbour of what was meant.

        Raises:
            UsageError: there is no such column, or it is not clear which, or one is given twice.
        """
        found = [self._position(column) for column in columns]
        for column, position in zip(columns, found, strict=True):
            if found.count(position) > 1:
                message = f"{self._origin}: column {column!r} is given twice"
                raise UsageError(message, hint="leave one out")
        return found

    def _position(self, column: str) -> int:
        if self.names.count(column) > 1:
            message = f"{self._origin}: several columns are called {column!r}"
            which = [f"--column {place}" for place, name in enumerate(self.names, 1) if name == column]
            hint = f"take one by its position: {' or '.join(which[:_LISTED])}"
            raise UsageError(message, hint=self.remark or hint)
        if column in self.names:
            return self.names.index(column)
        hint = self._other_delimiter() or self.remark
        position = int(column) if column.isascii() and column.isdigit() and len(column) <= _DIGITS else 0
        if 1 <= position <= len(self.names) and not hint:
            return position - 1
        message = f"{self._origin}: no column is called {column!r}"
        raise UsageError(message, hint=hint or self._near(column))

    def _other_delimiter(self) -> str:
        """What to do where there is one column because other characters separate them; empty elsewhere."""
        mark = next((mark for mark in ";\t|," if len(self._first) == 1 and mark in self._first[0]), "")
        if not mark:
            return ""
        shown = "tab" if mark == "\t" else repr(mark)
        csv = "--input csv " if self._dialect.delimiter == "\t" else ""
        return f"its columns are separated by {shown}: say {csv}--delimiter {shown}"

    def _near(self, column: str) -> str:
        if self._dialect.header:
            return suggestion(column, [*self.names]) or f"the columns: {', '.join(self.names)}"
        many = len(self.names) > 1
        return f"without a header they are called 1 to {len(self.names)}" if many else "there is one, called 1"
