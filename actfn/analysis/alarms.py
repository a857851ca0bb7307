"""What is to be said of the points of an evaluation: a status for each, counted by kind; `sentences` puts it in words.

Nothing is asked of the exact engine while nothing looks wrong: only points whose value is 0, subnormal, infinite, nan
or what the function has at the ends of the line are looked at closer, and of these only those that are not constant by
definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np

from actfn.analysis.labels import meant, only_chooses, tails
from actfn.analysis.regime import Regime
from actfn.errors import LengthError
from actfn.functions.function import Function
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from collections.abc import Collection

    from actfn.functions.function import VectorFunction
    from actfn.numerics.kernels import Array

OK = Regime.OK.value
OUTSIDE = "outside"  # the point itself does not fit into the format
_NOWHERE = np.zeros(0, np.intp)


class Statuses(Sequence[str]):
    """The statuses of so many values: `ok`, but for those noted. Made into texts when they are read, which is rare."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.noted: dict[int, str] = {}

    @cached_property
    def _texts(self) -> list[str]:
        return [self.noted.get(place, OK) for place in range(self._size)] if self.noted else [OK] * self._size

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._texts[place]

    def __len__(self) -> int:
        return self._size


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
    limits: Collection[float] = ()
    safe: bool | None = None  # whether nothing can go wrong; not known yet

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

    def add(self, x: Array, values: Array, given: Array | None = None) -> Statuses:
        """Count a block.

        Args:
            x: the points, numbers of the format; broadcast against the values.
            values: what was computed there.
            given: the points before they were rounded into the format.

        Returns:
            The status of each value: a regime of `saturation`, `outside` or `ok`.
        """
        self.points += values.size
        statuses = Statuses(values.size)
        x = np.broadcast_to(x, values.shape)
        places = self._suspicious(x, values)
        if given is not None and self.form is not FLOAT64:
            lost = np.isfinite(given) & ~np.isfinite(x)
            if np.any(lost):
                self._note(statuses, OUTSIDE, np.flatnonzero(lost), np.broadcast_to(given, values.shape), values)
        if places.size:
            found, which = self._regimes(x[places], values[places])
            first = {place: int(np.argmax(which == place)) for place in np.flatnonzero(np.bincount(which)).tolist()}
            for place in sorted(first, key=first.__getitem__):
                if found[place] not in (Regime.OK, Regime.MERGED):
                    self._note(statuses, found[place].value, places[which == place], x, values)
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
        noted = self.add(x, values, given).noted
        return noted[min(noted)] if noted else OK

    def _suspicious(self, x: Array, values: Array) -> Any:
        """The places of the values to be looked at closer: usually none, as the smallest and the largest tell."""
        if not isinstance(self.function, Function):
            strange = ~np.isfinite(values)
            return np.flatnonzero(strange & np.isfinite(x) & ~np.any(np.isnan(x))) if np.any(strange) else _NOWHERE
        if self.safe is None:
            told = self._has_formula()  # without one, only what is no number
            self.safe = self.form is FLOAT64 and told and only_chooses(self.function)
            ends = {} if self.safe or not told else tails(self.function, self.form)
            self.limits = {tail.constant for tail in ends.values() if tail.constant}
        if self.safe:
            return _NOWHERE
        tiny = self.form.smallest_normal
        low, high = (float(values.min()), float(values.max())) if values.size else (1.0, 1.0)
        finite = np.isfinite(low) and np.isfinite(high)
        limits = [limit for limit in self.limits if not finite or low <= limit <= high]
        if finite and not limits and (low >= tiny or high <= -tiny):
            return _NOWHERE
        strange = np.abs(values) < tiny
        for limit in limits:
            strange |= values == limit
        if not finite:
            strange |= ~np.isfinite(values)
        return self._not_by_definition(x, values, strange) if np.any(strange) else _NOWHERE

    def _not_by_definition(self, x: Array, values: Array, strange: Any) -> Any:
        """The places of those strange values that are not what the function is defined to be there."""
        assert isinstance(self.function, Function)
        if not self._has_formula():
            strange &= ~np.isfinite(values)
        elif 8 * np.count_nonzero(strange) > strange.size:  # half of relu's values: quicker than to gather them first
            strange &= np.logical_not(meant(self.function, x, values))
            if not np.any(strange):
                return _NOWHERE
        places = np.flatnonzero(strange)
        there, found = x[places], values[places]
        kept = np.isfinite(there) & ((there != 0) | ~(np.abs(found) < self.form.smallest_normal))
        if self._has_formula():
            kept &= np.logical_not(meant(self.function, there, found))
        return places[kept]

    def _has_formula(self) -> bool:
        """Whether there is an expression to ask for exact values: not for derivatives of a very high order."""
        if not isinstance(self.function, Function):
            return False
        try:
            self.function.expression_tree()
        except LengthError:
            return False
        return True

    def _regimes(self, x: Array, values: Array) -> tuple[list[Regime], Any]:
        if not isinstance(self.function, Function) or not self._has_formula():
            return [Regime.UNDEFINED], np.zeros(x.size, np.intp)
        from actfn.analysis.saturation import regimes

        return regimes(self.function, self.form, x, values)

    def _note(self, statuses: Statuses, status: str, places: Any, x: Array, values: Array) -> None:
        self.counts[status] = self.counts.get(status, 0) + len(places)
        self.first.setdefault(status, (float(x[places[0]]), float(values[places[0]])))
        if status == Regime.SATURATED:
            self.levels.setdefault(status, set()).update((np.unique(values[places]) + 0.0).tolist())
        statuses.noted |= dict.fromkeys(places.tolist(), status)


def _strangest(x: Array) -> float:
    """The first element that is not finite, else the first."""
    return float(x[np.argmin(np.isfinite(x))])
