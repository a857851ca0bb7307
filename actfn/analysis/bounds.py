"""The range of a function: the highest and lowest of its values, extrema and limits, and whether they are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.domain import borders, tended
from actfn.analysis.labels import BITS, rest
from actfn.analysis.landscape import ENDLESS, FAR, Interval, Landscape
from actfn.analysis.trusted import LEAST, ROUNDING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from actfn.analysis.extrema import Extremum
    from actfn.functions.function import Function
    from actfn.numerics.kernels import Array

_FURTHER, _STRETCH = (FAR**1.5, FAR**2), np.linspace(0, 50, 2001)  # equal steps of the logarithm
_GROWN = 1e-3  # of what is largest: less is rounding, or settles
DIGITS = 40  # 1 - 1e-25 is not 1


def value_range(land: Landscape, domain: Sequence[Interval], peaks: Sequence[Extremum]) -> Interval:
    """All values lie in it, and its ends are values or tended to."""
    y = land.y if len(domain) == 0 else np.where(_within(land.x, domain), land.y, np.nan)
    limits = [*land.limits, *tended(land.function, borders(land, domain, closed=False))]
    limits += [side for each in land.breaks for side in (each.left, each.right)]
    known = [limit for limit in limits if not np.isnan(limit)]
    low, low_in = _bound(land, y, known, peaks, -1)
    high, high_in = _bound(land, y, known, peaks, 1)
    return Interval(low, high, low_in, high_in)


def _within(x: Array, domain: Sequence[Interval]) -> NDArray[np.bool_]:
    found = np.zeros(x.shape, bool)
    for each in domain:
        found |= (each.low <= x) & (x <= each.high)
    return found


def _bound(
    land: Landscape, values: Array, limits: Sequence[float], peaks: Sequence[Extremum], direction: int
) -> tuple[float, bool]:
    """The supremum of direction*f times direction, and whether it is a value."""
    if np.isnan(values).all():
        return np.nan, False
    y = np.where(np.isnan(values), -np.inf, direction * values)
    place = _nearest_best(land.x, y)
    best, x = float(y[place]), float(land.x[place])
    tended = [direction * limit for limit in limits]
    turning = max((direction * each.value for each in peaks), default=-np.inf)
    highest = turning >= best - ROUNDING * abs(best) or abs(turning - best) < np.finfo(float).eps
    if highest and max(tended, default=-np.inf) <= turning + ROUNDING * abs(best):
        return direction * max(best, turning) + 0.0, True
    endless = best > ENDLESS or max(tended, default=-np.inf) == np.inf or land.poles or grows(land.x, y, x)
    if endless or goes_on(lambda far: direction * land.function.values(far), best, x):
        return direction * np.inf, False
    beyond = [value for value in tended if value > best + ROUNDING * abs(best)]
    if beyond:
        return direction * max(beyond), False
    if abs(best) < np.finfo(float).tiny or any(value >= best - ROUNDING * abs(best) for value in tended):
        limit = max((value for value in tended if value >= best - ROUNDING * abs(best)), default=best)
        farthest = float(max(land.x[y == best].tolist(), key=abs))
        at_0 = abs(best) <= LEAST and _is_0(land, values)
        reached = at_0 or (abs(best) > LEAST and _stays(land.function, x, farthest, direction * best))
        return direction * ((0.0 if at_0 else best) if reached else limit) + 0.0, reached
    return direction * best, True


def _is_0(land: Landscape, values: Array) -> bool:
    """Whether a computed 0 is one: that at 0, or on one side of it both the nearest and the farthest."""
    places = sorted(land.x[np.abs(values) <= LEAST].tolist(), key=abs)
    # exp(-1/x**2) is too small to be told from 0 beside 0, but not further away
    sides = [[x for x in places if x * side > 0] for side in (-1, 1)]
    trials = [(0.0,)] if places[0] == 0 else [(side[0], side[-1]) for side in sides if side]
    return any(all(land.function.exact(x, 3).may_be_zero for x in trial) for trial in trials)


def _stays(function: Function, x: float, farthest: float, value: float) -> bool:
    """Whether the function is `value` at x as computed, or constant from there on, and does not only tend to it."""
    there = rest(function, x, value, BITS)
    if there.is_zero:
        return True
    near, far = (function.exact(place, DIGITS).text for place in (1.5 * x, 2 * x))
    if near != far:
        return False
    if function.derivative().exact(farthest, 3, BITS).sign:  # atan(1/x) beside 0 changes by less than the digits tell
        return False
    gap = rest(function, 2 * x, value)
    return gap.is_zero or not gap.is_below(10.0 ** (4 - DIGITS))  # a constant such as tanh(-1) is no float


def grows(x: Array, y: Array, best_at: float) -> bool:
    """Whether the largest value is far out and much larger than those nearer: an oscillation that grows."""
    return bool(abs(best_at) > FAR / 10 and np.max(y) > 10 * np.max(y[np.abs(x) < FAR / 100]) > 0)


def goes_on(value: Callable[[Array], Array], best: float, best_at: float) -> bool:
    """Whether what is largest far out grows further out as it did before, as log(1 + abs(x))*sin(x) does."""
    if abs(best_at) < FAR / 10:
        return False
    before, further = (
        max(
            float(np.max(np.nan_to_num(value(side * (far + _STRETCH)), nan=-np.inf, posinf=np.inf, neginf=-np.inf)))
            for side in (-1, 1)
        )
        for far in _FURTHER
    )
    grown = before - best
    return bool(np.isfinite([before, further]).all() and grown > _GROWN * abs(best) and further - before > grown / 2)


def _nearest_best(x: Array, y: Array) -> int:
    """The place of the largest y; of several the one nearest to 0."""
    places = np.flatnonzero(y == np.max(y))
    return int(places[np.argmin(np.abs(x[places]))])
