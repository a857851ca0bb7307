"""A derivative at points, the kinks among them, and an independent check of both rule and rounding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actfn.functions import kinks
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from actfn.functions.function import Function
    from actfn.functions.kinks import Kink
    from actfn.numerics.kernels import Array

METHOD = "central differences in high-precision arithmetic"

_RELATIVE = 1e-9  # what the check allows: far more than rounding, far less than a wrong rule
_ROUNDINGS = 64  # spacings of a narrower format: a typed expression is rounded at every operation
_OF_NEARBY = 1e-12  # near a root, relative to the derivative a little to the side
_WOBBLES = 16  # changes from one float to the next but one: rounding on the way moves the argument by some floats
_NEAR_ROOT = 1e-3  # this much smaller than beside it, a derivative is near a root


@dataclass(frozen=True)
class Slopes:
    """The derivative of a function at points.

    Attributes:
        values: the derivative, of the points' shape.
        left, right: the same from the two sides: they differ at kinks, and only in the first derivative.
        kinks: those of the function and of its lower derivatives that the points hit, by their place among the points.
    """

    values: Array
    left: Array
    right: Array
    kinks: dict[int, Kink]


def slopes(function: Function, x: Array, form: Format = FLOAT64) -> Slopes:
    """The derivative at points.

    Args:
        function: a derivative, `function.order` says which; its kinks are looked for.
        x: float64, one dimension.
        form: the float format to compute in.
    """
    values = function.settled_values(x, form)
    left, right = values.copy(), values.copy()
    found: dict[int, Kink] = {}
    for place, kink in enumerate(kinks.at(function.tree, function.variable, x, function.order, values)):
        if kink:
            found[place] = kink
            if function.order == 1:
                left[place], right[place] = form.round(kink.slope_left), form.round(kink.slope_right)
    return Slopes(values, left, right, found)


@dataclass(frozen=True)
class Check:
    """A derivative against an independent one.

    Attributes:
        numerical: by differences, correctly rounded; nan where the function is not smooth or has no value.
        difference: the derivative minus the numerical one.
        wrong: where they differ by more than rounding explains.
    """

    numerical: Array
    difference: Array
    wrong: Array


def check(function: Function, x: Array, computed: Slopes, form: Format = FLOAT64) -> Check:
    """Compare the derivatives at points with differences of the function's own values, taken in Arb.

    The differences see neither the rules nor the kernels of the table: composite rows are computed by their textbook
    definitions, and the number of digits is raised until two results agree.
    """
    from actfn.exact.differences import by_differences

    numerical = np.full(x.shape, np.nan)
    difference = np.full(x.shape, np.nan)
    finite = np.where(np.isfinite(x), x, 0.0)
    scale = np.maximum(1, np.abs(finite))
    beside = np.minimum(*(np.abs(function.values(finite + step * scale)) for step in (-0.05, 0.05)))
    for place in np.flatnonzero(np.isfinite(x)).tolist():
        if place not in computed.kinks:
            slope = computed.values[place]
            result = by_differences(function.tree, function.variable, float(x[place]), function.order)
            numerical[place] = float(result)
            if np.isfinite(slope):
                difference[place] = result.error(slope)
    relative = max(_RELATIVE, _ROUNDINGS * form.eps) if form is not FLOAT64 else _RELATIVE
    near_root = np.abs(numerical) < _NEAR_ROOT * beside
    # what underflows on the way is no wrong rule
    allowed = relative * (np.abs(numerical) + form.smallest_normal) + 2 * form.smallest_subnormal
    # and neither is what a rounded argument does to sin(1e9*x)
    sides = [function.values(FLOAT64.neighbour(finite, steps)) for steps in (-1, 1)]
    with np.errstate(invalid="ignore", over="ignore"):  # infinities
        wobble = np.nan_to_num(np.abs(sides[1] - sides[0]), nan=0.0, posinf=0.0)
        allowed = allowed + _WOBBLES * wobble
    allowed = allowed + np.where(near_root, max(_OF_NEARBY, relative * 1e-3) * np.nan_to_num(beside), 0.0)
    wrong = (np.abs(difference) > allowed) | (np.isfinite(numerical) & ~np.isfinite(computed.values))
    return Check(numerical, difference, wrong)
