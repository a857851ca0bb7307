"""The neutral record that every result becomes before it is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from actfn.output import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array


class Kind(Enum):
    """What the cells of a column are."""

    NUMBER = "number"
    VECTOR = "vector"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """One column: a cell is a text, or for vectors a list of texts.

    Attributes:
        name: the key in JSON and the header in CSV; stable.
        cells: one a record.
        kind: what the cells are.
        title: the header for people; the name by default.
    """

    name: str
    cells: Sequence[str] | Sequence[list[str]]
    kind: Kind = Kind.TEXT
    title: str = ""


@dataclass(frozen=True)
class Table:
    """A piece of a result: records in columns.

    Attributes:
        columns: all of one length.
        answer: the name of the column that `plain` writes.
        lines: how many records each line of `plain` holds; None means one each.
        values: the answer's numbers and their format, where it is plain numbers: renderers may write them directly.
    """

    columns: tuple[Column, ...]
    answer: str
    lines: Sequence[int] | None = None
    values: tuple[Array, Format] | None = None

    @property
    def length(self) -> int:
        return len(self.columns[0].cells)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def number_column(name: str, values: Array, form: Format, title: str = "") -> Column:
    """A column of numbers of a format."""
    return Column(name, numbers.texts(values, form), Kind.NUMBER, title)
