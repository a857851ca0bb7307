"""Tables for a terminal: the one module that knows Rich."""

from __future__ import annotations

import io
from typing import BinaryIO, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from actfn.output.renderers import Renderer
from actfn.output.table import Column, Kind, Layout, Table

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
        columns = _laid_out(table)
        if not self.streaming:
            columns = [column for column in columns if column.name != "status" or set(column.cells) != {"ok"}]
        rows = list(zip(*(column.cells for column in columns), strict=True))
        for start in range(0, len(rows), _PIECE):
            grid = Grid(box=SIMPLE_HEAD, show_header=not self.started, pad_edge=False, show_edge=False)
            for column in columns:
                number = column.kind is not Kind.TEXT
                steady = self.streaming and number and any("." in cell for cell in column.cells)
                least = _WIDEST_NUMBER if steady else max(map(len, column.cells))
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


class _Shown(NamedTuple):
    name: str
    title: str
    kind: Kind
    cells: list[str]


def _laid_out(table: Table) -> list[_Shown]:
    """The columns as a person sees them: vectors down, a row for each element, or across, a column for each."""
    heights = next((list(map(len, column.cells)) for column in table.columns if _goes(column, Layout.DOWN)), None)
    shown = []
    for column in table.columns:
        if column.layout is Layout.ABSENT:
            continue
        if _goes(column, Layout.DOWN):
            shown.append(
                _Shown(column.name, column.title, column.kind, [text for cell in column.cells for text in cell])
            )
        elif _goes(column, Layout.ACROSS):
            width = max(map(len, column.cells), default=0)
            for place in range(width):
                cells = [cell[place] if place < len(cell) else "" for cell in column.cells]
                shown.append(_Shown(column.name, f"{column.title or column.name} {place + 1}", column.kind, cells))
        else:
            texts = [str(cell) for cell in column.cells]
            if heights:
                texts = [text for text, height in zip(texts, heights, strict=True) for _ in range(height)]
            shown.append(_Shown(column.name, column.title, column.kind, texts))
    return shown


def _goes(column: Column, layout: Layout) -> bool:
    return column.kind is Kind.VECTOR and column.layout is layout
