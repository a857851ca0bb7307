"""Tables for a terminal: the one module that knows Rich."""

from __future__ import annotations

import io
from typing import BinaryIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from actfn.output.renderers import Renderer
from actfn.output.table import Kind, Table

_WIDEST_NUMBER = 24
_PIECE = 1000  # rows laid out at a time
_ASCII_RULE = str.maketrans("─╶╴", "-  ")


class RichTable(Renderer):
    """Aligned columns under a header. A status column that says `ok` throughout is left out.

    A table that is streamed has its columns as wide as the widest number from the start.
    """

    def __init__(self, stream: BinaryIO, *, width: int, unicode: bool, streaming: bool) -> None:
        super().__init__(stream)
        self.width = width
        self.unicode = unicode
        self.streaming = streaming

    def write(self, table: Table) -> None:
        columns = [(column, _cells(table, column.name)) for column in table.columns]
        if not self.streaming:
            columns = [(column, cells) for column, cells in columns if column.name != "status" or set(cells) != {"ok"}]
        rows = list(zip(*(cells for _, cells in columns), strict=True))
        for start in range(0, len(rows), _PIECE):
            grid = Grid(box=SIMPLE_HEAD, show_header=not self.started, pad_edge=False, show_edge=False)
            for column, cells in columns:
                number = column.kind is not Kind.TEXT
                least = _WIDEST_NUMBER if self.streaming and number else max(map(len, cells))
                title = Text(column.title or column.name)
                grid.add_column(title, justify="right" if number else "left", no_wrap=True, min_width=least)
            for row in rows[start : start + _PIECE]:
                grid.add_row(*row)
            self.started = True
            self._print(grid)

    def _print(self, grid: Grid) -> None:
        # a number cut to fit would be another number: rather wider than the terminal
        wide = Console(width=10_000)
        needed = grid.__rich_measure__(wide, wide.options).maximum
        text = io.StringIO()
        console = Console(file=text, width=max(self.width, needed), color_system=None, highlight=False, markup=False)
        console.print(grid)
        shown = "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())
        if not self.unicode:
            shown = shown.translate(_ASCII_RULE).encode("ascii", "replace").decode()
        self.stream.write(shown.encode())


def _cells(table: Table, name: str) -> list[str]:
    """The cells of a column, one a row: a vector takes a row for each of its elements."""
    column = table.column(name)
    vectors = [c for c in table.columns if c.kind is Kind.VECTOR]
    if not vectors:
        return [str(cell) for cell in column.cells]
    if column.kind is Kind.VECTOR:
        return [element for cell in column.cells for element in cell]
    return [str(cell) for cell, vector in zip(column.cells, vectors[0].cells, strict=True) for _ in vector]
