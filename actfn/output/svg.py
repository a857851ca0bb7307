"""Pictures as SVG, and as a page of HTML around it: text and lines only, for any browser, without further packages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from actfn.errors import columns
from actfn.output import colours
from actfn.output.axes import Axis, Tick, axes
from actfn.output.forms import Theme
from actfn.output.lines import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from actfn.numerics.kernels import Array
    from actfn.output.figure import Bars, Figure, Mark, Span

_FONT = 13
_LETTER = 7.2  # the width of a letter, roughly: fonts differ
_LINE = 20
_EDGE = 12
_DASHES = ("", "7 5", "1 5")


def svg(figures: Sequence[Figure], width: int, height: int, theme: Theme = Theme.AUTO) -> str:
    """Pictures side by side as an SVG document of that many pixels."""
    paper, ink, faint = colours.paper(theme)
    part = width / len(figures)
    title = " / ".join(figure.title or ", ".join(figure.labels) for figure in figures)
    style = (
        f".faint {{ stroke: {faint}; fill: none }} .grid {{ stroke: {faint}; stroke-opacity: 0.3 }} "
        f".shade {{ fill: {faint}; fill-opacity: 0.2 }} "
        ".curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round } "
        f".behind {{ fill: {paper}; fill-opacity: 0.8 }}"
    )
    parts = [
        _element("title", _text(title)),
        _element("style", style),
        _element("rect", width=width, height=height, fill=paper),
    ]
    for place, figure in enumerate(figures):
        parts += _Panel(figure, place * part, part, height, theme).lines()
    size = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}", "width": f"{width}"}
    look = {"role": "img", "font-family": "sans-serif", "font-size": f"{_FONT}", "fill": ink, "color": ink}
    return _element("svg", "\n" + "\n".join(parts) + "\n", **size, height=height, **look) + "\n"


def page(figures: Sequence[Figure], width: int, height: int, theme: Theme = Theme.AUTO) -> str:
    """The same as a page of HTML."""
    paper, _, _ = colours.paper(theme)
    drawn = svg(figures, width, height, theme)
    title = drawn.partition("<title>")[2].partition("</title>")[0]
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body style="margin: 0; background: {paper}">\n{drawn}</body>\n</html>\n'
    )


def _element(tag: str, content: str = "", **attributes: str | float) -> str:
    """An element; numbers to a tenth of a pixel, a trailing underscore of a name (`class_`) left out."""
    shown = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{value if isinstance(value, str | int) else f"{value:.1f}"}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{shown}>{content}</{tag}>" if content else f"<{tag}{shown}/>"


def _text(text: str) -> str:
    """Text for XML, which knows no control characters."""
    return escape("".join(character if character.isprintable() else " " for character in text))


class _Panel:
    """One picture: a frame with what is in it, its legend above, its ticks at the left and below."""

    def __init__(self, figure: Figure, left: float, width: float, height: float, theme: Theme) -> None:
        self.figure = figure
        self.theme = theme
        self.across, self.up = axes(figure)
        self.edge = left + _EDGE
        self.right = left + width - 2 * _EDGE  # the text of the last tick sticks out
        self.taken: list[tuple[float, float, float]] = []  # left and upper ends and widths of labels
        self.legend = self._legend(width - 2 * _EDGE)
        self.upper = _EDGE + _LINE * (bool(figure.title or figure.y_label) + len(self.legend))
        self.lower = height - _EDGE - _LINE * (1 + bool(figure.x_label))
        self.y_ticks = self.up.ticks(max(2, int((self.lower - self.upper) / 60)))
        self.left = self.edge + _LETTER * max(columns(tick.text) for tick in self.y_ticks) + 8

    def lines(self) -> Iterator[str]:
        """The elements, those behind first."""
        yield from self._above()
        yield from self._frame()
        for span in self.figure.spans:
            yield from self._span(span)
        for place, bars in enumerate(self.figure.bars, len(self.figure.curves)):
            yield from self._bars(bars, self._colour(place))
        for place, curve in enumerate(self.figure.curves):
            path = self._path(self.across.shares(curve.x), self.up.shares(curve.y))
            if path:
                title = _element("title", _text(curve.label))
                yield _element("path", title, class_="curve", **self._pen(place), d=path)
        for mark in self.figure.marks:
            yield from self._mark(mark)

    def _x(self, share: float) -> float:
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def _y(self, share: float) -> float:
        return self.lower - min(max(share, 0.0), 1.0) * (self.lower - self.upper)

    def _colour(self, place: int) -> str:
        return colours.hexadecimal(self.theme, self.figure.first_colour + place)

    def _pen(self, place: int) -> dict[str, str]:
        """The colour of a curve; dashes where its colour is another's too."""
        dashes = _DASHES[colours.turn(self.figure.first_colour + place) % len(_DASHES)]
        return {"stroke": self._colour(place)} | ({"stroke-dasharray": dashes} if dashes else {})

    def _legend(self, width: float) -> list[list[tuple[float, int, str]]]:
        """Its lines: place, number of the colour (-1 for what is shaded) and text of each entry."""
        spans = dict.fromkeys(span.name for span in self.figure.spans)
        rows: list[list[tuple[float, int, str]]] = []
        used = 0.0
        for colour, label in [*enumerate(self.figure.labels), *((-1, name) for name in spans)]:
            needed = 26 + _LETTER * columns(label)
            if not rows or used + needed > width:
                rows.append([])
                used = 0.0
            rows[-1].append((used, colour, label))
            used += needed + 18
        return rows

    def _above(self) -> Iterator[str]:
        """Title, name of the y axis, and legend."""
        middle, y = (self.left + self.right) / 2, _EDGE + 10
        if self.figure.title:
            yield _element("text", _text(self.figure.title), x=middle, y=y, text_anchor="middle", font_weight="bold")
        if self.figure.y_label:
            yield _element("text", _text(self.figure.y_label), x=self.edge, y=y)
        for row, entries in enumerate(self.legend):
            y = self.upper - _LINE * (len(self.legend) - row) + 8
            for start, colour, label in entries:
                x = self.edge + start
                if colour < 0:
                    yield _element("rect", class_="shade", x=x, y=y - 6, width=20, height=12)
                else:
                    yield _element("line", class_="curve", **self._pen(colour), x1=x, y1=y, x2=x + 20, y2=y)
                yield _element("text", _text(label), x=x + 26, y=y + 4)

    def _frame(self) -> Iterator[str]:
        for tick in self.y_ticks:
            yield self._across(tick.share, "grid")
            yield _element("text", _text(tick.text), x=self.left - 6, y=self._y(tick.share) + 4, text_anchor="end")
        for tick in self._x_ticks():
            yield self._upwards(tick.share, "grid")
            yield _element("text", _text(tick.text), x=self._x(tick.share), y=self.lower + 16, text_anchor="middle")
        if _crosses_0(self.up):
            yield self._across(self.up.share(0.0), "faint")
        if _crosses_0(self.across):
            yield self._upwards(self.across.share(0.0), "faint")
        width, height = self.right - self.left, self.lower - self.upper
        yield _element("rect", class_="faint", x=self.left, y=self.upper, width=width, height=height)
        if self.figure.x_label:
            middle = (self.left + self.right) / 2
            yield _element("text", _text(self.figure.x_label), x=middle, y=self.lower + 34, text_anchor="middle")

    def _across(self, share: float, kind: str) -> str:
        y = self._y(share)
        return _element("line", class_=kind, x1=self.left, y1=y, x2=self.right, y2=y)

    def _upwards(self, share: float, kind: str) -> str:
        x = self._x(share)
        return _element("line", class_=kind, x1=x, y1=self.upper, x2=x, y2=self.lower)

    def _x_ticks(self) -> list[Tick]:
        if not self.figure.x_ticks:
            return self.across.ticks(max(2, int((self.right - self.left) / 80)))
        shares = [(self.across.share(place), text) for place, text in self.figure.x_ticks]
        return [Tick(share, text) for share, text in shares if 0 <= share <= 1]

    def _span(self, span: Span) -> Iterator[str]:
        ends = self.across.shares(np.clip([span.low, span.high], self.across.low, self.across.high))
        if np.all(np.isfinite(ends)) and span.high >= self.across.low and span.low <= self.across.high:
            start, end = (self._x(share) for share in ends.tolist())
            title, height = _element("title", _text(span.name)), self.lower - self.upper
            width = max(end - start, 1.0)
            yield _element("rect", title, class_="shade", x=start, y=self.upper, width=width, height=height)

    def _bars(self, bars: Bars, colour: str) -> Iterator[str]:
        base = self._y(0.0 if self.up.log else self.up.share(0.0))
        edges, heights = self.across.shares(bars.edges), self.up.shares(bars.heights)
        for low, high, top in zip(edges[:-1].tolist(), edges[1:].tolist(), heights.tolist(), strict=True):
            if np.all(np.isfinite([low, high, top])) and high >= 0 and low <= 1:
                start, end, y = self._x(low), self._x(high), self._y(top)
                width, height = max(end - start - 1, 0.5), abs(base - y)
                yield _element("rect", fill=colour, x=start + 0.5, y=min(y, base), width=width, height=height)

    def _path(self, u: Array, v: Array) -> str:
        moves = []
        for across, up in cut(u, v):
            points = [f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in zip(across.tolist(), up.tolist(), strict=True)]
            moves.append(f"M{points[0]}" + ("L" + " ".join(points[1:]) if points[1:] else "h0"))
        return " ".join(moves)

    def _mark(self, mark: Mark) -> Iterator[str]:
        share, height = self.across.share(mark.x), self.up.share(mark.y)
        if not (0 <= share <= 1 and 0 <= height <= 1):
            return
        x, y = self._x(share), self._y(height)
        colour = "currentColor" if mark.curve is None else self._colour(mark.curve)
        yield _element("circle", cx=x, cy=y, r=4, fill=colour)
        if mark.label:
            width = _LETTER * columns(mark.label)
            left, top = self._free(x, y, width)
            self.taken.append((left, top, width))
            yield _element("rect", class_="behind", x=left - 2, y=top, width=width + 4, height=_FONT + 4)
            yield _element("text", _text(mark.label), x=left, y=top + _FONT, fill=colour)

    def _free(self, x: float, y: float, width: float) -> tuple[float, float]:
        """Where a label beside a point covers no other label, if that is anywhere: its left and upper ends."""
        places = [
            (start, y + down * (_FONT + 4) - _FONT / 2)
            for down in (-1, 1, -2, 2, -3, 3)
            for start in (x + 8, x - 8 - width)
        ]
        inside = [
            (left, top)
            for left, top in places
            if left >= self.left and left + width <= self.right and self.upper <= top <= self.lower - _FONT
        ]
        clear = [place for place in inside if not any(self._touch(place, width, other) for other in self.taken)]
        return next(iter([*clear, *inside, *places]))

    @staticmethod
    def _touch(place: tuple[float, float], width: float, other: tuple[float, float, float]) -> bool:
        across = place[0] < other[0] + other[2] and other[0] < place[0] + width
        return across and abs(place[1] - other[1]) < _FONT + 4


def _crosses_0(axis: Axis) -> bool:
    return not axis.log and axis.low < 0 < axis.high
