"""Pictures in a terminal: the one module that knows plotext.

plotext draws the lines on a bare canvas. It ends the process on nan, infinities and what lies far outside, so that all
curves are first cut to the frame; and it leaves out legends, titles and ticks that have no room, without a word, so
that what surrounds the canvas is laid out here.
"""

from __future__ import annotations

import sys
from functools import cache
from itertools import accumulate
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.errors import UsageError, columns
from actfn.output import colours
from actfn.output.axes import Tick, axes
from actfn.output.cells import ASCII, FAINT, PLAIN, UNICODE, Cells
from actfn.output.forms import Screen, Theme
from actfn.output.lines import cut, thinned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from actfn.numerics.kernels import Array
    from actfn.output.figure import Figure

Run = tuple[str, int]  # a text and its style

_MOST_A_COLUMN = 8  # points of a curve; of more only the lowest and the highest are drawn
_LEAST_ROWS = 3
_GAP, _LEAST_COLUMNS, _LEAST_LINES = 2, 24, 12  # of pictures side by side
_CHARACTERS = (*"*o+x#%&", *"abcdefghijklmnpqrstuvwyz")  # of curves that no colour tells apart


def draw(figure: Figure, screen: Screen, *, colour: bool, theme: Theme = Theme.AUTO) -> str:
    """The picture as text of `screen.height` lines, none wider than the screen; with `colour` as ANSI sequences.

    Where the height is too little for frame, legend and three lines of curves, it is exceeded; what is too wide is cut.
    """
    return "\n".join(_Picture(figure, screen, colour).lines(theme))


def beside(figures: Sequence[Figure], screen: Screen, *, colour: bool, theme: Theme = Theme.AUTO) -> str:
    """Pictures side by side; where each would be too narrow, one below the other, each of its share of the height."""
    width = (screen.width - _GAP * (len(figures) - 1)) // len(figures)
    if len(figures) > 1 and width < _LEAST_COLUMNS:
        part = screen._replace(height=max(screen.height // len(figures), _LEAST_LINES))
        return "\n\n".join(draw(figure, part, colour=colour, theme=theme) for figure in figures)
    pictures = [_Picture(figure, screen._replace(width=width), colour) for figure in figures]
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
    """A picture: the cells inside its frame, and the lines around it."""

    def __init__(self, figure: Figure, screen: Screen, colour: bool) -> None:
        self.figure = figure
        self.screen = screen
        self.colour = colour
        self.glyphs = UNICODE if screen.unicode else ASCII
        self.markers = self._markers()
        self.legend = self._legend()
        across, up = axes(figure)
        below, above = 2 + bool(figure.x_label), 1 + bool(figure.title or figure.y_label)
        height = max(_LEAST_ROWS, screen.height - below - above - len(self.legend))
        self.y_ticks = up.ticks(max(2, height // 4))
        widest = max(columns(tick.text) for tick in self.y_ticks)
        self.margin = widest if widest + 12 <= screen.width else 0
        self.cells = Cells(across, up, max(2, screen.width - self.margin - 2), height, self.glyphs)
        self._fill()

    def _markers(self) -> list[str]:
        """What each curve is drawn with: alike where colours tell them apart."""
        there = ["braille", *_CHARACTERS] if self.screen.unicode else [*_CHARACTERS]
        places = range(self.figure.first_colour, self.figure.first_colour + len(self.figure.curves))
        told = colours.turn if self.screen.unicode and self.colour else int
        return [there[told(place) % len(there)] for place in places]

    def _legend(self) -> list[list[Run]]:
        """Its lines, as many as it takes."""
        swatches = ["⠒" if marker == "braille" else marker for marker in self.markers]
        swatches += [self.glyphs.eighths[-1]] * len(self.figure.bars)
        entries = [(swatch, place + 1, self.figure.labels[place]) for place, swatch in enumerate(swatches)]
        entries += [(self.glyphs.shade, FAINT, name) for name in dict.fromkeys(span.name for span in self.figure.spans)]
        lines: list[list[Run]] = []
        used = 0
        for swatch, style, label in entries:
            text = self._fitting(label, self.screen.width - 5)
            needed = 3 + columns(text)
            if not lines or used + 3 + needed > self.screen.width:
                lines.append([("  ", PLAIN)])
                used = 2
            else:
                lines[-1].append(("   ", PLAIN))
                used += 3
            lines[-1] += [(swatch * 2, style), (f" {text}".rstrip(), PLAIN)]
            used += needed
        return lines

    def _fitting(self, text: str, width: int) -> str:
        """A text as it can be shown: printable, in the encoding there is, cut to a width."""
        text = "".join(character if character.isprintable() else " " for character in text)
        if not self.screen.unicode:
            text = text.encode("ascii", "replace").decode()
        if columns(text) <= width:
            return text
        fitting = sum(used < width for used in accumulate(map(columns, text)))
        text = text[:fitting]
        return text.rstrip() + self.glyphs.more if width > 0 else ""

    def _fill(self) -> None:
        cells, figure = self.cells, self.figure
        for span in figure.spans:
            cells.shade(span)
        cells.zero_lines()
        for style, bars in enumerate(figure.bars, len(figure.curves) + 1):
            cells.stand(bars, style)
        for style, (curve, marker) in enumerate(zip(figure.curves, self.markers, strict=True), 1):
            x, y = thinned(curve.x, curve.y, _MOST_A_COLUMN * cells.width)
            pieces = cut(cells.across.shares(x), cells.up.shares(y))
            cells.overlay(_raster(pieces, cells.width, cells.height, marker), style)
        points = []
        for mark in figure.marks:
            share, height = cells.across.share(mark.x), cells.up.share(mark.y)
            if 0 <= share <= 1 and 0 <= height <= 1:
                style = PLAIN if mark.curve is None else mark.curve + 1
                points.append(
                    (self._fitting(mark.label, cells.width - 2), cells.row(height), cells.column(share), style)
                )
        for _, row, column, style in points:
            cells.mark(row, column, style)
        for label, row, column, style in points:
            cells.label(label, row, column, style)

    def lines(self, theme: Theme) -> list[str]:
        """The lines of the picture, with ANSI sequences if it has colours."""
        return ["".join(self._painted(text, style, theme) for text, style in line) for line in self._composed()]

    def widths(self) -> list[int]:
        """The columns that each line takes."""
        return [sum(columns(text) for text, _ in line) for line in self._composed()]

    def _composed(self) -> Iterator[list[Run]]:
        """All lines, without blanks at their ends."""
        figure, glyphs, cells, width = self.figure, self.glyphs, self.cells, self.screen.width
        pad = " " * self.margin
        if figure.title or figure.y_label:
            yield [(self._heading(), PLAIN)]
        yield from self.legend
        yield [(f"{pad}{glyphs.corners[0]}{glyphs.top * cells.width}{glyphs.corners[1]}"[:width], PLAIN)]
        ticks = {cells.row(tick.share): tick.text for tick in self.y_ticks} if self.margin else {}
        for row in range(cells.height):
            text = ticks.get(row, "")
            before = " " * (self.margin - columns(text)) + text + (glyphs.left if text else glyphs.side)
            yield [(before, PLAIN), *cells.runs(row), (glyphs.side, PLAIN)]
        marks, texts = self._lower_ticks()
        yield [(f"{pad}{glyphs.corners[3]}{marks}{glyphs.corners[2]}"[:width], PLAIN)]
        yield [(f"{pad} {texts}"[:width].rstrip(), PLAIN)]
        if figure.x_label:
            label = self._fitting(figure.x_label, cells.width)
            yield [(pad + " " + " " * ((cells.width - columns(label)) // 2) + label, PLAIN)]

    def _heading(self) -> str:
        """The name of the y axis over its ticks, the title in the middle."""
        name = self._fitting(self.figure.y_label, self.screen.width // 3)
        title = self._fitting(self.figure.title, self.screen.width - columns(name) - (2 if name else 0))
        free = self.screen.width - columns(title)
        return f"{name}{' ' * max(free // 2 - columns(name), 2 if name else 0)}{title}".rstrip()

    def _lower_ticks(self) -> tuple[str, str]:
        """The lower side of the frame with its ticks, and the line of their texts: those that have room."""
        width = self.cells.width
        marks, texts = [self.glyphs.top] * width, [" "] * (width + 1)
        free = 0
        for tick in self._x_ticks():
            column = self.cells.column(tick.share)
            text = self._fitting(tick.text, width)
            start = min(max(column - columns(text) // 2, 0), width + 1 - columns(text))
            if start >= free:
                marks[column] = self.glyphs.lower
                texts[start : start + len(text)] = text
                free = start + len(text) + 1
        return "".join(marks), "".join(texts)

    def _x_ticks(self) -> list[Tick]:
        across = self.cells.across
        if not self.figure.x_ticks:
            return across.ticks(max(2, self.cells.width // 12))
        shown = [Tick(across.share(place), text) for place, text in self.figure.x_ticks]
        return [tick for tick in shown if 0 <= tick.share <= 1]

    def _painted(self, text: str, style: int, theme: Theme) -> str:
        if not self.colour or style == PLAIN or not text.strip():
            return text
        place = self.figure.first_colour + style - 1
        sequence = "2" if style == FAINT else f"38;5;{colours.code(theme, place)}"
        return f"\x1b[{sequence}m{text}\x1b[0m"
