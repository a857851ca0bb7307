"""Columns of csv and tsv. Fields may be quoted and hold line ends; the other columns are passed on."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from actfn.cli.kinds import Input
from actfn.cli.readers.block import Block, Faults, Records, Wanted
from actfn.cli.readers.encoding import MARK, MAX_LINE
from actfn.cli.readers.header import Header
from actfn.cli.readers.lines import Flaw, numbered, plain_text, read_line
from actfn.cli.readers.records import Reading, Row
from actfn.cli.readers.text import plain_numbers
from actfn.errors import DataError, UsageError
from actfn.output.table import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from actfn.output.forms import Dialect

DELIMITERS = {Input.CSV: ",", Input.TSV: "\t"}
_PATIENCE = 4  # times as many characters are read again as have come
_SENTENCES = {  # for a word of those of Python's csv
    "end of data": ("a quote is not closed", ""),
    "expected after": ("a closing quote is followed by neither {delimiter!r} nor a line end", ""),
    "new-line": ("a carriage return stands within an unquoted field", "if lines end in it: tr '\\r' '\\n'"),
}


def separated(stream: BinaryIO, name: str, faults: Faults, wanted: Wanted, dialect: Dialect) -> Iterator[Block]:
    """Yield the numbers of columns of csv or tsv, whose first record is the header unless the dialect has none.

    Raises:
        UsageError: there is no such column, or it is not clear which.
        DataError: a field is no number, a record has not as many fields as the header, or is not csv.
    """
    csv.field_size_limit(MAX_LINE)
    lines = _Lines(stream, name, dialect.delimiter)
    layout: _Layout | None = None
    rows: list[tuple[int, list[str] | Flaw]] = []
    alone = True
    for line, row in lines.records():
        if layout is not None:
            rows += [(line, row)] if row else []
        elif isinstance(row, Flaw):
            if dialect.header or not faults.skips or row.final:
                raise DataError(f"{name}:{line}: {row.message}", hint=row.hint)
            faults.met(f"{name}:{line}: {row.message}")
        elif row:
            layout = _layout(row, name, faults, wanted, dialect)
            rows = [] if dialect.header else [(line, row)]
        if layout is not None and not lines.left:
            for block in layout.blocks(rows, lines.whole()):
                alone = False
                yield block
            rows = []
    if layout is not None and alone:  # it has a column more, all the same
        yield layout.reading.quick_block(np.empty(0), (), ())


class _Layout:
    """The columns of a stream, and where those stand that are read."""

    def __init__(self, reading: Reading, width: int, positions: Sequence[int]) -> None:
        self.reading = reading
        self._width = width
        self._positions = positions

    def blocks(
        self, rows: Sequence[tuple[int, list[str] | Flaw]], whole: Iterator[tuple[Sequence[int], list[list[str]]]]
    ) -> Iterator[Block]:
        """Yield the numbers of records, and then those of whole pieces of them."""
        yield from self.reading.blocks([self._row(line, row) for line, row in rows])
        for lines, found in whole:
            yield from self._at_once(lines, found)

    def _at_once(self, lines: Sequence[int], rows: list[list[str]]) -> Iterator[Block]:
        """All numbers at once, if they are plain and nothing else is wrong."""
        if set(map(len, rows)) == {self._width}:
            if len(self._positions) == 1:
                (position,) = self._positions
                values = plain_numbers([row[position] for row in rows])
            else:
                values = plain_numbers([row[position] for row in rows for position in self._positions])
            if values is not None:
                yield self.reading.quick_block(values, lines, rows)
                return
        yield from self.reading.blocks([self._row(line, row) for line, row in zip(lines, rows, strict=True) if row])

    def _row(self, line: int, row: list[str] | Flaw) -> Row:
        if isinstance(row, Flaw):
            return Row(line, None, (), row)
        if len(row) != self._width:
            fields = "1 field" if len(row) == 1 else f"{len(row)} fields"
            return Row(line, None, (), Flaw(f"the record has {fields} instead of {self._width}"))
        return Row(line, row, [row[position] for position in self._positions])


def _layout(first: list[str], name: str, faults: Faults, wanted: Wanted, dialect: Dialect) -> _Layout:
    """The columns, from the first record. Raises UsageError."""
    header = Header(name, first, dialect)
    positions = header.positions(wanted.columns)
    chosen = [header.names[position] for position in positions]
    names = wanted.names(chosen)
    clash = next((each for each in names if each in header.names), None)
    if clash is not None:
        message = f"{name}: there is a column {clash!r} already"
        raise UsageError(message, hint="name the answer with --as")
    if header.remark:
        faults.remarks.append(f"{name}: {header.remark}")

    def records(rows: Sequence[list[str]]) -> Records:
        fields = zip(*rows, strict=True) if rows else [()] * len(first)
        return Records(tuple(Column(title, cells) for title, cells in zip(header.names, fields, strict=True)), names)

    labels = [f"column {column!r}" for column in chosen]

    def tokens(row: Sequence[str]) -> list[str]:
        return [row[position] for position in positions]

    return _Layout(Reading(name, labels, records, [""] * len(first), faults, tokens), len(first), positions)


class _Lines:
    """The lines of a stream, for Python's csv reader, and the records that it makes of them.

    Attributes:
        left: the lines that have come and not been given, the next one last.
    """

    def __init__(self, stream: BinaryIO, name: str, delimiter: str) -> None:
        self._pieces = numbered(stream, name)
        self._delimiter = delimiter
        self.left: list[str] = []
        self._line = 0  # the number of the last line given
        self._record: list[str] = []  # the lines given of this record
        self._size = 0  # and their characters
        self._flaws: dict[int, Flaw] = {}  # of lines that are not text
        self._come = self._again = 0  # characters that came, and that were given once more

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if not self.left:
            self._take(*next(self._pieces))
        line = self.left.pop()
        if not self._record:
            line = line.lstrip(MARK)
        self._line += 1
        self._record.append(line)
        self._size += len(line)
        if self._size > MAX_LINE + 1:  # with the line end
            raise _TooLongError
        return line

    def _take(self, first: int, data: bytes) -> None:
        """Part a piece into lines."""
        self._come += len(data)
        text = plain_text(data)
        begun = self._line - len(self._record)
        self._flaws = {line: flaw for line, flaw in self._flaws.items() if line > begun}
        if text is not None:
            lines = text.split("\n")
        else:
            lines = []
            for line, raw in enumerate(data.removesuffix(b"\n").split(b"\n"), first):
                shown, flaw = read_line(raw)
                lines.append(shown)
                if flaw:
                    self._flaws[line] = flaw
        self.left = [f"{line}\n" for line in reversed(lines)]

    def records(self) -> Iterator[tuple[int, list[str] | Flaw]]:
        """Yield the number of each record's first line and its fields, or that of a line and why it has none."""
        reader = csv.reader(self, delimiter=self._delimiter, strict=True)
        while True:
            self._record, self._size = [], 0
            line = self._line + 1
            try:
                row: list[str] | Flaw = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                row = self._refused(*_sentence(str(error), self._delimiter))
            except _TooLongError:
                row = self._refused(f"the record is longer than {MAX_LINE} characters", "is a quote not closed?")
            else:
                for each in range(line, self._line + 1) if self._flaws else ():
                    if each in self._flaws:
                        line, row = each, self._flaws[each]
                        break
            yield line, row

    def _refused(self, message: str, hint: str) -> Flaw:
        """What is wrong with the record that was begun. Its further lines are given once more, as other records."""
        further = self._record[1:]
        self.left += reversed(further)
        self._line -= len(further)
        self._again += sum(map(len, further))
        # a text in which every line seems to open a quote that is never closed would be read over and over
        final = self._again > _PATIENCE * (self._come + MAX_LINE)
        if final:
            self.left = []
        return Flaw(message, hint, final)

    def whole(self) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """Yield the records of pieces that hold whole ones without a flaw, and the numbers of their first lines.

        The first piece that is not like that is left to `records`, which must be between two of them.
        """
        for first, data in self._pieces:
            found = self._whole(first, data)
            if found is None:
                self._record, self._line = [], first - 1
                self._take(first, data)
                return
            self._come += len(data)
            yield found

    def _whole(self, first: int, data: bytes) -> tuple[Sequence[int], list[list[str]]] | None:
        """The records of a piece, all at once; None if it has a flaw, or ends within one."""
        text = plain_text(data)
        if text is None:
            return None
        quotes = '"' in text
        lines = [f"{line}\n" for line in text.split("\n")] if quotes else text.split("\n")
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        try:
            if not quotes:
                return range(first, first + len(lines)), list(reader)
            ended = [(reader.line_num, row) for row in reader]
        except csv.Error:
            return None
        begun = [first, *(first + line for line, _ in ended[:-1])]
        return begun, [row for _, row in ended]


class _TooLongError(Exception):
    """A record is longer than the limit."""


def _sentence(said: str, delimiter: str) -> tuple[str, str]:
    """What is wrong in our words, and what to do about it."""
    for word, (message, hint) in _SENTENCES.items():
        if word in said:
            return message.format(delimiter=delimiter), hint
    return "not a record of csv", ""


def columns(line: bytes, delimiter: str) -> list[str]:
    """The names in a header; none where it is not one."""
    try:
        return next(csv.reader([line.decode(errors="replace").lstrip(MARK)], delimiter=delimiter), [])
    except csv.Error:
        return []
