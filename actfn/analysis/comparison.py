"""How far apart two functions are at points, and whether that is within a tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from actfn.numerics.kernels import Array

_TIED = 1e-9  # relative: differences that agree to this are one but for rounding, as those of gelu and silu at x and -x


@dataclass(frozen=True)
class Bounds:
    """What may be: a point that is within one of the bounds is within the tolerance. True if there is any bound.

    Attributes:
        absolute: of the difference.
        relative: of the difference, relative to the first value.
        ulp: of the distance in floats of the format.
    """

    absolute: float | None = None
    relative: float | None = None
    ulp: float | None = None

    def __bool__(self) -> bool:
        return any(bound is not None for bound in (self.absolute, self.relative, self.ulp))

    def __str__(self) -> str:
        bounds = ((self.absolute, ""), (self.relative, " of its value"), (self.ulp, " ulp"))
        return " and ".join(f"{bound:g}{what}" for bound, what in bounds if bound is not None)


@dataclass(frozen=True)
class Place:
    """A point with both values."""

    x: float
    first: float
    second: float


@dataclass(frozen=True)
class Most:
    """The largest of a kind of difference, and where it is; inf where only one of the two is a number."""

    value: float
    at: Place


@dataclass(frozen=True)
class Difference:
    """How far a second function is from a first.

    Attributes:
        points: how many were compared: all at which one of them has a value.
        equal: at how many both are the same number.
        absolute, relative, ulp: the largest differences; None where there were no points.
        beyond: at how many points the tolerance is exceeded.
        first, worst: of these the first, and the one that is furthest beyond, in the kind of the first bound.
    """

    points: int
    equal: int
    absolute: Most | None
    relative: Most | None
    ulp: Most | None
    beyond: int
    first: Place | None
    worst: Place | None


def difference(x: Array, first: Array, second: Array, tolerance: Bounds, form: Format = FLOAT64) -> Difference:
    """Compare values of two functions at points.

    Args:
        x: the points, float64, one dimension.
        first: the values of the one that is compared with, numbers of the format.
        second: those of the other.
        tolerance: what may be.
        form: the format whose floats are counted.
    """
    kept = ~(np.isnan(first) & np.isnan(second))
    x, first, second = x[kept], first[kept], second[kept]
    if not x.size:
        return Difference(0, 0, None, None, None, 0, None, None)
    absolute, relative, ulp = distances(first, second, form)
    within = np.zeros(x.shape, bool)
    kinds = ((tolerance.absolute, absolute), (tolerance.relative, relative), (tolerance.ulp, ulp))
    for bound, distance in kinds:
        if bound is not None:
            within |= distance <= bound
    beyond = np.flatnonzero(~within) if tolerance else np.zeros(0, np.int64)

    def place(index: int) -> Place:
        return Place(float(x[index]), float(first[index]), float(second[index]))

    def most(distance: Array) -> Most:
        index = _largest(x, distance)
        return Most(float(distance[index]), place(index))

    judged = next((distance for bound, distance in kinds if bound is not None), absolute)
    return Difference(
        points=int(x.size),
        equal=int(np.sum(absolute == 0)),
        absolute=most(absolute),
        relative=most(relative),
        ulp=most(ulp),
        beyond=int(beyond.size),
        first=place(int(beyond[0])) if beyond.size else None,
        worst=place(int(beyond[_largest(x[beyond], judged[beyond])])) if beyond.size else None,
    )


def _largest(x: Array, distance: Array) -> int:
    """Return the index of the largest distance.

    Of several that are equal but for rounding it is that of the x nearest to 0, of x and -x that of the positive.
    """
    tied = np.flatnonzero(distance >= np.max(distance) * (1 - _TIED))
    return int(tied[np.lexsort((-x[tied], np.abs(x[tied])))[0]])


def distances(first: Array, second: Array, form: Format = FLOAT64) -> tuple[Array, Array, Array]:
    """The absolute and the relative difference, and the distance in floats of the format; inf against what is none."""
    same = (first == second) | (np.isnan(first) & np.isnan(second))
    comparable = np.isfinite(first) & np.isfinite(second)
    with np.errstate(all="ignore"):
        absolute = np.where(same, 0.0, np.where(comparable, np.abs(first - second), np.inf))
        relative = np.where(same, 0.0, absolute / np.abs(first))
        ulp = np.where(same, 0.0, np.where(comparable, form.ulp_distance(first, second).astype(np.float64), np.inf))
    return absolute, np.where(np.isnan(relative), np.inf, relative), ulp
