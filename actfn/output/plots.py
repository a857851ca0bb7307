"""Pictures in a terminal: the one module that knows plotext.

plotext draws the lines on a bare canvas. It ends the process on nan, infinities and what lies far outside, so that all
curves are first cut to the frame; and it leaves out legends, titles and ticks that have no room, without a word, so
that what surrounds the canvas is laid out here.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.errors import UsageError, columns
from actfn.output import colours
from actfn.output.axes import Tick, axes
from actfn.output.forms import Screen, Theme
from actfn.output.lines import cut, thinned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from actfn.numerics.kernels import Array
    from actfn.output.figure import Bars, Curve, Figure

_PLAIN, _FAINT = 0, -1  # styles of cells; 1, 2, … are the colours of curves
_MOST_A_COLUMN = 8  # points of a curve; of more only the lowest and the highest are drawn
_LEAST_ROWS = 3
_GAP, _LEAST_COLUMNS, _LEAST_LINES = 2, 24, 12  # of pictures side by side
_BRAILLE = 0x2800
_OTHERS = "*o+x#%&" + "abcdefghijklmnpqrstuvwyz"


@dataclass(frozen=True)
class _Glyphs:
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


_UNICODE = _Glyphs("┌┐┘└", "─", "│", "┤", "┬", "┈", "┊", "░", "●", "…", "▁▂▃▄▅▆▇█")
_ASCII = _Glyphs("++++", "-", "|", "+", "+", "-", "|", ":", "@", "~", "   #####")


def draw(figure: Figure, screen: Screen, *, colour: bool, theme: Theme = Theme.AUTO) -> str:
    """The picture as text of `screen.height` lines, none wider than the screen; with `colour` as ANSI sequences.

    Where the height is too little for frame, legend and three lines of curves, it is exceeded; what is too wide is cut.
    """
    return "\n".join(_Picture(figure, screen, colour).lines(theme))


def beside(figures: Sequence[Figure], screen: Screen, *, colour: bool, theme: Theme = Theme.AUTO) -> str:
    """Pictures side by side; where each would be too narrow, one below the other, each of its share of the height."""
    width = (screen.width - _GAP * (len(figures) - 1)) // len(figures)
    if len(figures) > 1 and width < _LEAST_COLUMNS:
        part = replace(screen, height=max(screen.height // len(figures), _LEAST_LINES))
        return "\n\n".join(draw(figure, part, colour=colour, theme=theme) for figure in figures)
    pictures = [_Picture(figure, replace(screen, width=width), colour) for figure in figures]
    columns_of = [picture.widths() for picture in pictures]
    lines_of = [picture.lines(theme) for picture in pictures]
    rows = []
    for row in range(max(map(len, lines_of))):
        cells = []
        for lines, widths in zip(lines_of, columns_of, strict=True):
            line, taken = (lines[row], widths[row]) if row < len(lines) else ("", 0)
            cells.append(line + " " * (width - taken))
        rows.append((" " * _GAP).join(cells).rstrip())
    return "\n".join(rows)


@cache
def _plotext() -> Any:
    """The library, without its documentation, which is half of its import. Raises UsageError where it does not run."""
    name = "plotext._doc.doc"
    if name not in sys.modules:
        stub = ModuleType(name)
        stub.docs = None  # type: ignore[attr-defined]
        sys.modules[name] = stub
    try:
        import plotext
    except ImportError as error:
        message = f"plotext, which draws in the terminal, cannot be used here: {error}"
        raise UsageError(message, hint="--save FILE.svg draws without it") from None
    plotext.terminal.limit(False, False)
    return plotext


def _raster(pieces: list[tuple[Array, Array]], width: int, height: int, marker: str) -> Any:
    """Lines through points of the unit square on a canvas of cells: an array (height, width) of characters."""
    plotext = _plotext()
    canvas = plotext.figure
    canvas.clear()
    canvas.theme("colorless")
    canvas.plot_size(width, height)
    canvas.axes(False)
    canvas.legend(False)
    for ruler in "xy":
        canvas.ruler(ruler).frequency(0).lim(0, 1)
    if pieces:
        across, up = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
        signal = canvas.signal(across, up, marker=marker).lines()
        for start in np.cumsum([part.size for part, _ in pieces[:-1]]).tolist():
            signal.line(start, False)
        canvas.draw(signal)
    rows = canvas.build().string(colorless=True).split("\n")[:height]
    return np.array([list(row) for row in rows])


class _Picture:
    """The cells of a picture: characters and styles of a canvas, and the lines around it."""

    def __init__(self, figure: Figure, screen: Screen, colour: bool) -> None:
        self.figure = figure
        self.screen = screen
        self.colour = colour
        self.glyphs = _UNICODE if screen.unicode else _ASCII
        self.across, self.up = axes(figure)
        self.above: list[list[tuple[str, int]]] = []
        self.legend = [(swatch * 2, place + 1, figure.labels[place]) for place, swatch in enumerate(self._swatches())]
        for name in dict.fromkeys(span.name for span in figure.spans):
            self.legend.append((self.glyphs.shade * 2, _FAINT, name))
        self._lay_out()
        self.cells = np.full((self.height, self.width), " ")
        self.styles = np.zeros((self.height, self.width), np.int16)
        self._fill()

    def _markers(self) -> list[str]:
        """What each curve is drawn with: alike where colours tell them apart."""
        others = _OTHERS if not self.screen.unicode else None
        if self.screen.unicode and self.colour:
            return ["braille"] * len(self.figure.curves)
        first = [] if others else ["braille"]
        characters = [*first, *_OTHERS]
        return [characters[place % len(characters)] for place in range(len(self.figure.curves))]

    def _swatches(self) -> list[str]:
        curves = ["⠒" if marker == "braille" else marker for marker in self._markers()]
        return curves + [self.glyphs.eighths[-1]] * len(self.figure.bars)

    def _lay_out(self) -> None:
        """Divide the room: legend above, ticks at the left and below, the canvas in the middle."""
        figure, screen = self.figure, self.screen
        below = 2 + bool(figure.x_label)
        above = 1 + bool(figure.title or figure.y_label)
        legend = self._flowed()
        self.height = max(_LEAST_ROWS, screen.height - below - above - len(legend))
        self.left = self.up.ticks(max(2, self.height // 4))
        widest = max((columns(tick.text) for tick in self.left), default=0)
        self.margin = widest if widest + 12 <= screen.width else 0
        self.width = max(2, screen.width - self.margin - 2)

    def _flowed(self) -> list[list[tuple[str, int]]]:
        """The legend in as many lines as it takes, each a list of texts with styles."""
        lines: list[list[tuple[str, int]]] = []
        used = 0
        for swatch, style, label in self.legend:
            text = self._fitting(label, self.screen.width - 5)
            needed = len(swatch) + 1 + columns(text)
            if not lines or used + 3 + needed > self.screen.width:
                lines.append([("  ", _PLAIN)])
                used = 2
            else:
                lines[-1].append(("   ", _PLAIN))
                used += 3
            lines[-1] += [(f"{swatch} ", style), (text, _PLAIN)]
            used += needed
        return lines

    def _fitting(self, text: str, width: int) -> str:
        """A text as it can be shown: printable, in the encoding there is, cut to a width."""
        text = "".join(character if character.isprintable() else " " for character in text)
        if not self.screen.unicode:
            text = text.encode("ascii", "replace").decode()
        if columns(text) <= width:
            return text
        while text and columns(text) > width - 1:
            text = text[:-1]
        return text.rstrip() + self.glyphs.more if width > 0 else ""

    # the canvas

    def _fill(self) -> None:
        for span in self.figure.spans:
            ends = np.clip(self.across.shares(np.array([span.low, span.high])), 0.0, 1.0)
            if np.all(np.isfinite(ends)) and self._overlaps(span.low, span.high):
                first, last = (self._column(float(end)) for end in ends)
                self._write(slice(None), slice(first, last + 1), self.glyphs.shade, _FAINT)
        self._zero_lines()
        for place, bars in enumerate(self.figure.bars):
            self._stand(bars, len(self.figure.curves) + place + 1)
        for place, (curve, marker) in enumerate(zip(self.figure.curves, self._markers(), strict=True)):
            self._overlay(self._drawn(curve, marker), place + 1)
        self._point_out()

    def _overlaps(self, low: float, high: float) -> bool:
        return high >= self.across.low and low <= self.across.high

    def _zero_lines(self) -> None:
        horizontal, vertical = self.glyphs.horizontal, self.glyphs.vertical
        if not self.across.log and self.across.low < 0 < self.across.high:
            self._write(slice(None), self._column(self.across.share(0.0)), vertical, _FAINT)
        if not self.up.log and self.up.low < 0 < self.up.high:
            self._write(self._row(self.up.share(0.0)), slice(None), horizontal, _FAINT)

    def _write(self, row: int | slice, column: int | slice, character: str, style: int) -> None:
        self.cells[row, column] = character
        self.styles[row, column] = style

    def _column(self, share: float) -> int:
        return round(share * (self.width - 1))

    def _row(self, share: float) -> int:
        return round((1 - share) * (self.height - 1))

    def _drawn(self, curve: Curve, marker: str) -> Any:
        x, y = thinned(curve.x, curve.y, _MOST_A_COLUMN * self.width)
        return _raster(cut(self.across.shares(x), self.up.shares(y)), self.width, self.height, marker)

    def _overlay(self, layer: Any, style: int) -> None:
        """Put a curve over what is there; where two curves meet in a cell of dots, it has the dots of both."""
        drawn = (layer != " ") & (layer != chr(_BRAILLE))
        over, under = layer.view(np.uint32), self.cells.view(np.uint32)
        dots = drawn & (over >= _BRAILLE) & (under >= _BRAILLE) & (under < _BRAILLE + 256)
        under[...] = np.where(dots, over | under, np.where(drawn, over, under))
        self.styles[drawn] = style

    def _stand(self, bars: Bars, style: int) -> None:
        """Bars of whole and partly filled cells; wide ones with a gap between them."""
        edges, heights = self.across.shares(bars.edges), self.up.shares(bars.heights)
        base = self._level(0.0 if self.up.log else self.up.share(0.0))
        apart = self.width * np.nanmean(np.diff(edges)) >= 4
        for low, high, top in zip(edges[:-1].tolist(), edges[1:].tolist(), heights.tolist(), strict=True):
            if not np.all(np.isfinite([low, high, top])) or high < 0 or low > 1:
                continue
            first = int(np.ceil(max(low, 0.0) * self.width - 0.5 + 1e-9))
            last = int(np.ceil(min(high, 1.0) * self.width - 0.5 + 1e-9))
            last -= int(apart)
            self._column_of(first, max(last, first + 1), base, self._level(top), style)

    def _level(self, share: float) -> int:
        """A height in eighths of cells above the lower end."""
        return round(min(max(share, 0.0), 1.0) * self.height * 8)

    def _column_of(self, first: int, last: int, base: int, top: int, style: int) -> None:
        low, high = sorted((base, top))
        high = max(high, low + 1) if base != top else high
        for row in range(self.height):
            floor = (self.height - 1 - row) * 8
            filled = min(high, floor + 8) - max(low, floor)
            if filled > 0:
                hanging = low > floor  # no character fills the upper eighths of a cell
                character = self.glyphs.eighths[(7 if filled >= 4 else 0) if hanging else filled - 1]
                if character != " ":
                    self._write(row, slice(first, last), character, style)

    # points

    def _point_out(self) -> None:
        shown = []
        for mark in self.figure.marks:
            share, height = self.across.share(mark.x), self.up.share(mark.y)
            if 0 <= share <= 1 and 0 <= height <= 1:
                style = _PLAIN if mark.curve is None else mark.curve + 1
                shown.append((mark.label, self._row(height), self._column(share), style))
        for _, row, column, style in shown:
            self._write(row, column, self.glyphs.mark, style)
        for label, row, column, style in shown:
            text = self._fitting(label, self.width - 2)
            if text:
                self._place(text, row, column, style)

    def _place(self, label: str, row: int, column: int, style: int) -> None:
        """Write a label where it covers least: beside the point, above or below it."""
        size = columns(label)
        places = [
            (row + down, start)
            for down in (0, -1, 1, -2, 2)
            for start in (
                (column + 2, column - 1 - size) if not down else (column - size // 2, column + 1, column - size)
            )
        ]
        inside = [(r, c) for r, c in places if 0 <= r < self.height and c >= 0 and c + size <= self.width]
        if len(label) != size or not inside:
            return
        best = min(inside, key=lambda place: self._covered(place[0], place[1], size))
        for offset, character in enumerate(label):
            self._write(best[0], best[1] + offset, character, style)

    def _covered(self, row: int, column: int, size: int) -> int:
        there = self.cells[row, max(column - 1, 0) : column + size + 1]
        faint = (self.glyphs.horizontal, self.glyphs.vertical, self.glyphs.shade, " ")
        return sum(2 + 8 * (ord(cell) < _BRAILLE) for cell in there.tolist() if cell not in faint)

    # the whole

    def lines(self, theme: Theme) -> list[str]:
        """The lines of the picture, with ANSI sequences if it has colours."""
        return [self._coloured(line, theme) for line in self._composed()]

    def widths(self) -> list[int]:
        """The columns that each line takes."""
        return [sum(columns(text) for text, _ in line) for line in self._composed()]

    def _composed(self) -> Iterator[list[tuple[str, int]]]:
        figure, width = self.figure, self.screen.width
        glyphs = self.glyphs
        pad = " " * self.margin
        if figure.title or figure.y_label:
            yield [(self._heading(), _PLAIN)]
        yield from self._flowed()
        yield [(f"{pad}{glyphs.corners[0]}{glyphs.top * self.width}{glyphs.corners[1]}"[:width], _PLAIN)]
        ticks = {self._row(tick.share): tick.text for tick in self.left} if self.margin else {}
        for row in range(self.height):
            text = ticks.get(row, "")
            before = " " * (self.margin - columns(text)) + text + (glyphs.left if text else glyphs.side)
            yield [(before, _PLAIN), *self._runs(row), (glyphs.side, _PLAIN)]
        marks, texts = self._lower_ticks()
        yield [(f"{pad}{glyphs.corners[3]}{marks}{glyphs.corners[2]}"[:width], _PLAIN)]
        yield [(f"{pad} {texts}"[:width].rstrip(), _PLAIN)]
        if figure.x_label:
            label = self._fitting(figure.x_label, self.width)
            yield [(pad + " " + " " * ((self.width - columns(label)) // 2) + label, _PLAIN)]

    def _heading(self) -> str:
        """The name of the y axis over its ticks, the title in the middle."""
        name = self._fitting(self.figure.y_label, self.screen.width // 3)
        title = self._fitting(self.figure.title, self.screen.width - columns(name) - (2 if name else 0))
        free = self.screen.width - columns(title)
        return f"{name}{' ' * max(free // 2 - columns(name), 2 if name else 0)}{title}".rstrip()

    def _runs(self, row: int) -> Iterator[tuple[str, int]]:
        for style, run in groupby(range(self.width), key=self.styles[row].__getitem__):
            yield "".join(self.cells[row, place] for place in run), int(style)

    def _lower_ticks(self) -> tuple[str, str]:
        """The lower side of the frame with its ticks, and the line of their texts: those that have room."""
        marks, texts = [self.glyphs.top] * self.width, [" "] * (self.width + 1)
        free = 0
        for tick in self._x_ticks():
            column = self._column(tick.share)
            text = self._fitting(tick.text, self.width)
            start = min(max(column - columns(text) // 2, 0), self.width + 1 - columns(text))
            if start >= free:
                marks[column] = self.glyphs.lower
                texts[start : start + len(text)] = text
                free = start + len(text) + 1
        return "".join(marks), "".join(texts)

    def _x_ticks(self) -> list[Tick]:
        if not self.figure.x_ticks:
            return self.across.ticks(max(2, self.width // 12))
        shares = self.across.shares(np.array([place for place, _ in self.figure.x_ticks], np.float64)).tolist()
        texts = (text for _, text in self.figure.x_ticks)
        return [Tick(share, text) for share, text in zip(shares, texts, strict=True) if 0 <= share <= 1]

    def _coloured(self, line: list[tuple[str, int]], theme: Theme) -> str:
        if not self.colour:
            return "".join(text for text, _ in line).rstrip()
        return "".join(_painted(text, style, theme) for text, style in line).rstrip()


def _painted(text: str, style: int, theme: Theme) -> str:
    if style == _PLAIN or not text.strip():
        return text
    sequence = "2" if style == _FAINT else f"38;5;{colours.code(theme, style - 1)}"
    return f"\x1b[{sequence}m{text}\x1b[0m"
