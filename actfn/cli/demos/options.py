"""The options that demos share."""

from typing import Annotated

import typer

from actfn.cli import candidates
from actfn.output.forms import Form

SeedOpt = Annotated[int, typer.Option("--seed", min=0, help="Of everything that is random.")]
QuickOpt = Annotated[bool, typer.Option("--quick", help="A smaller run, of a second or two.")]
QuietOpt = Annotated[bool, typer.Option("-q", "--quiet", help="The numbers only: no progress, no closing words.")]
PlotOpt = Annotated[bool, typer.Option("--plot", help="Draw it.")]
PlotOrNotOpt = Annotated[bool, typer.Option("--plot/--no-plot", help="Whether it is drawn.")]
FloatOpt = Annotated[
    str, typer.Option("--dtype", metavar="FORMAT", click_type=candidates.FLOAT, help="float64 or float32.")
]
HiddenArg = Annotated[
    str,
    typer.Argument(
        metavar="[FUNCTION]",
        click_type=candidates.FUNCTION,
        help="The activation of the hidden layers: a name or an expression.",
    ),
]
DensityWidthOpt = Annotated[
    str,
    typer.Option(
        "--width",
        metavar="FUNCTION",
        click_type=candidates.FUNCTION,
        help="What makes a width of a number: softplus, 'exp(x)', …",
    ),
]
ReportOpt = Annotated[Form, typer.Option("--format", help="auto is a report: tables, pictures, words.")]
