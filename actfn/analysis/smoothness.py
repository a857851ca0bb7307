"""How many derivatives of a function are continuous on its domain: what is outside, as a pole, breaks nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.landscape import ENDLESS, FAR, Landscape
from actfn.errors import LengthError
from actfn.expression import rules
from actfn.expression.derive import derivative
from actfn.functions import kinks
from actfn.functions.steps import TINY
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.analysis.landscape import Interval
    from actfn.functions.kinks import Kink

_SMOOTHEST = 4  # derivatives whose continuity is looked at
_EDGE = 1e-3
_STEP = 1e-6  # a smaller jump of a derivative is taken for rounding
_MOST = 6  # places that are looked at more closely
_ULPS = 64  # as near to a place as a slope can be told; beside 0, TINY
_BIT = 1e-6  # and a little further


def smoothness(land: Landscape, domain: Sequence[Interval]) -> int | None:
    """The order of the first derivative that breaks, less one; None if none of those looked at does."""
    if not domain:
        return -1
    if any(each.kind is kinks.Break.JUMP for each in land.breaks):  # at a hole too: no value there mends x/abs(x)
        return -1
    if _outside_holes(land, land.breaks):
        return 0
    if _is_infinitely_steep(land, domain) or _turns_at_once(land) or _breaks_at_0_over_0(land):
        return 0
    variable = land.function.variable
    tree = rules.expanded(land.function.expression_tree())
    if not kinks.breaks(tree, variable):
        return None
    for order in range(1, _SMOOTHEST):
        try:
            slope = derivative(tree, variable, order)
            found = _outside_holes(land, kinks.find(slope, variable, -FAR, FAR, kinks.FEW_OPERATIONS))
        except LengthError:  # the formula of this derivative is too long
            return None
        if any(_apart(each.left, each.right) for each in found):
            return order - 1
        if any(_apart(each.slope_left, each.slope_right) for each in found):
            return order
    return None


def _outside_holes(land: Landscape, breaks: Sequence[Kink]) -> list[Kink]:
    return [each for each in breaks if each.x not in land.singular]


def _is_infinitely_steep(land: Landscape, domain: Sequence[Interval]) -> bool:
    """Whether the slope is infinite at a point that has a value: inside, as cbrt(x) at 0, or at an end, as sqrt(x)."""
    ends = [(each.low, 1) for each in domain if each.low_in] + [(each.high, -1) for each in domain if each.high_in]
    if any(np.isinf(float(land.prime.limit(*end))) for end in ends[:_MOST]):
        return True
    steep = (np.abs(land.slopes) > ENDLESS) & (np.abs(land.y) < 1)
    outside = [*land.singular, *(end for each in domain for end in (each.low, each.high) if np.isfinite(end))]
    for x in outside:
        steep &= np.abs(land.x - x) > _EDGE
    return bool(np.any(steep))


def _turns_at_once(land: Landscape) -> bool:
    """Whether the slope changes its sign without passing 0: that of asin(sin(x)), by no condition."""
    places = sorted((low if right == 0 else high for low, high, left, right in land.turns if left), key=abs)
    slight = _STEP * min(1.0, float(np.max(np.abs(land.slopes[np.isfinite(land.slopes)]), initial=0.0)))
    for x in places[:_MOST]:
        if any(abs(x - hole) <= _EDGE for hole in land.singular):
            continue
        near = TINY if abs(x) <= TINY else _ULPS * float(FLOAT64.spacing(np.array(x)))
        further = _BIT * max(abs(x), _BIT)
        beside = np.array([x - near, x + near, x - further, x + further])
        left, right, further_left, further_right = land.slope(beside).tolist()
        steep = abs(left) > max(slight, abs(further_left) / 2) and abs(right) > max(slight, abs(further_right) / 2)
        opposite = left * right < 0 and further_left * further_right < 0
        if opposite and steep and np.isfinite(land.value(beside)).all():
            return True
    return False


def _breaks_at_0_over_0(land: Landscape) -> bool:
    """Whether the slope, where it is no number and the value is one, differs on both sides: that of sqrt(x*x)."""
    nowhere = np.isfinite(land.y) & np.isnan(land.slopes)
    nowhere[[0, -1]] = False
    nowhere[1:-1] &= np.isfinite(land.slopes[:-2]) & np.isfinite(land.slopes[2:])
    for x in sorted(land.x[nowhere].tolist(), key=abs)[:_MOST]:
        left, right = (float(land.prime.limit(x, direction)) for direction in (-1, 1))
        if _apart(left, right) or np.isinf(left):
            return True
    return False


def _apart(left: float, right: float) -> bool:
    if np.isinf([left, right]).any():
        return left != right
    return bool(abs(left - right) > _STEP * (1 + abs(left) + abs(right)))
