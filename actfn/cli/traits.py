"""What a table says of a function, a line a property: everything computed, in words and few digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.initialisation import DEPTH, SCALES, expectation, initialisation
from actfn.analysis.properties import properties
from actfn.analysis.saturation import Regime, stretches
from actfn.expression.kinks import Break
from actfn.numerics.formats import FORMATS
from actfn.output.axes import short

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.analysis.foreign import Foreign
    from actfn.analysis.initialisation import Initialisation
    from actfn.analysis.properties import Interval, Properties
    from actfn.expression.function import Function
    from actfn.numerics.kernels import Array

_NONE = np.zeros(0)
_USUAL = np.linspace(-5, 5, 41)  # a callable without a value at one of these is not asked for expectations
_MOST = 4  # places that are told one by one
_SCALES = {weights: ", ".join(name for name in SCALES if SCALES[name] == weights) for weights in SCALES.values()}
_FORMAT = FORMATS["float32"]

NAMES = (
    "range",
    "zero-centred",
    "symmetry",
    "monotone",
    "curvature",
    "kinks and jumps",
    "smoothness",
    "slope at 0",
    "largest slope",
    f"saturated in {_FORMAT.name}",
    "share of zero slope",
    "mean square slope",
    "gain",
    *(f"{what} through {DEPTH} layers, {scale}" for scale in _SCALES.values() for what in ("signal", "gradient")),
)
"""What `of_function` tells, in order. Expectations are over a standard normal input."""


def of_function(function: Function, show: Callable[[float], str]) -> list[str]:
    """The texts for `NAMES`, with numbers as `show` writes them."""
    known, normal = properties(function), initialisation(function)
    return [
        _interval(known.range, show),
        _centred(normal, show),
        str(known.parity),
        str(known.trend),
        str(known.curvature),
        _breaks(known, show),
        _smoothness(known.smoothness),
        show(known.slope_at_0),
        f"{show(known.steepest)}{'' if np.isnan(known.steepest_at) else f' at {show(known.steepest_at)}'}",
        _saturated(function, show),
        show(normal.flat),
        show(normal.mean_square_slope),
        show(normal.gain),
        *(str(fate) for passage in (normal.passages[0], normal.passages[-1]) for fate in passage.fates),
    ]


def of_foreign(callable_: Foreign, x: Array, show: Callable[[float], str]) -> list[str]:
    """The same of a callable, as far as it can be told of one that has no formula: slopes at points x."""
    slopes = np.abs(callable_.slopes(x))
    told = {"slope at 0": show(float(callable_.slopes(np.zeros(1))[0]))}
    if np.all(np.isfinite(callable_.answers(_USUAL).values)):
        square = expectation(lambda z: callable_.answers(z).values ** 2, _NONE)
        told["mean square slope"] = show(expectation(lambda z: callable_.slopes(z) ** 2, _NONE))
        told["gain"] = show(float(np.sqrt(1 / square)) if square > 0 else np.nan)
    if np.any(np.isfinite(slopes)):
        place = int(np.nanargmax(slopes))
        told["largest slope"] = f"{show(float(slopes[place]))} at {show(float(x[place]))}"
    return [told.get(name, "-") for name in NAMES]


def brief(value: float) -> str:
    """A number for people."""
    return short(value, 6)


def _interval(interval: Interval, show: Callable[[float], str]) -> str:
    left, right = "[" if interval.low_in else "(", "]" if interval.high_in else ")"
    return f"{left}{show(interval.low)}, {show(interval.high)}{right}"


def _centred(normal: Initialisation, show: Callable[[float], str]) -> str:
    return "yes" if normal.mean == 0 else f"no: mean {show(normal.mean)}"


def _breaks(known: Properties, show: Callable[[float], str]) -> str:
    if not known.breaks:
        return "none"
    if len(known.breaks) > _MOST:
        return f"{len(known.breaks)} places"
    kinds = {
        kind: ", ".join(show(each.x) for each in known.breaks if each.kind is kind) for kind in (Break.KINK, Break.JUMP)
    }
    return "; ".join(f"{kind} at {places}" for kind, places in kinds.items() if places)


def _smoothness(order: int | None) -> str:
    if order is None:
        return "smooth"
    if order < 1:
        return "continuous" if order == 0 else "not continuous"
    return f"{order} continuous derivative{'s' if order > 1 else ''}"


def _saturated(function: Function, show: Callable[[float], str]) -> str:
    found = [each for each in stretches(function, _FORMAT) if each.regime is Regime.SATURATED]
    ends = [f"{'to' if each.first == each.high else 'from'} {show(each.first)}" for each in found[: _MOST + 1]]
    return ", ".join(ends) or "nowhere"
