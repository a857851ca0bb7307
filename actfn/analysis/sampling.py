"""Where to look at functions so that a picture is true: which part of the line, which values, at which points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.labels import tails
from actfn.functions import kinks
from actfn.functions.function import SIGHT
from actfn.numerics.bisection import distinct
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from actfn.functions.function import Function
    from actfn.numerics.kernels import Array

Limits = tuple[float, float]

LARGEST = 8e307  # what can be in sight: differences of larger numbers are no floats
USUAL = 5.0  # what a person looks at first, to both sides of 0

_LADDER = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, USUAL, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_FEW = 12  # kinks; of more, as floor has, none is worth a detour
_LOOKS = 241  # points of a first look
_BENT = 0.02  # of the largest bend: where a function is bent at all
_LEAP = 0.2  # of all ups and downs
_NEAR = 0.12  # of the height: how near an asymptote is to be
_STEEP = 1 / 60  # of the height in sight: neighbouring points should not be further apart
_NARROW = 1e-9  # of the width in sight: points nearer to each other are one in any picture
_MOST = 12  # times as many points as evenly spaced ones; a function that is steep everywhere gets no more
_POLE = 1e3  # heights between two such points: a pole lies between them
_OUTLIER = 4.0  # heights of what is usual: what reaches further is cut, at
_CUT = 1.5
_ODD = 8.0  # times as high as the second highest curve: such a curve is cut


@dataclass(frozen=True, eq=False)
class Look:
    """What a picture of functions shows.

    Attributes:
        x_limits, y_limits: the frame; `y_limits` is None where no function has a value.
        points: x and y of the curve of each function, as `sample` gives them.
    """

    x_limits: Limits
    y_limits: Limits | None
    points: tuple[tuple[Array, Array], ...]


@np.errstate(all="ignore")  # infinities and nan are answers
def look(
    functions: Sequence[Function],
    n: int,
    *,
    form: Format = FLOAT64,
    x_limits: Limits | None = None,
    y_limits: Limits | None = None,
    log: bool = False,
) -> Look:
    """Look at functions together.

    Args:
        functions: functions or derivatives.
        n: how many evenly spaced points each curve has at least: four a column of the picture.
        form: the float format to compute in.
        x_limits: the part of the x axis, where it is not to be chosen.
        y_limits: the values, where they are not to be chosen.
        log: whether the x axis is logarithmic; `x_limits` are then positive.
    """
    low, high = x_limits or range_of(functions)
    x_limits = max(low, -LARGEST), min(high, LARGEST)
    if y_limits is None:
        found = together([limits(function, x_limits, form) for function in functions])
        y_limits = opened(found) if found else None
    points = tuple(sample(function, x_limits, n, form, y_limits=y_limits, log=log) for function in functions)
    return Look(x_limits, y_limits, points)


@np.errstate(all="ignore")  # infinities and nan are answers
def range_of(functions: Sequence[Function]) -> Limits:
    """The part of the x axis a person would look at: wide enough for kinks and asymptotes, else -5 to 5.

    A function that is a straight line there, or has no value, is looked at from further off, one that seems to jump but
    does not from nearer.
    """
    reaches = [_reach(function) for function in functions] or [USUAL]
    low, high = -max(reaches), max(reaches)
    corners = [corner for function in functions for corner in _corners(function)]
    if corners and (min(corners) < low or max(corners) > high):
        first, last = min([low, *corners]), max([high, *corners])
        room = 0.25 * (last - first)
        low, high = low if first == low else first - room, high if last == high else last + room
    return _rounded(low), _rounded(high)


def _rounded(value: float) -> float:
    """Two significant digits."""
    return float(f"{value:.2g}")


def _corners(function: Function) -> list[float]:
    found = kinks.places(function.tree, function.variable, -SIGHT, SIGHT, _FEW + 1)
    if found.size > _FEW or np.all(np.abs(found) <= USUAL):
        return []
    return [kink.x for kink in function.kinks()]


def _reach(function: Function) -> float:
    """The step of the ladder from which the function's bends and asymptotes are seen, the nearest to the usual one."""
    usual = _LADDER.index(USUAL)
    seen = _bent_share(function, USUAL)
    if 0 < seen < 0.05 and _leaps(function):
        return next((reach for reach in reversed(_LADDER[:usual]) if _bent_share(function, reach) > 0.15), USUAL)
    levels = {side: tail.constant for side, tail in tails(function, FLOAT64).items() if tail.constant}
    if seen and _near_levels(function, USUAL, levels):
        return USUAL
    further = (reach for reach in _LADDER[usual + 1 :] if _bent_share(function, reach) > 0.05)
    return next((reach for reach in further if _near_levels(function, reach, levels)), USUAL)


def _leaps(function: Function) -> bool:
    """Whether most of the function's height lies between two points of a first look."""
    values = function.values(np.linspace(-USUAL, USUAL, _LOOKS))
    steps = np.abs(np.diff(values[np.isfinite(values)]))
    return bool(steps.size and np.max(steps) > _LEAP * np.sum(steps))


def _near_levels(function: Function, reach: float, levels: Mapping[int, float]) -> bool:
    """Whether the function is near its asymptotes at -reach and reach."""
    values = function.values(np.linspace(-reach, reach, _LOOKS))
    finite = values[np.isfinite(values)]
    near = _NEAR * float(np.ptp(finite)) if finite.size else 0.0
    return all(abs(values[0 if side < 0 else -1] - level) <= near for side, level in levels.items())


def _bent_share(function: Function, reach: float) -> float:
    """The share of the points between -reach and reach at which the function is bent; 0 where it has no bend."""
    values = function.values(np.linspace(-reach, reach, _LOOKS))
    with np.errstate(all="ignore"):
        bends = np.abs(np.diff(values, 2))
        bends = bends[np.isfinite(bends)]
        finite = values[np.isfinite(values)]
        size = float(np.ptp(finite)) if finite.size else 0.0
    if not bends.size or not np.isfinite(size) or bends.max() <= 1e-5 * size:
        return 0.0
    return float(np.mean(bends > _BENT * bends.max()))


def limits(function: Function, x_limits: Limits, form: Format = FLOAT64) -> Limits | None:
    """The values that a person would want in sight over a part of the line; None where the function has none there.

    All of them, if they are of one size; without the outermost, where the function runs off to a pole or overflows.
    An asymptote or 0 that is near comes into sight.
    """
    low, high = x_limits
    y = function.values(form.round(np.linspace(low, high, _LOOKS)), form)
    y = np.clip(y[np.isfinite(y)], -LARGEST, LARGEST)
    if not y.size:
        return None
    bottom, lower, upper, top = _ranked(y, 0.0, 0.1, 0.9, 1.0)
    usual = upper - lower
    if usual and top - upper > _OUTLIER * usual:
        top = upper + _CUT * usual
    if usual and lower - bottom > _OUTLIER * usual:
        bottom = lower - _CUT * usual
    near = _NEAR * (top - bottom)
    levels = [tail.constant for tail in tails(function, form).values() if tail.constant] + [0.0]
    for level in levels:
        if bottom - near <= level < bottom:
            bottom = level
        elif top < level <= top + near:
            top = level
    return bottom, top


def _ranked(values: Array, *shares: float) -> list[float]:
    """The values below which such shares of them are."""
    ordered = np.sort(values)
    return [float(ordered[round(share * (values.size - 1))]) for share in shares]


def together(each: Sequence[Limits | None]) -> Limits | None:
    """The values in sight for several curves: of all, unless one is so much higher that the others would be flat."""
    there = sorted((limits for limits in each if limits), key=lambda pair: pair[1] - pair[0])
    if not there:
        return None
    *others, (bottom, top) = there
    if others and top - bottom > _ODD * (others[-1][1] - others[-1][0]) > 0:
        low, high = together(others) or others[0]
        room = (high - low) / 2
        return min(low, max(bottom, low - room)), max(high, min(top, high + room))
    return min(low for low, _ in there), max(high for _, high in there)


def opened(limits: Limits, share: float = 0.04) -> Limits:
    """Limits with a little room at both ends; around a single value, as much as it takes to see it."""
    low, high = limits
    room = share * (high - low) or abs(low) / 2 or 1.0
    return max(low - room, -LARGEST), min(high + room, LARGEST)


def sample(
    function: Function,
    x_limits: Limits,
    n: int,
    form: Format = FLOAT64,
    *,
    y_limits: Limits | None = None,
    log: bool = False,
) -> tuple[Array, Array]:
    """Points of a function's curve, ascending in x: evenly spaced ones, and more where it is steep or has a kink.

    Args:
        function: the function, or a derivative.
        x_limits: where it is looked at; finite, ascending.
        n: how many evenly spaced points there are at least.
        form: the float format to compute in; x are then numbers of the format.
        y_limits: the values that will be in sight; what is far outside is not looked at closer.
        log: whether the points are evenly spaced on a logarithmic axis; both limits are then positive.

    Returns:
        x and y, float64, one dimension. y is nan where the function has no value, and between the branches of a pole.
    """
    low, high = (min(max(end, -LARGEST), LARGEST) for end in x_limits)
    x = np.geomspace(low, high, n) if log else np.linspace(low, high, n)
    corners = kinks.places(function.tree, function.variable, low, high, n)
    x = np.concatenate([x, *(FLOAT64.neighbour(corners, step) for step in (-1, 0, 1))])
    x = form.round(np.clip(x, low, high))
    x = distinct(x[np.isfinite(x)])
    y = function.values(x, form)
    usual = y_limits or _usual(y)
    if usual is None:
        return x, y
    height = usual[1] - usual[0]
    sight = usual if y_limits else opened(usual, _OUTLIER)
    return _refined(function, form, x, y, sight, height, x.size + _MOST * n)


def _usual(y: Array) -> Limits | None:
    """Where most values are; None if there are fewer than two different ones."""
    finite = np.clip(y[np.isfinite(y)], -LARGEST, LARGEST)
    if not finite.size or finite.min() == finite.max():
        return None
    lower, upper = _ranked(finite, 0.05, 0.95)
    return (lower, upper) if lower < upper else (float(finite.min()), float(finite.max()))


def _refined(
    function: Function, form: Format, x: Array, y: Array, sight: Limits, height: float, most: int
) -> tuple[Array, Array]:
    """Points with more between them where neighbours are far apart; nan between the two sides of a pole."""
    least = _NARROW * (x[-1] - x[0]) if x.size else 0.0
    points, values = [x], [y]
    left, right, at_left, at_right = x[:-1], x[1:], y[:-1], y[1:]
    while left.size and sum(part.size for part in points) < most:
        with np.errstate(all="ignore"):
            steep = ~(np.abs(at_right - at_left) <= _STEEP * height) & ~(np.isnan(at_left) & np.isnan(at_right))
            sides = [np.where(each > sight[1], 1, np.where(each < sight[0], -1, 0)) for each in (at_left, at_right)]
        steep &= (sides[0] != sides[1]) | (sides[0] == 0)
        middle = form.round(left / 2 + right / 2)
        steep &= (middle > left) & (middle < right) & (right - left > least)
        left, right, at_left, at_right, middle = (each[steep] for each in (left, right, at_left, at_right, middle))
        between = function.values(middle, form)
        points.append(middle)
        values.append(between)
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
        at_left, at_right = np.concatenate([at_left, between]), np.concatenate([between, at_right])
    x, y = np.concatenate(points), np.concatenate(values)
    order = np.argsort(x)
    x, y = x[order], y[order]
    with np.errstate(all="ignore"):
        poles = np.flatnonzero((np.abs(np.diff(y)) > _POLE * height) & (np.diff(x) <= 4 * least)) + 1
    return np.insert(x, poles, x[poles]), np.insert(y, poles, np.nan)
