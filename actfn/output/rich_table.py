"""Tables for a terminal: the one module that knows Rich."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from actfn.output.renderers import Renderer
from actfn.output.table import Column, Kind, Layout, Table

if TYPE_CHECKING:
    from rich.console import JustifyMethod

_WIDEST_NUMBER = 24
_GAP = 3  # columns between two of a table
_PIECE = 1000  # rows laid out at a time
_ASCII_RULE = str.maketrans("─╶╴", "-  ")


class RichTable(Renderer):
    """Aligned columns under a header. A status column that says `ok` throughout is left out.

    A table that is streamed has its columns as wide as the widest number from the start. One that is not, and is wider
    than the terminal, is laid out closer where it then fits: titles in several lines, and less room between columns.
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
            columns, gap = _fitted(columns, self.width)
        else:
            gap = _GAP
        rows = list(zip(*(column.cells for column in columns), strict=True))
        for start in range(0, len(rows), _PIECE):
            grid = Grid(
                box=SIMPLE_HEAD,
                show_header=not self.started,
                pad_edge=False,
                show_edge=False,
                padding=(0, 1, 0, gap - 2),
            )
            for column in columns:
                number = column.kind is not Kind.TEXT
                steady = self.streaming and number and any("." in cell for cell in column.cells)
                least = _WIDEST_NUMBER if steady else max(map(len, column.cells))
                side: JustifyMethod = "right" if number else "left"
                grid.add_column(Text(column.title), justify=side, vertical="bottom", no_wrap=True, min_width=least)
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


def _fitted(columns: list[_Shown], width: int) -> tuple[list[_Shown], int]:
    """The columns, with titles in as many lines as let the table fit into a width; and the room between them."""
    cells = [max(map(len, column.cells), default=0) for column in columns]
    longest = max(len(column.title) for column in columns)
    for gap in (_GAP, _GAP - 1):
        for most in range(longest, 0, -1):
            titles = [_lines(column.title, max(most, least)) for column, least in zip(columns, cells, strict=True)]
            widths = [max(least, *map(len, lines)) for lines, least in zip(titles, cells, strict=True)]
            if sum(widths) + gap * (len(widths) - 1) <= width:
                shown = zip(columns, titles, strict=True)
                return [column._replace(title="\n".join(lines)) for column, lines in shown], gap
    return columns, _GAP


def _lines(title: str, width: int) -> list[str]:
    """A title in lines, none wider than a width but for a single word."""
    return textwrap.wrap(title, width, break_long_words=False, break_on_hyphens=False) or [""]


def _laid_out(table: Table) -> list[_Shown]:
    """The columns as a person sees them: vectors down, a row for each element, or across, a column for each."""
    heights = next((list(map(len, column.cells)) for column in table.columns if _goes(column, Layout.DOWN)), None)
    shown = []
    for column in table.columns:
        if column.layout is Layout.ABSENT:
            continue
        title = column.title or column.name
        if _goes(column, Layout.DOWN):
            shown.append(_Shown(column.name, title, column.kind, [text for cell in column.cells for text in cell]))
        elif _goes(column, Layout.ACROSS):
            width = max(map(len, column.cells), default=0)
            for place in range(width):
                cells = [cell[place] if place < len(cell) else "" for cell in column.cells]
                shown.append(_Shown(column.name, f"{title} {place + 1}", column.kind, cells))
        else:
            texts = [str(cell) for cell in column.cells]
            if heights:
                texts = [text for text, height in zip(texts, heights, strict=True) for _ in range(height)]
            shown.append(_Shown(column.name, title, column.kind, texts))
    return shown


def _goes(column: Column, layout: Layout) -> bool:
    return column.kind is Kind.VECTOR and column.layout is layout
