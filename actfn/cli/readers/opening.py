"""From a file's name, or none, to its blocks: opened, unpacked, watched, and given to the reader for what it holds."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from actfn.cli.kinds import ENDINGS, RECORDS, Input
from actfn.cli.readers.block import Faults
from actfn.cli.streams import Waiting
from actfn.errors import UsageError, quoted
from actfn.output.forms import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO

    from actfn.cli.readers.block import Block, Wanted

_GZIP = ".gz"
_TABS = {"tab": "\t", "\\t": "\t"}
_NO_DELIMITER = re.compile("[\"'\r\n+.\N{MINUS SIGN}\ud800-\udfff-]")  # the last are bytes that are no UTF-8


class Stream(NamedTuple):
    """A stream of numbers that has been asked for.

    Attributes:
        file: its name; None for standard input.
        form: what it holds; by default what the name's ending says, text for none, csv where a column is wanted.
        wanted: the columns of records.
        delimiter: what separates the fields of csv, as it was typed.
        header: whether csv and tsv begin with one.
        progress: whether to show how far it is read.
    """

    file: str | None = None
    form: Input | None = None
    wanted: Wanted | None = None
    delimiter: str | None = None
    header: bool = True
    progress: bool = False

    @property
    def given(self) -> bool:
        """Whether anything was asked for that only a stream has."""
        return self != Stream(progress=self.progress)

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
        csv = self.wanted is not None or self.delimiter is not None or not self.header
        kind = self.form or ENDINGS.get(ending.lower()) or (Input.CSV if csv else Input.TEXT)
        self._refuse_what_is_of_csv(kind)
        if kind in RECORDS and self.wanted is None:
            message = f"{kind} has columns"
            raise UsageError(message, hint=self._which_column(kind))
        if kind not in RECORDS and self.wanted is not None:
            message = f"{kind} has no columns"
            raise UsageError(message, hint="leave out --column, or say --input csv, tsv or ndjson")
        return kind

    def _refuse_what_is_of_csv(self, kind: Input) -> None:
        """Refuse options that another kind has no use for, and what is no delimiter. Raises UsageError."""
        if self.delimiter is not None and kind is not Input.CSV:
            message = f"{kind} has no --delimiter"
            hint = "leave it out, or say --input csv"
            raise UsageError(message, hint=f"tsv is separated by tabs: {hint}" if kind is Input.TSV else hint)
        if not self.header and kind not in (Input.CSV, Input.TSV):
            message = f"{kind} has no header"
            raise UsageError(message, hint="leave out --no-header, or say --input csv or tsv")
        _ = self.separator

    @property
    def separator(self) -> str:
        """The character that separates the fields of csv; empty where none was given. Raises UsageError."""
        if self.delimiter is None:
            return ""
        character = _TABS.get(self.delimiter.lower(), self.delimiter)
        if len(character) != 1 or character.isalnum() or _NO_DELIMITER.match(character):
            message = f"not a delimiter: {quoted(self.delimiter)}"
            raise UsageError(message, hint="write one character, no letter, digit, sign, point or quote: ';', '|', tab")
        return character

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
        hint = "say which one holds the numbers: --column NAME"
        if self.file is None:
            return hint
        from actfn.cli.readers import objects, separated
        from actfn.cli.readers.encoding import MAX_LINE
        from actfn.numerics.numerals import is_number

        with self._replace(progress=False).open() as stream:
            line = stream.readline(MAX_LINE)
        delimiter = self.separator or separated.DELIMITERS.get(kind, "")
        names = objects.keys(line) if kind is Input.NDJSON else separated.columns(line, delimiter)
        if not self.header:
            return f"{hint}, one of 1 to {len(names)}" if len(names) > 1 else hint
        if names and all(map(is_number, names)):
            return "if it holds nothing but numbers, say --input text, or --no-header and --column N for one of them"
        return f"{hint}, one of {', '.join(names)}" if names else hint

    def blocks(self, stream: BinaryIO, faults: Faults) -> Iterator[Block]:
        """Its numbers, by the reader for what it holds."""
        from actfn.cli.readers import binary, text

        kind, name = self.kind, self.origin
        with stream:
            if kind is Input.TEXT:
                yield from text.blocks(stream, name, faults)
            elif kind is Input.NPY:
                yield from binary.npy(stream, name)
            elif kind not in RECORDS:
                yield from binary.raw(stream, name, "<f8" if kind is Input.F64 else "<f4")
            else:
                from actfn.cli.readers import objects, separated

                wanted = cast("Wanted", self.wanted)
                if kind is Input.NDJSON:
                    yield from objects.objects(stream, name, faults, wanted)
                else:
                    dialect = Dialect(self.separator or separated.DELIMITERS[kind], self.header)
                    yield from separated.separated(stream, name, faults, wanted, dialect)
