"""One renderer per format. Each is given the pieces of a result as they become known, and writes bytes to a stream."""

from __future__ import annotations

import io
import math
from abc import ABC, abstractmethod
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO, cast

from actfn.output.forms import USUAL, Dialect, Form, Screen
from actfn.output.table import Column, Kind, Table, Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Renderer(ABC):
    """Writes tables of the same columns, one after the other."""

    parts = True  # whether what comes later may be rendered elsewhere

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.started = False

    @abstractmethod
    def write(self, table: Table) -> None:
        """Write a piece at once."""

    def go_on(self, written: bytes) -> None:
        """Write what was rendered elsewhere from the start on, as what comes later if anything has come before."""
        self.stream.write(self._further(written) if self.started else written)
        self.started = self.started or bool(written)

    def _further(self, written: bytes) -> bytes:
        """What was rendered from the start on, without its beginning."""
        return written

    def finish(self) -> None:  # noqa: B027 - most formats end with nothing
        """Write what the format ends with. Called once, also after an error."""


class Plain(Renderer):
    """The answer alone, a line of input a line, numbers of one line separated by blanks."""

    def write(self, table: Table) -> None:
        written = _quickly(table)
        if written is None:
            written = self._joined(table)
        self.stream.write(bytes(written[:-1]) + b" " if table.goes_on else written)

    def _joined(self, table: Table) -> bytes:
        columns = [_fields(table.column(name)) for name in table.answer]
        cells = columns[0] if len(columns) == 1 else [" ".join(fields) for fields in zip(*columns, strict=True)]
        if table.lines is None:
            shown = cells
        else:
            ends = accumulate(table.lines)
            shown = [" ".join(cells[end - count : end]) for end, count in zip(ends, table.lines, strict=True)]
        return "".join(f"{line}\n" for line in shown).encode()


def _quickly(table: Table) -> bytes | memoryview | None:
    """The lines of a table that are numbers alone; None where that is not so, or they are to be joined from texts."""
    if table.numbers is None:
        return None
    from actfn.output import numbers

    return numbers.lines(table.numbers.values, table.numbers.form, table.numbers.counts)


class Separated(Renderer):
    """A header, if there is one, and a record a line; vectors are one field of numbers separated by blanks."""

    def __init__(self, stream: BinaryIO, dialect: Dialect) -> None:
        super().__init__(stream)
        self.delimiter = dialect.delimiter
        self.header = dialect.header

    def write(self, table: Table) -> None:
        rows = [] if self.started or not self.header else [tuple(column.name for column in table.columns)]
        rows += zip(*map(_fields, table.columns), strict=True)
        self.started = True
        self.stream.write((self._joined(rows, len(table.columns)) or self._quoted(rows)).encode())

    def _further(self, written: bytes) -> bytes:
        """The records without the header."""
        return written.partition(b"\n")[2] if self.header else written

    def _joined(self, rows: list[tuple[str, ...]], width: int) -> str:
        """The records as they are, at thrice the speed; empty if a field has to be quoted."""
        text = "".join([f"{self.delimiter.join(row)}\n" for row in rows])
        plain = '"' not in text and "\r" not in text and text.count("\n") == len(rows)
        return text if width > 1 and plain and text.count(self.delimiter) == len(rows) * (width - 1) else ""

    def _quoted(self, rows: list[tuple[str, ...]]) -> str:
        import csv

        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator="\n").writerows(rows)
        return text.getvalue()


class Ndjson(Renderer):
    """A JSON object a line. JSON has no infinities: they, and nan, are the strings "inf", "-inf", "nan"."""

    def write(self, table: Table) -> None:
        self.stream.write("".join(f"{record}\n" for record in records(table)).encode())


class Json(Renderer):
    """One JSON array of objects, its elements written as they come; strings as in `Ndjson`."""

    def write(self, table: Table) -> None:
        for record in records(table):
            self.stream.write(b",\n " if self.started else b"[\n ")
            self.stream.write(record.encode())
            self.started = True

    def _further(self, written: bytes) -> bytes:
        """The elements of an array go on after a comma."""
        return b"," + written[1:] if written else written

    def finish(self) -> None:
        self.stream.write(b"\n]\n" if self.started else b"[]\n")


def _fields(column: Column) -> Sequence[str]:
    """The cells as texts, vectors as numbers separated by blanks."""
    if isinstance(column.cells, Texts):
        return column.cells[:]
    return (
        [" ".join(cell) for cell in column.cells] if column.kind is Kind.VECTOR else cast("Sequence[str]", column.cells)
    )


def records(table: Table) -> Iterator[str]:
    """Each record as the text of a JSON object."""
    import orjson

    names = [orjson.dumps(column.name).decode().replace("%", "%%") for column in table.columns]
    members = ("%s" if c.kind is Kind.RECORD else f"{name}: %s, " for c, name in zip(table.columns, names, strict=True))
    record = "{" + "".join(members).removesuffix(", ") + "}"
    return (record % cells for cells in zip(*map(_json_cells, table.columns), strict=True))


def _json_cells(column: Column) -> Iterator[str]:
    if column.kind is Kind.VECTOR:
        return (f"[{', '.join(map(_json_number, cell))}]" for cell in column.cells)
    if column.kind is Kind.NUMBER:
        return (_json_number(str(cell)) for cell in column.cells)
    if column.kind is Kind.RECORD:
        inside = (str(cell)[1:-1].strip() for cell in column.cells)  # the answer comes after it
        return (f"{members}, " if members else "" for members in inside)
    import orjson

    if column.kind is Kind.MIXED:
        return (_json_mixed(str(cell)) or orjson.dumps(cell).decode() for cell in column.cells)
    return (orjson.dumps(cell).decode() for cell in column.cells)


def _json_mixed(shown: str) -> str:
    """A number, or null for a dash; empty for words, inf and nan."""
    if shown == "-":
        return "null"
    try:
        return shown if math.isfinite(float(shown)) else ""
    except ValueError:
        return ""


def _json_number(shown: str) -> str:
    """A number is its own JSON, but for what JSON has no number for."""
    return shown if shown[-1].isdigit() else f'"{shown}"'


def renderer(
    form: Form, stream: BinaryIO, screen: Screen, *, streaming: bool = False, dialect: Dialect = USUAL
) -> Renderer:
    """The renderer of a format.

    The screen and `streaming` (more pieces will follow) matter to tables only, the dialect to csv, its header to tsv.
    """
    if form is Form.TABLE:
        from actfn.output.rich_table import RichTable

        return RichTable(stream, width=screen.width, unicode=screen.unicode, streaming=streaming)
    makers: dict[Form, Callable[[BinaryIO], Renderer]] = {
        Form.PLAIN: Plain,
        Form.CSV: lambda stream: Separated(stream, dialect),
        Form.TSV: lambda stream: Separated(stream, dialect._replace(delimiter="\t")),
        Form.JSON: Json,
        Form.NDJSON: Ndjson,
    }
    return makers[form](stream)
