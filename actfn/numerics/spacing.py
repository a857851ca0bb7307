"""Evenly spaced numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from actfn.numerics.kernels import Array

USUAL_POINTS = 41  # of a range for which no number is given


def exact(text: str, value: float) -> Fraction:
    """The decimal number that a text spells, else the float that it was read as."""
    if not value:  # 1e-9999999 too, whose exact fraction would fill the memory
        return Fraction(0)
    try:
        return Fraction(text)
    except ValueError:
        return Fraction(value)


def evenly(low: Fraction, high: Fraction, count: int, places: range | None = None) -> Array:
    """Numbers from low to high, ends included, or those at some of the places; each is the float nearest to its place.

    Whole numbers are divided once: from -1 to 1 in 21 there is 0.1, and not 0.10000000000000009.
    """
    steps = max(count - 1, 1)
    scale = low.denominator * high.denominator
    first, last = int(low * scale), int(high * scale)
    return np.array(
        [
            (first * (steps - place) + last * place) / (scale * steps)
            for place in (range(count) if places is None else places)
        ],
        np.float64,
    )
