"""`actfn demo multivalued`: a question with several right answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli.demos.options import DensityWidthOpt, HiddenArg, PlotOpt, QuickOpt, QuietOpt, ReportOpt, SeedOpt
from actfn.cli.options import ColourOpt, JsonOpt
from actfn.experiments.choices import Problem
from actfn.output.forms import Form

if TYPE_CHECKING:
    from actfn.experiments.multivalued import Inversion, Settings
    from actfn.output.figure import Figure
    from actfn.output.table import Table

_QUICK_STEPS = 250
_DRAWN = 120  # draws of each question in a picture


def multivalued(
    hidden: HiddenArg = "tanh",
    problem: Annotated[
        Problem, typer.Option("--problem", help="Invert y = x², or find points of a circle.")
    ] = Problem.SQUARE,
    width: DensityWidthOpt = "softplus",
    components: Annotated[
        int | None, typer.Option("--components", min=1, max=100, help="Of the mixture (5; for the circle 20).")
    ] = None,
    steps: Annotated[int | None, typer.Option("--steps", min=1, help="Of training (2000).")] = None,
    seed: SeedOpt = 0,
    plot: PlotOpt = False,
    colour: ColourOpt = None,
    quick: QuickOpt = False,
    form: ReportOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """A question with several right answers.

    The inverse of y = x² has two answers, x = ±√y. A network with squared error learns their mean, which is 0. One
    whose head is a mixture of normal distributions (softmax shares, positive widths, means without activation) finds
    both.

    Try:
      actfn demo multivalued --plot
      actfn demo multivalued --problem circle --components 24
    """
    from math import isfinite

    from actfn.cli.demos import stage
    from actfn.experiments import multivalued as experiment

    activation, positive = stage.function(hidden), stage.positive(width)
    settings = experiment.Settings(
        problem,
        components=components or experiment.COMPONENTS[problem],
        steps=steps or (_QUICK_STEPS if quick else experiment.Settings.steps),
        seed=seed,
    )
    with stage.progress(quiet=quiet) as watch:
        result = experiment.invert(activation, positive, settings, watch)
    report = stage.Report(
        _table(result, people=False),
        [("", _table(result, people=True))],
        _closing(result, settings) if isfinite(sum(result.losses)) else stage.no_number(activation),
        _pictures(result, settings) if plot else (),
    )
    stage.report(report, Form.JSON if json else form, quiet=quiet, colour=colour)


def _table(result: Inversion, *, people: bool) -> Table:
    from actfn.cli.demos.stage import brief, numbers, shares, vectors
    from actfn.output.table import Column, Table

    singles = [" ".join(brief(each, 2) for each in answer) for answer in result.single]
    sides = result.sides
    columns = [
        numbers("question", result.questions.tolist(), people=people),
        Column("single", singles, title="squared error says") if people else vectors("single", result.single.tolist()),
        numbers("single_error", result.single_error.tolist(), "off by", people=people),
        shares("near", result.near.tolist(), "mixture's mass near", people=people),
        shares("least", sides.min(axis=1).tolist(), _least_title(sides.shape[1]), people=people),
    ]
    if not people:
        mixtures = result.mixtures
        columns += [
            vectors("sides", sides.tolist()),
            vectors("shares", mixtures.shares.tolist()),
            vectors("means", mixtures.means.reshape(len(sides), -1).tolist()),
            vectors("widths", mixtures.widths.tolist()),
        ]
    return Table(tuple(columns), ("question", "single_error", "near"))


def _least_title(directions: int) -> str:
    return "on the lesser side" if directions == 2 else f"in the least of {directions} sectors"


_SINGLE = """
Asked from {low} to {high}, the network with squared error never says more than {largest} in size, though the right
answers are up to {away} away from what it says. Squared error asks for their mean, which is 0: its loss is {loss},
and that of always giving the mean {mean_loss}.
"""
_MIXTURE = """
The mixture of {components} puts at least {least:%} of its mass within {near} of {right}. Of that {where} has at least
{lesser:%}; {even:%} would be even.
"""


def _closing(result: Inversion, settings: Settings) -> list[str]:
    import numpy as np

    from actfn.cli.demos.stage import told

    directions = result.sides.shape[1]
    two = directions == 2
    return [
        told(
            _SINGLE,
            low=float(result.questions[0]),
            high=float(result.questions[-1]),
            largest=float(np.abs(result.single).max()),
            away=float(result.single_error.max()),
            loss=result.losses[0],
            mean_loss=result.mean_loss,
        ),
        told(
            _MIXTURE,
            components=settings.components,
            least=float(result.near.min()),
            near=settings.near,
            right="±√y" if two else "the circle",
            where="each side" if two else f"each of {directions} sectors",
            lesser=float(result.sides.min()),
            even=1 / directions,
        ),
    ]


def _pictures(result: Inversion, settings: Settings) -> list[list[Figure]]:
    import numpy as np

    from actfn.cli.demos.stage import dots
    from actfn.experiments.choices import Problem
    from actfn.output.figure import Curve, Figure

    draws = result.draws[:, :_DRAWN]
    if settings.problem is Problem.SQUARE:
        questions = np.repeat(result.questions, draws.shape[1])
        mixture = dots("drawn from the mixture", np.column_stack([questions, draws[..., 0].ravel()]))
        root = np.sqrt(result.questions)
        gap = [np.nan]
        right = Curve(
            "right", np.concatenate([result.questions, gap, result.questions]), np.concatenate([root, gap, -root])
        )
        single = Curve("squared error", result.questions, result.single[:, 0])
        return [[Figure((right, single, mixture), title="x for a given y = x^2", x_label="y", y_limits=(-1.2, 1.2))]]
    turn = np.linspace(0, 2 * np.pi, 200)
    figures = []
    for place in (0, -1):
        radius = float(result.questions[place])
        curves = (
            Curve("right", radius * np.cos(turn), radius * np.sin(turn)),
            dots("squared error", result.single[place][None]),
            dots("mixture", draws[place]),
        )
        title = f"radius {radius:.2f}"
        figures.append(Figure(curves, title=title, x_limits=(-1.3, 1.3), y_limits=(-1.3, 1.3)))
    return [figures]
