"""The options that commands share, each written once; and how their texts become values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli import candidates
from actfn.cli.kinds import Input, OnError, Output
from actfn.errors import UsageError, quoted
from actfn.numerics.numerals import MAX_ORDER, number
from actfn.output.forms import Form, Theme

if TYPE_CHECKING:
    from actfn.numerics.formats import Format

FunctionArg = Annotated[
    str,
    typer.Argument(
        metavar="FUNCTION",
        click_type=candidates.FUNCTION,
        help="A name such as gelu, or an expression in one variable: '1.2**max(0, g-2)'.",
    ),
]
PointsArg = Annotated[
    list[str] | None,
    typer.Argument(metavar="[X]...", help="Numbers; '-' reads standard input, as does giving none."),
]
ParameterOpt = Annotated[
    list[str] | None,
    typer.Option(
        "-p",
        "--param",
        metavar="NAME=VALUE",
        click_type=candidates.PARAMETER,
        help="Give a parameter a value. May be repeated.",
    ),
]
RangeOpt = Annotated[
    str | None,
    typer.Option("--range", metavar="LO:HI[:N]", help="N evenly spaced points, both ends included (41)."),
]
DtypeOpt = Annotated[
    str,
    typer.Option(
        "--dtype",
        metavar="FORMAT",
        click_type=candidates.FORMAT,
        help="float64, float32, float16, bfloat16, float8_e4m3fn, float8_e5m2.",
    ),
]
FormOpt = Annotated[
    Form,
    typer.Option("--format", help="auto is a table on a terminal and plain numbers in a pipe."),
]
JsonOpt = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
SeedOpt = Annotated[
    int | None,
    typer.Option("--seed", min=0, metavar="N", help="Draw values of a random function, as rrelu; else its mean."),
]
QuietOpt = Annotated[bool, typer.Option("-q", "--quiet", help="No warnings.")]
StrictOpt = Annotated[bool, typer.Option("--strict", help="Exit with status 3 if there was a warning.")]


OrderOpt = Annotated[int, typer.Option("--order", min=1, max=MAX_ORDER, help="Which derivative.")]
DerivativeOpt = Annotated[
    int | None,
    typer.Option(
        "--derivative", metavar="[=N]", min=1, max=MAX_ORDER, help="The N-th derivative beside the value (1)."
    ),
]

ExactOpt = Annotated[bool, typer.Option("--exact", help="The exact value, to as many digits as asked for.")]
DigitsOpt = Annotated[int, typer.Option("--digits", min=1, max=5000, help="Significant digits of --exact.")]
UlpOpt = Annotated[bool, typer.Option("--ulp", help="The error of the computed value in units of its last place.")]

FileOpt = Annotated[
    str | None,
    typer.Option(
        "--file", metavar="FILE", click_type=candidates.FILE, help="Read the numbers from a file; .gz is unpacked."
    ),
]
InputOpt = Annotated[
    Input | None,
    typer.Option("--input", help="What is read; by default what the file's name ends in, else text."),
]
OutputOpt = Annotated[Output | None, typer.Option("--output", help="Write the values in binary.")]
ColumnOpt = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="NAME",
        help="Read a column of csv, tsv or ndjson, by its name or its number; the others are passed on. "
        "May be repeated.",
    ),
]
AsOpt = Annotated[
    list[str] | None,
    typer.Option("--as", metavar="NAME", help="Name the answer beside a --column; once for each."),
]
DelimiterOpt = Annotated[
    str | None,
    typer.Option(
        "--delimiter",
        metavar="CHARACTER",
        help="Character between the fields of csv, read and written, such as ';' or tab; by default a comma.",
    ),
]
NoHeaderOpt = Annotated[
    bool, typer.Option("--no-header", help="The first line of csv or tsv is a record; the columns are 1, 2, 3.")
]
OnErrorOpt = Annotated[
    OnError, typer.Option("--on-error", help="At what is no number: stop, take it as nan, or skip the line.")
]
ProgressOpt = Annotated[bool, typer.Option("--progress", help="Show on a terminal how far the stream is read.")]
JobsOpt = Annotated[
    int, typer.Option("--jobs", min=1, max=256, metavar="N", help="Work in N processes; the order is kept.")
]

SweepOpt = Annotated[
    list[str] | None,
    typer.Option(
        "-p",
        "--param",
        metavar="NAME=VALUES",
        click_type=candidates.PARAMETER,
        help="A parameter's value, or several: 1,2,3 or LO:HI:N.",
    ),
]
ColourOpt = Annotated[
    bool | None,
    typer.Option("--color/--no-color", help="Whether there are colours; by default on terminals.", show_default=False),
]
ThemeOpt = Annotated[Theme, typer.Option("--theme", help="The background that colours are chosen for.")]
WidthOpt = Annotated[int | None, typer.Option("--width", min=20, help="Columns of a picture, 1000 at most.")]
HeightOpt = Annotated[int | None, typer.Option("--height", min=8, help="Lines of a picture, 1000 at most.")]
SaveOpt = Annotated[
    str | None,
    typer.Option(
        "--save",
        metavar="FILE",
        click_type=candidates.FILE,
        help="Write the picture to a file: .txt .ansi .svg .html .png .pdf.",
    ),
]


def parameters(texts: list[str] | None, form: Format | None = None) -> dict[str, float]:
    """The values of `-p name=value` options, for a format that they are rounded into. Raises UsageError."""
    return {name: _value(name, value, form) for name, value in _assignments(texts).items()}


def sweeps(texts: list[str] | None, form: Format | None = None) -> dict[str, list[float]]:
    """The values of `-p` options of which each may give several: `name=1,2,3` or `name=LO:HI:N`. Raises UsageError."""
    found = {}
    for name, value in _assignments(texts).items():
        if ":" in value:
            from actfn.cli.input import grid

            blocks = (block.within(form) if form else block for block in grid(value))
            found[name] = [each for block in blocks for each in block.values.tolist()]
        else:
            found[name] = [_value(name, part, form) for part in value.split(",")]
    return found


def _assignments(texts: list[str] | None) -> dict[str, str]:
    values: dict[str, str] = {}
    for text in texts or []:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name.isidentifier():
            message = f"not a parameter: {quoted(text)}"
            raise UsageError(message, hint="write -p NAME=VALUE, such as -p alpha=0.2")
        if name in values:
            message = f"the parameter {name!r} is given twice"
            raise UsageError(message, hint=f"leave one out; 'plot' draws several: -p {name}={values[name]},{value}")
        values[name] = value
    return values


def _value(name: str, text: str, form: Format | None) -> float:
    try:
        value = number(text.strip())
    except ValueError:
        message = f"the value of the parameter {name!r} is not a number: {quoted(text)}"
        raise UsageError(message, hint=f"write one, such as -p {name}=0.5") from None
    return form.read(text, value) if form else value


def tolerances(*given: float | None) -> None:
    """Refuse what lets every value pass, or none: Typer's bounds let nan and infinity pass. Raises UsageError."""
    if any(each is not None and not each < float("inf") for each in given):
        message = "a tolerance is a finite number"
        raise UsageError(message, hint="to let every value pass is no check: write a number such as 1e-6")
