"""What a function is like: range, shape, steepest slope, smoothness. Computed from its formula, nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.bounds import value_range
from actfn.analysis.domain import borders, domain
from actfn.analysis.extrema import Extremum, extrema
from actfn.analysis.landscape import Interval, Landscape, is_0
from actfn.analysis.smoothness import smoothness
from actfn.analysis.steepness import steepest
from actfn.analysis.trusted import ROUNDING, inside
from actfn.functions import kinks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.functions.function import Function
    from actfn.functions.kinks import Kink
    from actfn.numerics.kernels import Array


_DEAR = 12  # points at which exact values are asked for


class Parity(StrEnum):
    """Symmetry about 0."""

    EVEN = "even"
    ODD = "odd"
    NEITHER = "neither"


class Trend(StrEnum):
    """How a function runs from left to right."""

    INCREASING = "increasing"
    NON_DECREASING = "non-decreasing"  # with flat stretches
    DECREASING = "decreasing"
    NON_INCREASING = "non-increasing"
    CONSTANT = "constant"
    NEITHER = "not monotone"


class Curvature(StrEnum):
    """How a function bends."""

    AFFINE = "affine"
    CONVEX = "convex"
    CONCAVE = "concave"
    NEITHER = "neither"


@dataclass(frozen=True)
class Properties:
    """What is known of a function of one variable.

    Attributes:
        domain: where it has a value, from left to right,
        holes: but for these single points.
        range: its values. Ends that are only tended to are not included; jumps may leave gaps inside.
        limits: towards -inf and inf; nan where there is none.
        parity, trend, curvature: its shape.
        breaks: kinks and jumps, from left to right.
        poles: where it runs off to infinity with both signs.
        zeros: where it is 0, as intervals (most are points).
        extrema: local ones, from left to right.
        flat: intervals on which the slope is 0.
        value_at_0, slope_at_0: nan where there is none.
        steepest: the supremum of the absolute slope: the Lipschitz constant.
        steepest_at: where it is taken; nan where it is only tended to.
        smoothness: how many derivatives are continuous on the domain: -1 for a function that jumps; None for all that
            were looked at.
    """

    domain: tuple[Interval, ...]
    holes: tuple[float, ...]
    range: Interval
    limits: tuple[float, float]
    parity: Parity
    trend: Trend
    curvature: Curvature
    breaks: tuple[Kink, ...]
    poles: tuple[float, ...]
    zeros: tuple[Interval, ...]
    extrema: tuple[Extremum, ...]
    flat: tuple[Interval, ...]
    value_at_0: float
    slope_at_0: float
    steepest: float
    steepest_at: float
    smoothness: int | None


@np.errstate(all="ignore")  # infinities and nan are answers
def properties(function: Function) -> Properties:
    """All properties of a function, which may be a derivative."""
    land = Landscape(function)
    where = domain(land)
    holes = tuple(x for x in land.holes if any(each.low < x < each.high for each in where))
    peaks = extrema(land)
    slope, slope_at = steepest(land, borders(land, where, closed=True))
    return Properties(
        domain=where,
        holes=holes,
        range=value_range(land, where, peaks),
        limits=land.limits,
        parity=_parity(land),
        trend=_trend(land),
        curvature=_curvature(land),
        breaks=land.breaks,
        poles=land.poles,
        zeros=_zeros(land, where, peaks),
        extrema=peaks,
        flat=land.flat,
        value_at_0=np.nan if 0.0 in holes else float(function.values(np.zeros(1))[0]),
        slope_at_0=np.nan if 0.0 in holes else float(land.prime.values(np.zeros(1))[0]),
        steepest=slope,
        steepest_at=slope_at,
        smoothness=smoothness(land, where),
    )


def _zeros(land: Landscape, where: Sequence[Interval], peaks: Sequence[Extremum]) -> tuple[Interval, ...]:
    """With those where no sign changes: at an end of the domain, as of sqrt(x), at kinks and extrema."""
    ends = {x for x, _ in borders(land, where, closed=True) if is_0(land.function, x)}
    ends |= {each.x for each in land.breaks if each.kind is kinks.Break.KINK and each.value == 0}
    ends |= {each.x for each in peaks if each.value == 0 and is_0(land.function, each.x)}
    new = [x for x in ends if not any(each.low <= x <= each.high for each in land.zeros)]
    alone = [Interval(x, x, low_in=True, high_in=True) for x in new]
    return tuple(sorted([*land.zeros, *alone], key=lambda each: each.low))


def _parity(land: Landscape) -> Parity:
    x, right = land.x[land.x > 0], land.y[land.x > 0]
    dear = inside(-x, land.doubtful) & ~np.isin(-x, land.x)  # exact values are asked for there
    asked = ~dear
    asked[np.flatnonzero(dear)[:: np.count_nonzero(dear) // _DEAR + 1]] = True
    right, left = right[asked], land.value(-x[asked])
    if not np.array_equal(np.isnan(right), np.isnan(left)) or np.isnan(right).all():
        return Parity.NEITHER
    with np.errstate(over="ignore", invalid="ignore"):
        allowed = 1e-12 * np.nan_to_num(np.abs(right), posinf=0) + 1e-15
        same = (right == left) | (np.abs(right - left) <= allowed) | np.isnan(right)
        opposite = (right == -left) | (np.abs(right + left) <= allowed) | np.isnan(right)
    if same.all():
        return Parity.EVEN
    at_0 = float(land.value(np.zeros(1))[0])
    passes_0 = at_0 == 0 or np.isinf(at_0) or 0.0 in land.singular  # a hole is its own mirror image
    return Parity.ODD if opposite.all() and passes_0 else Parity.NEITHER


def _trend(land: Landscape) -> Trend:
    y, rounding = land.y[land.defined], land.rounding[land.defined]
    rises, falls = _rises(y, rounding), _rises(-y, rounding)
    if rises and falls:
        return Trend.NEITHER
    if not rises and not falls:
        return Trend.CONSTANT if y.size else Trend.NEITHER
    if falls:
        return Trend.NON_INCREASING if land.flat else Trend.DECREASING
    return Trend.NON_DECREASING if land.flat else Trend.INCREASING


def _rises(y: Array, rounding: Array) -> bool:
    """Whether the values ever lie above an earlier one by more than rounding."""
    if not y.size:
        return False
    with np.errstate(invalid="ignore"):
        return bool(np.any(y - np.minimum.accumulate(y) > rounding))


def _curvature(land: Landscape) -> Curvature:
    if any(each.kind is kinks.Break.JUMP for each in land.breaks) or not land.defined.all():
        return Curvature.NEITHER
    kept = ~np.isnan(land.slopes)
    slopes = land.slopes[kept]
    sizes = np.abs(np.nan_to_num(slopes, posinf=0, neginf=0))
    size = max(float(np.max(sizes, initial=0.0)), ROUNDING * land.scale)
    rounding = 100 * ROUNDING * (min(1.0, size) + sizes)
    rises, falls = _rises(slopes, rounding), _rises(-slopes, rounding)
    if rises and falls:
        return Curvature.NEITHER
    if not rises and not falls:
        return Curvature.AFFINE
    return Curvature.CONVEX if rises else Curvature.CONCAVE
