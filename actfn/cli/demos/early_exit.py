"""`actfn demo early-exit`: a network that may stop as soon as it is sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli.demos.options import HiddenArg, PlotOpt, QuickOpt, QuietOpt, ReportOpt, SeedOpt
from actfn.cli.options import ColourOpt, JsonOpt
from actfn.output.forms import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.experiments.early_exit import EarlyExit, Point, Settings
    from actfn.output.figure import Figure
    from actfn.output.table import Table

_QUICK_STEPS = 150
_WHOLE = """
Thresholds; under 1, 2, … the share of points that leave after that block. The whole network: {whole.accuracy:%} right,
{ms} ms for {points} points
"""
_TEMPERATURES = "Temperatures, at threshold {threshold:g}"
_FORMATS = "Float formats of the softmax, at threshold {threshold:g}"
_QUICK_POINTS = 1000
_ALL_SHOWN = 6  # columns of blocks


def early_exit(
    hidden: HiddenArg = "relu",
    threshold: Annotated[
        float, typer.Option("--threshold", min=0, max=1, help="The probability from which on a sample leaves.")
    ] = 0.95,
    adapter: Annotated[
        int, typer.Option("--adapter", min=0, max=1024, help="Units of a layer before each classifier; 0 for none.")
    ] = 0,
    blocks: Annotated[int, typer.Option("--blocks", min=2, max=50, help="Residual blocks.")] = 6,
    steps: Annotated[int | None, typer.Option("--steps", min=1, help="Of training (1500).")] = None,
    seed: SeedOpt = 0,
    plot: PlotOpt = False,
    colour: ColourOpt = None,
    quick: QuickOpt = False,
    form: ReportOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """A network that answers as soon as it is sure.

    A residual network has a classifier after every block. Some points are easy, others lie in two spirals. A point
    leaves as soon as its softmax probability passes the threshold, and takes no part in any later layer. Shown are
    accuracy, multiplications and measured time for a sweep of thresholds, where points leave, and what the softmax's
    temperature and float format change.

    Try:
      actfn demo early-exit --threshold 0.99
      actfn demo early-exit --adapter 16 --plot
    """
    from math import isfinite

    from actfn.cli.demos import stage
    from actfn.experiments import early_exit as experiment

    settings = experiment.Settings(
        blocks,
        adapter=adapter,
        fresh=_QUICK_POINTS if quick else experiment.Settings.fresh,
        steps=steps or (_QUICK_STEPS if quick else experiment.Settings.steps),
        threshold=stage.finite("--threshold", threshold),
        seed=seed,
    )
    activation = stage.function(hidden)
    with stage.progress(quiet=quiet) as watch:
        result = experiment.measure(activation, settings, watch)
    ms = 1000 * result.whole.seconds
    shown = [
        (
            stage.told(_WHOLE, whole=result.whole, ms=ms, points=settings.fresh),
            _table(_named(result.sweep), people=True),
        ),
        (stage.told(_TEMPERATURES, threshold=threshold), _table(_named(result.temperatures), people=True)),
        (stage.told(_FORMATS, threshold=experiment.STRICT), _table(_named(result.formats), people=True)),
    ]
    parts = {
        "whole": [result.whole],
        "sweep": result.sweep,
        "temperature": result.temperatures,
        "format": result.formats,
    }
    records = _table([(part, each) for part, points in parts.items() for each in points], people=False)
    closing = _closing(result, settings) if isfinite(result.loss) else stage.no_number(activation)
    report = stage.Report(records, shown, closing, _pictures(result) if plot else ())
    stage.report(report, Form.JSON if json else form, quiet=quiet, colour=colour)


def _named(points: Sequence[Point]) -> list[tuple[str, Point]]:
    """The points, each with the one thing that tells it from the others."""
    for name in ("threshold", "temperature"):
        if getattr(points[0], name) != getattr(points[-1], name):
            return [(f"{getattr(each, name):g}", each) for each in points]
    return [(each.form, each) for each in points]


def _table(points: Sequence[tuple[str, Point]], *, people: bool) -> Table:
    from actfn.cli.demos.stage import numbers, shares, vectors
    from actfn.output.table import Column, Kind, Table

    found = [each for _, each in points]
    columns = [
        shares("accuracy", [each.accuracy for each in found], "right", people=people),
        shares("work", [each.work for each in found], "work", people=people),
        numbers("seconds", [each.seconds for each in found], people=people),
    ]
    if not people:
        columns = [
            Column("part", [part for part, _ in points]),
            numbers("threshold", [each.threshold for each in found], people=False),
            numbers("temperature", [each.temperature for each in found], people=False),
            Column("softmax_dtype", [each.form for each in found]),
            *columns,
            vectors("leaving", [each.leaving for each in found]),
        ]
        return Table(tuple(columns), ("part", "threshold", "accuracy", "work"))
    names = [name for name, _ in points]
    leaving = []
    for group in _groups(len(found[0].leaving)):
        title = "-".join(str(place + 1) for place in sorted({group[0], group[-1]}))
        values = [sum(each.leaving[place] for place in group) for each in found]
        leaving.append(shares(f"block {title}", values, title, people=True))
    return Table((Column("name", names, Kind.NUMBER, " "), *columns, *leaving), ("name",))


def _groups(blocks: int) -> list[range]:
    """The blocks, from 0, that have a column each; of many, those before the last are in one together."""
    if blocks <= _ALL_SHOWN:
        return [range(place, place + 1) for place in range(blocks)]
    first = _ALL_SHOWN - 2
    return [*(range(place, place + 1) for place in range(first)), range(first, blocks - 1), range(blocks - 1, blocks)]


_NOTHING_SAVED = "No threshold saves anything without losing more than a point of accuracy."
_SAVED = """
With threshold {best.threshold:g} {best.accuracy:%} are right, against {whole.accuracy:%}, for {saved:%} fewer
multiplications; measured, it takes {time:%} of the time. {best.leaving[0]:%} leave after the first block.
"""
_FIRST_BLOCK = "If all left there, {with_what}, {share:%} would be right{advice}."
_TEMPERATURE = """
Temperature {cold.temperature:g} makes the softmax surer than it has reason to be: at threshold {threshold:g}
{cold.leaving[0]:%} leave after the first block and {cold.accuracy:%} are right. At temperature {warm.temperature:g},
{warm.leaving[0]:%} leave there, for {times} times the work.
"""
_FORMAT = """
Past {threshold:g} go {wide.leaving[0]:%} after the first block if the softmax is computed in {wide.form}, and
{narrow.leaving[0]:%} in {narrow.form}, which has no number between the threshold and 1: what rounds to 1 passes.
"""


def _closing(result: EarlyExit, settings: Settings) -> list[str]:
    from actfn.cli.demos.stage import told
    from actfn.experiments.early_exit import NEVER, STRICT

    whole, best = result.whole, result.best
    saved = told(_SAVED, best=best, whole=whole, saved=1 - best.work, time=best.seconds / whole.seconds)
    first_block = told(
        _FIRST_BLOCK,
        share=result.exits[0],
        with_what="each through its adapter" if settings.adapter else "its stream read by a bare classifier",
        advice="" if settings.adapter else "; --adapter 16 gives every classifier a layer of its own",
    )
    cold, warm = result.temperatures[0], result.temperatures[-1]
    return [
        f"{_NOTHING_SAVED if best.threshold == NEVER else saved} {first_block}",
        told(_TEMPERATURE, cold=cold, warm=warm, threshold=settings.threshold, times=warm.work / cold.work),
        told(_FORMAT, threshold=STRICT, wide=result.formats[0], narrow=result.formats[-1]),
    ]


def _pictures(result: EarlyExit) -> list[list[Figure]]:
    import numpy as np

    from actfn.output.figure import Curve, Figure, Mark

    order = sorted(result.sweep, key=lambda each: each.work)
    curve = Curve(
        "by threshold", np.array([100 * each.work for each in order]), np.array([100 * each.accuracy for each in order])
    )
    marks = (
        Mark(100 * result.best.work, 100 * result.best.accuracy, f"{result.best.threshold:g}", 0),
        Mark(100.0, 100 * result.whole.accuracy, "whole"),
    )
    title = "accuracy, %, against multiplications, % of the whole"
    return [[Figure((curve,), marks=marks, title=title, x_label="multiplications", x_limits=(0.0, 105.0))]]
