"""Which functions of the catalogue a function equals, and which it is near to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actfn.catalogue import lookup, rows
from actfn.functions.function import Function

REACH = 5.0  # the range, to both sides of 0, over which functions are compared

_POINTS = 401
_FAR = 50.0  # and equal ones up to here
_SAME = 1e-12  # of the larger value, or of 1: formulas of one function, rounded differently
_NEAR = 0.5  # further away than this is no relative


@dataclass(frozen=True)
class Relative:
    """A function of the catalogue, with its defaults, and the largest difference from it between -5 and 5."""

    name: str
    distance: float


@np.errstate(all="ignore")  # infinities and nan are answers
def relatives(function: Function, most: int = 4) -> tuple[list[str], list[Relative]]:
    """The names of the functions that it equals, and those that are nearest to it, nearest first.

    Functions are taken as equal if they agree to 12 digits at some hundred points.
    """
    x = np.concatenate([np.linspace(-REACH, REACH, _POINTS), np.linspace(-_FAR, _FAR, _POINTS)])
    values = function.values(x)
    if not np.all(np.isfinite(values)):
        return [], []
    equal: list[str] = []
    near: list[Relative] = []
    for row in rows.ROWS:
        other = lookup.function(row.name)
        if not isinstance(other, Function) or other.tree is function.tree:
            continue
        with np.errstate(invalid="ignore"):  # infinities
            difference = np.abs(other.values(x) - values)
        size = np.maximum(1, np.abs(values))
        if not np.all(np.isfinite(difference)):
            continue
        if np.all(difference <= _SAME * size):
            equal.append(row.name)
        elif _SAME < difference[:_POINTS].max() <= _NEAR * min(1, float(np.ptp(values[:_POINTS]))):
            near.append(Relative(row.name, float(difference[:_POINTS].max())))
    # as last bits differ between processors, what is equally far to 9 digits stays in the catalogue's order
    return equal, sorted(near, key=lambda each: float(f"{each.distance:.9g}"))[:most]
