"""`actfn show`: all that is known of one function."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli.options import ColourOpt, FormOpt, FunctionArg, HeightOpt, JsonOpt, ParameterOpt, WidthOpt, parameters
from actfn.output.forms import Form
from actfn.output.listing import assignments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actfn.catalogue.rows import Row
    from actfn.functions.function import Function, VectorFunction
    from actfn.output.forms import Screen
    from actfn.output.table import Column, Table

_GRAPH_LINES = 14
_LABEL = 12  # columns of the names of properties


def show(
    function: FunctionArg,
    param: ParameterOpt = None,
    graph: Annotated[bool, typer.Option("--graph/--no-graph", help="The small graph of function and slope.")] = True,
    width: WidthOpt = None,
    height: HeightOpt = None,
    colour: ColourOpt = None,
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
) -> None:
    """Show formula, derivative, graph and computed properties of a function, and what frameworks call it.

    Try:
      actfn show gelu
      actfn show tf.nn.leaky_relu
      actfn show 'x/(1 + exp(-x))'
    """
    from actfn.catalogue import lookup
    from actfn.cli import emit, terminal

    found = lookup.function(function, **parameters(param))
    sheet = _Sheet.of(function, found)
    shown = Form.JSON if json else form
    if shown in (Form.AUTO, Form.TABLE, Form.PLAIN):
        screen = terminal.canvas(width, height)
        picture = _graph(found, screen, colour=terminal.coloured(colour)) if graph else ""
        emit.text("\n".join(_lines(sheet, picture, screen)) + "\n")
    else:
        emit.tables([sheet.table()], shown, streaming=False)


@dataclass(frozen=True)
class _Sheet:
    """What is told of a function, in the order of telling; empty entries are left out.

    Attributes:
        heading: its name, and the name in words.
        formulas, properties: by name.
        measures: those properties that are numbers, for records.
        spellings: by framework.
        remarks: sentences.
    """

    heading: str
    formulas: dict[str, str]
    properties: dict[str, str]
    measures: dict[str, tuple[Column, ...]]
    spellings: dict[str, str]
    remarks: tuple[str, ...]

    @classmethod
    def of(cls, asked: str, found: Function | VectorFunction) -> _Sheet:
        from actfn.catalogue import rows
        from actfn.functions.function import Function

        row = rows.find(found.name)
        title = f"{row.name}   {row.title}" if row else asked
        own = isinstance(found, Function) and row
        formulas = _formulas(found)
        if own and found.parameters:
            formulas["parameters"] = assignments(found.parameters)
        return cls(
            title,
            formulas,
            *(_properties(found) if isinstance(found, Function) else ({}, {})),
            _spellings(row) if row else {},
            tuple(_remarks(row, found)),
        )

    def table(self) -> Table:
        from actfn.output.table import Column, Table

        name, _, title = self.heading.partition("   ")
        spelled = "; ".join(f"{framework}: {names}" for framework, names in self.spellings.items())
        columns: list[Column] = []
        texts = {"name": name, "title": title} | self.formulas | self.properties
        texts |= {"spellings": spelled, "remarks": " ".join(self.remarks)}
        for key, cell in texts.items():
            columns += self.measures.get(key, [Column(key.replace(" ", "_"), [cell])])
        return Table(tuple(columns), tuple(column.name for column in columns))


def _formulas(found: Function | VectorFunction) -> dict[str, str]:
    from actfn.errors import LengthError
    from actfn.functions.function import Function

    if not isinstance(found, Function):
        return {"formula": found.formula} | ({"parameters": assignments(found.parameters)} if found.parameters else {})
    try:
        derivative = found.derivative().formula
    except LengthError as error:
        derivative = error.message
    return {"formula": found.formula, "derivative": derivative, "LaTeX": found.latex()}


def _properties(found: Function) -> tuple[dict[str, str], dict[str, tuple[Column, ...]]]:
    """What is known of it by name, in words; and what of that is numbers, as columns."""
    from actfn.analysis.initialisation import initialisation
    from actfn.analysis.properties import properties
    from actfn.numerics.formats import FORMATS
    from actfn.output.described import described, initialised, measured, saturated

    known, normal = properties(found), initialisation(found)
    lines = described(known)
    if not known.poles:  # beside one, the square has no mean
        lines |= initialised(normal)
    ends = [f"{name} {end}" for name in ("float32", "float64") for end in saturated(found, FORMATS[name])]
    return lines | ({"saturated in": ", ".join(ends)} if ends else {}), measured(known, normal)


def _spellings(row: Row) -> dict[str, str]:
    """What each framework calls the row, and what it means by it where that differs."""
    from actfn.catalogue.spellings import spellings

    found: dict[str, list[str]] = {}
    for each in spellings(row.name):
        meaning = f" = {each.meaning}" if each.has_own_values else ""
        found.setdefault(each.framework.title, []).append(f"{each.qualified}{meaning}")
    return {framework: ", ".join(names) for framework, names in found.items()}


def _remarks(row: Row | None, found: Function | VectorFunction) -> Iterator[str]:
    from actfn.analysis.relatives import REACH, relatives
    from actfn.catalogue.spellings import homonyms
    from actfn.functions.function import Function
    from actfn.output.described import number

    if row and row.note:
        yield row.note
    others: dict[str, list[str]] = {}
    for each in homonyms(row.name) if row else ():
        others.setdefault(each.meaning, []).append(each.qualified)
    for meaning, names in others.items():
        yield f"By {', '.join(names)} {meaning} is meant."
    if isinstance(found, Function):
        equal, near = relatives(found)
        if equal:
            yield f"The same function as {', '.join(equal)}."
        if near:
            names = [f"{each.name} ({number(each.distance)})" for each in near]
            yield f"Near relatives, with the largest difference from {-REACH:g} to {REACH:g}: {', '.join(names)}."
    if row and row.source:
        yield f"Source: {row.source.replace('Kunc & Kléma', 'survey (arXiv:2402.09092)')}."


def _graph(found: Function | VectorFunction, screen: Screen, *, colour: bool) -> str:
    from actfn.analysis.sampling import look
    from actfn.functions.function import Function
    from actfn.output.figure import Curve, Figure
    from actfn.output.plots import draw

    if not isinstance(found, Function):
        return ""
    both = (found, found.derivative())
    sight = look(both, 4 * screen.width)
    curves = [Curve(label, *points) for label, points in zip(("value", "slope"), sight.points, strict=True)]
    figure = Figure(tuple(curves), x_limits=sight.x_limits, y_limits=sight.y_limits)
    return draw(figure, screen._replace(height=min(screen.height, _GRAPH_LINES)), colour=colour)


def _lines(sheet: _Sheet, picture: str, screen: Screen) -> Iterator[str]:
    yield sheet.heading
    yield ""
    yield from _entries(sheet.formulas, screen, wrap=False)
    if picture:
        yield ""
        yield picture
    for entries in (sheet.properties, sheet.spellings):
        if entries:
            yield ""
            yield from _entries(entries, screen, wrap=True)
    for remark in sheet.remarks:
        yield ""
        yield from textwrap.wrap(remark, screen.width, break_long_words=False, break_on_hyphens=False)


def _entries(entries: dict[str, str], screen: Screen, *, wrap: bool) -> Iterator[str]:
    """Names and texts in two columns; a formula is never broken, so that it can be copied."""
    width = max(_LABEL, *map(len, entries)) + 2
    for name, text in entries.items():
        room = max(screen.width - width, 20)
        lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) if wrap else [text]
        for place, line in enumerate(lines or [""]):
            yield f"{'' if place else name:{width}}{line}"
