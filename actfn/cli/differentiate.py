"""`actfn diff`: the derivative of a function, as a formula or at points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli.exits import Exit
from actfn.cli.kinds import OnError
from actfn.cli.options import (
    AsOpt,
    ColumnOpt,
    DelimiterOpt,
    DigitsOpt,
    DtypeOpt,
    ExactOpt,
    FileOpt,
    FormOpt,
    FunctionArg,
    InputOpt,
    JsonOpt,
    NoHeaderOpt,
    OnErrorOpt,
    OrderOpt,
    OutputOpt,
    ParameterOpt,
    PointsArg,
    ProgressOpt,
    QuietOpt,
    RangeOpt,
    StrictOpt,
    UlpOpt,
    parameters,
)
from actfn.output.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from actfn.analysis.alarms import Tally
    from actfn.analysis.differentiation import Check
    from actfn.cli.readers.block import Block, Faults
    from actfn.functions.function import Function, VectorFunction
    from actfn.functions.kinks import Kink
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array
    from actfn.output.table import Table


_NOTES = 3  # kinks that are described one by one


@dataclass
class Verdict:
    """What `--check` found, over a stream of points."""

    compared: int = 0
    wrong: list[float] = field(default_factory=list)

    def add(self, x: Array, result: Check) -> None:
        """Count a block; points where nothing could be compared do not count."""
        self.compared += int((result.numerical == result.numerical).sum())
        self.wrong += x[result.wrong].tolist()

    def sentence(self) -> str:
        """The outcome, in a sentence."""
        from actfn.analysis.differentiation import METHOD

        if not self.compared:
            return f"nothing could be checked against {METHOD}: kinks, infinities and points without a value cannot"
        if not self.wrong:
            where = f"all {self.compared} points" if self.compared > 1 else "the one point"
            return f"checked against {METHOD}: agrees at {where} that could be compared"
        return (
            f"checked against {METHOD}: differs at {len(self.wrong)} of {self.compared}, first at x = {self.wrong[0]!r}"
        )


def differentiate(
    function: FunctionArg,
    x: PointsArg = None,
    order: OrderOpt = 1,
    latex: Annotated[bool, typer.Option("--latex", help="The formula in LaTeX.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Compare with an independent numerical derivative.")] = False,
    exact: ExactOpt = False,
    digits: DigitsOpt = 30,
    ulp: UlpOpt = False,
    param: ParameterOpt = None,
    range_: RangeOpt = None,
    dtype: DtypeOpt = "float64",
    file: FileOpt = None,
    input_: InputOpt = None,
    output: OutputOpt = None,
    column: ColumnOpt = None,
    as_: AsOpt = None,
    delimiter: DelimiterOpt = None,
    no_header: NoHeaderOpt = False,
    on_error: OnErrorOpt = OnError.STOP,
    progress: ProgressOpt = False,
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
    strict: StrictOpt = False,
) -> None:
    """Differentiate a function: without points its formula, with points its values.

    At a kink the slopes from both sides are told. A function of a vector, such as softmax, gives its Jacobian, a row a
    line. --check takes central differences in high-precision arithmetic and fails if they disagree.

    Try:
      actfn diff '1.2**max(0, g-2)'
      actfn diff gelu -2 0 2 --order 2
      actfn diff mish 0.5 --check
      actfn diff gelu --latex
      echo '1 2 3' | actfn diff softmax
    """
    from actfn.analysis.alarms import Tally
    from actfn.catalogue import lookup
    from actfn.cli import columns, emit
    from actfn.cli import input as numbers
    from actfn.cli.filter import line_by_line, write
    from actfn.cli.readers.opening import Stream
    from actfn.errors import UsageError
    from actfn.functions.function import Function, VectorFunction
    from actfn.numerics.formats import find_format

    number_format = find_format(dtype)
    found = lookup.function(function, **parameters(param, number_format))
    form = Form.JSON if json else form
    _refuse_what_does_not_go_together(found, exact or ulp, check=check, formula=latex or order != 1)
    wanted_columns = columns.wanted(found, column, as_, order)
    stream = Stream(file, input_, wanted_columns, delimiter, header=not no_header, progress=progress)
    source = None if latex else numbers.source(x, range_, stream, on_error, optional=isinstance(found, Function))
    if source is None or (latex and (x or range_)):
        assert isinstance(found, Function)
        if check or x or range_:
            message = "a formula has no points" if latex else "--check needs points"
            raise UsageError(message, hint="leave out --latex for values" if latex else "add numbers or --range LO:HI")
        _show_formula(found.derivative(order), form, latex=latex, quiet=quiet)
        return
    derived = found.derivative(order) if isinstance(found, Function) else found
    tally, comparison = Tally(derived, number_format), None
    if exact or ulp:
        from actfn.cli.exactness import Comparison

        comparison = Comparison(exact, ulp, digits, "derivative")
    verdict = Verdict() if check else None
    told: set[float] = set()

    def make(block: Block, tally: Tally, faults: Faults) -> Iterable[Table]:
        block = block.within(number_format)
        if isinstance(derived, VectorFunction):
            return line_by_line(lambda lines: _jacobians(derived, lines, number_format, tally), block, faults)
        if comparison is not None:
            return (comparison.table(derived, block, number_format, tally),)
        return (_slopes(derived, block, number_format, tally, verdict, told if not quiet else None),)

    vectors = isinstance(derived, VectorFunction)
    blocks = source.vectors() if vectors else source.blocks
    write(source, blocks, make, tally, form=form, output=output, vectors=vectors)
    if verdict:
        emit.note(verdict.sentence())
    losses = comparison.losses if comparison else None
    emit.warnings(tally, losses, quiet=quiet, strict=strict and not (verdict and verdict.wrong))
    if verdict and verdict.wrong:
        raise typer.Exit(Exit.DIFFERS)


def _refuse_what_does_not_go_together(
    found: Function | VectorFunction, wanted: bool, *, check: bool, formula: bool
) -> None:
    from actfn.errors import UsageError
    from actfn.functions.function import VectorFunction

    if isinstance(found, VectorFunction) and (check or formula or wanted):
        message = f"{found.name!r} is a function of a vector: only its Jacobian can be had"
        raise UsageError(message, hint="leave out --latex, --check, --order, --exact and --ulp")
    if wanted and check:
        message = "--check compares with differences, --exact and --ulp with the exact value"
        raise UsageError(message, hint="use them one after the other")


def _show_formula(function: Function, form: Form, *, latex: bool, quiet: bool) -> None:
    from actfn.cli import emit
    from actfn.functions.function import SIGHT
    from actfn.output.table import Column, Kind, Table

    columns = (
        Column("function", [function.name]),
        Column("variable", [function.variable]),
        Column("order", [str(function.order)], Kind.NUMBER),
        Column("latex" if latex else "derivative", [function.latex() if latex else function.formula]),
    )
    table = Table(columns, ("latex" if latex else "derivative",))
    emit.tables([table], Form.PLAIN if form is Form.AUTO else form, streaming=False)
    if quiet or function.order != 1:
        return
    found = sorted(function.kinks(), key=lambda kink: abs(kink.x))
    for kink in found[:_NOTES]:
        emit.note(_description(function, kink))
    if len(found) > _NOTES:
        emit.note(f"{len(found) - _NOTES} more kinks or jumps between {-SIGHT:g} and {SIGHT:g}")


def _slopes(
    function: Function, block: Block, form: Format, tally: Tally, verdict: Verdict | None, told: set[float] | None
) -> Table:
    """A record for each number. The first kinks that are met are described, but for those told."""
    from actfn.analysis import differentiation
    from actfn.cli import emit
    from actfn.functions.kinks import breaks
    from actfn.numerics.formats import FLOAT64
    from actfn.output.table import Column, Numbers, Table, derivative_title, number_column

    x = form.round(block.values)
    slopes = differentiation.slopes(function, x, form)
    statuses: list[str] = [*tally.add(x, slopes.values, block.values)]
    for place, kink in slopes.kinks.items():
        statuses[place] = kink.kind
        if told is not None and kink.x not in told and len(told) < _NOTES:
            told.add(kink.x)
            emit.note(_description(function, kink))
    columns = [
        number_column("x", x, form, function.variable),
        number_column("derivative", slopes.values, form, derivative_title(function.order)),
    ]
    if function.order == 1 and breaks(function.tree, function.variable):
        columns += [number_column("left", slopes.left, form), number_column("right", slopes.right, form)]
    if verdict is not None:
        result = differentiation.check(function, x, slopes, form)
        columns += [
            number_column("numerical", result.numerical, FLOAT64),
            number_column("difference", result.difference, FLOAT64),
        ]
        verdict.add(x, result)
    columns.append(Column("status", statuses))
    return Table(tuple(columns), ("derivative",), block.counts, Numbers(slopes.values, form, block.counts))


def _jacobians(function: VectorFunction, block: Block, form: Format, tally: Tally) -> Table:
    """A record for each row of each Jacobian."""
    from actfn.output import numbers
    from actfn.output.table import Column, Kind, Layout, Table

    x, rows, jacobian, statuses = [], [], [], []
    for vector in block.lines():
        rounded = form.round(vector)
        for row, slopes in enumerate(function.jacobian_values(rounded, form) if vector.size else []):
            x.append(numbers.texts(rounded, form))
            rows.append(str(row))
            jacobian.append(numbers.texts(slopes, form))
            statuses.append(tally.worst(rounded, slopes))
    columns = (
        Column("x", x, Kind.VECTOR, layout=Layout.ABSENT),
        Column("row", rows, Kind.NUMBER),
        Column("derivative", jacobian, Kind.VECTOR, "by x", Layout.ACROSS),
        Column("status", statuses),
    )
    return Table(columns, ("derivative",))


def _description(function: Function, kink: Kink) -> str:
    from actfn.functions.kinks import Break

    at, order = f"at {function.variable} = {kink.x!r}", function.order
    reported = f"{kink.slope!r} is reported, as {kink.reason}"
    missing = "so there is no slope" if order == 1 else f"so there is no derivative of order {order}"
    if kink.kind is Break.JUMP:
        value = f"the value goes from {kink.left!r} to {kink.right!r}"
        if kink.left == kink.right:
            value = f"the value is {kink.value!r} there and {kink.left!r} on both sides"
        return f"{kink.kind} {at}: {value}, {missing}; {reported}"
    sides = f"{kink.slope_left!r} from the left, {kink.slope_right!r} from the right"
    if kink.order == 1:
        return f"{kink.kind} {at}: slope {sides}{f', {missing}' if order > 1 else ''}; {reported}"
    of = "the slope" if kink.order == 2 else f"the derivative of order {kink.order - 1}"
    also = f", {missing}" if order > kink.order else ""
    return f"{kink.kind} of {of} {at}: that of order {kink.order} is {sides}{also}; {reported}"
