"""How numbers are distributed: counts in bins of one width, between round numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from actfn.numerics.kernels import Array

_SMALLEST = 1e-13  # of their size, by which numbers differ that are not put into one bin
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 50.0)


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of numbers in bins.

    Attributes:
        edges: ascending, evenly spaced; a bin holds its lower edge, and the last one its upper edge too.
        counts: how many numbers each bin holds: all finite ones are in one.
        left_out: how many were nan or infinite.
    """

    edges: Array
    counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    left_out: int

    @property
    def shares(self) -> Array:
        """The share of the counted numbers in each bin."""
        return self.counts / max(1, int(self.counts.sum()))


def histogram(values: Array, most: int) -> Histogram:
    """Count numbers in at most so many bins (2 or more): as wide as Freedman and Diaconis say, rounded up.

    Whole numbers of a small extent get a bin each, with the number in its middle.
    """
    finite = np.clip(values[np.isfinite(values)], -1e300, 1e300)
    left_out = int(values.size - finite.size)
    if not finite.size:
        return Histogram(np.array([0.0, 1.0]), np.zeros(1, np.int64), left_out)
    low, high = float(finite.min()), float(finite.max())
    if high - low <= _SMALLEST * max(1e-290, abs(low), abs(high)):
        edges = low + np.array([-0.5, 0.5]) * (abs(low) if abs(low) > 1e-290 else 1.0)
        return Histogram(edges, np.array([finite.size]), left_out)
    if high - low < most and np.all(finite == np.rint(finite)):
        edges = np.arange(low - 0.5, high + 1.0)
    else:
        lower, upper = np.quantile(finite, (0.25, 0.75)).tolist()
        wanted = 2 * (upper - lower) / np.cbrt(finite.size)
        edges = _edges(low, high, max(wanted, (high / most - low / most) * 1.001), most)
    return Histogram(edges, np.histogram(finite, edges)[0], left_out)


def _edges(low: float, high: float, width: float, most: int) -> Array:
    """Multiples of a round width, at least that wide, around two numbers."""
    width = min(width, high / 2 - low / 2)
    scale = 10.0 ** np.floor(np.log10(width))
    steps = [factor * scale for factor in _ROUND]
    ends = [(np.floor(low / step), np.ceil(high / step)) for step in steps]
    step, (first, last) = next(
        (step, (first, last))
        for step, (first, last) in zip(steps, ends, strict=True)
        if step >= width * (1 - 1e-12) and last - first <= most
    )
    return np.asarray(np.arange(first, last + 1) * step)
