"""`actfn eval`: the values of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actfn.cli.kinds import OnError
from actfn.cli.options import (
    AsOpt,
    ColumnOpt,
    DelimiterOpt,
    DerivativeOpt,
    DigitsOpt,
    DtypeOpt,
    ExactOpt,
    FileOpt,
    FormOpt,
    FunctionArg,
    InputOpt,
    JobsOpt,
    JsonOpt,
    NoHeaderOpt,
    OnErrorOpt,
    OutputOpt,
    ParameterOpt,
    PointsArg,
    ProgressOpt,
    QuietOpt,
    RangeOpt,
    SeedOpt,
    StrictOpt,
    UlpOpt,
    parameters,
)
from actfn.output.forms import Form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from actfn.analysis.alarms import Tally
    from actfn.cli.readers.block import Block, Faults
    from actfn.functions.function import Function, VectorFunction
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array
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
    file: FileOpt = None,
    input_: InputOpt = None,
    output: OutputOpt = None,
    column: ColumnOpt = None,
    as_: AsOpt = None,
    delimiter: DelimiterOpt = None,
    no_header: NoHeaderOpt = False,
    on_error: OnErrorOpt = OnError.STOP,
    jobs: JobsOpt = 1,
    progress: ProgressOpt = False,
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
      actfn eval gelu --file data.csv --column x
      echo '1 2 3' | actfn eval softmax
    """
    from actfn.analysis.alarms import Tally
    from actfn.catalogue import lookup
    from actfn.cli import columns, emit
    from actfn.cli import input as numbers
    from actfn.cli.filter import line_by_line, write
    from actfn.cli.readers.opening import Stream
    from actfn.errors import UsageError
    from actfn.functions.function import VectorFunction
    from actfn.numerics.formats import find_format

    number_format = find_format(dtype)
    found = lookup.function(function, **parameters(param, number_format))
    wanted = exact or ulp
    if derivative is not None and wanted:
        message = "--derivative is shown beside the value, not beside the exact one"
        raise UsageError(message, hint=f"the exact derivative: actfn diff {found.name!r} --exact --order {derivative}")
    if isinstance(found, VectorFunction) and (derivative is not None or wanted):
        message = f"{found.name!r} is a function of a vector: --derivative, --exact and --ulp are not for it"
        raise UsageError(message, hint=f"its Jacobian: actfn diff {found.name}")
    if seed is not None and (derivative is not None or wanted):
        message = "--seed draws values: it goes with neither --derivative nor --exact or --ulp"
        raise UsageError(message, hint="leave out --seed: these are of the function's mean")
    if jobs > 1 and (wanted or seed is not None):
        message = "--jobs works out values only: it goes with neither --seed nor --exact or --ulp"
        raise UsageError(message, hint="leave out --jobs")
    wanted_columns = columns.wanted(found, column, as_)
    stream = Stream(file, input_, wanted_columns, delimiter, header=not no_header, progress=progress)
    draw = _sampler(found, seed) if seed is not None else None
    source = numbers.source(x, range_, stream, on_error)
    tally, comparison = Tally(found, number_format), None
    if wanted:
        from actfn.cli.exactness import Comparison

        comparison = Comparison(exact, ulp, digits)

    def make(block: Block, tally: Tally, faults: Faults) -> Iterable[Table]:
        block = block.within(number_format)
        if draw is not None:
            return (_drawn(found, block, number_format, draw),)
        if isinstance(found, VectorFunction):
            return line_by_line(lambda lines: _vectors(found, lines, number_format, tally), block, faults)
        if comparison is not None:
            return (comparison.table(found, block, number_format, tally),)
        return (_each(found, block, number_format, tally, derivative),)

    form, vectors = Form.JSON if json else form, isinstance(found, VectorFunction)
    blocks = source.vectors() if vectors else source.blocks
    write(source, blocks, make, tally, form=form, output=output, jobs=jobs, vectors=vectors)
    emit.warnings(tally, comparison.losses if comparison else None, quiet=quiet, strict=strict)


def _each(function: Function, block: Block, form: Format, tally: Tally, order: int | None) -> Table:
    """A record for each number, with the derivative beside the value if an order is given."""
    from actfn.output.table import Column, Numbers, Table, derivative_title, number_column

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
    return Table(tuple(columns), ("value",), block.counts, Numbers(values, form, block.counts))


def _sampler(function: Function | VectorFunction, seed: int) -> Callable[[Array], Array]:
    import numpy as np

    from actfn.catalogue.lookup import sampler

    draw, rng = sampler(function), np.random.default_rng(seed)
    return lambda x: draw(x, rng)


def _drawn(function: Function | VectorFunction, block: Block, form: Format, draw: Callable[[Array], Array]) -> Table:
    """A record for each number, or each line of a function of a vector, with a value drawn at random."""
    from actfn.functions.function import VectorFunction
    from actfn.output.table import Column, Kind, Numbers, Table, VectorTexts, number_column

    if isinstance(function, VectorFunction):
        vectors = [form.round(vector) for vector in block.lines()]
        values = [form.round(draw(vector)) if vector.size else vector for vector in vectors]
        x = Column("x", VectorTexts(vectors, form), Kind.VECTOR)
        return Table((x, Column("value", VectorTexts(values, form), Kind.VECTOR)), ("value",))
    at = form.round(block.values)
    drawn = form.round(draw(at))
    columns = number_column("x", at, form, function.variable), number_column("value", drawn, form, function.name)
    return Table(columns, ("value",), block.counts, Numbers(drawn, form, block.counts))


def _vectors(function: VectorFunction, block: Block, form: Format, tally: Tally) -> Table:
    """A record for each line, which is a vector."""
    import numpy as np

    from actfn.output.table import Column, Kind, Numbers, Table, VectorTexts

    matrix = block.matrix
    if matrix is not None:
        rounded = form.round(matrix)
        values = function.values(rounded, form)
        statuses = tally.add_lines(rounded, values, matrix)
        vectors, results, values = list(rounded), list(values), values.reshape(-1)
    else:
        given = block.lines()
        vectors = [form.round(vector) for vector in given]
        results = [function.values(vector, form) if vector.size else vector for vector in vectors]
        statuses = [tally.worst(*each) for each in zip(vectors, results, given, strict=True)]
        values = np.concatenate([np.empty(0), *results])
    columns = (
        Column("x", VectorTexts(vectors, form), Kind.VECTOR),
        Column("value", VectorTexts(results, form), Kind.VECTOR, function.name),
        Column("status", statuses),
    )
    return Table(columns, ("value",), None, Numbers(values, form, [len(result) for result in results]))
