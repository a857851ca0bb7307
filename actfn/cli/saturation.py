"""`actfn saturation`: where the floats of a format stop telling the truth about a function."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import typer

from actfn.cli import candidates
from actfn.cli.options import FormOpt, FunctionArg, JsonOpt, ParameterOpt, QuietOpt, parameters
from actfn.output.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actfn.analysis.saturation import Stretch
    from actfn.exact.number import Exact
    from actfn.functions.function import Function
    from actfn.numerics.formats import Format
    from actfn.output.table import Table

_DEFAULT = "float64,float32,float16,bfloat16"
_DIGITS = 20
_FEW = 6  # digits of values for people
_SHORT = 11  # characters that so many digits may take
_FEW_BORDERS = 8  # of one regime that people are shown each on its own


@dataclass(frozen=True)
class Border:
    """A stretch of floats of a format of which something is to be said of a function."""

    function: Function
    form: Format
    stretch: Stretch
    inner: Stretch | None = None  # the innermost of several that it stands for

    @cached_property
    def exact(self) -> Exact:
        """The exact value where it begins."""
        return self.function.exact(self.stretch.first, _DIGITS)

    @cached_property
    def earliest(self) -> float:
        """Where it is so of single floats before."""
        from actfn.analysis.saturation import earliest

        return earliest(self.function, self.form, self.inner or self.stretch)

    @property
    def value(self) -> str:
        """The computed value for people: in full if it is short."""
        from actfn.output import numbers
        from actfn.output.described import number

        shown = numbers.text(self.stretch.value, self.form)
        return shown if len(shown) <= _SHORT else number(self.stretch.value)

    @property
    def told(self) -> str:
        """The exact value for people: what it is more or less than a computed one that equals a limit."""
        from actfn.analysis.labels import rest
        from actfn.analysis.regime import Regime
        from actfn.output.described import number

        value = self.stretch.value
        if value and self.stretch.regime in (Regime.SATURATED, Regime.MERGED):
            more = rest(self.function, self.stretch.first, value)
            if more.certain and more.sign:
                return f"{number(value)} {'-' if more.sign < 0 else '+'} {more.shown(3).removeprefix('-')}"
        if self.exact.bounded:
            return f"|y| < {self.exact.bound}"
        return self.exact.shown(_FEW)


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
    quiet: QuietOpt = False,
) -> None:
    """Show where a function saturates, vanishes, underflows, overflows or is not defined in a float format.

    Each line is a border: the first float, reading outwards, from which it is so, the computed value there, and the
    exact one. Beside a named function stands its textbook formula, executed as typed. csv, tsv and json have all
    digits, the value at the float before, and where it ends.

    Try:
      actfn saturation sigmoid
      actfn saturation '1.2**max(0, g-2)' --dtype float32
      actfn saturation tanh --dtype bfloat16 --format csv
    """
    from actfn.catalogue import lookup
    from actfn.cli import emit, terminal
    from actfn.errors import UsageError
    from actfn.functions.function import Function
    from actfn.numerics.formats import FORMATS, find_format

    found = lookup.function(function, **parameters(param))
    if not isinstance(found, Function):
        message = f"{found.name!r} is a function of a vector: it has no place on the line where it saturates"
        raise UsageError(message, hint=f"see its values: actfn eval {found.name} 1 2 3 --dtype float16")
    names = list(FORMATS) if dtype.strip() == "all" else [name.strip() for name in dtype.split(",")]
    formats = [find_format(name) for name in names]
    naive = found.textbook()
    versions = [found, naive] if found.named and naive.tree is not found.tree else [found]
    borders = [row for number_format in formats for row in _borders(versions, number_format)]
    wanted = terminal.resolved(Form.JSON if json else form)
    shown = _gathered(borders) if wanted is Form.TABLE else borders
    emit.tables(_tables(shown) if wanted is Form.TABLE else [_table(shown)], wanted, streaming=False)
    if len(shown) < len(borders) and not quiet:
        emit.note(f"{len(borders) - len(shown)} more borders lie between those shown: --format csv has all")
    if not borders and not quiet:
        emit.note(f"no float of {', '.join(names)} was found where {found.name} is not what it should be")


def _borders(versions: list[Function], form: Format) -> Iterator[Border]:
    from actfn.analysis.regime import Regime
    from actfn.analysis.saturation import stretches

    for version in versions:
        for order in (0, 1):
            function = version.derivative(order)
            for stretch in stretches(function, form):
                if stretch.regime is not Regime.OK:
                    yield Border(function, form, stretch)


def _gathered(borders: list[Border]) -> list[Border]:
    """For people: of many stretches of one regime on one side of 0 the outermost, which knows where they begin."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for place, each in enumerate(borders):
        groups.setdefault((each.function, each.form, each.stretch.regime, each.stretch.first < 0), []).append(place)
    kept: dict[int, Border] = {}
    for places in groups.values():
        if len(places) <= _FEW_BORDERS:
            kept |= {place: borders[place] for place in places}
        else:
            inner, *_, outer = sorted(places, key=lambda place: abs(borders[place].stretch.first))
            kept[outer] = replace(borders[outer], inner=borders[inner].stretch)
    return [kept[place] for place in sorted(kept)]


def _table(borders: list[Border]) -> Table:
    """All of it for programs, every number in full."""
    from actfn.output import numbers
    from actfn.output.table import Column, Kind, Table

    def place(name: str) -> Column:
        """A float of the line, written as exactly as a float64 is."""
        return Column(name, [numbers.text(getattr(each.stretch, name)) for each in borders], Kind.NUMBER)

    def value(name: str) -> Column:
        return Column(name, [numbers.text(getattr(each.stretch, name), each.form) for each in borders], Kind.NUMBER)

    columns = (
        Column("dtype", [each.form.name for each in borders]),
        Column("function", [each.function.name for each in borders]),
        Column("quantity", ["derivative" if each.function.order else "value" for each in borders]),
        Column("regime", [each.stretch.regime.value for each in borders]),
        place("first"),
        value("value"),
        place("before"),
        value("value_before"),
        Column("exact", [each.exact.text for each in borders]),
        place("low"),
        place("high"),
        Column("earliest", [numbers.text(each.earliest) for each in borders], Kind.NUMBER),
    )
    return Table(columns, ("dtype", "function", "quantity", "regime", "first"))


def _tables(borders: list[Border]) -> Iterator[Table]:
    """For people a table for each function and its derivative; where something begins in full, values in few digits."""
    from actfn.output import numbers
    from actfn.output.table import Column, Kind, Table

    for heading in dict.fromkeys(each.function.title for each in borders):
        under = [each for each in borders if each.function.title == heading]
        columns = [
            Column("dtype", [each.form.name for each in under]),
            Column("regime", [each.stretch.regime.value for each in under]),
            Column("first", [numbers.text(each.stretch.first) for each in under], Kind.NUMBER, "from"),
            Column("value", [each.value for each in under], Kind.NUMBER),
            Column("exact", [each.told for each in under], title="exact value"),
        ]
        if any(each.earliest != each.stretch.first for each in under):
            now_and_then = [f"{each.earliest:.7g}" for each in under]
            columns.append(Column("earliest", now_and_then, Kind.NUMBER, "now and then from"))
        yield Table(tuple(columns), ("first",), heading=heading, optional=("value", "earliest", "exact"))
