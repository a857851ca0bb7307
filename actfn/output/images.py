"""Pictures as PNG and PDF: the one module that knows Matplotlib, an optional extra."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from actfn.errors import UsageError
from actfn.output import colours
from actfn.output.axes import Axis, axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.output.figure import Figure, Mark
    from actfn.output.forms import Theme

_PIXELS_AN_INCH = 100
_LABEL = 0.15, 0.06  # the size of a point's label, as shares of the axes
_DASHES = ("-", "--", ":")  # of curves whose colour is another's too
_LONG = 24  # letters of a legend's entry, which then has a line for itself


def image(figures: Sequence[Figure], suffix: str, width: int, height: int, theme: Theme) -> bytes:
    """Pictures side by side as a file of the type `suffix`, of so many pixels (doubled in PNG, for sharp screens).

    Raises UsageError where Matplotlib is missing.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Sheet
    except ImportError:
        message = f"Matplotlib, which draws {suffix} files, is not installed"
        raise UsageError(message, hint="pip install 'actfn[figures]', or save as .svg, which needs nothing") from None
    paper, ink, _ = colours.paper(theme)
    sheet = Sheet(figsize=(width / _PIXELS_AN_INCH, height / _PIXELS_AN_INCH), facecolor=paper, layout="constrained")
    FigureCanvasAgg(sheet)
    for place, figure in enumerate(figures):
        _draw(sheet.add_subplot(1, len(figures), place + 1), figure, theme, paper, ink)
    title = next((figure.title for figure in figures if figure.title), "")
    if title:
        sheet.suptitle(_literal(title), color=ink)
    file = io.BytesIO()
    sheet.savefig(file, format=suffix.removeprefix("."), dpi=2 * _PIXELS_AN_INCH)
    return file.getvalue()


def _draw(panel: Any, figure: Figure, theme: Theme, paper: str, ink: str) -> None:
    across, up = axes(figure)
    first = figure.first_colour
    panel.set_facecolor(paper)
    panel.tick_params(colors=ink)
    for side in panel.spines.values():
        side.set_color(ink)
    panel.grid(visible=True, alpha=0.3)
    legend = []
    for place, curve in enumerate(figure.curves):
        colour = colours.hexadecimal(theme, first + place)
        dashes = _DASHES[colours.turn(first + place) % len(_DASHES)]
        legend += panel.plot(curve.x, curve.y, dashes, color=colour, label=_literal(curve.label), lw=2)
    for place, bars in enumerate(figure.bars, len(figure.curves)):
        colour = colours.hexadecimal(theme, first + place)
        widths = bars.edges[1:] - bars.edges[:-1]
        label = _literal(bars.label)
        legend.append(panel.bar(bars.edges[:-1], bars.heights, 0.95 * widths, align="edge", color=colour, label=label))
    shades = {}
    for span in figure.spans:
        ends = max(span.low, across.low), min(span.high, across.high)
        if ends[0] <= ends[1]:
            shades[span.name] = panel.axvspan(*ends, color=ink, alpha=0.12, lw=0, label=_literal(span.name))
    _point_out(panel, figure, theme, paper, ink)
    panel.set_xscale("log" if figure.x_log else "linear")
    panel.set_yscale("log" if figure.y_log else "linear")
    panel.set_xlim(across.low, across.high)
    panel.set_ylim(up.low, up.high)
    if figure.x_ticks:
        panel.set_xticks([place for place, _ in figure.x_ticks], [_literal(text) for _, text in figure.x_ticks])
    panel.set_xlabel(_literal(figure.x_label), color=ink)
    panel.set_ylabel(_literal(figure.y_label), color=ink)
    handles = [*legend, *shades.values()]
    if handles:
        across_legend = 1 if any(len(each.get_label()) > _LONG for each in handles) else 4
        above = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.2, "ncols": across_legend}
        panel.legend(handles=handles, labelcolor=ink, frameon=False, **above)


def _point_out(panel: Any, figure: Figure, theme: Theme, paper: str, ink: str) -> None:
    """The points with their labels, each above those that it would cover."""
    across, up = axes(figure)
    for place, mark in enumerate(figure.marks):
        colour = ink if mark.curve is None else colours.hexadecimal(theme, figure.first_colour + mark.curve)
        panel.plot([mark.x], [mark.y], "o", color=colour)
        label, box = _literal(mark.label), {"facecolor": paper, "alpha": 0.7, "lw": 0, "pad": 1}
        up_by = 6 + 14 * sum(_near(mark, other, across, up) for other in figure.marks[:place])
        panel.annotate(label, (mark.x, mark.y), (6, up_by), textcoords="offset points", color=colour, bbox=box)


def _near(one: Mark, other: Mark, across: Axis, up: Axis) -> bool:
    """Whether the labels of two points would cover each other."""
    apart = abs(across.share(one.x) - across.share(other.x)), abs(up.share(one.y) - up.share(other.y))
    return apart[0] < _LABEL[0] and apart[1] < _LABEL[1]


def _literal(text: str) -> str:
    """Text that Matplotlib does not take for mathematics, nor a label for one to be left out."""
    shown = "".join(character if character.isprintable() else " " for character in text).replace("$", r"\$")
    return f" {shown}" if shown.startswith("_") else shown
