"""Where a function has values, and what it tends to at the borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.landscape import Interval, Landscape
from actfn.numerics.bisection import changes, runs
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.functions.function import Function
    from actfn.numerics.bisection import Ordinals
    from actfn.numerics.kernels import Array

_MOST = 8  # borders that are looked at, nearest to 0


def domain(land: Landscape) -> tuple[Interval, ...]:
    """The intervals in which the function has values, single points without one aside."""
    found: list[Interval] = []
    for start, end in runs(land.defined):
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
    here, beyond = land.x[[place, place + step]].tolist()
    if beyond in land.holes:
        further = place + 2 * step
        alone = 0 <= further < land.x.size and land.defined[further]
        # 1/floor(x) has a value at 1, and none at the float before
        own = not alone and np.nextafter(beyond, here) == here and bool(np.isfinite(land.y[place]))
        return (here, True) if own else (beyond, False)

    def has_none(ordinals: Ordinals) -> Array:
        return np.isnan(land.value(FLOAT64.from_ordinal(ordinals))).astype(np.float64)

    pair = sorted([place, place + step])
    # a value that is too dear to be asked for again is as computed, and may be one: what is known of both ends counts
    known = np.isnan(land.y[pair]).astype(np.float64)
    low, high, undefined, _ = changes(has_none, FLOAT64.ordinal(land.x[pair]), 1, known)[0]
    border = float(FLOAT64.from_ordinal(high if undefined else low))
    return border, bool(np.isfinite(land.value(np.array([border]))[0]))


def borders(land: Landscape, found: Sequence[Interval], *, closed: bool) -> list[tuple[float, int]]:
    """The finite borders of a domain, holes on both sides, with the direction to the inside: -1 or 1.

    With `closed` also those at which the function has a value.
    """
    ends = [(each.low, 1) for each in found if closed or not each.low_in]
    ends += [(each.high, -1) for each in found if closed or not each.high_in]
    ends += [(x, side) for x in land.singular for side in (-1, 1) if any(each.low < x < each.high for each in found)]
    return sorted((end for end in ends if np.isfinite(end[0])), key=lambda end: abs(end[0]))[:_MOST]


def tended(function: Function, ends: Sequence[tuple[float, int]]) -> list[float]:
    """What a function tends to at such borders, as far as it is found."""
    found = [float(function.limit(x, direction)) for x, direction in ends]
    return [value for value in found if not np.isnan(value)]
