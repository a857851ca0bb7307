"""Local extrema: where the slope changes its sign, and at jumps, where the value is compared with both sides.

What a slope of floats tells is believed only where the values around agree by more than rounding, or exact ones do.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.landscape import ENDLESS, Landscape, nearest, same, snapped
from actfn.analysis.trusted import ROUNDING
from actfn.functions.kinks import Break

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actfn.functions.kinks import Kink

_SLIGHT = 1e-30  # a lower hill is what underflow left of something
_FLAT_TOP = 1e-12  # nearer to 0, with a slope of 0 there, an extremum is at 0
_BESIDE = (1e-3, 1e-5, 1e-7)  # of the distance from 0: how far the values lie that an extremum is compared with
_CLOSE = 1e-12
_CLEARLY = 100  # times rounding
_DIGITS, _BITS = 40, 4000


@dataclass(frozen=True)
class Extremum:
    """A local minimum or maximum inside the domain, at x; of a flat one x is its left end."""

    x: float
    value: float
    is_maximum: bool


def extrema(land: Landscape) -> tuple[Extremum, ...]:
    """The extrema nearest to 0, from left to right."""
    jumps = [each for each in land.breaks if each.kind is Break.JUMP]
    turning = nearest(list(_prominent(list(_turning(land, jumps)), land)), lambda each: each.x)
    found = [each for each in turning if _is_confirmed(each, land)] + list(_at_jumps(land, jumps))
    return tuple(nearest(found, lambda each: each.x))


def _turning(land: Landscape, jumps: list[Kink]) -> Iterator[Extremum]:
    """Where the slope changes its sign, but for jumps."""
    kinks = [each for each in land.breaks if each.kind is Break.KINK]
    corners, torn = (np.array([each.x for each in found]) for found in (kinks, jumps))
    before, start = 0.0, float("nan")
    for low, high, left, right in land.turns:
        if left != 0:
            before, start = left, low if right == 0 else high
        if left * right < 0:
            start = min(low, high, key=lambda x: abs(float(land.slope(np.array([x]))[0])))
        if right != 0 and before * right < 0:
            start = 0.0 if abs(start) < _FLAT_TOP and land.slope(np.zeros(1))[0] == 0 else snapped(start)
            shorter = float(f"{start:.12g}")
            start = shorter if shorter != start and land.slope(np.array([shorter]))[0] == 0 else start
            value = float(land.value(np.array([start]))[0]) + 0.0
            kink = int(np.argmin(np.abs(corners - start))) if corners.size else -1
            if kink >= 0 and same(start, corners[kink]):
                start, value = kinks[kink].x, kinks[kink].value + 0.0
            jumped = np.any((min(snapped(low), start) <= torn) & (torn <= high))
            if np.isfinite(value) and abs(value) < ENDLESS and not jumped:
                yield Extremum(start, value, is_maximum=before > 0)
            before = 0.0


def _at_jumps(land: Landscape, jumps: list[Kink]) -> Iterator[Extremum]:
    """The jumps at which the value is above, or below, all the values beside it."""
    x = np.array([each.x for each in jumps])
    both = np.array([(each.left, each.right) for each in jumps]).reshape(-1, 2)
    endless = np.flatnonzero(~np.isfinite(both).all(axis=1))
    # of a branch such as 1/x the infinity at 0 itself tells no sign
    distances = np.array([_beside(each, _CLOSE) for each in x[endless].tolist()])
    near = land.value(x[endless, None] + distances[:, None] * np.array([-1.0, 1.0]))
    both[endless] = np.where(np.isfinite(both[endless]), both[endless], near)
    for jump, value, sides in zip(jumps, land.value(x).tolist(), both.tolist(), strict=True):
        for direction in (-1, 1):
            left = _is_lower(direction, sides[0], value, jump.slope_left)
            right = _is_lower(direction, sides[1], value, -jump.slope_right)
            if left and right and np.isfinite(value):
                yield Extremum(jump.x, value + 0.0, is_maximum=direction > 0)


def _is_lower(direction: int, side: float, value: float, rise: float) -> bool:
    """Whether the values of one side, which rise like this towards a jump, are lower than the one at it."""
    if np.isinf(side) or abs(side - value) > ROUNDING * max(abs(side), abs(value)):
        return direction * side < direction * value
    return direction * rise > 0


def _prominent(found: list[Extremum], land: Landscape) -> Iterator[Extremum]:
    """The extrema that differ from both neighbours by more than rounding: from those between the same two holes."""
    edges = [-np.inf, *land.holes, np.inf]
    for low, high in pairwise(edges):
        inside = land.y[np.isfinite(land.y) & (low < land.x) & (land.x < high)]
        own = [each for each in found if low < each.x < high]
        if not own or not inside.size:
            continue
        values = [float(inside[0]), *(each.value for each in own), float(inside[-1])]
        for each, before, after in zip(own, values, values[2:], strict=False):
            differences = [
                abs(each.value - other) - ROUNDING * max(abs(each.value), abs(other)) for other in (before, after)
            ]
            if min(differences) > _SLIGHT:
                yield each


def _is_confirmed(each: Extremum, land: Landscape) -> bool:
    """Whether the values a bit to both sides are lower, or higher: a slope may be rounding."""
    if land.function.named or any(same(each.x, kink.x) for kink in land.breaks):
        return True
    sign = 1 if each.is_maximum else -1
    sides = np.array([each.x - _beside(each.x, _BESIDE[0]), each.x + _beside(each.x, _BESIDE[0])])
    clearly = _CLEARLY * ROUNDING * (land.scale + abs(each.value))
    if np.all(sign * (each.value - land.value(sides)) > clearly):
        return True
    return any(_is_exact(each.x, _beside(each.x, share), sign, land) for share in _BESIDE)


def _beside(x: float, share: float) -> float:
    return share * (abs(x) or 1.0)


def _is_exact(x: float, distance: float, sign: int, land: Landscape) -> bool:
    left, middle, right = (land.function.exact(place, _DIGITS, _BITS) for place in (x - distance, x, x + distance))
    heights = [sign * (middle.compared(side) or 0) for side in (left, right)]
    return all(height >= 0 for height in heights) and any(height > 0 for height in heights)
