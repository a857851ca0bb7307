"""`actfn demo train`: one network, one task, several activations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli import candidates
from actfn.cli.demos.options import FloatOpt, PlotOrNotOpt, QuickOpt, QuietOpt, ReportOpt, SeedOpt
from actfn.cli.options import ColourOpt, JsonOpt
from actfn.experiments.choices import Method, Shape
from actfn.output.forms import Form

if TYPE_CHECKING:
    from actfn.experiments.training import Contest, Settings, Training
    from actfn.output.figure import Figure
    from actfn.output.table import Table

_DEFAULT = ("relu", "tanh", "sigmoid")
_QUICK_STEPS = 150
_POINTS = 80  # of each class in a picture
_MAPS = 2  # pictures side by side
_LEARNT = 0.95  # accuracy


def train(
    functions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FUNCTION]...", click_type=candidates.FUNCTION, help="Activations: names or expressions."
        ),
    ] = None,
    data: Annotated[Shape, typer.Option("--data", help="The task: two classes in a square.")] = Shape.SPIRALS,
    init: Annotated[
        str,
        typer.Option(
            "--init", metavar="NAME", click_type=candidates.INITIALISER, help="The first weights: glorot, he, small, …"
        ),
    ] = "glorot",
    layers: Annotated[int, typer.Option("--layers", min=1, max=50, help="Hidden layers.")] = 2,
    width: Annotated[int, typer.Option("--width", min=1, max=1024, help="Units of each.")] = 24,
    steps: Annotated[int | None, typer.Option("--steps", min=1, help="Of training (1500).")] = None,
    method: Annotated[Method, typer.Option("--optimiser", help="How it learns; sgd has momentum 0.9.")] = Method.ADAM,
    rate: Annotated[float | None, typer.Option("--rate", min=0, help="Of learning (0.01; for sgd 0.1).")] = None,
    dtype: FloatOpt = "float64",
    seed: SeedOpt = 0,
    plot: PlotOrNotOpt = True,
    colour: ColourOpt = None,
    quick: QuickOpt = False,
    form: ReportOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """One network, one task, several activations.

    All begin with the same weights and see the same points in the same order. Shown are the loss, the accuracy on fresh
    points, the time, the units that are dead in the end, and where each network draws the border.

    Try:
      actfn demo train relu tanh sigmoid '1.2**max(0,x-2)' --data spirals
      actfn demo train sigmoid --layers 6 --init he
    """
    from actfn.cli.demos import stage
    from actfn.experiments import initialisers, optimisers, training

    activations = [stage.function(text) for text in functions or _DEFAULT]
    settings = training.Settings(
        data,
        initialisers.find(init),
        layers,
        width,
        steps=steps or (_QUICK_STEPS if quick else training.Settings.steps),
        method=method,
        rate=optimisers.RATES[method] if rate is None else stage.finite("--rate", rate),
        dtype=stage.dtype(dtype),
        seed=seed,
    )
    with stage.progress(quiet=quiet) as watch:
        result = training.contest(activations, settings, watch)
    report = stage.Report(
        _table(result, people=False),
        [("", _table(result, people=True))],
        _closing(result, settings),
        _pictures(result) if plot else (),
    )
    stage.report(report, Form.JSON if json else form, quiet=quiet, colour=colour)


def _table(result: Contest, *, people: bool) -> Table:
    from actfn.cli.demos.stage import numbers, shares, vectors
    from actfn.output.table import Column, Table

    found = result.trainings
    columns = (
        Column("function", [each.name for each in found]),
        numbers("loss", [float(each.losses[-1]) for each in found], "last loss", people=people),
        shares("accuracy", [each.accuracy for each in found], "right, fresh", people=people),
        shares("training_accuracy", [each.training_accuracy for each in found], "right, learnt", people=people),
        shares("dead", [each.dead for each in found], "dead units", people=people),
        numbers("seconds", [each.seconds for each in found], people=people, digits=2),
        vectors("steps", [each.steps.tolist() for each in found]),
        vectors("losses", [each.losses.tolist() for each in found]),
    )
    return Table(columns, ("function", "accuracy", "loss"))


_BEST = """
At step {steps} {best.name} classifies {best.accuracy:%} of fresh points rightly, with a loss of {loss}.
"""
_OTHER = "{name} comes to {accuracy:%}{behind}."
_BEHIND = "; its last loss {best} had at step {step}"
_ALL_DEAD = """
With {names} every hidden unit is dead: the slope is 0 at all points, so that nothing below the last layer can learn,
and the answer is a guess.
"""
_SOME_DEAD = "Dead units, whose slope is 0 at every point: {shares}; the network is that much smaller."
_BROKEN = "The loss left the floats with {names}."
_SLOW = """
{names} did not learn the border in these steps. More --steps, or larger first weights (--init he), show whether that
is only slow.
"""


def _closing(result: Contest, settings: Settings) -> list[str]:
    from math import isfinite

    from actfn.cli.demos.stage import percent, told
    from actfn.output.listing import listed

    def named(trainings: list[Training]) -> str:
        return listed([each.name for each in trainings])

    broken = [each for each in result.trainings if not isfinite(each.losses[-1])]
    found = sorted((each for each in result.trainings if each not in broken), key=lambda each: -each.accuracy)
    paragraphs = [_ranking(found, settings)] if found else []
    stuck = [each for each in found if each.dead == 1]
    partly = [each for each in found if 0 < each.dead < 1]
    slow = [each for each in found if each not in stuck and each.accuracy < _LEARNT]
    if stuck:
        paragraphs.append(told(_ALL_DEAD, names=named(stuck)))
    if partly:
        shares = listed([f"{percent(each.dead)} with {each.name}" for each in partly])
        paragraphs.append(told(_SOME_DEAD, shares=shares))
    if broken:
        paragraphs.append(told(_BROKEN, names=named(broken)))
    if slow:
        paragraphs.append(told(_SLOW, names=named(slow)))
    return paragraphs


def _ranking(found: list[Training], settings: Settings) -> str:
    """How good the best is, and how far behind it the others are."""
    from actfn.cli.demos.stage import told

    best, *others = found
    words = [told(_BEST, steps=settings.steps, best=best, loss=float(best.losses[-1]))]
    for each in others:
        step = _steps_to(best, float(each.losses[-1]))
        behind = told(_BEHIND, best=best.name, step=step) if step and each.accuracy < best.accuracy else ""
        words.append(told(_OTHER, name=each.name, accuracy=each.accuracy, behind=behind))
    return " ".join(words)


def _steps_to(training: Training, loss: float) -> int | None:
    """The first step at which a training's loss was as low."""
    met = [int(step) for step, each in zip(training.steps, training.losses, strict=True) if each <= loss]
    return met[0] if met else None


def _pictures(result: Contest) -> list[list[Figure]]:
    from actfn.cli.demos.stage import dots
    from actfn.experiments.training import boundary
    from actfn.output.figure import Curve, Figure

    trainings = result.trainings
    curves = tuple(Curve(each.name, each.steps.astype(float), each.losses) for each in trainings)
    rows = [[Figure(curves, title="loss", x_label="step", y_log=True)]]
    classes = [result.data.points[result.data.labels == label][:_POINTS] for label in (0, 1)]
    maps = [
        Figure(
            (dots("border", boundary(each.map)), dots("class 0", classes[0]), dots("class 1", classes[1])),
            title=each.name,
            x_limits=(-1.0, 1.0),
            y_limits=(-1.0, 1.0),
        )
        for each in trainings
    ]
    return rows + [maps[start : start + _MAPS] for start in range(0, len(maps), _MAPS)]
