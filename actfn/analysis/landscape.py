"""Places of interest of a function: zeros, extrema, flat stretches, breaks, found on a grid and by bisection.

The grid spans every size of float; signs that change between two of its points are followed to the last float. Where
computed values only seem to be 0, the exact value decides: relu(-5) is 0, sigmoid(-800) is not. What changes and
changes back between two points of the grid is missed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from actfn.analysis import singular
from actfn.analysis.labels import unmeant
from actfn.analysis.signs import FEW, MOST, NEAR, sign_changes
from actfn.analysis.trusted import ROUNDING, Trusted, doubtful, inside, thinned, widened
from actfn.expression import rules
from actfn.expression.tree import postorder
from actfn.functions import kinks
from actfn.functions.steps import TINY, next_to
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from actfn.functions.function import Function
    from actfn.functions.kinks import Kink
    from actfn.numerics.kernels import Array

_Found = TypeVar("_Found")

FAR = 1e6
ENDLESS = 1e50  # a value or slope at a finite point that is larger grows without bound

_ZERO_HEIGHT = 1e-6  # where the sign changes, against the values around: at a zero the value is smaller,
_POLE_HEIGHT = 1e3  # at a pole larger
_BITS, _DIGITS = 4000, 40  # of exact values asked for here
_MOST_SPENT = 100_000  # effort of exact values for an end of a stretch; what takes more is told less sharply
_BESIDE = 1e-15
_BIT, _BESIDE_ZERO = 1e-6, 1e-9  # of a zero: so far from it values are looked at
_TORN, _NOTHING = 1e-6, 1e-100
_USUAL_PARTS = 500  # of a formula; of a longer one the grid has fewer points


@dataclass(frozen=True)
class Interval:
    """Numbers from low to high, each end included or not."""

    low: float
    high: float
    low_in: bool
    high_in: bool


class Landscape:
    """A function with its slope on the grid, and its places of interest.

    Attributes:
        function: it, and `prime` its derivative.
        breaks: its kinks and jumps, from left to right.
        singular: single points where it has no value.
        doubtful: stretches in which computed values are not to be trusted; the grid has few points there.
        value, slope: of x, exact where computed ones are not to be trusted.
        x, y, slopes: the grid, and both on it; nan where there is no value.
    """

    def __init__(self, function: Function) -> None:
        self.function = function
        self.prime = function.derivative()
        tree = function.expression_tree()
        found = kinks.find(tree, function.variable, -NEAR, NEAR, kinks.FEW_OPERATIONS)
        if len(found) <= FEW:  # of a function such as floor those far out are more of the same
            found = kinks.find(tree, function.variable, -FAR, FAR, kinks.FEW_OPERATIONS)
        breaks = [
            each for each, last in zip(found, (None, *found), strict=False) if not last or not same(each.x, last.x)
        ]
        thin = 1 + len(postorder(rules.expanded(tree))) // _USUAL_PARTS
        places = singular.places(function, _grid(np.array([each.x for each in breaks]), thin))
        breaks += singular.jumps(function, [x for x in places if not any(same(x, each.x) for each in breaks)])
        self.breaks = tuple(sorted(breaks, key=lambda each: each.x))
        self.singular = singular.holes(function, places)
        self.breaks = tuple(each for each in self.breaks if each.x not in self.singular or _is_torn(each))
        kept = np.array([*(each.x for each in self.breaks), *self.singular])
        self.breaks = tuple(self._inside(self.breaks))
        x = _grid(kept, thin)
        self.doubtful = doubtful(function, x, self.singular)
        self.doubtful += doubtful(self.prime, x[~inside(x, self.doubtful)], self.singular)
        if self.doubtful:
            self.doubtful = widened(self.doubtful, x, self.prime.values(x))
        self.value = Trusted(function, self.doubtful, self.singular)
        self.slope = Trusted(self.prime, self.doubtful, self.singular)
        x = thinned(x, self.doubtful, self.singular, kept)
        y, slopes = self.value(x), self.slope(x)
        # what is too small far out to be told from 0 is left out
        sure = ~np.isin(x, [far for far in self.value.unsure | self.slope.unsure if abs(far) > NEAR])
        self.x, self.y, self.slopes = x[sure], y[sure], slopes[sure]

    def _inside(self, breaks: Sequence[Kink]) -> Iterator[Kink]:
        """The breaks that are no end of a stretch with values: 1/step(x) does not jump at 0."""
        x = np.array([each.x for each in breaks])
        sides = np.array([next_to(x, direction) for direction in (-1, 1)])
        ends = unmeant(self.function, sides, self.function.values(sides)).any(axis=0)
        return (each for each, end in zip(breaks, ends.tolist(), strict=True) if not end)

    @cached_property
    def limits(self) -> tuple[float, float]:
        far = np.array([-FAR, FAR])
        gone = unmeant(self.function, far, self.function.values(far))
        left, right = np.where(gone, np.nan, self.function.limits())
        return float(left), float(right)

    @cached_property
    def defined(self) -> NDArray[np.bool_]:
        """Where on the grid the function has a value."""
        return np.asarray(~np.isnan(self.y))

    @cached_property
    def rounding(self) -> Array:
        """What may be rounding at each point of the grid."""
        return ROUNDING * (self.scale + np.abs(np.nan_to_num(self.y, posinf=0, neginf=0)))

    @cached_property
    def scale(self) -> float:
        """The size of the values near 0, at most 1."""
        near = self.y[np.isfinite(self.y) & (np.abs(self.x) <= NEAR)]
        return min(1.0, float(np.max(np.abs(near), initial=0.0)))

    @cached_property
    def turns(self) -> list[tuple[float, float, float, float]]:
        """Where the slope changes its sign: the floats on both sides, and the signs there."""
        return sign_changes(self.slope, self.x, self.slopes, at_once=1 if self.doubtful else 64)

    @cached_property
    def crossings(self) -> list[tuple[float, float, float, float]]:
        """Where the value changes its sign, as `turns`."""
        return sign_changes(self.value, self.x, self.y, at_once=1 if self.doubtful else 64)

    @cached_property
    def poles(self) -> tuple[float, ...]:
        """Where the function runs off to infinity with both signs, as tan(x) does."""
        found = [x for x, least, _, around in _jumps_over_0(self) if least >= _POLE_HEIGHT * around]
        for x in sorted(self.singular, key=abs)[:MOST]:
            left, right = (float(self.function.limit(x, direction)) for direction in (-1, 1))
            if np.isinf(left) and left == -right:
                found.append(x)
        return tuple(sorted(found))

    @cached_property
    def holes(self) -> tuple[float, ...]:
        """Single points without a value, from left to right."""
        near = [x for x in self.poles if not any(same(x, each) for each in self.singular)]
        return tuple(sorted([*near, *self.singular]))

    @cached_property
    def zeros(self) -> tuple[Interval, ...]:
        found = [self._to_breaks(each, self.function) for each in _zeros(self)]
        near = nearest(found, lambda each: each.high if np.isinf(each.low) else each.low)
        return tuple(each for each in near if _is_confirmed(each, self))

    @cached_property
    def flat(self) -> tuple[Interval, ...]:
        """Stretches on which the exact slope is 0."""
        return tuple(self._to_breaks(each, self.prime) for each in _stretches_of_0(self, self.turns, self.prime))

    def _to_breaks(self, each: Interval, zero: Function) -> Interval:
        """The interval with ends that are one float beside a kink moved there: x - 5 is rounded, floor(x) 0 below 1."""
        low, high = (
            next((kink.x for kink in self.breaks if abs(kink.x - end) <= max(_BESIDE * abs(kink.x), TINY)), end)
            for end in (each.low, each.high)
        )
        ends = zero.values(np.array([low, high])) == 0
        low_in, high_in = (ends & np.isfinite([low, high])).tolist()
        return replace(each, low=low, high=high, low_in=low_in, high_in=high_in)


def _grid(places: Array, thin: int) -> Array:
    """Every size of float, evenly from -50 to 50, and both sides of the given places; one of `thin` even ones."""
    tiny = np.geomspace(1e-300, 1e-6, 50)
    sizes = np.concatenate([tiny, np.geomspace(1e-6, 1, 150), np.geomspace(NEAR, FAR, 300)])
    beside = np.concatenate([places - 1e-9 * np.maximum(1, np.abs(places)), places + 1e-9 * np.maximum(1, abs(places))])
    return np.unique(np.concatenate([np.linspace(-NEAR, NEAR, 5001)[::thin], sizes, -sizes, [0.0], places, beside]))


def _is_torn(each: Kink) -> bool:
    """Whether the one-sided values at a hole differ: x**3/abs(x) has nothing but a hole at 0."""
    if each.left == each.right:
        return False
    return not abs(each.left - each.right) <= max(_TORN * max(abs(each.left), abs(each.right)), _NOTHING)


def same(x: float, other: float) -> bool:
    """Whether two places are one but for rounding."""
    return abs(x - other) <= 1e-9 * abs(x)  # where a sum is rounded, a tie is some floats wide


def snapped(x: float) -> float:
    """0 for what is too near to it to be told apart."""
    return 0.0 if abs(x) < TINY else x


def nearest_to_0(places: Sequence[float]) -> float:
    """Return the place nearest to 0; of two that are equally far but for rounding, the one to the right."""
    least = min(map(abs, places))
    return max(x for x in places if same(least, abs(x)))


def nearest(found: list[_Found], place: Callable[[_Found], float]) -> list[_Found]:
    """Of many the ones nearest to 0, from left to right."""
    return sorted(sorted(found, key=lambda each: abs(place(each)))[:MOST], key=place)


def is_0(function: Function, x: float) -> bool:
    """Whether the exact value is 0, or at least cannot be told from it."""
    return function.exact(x, 5, _BITS).may_be_zero


def _stretches_of_0(
    land: Landscape,
    found: list[tuple[float, float, float, float]],
    function: Function,
) -> list[Interval]:
    """The intervals, not single points, where the values of a function, or of its derivative, are exactly 0."""
    x = land.x
    ends = {end for low, high, left, right in found if left == 0 or right == 0 for end in (low, high)}
    for hole in land.singular:
        ends |= {float(np.nextafter(hole, side * np.inf)) if hole else side * TINY / 10 for side in (-1, 1)}
    borders = sorted(ends | {float(x[0]), float(x[-1])})
    stretches: list[Interval] = []
    for low, high in pairwise(borders):
        between = x[(x > low) & (x < high)]
        middle = float(between[between.size // 2]) if between.size else low
        value = land.slope if function is land.prime else land.value
        if value(np.array([low, middle, high])).any():
            continue
        exact = function.exact(middle, 5, _BITS)
        if exact.certain and not exact.is_zero:
            continue
        told: Callable[[float], bool] = partial(is_0, function)
        if not exact.certain:
            if function is not land.prime or function.named or not is_constant(land.function, low, middle, high):
                continue
            told = _anywhere
        start = -np.inf if low == x[0] else _last(told, middle, low)
        end = np.inf if high == x[-1] else _last(told, middle, high)
        if start < end:
            stretches.append(Interval(start, end, bool(np.isfinite(start)), bool(np.isfinite(end))))
    return stretches


def _anywhere(_: float) -> bool:
    return True


def is_constant(function: Function, *places: float) -> bool:
    """Whether a function whose slope cannot be told from 0 is constant: that of x/abs(x) is 1/x - x/x**2."""
    values = [function.exact(x, _DIGITS, _BITS) for x in places]
    return all(each.certain and each.text == values[0].text for each in values)


def _last(holds: Callable[[float], bool], inside: float, border: float) -> float:
    """The last float from inside to the border where something holds that holds inside: computed zeros go further."""
    if holds(border):
        return border
    from actfn.exact.effort import EFFORT

    good, bad = FLOAT64.ordinal(np.array([inside, border])).tolist()
    before = EFFORT.spent
    while abs(bad - good) > 1 and EFFORT.spent - before < _MOST_SPENT:
        middle = (good + bad) // 2
        if holds(float(FLOAT64.from_ordinal(middle))):
            good = middle
        else:
            bad = middle
    return snapped(float(FLOAT64.from_ordinal(good)))


def _is_confirmed(zero: Interval, land: Landscape) -> bool:
    """Whether the exact values at a single zero, or beside it, are 0 or change sign: computed ones may be noise."""
    x = zero.low
    if zero.low < zero.high or land.function.named:
        return True
    if any(same(x, hole) for hole in land.singular):
        return False
    sides = land.value(x + max(_BIT * abs(x), TINY) * np.array([-1.0, 1.0]))
    if np.prod(np.sign(sides)) < 0 and np.all(np.abs(sides) > 100 * ROUNDING * land.scale):
        return True
    beside = max(_BESIDE_ZERO * abs(x), TINY)
    left, there, right = (land.function.exact(place, 5, _BITS) for place in (x - beside, x, x + beside))
    return there.may_be_zero or (left.sign or 0) * (right.sign or 0) <= 0


def _jumps_over_0(land: Landscape) -> Iterator[tuple[float, float, float, float]]:
    """Where the sign changes from float to float: the place, the smaller and the larger size beside it, and around."""
    for low, high, left, right in land.crossings:
        if left * right < 0:
            further = [low - 1e-3 * max(1, abs(low)), high + 1e-3 * max(1, abs(high))]
            at_low, at_high, *around = np.abs(land.value(np.array([low, high, *further]))).tolist()
            x = low if at_low < at_high else high
            yield x, min(at_low, at_high), max(at_low, at_high), float(np.fmin(*around))


def _zeros(land: Landscape) -> list[Interval]:
    found = land.crossings
    zeros = _stretches_of_0(land, found, land.function)
    for x, _, most, around in _jumps_over_0(land):
        if most <= _ZERO_HEIGHT * around:
            zeros.append(Interval(x, x, low_in=True, high_in=True))
    for into, out in pairwise(found):
        if into[3] != 0 or out[2] != 0:
            continue
        x = 0.0 if into[1] <= 0 <= out[0] else min(into[1], out[0], key=lambda end: len(repr(end)))
        # beside a zero values may be rounded to 0, but what is next to 0 underflows
        narrow = abs(x) >= TINY and same(into[1], out[0])
        alone = x == 0 or into[1] == out[0] or narrow
        known = any(each.low <= x <= each.high for each in zeros)
        if alone and not known and (into[2] * out[3] < 0 or is_0(land.function, x)):
            zeros.append(Interval(x, x, low_in=True, high_in=True))
    return zeros
