"""`actfn compare`: functions side by side, and how far the others are from the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli import candidates
from actfn.cli.exits import Exit
from actfn.cli.options import (
    ColourOpt,
    DtypeOpt,
    FormOpt,
    HeightOpt,
    JsonOpt,
    ParameterOpt,
    QuietOpt,
    SaveOpt,
    ThemeOpt,
    WidthOpt,
    parameters,
    tolerances,
)
from actfn.output.forms import Form, Theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from actfn.analysis.comparison import Bounds, Difference, Most
    from actfn.cli.operands import Asked
    from actfn.numerics.kernels import Array
    from actfn.output.figure import Figure, Limits
    from actfn.output.table import Table

_DIFFERENCES = (
    "largest difference from the first",
    "x of largest difference",
    "largest relative difference",
    "x of largest relative difference",
    "largest ulp distance",
    "x of largest ulp distance",
    "the same number as the first",
)


def compare(
    functions: Annotated[
        list[str],
        typer.Argument(
            metavar="A B...",
            click_type=candidates.OPERAND,
            help="Names, expressions, or callables: file.py:function, package.module:function.",
        ),
    ],
    param: ParameterOpt = None,
    range_: Annotated[
        str | None, typer.Option("--range", metavar="LO:HI[:N]", help="Compare at N points in this range (2001).")
    ] = None,
    atol: Annotated[
        float | None, typer.Option("--atol", min=0, help="Exit with status 1 beyond this difference.")
    ] = None,
    rtol: Annotated[
        float | None, typer.Option("--rtol", min=0, help="The same for the difference relative to A.")
    ] = None,
    ulp: Annotated[float | None, typer.Option("--ulp", min=0, help="The same for the distance in floats.")] = None,
    timeout: Annotated[
        float | None, typer.Option("--timeout", metavar="SECONDS", help="Time for each answer of a callable (10).")
    ] = None,
    plot: Annotated[bool, typer.Option("--plot", help="Draw the functions, and their difference from A.")] = False,
    dtype: DtypeOpt = "float64",
    save: SaveOpt = None,
    width: WidthOpt = None,
    height: HeightOpt = None,
    theme: ThemeOpt = Theme.AUTO,
    colour: ColourOpt = None,
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """Compare functions: their properties side by side, and the differences of the others from the first.

    The points are those of --range, else numbers piped in, else a range that fits the functions. With --atol, --rtol or
    --ulp it is a test: a point passes if it is within one of them, and status 1 says that some point did not.

    A callable runs in a process of its own, with your rights. To grade code that you do not trust, use actfn check.

    Expectations are over a standard normal input; the gain is what keeps a signal's variance.

    Try:
      actfn compare gelu gelu_tanh quick_gelu --range -6:6 --plot
      actfn compare 'x*sigmoid(x)' silu --ulp 4
      actfn compare tanh math:tanh --range -3:3 --ulp 2
      actfn compare sigmoid student.py:sigmoid --atol 1e-9
    """
    from actfn.cli import foreign
    from actfn.cli.timeout import seconds
    from actfn.errors import UsageError

    if len(functions) < 2:
        message = "nothing to compare with"
        raise UsageError(message, hint=f"name another function: actfn compare {functions[0]!r} relu")
    # their processes start while NumPy is imported here
    with foreign.callables(functions, seconds(timeout, foreign.SECONDS)) as callables:
        from actfn.analysis.comparison import Bounds, difference
        from actfn.cli import emit, operands, terminal
        from actfn.numerics.formats import find_format
        from actfn.output import described, files, numbers

        wanted = Form.JSON if json else Form.TABLE if form is Form.AUTO else form
        if plot and save is None and wanted is not Form.TABLE:
            message = f"a picture cannot stand in {wanted}"
            raise UsageError(message, hint="add --save FILE, or leave out --plot")
        if save is not None:
            files.ending(save)
        number_format = find_format(dtype)
        tolerances(atol, rtol, ulp)
        tolerance = Bounds(atol, rtol, ulp)
        found = operands.resolved(functions, parameters(param, number_format), callables)
        x = operands.points(found, range_, number_format)
        first, *others = operands.asked(found, x, number_format, quiet=quiet)
        _refuse_failures([first, *others])
        differences = [difference(x, first.values, each.values, tolerance, number_format) for each in others]
        show = described.number if wanted is Form.TABLE else numbers.text
        table = _table([first, *others], x, differences, show)
    emit.tables([table], wanted, streaming=False)
    if plot or save is not None:
        room = terminal.canvas(width, height)
        emit.pictures(_pictures([first, *others], x, room.width), room, colour=colour, theme=theme, save=save)
    pairs = zip(others, differences, strict=True)
    beyond = [(other, each) for other, each in pairs if each.beyond or (tolerance and not each.points)]
    for other, each in beyond:
        terminal.say(f"actfn: {_exceeded(first, other, each, tolerance)}")
    if beyond:
        raise typer.Exit(Exit.DIFFERS)


def _refuse_failures(asked: Sequence[Asked]) -> None:
    """End the comparison if a callable answers nowhere: there is nothing to compare."""
    from actfn.cli import terminal

    failures = [each.failure for each in asked if each.failure]
    for failure in failures:
        terminal.say(f"actfn: {failure}")
    if failures:
        raise typer.Exit(Exit.DIFFERS)


def _table(asked: Sequence[Asked], x: Array, differences: Sequence[Difference], show: Callable[[float], str]) -> Table:
    """A record for each property, then for each kind of difference; a column for each operand."""
    from actfn.cli import traits
    from actfn.functions.function import Function
    from actfn.output.table import Column, Kind, Table

    columns = [Column("property", [*traits.NAMES, *_DIFFERENCES])]
    for place, each in enumerate(asked):
        function = each.operand.function
        if isinstance(function, Function):
            told = traits.of_function(function, show)
        else:
            told = ["-"] * len(traits.NAMES) if each.slow else traits.of_foreign(function, x, show)
        apart = _apart(differences[place - 1], show) if place else ["-"] * len(_DIFFERENCES)
        columns.append(Column(each.operand.label, [*told, *apart], Kind.MIXED))
    return Table(tuple(columns), tuple(column.name for column in columns), keys=1)


def _apart(found: Difference, show: Callable[[float], str]) -> list[str]:
    def told(most: Most | None) -> list[str]:
        return [show(most.value), show(most.at.x) if most.value else "-"] if most else ["-", "-"]

    largest = [text for most in (found.absolute, found.relative, found.ulp) for text in told(most)]
    return [*largest, f"{found.equal} of {found.points} points"]


def _exceeded(first: Asked, other: Asked, found: Difference, tolerance: Bounds) -> str:
    """What is beyond the tolerance, with the first and the worst point."""
    if not (found.first and found.worst):
        return f"{other.operand.label} and {first.operand.label} were compared nowhere: neither has a value at a point"
    points = f"{found.beyond} of {found.points} {'point' if found.points == 1 else 'points'}"
    names = f"{other.operand.label} differs from {first.operand.label}"
    return (
        f"{names} by more than {tolerance} at {points}\n"
        f"  first at x = {found.first.x!r}: {found.first.first!r} and {found.first.second!r}\n"
        f"  worst at x = {found.worst.x!r}: {found.worst.first!r} and {found.worst.second!r}"
    )


def _pictures(asked: Sequence[Asked], x: Array, width: int) -> list[Figure]:
    """All in one frame, and what the others are more than the first."""
    import numpy as np

    from actfn.analysis.sampling import look
    from actfn.functions.function import Function
    from actfn.output.figure import Curve, Figure

    order = np.argsort(x)
    x = x[order]
    limits: Limits | None = (float(x[0]), float(x[-1])) if x.size and x[0] < x[-1] else None
    ours = [each.operand.function for each in asked if isinstance(each.operand.function, Function)]
    seen = look(ours, 4 * width, x_limits=limits)
    smooth = iter(seen.points)
    curves, more = [], []
    for place, each in enumerate(asked):
        points = next(smooth) if isinstance(each.operand.function, Function) else (x, each.values[order])
        curves.append(Curve(each.operand.label, *points))
        if place:
            with np.errstate(invalid="ignore"):
                apart = (each.values - asked[0].values)[order]
            more.append(Curve(f"{each.operand.label} - {asked[0].operand.label}", x, apart))
    overlay = Figure(tuple(curves), x_limits=seen.x_limits, y_limits=seen.y_limits)
    return [overlay, Figure(tuple(more), x_limits=seen.x_limits, first_colour=1)]
