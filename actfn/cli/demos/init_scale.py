"""`actfn demo init-scale`: what the scale of the first weights does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli.demos.options import FloatOpt, PlotOpt, QuickOpt, QuietOpt, SeedOpt
from actfn.cli.options import FormOpt, JsonOpt, ParameterOpt, parameters
from actfn.experiments.choices import Inputs
from actfn.output.forms import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.experiments.initial_scale import Comparison, LayerStatistics, Run, Settings
    from actfn.experiments.initialisers import Initialiser
    from actfn.expression.function import Function
    from actfn.output.figure import Figure
    from actfn.output.table import Table

_DEFAULT = "uniform01,small,glorot,he"
_WIDTH, _QUICK_WIDTH = 1024, 128
_ALL_SHOWN = 12  # layers; of deeper networks some are left out
_BLOCKS, _ASCII_BLOCKS = " ▁▂▃▄▅▆▇█", " .:-=+*#@"


def init_scale(
    function: Annotated[
        str, typer.Argument(metavar="[FUNCTION]", help="The activation: a name or an expression.")
    ] = "sigmoid",
    init: Annotated[
        str | None,
        typer.Option(
            "--init", metavar="NAME,...", help="uniform01, normal, small, glorot, he, lecun, orthogonal, or all."
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
    quick: QuickOpt = False,
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """What the scale of the first weights does to the signal and its gradient.

    A deep network is drawn once with each way to choose weights, and measured before it has learnt anything: sums
    before the activation, activations, how many are saturated in this float format or dead, the gradient; and beside
    them what mean-field theory expects.

    Try:

      actfn demo init-scale sigmoid --init uniform01,normal,glorot --depth 8 --width 256 --dtype float32

      actfn demo init-scale relu --init glorot,he --depth 50

      actfn demo init-scale 'x*tanh(softplus(x))' --plot
    """
    from actfn.cli.demos import stage
    from actfn.experiments import initial_scale

    activation = stage.function(function, parameters(param))
    chosen = _chosen(init, scale)
    units = width or (_QUICK_WIDTH if quick else _WIDTH)
    settings = initial_scale.Settings(
        depth, units, inputs or units, data, 16 if quick else 64, stage.dtype(dtype), seed
    )
    with stage.progress(quiet=quiet) as watch:
        result = initial_scale.compare(activation, chosen, settings, watch)
    shown = [
        (f"{_title(each, way)}: {_verdict(each)}", _layers(each)) for each, way in zip(result.runs, chosen, strict=True)
    ]
    report = stage.Report(
        _records(result), shown, _closing(activation, result, settings), _pictures(result) if plot else ()
    )
    stage.report(report, Form.JSON if json else form, quiet=quiet)


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


def _title(run: Run, way: Initialiser) -> str:
    return f"{run.initialiser} ({way.formula})" if way.formula.removeprefix("std ") not in run.initialiser else way.name


def _verdict(run: Run) -> str:
    from actfn.cli.demos.stage import brief, percent
    from actfn.experiments.initial_scale import Health

    if run.health is Health.HEALTHY:
        return (
            f"healthy: from first to last layer the std of the sums goes × {brief(run.std_ratio)}, "
            f"back to the first the gradient × {brief(run.gradient_ratio)}"
        )
    layer = run.layers[run.layer - 1]
    if run.health is Health.SATURATED:
        return f"saturated from layer {run.layer} on: {percent(layer.saturated)} of its activations are at a limit"
    if run.health is Health.DEAD:
        return f"dead from layer {run.layer} on: {percent(layer.dead)} of its units have the slope 0 on every sample"
    return f"{run.health}: {_drift(run)}"


def _drift(run: Run) -> str:
    """What becomes of signal and gradient, in a sentence."""
    from math import isfinite

    from actfn.cli.demos.stage import brief

    broken = [place for place, each in enumerate(run.layers, 1) if not isfinite(each.std)]
    signal = (
        f"the sums leave the floats in layer {broken[0]}"
        if broken
        else f"from first to last layer the std of the sums goes × {brief(run.std_ratio)}"
    )
    first = run.layers[0].gradient
    if not isfinite(first):
        return f"{signal}, and the gradient on its way back too"
    if first == 0:
        return f"{signal}, and no gradient comes back to the first layer"
    return f"{signal}, back to the first the gradient × {brief(run.gradient_ratio)}"


def _layers(run: Run) -> Table:
    """The layers for people, of a deep network some of them."""
    from actfn.cli.demos.stage import brief, counts, numbers, plain, shares
    from actfn.output.table import Column, Table

    places = _places(len(run.layers))
    layers = [run.layers[place] for place in places]
    theory = run.expected

    def spread(name: str, title: str, means: Sequence[float], stds: Sequence[float]) -> Column:
        texts = [plain(f"{brief(m, 2)} ± {brief(s, 2)}") for m, s in zip(means, stds, strict=True)]
        return Column(name, texts, title=title)

    columns = (
        counts("layer", [place + 1 for place in places]),
        spread("sums", "sums", [each.mean for each in layers], [each.std for each in layers]),
        spread("expected", "theory", [theory.mean[place] for place in places], [theory.std[place] for place in places]),
        spread(
            "activations", "activations", [each.activation_mean for each in layers],
            [each.activation_std for each in layers],
        ),
        shares("saturated", [each.saturated for each in layers], people=True),
        shares("dead", [each.dead for each in layers], people=True),
        numbers("gradient", [each.gradient for each in layers], people=True, digits=2),
        numbers("gradient_expected", [theory.gradient[place] for place in places], "theory", people=True, digits=2),
        Column("histogram", [_strip(each) for each in layers], title="from … to"),
    )  # fmt: skip
    return Table(columns, ("layer",))


def _places(depth: int) -> list[int]:
    """Of few layers all; else such that each is further from the one before, and the last."""
    if depth <= _ALL_SHOWN:
        return list(range(depth))
    return sorted({round((depth - 1) ** (place / (_ALL_SHOWN - 1))) - (place == 0) for place in range(_ALL_SHOWN)})


def _strip(layer: LayerStatistics) -> str:
    from actfn.cli.demos.stage import brief
    from actfn.cli.terminal import screen

    blocks = _BLOCKS if screen().unicode else _ASCII_BLOCKS
    most = max(layer.histogram)
    if not most:
        return ""
    steps = len(blocks) - 1
    bars = "".join(blocks[-(-count * steps // most)] for count in layer.histogram)
    return f"{brief(layer.edges[0], 2)} [{bars}] {brief(layer.edges[1], 2)}"


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
        "gradient",
    )
    expected = ("mean", "std", "activation_mean", "activation_std", "gradient")
    columns = (
        Column("init", [run.initialiser for run, _, _ in rows]),
        Column("verdict", [run.health.value for run, _, _ in rows]),
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


def _closing(function: Function, result: Comparison, settings: Settings) -> list[str]:
    from actfn.experiments.initial_scale import Health

    ill = [run for run in result.runs if run.health is not Health.HEALTHY]
    paragraphs = [
        *(f"{run.initialiser} is {run.health}: {_cause(function, run, settings)}" for run in ill),
    ] or ["None of these networks needs help: signal and gradient reach every layer."]
    if ill:
        paragraphs.append(_help(result, settings))
    paragraphs += _precision(function, result, settings)
    return paragraphs


def _cause(function: Function, run: Run, settings: Settings) -> str:
    """Why it went wrong, in this run's numbers."""
    from actfn.cli.demos.stage import brief, percent
    from actfn.experiments.initial_scale import Health

    layer = run.layers[max(run.layer - 1, 0)]
    inputs = settings.inputs if run.layer == 1 else settings.width
    if run.health is Health.SATURATED:
        return (
            f"each unit of layer {run.layer} adds up {inputs} terms, to {brief(layer.mean)} ± {brief(layer.std)}, so far "
            f"out that {percent(layer.saturated)} of the values of {function.name} are exactly its limit in "
            f"{settings.dtype}; back in layer 1 the gradient's norm is {brief(run.layers[0].gradient)}."
        )
    if run.health is Health.DEAD:
        return (
            f"in layer {run.layer} {percent(layer.dead)} of the units have the slope 0 on every sample: nothing that "
            f"they could learn comes back to them."
        )
    if run.health is Health.EXPLODING:
        return f"{_drift(run)}: a step that suits one end of the network throws the other out."
    return f"{_drift(run)}: what one end learns in a step takes the other many."


def _help(result: Comparison, settings: Settings) -> str:
    from math import isnan

    from actfn.cli.demos.stage import brief, listed

    if result.remedies:
        return f"What would help: theory expects a healthy network with {listed(result.remedies, 'or')}."
    if not isnan(result.scale):
        return (
            f"What would help: none of the named ways keeps {settings.depth} layers of this healthy, says theory, but "
            f"normal weights of std {brief(result.scale)} would (--scale {brief(result.scale)})."
        )
    return (
        f"What would help: at {settings.depth} layers theory finds no scale that keeps this healthy; fewer layers, another "
        f"activation, residual connections or normalisation do."
    )


def _precision(function: Function, result: Comparison, settings: Settings) -> list[str]:
    """What the other float format would change, where anything is saturated."""
    from actfn.cli.demos.stage import percent
    from actfn.experiments.initial_scale import OTHER

    worst = max(
        ((layer, run, place) for run in result.runs for place, layer in enumerate(run.layers, 1)),
        key=lambda each: max(each[0].saturated, each[0].saturated_elsewhere),
    )
    layer, run, place = worst
    here, there = layer.saturated, layer.saturated_elsewhere
    if not here and not there:
        return []
    other = OTHER[settings.dtype]
    wide, narrow = (here, there) if settings.dtype == "float64" else (there, here)
    outcome = (
        "More digits move the threshold, not the sums: they do not cure this."
        if wide >= narrow / 2
        else "More digits cure that here, and the small slopes remain."
    )
    return [
        f"Precision: with {run.initialiser}, {percent(here)} of layer {place}'s values of {function.name} are at a limit in "
        f"{settings.dtype}; of the same sums {percent(there)} would be in {other}. {outcome}"
    ]


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
