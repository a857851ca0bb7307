"""`actfn saturation`: where the floats of a format stop telling the truth about a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli import candidates
from actfn.cli.options import FormOpt, FunctionArg, JsonOpt, ParameterOpt, parameters
from actfn.output.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actfn.analysis.saturation import Stretch
    from actfn.expression.function import Function
    from actfn.numerics.formats import Format
    from actfn.output.table import Table

_DEFAULT = "float64,float32,float16,bfloat16"
_DIGITS = 20


def saturation(
    function: FunctionArg,
    dtype: Annotated[
        str,
        typer.Option(
            "--dtype",
            metavar="FORMAT,...",
            click_type=candidates.FORMATS,
            help="Float formats separated by commas, or all.",
        ),
    ] = _DEFAULT,
    param: ParameterOpt = None,
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
) -> None:
    """Show where a function saturates, vanishes, underflows, overflows or is not defined in a float format.

    Each line is a border: the first float, reading outwards, from which it is so, the value there and at the float
    before, and the exact value. Beside a named function stands its textbook formula, executed as typed.

    Try:
      actfn saturation sigmoid
      actfn saturation '1.2**max(0, g-2)' --dtype float32
      actfn saturation tanh --dtype bfloat16 --format csv
    """
    from actfn.catalogue import lookup
    from actfn.cli import emit
    from actfn.errors import UsageError
    from actfn.expression.function import Function, find_format
    from actfn.numerics.formats import FORMATS

    found = lookup.function(function, **parameters(param))
    if not isinstance(found, Function):
        message = f"{found.name!r} is a function of a vector: it has no place on the line where it saturates"
        raise UsageError(message, hint=f"see its values: actfn eval {found.name} 1 2 3 --dtype float16")
    names = list(FORMATS) if dtype.strip() == "all" else [name.strip() for name in dtype.split(",")]
    formats = [find_format(name) for name in names]
    naive = found.textbook()
    versions = [found, naive] if found.named and naive.tree is not found.tree else [found]
    table = _table([row for number_format in formats for row in _borders(versions, number_format)])
    emit.tables([table], Form.JSON if json else form, streaming=False)
    if not table.length:
        emit.note(f"no float of {', '.join(names)} was found where {found.name} is not what it should be")


def _borders(versions: list[Function], form: Format) -> Iterator[tuple[Function, Format, Stretch]]:
    from actfn.analysis.regime import Regime
    from actfn.analysis.saturation import stretches

    for version in versions:
        for order in (0, 1):
            function = version.derivative(order)
            for stretch in stretches(function, form):
                if stretch.regime is not Regime.OK:
                    yield function, form, stretch


def _table(borders: list[tuple[Function, Format, Stretch]]) -> Table:
    from actfn.analysis.saturation import earliest
    from actfn.expression.digits import exact_text
    from actfn.output import numbers
    from actfn.output.table import Column, Kind, Layout, Table

    def place(name: str, title: str = "", layout: Layout = Layout.DOWN) -> Column:
        """A float of the line, written as exactly as a float64 is."""
        cells = [numbers.text(getattr(stretch, name)) for _, _, stretch in borders]
        return Column(name, cells, Kind.NUMBER, title, layout)

    def value(name: str, layout: Layout = Layout.DOWN) -> Column:
        cells = [numbers.text(getattr(each, name), form) for _, form, each in borders]
        return Column(name, cells, Kind.NUMBER, layout=layout)

    exact = [function.exact_value(stretch.first, _DIGITS).value for function, _, stretch in borders]
    sometimes = [earliest(function, form, stretch) for function, form, stretch in borders]
    monotone = all(first == stretch.first for first, (_, _, stretch) in zip(sometimes, borders, strict=True))
    columns = (
        Column("dtype", [form.name for _, form, _ in borders]),
        Column("function", [function.name for function, _, _ in borders]),
        Column("quantity", ["derivative" if function.order else "value" for function, _, _ in borders]),
        Column("regime", [stretch.regime.value for _, _, stretch in borders]),
        place("first", "from"),
        value("value"),
        place("before", layout=Layout.ABSENT),
        value("value_before", Layout.ABSENT),
        Column("exact", [exact_text(each, _DIGITS) for each in exact], title="exact value"),
        place("low", layout=Layout.ABSENT),
        place("high", layout=Layout.ABSENT),
        Column(
            "earliest",
            [numbers.text(each) for each in sometimes],
            Kind.NUMBER,
            "now and then from",
            Layout.ABSENT if monotone else Layout.DOWN,
        ),
    )
    return Table(columns, ("dtype", "function", "quantity", "regime", "first"))
