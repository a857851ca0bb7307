"""`actfn demo regression`: a body weight from walking signals, and what the output neuron says first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli.demos.options import HiddenArg, PlotOpt, QuickOpt, QuietOpt, ReportOpt, SeedOpt
from actfn.cli.options import ColourOpt, JsonOpt
from actfn.output.forms import Form

if TYPE_CHECKING:
    from actfn.experiments.regression import Fit, Regression, Settings
    from actfn.output.figure import Figure
    from actfn.output.table import Table

_QUICK_STEPS = 150
_BOUNDED = ("sigmoid", "tanh", "relu")
_STUCK = 0.9  # of the targets' own size: an output that cannot reach them


def regression(
    hidden: HiddenArg = "relu",
    goal: Annotated[float, typer.Option("--goal", min=0, help="The error, in kg, that is to be reached.")] = 8.0,
    steps: Annotated[int | None, typer.Option("--steps", min=1, help="Of training (1000).")] = None,
    seed: SeedOpt = 0,
    plot: PlotOpt = False,
    colour: ColourOpt = None,
    quick: QuickOpt = False,
    form: ReportOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """A number to predict: which output, which first guess.

    People walk, some with a stone in the shoe; an accelerometer and a gyroscope record it (all made up, from the
    seed). The same network learns their weight with an output neuron without activation and behind sigmoid, tanh and
    relu; and with the output's bias at 0 or at the mean of the targets.

    Try:
      actfn demo regression
      actfn demo regression tanh --goal 6 --plot
    """
    from math import isfinite

    from actfn.cli.demos import stage
    from actfn.experiments import regression as experiment
    from actfn.experiments.regression import Start, Variant

    activation = stage.function(hidden)
    bounded = {name: stage.function(name) for name in _BOUNDED}
    variants = [Variant(None, start) for start in Start]
    variants += [Variant(each, Start.DEFAULT) for each in bounded.values()]
    variants.append(Variant(bounded["relu"], Start.MEAN))
    settings = experiment.Settings(
        steps=steps or (_QUICK_STEPS if quick else experiment.Settings.steps),
        goal=stage.finite("--goal", goal),
        seed=seed,
    )
    with stage.progress(quiet=quiet) as watch:
        result = experiment.regression(activation, variants, settings, watch)
    report = stage.Report(
        _table(result, people=False),
        [("", _table(result, people=True))],
        _closing(result, settings) if isfinite(result.fits[0].error) else stage.no_number(activation),
        _pictures(result) if plot else (),
    )
    stage.report(report, Form.JSON if json else form, quiet=quiet, colour=colour)


def _table(result: Regression, *, people: bool) -> Table:
    from actfn.cli.demos.stage import numbers, vectors
    from actfn.output.table import Column, Kind, Table

    fits = result.fits
    reached = ["never" if people and each.reached < 0 else str(each.reached) for each in fits]
    columns = (
        Column("output", [each.output for each in fits]),
        Column("start", [each.start.value for each in fits], title="bias at first"),
        numbers("first_guess", [each.first_guess for each in fits], "first guess", people=people),
        numbers("first_loss", [each.first_loss for each in fits], "first loss", people=people),
        Column("reached", reached, Kind.NUMBER, "goal at step"),
        numbers("error", [each.error for each in fits], "error, kg", people=people),
        numbers("with_stone", [each.with_stone for each in fits], "with stone", people=people),
        numbers("without_stone", [each.without_stone for each in fits], "without", people=people),
        vectors("steps", [each.steps.tolist() for each in fits]),
        vectors("errors", [each.errors.tolist() for each in fits]),
    )
    return Table(columns, ("output", "first_loss", "reached", "error"))


_MEAN = """
The people weigh {mean} kg on average; who always says that is wrong by {spread} kg. With bias 0 the network says
{zero.first_guess} kg at first, a loss of {zero.first_loss:.0f}; with that mean as its last bias {at_mean.first_guess}
kg, a loss of {at_mean.first_loss:.0f}, {times} times less, before it has learnt anything. {reached} With the last
weights at 0 the first guess is the mean itself, and the first loss, {calm.first_loss:.0f}, the variance of the targets.
"""
_REACHED = "The error is below {goal} kg {soon} instead of {late}."
_NOT_REACHED = "The error is below {goal} kg with neither."
_BOUNDED_OUTPUT = """
An output behind {names} cannot name a body weight: no weights make it larger than 1, and the error is {errors} kg in
the end. A number without bounds wants an output neuron without activation.
"""
_RELU = """
Behind relu it ends at {zero.error} kg from bias 0 and at {at_mean.error} kg from the mean: above 0 relu is no
activation at all, and below it has no slope{dead}.
"""
_DEAD = ", which is where it was for everybody and stayed"


def _closing(result: Regression, settings: Settings) -> list[str]:
    from actfn.cli.demos.stage import brief, told
    from actfn.experiments.regression import Start
    from actfn.output.listing import listed

    def fit(output: str, start: Start) -> Fit:
        return next(each for each in result.fits if (each.output, each.start) == (output, start))

    def is_stuck(each: Fit) -> bool:
        return each.error > _STUCK * result.mean

    zero, at_mean = fit("none", Start.DEFAULT), fit("none", Start.MEAN)
    paragraphs = [
        told(
            _MEAN,
            mean=result.mean,
            spread=result.spread,
            zero=zero,
            at_mean=at_mean,
            calm=fit("none", Start.MEAN_ZERO),
            times=zero.first_loss / at_mean.first_loss,
            reached=told(
                _REACHED if max(at_mean.reached, zero.reached) >= 0 else _NOT_REACHED,
                goal=settings.goal,
                soon=_when(at_mean),
                late=_when(zero),
            ),
        )
    ]
    stuck = [each for each in result.fits if is_stuck(each) and each.output in ("sigmoid", "tanh")]
    if stuck:
        names = listed([each.output for each in stuck])
        errors = listed(list(dict.fromkeys(brief(each.error) for each in stuck)))
        paragraphs.append(told(_BOUNDED_OUTPUT, names=names, errors=errors))
    relu = fit("relu", Start.DEFAULT)
    dead = _DEAD if is_stuck(relu) else ""
    paragraphs.append(told(_RELU, zero=relu, at_mean=fit("relu", Start.MEAN), dead=dead))
    return paragraphs


def _when(fit: Fit) -> str:
    return "never" if fit.reached < 0 else f"at step {fit.reached}"


def _pictures(result: Regression) -> list[list[Figure]]:
    from actfn.output.figure import Curve, Figure

    curves = tuple(Curve(f"{each.output}, {each.start}", each.steps.astype(float), each.errors) for each in result.fits)
    return [[Figure(curves, title="error of people it did not learn from, kg", x_label="step", y_log=True)]]
