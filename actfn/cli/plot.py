"""`actfn plot`: a look at functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli import candidates
from actfn.cli.options import (
    ColourOpt,
    DerivativeOpt,
    FormOpt,
    HeightOpt,
    JsonOpt,
    QuietOpt,
    SaveOpt,
    SweepOpt,
    ThemeOpt,
    WidthOpt,
    sweeps,
)
from actfn.output.forms import Form, Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array
    from actfn.output.figure import Figure
    from actfn.output.table import Table


def plot(
    functions: Annotated[
        list[str],
        typer.Argument(
            metavar="FUNCTION...", click_type=candidates.FUNCTION, help="Names or expressions, drawn into one frame."
        ),
    ],
    derivative: DerivativeOpt = None,
    range_: Annotated[str | None, typer.Option("--range", metavar="LO:HI", help="What is seen of the x axis.")] = None,
    ylim: Annotated[str | None, typer.Option("--ylim", metavar="LO:HI", help="What is seen of the y axis.")] = None,
    at: Annotated[
        list[str] | None, typer.Option("--at", metavar="X", help="Mark the point at x. May be repeated.")
    ] = None,
    mark: Annotated[
        list[str] | None,
        typer.Option(
            "--mark",
            metavar="WHAT",
            click_type=candidates.MARKS,
            help="Mark kinks, zeros, extrema, or all. May be repeated.",
        ),
    ] = None,
    param: SweepOpt = None,
    dtype: Annotated[
        str | None,
        typer.Option(
            "--dtype",
            metavar="FORMAT",
            click_type=candidates.FORMAT,
            help="Compute in a float format, and shade where it fails.",
        ),
    ] = None,
    hist: Annotated[
        bool, typer.Option("--hist", help="The distribution of numbers piped in, before and after the function.")
    ] = False,
    log_x: Annotated[bool, typer.Option("--logx", help="A logarithmic x axis.")] = False,
    log_y: Annotated[bool, typer.Option("--logy", help="A logarithmic y axis.")] = False,
    title: Annotated[str, typer.Option("--title", help="A line above the picture.")] = "",
    save: SaveOpt = None,
    width: WidthOpt = None,
    height: HeightOpt = None,
    theme: ThemeOpt = Theme.AUTO,
    colour: ColourOpt = None,
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """Plot functions, in the terminal or into a file.

    Of a function of a vector, such as softmax, the elements of a line piped in are shown, before and after.
    --format csv or json gives the points of the curves instead.

    Try:
      actfn plot sigmoid tanh relu --derivative
      actfn plot '1.2**max(0, g-2)' --range 0:12 --at 3 --at 10
      seq -3 0.01 3 | actfn plot relu --hist
      actfn plot gelu --mark extrema,zeros
      actfn plot leaky_relu -p alpha=0.01,0.1,0.3
      actfn plot sigmoid --range -40:40 --dtype float32 --save sigmoid.svg
    """
    from actfn.cli import emit, figures, terminal
    from actfn.cli import input as numbers
    from actfn.functions.function import VectorFunction
    from actfn.numerics.formats import FLOAT64, find_format
    from actfn.output import files

    _refuse_numbers(functions)
    number_format = find_format(dtype) if dtype else None
    if save is not None:
        files.ending(save)
    room = terminal.canvas(width, height)
    frame = figures.Frame(
        x_limits=numbers.ends(range_) if range_ else None,
        y_limits=numbers.ends(ylim) if ylim else None,
        columns=room.width if save is None else 3 * room.width,
        form=number_format,
        x_log=log_x,
        y_log=log_y,
        title=title,
    )
    found = figures.resolved(functions, sweeps(param, number_format))
    wanted = Form.JSON if json else form
    if isinstance(found[0], VectorFunction):
        vectors = [each for each in found if isinstance(each, VectorFunction)]
        pictures = figures.of_vectors(vectors, _vector(vectors[0].name, number_format or FLOAT64, quiet=quiet), frame)
    else:
        scalar = [each for each in found if isinstance(each, figures.Labelled)]
        if derivative is not None:
            scalar = figures.with_derivatives(scalar, derivative)
        if hist:
            purpose = "--hist shows the distribution of numbers that are piped in"
            values = _piped(purpose, functions[0] + " --hist", number_format or FLOAT64)
            pictures, left_out = figures.of_distribution(scalar, values, frame)
            if left_out and not quiet:
                emit.note(f"{left_out} of {values.size} numbers are left out: they are, or become, nan or infinite")
        else:
            places = numbers.points(at or []).within(number_format or FLOAT64).values.tolist()
            pictures = [figures.of_functions(scalar, frame, places, _special(mark))]
            if not quiet:
                _tell_what_is_not_seen(pictures[0])
    if wanted is not Form.AUTO:
        emit.tables([_points(pictures)], wanted, streaming=False)
        if save is None:
            return
    emit.pictures(pictures, room, colour=colour, theme=theme, save=save)


def _refuse_numbers(functions: Sequence[str]) -> None:
    from actfn.errors import UsageError, quoted
    from actfn.numerics.numerals import is_number

    for text in functions:
        if is_number(text):
            message = f"{quoted(text)} is a number, not a function"
            hint = "--range LO:HI says what is seen, --at X marks a point, --derivative=2 is the second"
            raise UsageError(message, hint=hint)


def _special(texts: Sequence[str] | None) -> set[str]:
    """The kinds of points that `--mark` names, separated by commas. Raises UsageError."""
    from actfn.errors import UsageError, quoted, suggestion
    from actfn.output.forms import SPECIAL

    wanted: set[str] = set()
    for text in [part.strip() for each in texts or [] for part in each.split(",")]:
        if text not in (*SPECIAL, "all"):
            hint = suggestion(text, [*SPECIAL]) or f"what can be marked: {', '.join(SPECIAL)}, all"
            message = f"nothing is called {quoted(text)} here"
            raise UsageError(message, hint=hint)
        wanted |= set(SPECIAL) if text == "all" else {text}
    return wanted


def _piped(purpose: str, example: str, form: Format) -> Array:
    """All numbers of standard input. Raises UsageError where there are none."""
    import numpy as np

    from actfn.cli import input as numbers
    from actfn.errors import UsageError

    source = numbers.source(None, None, optional=True)
    blocks = source.blocks if source else ()
    values = np.concatenate([np.zeros(0), *(block.within(form).values for block in blocks)])
    if not values.size:
        raise UsageError(purpose, hint=f"such as: seq -5 0.1 5 | actfn plot {example}")
    return values


def _vector(name: str, form: Format, *, quiet: bool) -> Array:
    """The first line of standard input."""
    from actfn.cli import emit
    from actfn.cli import input as numbers
    from actfn.errors import UsageError

    source = numbers.source(None, None, optional=True)
    lines = [line for block in source.blocks for line in block.within(form).lines() if line.size] if source else []
    if not lines:
        message = f"{name!r} is a function of a vector: its elements are piped in, on one line"
        raise UsageError(message, hint=f"such as: echo '1 2 3' | actfn plot {name}")
    if len(lines) > 1 and not quiet:
        emit.note(f"the first of {len(lines)} lines is shown")
    return lines[0]


def _tell_what_is_not_seen(figure: Figure) -> None:
    """Say of curves and marked points that the picture does not show them."""
    import numpy as np

    from actfn.cli import emit

    for curve in figure.curves:
        if not np.any(np.isfinite(curve.y)):
            emit.note(f"{curve.label} has no finite value there")
    for mark in figure.marks:
        name = figure.curves[mark.curve or 0].label
        low, high = figure.x_limits or (mark.x, mark.x)
        bottom, top = figure.y_limits or (mark.y, mark.y)
        if not np.isfinite(mark.y):
            emit.note(f"{name} is {mark.y} at {mark.x:g}")
        elif not (low <= mark.x <= high and bottom <= mark.y <= top):
            emit.note(f"{name}: the point {mark.label} is outside the picture")


def _points(figures: Sequence[Figure]) -> Table:
    """What the pictures show as numbers: the points of curves, or the bars with their edges."""
    import numpy as np

    from actfn.numerics.formats import FLOAT64
    from actfn.output.table import Column, Table, number_column

    curves = [curve for figure in figures for curve in figure.curves]
    if curves:
        named = [curve.label for curve in curves for _ in curve.x]
        x, y = (np.concatenate([getattr(curve, name) for curve in curves]) for name in "xy")
        columns = [number_column("x", x, FLOAT64), number_column("value", y, FLOAT64)]
        return Table((Column("function", named), *columns), ("x", "value"))
    bars = [each for figure in figures for each in figure.bars]
    named = [each.label for each in bars for _ in each.heights]
    low, high, height = (
        np.concatenate(parts) for parts in zip(*((b.edges[:-1], b.edges[1:], b.heights) for b in bars), strict=True)
    )
    columns = [number_column(name, part, FLOAT64) for name, part in (("low", low), ("high", high), ("value", height))]
    return Table((Column("function", named), *columns), ("low", "high", "value"))
