"""Keys of JSON objects, one a line. An object is passed on as it came."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import orjson

from actfn.cli.readers.block import Block, Faults, Records, Wanted
from actfn.cli.readers.encoding import MARK
from actfn.cli.readers.lines import Flaw, numbered, plain_text, read_line
from actfn.cli.readers.records import MISSING, Reading, Row
from actfn.errors import quoted
from actfn.output.table import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from actfn.numerics.kernels import Array

_BLANKS = " \t\r"  # JSON's
_NO_JSON = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|-?(?:NaN|Infinity)')  # texts are passed over
_AS_TEXT = {"NaN": '"nan"', "Infinity": '"inf"', "-Infinity": '"-inf"'}  # as in every JSON of ours
_NEGATIVE_ZERO = re.compile(rb"-0[\s,}]")


def objects(stream: BinaryIO, name: str, faults: Faults, wanted: Wanted) -> Iterator[Block]:
    """Yield the numbers under keys of JSON objects, one a line; blank lines are passed over.

    Of several members with one key the last counts, as everywhere.

    Raises:
        DataError: a line is no object, has no such key, or no number there.
    """
    names = wanted.names(wanted.columns)

    def records(texts: Sequence[str]) -> Records:
        return Records((Column("record", texts, Kind.RECORD),), names)

    def tokens(text: str) -> list[str]:
        record = json.loads(text, parse_float=str, parse_int=str)
        return [str(record.get(column)) for column in wanted.columns]

    reading = Reading(name, [f"key {column!r}" for column in wanted.columns], records, "{}", faults, tokens)
    for first, data in numbered(stream, name):
        plain = _plain(data, wanted.columns, names)
        if plain is not None:
            values, texts = plain
            yield reading.quick_block(values, range(first, first + len(texts)), texts)
            continue
        lines = enumerate(data.removesuffix(b"\n").split(b"\n"), first)
        rows = (_row(line, *read_line(raw), wanted.columns, names) for line, raw in lines)
        yield from reading.blocks(row for row in rows if row)


def _plain(data: bytes, columns: Sequence[str], names: Sequence[str]) -> tuple[Array, list[str]] | None:
    """The numbers and the texts of objects, one a line; None if anything about any line is not as it should be."""
    text = plain_text(data)
    if text is None:
        return None
    texts = text.split("\n")
    try:
        found = list(map(orjson.loads, texts))
        if len(columns) == 1:
            (column,) = columns
            cells = [record[column] for record in found]
        else:
            cells = [record[column] for record in found for column in columns]
    except (ValueError, KeyError, TypeError):
        return None
    fits = set(map(type, found)) == {dict} and set(map(type, cells)) <= {int, float}
    if not fits or any(name in record for name in names for record in found):
        return None
    values = np.array(cells, np.float64)
    if not values.all() and _NEGATIVE_ZERO.search(data):  # which orjson takes for a whole number: those have one zero
        return None
    return values, [each.strip() for each in texts]


def _row(line: int, text: str, flaw: Flaw | None, columns: Sequence[str], names: Sequence[str]) -> Row | None:
    """A line as a record; None for a blank one."""
    shown = text.lstrip(MARK).rstrip(_BLANKS)
    if flaw is None and not shown:
        return None
    record: Any = None
    if flaw is None:
        try:
            record = _loaded(shown, columns)
        except json.JSONDecodeError as error:
            flaw = Flaw(_where(shown, error.pos))
        except RecursionError:
            flaw = Flaw("the object is nested too deeply")
    if flaw is None and not isinstance(record, dict):
        flaw = Flaw(f"not an object: {quoted(shown)}")
    if flaw is not None:
        return Row(line, None, (), flaw)
    clash = next((each for each in names if each in record), None)
    if clash is not None:
        return Row(line, None, (), Flaw(f"there is a key {clash!r} already", "name the answer with --as", final=True))
    passed = shown.lstrip(_BLANKS)
    if "NaN" in passed or "Infinity" in passed:
        passed = _NO_JSON.sub(lambda found: _AS_TEXT.get(found[0], found[0]), passed)
    return Row(line, passed, [record.get(column, MISSING) for column in columns])


def _loaded(text: str, columns: Sequence[str]) -> Any:
    """Read a line as `_plain` does, so that no other line of its piece decides whether it can be read.

    What that takes for no JSON is read as Python does: NaN and Infinity, as pandas and Python write them, and numbers
    of any size. So is a zero that may be negative. Raises JSONDecodeError, or RecursionError.
    """
    with suppress(orjson.JSONDecodeError):
        record = orjson.loads(text)
        if not isinstance(record, dict) or all(map(record.get, columns)) or not _NEGATIVE_ZERO.search(text.encode()):
            return record
    return json.loads(text, parse_int=float)


def _where(text: str, place: int) -> str:
    """Where a line stops being JSON."""
    if place >= len(text):
        return f"not JSON: the line ends early, at column {len(text) + 1}"
    return f"not JSON from column {place + 1} on: {quoted(text[place:], 20)}"


def keys(line: bytes) -> list[str]:
    """The keys of an object; none where it is not one."""
    try:
        record = json.loads(line.decode(errors="replace").lstrip(MARK))
    except (ValueError, RecursionError):
        return []
    return [*record] if isinstance(record, dict) else []
