"""`actfn demo init-scale`: what the scale of the first weights does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli import candidates
from actfn.cli.demos.options import FloatOpt, PlotOpt, QuickOpt, QuietOpt, ReportOpt, SeedOpt
from actfn.cli.options import ColourOpt, JsonOpt, ParameterOpt, parameters
from actfn.experiments.choices import Inputs
from actfn.output.forms import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.experiments.initial_scale import Comparison, LayerStatistics, Run
    from actfn.experiments.initialisers import Initialiser
    from actfn.output.figure import Figure
    from actfn.output.table import Table

_DEFAULT = "uniform01,small,glorot,he"
_QUICK_WIDTH, _QUICK_SAMPLES = 128, 16
_WIDE = 110  # columns of a terminal that has room for everything
_ALL_SHOWN = 12  # layers; of deeper networks some are left out
_RATIOS = ("std_ratio", "gradient_ratio")
_BLOCKS, _ASCII_BLOCKS = " ▁▂▃▄▅▆▇█", " .:-=+*#@"


def init_scale(
    function: Annotated[
        str,
        typer.Argument(
            metavar="[FUNCTION]", click_type=candidates.FUNCTION, help="The activation: a name or an expression."
        ),
    ] = "sigmoid",
    init: Annotated[
        str | None,
        typer.Option(
            "--init",
            metavar="NAME,...",
            click_type=candidates.INITIALISERS,
            help="uniform01, normal, small, glorot, he, lecun, orthogonal, or all.",
        ),
    ] = None,
    scale: Annotated[float | None, typer.Option("--scale", metavar="S", help="Normal weights of std S.")] = None,
    depth: Annotated[int, typer.Option("--depth", min=2, max=1000, help="Layers.")] = 8,
    width: Annotated[int | None, typer.Option("--width", min=1, max=8192, help="Units of each layer (1024).")] = None,
    inputs: Annotated[
        int | None, typer.Option("--inputs", min=1, max=8192, help="Features that go in; as many as units by default.")
    ] = None,
    data: Annotated[Inputs, typer.Option("--data", help="What goes in: as pixels, or with mean 0.")] = Inputs.UNIFORM,
    dtype: FloatOpt = "float64",
    param: ParameterOpt = None,
    seed: SeedOpt = 0,
    plot: PlotOpt = False,
    colour: ColourOpt = None,
    quick: QuickOpt = False,
    form: ReportOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """What the scale of the first weights does.

    A deep network is drawn once with each way to choose weights, and measured before it has learnt anything: sums
    before the activation, activations, how many are saturated in this float format or dead, the gradient; and beside
    them what mean-field theory expects.

    Try:
      actfn demo init-scale sigmoid --init uniform01,glorot --dtype float32
      actfn demo init-scale relu --init glorot,he --depth 50
      actfn demo init-scale 'x*tanh(softplus(x))' --plot
    """
    from actfn.cli.demos import diagnosis, stage
    from actfn.experiments import initial_scale

    activation = stage.function(function, parameters(param))
    chosen = _chosen(init, scale)
    units = width or (_QUICK_WIDTH if quick else initial_scale.Settings.width)
    settings = initial_scale.Settings(
        depth,
        units,
        inputs or units,
        data,
        _QUICK_SAMPLES if quick else initial_scale.Settings.samples,
        stage.dtype(dtype),
        seed,
    )
    with stage.progress(quiet=quiet) as watch:
        result = initial_scale.compare(activation, chosen, settings, watch)
    shown = [
        (f"{way.name} ({way.formula}) is {diagnosis.verdict(each)}", _layers(each))
        for each, way in zip(result.runs, chosen, strict=True)
    ]
    if len(result.runs) > 1:
        shown.append(("Side by side: std of the sums last/first, gradient first/last", _summary(result.runs)))
    report = stage.Report(
        _records(result), shown, diagnosis.closing(activation, result, settings), _pictures(result) if plot else ()
    )
    stage.report(report, Form.JSON if json else form, quiet=quiet, colour=colour)


def _chosen(init: str | None, scale: float | None) -> list[Initialiser]:
    from math import isfinite

    from actfn.errors import UsageError
    from actfn.experiments import initialisers

    names = init if init is not None else ("" if scale is not None else _DEFAULT)
    listed = list(initialisers.INITIALISERS) if names.strip() == "all" else [name.strip() for name in names.split(",")]
    chosen = [initialisers.find(name) for name in dict.fromkeys(listed) if name or init is not None]
    if scale is None:
        return chosen
    if not (isfinite(scale) and scale >= 0):
        raise UsageError(f"no standard deviation: {scale}", hint="give --scale a number from 0 on, such as 0.05")
    return [*chosen, initialisers.scaled(scale)]


def _summary(runs: Sequence[Run]) -> Table:
    """The networks side by side: what becomes of the signal on its way up and of the gradient on its way down."""
    from actfn.cli.demos.stage import numbers, shares
    from actfn.output.table import Column, Table

    columns = (
        Column("init", [run.initialiser for run in runs]),
        Column("verdict", [run.health.value for run in runs]),
        numbers("std", [run.std_ratio for run in runs], "std", people=True),
        numbers("std_expected", [run.expected.std_ratio for run in runs], "theory", people=True, digits=2),
        numbers("gradient", [run.gradient_ratio for run in runs], "gradient", people=True),
        numbers("gradient_expected", [run.expected.gradient_ratio for run in runs], "theory", people=True, digits=2),
        shares("saturated", [max(each.saturated for each in run.layers) for run in runs], "limit", people=True),
        shares("dead", [max(each.dead for each in run.layers) for run in runs], people=True),
    )
    return Table(columns, ("init",))


def _layers(run: Run) -> Table:
    """The layers for people, of a deep network some; where there is little room, without what tells less."""
    from actfn.cli.demos.stage import brief, counts, numbers, plain, shares
    from actfn.cli.terminal import screen
    from actfn.output.table import Column, Table

    wide = screen().width >= _WIDE
    places = _places(len(run.layers))
    layers = [run.layers[place] for place in places]
    expected = run.expected

    def spread(name: str, title: str, means: Sequence[float], stds: Sequence[float]) -> Column:
        texts = [plain(f"{brief(m, 2)} ± {brief(s, 2)}") for m, s in zip(means, stds, strict=True)]
        return Column(name, texts, title=title)

    columns = [
        counts("layer", [place + 1 for place in places]),
        spread("sums", "sums", [each.mean for each in layers], [each.std for each in layers]),
        spread("expected", "theory", expected.mean[places].tolist(), expected.std[places].tolist())
        if wide
        else numbers("expected", expected.std[places].tolist(), "theory", people=True, digits=2),
    ]
    if wide:
        means, stds = [each.activation_mean for each in layers], [each.activation_std for each in layers]
        columns.append(spread("activations", "activations", means, stds))
    for name, title, values in (
        ("saturated", "limit", [each.saturated for each in layers]),
        ("dead", "dead", [each.dead for each in layers]),
    ):
        if wide or any(values):
            columns.append(shares(name, values, title, people=True))
    columns += [
        numbers("gradient", [each.gradient for each in layers], people=True, digits=2),
        numbers("gradient_expected", expected.gradient[places].tolist(), "theory", people=True, digits=2),
        Column("histogram", [_strip(each, edges=wide) for each in layers], title="distribution" if wide else "values"),
    ]
    return Table(tuple(columns), ("layer",))


def _places(depth: int) -> list[int]:
    """Of few layers all; else such that each is further from the one before, and the last."""
    if depth <= _ALL_SHOWN:
        return list(range(depth))
    return sorted({round((depth - 1) ** (place / (_ALL_SHOWN - 1))) - (place == 0) for place in range(_ALL_SHOWN)})


def _strip(layer: LayerStatistics, *, edges: bool) -> str:
    from actfn.cli.demos.stage import brief
    from actfn.cli.terminal import screen

    blocks = _BLOCKS if screen().unicode else _ASCII_BLOCKS
    most = max(layer.histogram)
    if not most:
        return ""
    steps = len(blocks) - 1
    bars = "".join(blocks[-(-count * steps // most)] for count in layer.histogram)
    return f"{brief(layer.edges[0], 2)} [{bars}] {brief(layer.edges[1], 2)}" if edges else bars


def _records(result: Comparison) -> Table:
    """A record for each layer of each network."""
    from actfn.cli.demos.stage import counts, numbers, vectors
    from actfn.output.table import Column, Table

    rows = [(run, place, layer) for run in result.runs for place, layer in enumerate(run.layers)]
    measured = (
        "mean",
        "std",
        "activation_mean",
        "activation_std",
        "saturated",
        "saturated_elsewhere",
        "dead",
        "undefined",
        "gradient",
    )
    expected = ("mean", "std", "activation_mean", "activation_std", "gradient")
    columns = (
        Column("init", [run.initialiser for run, _, _ in rows]),
        Column("verdict", [run.health.value for run, _, _ in rows]),
        *(numbers(name, [getattr(run, name) for run, _, _ in rows], people=False) for name in _RATIOS),
        counts("layer", [place + 1 for _, place, _ in rows]),
        *(numbers(name, [getattr(layer, name) for _, _, layer in rows], people=False) for name in measured),
        *(
            numbers(f"expected_{name}", [getattr(run.expected, name)[place] for run, place, _ in rows], people=False)
            for name in expected
        ),
        vectors("histogram", [layer.histogram for _, _, layer in rows]),
        vectors("edges", [layer.edges for _, _, layer in rows]),
    )
    return Table(columns, ("init", "layer", "std", "saturated", "gradient"))


def _pictures(result: Comparison) -> list[list[Figure]]:
    import numpy as np

    from actfn.output.figure import Curve, Figure

    def figure(title: str, name: str) -> Figure:
        curves = []
        for run in result.runs:
            layers = np.arange(1.0, len(run.layers) + 1)
            curves.append(Curve(run.initialiser, layers, np.array([getattr(each, name) for each in run.layers])))
            curves.append(Curve(f"{run.initialiser}, theory", layers, getattr(run.expected, name)))
        return Figure(tuple(curves), title=title, x_label="layer", y_log=True)

    return [[figure("std of the sums", "std")], [figure("norm of the gradient", "gradient")]]
