"""From numbers to answers, written as they come: what `eval` and `diff` share."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from actfn.cli import emit
from actfn.cli.kinds import RECORDS, Input, Output
from actfn.errors import DataError, UsageError
from actfn.expression import effort
from actfn.output.forms import Form
from actfn.output.table import Kind, Numbers, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from actfn.analysis.alarms import Tally
    from actfn.cli.input import Source
    from actfn.cli.readers.block import Block, Faults, Records

    Make = Callable[[Block, Tally, Faults], Iterable[Table]]


# glibc keeps what is freed up to the largest size that was ever freed: a stream frees and takes the same sizes over and
# over, and getting them from the system each time would take as long as relu does
_KEPT = 1 << 24
_PART = 1 << 17  # numbers of a long line that are answered at once: what holds a few megabytes at most


def write(
    source: Source,
    blocks: Iterable[Block],
    make: Make,
    tally: Tally,
    *,
    form: Form,
    output: Output | None = None,
    jobs: int = 1,
    vectors: bool = False,
) -> None:
    """Write the tables that `make` makes of each block, beside the records that it came from.

    A line of very many numbers is answered in parts, but not where it is a vector, or a row of a binary array.

    Raises:
        UsageError: the answer cannot be written in that form.
        DataError: the stream ends in what cannot be read. What came before has been written.
    """
    bytearray(_KEPT)

    def limited(block: Block, tally: Tally, faults: Faults) -> Iterable[Table]:
        for part, goes_on in ((block, False),) if vectors or output else block.parts(_PART):
            effort.renew(part.values.size)
            for table in make(part, tally, faults):
                yield table._replace(goes_on=goes_on)

    resolved = _resolved(source, form, output)
    with emit.rendering(resolved, output, streaming=source.streaming, dialect=source.dialect) as out:
        if jobs > 1 and out.parts:
            from actfn.cli.jobs import spread

            spread(source, jobs, limited, tally, out)
            blocks = ()
        for block in blocks:
            while source.faults.remarks:
                emit.note(source.faults.remarks.pop())
            for table in limited(block, tally, source.faults):
                out.write(_beside(block.records, table, resolved) if block.records else table)
            out.stream.flush()
    if source.faults.count:
        emit.note(source.faults.sentence())


def _beside(records: Records, table: Table, form: Form) -> Table:
    """The records with their answers. Raises UsageError where an object would have two members with one key."""
    table = records.beside(table)
    names = [column.name for column in table.columns]
    if form in (Form.JSON, Form.NDJSON) and len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        message = f"several columns are called {twice!r}: an object holds one of them only"
        raise UsageError(message, hint="--format csv, tsv or plain")
    return table


def _resolved(source: Source, form: Form, output: Output | None) -> Form:
    if output is not None:
        if form is not Form.AUTO:
            message = f"both --output {output} and --format {form} are given"
            raise UsageError(message, hint="leave one out")
        if sys.stdout.isatty():
            message = f"{output} is not for a terminal"
            raise UsageError(message, hint="send it into a file or a pipe")
    if source.kind is Input.NDJSON and form in (Form.CSV, Form.TSV, Form.TABLE):
        message = f"objects have no columns to be written as {form}"
        raise UsageError(message, hint="--format ndjson, json or plain")
    if form is Form.AUTO and source.kind in RECORDS:
        return Form.NDJSON if source.kind is Input.NDJSON else _unless_seen(Form(source.kind.value))
    return form


def _unless_seen(form: Form) -> Form:
    """The form, but for a person a table."""
    return Form.TABLE if sys.stdout.isatty() else form


def line_by_line(make: Callable[[Block], Table], block: Block, faults: Faults) -> Iterator[Table]:
    """The table of a block of vectors; where one has a length that the function cannot part, that of each line.

    Raises:
        DataError: naming the line, after the tables of the lines before it.
    """
    try:
        yield make(block)
    except DataError:
        if not block.origin:
            raise
        for place, single in enumerate(block.each()):
            line = single.places[0] if single.places else place + 1
            try:
                yield make(single)
            except DataError as error:
                if not np.isnan(single.values).any():  # else it has been met already, or says nothing
                    faults.met(f"{block.origin}:{line}: {error.message}", error.hint)
                if not faults.skips:
                    yield _unknown(make(block._replace(values=block.values[:0], counts=())))


def _unknown(empty: Table) -> Table:
    """A record of nan, in the columns of a table without any."""
    texts = {Kind.NUMBER: "nan", Kind.TEXT: "undefined"}
    columns = tuple(
        column._replace(cells=[["nan"]] if column.kind is Kind.VECTOR else [texts[column.kind]])
        for column in empty.columns
    )
    numbers = empty.numbers and Numbers(np.array([np.nan]), empty.numbers.form, [1])
    return Table(columns, empty.answer, None, numbers)
