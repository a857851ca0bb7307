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
    from collections.abc import Iterator

    from rich.console import JustifyMethod

_WIDEST_NUMBER = 24
_GAP = 3  # columns between two of a table
_OF_KEYS = (36, 26, 22)  # columns that keys are folded into if there are fewer parts then
_OF_WORDS = 26  # columns that other texts are folded into with them
_NARROWEST = 16  # columns that words are folded into
_PIECE = 1000  # rows laid out at a time
_ASCII_RULE = str.maketrans("─╶╴", "-  ")


class RichTable(Renderer):
    """Aligned columns under a header. A status column that says `ok` throughout is left out.

    A table that is streamed has its columns as wide as the widest number from the start. One that is not, and is wider
    than the terminal, is laid out closer where it then fits: titles in several lines, and less room between columns;
    else without the columns that it can do without; else in parts, one below the other.
    """

    parts = False

    def __init__(self, stream: BinaryIO, *, width: int, unicode: bool, streaming: bool) -> None:
        super().__init__(stream)
        self.width = width
        self.unicode = unicode
        self.streaming = streaming

    def write(self, table: Table) -> None:
        columns = _laid_out(table)
        if table.heading:
            self._text(f"\n{table.heading}\n" if self.started else f"{table.heading}\n")
            self.started = False
        if self.streaming:
            self._grids(columns, _GAP)
            return
        columns = [column for column in columns if column.name != "status" or set(column.cells) != {"ok"}]
        for place, (part, gap) in enumerate(_parts(columns, table, self.width)):
            if place:
                self._text("\n")
                self.started = False
            self._grids(part, gap)

    def _grids(self, columns: list[_Shown], gap: int) -> None:
        """Columns in one grid, or in several without a seam where the rows are many."""
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
                number = not column.kind.is_of_words
                steady = self.streaming and number and any("." in cell for cell in column.cells)
                least = _WIDEST_NUMBER if steady else _width(column)
                side: JustifyMethod = "right" if number else "left"
                grid.add_column(Text(column.title), justify=side, vertical="bottom", no_wrap=True, min_width=least)
            for row in rows[start : start + _PIECE]:
                height = max(cell.count("\n") for cell in row)
                grid.add_row(*(cell + "\n" * (height - cell.count("\n")) for cell in row))
            self.started = True
            self._print(grid)

    def _print(self, grid: Grid) -> None:
        # a number cut to fit would be another number: rather wider than the terminal
        wide = Console(width=10_000, height=1)
        needed = grid.__rich_measure__(wide, wide.options).maximum
        text = io.StringIO()
        console = Console(
            file=text, width=max(self.width, needed), height=1, color_system=None, highlight=False, markup=False
        )
        console.print(grid)
        self._text("".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines()))

    def _text(self, shown: str) -> None:
        if not self.unicode:
            shown = shown.translate(_ASCII_RULE).encode("ascii", "replace").decode()
        self.stream.write(shown.encode())


class _Shown(NamedTuple):
    name: str
    title: str
    kind: Kind
    cells: list[str]


def _width(column: _Shown) -> int:
    """Of the widest line of a column's cells."""
    return max((len(line) for cell in column.cells for line in cell.split("\n")), default=0)


_Laid = tuple[list[_Shown], int]  # columns, and the room between them


def _parts(columns: list[_Shown], table: Table, width: int) -> list[_Laid]:
    """The columns so that they fit into a width: as they are, without optional ones, or in several parts."""
    kept = columns
    for left_out in range(len(table.optional) + 1):
        kept = [column for column in columns if column.name not in table.optional[:left_out]]
        if fitted := _fitted(kept, width):
            return [fitted]
    if not table.keys:
        return [(kept, _GAP)]
    keys, others = kept[: table.keys], kept[table.keys :]
    close = [_folded(column, _OF_WORDS) if column.kind.is_of_words else column for column in others]
    ways = [(keys, others), *(([_folded(key, most, "  ") for key in keys], close) for most in _OF_KEYS)]
    found = [[*_split(*way, width)] for way in ways]
    return min(found, key=lambda parts: (max(max(_needed(part), width) for part in parts), len(parts)))


def _needed(part: _Laid) -> int:
    """The width that columns take."""
    columns, gap = part
    titles = (max(map(len, column.title.split("\n"))) for column in columns)
    return sum(map(max, titles, map(_width, columns))) + gap * (len(columns) - 1)


def _split(keys: list[_Shown], others: list[_Shown], width: int) -> Iterator[_Laid]:
    """Parts that begin with the keys, each with as many of the other columns as fit into a width, one at least."""
    while others:
        count = next((count for count in range(len(others), 1, -1) if _fitted([*keys, *others[:count]], width)), 1)
        part = [*keys, *others[:count]]
        room = width - sum(_width(key) + _GAP for key in keys)
        yield _fitted(part, width) or ([*keys, *(_folded(column, room) for column in others[:count])], _GAP)
        others = others[count:]


def _fitted(columns: list[_Shown], width: int) -> _Laid | None:
    """The columns, with titles in as many lines as let the table fit into a width; None where it does not."""
    cells = [_width(column) for column in columns]
    longest = max(len(column.title) for column in columns)
    for gap in (_GAP, _GAP - 1):
        for most in range(min(longest, width), 0, -1):
            titles = [_lines(column.title, max(most, least)) for column, least in zip(columns, cells, strict=True)]
            widths = [max(least, *map(len, lines)) for lines, least in zip(titles, cells, strict=True)]
            if sum(widths) + gap * (len(widths) - 1) <= width:
                shown = zip(columns, titles, strict=True)
                return [column._replace(title="\n".join(lines)) for column, lines in shown], gap
    return None


def _folded(column: _Shown, room: int, indent: str = "") -> _Shown:
    """A column of words in lines of a width, the further ones indented; no word is cut."""
    width = max(room, _NARROWEST)
    cells = [f"\n{indent}".join(_lines(cell, width - len(indent))) for cell in column.cells]
    return column._replace(title="\n".join(_lines(column.title, width)), cells=cells)


def _lines(title: str, width: int) -> list[str]:
    """A title in lines, none wider than a width but for a single word."""
    return textwrap.wrap(title, width, break_long_words=False, break_on_hyphens=False) or [""]


def _laid_out(table: Table) -> list[_Shown]:
    """The columns as a person sees them: vectors down, a row for each element, or across, a column for each."""
    downwards = [column.cells for column in table.columns if _goes(column, Layout.DOWN)]
    heights = [max(map(len, cells)) for cells in zip(*downwards, strict=True)]  # crelu answers with twice as many
    shown = []
    for column in table.columns:
        if column.layout is Layout.ABSENT:
            continue
        title = column.title or column.name
        if _goes(column, Layout.DOWN):
            full = ([*cell, *[""] * (height - len(cell))] for cell, height in zip(column.cells, heights, strict=True))
            shown.append(_Shown(column.name, title, column.kind, [text for texts in full for text in texts]))
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
