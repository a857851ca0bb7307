"""Values of typed expressions, exact ones where floats are not to be trusted.

exp(x)/(exp(x) + exp(-x)) has a value everywhere, but none in floats beyond 709; that of (exp(x) - 1)/x is rounding
beside 0, and sqrt(x*x + 1) - x is far out. Such stretches are found with few exact values, and only few points of the
grid are kept there, at which the exact values are asked for. A named function is trusted.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.labels import unmeant
from actfn.errors import LengthError
from actfn.expression.tree import postorder
from actfn.numerics.bisection import runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from actfn.functions.function import Function
    from actfn.numerics.kernels import Array

Stretch = tuple[float, float]

_DIGITS, _BITS = 17, 2000
_MOST_RUNS, _MOST_HOLES = 6, 4  # that are looked at
_MOST_ASKED = 200  # points of one call; the others have no value
# exact values in all, and what effort they may take: of an oscillation beside a hole the rest is as computed
_MOST_KNOWN, _MOST_SPENT = 300, 120_000
_KEPT = 12  # points of the grid in a stretch
_LONG = 1000  # parts of a formula, whose exact values take a hundredth of a second each
ROUNDING = 1e-13  # of the size of the values: what a composed formula may lose
_ALREADY = 0.9  # of the way to an overflow: digits are lost there
LEAST = 5e-324  # stands for all that is nearer to 0
_FAR = (100.0, 1e3, 1e4, 1e5, 1e6)
_NEARNESS = (1e-1, 1e-2, 1e-3, 1e-5, 1e-8, 1e-12, 1e-50, 1e-170)  # to holes
_NEAREST = 1e-12  # to holes other than 0
_BESIDE = (1e-150, 1e-100, 1e-50, 1e-30, 1e-20, 1e-16, *np.geomspace(1e-12, 1, 25).tolist())


class Trusted:
    """The values of a function: exact ones inside its `stretches`, nan at its `holes`, computed ones elsewhere.

    `unsure` are points that it was asked for and where the exact value cannot be told from 0, or at all.
    """

    def __init__(self, function: Function, stretches: Sequence[Stretch] = (), holes: Sequence[float] = ()) -> None:
        self.function = function
        self.stretches = stretches
        self.holes = holes
        self.unsure: set[float] = set()
        self._known: dict[float, float] = {}
        self._spent = 0

    def __call__(self, x: Array) -> Array:
        y = self.function.values(x)
        if np.any(np.isinf(y)):
            y = np.where(unmeant(self.function, x, y), np.nan, y)
        if not self.stretches and not self.holes:
            return y
        y = np.where(np.isin(x, self.holes), np.nan, y)
        doubtful = inside(x, self.stretches) & ~np.isin(x, self.holes)
        if np.any(doubtful):
            near = self._off_holes(x)
            points = np.unique(near[doubtful])
            asked = points[:: -(-points.size // _MOST_ASKED)]
            y[doubtful & ~np.isin(near, asked)] = np.nan
            for point in asked.tolist():
                if point not in self._known and (len(self._known) >= _MOST_KNOWN or self._spent > _MOST_SPENT):
                    continue
                place = doubtful & (near == point)
                exact = self._exact(point)
                # what is too large even for exact numbers is infinite
                too_large = np.isnan(exact) & (point in self.unsure) & np.isinf(y[place])
                y[place] = np.where(too_large, y[place], exact)
        return y

    def _off_holes(self, x: Array) -> Array:
        """The points, those next to a hole moved away a little: nothing changes there, and a search ends."""
        for hole in self.holes:
            least = _NEAREST * abs(hole) or _BESIDE[0]
            x = np.where(np.abs(x - hole) < least, hole + np.copysign(least, x - hole), x)
        return x

    def _exact(self, x: float) -> float:
        if x not in self._known:
            from actfn.exact.effort import EFFORT

            before = EFFORT.spent
            self._known[x], certain = _exactly(self.function, x)
            self._spent += EFFORT.spent - before
            if not certain:
                self.unsure.add(x)
        return self._known[x]


def _exactly(function: Function, x: float) -> tuple[float, bool]:
    """The exact value at x, rounded once, but never to 0, nan where none is found; and whether it is certain."""
    found = function.exact(x, _DIGITS, _BITS)
    if not found.certain:
        return ((found.rounded() or 0.0) if found.bounded else float("nan")), False
    # underflow would be taken for a change of the sign, and followed to the last float
    return float(found) or (found.sign or 0) * LEAST, True


def inside(x: Array, stretches: Iterable[Stretch]) -> NDArray[np.bool_]:
    """Whether each x lies in one of the open stretches."""
    found = np.zeros(np.shape(x), bool)
    for low, high in stretches:
        found |= (low < x) & (x < high)
    return found


def doubtful(function: Function, x: Array, holes: Sequence[float]) -> list[Stretch]:
    """The stretches of the ascending points x in which computed values are not the function's, in any order."""
    if function.named:
        return []
    try:
        if len(postorder(function.expression_tree())) > _LONG:
            return []
    except LengthError:  # the formula of a slope is too long
        return []
    y = function.values(x)
    finite = np.abs(y[np.isfinite(y) & (np.abs(x) < _FAR[0])])
    allowed = ROUNDING * min(1.0, float(np.max(finite, initial=0.0)))
    near = sorted(holes, key=abs)[:_MOST_HOLES]
    return [
        *_lost(function, x, y, holes),
        *_rounded_far_out(function, allowed),
        *(stretch for hole in near for stretch in _rounded_beside(function, hole, allowed)),
    ]


def widened(stretches: Sequence[Stretch], x: Array, slopes: Array) -> list[Stretch]:
    """The stretches that go on for ever, from where on the computed slopes are 0: there they may have vanished."""
    found = []
    for low, high in stretches:
        if np.isposinf(high):
            rises = x[(x < low) & (slopes != 0)]
            found.append((_ALREADY * (float(rises[-1]) if rises.size else low), high))
        elif np.isneginf(low):
            rises = x[(x > high) & (slopes != 0)]
            found.append((low, _ALREADY * (float(rises[0]) if rises.size else high)))
        else:
            found.append((low, high))
    return found


def thinned(x: Array, stretches: Sequence[Stretch], holes: Sequence[float], kept: Array) -> Array:
    """The points x with few inside the stretches, more of them beside the holes; and the ones to be kept, if not many.

    Inside the stretches there are half as many in all as `Trusted` has values for in one call.
    """
    added = [kept, np.zeros(1)]
    for low, high in stretches:
        own = x[(low < x) & (x < high)]
        if own.size:
            added.append(own[np.linspace(0, own.size - 1, _KEPT).astype(int)])
        for hole in (each for each in holes if low <= each <= high):
            distances = np.array(_BESIDE) * max(1.0, abs(hole))
            beside = np.concatenate([hole - distances, hole + distances])
            added.append(beside[(low < beside) & (beside < high)])
    points = np.unique(np.concatenate([x[~inside(x, stretches)], *added]))
    dear = np.flatnonzero(inside(points, stretches))
    left = np.unique(np.linspace(0, dear.size - 1, min(dear.size, _MOST_ASKED // 2)).astype(int))
    return np.delete(points, np.delete(dear, left))


def _lost(function: Function, x: Array, y: Array, holes: Sequence[float]) -> list[Stretch]:
    """Where nothing, or an infinity, is computed and there is a finite value."""
    lost = runs(~np.isfinite(y) & ~np.isin(x, holes))
    found = []
    for start, end in sorted(lost, key=lambda run: run[0] - run[1])[:_MOST_RUNS]:
        places = sorted({start, (start + end + 1) // 2, end})
        values = [_exactly(function, float(x[place]))[0] for place in places]
        nearest = 0 if x[start] > 0 else -1  # further out nothing may be known
        known = not np.isnan(values[nearest])
        if known and any(v != c and not np.isnan(v) for v, c in zip(values, y[places].tolist(), strict=True)):
            low, high = float(x[start - 1]) if start else -np.inf, float(x[end + 1]) if end + 1 < x.size else np.inf
            found.append((low, high))
    return found


def _rounded_far_out(function: Function, allowed: float) -> list[Stretch]:
    found = []
    for side in (-1, 1):
        wrong = [_is_wrong(function, side * far, allowed) for far in _FAR]
        if any(wrong):
            start = side * _FAR[max(0, wrong.index(True) - 1)]
            found.append((-np.inf, start) if side < 0 else (start, np.inf))
    return found


def _rounded_beside(function: Function, hole: float, allowed: float) -> list[Stretch]:
    found, size = [], max(1.0, abs(hole))
    for side in (-1, 1):
        for right, wrong in pairwise((1.0, *_NEARNESS)):
            if _is_wrong(function, hole + side * wrong * size, allowed):
                found.append((hole - right * size, hole) if side < 0 else (hole, hole + right * size))
                break
    return found


def _is_wrong(function: Function, x: float, allowed: float) -> bool:
    """Whether the value computed at x is finite and wrong by more than rounding."""
    computed, exact = float(function.values(np.array([x]))[0]), _exactly(function, x)[0]
    return bool(np.isfinite(computed) and abs(computed - exact) > allowed + ROUNDING * abs(exact))
