"""Axes: what is in sight, where the ticks are and what they say, and where a number lies between the two ends.

Places along an axis are shares: 0 is its lower end, 1 its upper.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actfn.analysis.sampling import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from actfn.numerics.kernels import Array
    from actfn.output.figure import Figure, Limits

_FAR = 1e6  # shares: further off, only the direction matters
_SLACK = 0.04  # of the extent, left free above and below the data


class Tick(NamedTuple):
    """A mark of an axis: its share, and what is written there."""

    share: float
    text: str


@dataclass(frozen=True)
class Axis:
    """From numbers to shares.

    Attributes:
        low, high: its ends.
        log: whether it is logarithmic; both ends are then positive.
    """

    low: float
    high: float
    log: bool = False

    def shares(self, values: Array) -> Array:
        """Where numbers lie; nan for what has no place: nan, infinities, and on a logarithmic axis what is not > 0."""
        low, high = self.low, self.high
        with np.errstate(all="ignore"):
            values = np.where(np.isfinite(values), np.clip(values, -LARGEST, LARGEST), np.nan)
            if self.log:
                low, high = math.log10(low), math.log10(high)
                values = np.log10(np.where(values > 0, values, np.nan))
            return np.clip((values / 2 - low / 2) / (high / 2 - low / 2), -_FAR, _FAR)

    def share(self, value: float) -> float:
        """The place of one number."""
        return float(self.shares(np.asarray(value, np.float64)))

    def ticks(self, about: int) -> list[Tick]:
        """About so many ticks at round numbers, two at least."""
        values = _decades(self.low, self.high, about) if self.log else _round_numbers(self.low, self.high, about)
        texts = tick_texts(values, log=self.log)
        return [Tick(min(max(self.share(value), 0.0), 1.0), text) for value, text in zip(values, texts, strict=True)]


def axes(figure: Figure) -> tuple[Axis, Axis]:
    """The x and the y axis of a figure: the limits it has, else what its data needs."""
    x_limits = figure.x_limits or _extent(
        [
            *(curve.x for curve in figure.curves),
            *(bars.edges for bars in figure.bars),
            np.array([mark.x for mark in figure.marks]),
        ],
        log=figure.x_log,
    )
    across = Axis(*x_limits, figure.x_log)
    inside = [curve.y[_within(across.shares(curve.x))] for curve in figure.curves]
    heights = [np.append(bars.heights, 0.0) for bars in figure.bars]
    y_limits = figure.y_limits or _slack(
        _extent([*inside, *heights, np.array([mark.y for mark in figure.marks])], log=figure.y_log),
        figure,
    )
    return across, Axis(*y_limits, figure.y_log)


def _within(shares: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return (shares >= 0) & (shares <= 1)


def _extent(data: Iterable[Array], *, log: bool) -> Limits:
    """The smallest and the largest number, opened up where they are one; 0 and 1 (1 and 10) where there is none."""
    values = np.concatenate([np.zeros(0), *data])
    values = np.clip(values[np.isfinite(values)], -LARGEST, LARGEST)
    if log:
        values = values[values >= 1 / LARGEST]
    if not values.size:
        return (1.0, 10.0) if log else (0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    if log:
        return (low, high) if high > low * 1.001 else (low / 2, high * 2)
    if high - low > 1e-12 * max(abs(low), abs(high)):
        return low, high
    apart = abs(low) / 2 or 1.0
    return low - apart, high + apart


def _slack(limits: Limits, figure: Figure) -> Limits:
    """Room above and below, so that no curve runs along the frame; bars stand on it."""
    low, high = limits
    if figure.y_log:
        room = 10.0 ** (_SLACK * (math.log10(high) - math.log10(low)))
        return max(low / room, 1 / LARGEST), min(high * room, LARGEST)
    room = _SLACK * (high - low)
    only_bars = bool(figure.bars) and not figure.curves
    low, high = (low if only_bars and low == 0 else low - room), (high if only_bars and high == 0 else high + room)
    return max(low, -LARGEST), min(high, LARGEST)


def _round_numbers(low: float, high: float, about: int) -> list[float]:
    """Multiples of 1, 2, 2.5 or 5 times a power of ten between two numbers."""
    wanted = (high / 2 - low / 2) / max(about, 1) * 2
    if not math.isfinite(wanted) or wanted < 1e-300:
        return [low, high]
    scale = 10.0 ** math.floor(math.log10(wanted))
    steps = [factor * scale for factor in (0.5, 1, 2, 2.5, 5, 10)]
    fitting = [step for step in steps if 2 <= _multiples(low, high, step)[1] <= about + 1]
    if not fitting:
        return [low, high]
    first, count = _multiples(low, high, fitting[0])
    return [(first + place) * fitting[0] for place in range(count)]


def _multiples(low: float, high: float, step: float) -> tuple[int, int]:
    """The first multiple of a step at or above `low`, and how many there are up to `high`."""
    first = math.ceil(low / step - 1e-9)
    return first, math.floor(high / step + 1e-9) - first + 1


def _decades(low: float, high: float, about: int) -> list[float]:
    """Powers of ten, every so-manieth of them where there are too many; of fewer than two, round numbers."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    if last - first < 1:
        return [value for value in _round_numbers(low, high, about) if value > 0]
    every = -(-(last - first + 1) // max(about, 2))
    return [10.0**exponent for exponent in range(first, last + 1, every)]


def tick_texts(values: list[float], *, log: bool = False) -> list[str]:
    """The texts of ticks: as few digits as tell them apart, the same number of decimals for all."""
    if log or len(values) < 2:
        return [short(value) for value in values]
    step = abs(values[1] / 2 - values[0] / 2) * 2
    largest = max(map(abs, values))
    if largest >= 1e6 or step < 1e-5 or not math.isfinite(step):
        digits = max(0, math.ceil(math.log10(largest / step))) if 0 < step < math.inf else 0
        return [f"{_exponent(f'{value:.{min(digits + 1, 15)}g}')}" for value in values]
    decimals = next(places for places in range(8) if abs(round(step, places) - step) < 1e-3 * step)
    return [f"{value + 0.0:.{decimals}f}" if round(value, decimals) else "0" for value in values]


def short(value: float, digits: int = 4) -> str:
    """A number for a label in a picture."""
    return _exponent(f"{value + 0.0:.{digits}g}")


def _exponent(text: str) -> str:
    """`1e-05` as `1e-5`."""
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else text
