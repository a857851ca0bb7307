"""What is to be said of the points of an evaluation: a status for each, counted by kind; `sentences` puts it in words.

Nothing is asked of the exact engine while nothing looks wrong: only points whose value is 0, subnormal, infinite, nan
or what the function has at the ends of the line are looked at closer, and of these only those that are not constant by
definition.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actfn.analysis.labels import constant_by_definition, tails
from actfn.analysis.regime import Regime
from actfn.errors import ActfnError
from actfn.expression.function import Function
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from actfn.expression.function import VectorFunction
    from actfn.numerics.kernels import Array

OK = Regime.OK.value
OUTSIDE = "outside"  # the point itself does not fit into the format


class Counted(NamedTuple):
    """What a tally has counted, for another process."""

    points: int
    counts: dict[str, int]
    first: dict[str, tuple[float, float]]
    levels: dict[str, set[float]]


@dataclass
class Tally:
    """Counts what went wrong over a stream of points: how often, and where first, by status."""

    function: Function | VectorFunction
    form: Format
    points: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, tuple[float, float]] = field(default_factory=dict)  # point and value
    levels: dict[str, set[float]] = field(default_factory=dict)  # the values met
    limits: tuple[float, ...] | None = None

    @property
    def counted(self) -> Counted:
        return Counted(self.points, self.counts, self.first, self.levels)

    def merge(self, later: Counted) -> None:
        """Count what was counted over the next part of the stream."""
        self.points += later.points
        for status, count in later.counts.items():
            self.counts[status] = self.counts.get(status, 0) + count
            self.first.setdefault(status, later.first[status])
        for status, levels in later.levels.items():
            self.levels.setdefault(status, set()).update(levels)

    def add(self, x: Array, values: Array, given: Array | None = None) -> list[str]:
        """Count a block.

        Args:
            x: the points, numbers of the format; broadcast against the values.
            values: what was computed there.
            given: the points before they were rounded into the format.

        Returns:
            The status of each value: a regime of `saturation`, `outside` or `ok`.
        """
        self.points += values.size
        statuses = [OK] * values.size
        x = np.broadcast_to(x, values.shape)
        suspicious = self._suspicious(x, values)
        if given is not None and self.form is not FLOAT64:
            lost = np.isfinite(given) & ~np.isfinite(x)
            if np.any(lost):
                self._note(statuses, OUTSIDE, np.flatnonzero(lost), np.broadcast_to(given, values.shape), values)
        if np.any(suspicious):
            places = np.flatnonzero(suspicious)
            found = self._regimes(x[places])
            for regime in dict.fromkeys(found):
                if regime not in (Regime.OK, Regime.MERGED):
                    these = places[[each is regime for each in found]]
                    self._note(statuses, regime.value, these, x, values)
        return statuses

    def add_lines(self, x: Array, values: Array, given: Array) -> list[str]:
        """Count vectors of one length, a row each; the status of each is that of its first alarm."""
        if np.isfinite(values).all() and np.isfinite(x).all():
            self.points += values.size
            return [OK] * len(values)
        return [self.worst(*each) for each in zip(x, values, given, strict=True)]

    def worst(self, x: Array, values: Array, given: Array | None = None) -> str:
        """Count a block that is one record, such as a vector; its status is that of the first alarm."""
        if x.shape != values.shape:  # maxout: the answer has another length, and no element one point of its own
            x = np.full(values.shape, _strangest(x))
            given = None if given is None else np.full(values.shape, _strangest(given))
        return next((status for status in self.add(x, values, given) if status != OK), OK)

    def _suspicious(self, x: Array, values: Array) -> Any:
        finite = np.isfinite(x)
        if not isinstance(self.function, Function):
            return ~np.isfinite(values) & finite & ~np.any(np.isnan(x))
        if self.limits is None:
            self.limits = tuple({c for c, _ in tails(self.function, self.form).values() if c})
        if self._is_ordinary(values):
            return np.zeros(values.shape, bool)
        suspicious = ~np.isfinite(values) | ((np.abs(values) < self.form.smallest_normal) & (x != 0))
        for limit in self.limits:
            suspicious |= values == limit
        suspicious &= finite
        if np.any(suspicious) and not self._has_formula():
            return suspicious & ~np.isfinite(values)
        if np.any(suspicious):
            suspicious[suspicious] = ~constant_by_definition(self.function, x[suspicious])
        return suspicious

    def _is_ordinary(self, values: Array) -> bool:
        """Whether the smallest and the largest value tell already that nothing is wrong: the usual case, quickly."""
        if not values.size:
            return True
        low, high = float(values.min()), float(values.max())
        if not (np.isfinite(low) and np.isfinite(high)) or any(low <= limit <= high for limit in self.limits or ()):
            return False
        tiny = self.form.smallest_normal
        return low >= tiny or high <= -tiny or float(np.abs(values).min()) >= tiny

    def _has_formula(self) -> bool:
        """Whether there is an expression to ask for exact values: not for derivatives of a very high order."""
        if not isinstance(self.function, Function):
            return False
        try:
            self.function.exact_tree()
        except ActfnError:
            return False
        return True

    def _regimes(self, x: Array) -> list[Regime]:
        if not isinstance(self.function, Function) or not self._has_formula():
            return [Regime.UNDEFINED] * x.size
        from actfn.analysis.saturation import classify

        return [stretch.regime for stretch in classify(self.function, self.form, x)]

    def _note(self, statuses: list[str], status: str, places: Any, x: Array, values: Array) -> None:
        self.counts[status] = self.counts.get(status, 0) + len(places)
        self.first.setdefault(status, (float(x[places[0]]), float(values[places[0]])))
        if status == Regime.SATURATED:
            self.levels.setdefault(status, set()).update((np.unique(values[places]) + 0.0).tolist())
        for place in places.tolist():
            statuses[place] = status


def _strangest(x: Array) -> float:
    """The first element that is not finite, else the first."""
    return float(x[np.argmin(np.isfinite(x))])
