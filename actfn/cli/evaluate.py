"""`actfn eval`: the values of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from actfn.cli.exits import Exit
from actfn.cli.options import (
    DerivativeOpt,
    DtypeOpt,
    FormOpt,
    FunctionArg,
    JsonOpt,
    ParameterOpt,
    PointsArg,
    QuietOpt,
    RangeOpt,
    StrictOpt,
    parameters,
)
from actfn.output.forms import Form

if TYPE_CHECKING:
    from actfn.analysis.alarms import Tally
    from actfn.cli.input import Block
    from actfn.expression.function import Function, VectorFunction
    from actfn.numerics.formats import Format
    from actfn.output.table import Table


def evaluate(
    function: FunctionArg,
    x: PointsArg = None,
    param: ParameterOpt = None,
    range_: RangeOpt = None,
    derivative: DerivativeOpt = None,
    dtype: DtypeOpt = "float64",
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
    strict: StrictOpt = False,
) -> None:
    """Evaluate a function at numbers given, ranged or piped in.

    A line of standard input gives a line of output. A function of a vector, such as softmax, takes a line (or all
    arguments) as one vector.

    Examples:
      actfn eval sigmoid -2 0 2

      actfn eval '1.2**max(0, g-2)' --range 0:12:13

      seq 5 | actfn eval leaky_relu -p alpha=0.2
    """
    from actfn.analysis.alarms import Tally, sentence
    from actfn.catalogue import lookup
    from actfn.cli import emit
    from actfn.cli import input as numbers
    from actfn.errors import UsageError
    from actfn.expression.function import Function, find_format

    found = lookup.function(function, **parameters(param))
    number_format = find_format(dtype)
    source = numbers.source(x, range_)
    tally = Tally()
    if derivative is not None and not isinstance(found, Function):
        message = f"{found.name!r} is a function of a vector: its derivative is a matrix"
        raise UsageError(message, hint=f"use actfn diff {found.name}")
    with emit.emitter(Form.JSON if json else form, streaming=source.streaming) as write:
        if isinstance(found, Function):
            for block in source.blocks:
                write(_each(found, block, number_format, tally, derivative))
        else:
            for block in source.vectors():
                write(_lines(found, block, number_format, tally))
    if not quiet:
        for status in tally.counts:
            emit.warn(sentence(found.name, tally, status, number_format.name))
    if strict and tally.counts:
        raise typer.Exit(Exit.STRICT)


def _each(function: Function, block: Block, form: Format, tally: Tally, order: int | None) -> Table:
    """A record for each number, with the derivative beside the value if an order is given."""
    from actfn.output.table import Column, Table, derivative_title, number_column

    x = form.round(block.values)
    values = function.values(x, form)
    statuses = tally.add(x, values)
    columns = [number_column("x", x, form, function.variable), number_column("value", values, form, function.name)]
    if order is not None:
        slopes = function.derivative(order).values(x, form)
        columns.append(number_column("derivative", slopes, form, derivative_title(order)))
    columns.append(Column("status", statuses))
    if order is not None:
        return Table(tuple(columns), ("value", "derivative"), block.counts)
    return Table(tuple(columns), ("value",), block.counts, (values, form))


def _lines(function: VectorFunction, block: Block, form: Format, tally: Tally) -> Table:
    """A record for each line, which is a vector."""
    from actfn.output import numbers
    from actfn.output.table import Column, Kind, Table

    vectors = [form.round(vector) for vector in block.lines()]
    results = [function.values(vector, form) if vector.size else vector for vector in vectors]
    statuses = [tally.worst(vector, result) for vector, result in zip(vectors, results, strict=True)]
    columns = (
        Column("x", [numbers.texts(vector, form) for vector in vectors], Kind.VECTOR),
        Column("value", [numbers.texts(result, form) for result in results], Kind.VECTOR, function.name),
        Column("status", statuses),
    )
    return Table(columns, ("value",))
