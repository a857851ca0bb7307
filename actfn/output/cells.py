"""The cells of a picture in a terminal: characters and styles inside the frame, and the characters there are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.errors import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actfn.output.axes import Axis
    from actfn.output.figure import Bars, Span

PLAIN, FAINT = 0, -1  # styles; 1, 2, … are the colours of curves

_BRAILLE = 0x2800


@dataclass(frozen=True)
class Glyphs:
    """The characters of a picture, with and without Unicode."""

    corners: str  # clockwise from the upper left
    top: str  # the frame's lines
    side: str
    left: str  # its ticks
    lower: str
    horizontal: str  # the lines through 0
    vertical: str
    shade: str
    mark: str
    more: str  # where a text is cut
    eighths: str


UNICODE = Glyphs("┌┐┘└", "─", "│", "┤", "┬", "┈", "┊", "░", "●", "…", "▁▂▃▄▅▆▇█")
ASCII = Glyphs("++++", "-", "|", "+", "+", "-", "|", ":", "@", "~", "   #####")


class Cells:
    """What is inside the frame, filled from behind to the front."""

    def __init__(self, across: Axis, up: Axis, width: int, height: int, glyphs: Glyphs) -> None:
        self.across, self.up = across, up
        self.width, self.height = width, height
        self.glyphs = glyphs
        self.characters = np.full((height, width), " ")
        self.styles = np.zeros((height, width), np.int16)

    def column(self, share: float) -> int:
        return round(share * (self.width - 1))

    def row(self, share: float) -> int:
        return round((1 - share) * (self.height - 1))

    def runs(self, row: int) -> Iterator[tuple[str, int]]:
        """The texts of a row, each of one style."""
        for style, run in groupby(range(self.width), key=self.styles[row].__getitem__):
            yield "".join(self.characters[row, place] for place in run), int(style)

    def shade(self, span: Span) -> None:
        """Shade a stretch of the x axis; one that is narrower than a column takes a column."""
        ends = np.clip(self.across.shares(np.array([span.low, span.high])), 0.0, 1.0)
        if np.all(np.isfinite(ends)) and span.high >= self.across.low and span.low <= self.across.high:
            first, last = (self.column(float(end)) for end in ends)
            self._write(slice(None), slice(first, last + 1), self.glyphs.shade, FAINT)

    def zero_lines(self) -> None:
        """Draw the lines x = 0 and y = 0 where they are in sight."""
        if not self.across.log and self.across.low < 0 < self.across.high:
            self._write(slice(None), self.column(self.across.share(0.0)), self.glyphs.vertical, FAINT)
        if not self.up.log and self.up.low < 0 < self.up.high:
            self._write(self.row(self.up.share(0.0)), slice(None), self.glyphs.horizontal, FAINT)

    def overlay(self, layer: Any, style: int) -> None:
        """Put a curve, an array of characters, over what is there; where dots meet dots, the cell has both."""
        drawn = (layer != " ") & (layer != chr(_BRAILLE))
        over, under = layer.view(np.uint32), self.characters.view(np.uint32)
        dots = drawn & (over >= _BRAILLE) & (under >= _BRAILLE) & (under < _BRAILLE + 256)
        under[...] = np.where(dots, over | under, np.where(drawn, over, under))
        self.styles[drawn] = style

    def stand(self, bars: Bars, style: int) -> None:
        """Draw bars of whole and partly filled cells; wide ones with a gap between them."""
        edges, heights = self.across.shares(bars.edges), self.up.shares(bars.heights)
        base = self._level(0.0 if self.up.log else self.up.share(0.0))
        apart = self.width * np.nanmean(np.diff(edges)) >= 4
        for low, high, top in zip(edges[:-1].tolist(), edges[1:].tolist(), heights.tolist(), strict=True):
            if not np.all(np.isfinite([low, high, top])) or high < 0 or low > 1:
                continue
            first = int(np.ceil(max(low, 0.0) * self.width - 0.5 + 1e-9))
            last = int(np.ceil(min(high, 1.0) * self.width - 0.5 + 1e-9)) - int(apart)
            ends = sorted((base, self._level(top)))
            self._bar(slice(first, max(last, first + 1)), ends[0], ends[1], style)

    def _level(self, share: float) -> int:
        """A height in eighths of cells above the lower end."""
        return round(min(max(share, 0.0), 1.0) * self.height * 8)

    def _bar(self, where: slice, low: int, high: int, style: int) -> None:
        for row in range(self.height):
            floor = (self.height - 1 - row) * 8
            filled = min(high, floor + 8) - max(low, floor)
            if filled > 0:
                hanging = low > floor  # no character fills the upper eighths of a cell
                character = self.glyphs.eighths[(7 if filled >= 4 else 0) if hanging else filled - 1]
                if character != " ":
                    self._write(row, where, character, style)

    def mark(self, row: int, column: int, style: int) -> None:
        """Point out a cell."""
        self._write(row, column, self.glyphs.mark, style)

    def label(self, text: str, row: int, column: int, style: int) -> None:
        """Write a text where it covers least: beside a cell, above or below it. One without room is left out."""
        size = columns(text)
        beside, over = (column + 2, column - 1 - size), (column - size // 2, column + 1, column - size)
        places = [(row + down, start) for down in (0, -1, 1, -2, 2) for start in (over if down else beside)]
        inside = [(r, c) for r, c in places if 0 <= r < self.height and c >= 0 and c + size <= self.width]
        if len(text) != size or not inside:
            return
        best = min(inside, key=lambda place: self._covered(place[0], place[1], size))
        for offset, character in enumerate(text):
            self._write(best[0], best[1] + offset, character, style)

    def _covered(self, row: int, column: int, size: int) -> int:
        """How much a text there would hide: a text or a mark is worse than a curve."""
        there = self.characters[row, max(column - 1, 0) : column + size + 1]
        faint = (self.glyphs.horizontal, self.glyphs.vertical, self.glyphs.shade, " ")
        return sum(2 + 8 * (ord(cell) < _BRAILLE) for cell in there.tolist() if cell not in faint)

    def _write(self, row: int | slice, column: int | slice, character: str, style: int) -> None:
        self.characters[row, column] = character
        self.styles[row, column] = style
