"""A column of numbers in records: csv and tsv with a header, JSON objects a line. The other columns are passed on."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import orjson

from actfn.cli.kinds import Input
from actfn.cli.readers.block import GOES_ON, Block, Faults, Records, chunks
from actfn.cli.readers.encoding import MAX_LINE, pieces
from actfn.cli.readers.text import plain_numbers
from actfn.errors import DataError, UsageError, quoted, suggestion
from actfn.numerics.numerals import number
from actfn.output.table import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from actfn.numerics.kernels import Array


DELIMITERS = {Input.CSV: ",", Input.TSV: "\t"}
_MISSING = object()
_NO_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)')  # texts are passed over
_AS_TEXT = {"NaN": '"nan"', "Infinity": '"inf"', "-Infinity": '"-inf"'}  # as in every JSON of ours


@dataclass(frozen=True)
class Wanted:
    """Which column is read, and what the answer beside it is called."""

    column: str
    name: str


def columns(stream: BinaryIO, kind: Input) -> list[str]:
    """The names of the columns in the first line of a stream; none where it has none."""
    line = stream.readline(MAX_LINE).decode(errors="replace").removeprefix("\ufeff").strip()
    try:
        if kind is Input.NDJSON:
            record = json.loads(line)
            return [*record] if isinstance(record, dict) else []
        return next(csv.reader([line], delimiter=DELIMITERS[kind]), [])
    except (csv.Error, ValueError, RecursionError):
        return []


def separated(stream: BinaryIO, name: str, faults: Faults, wanted: Wanted, delimiter: str) -> Iterator[Block]:
    """The numbers of a column of csv or tsv, whose first record is the header; fields may be quoted and hold line ends.

    Raises:
        UsageError: there is no such column, or it is not clear which.
        DataError: a field is no number, or a record has not as many fields as the header.
    """
    csv.field_size_limit(MAX_LINE)
    lines = _Lines(stream, name, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    alone = True
    try:
        for row in reader:
            if not header:
                header = row
                place = _place(header, wanted, name)
            elif row:
                alone = False
                rows.append((reader.line_num + lines.passed, row))
            if lines.waits and header:
                yield from _block(rows, header, place, name, faults, wanted) if rows else ()
                rows = []
                for first, plain in lines.plain():
                    alone = False
                    yield from _plain_block(plain, first, header, place, name, faults, wanted)
        if header and alone:  # it has a column more, all the same
            yield Block(np.empty(0), None, name, (), _records([], header, wanted))
    except csv.Error as error:
        yield from _block(rows, header, place, name, faults, wanted) if rows else ()
        message = f"{name}:{reader.line_num + lines.passed}: {error}"
        raise DataError(message) from None


class _Lines:
    """The lines of a stream, for the csv reader.

    Attributes:
        waits: whether the next line has yet to come from the stream.
        passed: how many lines the reader has not seen.
    """

    def __init__(self, stream: BinaryIO, name: str, delimiter: str) -> None:
        self._pieces = pieces(chunks(stream, name), name)
        self._name = name
        self._delimiter = delimiter
        self._given = 0
        self._lines: list[str] = []
        self.waits = True
        self.passed = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        while not self._lines:  # a piece may be nothing, after a byte order mark
            self._lines = self._parted(next(self._pieces))[::-1]
        self._given += 1
        line = self._lines.pop()
        self.waits = not self._lines
        return line

    def plain(self) -> Iterator[tuple[int, list[list[str]]]]:
        """The records of pieces without a quote, which end where their lines do, and the number of the first line.

        The first piece that is not like that is left to the reader, who must be between two records.
        """
        for data in self._pieces:
            lines = self._parted(data)
            try:
                rows = None if b'"' in data else list(csv.reader(lines, delimiter=self._delimiter, strict=True))
            except csv.Error:
                rows = None
            if rows is None:
                self._lines = lines[::-1]
                return
            yield self._given + 1, rows
            self._given += len(lines)
            self.passed += len(lines)

    def _parted(self, data: bytes) -> list[str]:
        try:
            return _split(data.decode())
        except UnicodeDecodeError as error:
            place = self._given + data.count(b"\n", 0, error.start) + 1
            message = f"{self._name}:{place}: not text: {quoted(data[error.start :].decode('latin-1'), 20)}"
            raise DataError(message, hint="the encoding must be UTF-8") from None


def _split(text: str) -> list[str]:
    """The lines, parted at line ends only."""
    lines = [f"{line}\n" for line in text.split("\n")]
    return [*lines[:-1], lines[-1][:-1]] if lines[-1] != "\n" else lines[:-1]


def _place(header: Sequence[str], wanted: Wanted, name: str) -> int:
    if header.count(wanted.column) != 1:
        several = wanted.column in header
        message = f"{name}: {'several columns are' if several else 'no column is'} called {wanted.column!r}"
        near = "" if several else suggestion(wanted.column, [*header])
        other = next((mark for mark in ";\t|," if len(header) == 1 and mark in header[0]), "")
        if other:
            near = f"its columns are parted by {other!r}: csv is read with commas, --input tsv with tabs"
        raise UsageError(message, hint=near or f"the columns: {', '.join(header)}")
    if wanted.name in header:
        message = f"{name}: there is a column {wanted.name!r} already"
        raise UsageError(message, hint="name the answer with --as")
    return header.index(wanted.column)


def _plain_block(
    rows: list[list[str]], first: int, header: list[str], place: int, name: str, faults: Faults, wanted: Wanted
) -> Iterator[Block]:
    """The numbers of records that stand on a line each: all at once, if they are plain and nothing else is wrong."""
    if set(map(len, rows)) == {len(header)}:
        values = plain_numbers([row[place] for row in rows])
        if values is not None:
            yield Block(values, None, name, range(first, first + len(rows)), _records(rows, header, wanted))
            return
    yield from _block([(line, row) for line, row in enumerate(rows, first) if row], header, place, name, faults, wanted)


def _records(rows: list[list[str]], header: list[str], wanted: Wanted) -> Records:
    fields = zip(*rows, strict=True) if rows else [()] * len(header)
    columns = [Column(title, cells) for title, cells in zip(header, fields, strict=True)]
    return Records(tuple(columns), wanted.name)


def _block(
    rows: list[tuple[int, list[str]]], header: list[str], place: int, name: str, faults: Faults, wanted: Wanted
) -> Iterator[Block]:
    """The numbers of records; those before one that ends the stream come first."""
    kept, values, lines = [], [], []
    trouble = None
    for line, row in rows:
        try:
            if len(row) != len(header):
                _unusable(f"{name}:{line}: the record has {len(row)} fields, the header {len(header)}", faults)
                continue
            value = _number(row[place], f"{name}:{line}: column {wanted.column!r}", faults)
        except DataError as error:
            trouble = error
            break
        if value is not None:
            kept.append(row)
            values.append(value)
            lines.append(line)
    if kept:
        yield Block(np.array(values), None, name, lines, _records(kept, header, wanted))
    if trouble:
        raise trouble


def _unusable(message: str, faults: Faults) -> None:
    """Leave out a record of which nothing can be passed on, where that was asked for. Raises DataError elsewhere."""
    if not faults.skips:
        raise DataError(message, hint="--on-error skip leaves it out and goes on")
    faults.met(message)


def objects(stream: BinaryIO, name: str, faults: Faults, wanted: Wanted) -> Iterator[Block]:
    """The numbers under a key of JSON objects, one a line; blank lines are passed over.

    Raises:
        DataError: a line is no object, has no such key, or no number there.
    """
    first = 1
    for data in pieces(chunks(stream, name), name):
        kept, values, lines = [], [], []
        trouble = None
        plain = _plain_members(data, wanted)
        if plain is not None:
            found, texts = plain
            records = Records((Column("record", texts, Kind.RECORD),), wanted.name)
            yield Block(found, None, name, range(first, first + len(texts)), records)
            first += len(texts)
            continue
        every = data.removesuffix(b"\n").split(b"\n")
        for line, raw in enumerate(every, first):
            if not raw.strip():
                continue
            try:
                value = _member(raw, f"{name}:{line}", faults, wanted)
            except DataError as error:
                trouble = error
                break
            if value is not None:
                kept.append(_NO_JSON.sub(lambda found: _AS_TEXT.get(found[0], found[0]), raw.decode().strip()))
                values.append(value)
                lines.append(line)
        first += len(every)
        if kept:
            records = Records((Column("record", kept, Kind.RECORD),), wanted.name)
            yield Block(np.array(values), None, name, lines, records)
        if trouble:
            raise trouble


def _plain_members(data: bytes, wanted: Wanted) -> tuple[Array, list[str]] | None:
    """The numbers and the texts of objects, one a line; None if anything about any line is not as it should be."""
    try:
        texts = data.decode().removesuffix("\n").split("\n")
        found = list(map(orjson.loads, texts))
        cells = [record[wanted.column] for record in found]
    except (ValueError, KeyError, TypeError):
        return None
    fits = set(map(type, found)) == {dict} and set(map(type, cells)) <= {int, float}
    if not fits or any(wanted.name in record for record in found):
        return None
    return np.array(cells, np.float64), [text.strip() for text in texts]


def _member(raw: bytes, where: str, faults: Faults, wanted: Wanted) -> float | None:
    try:
        record = json.loads(raw, parse_int=float)  # NaN and Infinity too, as pandas and Python write them
    except (ValueError, RecursionError) as error:
        record, what = None, f"not JSON: {error}"
    else:
        what = "" if isinstance(record, dict) else f"not an object: {quoted(raw.decode())}"
    if not isinstance(record, dict):
        _unusable(f"{where}: {what}", faults)
        return None
    if wanted.name in record:
        message = f"{where}: there is a key {wanted.name!r} already"
        raise DataError(message, hint="name the answer with --as")
    return _number(record.get(wanted.column, _MISSING), f"{where}: key {wanted.column!r}", faults)


def _number(cell: Any, where: str, faults: Faults) -> float | None:
    """The number of a cell; None where the record is to be left out. Raises DataError."""
    try:
        if isinstance(cell, str):
            return number(cell)
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return float(cell)
        what = "null" if cell is None else "missing" if cell is _MISSING else f"not a number: {quoted(str(cell))}"
    except ValueError:
        what = f"not a number: {quoted(cell)}" if cell.strip() else "empty"
    faults.met(f"{where} is {what}", hint=GOES_ON)
    return None if faults.skips else math.nan
