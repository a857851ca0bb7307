"""The steepest slope of a function: its Lipschitz constant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.bounds import DIGITS, goes_on, grows
from actfn.analysis.domain import tended
from actfn.analysis.labels import BITS
from actfn.analysis.landscape import ENDLESS, Landscape, nearest_to_0, same, snapped
from actfn.analysis.signs import sign_changes
from actfn.analysis.trusted import ROUNDING, inside
from actfn.functions import kinks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.numerics.kernels import Array

_ROUNDS = 4
_NEARLY = 1e-3  # less than the greatest slope on the grid: such places are refined,
_TOPS = 6  # so many
_SAME = 1e-9  # that a slope may be smaller by rounding
_TRIALS = 12
_SQUARE_ROOT = 1.5e-8  # of the rounding of a float: near a top heights differ by less until this far from it


def steepest(land: Landscape, ends: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """The supremum of the absolute slope and where it is taken, nan if nowhere; ends: the borders of the domain."""
    jumps = [each.x for each in land.breaks if each.kind is kinks.Break.JUMP]
    if jumps:
        return np.inf, nearest_to_0(jumps)
    if not np.any(land.defined):
        return np.nan, np.nan
    if land.poles or np.any(np.isinf(land.y)):
        return np.inf, np.nan
    sizes = np.where(np.isnan(land.slopes), -np.inf, np.abs(land.slopes))
    best, x = _confirmed(land, sizes, *_refined(land, sizes))
    for each in land.breaks:
        for slope in (each.slope_left, each.slope_right):
            if abs(slope) > best * (1 + ROUNDING):
                best, x = abs(slope), each.x
    limits = [*land.prime.limits().tolist(), *tended(land.prime, ends)]
    most = max((abs(limit) for limit in limits if not np.isnan(limit)), default=0.0)
    endless = best > ENDLESS or most == np.inf or grows(land.x, sizes, x)
    if endless or goes_on(lambda far: np.abs(land.prime.values(far)), best, x):
        return np.inf, np.nan
    rounding = (10 if land.doubtful else 1) * ROUNDING
    if abs(float(land.slope(np.zeros(1))[0])) >= best * (1 - rounding):
        x = 0.0
    if most < best * (1 - _SAME):
        return best, snapped(x)
    taken = most <= best * (1 + _SAME) and _is_reached(land, most, x)
    return (best, snapped(x)) if taken else (most, np.nan)


def _is_reached(land: Landscape, most: float, x: float) -> bool:
    """Whether the slope at x, or on a side of it, is as great as its limits far out, to all digits asked for."""
    if any(each.x == x for each in land.breaks):
        return True
    there = land.prime.exact(x, DIGITS)
    limits = [land.prime.limit(side * np.inf, digits=DIGITS).exact(DIGITS) for side in (-1, 1)]
    size = there.text.removeprefix("-")
    return there.is_at_least(most) or (
        there.certain and size in [each.text.removeprefix("-") for each in limits if each.certain]
    )


def _confirmed(land: Landscape, sizes: Array, best: float, x: float) -> tuple[float, float]:
    """The greatest slope, or the exact one there; if that is far smaller, the greatest exact one at points of the grid.

    That of asin(sin(x)) is 1, and computed as infinite beside its kinks.
    """
    exact = best if land.function.named else _exact_size(land, x)
    if exact >= best * (1 - _NEARLY):
        return (best if exact >= best * (1 - _SAME) else exact), x
    highest = land.x[np.argsort(-sizes, kind="stable")[:_TRIALS]].tolist()
    return max(((_exact_size(land, x), x) for x in highest), key=lambda found: (found[0], -abs(found[1]), found[1]))


def _exact_size(land: Landscape, x: float) -> float:
    """The exact size of a slope; that of one which is not known is infinite."""
    found = land.prime.exact(x, 17, BITS)
    return abs(float(found)) if found.certain and found.defined else np.inf


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
    return best, nearest_to_0([_on_top(land, x) for size, x in found if size >= best * (1 - ROUNDING)])


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
    if np.any(inside(land.x[[place]], land.doubtful)):  # exact values are too dear, here and below
        return best, x
    width = float(np.diff(land.x[max(place - 1, 0) : place + 2]).max())
    for _ in range(_ROUNDS):
        fine = np.linspace(x - width, x + width, 2001)
        fine = fine[~inside(fine, land.doubtful)]
        finer = np.nan_to_num(np.abs(land.slope(fine)), nan=-np.inf)
        if finer.max() <= best:
            break
        best, x = float(finer.max()), float(fine[np.argmax(finer)])
        width /= 1000
    return best, x
