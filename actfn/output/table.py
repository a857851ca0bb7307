"""The neutral record that every result becomes before it is rendered.

Named tuples: a start makes them five times as quickly as frozen dataclasses.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, overload

if TYPE_CHECKING:
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array


class Kind(Enum):
    """What the cells of a column are."""

    NUMBER = "number"
    VECTOR = "vector"
    TEXT = "text"
    MIXED = "mixed"  # numbers beside words; a dash is nothing at all
    RECORD = "record"  # the text of a JSON object, whose members become those of the record

    @property
    def is_of_words(self) -> bool:
        return self in (Kind.TEXT, Kind.MIXED)


class Layout(Enum):
    """Where a table for people puts a column: the elements of a vector down or across."""

    DOWN = "down"  # a row for each
    ACROSS = "across"  # a column for each
    ABSENT = "absent"  # not at all


class Column(NamedTuple):
    """One column: a cell is a text, or for vectors a list of texts.

    Attributes:
        name: the key in JSON and the header in CSV; stable.
        cells: one a record.
        kind: what the cells are.
        title: the header for people; the name by default.
        layout: where a table for people puts it.
    """

    name: str
    cells: Sequence[str] | Sequence[Sequence[str]]
    kind: Kind = Kind.TEXT
    title: str = ""
    layout: Layout = Layout.DOWN


class Numbers(NamedTuple):
    """An answer of plain numbers, which renderers may write without their texts.

    Attributes:
        values: all of them, in order.
        form: the format that they are of.
        counts: how many stand on each line; None means one each.
    """

    values: Array
    form: Format
    counts: Sequence[int] | None = None


class Table(NamedTuple):
    """A piece of a result: records in columns.

    Attributes:
        columns: all of one length.
        answer: the names of the columns that `plain` writes.
        lines: how many records each line of `plain` holds; None means one each.
        numbers: the answer's numbers, where it is one column of numbers or vectors.
        heading: what stands above a table for people.
        optional: names of columns that a table for people does without where it is too wide, the first ones first.
        keys: how many columns begin each part of a table for people that is too wide; 0 is for tables in one part.
        goes_on: whether the last line of `plain` goes on with the next table.
    """

    columns: tuple[Column, ...]
    answer: tuple[str, ...]
    lines: Sequence[int] | None = None
    numbers: Numbers | None = None
    heading: str = ""
    optional: tuple[str, ...] = ()
    keys: int = 0
    goes_on: bool = False

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


class Texts(Sequence[str]):
    """The texts of numbers, written when first asked for: `plain` writes the numbers without them."""

    def __init__(self, values: Array, form: Format) -> None:
        self._values = values
        self._form = form

    @cached_property
    def _texts(self) -> list[str]:
        from actfn.output import numbers

        return numbers.texts(self._values, self._form)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._texts[place]

    def __len__(self) -> int:
        return int(self._values.size)

    def each(self, first: int, step: int) -> Texts:
        """The texts from one on, a step apart."""
        return Texts(self._values[first::step], self._form)


class VectorTexts(Sequence[list[str]]):
    """The texts of vectors, written when first asked for."""

    def __init__(self, vectors: Sequence[Array], form: Format) -> None:
        self._vectors = vectors
        self._form = form

    @cached_property
    def _texts(self) -> list[list[str]]:
        from actfn.output import numbers

        return [numbers.texts(vector, self._form) for vector in self._vectors]

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...
    def __getitem__(self, place: int | slice) -> list[str] | list[list[str]]:
        return self._texts[place]

    def __len__(self) -> int:
        return len(self._vectors)


def number_column(name: str, values: Array, form: Format, title: str = "") -> Column:
    """A column of numbers of a format."""
    return Column(name, Texts(values, form), Kind.NUMBER, title)


def derivative_title(order: int) -> str:
    """The header of a column of derivatives."""
    return "derivative" if order == 1 else f"derivative {order}"
