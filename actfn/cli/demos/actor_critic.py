"""`actfn demo actor-critic`: a continuous action, learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli.demos.options import HiddenArg, PlotOrNotOpt, QuickOpt, QuietOpt, SeedOpt
from actfn.cli.options import FormOpt, JsonOpt
from actfn.experiments.choices import TaskName
from actfn.output.forms import Form

if TYPE_CHECKING:
    from actfn.experiments.actor_critic import Outcome, Settings
    from actfn.output.figure import Figure
    from actfn.output.table import Table

_STEPS, _QUICK_STEPS = 3000, 300
_NONE = "identity"
_KEPT = 0.9  # of a slope


def actor_critic(
    hidden: HiddenArg = "tanh",
    task: Annotated[
        TaskName, typer.Option("--task", help="With a known best control, or a car that must swing.")
    ] = TaskName.LINEAR,
    mean: Annotated[
        str, typer.Option("--mean", metavar="FUNCTION", help="The activation of the mean: identity, tanh, …")
    ] = _NONE,
    width: Annotated[
        str, typer.Option("--width", metavar="FUNCTION", help="What makes a width of a number: softplus, 'exp(x)', …")
    ] = "softplus",
    entropy: Annotated[float, typer.Option("--entropy", min=0, help="What a wide distribution is worth.")] = 0.003,
    steps: Annotated[int | None, typer.Option("--steps", min=10, help="Of learning (3000).")] = None,
    seed: SeedOpt = 0,
    plot: PlotOrNotOpt = True,
    quick: QuickOpt = False,
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """A continuous action: an actor with a mean and a width, a critic that says how good it was.

    The actor names a normal distribution, from which the action is drawn; the critic's TD error is the advantage; the loss
    is -log p(action) * advantage, less a little for entropy. Beside the return stands what log(p + 1e-5) would do to that
    loss in float32.

    Try:

      actfn demo actor-critic

      actfn demo actor-critic --mean tanh --width 'exp(x)'

      actfn demo actor-critic --task mountain-car
    """
    from actfn.cli.demos import stage
    from actfn.experiments import actor_critic as experiment

    heads = experiment.Heads(
        stage.function(hidden), None if mean == _NONE else stage.function(mean), stage.function(width)
    )
    settings = experiment.Settings(task, steps=steps or (_QUICK_STEPS if quick else _STEPS), entropy=entropy, seed=seed)
    with stage.progress(quiet=quiet) as watch:
        result = experiment.learn(heads, settings, watch)
    shown = [
        ("Mean return of fresh episodes", _returns(result)),
        (
            f"The logarithm of a normal density in float32, {experiment.DISTANCE:g} from its mean, and its slope to the mean",
            _densities(result),
        ),
    ]
    report = stage.Report(
        _record(result, settings), shown, _closing(result, settings, mean), _pictures(result, settings) if plot else ()
    )
    stage.report(report, Form.JSON if json else form, quiet=quiet)


def _returns(result: Outcome) -> Table:
    from math import isnan

    from actfn.cli.demos.stage import numbers
    from actfn.output.table import Column, Table

    rows = [("learnt, every action the mean", result.learnt), ("every action 0", result.idle)]
    if not isnan(result.best):
        rows.append(("best control", result.best))
    columns = (
        Column("control", [name for name, _ in rows]),
        numbers("return", [value for _, value in rows], people=True),
    )
    return Table(columns, ("control",))


def _densities(result: Outcome) -> Table:
    from actfn.cli.demos.stage import numbers
    from actfn.output.table import Table

    names = {
        "width": "width",
        "stable": "written out",
        "stable_slope": "its slope",
        "naive": "log(p + 1e-5)",
        "naive_slope": "its slope",
    }
    columns = tuple(
        numbers(name, [getattr(each, name) for each in result.densities], title, people=True)
        for name, title in names.items()
    )
    return Table(columns, ("width",))


def _record(result: Outcome, settings: Settings) -> Table:
    """One record with everything."""
    from actfn.cli.demos.stage import numbers, vectors
    from actfn.output.table import Column, Table

    single = ("learnt", "idle", "best", "arrived", "width")
    columns = (
        Column("task", [settings.task.value]),
        *(numbers(name, [getattr(result, name)], people=False) for name in single),
        vectors("returns", [result.returns.tolist()]),
        *(
            vectors(f"density_{name}", [[getattr(each, name) for each in result.densities]])
            for name in ("width", "stable", "stable_slope", "naive", "naive_slope")
        ),
    )
    return Table(columns, ("task", "learnt", "idle", "best"))


def _closing(result: Outcome, settings: Settings, mean: str) -> list[str]:
    from math import isnan

    from actfn.cli.demos.stage import brief, percent

    if not isnan(result.best):
        share = result.best / result.learnt
        first = (
            f"The actor's mean earns {brief(result.learnt)} an episode, where doing nothing earns {brief(result.idle)} and the "
            f"best control, which Riccati's equation gives, {brief(result.best)}: {percent(share)} of it."
        )
        if mean != _NONE and share < _KEPT:
            first += f" Behind {mean} the mean is bounded, and far from the goal the best push is beyond its reach."
    else:
        first = (
            f"{percent(result.arrived)} of fresh episodes reach the goal, which nobody does who does nothing; an episode earns "
            f"{brief(result.learnt)}."
        )
    returns = result.returns
    if len(returns) > 1:
        first += (
            f" Learning began at {brief(returns[0])} and ended at {brief(returns[-1])}, with actions drawn at width "
        )
        first += f"{brief(result.width)}."
    lost = [each for each in result.densities if abs(each.naive_slope) < 0.5 * abs(each.stable_slope)]
    kept = [each for each in result.densities if each not in lost]
    second = (
        f"log(p + 1e-5) is near the truth as long as p is large: to width {brief(kept[-1].width)}. At {brief(lost[0].width)} its "
        f"slope is {brief(lost[0].naive_slope)} instead of {brief(lost[0].stable_slope)}, at {brief(lost[-1].width)} "
        f"{brief(lost[-1].naive_slope)} instead of {brief(lost[-1].stable_slope)}: just where the action was most surprising, "
        f"nothing is learnt from it."
    )
    return [first, second]


def _pictures(result: Outcome, settings: Settings) -> list[list[Figure]]:
    import numpy as np

    from actfn.output.figure import Curve, Figure

    if not len(result.returns):
        return []
    rounds = np.arange(1.0, len(result.returns) + 1)
    curves = [Curve("while learning", rounds, result.returns)]
    if result.best == result.best:
        curves.append(Curve("best control", rounds, np.full(len(rounds), result.best)))
    return [[Figure(tuple(curves), title=f"return of {settings.task}", x_label="round of episodes")]]
