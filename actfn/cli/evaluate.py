"""`actfn eval`: the values of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actfn.cli.options import (
    DerivativeOpt,
    DigitsOpt,
    DtypeOpt,
    ExactOpt,
    FormOpt,
    FunctionArg,
    JsonOpt,
    ParameterOpt,
    PointsArg,
    QuietOpt,
    RangeOpt,
    SeedOpt,
    StrictOpt,
    UlpOpt,
    parameters,
)
from actfn.output.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from actfn.analysis.alarms import Tally
    from actfn.cli.input import Block, Source
    from actfn.expression.function import Function, VectorFunction
    from actfn.numerics.formats import Format
    from actfn.output.table import Table


def evaluate(
    function: FunctionArg,
    x: PointsArg = None,
    param: ParameterOpt = None,
    range_: RangeOpt = None,
    derivative: DerivativeOpt = None,
    exact: ExactOpt = False,
    digits: DigitsOpt = 30,
    ulp: UlpOpt = False,
    dtype: DtypeOpt = "float64",
    seed: SeedOpt = None,
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
    strict: StrictOpt = False,
) -> None:
    """Evaluate a function at numbers given, ranged or piped in.

    A line of standard input gives a line of output. A function of a vector, such as softmax, takes a line (or all
    arguments) as one vector.

    Try:

      actfn eval sigmoid -2 0 2

      actfn eval '1.2**max(0, g-2)' --range 0:12:13

      seq 5 | actfn eval leaky_relu -p alpha=0.2

      actfn eval sigmoid 40 --exact --digits 25
    """
    from actfn.analysis.alarms import Tally
    from actfn.catalogue import lookup
    from actfn.cli import emit
    from actfn.cli import input as numbers
    from actfn.cli.exactness import Losses, Wanted, compared
    from actfn.errors import UsageError
    from actfn.expression.function import Function, find_format

    found = lookup.function(function, **parameters(param))
    number_format = find_format(dtype)
    wanted = Wanted(exact=exact, ulp=ulp, digits=digits)
    if derivative is not None and wanted:
        message = "--derivative is shown beside the value, not beside the exact one"
        raise UsageError(message, hint=f"the exact derivative: actfn diff {found.name!r} --exact --order {derivative}")
    if seed is not None and (derivative is not None or wanted):
        message = "--seed draws values: it goes with neither --derivative nor --exact or --ulp"
        raise UsageError(message)
    source = numbers.source(x, range_)
    tally, losses = Tally(found, number_format), Losses()
    tables: Iterable[Table]
    if seed is not None:
        tables = _drawn(found, source, number_format, seed)
    elif not isinstance(found, Function):
        if derivative is not None or wanted:
            message = f"{found.name!r} is a function of a vector: --derivative, --exact and --ulp are not for it"
            raise UsageError(message, hint=f"its Jacobian: actfn diff {found.name}")
        tables = (_lines(found, block, number_format, tally) for block in source.vectors())
    elif wanted:
        tables = (compared(found, block, number_format, tally, losses, wanted) for block in source.blocks)
    else:
        tables = (_each(found, block, number_format, tally, derivative) for block in source.blocks)
    emit.tables(tables, Form.JSON if json else form, streaming=source.streaming)
    emit.warnings(found.name, tally, losses, quiet=quiet, strict=strict)


def _each(function: Function, block: Block, form: Format, tally: Tally, order: int | None) -> Table:
    """A record for each number, with the derivative beside the value if an order is given."""
    from actfn.output.table import Column, Table, derivative_title, number_column

    x = form.round(block.values)
    values = function.values(x, form)
    statuses = tally.add(x, values, block.values)
    columns = [number_column("x", x, form, function.variable), number_column("value", values, form, function.name)]
    if order is not None:
        slopes = function.derivative(order).values(x, form)
        columns.append(number_column("derivative", slopes, form, derivative_title(order)))
    columns.append(Column("status", statuses))
    if order is not None:
        return Table(tuple(columns), ("value", "derivative"), block.counts)
    return Table(tuple(columns), ("value",), block.counts, (values, form))


def _drawn(function: Function | VectorFunction, source: Source, form: Format, seed: int) -> Iterator[Table]:
    """A record for each number, or each line of a function of a vector, with a value drawn at random."""
    import numpy as np

    from actfn.catalogue.lookup import sampler
    from actfn.expression.function import VectorFunction
    from actfn.output import numbers
    from actfn.output.table import Column, Kind, Table, number_column

    draw, rng = sampler(function), np.random.default_rng(seed)
    if isinstance(function, VectorFunction):
        for block in source.vectors():
            vectors = [form.round(vector) for vector in block.lines()]
            values = [form.round(draw(vector, rng)) if vector.size else vector for vector in vectors]
            x = Column("x", [numbers.texts(vector, form) for vector in vectors], Kind.VECTOR)
            yield Table((x, Column("value", [numbers.texts(each, form) for each in values], Kind.VECTOR)), ("value",))
        return
    for block in source.blocks:
        at = form.round(block.values)
        drawn = form.round(draw(at, rng))
        columns = number_column("x", at, form, function.variable), number_column("value", drawn, form, function.name)
        yield Table(columns, ("value",), block.counts)


def _lines(function: VectorFunction, block: Block, form: Format, tally: Tally) -> Table:
    """A record for each line, which is a vector."""
    import numpy as np

    from actfn.output import numbers
    from actfn.output.table import Column, Kind, Table

    given = block.lines()
    vectors = [form.round(vector) for vector in given]
    if len({vector.size for vector in vectors}) == 1 and vectors[0].size:
        results = [*function.values(np.stack(vectors), form)]
    else:
        results = [function.values(vector, form) if vector.size else vector for vector in vectors]
    statuses = [tally.worst(*each) for each in zip(vectors, results, given, strict=True)]
    columns = (
        Column("x", [numbers.texts(vector, form) for vector in vectors], Kind.VECTOR),
        Column("value", [numbers.texts(result, form) for result in results], Kind.VECTOR, function.name),
        Column("status", statuses),
    )
    return Table(columns, ("value",))
