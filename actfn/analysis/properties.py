"""What a function is like: range, zeros, extrema, slopes, smoothness. All computed from its formula, nothing stored.

The function and its derivatives are looked at on a grid that spans every size of float; signs that change between two
of its points are followed by bisection to the last float. Where computed values only seem to be constant, the exact
value decides: sigmoid(50) is not 1, relu(-5) is 0. What happens twice between two points of the grid is missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from actfn.errors import ActfnError
from actfn.expression import kinks, rules
from actfn.expression.derive import derivative
from actfn.numerics.bisection import changes
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.expression.function import Function
    from actfn.expression.kinks import Kink
    from actfn.numerics.bisection import Ordinals
    from actfn.numerics.kernels import Array

_Found = TypeVar("_Found")

MOST = 50  # zeros and extrema that are followed; a sine has more

_FAR = 1e6
_NEAR = 50.0  # up to here the grid is even
_ENDLESS = 1e50  # a value or slope at a finite point that is larger grows without bound
_ROUNDING = 1e-13  # of the size of the values: what a composed formula may lose
_POLE = 1e-6  # on a crossing, against the values around: beside a zero the value is smaller
_SMOOTHEST = 4  # derivatives whose continuity is looked at
_BITS = 4000  # of exact values asked for here
_ROUNDS = 4
_NEARLY = 1e-6  # less than the greatest slope on the grid: the nearest such place to 0 is refined
_STEP = 1e-6  # a smaller jump of a derivative is taken for rounding
_FEW = 20
_TINY = 1e-150  # nearer to 0 than this is 0: squares underflow there


@dataclass(frozen=True)
class Interval:
    """Numbers from low to high, each end included or not."""

    low: float
    high: float
    low_in: bool
    high_in: bool


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
class Extremum:
    """A local minimum or maximum inside the domain, at x; of a flat one x is its left end."""

    x: float
    value: float
    is_maximum: bool


@dataclass(frozen=True)
class Properties:
    """What is known of a function of one variable.

    Attributes:
        domain: where it has a value; gaps inside are not told.
        range: its values. Ends that are only tended to are not included; jumps may leave gaps inside.
        limits: towards -inf and inf; nan where there is none.
        parity, trend, curvature: its shape.
        breaks: kinks and jumps, from left to right.
        zeros: where it is 0, as intervals (most are points).
        extrema: local ones, from left to right.
        flat: intervals on which the slope is 0.
        value_at_0, slope_at_0: nan where there is none.
        steepest: the supremum of the absolute slope: the Lipschitz constant.
        steepest_at: where it is taken; nan where it is only tended to.
        smoothness: how many derivatives are continuous: -1 for a function that jumps; None for all that were looked at.
    """

    domain: Interval
    range: Interval
    limits: tuple[float, float]
    parity: Parity
    trend: Trend
    curvature: Curvature
    breaks: tuple[Kink, ...]
    zeros: tuple[Interval, ...]
    extrema: tuple[Extremum, ...]
    flat: tuple[Interval, ...]
    value_at_0: float
    slope_at_0: float
    steepest: float
    steepest_at: float
    smoothness: int | None


def properties(function: Function) -> Properties:
    """All properties of a function, which may be a derivative. A grid of 7000 points takes some ten milliseconds."""
    look = _Look(function)
    steepest, steepest_at = _steepest(look)
    return Properties(
        domain=_domain(look),
        range=_range(look),
        limits=look.limits,
        parity=_parity(look),
        trend=_trend(look),
        curvature=_curvature(look),
        breaks=look.breaks,
        zeros=_zeros(look),
        extrema=look.extrema,
        flat=look.flat,
        value_at_0=float(look.value(np.zeros(1))[0]),
        slope_at_0=float(look.slope(np.zeros(1))[0]),
        steepest=steepest,
        steepest_at=steepest_at,
        smoothness=_smoothness(look),
    )


class _Look:
    """A function with its derivative on the grid, and what several properties need of them."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.prime = function.derivative()
        tree = function.exact_tree()
        found = kinks.find(rules.expanded(tree), function.variable, -_FAR, _FAR)
        self.breaks = tuple(
            each for each, last in zip(found, (None, *found), strict=False) if not last or not _same(each.x, last.x)
        )
        self.x = _grid(np.array([each.x for each in self.breaks]))
        self.y = self.value(self.x)
        self.slopes = self.slope(self.x)

    def value(self, x: Array) -> Array:
        return self.function.values(x)

    def slope(self, x: Array) -> Array:
        return self.prime.values(x)

    @cached_property
    def limits(self) -> tuple[float, float]:
        left, right = self.function.limits()
        return float(left), float(right)

    @cached_property
    def defined(self) -> Array:
        return np.asarray(~np.isnan(self.y))

    @cached_property
    def rounding(self) -> Array:
        """What may be rounding at each point of the grid."""
        with np.errstate(invalid="ignore", over="ignore"):
            return _ROUNDING * (1 + np.abs(np.nan_to_num(self.y, posinf=0, neginf=0)))

    @cached_property
    def turns(self) -> list[tuple[float, float, float, float]]:
        """Where the slope changes its sign: the floats on both sides, and the signs there."""
        return _sign_changes(self.slope, self.x)

    @cached_property
    def extrema(self) -> tuple[Extremum, ...]:
        found: list[Extremum] = []
        before, start = 0.0, float("nan")
        for low, high, left, right in self.turns:
            if left != 0:
                before, start = left, low if right == 0 else high
            if left * right < 0:
                start = min(low, high, key=lambda x: abs(float(self.slope(np.array([x]))[0])))
            if right != 0 and before * right < 0:
                start = _snapped(start)
                value = float(self.value(np.array([start]))[0]) + 0.0
                if np.isfinite(value) and abs(value) < _ENDLESS:
                    found.append(Extremum(start, value, is_maximum=before > 0))
                before = 0.0
        return tuple(_nearest(_prominent(found, self), lambda each: each.x))

    @cached_property
    def flat(self) -> tuple[Interval, ...]:
        """Stretches on which the exact slope is 0."""
        return tuple(_stretches_of_0(self.x, self.turns, self.prime))


def _grid(places: Array) -> Array:
    """Every size of float, evenly from -50 to 50, and both sides of the given places."""
    tiny = np.geomspace(1e-300, 1e-6, 50)
    sizes = np.concatenate([tiny, np.geomspace(1e-6, 1, 150), np.geomspace(_NEAR, _FAR, 300)])
    beside = np.concatenate([places - 1e-9 * np.maximum(1, np.abs(places)), places + 1e-9 * np.maximum(1, abs(places))])
    return np.unique(np.concatenate([np.linspace(-_NEAR, _NEAR, 5001), sizes, -sizes, [0.0], places, beside]))


def _sign_changes(value: Callable[[Array], Array], x: Array) -> list[tuple[float, float, float, float]]:
    def sign(places: Ordinals) -> Array:
        return np.nan_to_num(np.sign(value(FLOAT64.from_ordinal(places))), nan=9.0)

    near = np.abs(x) <= _NEAR
    found = changes(sign, FLOAT64.ordinal(x[near]), 4 * MOST)
    for far in (x[x <= -_NEAR], x[x >= _NEAR]):
        outside = changes(sign, FLOAT64.ordinal(far), 4 * MOST)
        found += outside if len(outside) <= _FEW else []  # an oscillation, too quick for the grid
    found.sort(key=lambda change: change[0])
    ends = [(float(FLOAT64.from_ordinal(low)), float(FLOAT64.from_ordinal(high))) for low, high, _, _ in found]
    return [
        (low, high, float(left), float(right))
        for (low, high), (_, _, left, right) in zip(ends, found, strict=True)
        if 9.0 not in (left, right)
    ]


def _same(x: float, other: float) -> bool:
    return abs(x - other) <= 1e-12 * abs(x)


def _snapped(x: float) -> float:
    return 0.0 if abs(x) < _TINY else x


def _nearest(found: list[_Found], place: Callable[[_Found], float]) -> list[_Found]:
    """Of many the ones nearest to 0, from left to right."""
    return sorted(sorted(found, key=lambda each: abs(place(each)))[:MOST], key=place)


def _prominent(found: list[Extremum], look: _Look) -> list[Extremum]:
    """The extrema that differ from both neighbours by more than rounding."""
    finite = look.y[np.isfinite(look.y)]
    if not finite.size:
        return []
    kept: list[Extremum] = []
    values = [float(finite[0]), *(each.value for each in found), float(finite[-1])]
    for each, before, after in zip(found, values, values[2:], strict=False):
        differences = [
            abs(each.value - other) - _ROUNDING * max(abs(each.value), abs(other)) for other in (before, after)
        ]
        if min(differences) > np.finfo(float).tiny:
            kept.append(each)
    return kept


def _is_0(function: Function, x: float, *, for_certain: bool = False) -> bool:
    """Whether the exact value is 0, or at least cannot be told from it."""
    exact = function.exact_value(x, digits=5, most_bits=_BITS)
    return bool(exact.value == 0 and (exact.certain or not for_certain))


def _stretches_of_0(
    x: Array,
    found: list[tuple[float, float, float, float]],
    function: Function,
) -> list[Interval]:
    """The intervals, not single points, where the values of a function are exactly 0."""
    ends = {end for low, high, left, right in found if left == 0 or right == 0 for end in (low, high)}
    borders = sorted(ends | {float(x[0]), float(x[-1])})
    stretches: list[Interval] = []
    for low, high in zip(borders, borders[1:], strict=False):
        inside = x[(x > low) & (x < high)]
        middle = float(inside[inside.size // 2]) if inside.size else low
        if function.values(np.array([low, middle, high])).any() or not _is_0(function, middle, for_certain=True):
            continue
        is_0 = partial(_is_0, function)
        start = -np.inf if low == x[0] else _last(is_0, middle, low)
        end = np.inf if high == x[-1] else _last(is_0, middle, high)
        if start < end:
            stretches.append(Interval(start, end, bool(np.isfinite(start)), bool(np.isfinite(end))))
    return stretches


def _last(holds: Callable[[float], bool], inside: float, border: float) -> float:
    """The last float from inside to the border where something holds that holds inside: computed zeros go further."""
    if holds(border):
        return border
    good, bad = FLOAT64.ordinal(np.array([inside, border])).tolist()
    while abs(bad - good) > 1:
        middle = (good + bad) // 2
        if holds(float(FLOAT64.from_ordinal(middle))):
            good = middle
        else:
            bad = middle
    return _snapped(float(FLOAT64.from_ordinal(good)))


def _domain(look: _Look) -> Interval:
    places = np.flatnonzero(look.defined)
    if not places.size:
        return Interval(np.nan, np.nan, low_in=False, high_in=False)

    def has_value(ordinals: Ordinals) -> Array:
        return np.isnan(look.value(FLOAT64.from_ordinal(ordinals))).astype(np.float64)

    ends = []
    for place, outside in ((places[0], places[0] - 1), (places[-1], places[-1] + 1)):
        if not 0 <= outside < look.x.size:
            ends.append((np.inf if outside > 0 else -np.inf, False))
            continue
        pair = np.sort(FLOAT64.ordinal(look.x[[place, outside]]))
        low, high, undefined, _ = changes(has_value, pair, 1)[0]
        border = float(FLOAT64.from_ordinal(high if undefined else low))
        ends.append((border, bool(np.isfinite(look.value(np.array([border]))[0]))))
    (low, low_in), (high, high_in) = ends
    return Interval(low, high, low_in, high_in)


def _range(look: _Look) -> Interval:
    low, low_in = _bound(look, -1)
    high, high_in = _bound(look, 1)
    return Interval(low, high, low_in, high_in)


def _bound(look: _Look, direction: int) -> tuple[float, bool]:
    """The supremum of direction*f times direction, and whether it is a value."""
    y = np.where(look.defined, direction * look.y, -np.inf)
    place = _nearest_best(look.x, y)
    best, x = float(y[place]), float(look.x[place])
    turning = max((direction * each.value for each in look.extrema), default=-np.inf)
    if turning >= best - _ROUNDING * abs(best) or abs(turning - best) < np.finfo(float).eps:
        return direction * max(best, turning) + 0.0, True
    tended = [direction * limit for limit in look.limits if not np.isnan(limit)]
    tended += [direction * side for each in look.breaks for side in (each.left, each.right) if not np.isnan(side)]
    if best > _ENDLESS or max(tended, default=-np.inf) == np.inf or _grows(look.x, y, x):
        return direction * np.inf, False
    beyond = [value for value in tended if value > best + _ROUNDING * abs(best)]
    if beyond:
        return direction * max(beyond), False
    if abs(best) < np.finfo(float).tiny or any(value >= best - _ROUNDING * abs(best) for value in tended):
        limit = max((value for value in tended if value >= best - _ROUNDING * abs(best)), default=best)
        here, further = (look.function.exact(place, 40) for place in (x, 1.5 * x))
        reached = bool(here >= further if direction > 0 else here <= further)
        return direction * (best if reached else limit) + 0.0, reached
    return direction * best, True


def _grows(x: Array, y: Array, best_at: float) -> bool:
    """Whether the largest value is far out and much larger than those nearer: an oscillation that grows."""
    return bool(abs(best_at) > _FAR / 10 and np.max(y) > 10 * np.max(y[np.abs(x) < _FAR / 100]) > 0)


def _nearest_best(x: Array, y: Array) -> int:
    """The place of the largest y; of several the one nearest to 0."""
    places = np.flatnonzero(y == np.max(y))
    return int(places[np.argmin(np.abs(x[places]))])


def _parity(look: _Look) -> Parity:
    x = look.x[look.x > 0]
    right, left = look.value(x), look.value(-x)
    if not np.array_equal(np.isnan(right), np.isnan(left)) or np.isnan(right).all():
        return Parity.NEITHER
    with np.errstate(invalid="ignore"):
        allowed = 1e-12 * np.abs(right) + 1e-15
        same = (right == left) | (np.abs(right - left) <= allowed) | np.isnan(right)
        opposite = (right == -left) | (np.abs(right + left) <= allowed) | np.isnan(right)
    if same.all():
        return Parity.EVEN
    return Parity.ODD if opposite.all() and look.value(np.zeros(1))[0] in (0, np.inf, -np.inf) else Parity.NEITHER


def _trend(look: _Look) -> Trend:
    y, rounding = look.y[look.defined], look.rounding[look.defined]
    rises, falls = _rises(y, rounding), _rises(-y, rounding)
    if rises and falls:
        return Trend.NEITHER
    if not rises and not falls:
        return Trend.CONSTANT
    if falls:
        return Trend.NON_INCREASING if look.flat else Trend.DECREASING
    return Trend.NON_DECREASING if look.flat else Trend.INCREASING


def _rises(y: Array, rounding: Array) -> bool:
    """Whether the values ever lie above an earlier one by more than rounding."""
    if not y.size:
        return False
    with np.errstate(invalid="ignore"):
        return bool(np.any(y - np.minimum.accumulate(y) > rounding))


def _curvature(look: _Look) -> Curvature:
    if any(each.kind is kinks.Break.JUMP for each in look.breaks) or not look.defined.all():
        return Curvature.NEITHER
    kept = ~np.isnan(look.slopes)
    slopes = look.slopes[kept]
    rounding = 100 * _ROUNDING * (1 + np.abs(np.nan_to_num(slopes, posinf=0, neginf=0)))
    rises, falls = _rises(slopes, rounding), _rises(-slopes, rounding)
    if rises and falls:
        return Curvature.NEITHER
    if not rises and not falls:
        return Curvature.AFFINE
    return Curvature.CONVEX if rises else Curvature.CONCAVE


def _steepest(look: _Look) -> tuple[float, float]:
    if any(each.kind is kinks.Break.JUMP for each in look.breaks):
        return np.inf, next(each.x for each in look.breaks if each.kind is kinks.Break.JUMP)
    size = np.where(np.isnan(look.slopes), -np.inf, np.abs(look.slopes))
    place = _nearest_best(look.x, np.minimum(size, np.max(size) * (1 - _NEARLY)))
    best, x = float(size[place]), float(look.x[place])
    for _ in range(_ROUNDS):
        width = max(float(np.diff(look.x[max(place - 1, 0) : place + 2]).max()), 1e-9) if best < _ENDLESS else 0.0
        fine = np.linspace(x - width, x + width, 2001)
        finer = np.nan_to_num(np.abs(look.slope(fine)), nan=-np.inf)
        if finer.max() <= best:
            break
        best, x = float(finer.max()), float(fine[np.argmax(finer)])
    for each in look.breaks:
        for slope in (each.slope_left, each.slope_right):
            if abs(slope) > best * (1 + _ROUNDING):
                best, x = abs(slope), each.x
    tended = max((abs(limit) for limit in look.prime.limits() if not np.isnan(limit)), default=0.0)
    if best > _ENDLESS or tended == np.inf or _grows(look.x, size, x):
        return np.inf, np.nan
    if abs(float(look.slope(np.zeros(1))[0])) >= best * (1 - _ROUNDING):
        x = 0.0
    if tended >= best * (1 - 1e-9):
        exact = look.prime.exact(x, 40)
        taken = exact >= tended or exact <= -tended
        if tended > best * (1 + 1e-9) or not taken:
            return tended, np.nan
    return best, _snapped(x)


def _zeros(look: _Look) -> tuple[Interval, ...]:
    found = _sign_changes(look.value, look.x)
    zeros = _stretches_of_0(look.x, found, look.function)
    for low, high, left, right in found:
        if left * right < 0:
            x = min(low, high, key=lambda x: abs(float(look.value(np.array([x]))[0])))
            around = look.value(np.array([low - 1e-3 * max(1, abs(low)), high + 1e-3 * max(1, abs(high))]))
            if abs(float(look.value(np.array([x]))[0])) <= _POLE * float(np.nanmin(np.abs(around))):
                zeros.append(Interval(x, x, low_in=True, high_in=True))
    for into, out in zip(found, found[1:], strict=False):
        if into[3] != 0 or out[2] != 0:
            continue
        x = 0.0 if into[1] <= 0 <= out[0] else into[1]
        crosses = into[2] * out[3] < 0 and (into[1] == out[0] or x == 0)
        known = any(each.low <= x <= each.high for each in zeros)
        if not known and (crosses or ((into[1] == out[0] or x == 0) and _is_0(look.function, x))):
            zeros.append(Interval(x, x, low_in=True, high_in=True))
    return tuple(_nearest(zeros, lambda each: each.high if np.isinf(each.low) else each.low))


def _smoothness(look: _Look) -> int | None:
    """The order of the first derivative that breaks, less one."""
    if not look.defined.all() or (np.isinf(look.y) & (np.abs(look.x) < _NEAR)).any():
        inner = look.defined & (np.abs(look.x) < _NEAR)
        if np.isinf(look.y[inner]).any() or (np.diff(np.flatnonzero(look.defined)) > 1).any():
            return -1
    variable = look.function.variable
    tree = rules.expanded(look.function.exact_tree())
    if not kinks.breaks(tree, variable):
        return 0 if np.nanmax(np.abs(look.slopes[np.abs(look.x) < _NEAR]), initial=0) > _ENDLESS else None
    for order in range(_SMOOTHEST):
        try:
            found = kinks.find(derivative(tree, variable, order), variable, -_FAR, _FAR)
        except ActfnError:
            return None
        if any(_apart(each.left, each.right) for each in found):
            return order - 1
        if any(_apart(each.slope_left, each.slope_right) for each in found):
            return order
    return None


def _apart(left: float, right: float) -> bool:
    return bool(abs(left - right) > _STEP * (1 + abs(left) + abs(right)))
