"""Where values change their sign, to the last float."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actfn.numerics.bisection import changes
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from actfn.numerics.bisection import Ordinals
    from actfn.numerics.kernels import Array

MOST = 50  # zeros and extrema that are followed; a sine has more
NEAR = 50.0  # up to here a grid is even
FEW = 20  # changes far out; more are an oscillation, too quick for the grid


def sign_changes(
    value: Callable[[Array], Array], x: Array, known: Array | None = None, *, at_once: int = 64
) -> list[tuple[float, float, float, float]]:
    """Where values change their sign between points x, ascending: the floats on both sides, and the signs there.

    known: the values at x, if they are. `at_once` as in `bisection.changes`: 1 where values are dear.
    """

    def sign(places: Ordinals) -> Array:
        return _signs(value(FLOAT64.from_ordinal(places)))

    def changed(where: NDArray[np.bool_]) -> list[tuple[int, int, float, float]]:
        labels = None if known is None else _signs(known[where])
        return changes(sign, FLOAT64.ordinal(x[where]), 4 * MOST, labels, at_once=at_once)

    found = changed(np.abs(x) <= NEAR)
    for far in (x <= -NEAR, x >= NEAR):
        outside = changed(far)
        found += outside if len(outside) <= FEW else []  # an oscillation, too quick for the grid
    found.sort(key=lambda change: change[0])
    ends = [(float(FLOAT64.from_ordinal(low)), float(FLOAT64.from_ordinal(high))) for low, high, _, _ in found]
    return [
        (low, high, float(left), float(right))
        for (low, high), (_, _, left, right) in zip(ends, found, strict=True)
        if 9.0 not in (left, right)
    ]


def _signs(values: Array) -> Array:
    """9 for nan."""
    signs = np.sign(values)
    return np.where(np.isnan(signs), 9.0, signs)
