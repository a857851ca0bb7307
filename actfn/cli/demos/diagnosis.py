"""What is said of networks that have not learnt yet: the verdict on each, the cause, and what would help."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING

from actfn.cli.demos.stage import brief, told
from actfn.experiments.initial_scale import OTHER, Health
from actfn.output.listing import listed

if TYPE_CHECKING:
    from actfn.experiments.initial_scale import Comparison, LayerStatistics, Run, Settings
    from actfn.functions.function import Function

_VERDICTS = {
    Health.HEALTHY: "healthy: {drift}",
    Health.SATURATED: "saturated from layer {layer} on: {at.saturated:%} of its activations are at a limit; {drift}",
    Health.DEAD: "dead from layer {layer} on: {at.dead:%} of its units have the slope 0 on every sample; {drift}",
    Health.UNDEFINED: "undefined from layer {layer} on: the function has no value at {at.undefined:%} of its sums",
    Health.EXPLODING: "exploding: {drift}",
    Health.VANISHING: "vanishing: {drift}",
}
_CAUSES = {
    Health.SATURATED: """
        each unit of layer {layer} adds up {terms} terms, to {at.mean} ± {at.std}, so far out that {at.saturated:%} of
        the values of {function} are exactly a limit of it in {dtype}; the gradient that comes back to layer 1 has the
        norm {gradient}.
    """,
    Health.DEAD: "in layer {layer} nothing comes back to {at.dead:%} of the units, whatever the sample.",
    Health.UNDEFINED: """
        {function} has no value at {at.undefined:%} of the sums of layer {layer}, and nan goes on from there: an
        activation needs a value everywhere.
    """,
    Health.EXPLODING: "{drift}: a step that suits one end of the network throws the other out.",
    Health.VANISHING: "{drift}: what one end learns in a step takes the other many.",
}
_NO_HELP_NEEDED = "None of these networks needs help: signal and gradient reach every layer."
_NAMED_HELP = "What would help: theory expects a healthy network with {names}."
_SCALE_HELPS = """
    What would help: none of the named ways keeps {depth} layers of this healthy, says theory, but normal weights of
    std {scale} would (--scale {scale}).
"""
_NO_SCALE_HELPS = """
    What would help: theory finds no scale that keeps {depth} layers of this healthy; fewer layers, another
    activation, residual connections or normalisation may.
"""
_PRECISION = """
    Precision: with {run.initialiser}, {here:%} of layer {layer}'s values of {function} are at a limit in {dtype}; of
    the same sums {there:%} would be in {other}. {outcome}
"""
_NO_CURE = "More digits move the threshold, not the sums: they do not cure this."
_CURE = "More digits keep values apart here, but the slopes stay as small as they are."


def verdict(run: Run) -> str:
    """What is wrong with a network, if anything, in a clause."""
    return told(_VERDICTS[run.health], layer=run.layer, at=_where(run), drift=_drift(run))


def closing(function: Function, result: Comparison, settings: Settings) -> list[str]:
    """The causes of what is wrong, what would help, and what another float format would change."""
    ill = [run for run in result.runs if run.health is not Health.HEALTHY]
    if not ill:
        return [_NO_HELP_NEEDED, *_precision(function, result, settings)]
    causes = [f"{run.initialiser} is {run.health}: {_cause(function, run, settings)}" for run in ill]
    return [*causes, _help(result, settings), *_precision(function, result, settings)]


def _where(run: Run) -> LayerStatistics:
    """The layer at which it shows first."""
    return run.layers[max(run.layer - 1, 0)]


def _drift(run: Run) -> str:
    """What becomes of signal and gradient on their ways."""
    broken = [place for place, each in enumerate(run.layers, 1) if not isfinite(each.std)]
    if broken:
        signal = f"the sums leave the floats in layer {broken[0]}"
    elif run.layers[0].std == 0:
        signal = "the sums are alike from the first layer on"
    else:
        signal = f"from first to last layer the std of the sums goes × {brief(run.std_ratio)}"
    first = run.layers[0].gradient
    if not isfinite(first):
        return f"{signal}, and the gradient on its way back too"
    if first == 0:
        return f"{signal}, and no gradient comes back to the first layer"
    return f"{signal}, back to the first the gradient × {brief(run.gradient_ratio)}"


def _cause(function: Function, run: Run, settings: Settings) -> str:
    return told(
        _CAUSES[run.health],
        function=function.name,
        layer=run.layer,
        at=_where(run),
        terms=settings.inputs if run.layer == 1 else settings.width,
        dtype=settings.dtype,
        gradient=run.layers[0].gradient,
        drift=_drift(run),
    )


def _help(result: Comparison, settings: Settings) -> str:
    if result.remedies:
        return told(_NAMED_HELP, names=listed(result.remedies, "or"))
    return told(_NO_SCALE_HELPS if isnan(result.scale) else _SCALE_HELPS, depth=settings.depth, scale=result.scale)


def _precision(function: Function, result: Comparison, settings: Settings) -> list[str]:
    """What the other float format would change, where anything is saturated."""
    at, layer, run = max(
        ((at, layer, run) for run in result.runs for layer, at in enumerate(run.layers, 1)),
        key=lambda each: (each[0].saturated, each[0].saturated_elsewhere),
    )
    here, there = at.saturated, at.saturated_elsewhere
    if not here and not there:
        return []
    wide, narrow = (here, there) if settings.dtype == "float64" else (there, here)
    return [
        told(
            _PRECISION,
            run=run,
            here=here,
            there=there,
            layer=layer,
            function=function.name,
            dtype=settings.dtype,
            other=OTHER[settings.dtype],
            outcome=_NO_CURE if wide >= narrow / 2 else _CURE,
        )
    ]
