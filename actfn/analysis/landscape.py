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

from actfn.expression import kinks
from actfn.numerics.bisection import changes
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from actfn.expression.function import Function
    from actfn.numerics.bisection import Ordinals
    from actfn.numerics.kernels import Array

_Found = TypeVar("_Found")

MOST = 50  # zeros and extrema that are followed; a sine has more
FAR = 1e6
NEAR = 50.0  # up to here the grid is even
ENDLESS = 1e50  # a value or slope at a finite point that is larger grows without bound
ROUNDING = 1e-13  # of the size of the values: what a composed formula may lose

_ZERO_HEIGHT = 1e-6  # where the sign changes, against the values around: at a zero the value is smaller,
_POLE_HEIGHT = 1e3  # at a pole larger
_BITS = 4000  # of exact values asked for here
_SLIGHT = 1e-30  # a lower hill is what underflow left of something
_FEW = 20  # sign changes far out; more are an oscillation, too quick for the grid
_BESIDE = 1e-15
_FLAT_TOP = 1e-12  # nearer to 0, with a slope of 0 there, an extremum is at 0
_TINY = 1e-150  # nearer to 0 than this is 0: squares underflow there


@dataclass(frozen=True)
class Interval:
    """Numbers from low to high, each end included or not."""

    low: float
    high: float
    low_in: bool
    high_in: bool


@dataclass(frozen=True)
class Extremum:
    """A local minimum or maximum inside the domain, at x; of a flat one x is its left end."""

    x: float
    value: float
    is_maximum: bool


class Landscape:
    """A function with its slope on the grid, and its places of interest.

    Attributes:
        function: it, and `prime` its derivative.
        breaks: its kinks and jumps, from left to right.
        x, y, slopes: the grid, and both on it; nan where there is no value.
    """

    def __init__(self, function: Function) -> None:
        self.function = function
        self.prime = function.derivative()
        tree = function.exact_tree()
        found = kinks.find(tree, function.variable, -NEAR, NEAR)
        if len(found) <= _FEW:  # of a function such as floor those far out are more of the same
            found = kinks.find(tree, function.variable, -FAR, FAR)
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
    def defined(self) -> NDArray[np.bool_]:
        """Where on the grid the function has a value."""
        return np.asarray(~np.isnan(self.y))

    @cached_property
    def rounding(self) -> Array:
        """What may be rounding at each point of the grid."""
        sizes = np.abs(np.nan_to_num(self.y, posinf=0, neginf=0))
        return ROUNDING * (min(1.0, float(np.max(sizes[np.abs(self.x) <= NEAR]))) + sizes)

    @cached_property
    def turns(self) -> list[tuple[float, float, float, float]]:
        """Where the slope changes its sign: the floats on both sides, and the signs there."""
        return sign_changes(self.slope, self.x)

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
                start = 0.0 if abs(start) < _FLAT_TOP and self.slope(np.zeros(1))[0] == 0 else snapped(start)
                value = float(self.value(np.array([start]))[0]) + 0.0
                if np.isfinite(value) and abs(value) < ENDLESS:
                    found.append(Extremum(start, value, is_maximum=before > 0))
                before = 0.0
        return tuple(_nearest(_prominent(found, self), lambda each: each.x))

    @cached_property
    def crossings(self) -> list[tuple[float, float, float, float]]:
        """Where the value changes its sign, as `turns`."""
        return sign_changes(self.value, self.x)

    @cached_property
    def poles(self) -> tuple[float, ...]:
        """Where the function runs off to infinity with both signs, as tan(x) does."""
        return tuple(x for x, least, _, around in _jumps_over_0(self) if least >= _POLE_HEIGHT * around)

    @cached_property
    def zeros(self) -> tuple[Interval, ...]:
        found = [self._to_breaks(each, self.function) for each in _zeros(self)]
        return tuple(_nearest(found, lambda each: each.high if np.isinf(each.low) else each.low))

    @cached_property
    def flat(self) -> tuple[Interval, ...]:
        """Stretches on which the exact slope is 0."""
        return tuple(self._to_breaks(each, self.prime) for each in _stretches_of_0(self.x, self.turns, self.prime))

    def _to_breaks(self, each: Interval, zero: Function) -> Interval:
        """The interval with ends that are one float beside a kink moved there: x - 5 is rounded, floor(x) 0 below 1."""
        low, high = (
            next((kink.x for kink in self.breaks if abs(kink.x - end) <= max(_BESIDE * abs(kink.x), _TINY)), end)
            for end in (each.low, each.high)
        )
        ends = zero.values(np.array([low, high])) == 0
        low_in, high_in = (ends & np.isfinite([low, high])).tolist()
        return replace(each, low=low, high=high, low_in=low_in, high_in=high_in)


def _grid(places: Array) -> Array:
    """Every size of float, evenly from -50 to 50, and both sides of the given places."""
    tiny = np.geomspace(1e-300, 1e-6, 50)
    sizes = np.concatenate([tiny, np.geomspace(1e-6, 1, 150), np.geomspace(NEAR, FAR, 300)])
    beside = np.concatenate([places - 1e-9 * np.maximum(1, np.abs(places)), places + 1e-9 * np.maximum(1, abs(places))])
    return np.unique(np.concatenate([np.linspace(-NEAR, NEAR, 5001), sizes, -sizes, [0.0], places, beside]))


def sign_changes(value: Callable[[Array], Array], x: Array) -> list[tuple[float, float, float, float]]:
    """Where values change their sign between points x, ascending: the floats on both sides, and the signs there."""

    def sign(places: Ordinals) -> Array:
        signs = np.sign(value(FLOAT64.from_ordinal(places)))
        return np.where(np.isnan(signs), 9.0, signs)

    near = np.abs(x) <= NEAR
    found = changes(sign, FLOAT64.ordinal(x[near]), 4 * MOST)
    for far in (x[x <= -NEAR], x[x >= NEAR]):
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
    return abs(x - other) <= 1e-9 * abs(x)  # where a sum is rounded, a tie is some floats wide


def snapped(x: float) -> float:
    """0 for what is too near to it to be told apart."""
    return 0.0 if abs(x) < _TINY else x


def _nearest(found: list[_Found], place: Callable[[_Found], float]) -> list[_Found]:
    """Of many the ones nearest to 0, from left to right."""
    return sorted(sorted(found, key=lambda each: abs(place(each)))[:MOST], key=place)


def _prominent(found: list[Extremum], land: Landscape) -> list[Extremum]:
    """The extrema that differ from both neighbours by more than rounding."""
    finite = land.y[np.isfinite(land.y)]
    if not finite.size:
        return []
    kept: list[Extremum] = []
    values = [float(finite[0]), *(each.value for each in found), float(finite[-1])]
    for each, before, after in zip(found, values, values[2:], strict=False):
        differences = [
            abs(each.value - other) - ROUNDING * max(abs(each.value), abs(other)) for other in (before, after)
        ]
        if min(differences) > _SLIGHT:
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
    for low, high in pairwise(borders):
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
    return snapped(float(FLOAT64.from_ordinal(good)))


def _jumps_over_0(land: Landscape) -> Iterator[tuple[float, float, float, float]]:
    """Where the sign changes from float to float: the place, the smaller and the larger size beside it, and around."""
    for low, high, left, right in land.crossings:
        if left * right < 0:
            further = [low - 1e-3 * max(1, abs(low)), high + 1e-3 * max(1, abs(high))]
            at_low, at_high, *around = np.abs(land.value(np.array([low, high, *further]))).tolist()
            x = low if at_low < at_high else high
            yield x, min(at_low, at_high), max(at_low, at_high), float(np.nanmin(around))


def _zeros(land: Landscape) -> list[Interval]:
    found = land.crossings
    zeros = _stretches_of_0(land.x, found, land.function)
    for x, _, most, around in _jumps_over_0(land):
        if most <= _ZERO_HEIGHT * around:
            zeros.append(Interval(x, x, low_in=True, high_in=True))
    for into, out in pairwise(found):
        if into[3] != 0 or out[2] != 0:
            continue
        x = 0.0 if into[1] <= 0 <= out[0] else min(into[1], out[0], key=lambda end: len(repr(end)))
        # beside a zero values may be rounded to 0, but what is next to 0 underflows
        narrow = abs(x) >= _TINY and _same(into[1], out[0])
        alone = x == 0 or into[1] == out[0] or narrow
        known = any(each.low <= x <= each.high for each in zeros)
        if alone and not known and (into[2] * out[3] < 0 or _is_0(land.function, x)):
            zeros.append(Interval(x, x, low_in=True, high_in=True))
    return zeros
