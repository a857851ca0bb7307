"""From a file's name, or none, to its blocks: opened, unpacked, watched, and given to the reader for what it holds."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from actfn.cli.kinds import ENDINGS, RECORDS, Input
from actfn.cli.readers.block import Faults
from actfn.cli.streams import Waiting
from actfn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO

    from actfn.cli.readers.block import Block

_GZIP = ".gz"


class Stream(NamedTuple):
    """A stream of numbers that has been asked for.

    Attributes:
        file: its name; None for standard input.
        form: what it holds; by default what the name's ending says, text for none, csv where a column is wanted.
        column: the column of records.
        name: what the answer is called beside the column.
        progress: whether to show how far it is read.
    """

    file: str | None = None
    form: Input | None = None
    column: str | None = None
    name: str = ""
    progress: bool = False

    @property
    def given(self) -> bool:
        """Whether anything was asked for that only a stream has."""
        return self.file is not None or self.form is not None or self.column is not None

    @property
    def origin(self) -> str:
        return self.file or "stdin"

    @property
    def kind(self) -> Input:
        """What it holds. Raises UsageError where columns are needed and not told, or told and not there."""
        path = Path(self.file or "")
        if path.suffix.lower() == ".npz":
            message = f"{self.file!r} is an archive of arrays"
            raise UsageError(message, hint="save one of them with numpy.save, as .npy")
        ending = path.with_suffix("").suffix if path.suffix.lower() == _GZIP else path.suffix
        kind = self.form or ENDINGS.get(ending.lower()) or (Input.CSV if self.column is not None else Input.TEXT)
        if kind in RECORDS and self.column is None:
            message = f"{kind} has columns"
            raise UsageError(message, hint=self._which_column(kind))
        if kind not in RECORDS and self.column is not None:
            message = f"{kind} has no columns"
            raise UsageError(message, hint="leave out --column, or say --input csv, tsv or ndjson")
        return kind

    def open(self) -> BinaryIO:
        """The bytes. Raises UsageError where they cannot be had."""
        from actfn.cli.progress import watched

        if self.file is None:
            stream, size = cast("BinaryIO", sys.stdin.buffer), None
        else:
            try:
                stream = io.BufferedReader(Waiting(self.file))  # closed when it has been read
                size = Path(self.file).stat().st_size
            except OSError as error:
                message = f"cannot read {self.file!r}: {error.strerror}"
                raise UsageError(message) from None
        if self.progress:
            stream = watched(stream, self.origin, size)
        if self.file is not None and self.file.lower().endswith(_GZIP):
            import gzip

            unpacked = gzip.GzipFile(fileobj=stream)
            unpacked.myfileobj = cast("FileIO", stream)  # so that it is closed with it
            return cast("BinaryIO", unpacked)
        return stream

    def _which_column(self, kind: Input) -> str:
        """A hint to name a column, with those of a file that begins with them. Raises UsageError as `open`."""
        from actfn.cli.readers.records import columns
        from actfn.numerics.numerals import is_number

        hint = "say which one holds the numbers: --column NAME"
        if self.file is None:
            return hint
        with self.open() as stream:
            names = columns(stream, kind)
        if names and all(map(is_number, names)):
            return "if it holds nothing but numbers, say --input text"
        return f"{hint}, one of {', '.join(names)}" if names else hint

    def blocks(self, stream: BinaryIO, faults: Faults) -> Iterator[Block]:
        """Its numbers, by the reader for what it holds."""
        from actfn.cli.readers import binary, records, text

        kind, name = self.kind, self.origin
        with stream:
            if kind is Input.TEXT:
                yield from text.blocks(stream, name, faults)
            elif kind is Input.NPY:
                yield from binary.npy(stream, name)
            elif kind not in RECORDS:
                yield from binary.raw(stream, name, "<f8" if kind is Input.F64 else "<f4")
            else:
                wanted = records.Wanted(cast("str", self.column), self.name)
                if kind is Input.NDJSON:
                    yield from records.objects(stream, name, faults, wanted)
                else:
                    yield from records.separated(stream, name, faults, wanted, records.DELIMITERS[kind])
