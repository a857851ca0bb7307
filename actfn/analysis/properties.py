"""What a function is like: range, shape, steepest slope, smoothness. Computed from its formula, nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.labels import rest
from actfn.analysis.landscape import ENDLESS, FAR, ROUNDING, Extremum, Interval, Landscape, same, snapped
from actfn.analysis.signs import NEAR, sign_changes
from actfn.errors import ActfnError
from actfn.expression import kinks, rules
from actfn.expression.derive import derivative
from actfn.numerics.bisection import changes
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from actfn.expression.function import Function
    from actfn.expression.kinks import Kink
    from actfn.numerics.bisection import Ordinals
    from actfn.numerics.kernels import Array

_SMOOTHEST = 4  # derivatives whose continuity is looked at
_ROUNDS = 4
_DIGITS = 40  # 1 - 1e-25 is not 1
_NEARLY = 1e-3  # less than the greatest slope on the grid: such places are refined,
_TOPS = 6  # so many
_SQUARE_ROOT = 1.5e-8  # of the rounding of a float: near a top heights differ by less until this far from it
_EDGE = 1e-3
_STEP = 1e-6  # a smaller jump of a derivative is taken for rounding


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
        smoothness: how many derivatives are continuous: -1 for a function that jumps; None for all that were looked at.
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
    domain = _domain(land)
    steepest, steepest_at = _steepest(land)
    return Properties(
        domain=domain,
        holes=tuple(x for x in land.holes if any(each.low < x < each.high for each in domain)),
        range=_range(land),
        limits=land.limits,
        parity=_parity(land),
        trend=_trend(land),
        curvature=_curvature(land),
        breaks=land.breaks,
        poles=land.poles,
        zeros=land.zeros,
        extrema=land.extrema,
        flat=land.flat,
        value_at_0=np.nan if 0.0 in land.holes else float(land.value(np.zeros(1))[0]),
        slope_at_0=np.nan if 0.0 in land.holes else float(land.slope(np.zeros(1))[0]),
        steepest=steepest,
        steepest_at=steepest_at,
        smoothness=_smoothness(land),
    )


def _domain(land: Landscape) -> tuple[Interval, ...]:
    inside = np.concatenate([[False], land.defined, [False]])
    starts, ends = np.flatnonzero(~inside[:-1] & inside[1:]), np.flatnonzero(inside[:-1] & ~inside[1:])
    found: list[Interval] = []
    for start, end in zip(starts.tolist(), (ends - 1).tolist(), strict=True):
        if start == end and start in (0, land.x.size - 1):
            continue  # one float far out, as (-1e6)**-1e6
        low, low_in = _border(land, start, -1)
        high, high_in = _border(land, end, 1)
        if found and found[-1].high == low:  # a single point is a hole in the one before
            low, low_in = found[-1].low, found.pop().low_in
        if low < high:
            found.append(Interval(low, high, low_in, high_in))
    return tuple(found)


def _border(land: Landscape, place: int, step: int) -> tuple[float, bool]:
    """Where the domain ends beyond a point of the grid whose neighbour has no value; and whether it has one there."""
    if not 0 <= place + step < land.x.size:
        return step * np.inf, False
    if land.x[place + step] in land.holes:
        return float(land.x[place + step]), False

    def has_none(ordinals: Ordinals) -> Array:
        return np.isnan(land.value(FLOAT64.from_ordinal(ordinals))).astype(np.float64)

    pair = np.sort(FLOAT64.ordinal(land.x[[place, place + step]]))
    low, high, undefined, _ = changes(has_none, pair, 1)[0]
    border = float(FLOAT64.from_ordinal(high if undefined else low))
    return border, bool(np.isfinite(land.value(np.array([border]))[0]))


def _range(land: Landscape) -> Interval:
    low, low_in = _bound(land, -1)
    high, high_in = _bound(land, 1)
    return Interval(low, high, low_in, high_in)


def _bound(land: Landscape, direction: int) -> tuple[float, bool]:
    """The supremum of direction*f times direction, and whether it is a value."""
    y = np.where(land.defined, direction * land.y, -np.inf)
    place = _nearest_best(land.x, y)
    best, x = float(y[place]), float(land.x[place])
    if not np.any(land.defined):
        return np.nan, False
    turning = max((direction * each.value for each in land.extrema), default=-np.inf)
    if turning >= best - ROUNDING * abs(best) or abs(turning - best) < np.finfo(float).eps:
        return direction * max(best, turning) + 0.0, True
    tended = [direction * limit for limit in land.limits if not np.isnan(limit)]
    tended += [direction * side for each in land.breaks for side in (each.left, each.right) if not np.isnan(side)]
    if best > ENDLESS or max(tended, default=-np.inf) == np.inf or land.poles or _grows(land.x, y, x):
        return direction * np.inf, False
    beyond = [value for value in tended if value > best + ROUNDING * abs(best)]
    if beyond:
        return direction * max(beyond), False
    if abs(best) < np.finfo(float).tiny or any(value >= best - ROUNDING * abs(best) for value in tended):
        limit = max((value for value in tended if value >= best - ROUNDING * abs(best)), default=best)
        at_0 = best == 0 and land.function.exact(x, 3) == 0
        reached = at_0 or _stays(land.function, x, direction * best)
        return direction * (best if reached else limit) + 0.0, reached
    return direction * best, True


def _stays(function: Function, x: float, value: float) -> bool:
    """Whether the function is constant beyond x, where it is `value` as computed, and does not only tend to it."""
    near, far = (function.exact(place, _DIGITS) for place in (1.5 * x, 2 * x))
    if near != far:
        return False
    gap = rest(function, 2 * x, value).value
    return bool(gap == 0 or abs(gap) > 10.0 ** (4 - _DIGITS))  # a constant such as tanh(-1) is no float


def _grows(x: Array, y: Array, best_at: float) -> bool:
    """Whether the largest value is far out and much larger than those nearer: an oscillation that grows."""
    return bool(abs(best_at) > FAR / 10 and np.max(y) > 10 * np.max(y[np.abs(x) < FAR / 100]) > 0)


def _nearest_best(x: Array, y: Array) -> int:
    """The place of the largest y; of several the one nearest to 0."""
    places = np.flatnonzero(y == np.max(y))
    return int(places[np.argmin(np.abs(x[places]))])


def _parity(land: Landscape) -> Parity:
    x = land.x[land.x > 0]
    right, left = land.value(x), land.value(-x)
    if not np.array_equal(np.isnan(right), np.isnan(left)) or np.isnan(right).all():
        return Parity.NEITHER
    with np.errstate(over="ignore", invalid="ignore"):
        allowed = 1e-12 * np.nan_to_num(np.abs(right), posinf=0) + 1e-15
        same = (right == left) | (np.abs(right - left) <= allowed) | np.isnan(right)
        opposite = (right == -left) | (np.abs(right + left) <= allowed) | np.isnan(right)
    if same.all():
        return Parity.EVEN
    return Parity.ODD if opposite.all() and land.value(np.zeros(1))[0] in (0, np.inf, -np.inf) else Parity.NEITHER


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
    rounding = 100 * ROUNDING * (1 + np.abs(np.nan_to_num(slopes, posinf=0, neginf=0)))
    rises, falls = _rises(slopes, rounding), _rises(-slopes, rounding)
    if rises and falls:
        return Curvature.NEITHER
    if not rises and not falls:
        return Curvature.AFFINE
    return Curvature.CONVEX if rises else Curvature.CONCAVE


def _steepest(land: Landscape) -> tuple[float, float]:
    jumps = [each.x for each in land.breaks if each.kind is kinks.Break.JUMP]
    if jumps:
        return np.inf, min(jumps, key=abs)
    if not np.any(land.defined):
        return np.nan, np.nan
    if land.poles or np.any(np.isinf(land.y)):
        return np.inf, np.nan
    sizes = np.where(np.isnan(land.slopes), -np.inf, np.abs(land.slopes))
    best, x = _refined(land, sizes)
    for each in land.breaks:
        for slope in (each.slope_left, each.slope_right):
            if abs(slope) > best * (1 + ROUNDING):
                best, x = abs(slope), each.x
    tended = max((abs(limit) for limit in land.prime.limits() if not np.isnan(limit)), default=0.0)
    if best > ENDLESS or tended == np.inf or _grows(land.x, sizes, x):
        return np.inf, np.nan
    if abs(float(land.slope(np.zeros(1))[0])) >= best * (1 - ROUNDING):
        x = 0.0
    if tended < best * (1 - 1e-9):
        return best, snapped(x)
    exact = land.prime.exact(x, _DIGITS)
    taken = tended <= best * (1 + 1e-9) and (exact >= tended or exact <= -tended)
    return (best, snapped(x)) if taken else (tended, np.nan)


def _refined(land: Landscape, sizes: Array) -> tuple[float, float]:
    """The greatest absolute slope, looked for beside the highest points of the grid; its place nearest to 0."""
    highest = float(np.max(sizes))
    padded = np.concatenate([[-np.inf], sizes, [-np.inf]])
    tops = (sizes >= padded[:-2]) & (sizes >= padded[2:]) & (sizes >= highest * (1 - _NEARLY))
    places = sorted(np.flatnonzero(tops).tolist(), key=lambda place: abs(float(land.x[place])))
    if highest > ENDLESS:
        return highest, float(land.x[places[0]])
    found = [_climbed(land, sizes, place) for place in {*places[:_TOPS], int(np.argmax(sizes))}]
    best = max(size for size, _ in found)
    return best, _on_top(land, min((x for size, x in found if size >= best * (1 - ROUNDING)), key=abs))


def _on_top(land: Landscape, x: float) -> float:
    """The place of a highest slope near x, to more digits than heights tell: where the second derivative is 0."""
    beside = 8 * _SQUARE_ROOT * max(abs(x), _SQUARE_ROOT)
    turns = sign_changes(land.prime.derivative().values, np.array([x - beside, x + beside]))
    if not turns or turns[0][2] * turns[-1][3] >= 0:  # where it is 0 on one side, x is the end of a plateau
        return x
    low, high = turns[0][0], turns[-1][1]  # rounded to 0 in between, at the most some floats wide
    return (low + high) / 2 if same(low, high) else x


def _climbed(land: Landscape, sizes: Array, place: int) -> tuple[float, float]:
    best, x = float(sizes[place]), float(land.x[place])
    width = float(np.diff(land.x[max(place - 1, 0) : place + 2]).max())
    for _ in range(_ROUNDS):
        fine = np.linspace(x - width, x + width, 2001)
        finer = np.nan_to_num(np.abs(land.slope(fine)), nan=-np.inf)
        if finer.max() <= best:
            break
        best, x = float(finer.max()), float(fine[np.argmax(finer)])
        width /= 1000
    return best, x


def _smoothness(land: Landscape) -> int | None:
    """The order of the first derivative that breaks, less one."""
    if land.breaks:
        return -1 if any(each.kind is kinks.Break.JUMP for each in land.breaks) else 0
    places = np.flatnonzero(land.defined)
    if not places.size:
        return -1
    low, high = np.maximum(land.x[places[0]], -NEAR), np.minimum(land.x[places[-1]], NEAR)
    inside = (land.x > low + _EDGE) & (land.x < high - _EDGE)  # an end of the domain breaks nothing
    y, slopes = land.y[inside], land.slopes[inside]
    alone = np.isinf(y[1:-1]) & np.isfinite(y[:-2]) & np.isfinite(y[2:])  # and not an overflow
    if land.holes or np.any(np.isnan(y)) or np.any(alone):
        return -1
    variable = land.function.variable
    tree = rules.expanded(land.function.exact_tree())
    if not kinks.breaks(tree, variable):
        return 0 if np.any((np.abs(slopes) > ENDLESS) & (np.abs(y) < 1)) else None
    for order in range(1, _SMOOTHEST):
        try:
            found = kinks.find(derivative(tree, variable, order), variable, -FAR, FAR)
        except ActfnError:  # the formula of this derivative is too long
            return None
        if any(_apart(each.left, each.right) for each in found):
            return order - 1
        if any(_apart(each.slope_left, each.slope_right) for each in found):
            return order
    return None


def _apart(left: float, right: float) -> bool:
    return bool(abs(left - right) > _STEP * (1 + abs(left) + abs(right)))
