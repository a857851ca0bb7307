"""`actfn demo actor-critic`: a continuous action, learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli import candidates
from actfn.cli.demos.options import DensityWidthOpt, HiddenArg, PlotOrNotOpt, QuickOpt, QuietOpt, ReportOpt, SeedOpt
from actfn.cli.options import ColourOpt, JsonOpt
from actfn.experiments.choices import TaskName
from actfn.output.forms import Form

if TYPE_CHECKING:
    from actfn.experiments.actor_critic import Outcome, Settings
    from actfn.output.figure import Figure
    from actfn.output.table import Table

_QUICK_STEPS = 300
_NONE = "identity"
_NAIVE = "log(p + 1e-5)"
_DENSITIES = "The logarithm of a normal density in float32, {distance} from its mean, and its slope to the mean"
_KEPT = 0.9  # of a slope


def actor_critic(
    hidden: HiddenArg = "tanh",
    task: Annotated[
        TaskName, typer.Option("--task", help="With a known best control, or a car that must swing.")
    ] = TaskName.LINEAR,
    mean: Annotated[
        str,
        typer.Option(
            "--mean",
            metavar="FUNCTION",
            click_type=candidates.FUNCTION,
            help="The activation of the mean: identity, tanh, …",
        ),
    ] = _NONE,
    width: DensityWidthOpt = "softplus",
    entropy: Annotated[float, typer.Option("--entropy", min=0, help="What a wide distribution is worth.")] = 0.003,
    steps: Annotated[int | None, typer.Option("--steps", min=10, help="Of learning (3000).")] = None,
    seed: SeedOpt = 0,
    plot: PlotOrNotOpt = True,
    colour: ColourOpt = None,
    quick: QuickOpt = False,
    form: ReportOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """A continuous action, learnt by trial.

    The actor names a normal distribution, from which the action is drawn; the critic's TD error is the advantage; the
    loss is -log p(action) * advantage, less a little for entropy. Beside the return stands what log(p + 1e-5) would do
    to that loss in float32.

    Try:
      actfn demo actor-critic
      actfn demo actor-critic --mean tanh --width 'exp(x)'
      actfn demo actor-critic --task mountain-car
    """
    from math import isfinite

    from actfn.cli.demos import stage
    from actfn.experiments import actor_critic as experiment

    heads = experiment.Heads(
        stage.function(hidden), None if mean == _NONE else stage.function(mean), stage.positive(width)
    )
    settings = experiment.Settings(
        task,
        steps=steps or (_QUICK_STEPS if quick else experiment.Settings.steps),
        entropy=stage.finite("--entropy", entropy),
        seed=seed,
    )
    with stage.progress(quiet=quiet) as watch:
        result = experiment.learn(heads, settings, watch)
    shown = [
        ("Mean return of fresh episodes", _returns(result)),
        (stage.told(_DENSITIES, distance=experiment.DISTANCE), _densities(result)),
    ]
    closing = _closing(result, mean) if isfinite(result.learnt) else stage.no_number(heads.hidden)
    report = stage.Report(_record(result, settings), shown, closing, _pictures(result, settings) if plot else ())
    stage.report(report, Form.JSON if json else form, quiet=quiet, colour=colour)


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
        "naive": _NAIVE,
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


_KNOWN = """
The actor's mean earns {result.learnt} an episode, where doing nothing earns {result.idle} and the best control, which
Riccati's equation gives, {result.best}: {share:%} as good{bounded}.
"""
_BOUNDED = "; behind {mean} the mean cannot take every value, and the best pushes are beyond its reach"
_GOAL = """
{result.arrived:%} of fresh episodes reach the goal, which nobody does who does nothing; an episode earns
{result.learnt}.
"""
_LEARNING = """
Learning began at {begin} and ended at {end}, where actions are drawn with a width of {width}, noise and all.
"""
_DENSITY = """
{naive} is near the truth as long as p is large: here to width {kept.width}. At width {lost.width} its slope is
{lost.naive_slope} instead of {lost.stable_slope}, at {worst.width} {worst.naive_slope} instead of
{worst.stable_slope}: just where an action was most surprising, nothing is learnt from it.
"""


def _closing(result: Outcome, mean: str) -> list[str]:
    from math import isnan

    from actfn.cli.demos.stage import told

    if isnan(result.best):
        words = [told(_GOAL, result=result)]
    else:
        share = result.best / result.learnt
        bounded = told(_BOUNDED, mean=mean) if mean != _NONE and share < _KEPT else ""
        words = [told(_KNOWN, result=result, share=share, bounded=bounded)]
    if len(result.returns) > 1:
        begin, end = float(result.returns[0]), float(result.returns[-1])
        words.append(told(_LEARNING, begin=begin, end=end, width=result.width))
    lost = [each for each in result.densities if abs(each.naive_slope) < abs(each.stable_slope) / 2]
    kept = [each for each in result.densities if each not in lost]
    density = told(_DENSITY, naive=_NAIVE, kept=kept[-1], lost=lost[0], worst=lost[-1])
    return [" ".join(words), density]


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
