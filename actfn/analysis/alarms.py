"""What went wrong at the points of an evaluation: a status for each point, and one counted warning for each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array


class Status(StrEnum):
    """What may be said of a computed value at a finite point (of a given one: nan in, nan out is `ok`)."""

    OK = "ok"
    OUTSIDE = "outside"  # the point itself does not fit into the format
    NAN = "nan"
    INFINITE = "infinite"


@dataclass
class Tally:
    """Counts the alarms of a stream of points: how many of each kind, and where the first one stood."""

    points: int = 0
    counts: dict[Status, int] = field(default_factory=dict)
    first: dict[Status, float] = field(default_factory=dict)

    def add(self, x: Array, values: Array, given: Array | None = None) -> list[Status]:
        """Count a block.

        Args:
            x: the points, in the format.
            values: what was computed there; x is broadcast against them.
            given: the points before they were rounded into the format.

        Returns:
            The status of each value.
        """
        self.points += values.size
        statuses = [Status.OK] * values.size
        if np.all(np.isfinite(values)) and np.all(np.isfinite(x)):
            return statuses
        x = np.broadcast_to(x, values.shape)
        given = x if given is None else np.broadcast_to(given, values.shape)
        alarms = {
            Status.OUTSIDE: np.isfinite(given) & ~np.isfinite(x),
            Status.NAN: np.isnan(values) & ~np.isnan(x),
            Status.INFINITE: np.isinf(values) & np.isfinite(x),
        }
        for status, where in alarms.items():
            places = np.flatnonzero(where).tolist()
            if places:
                self.counts[status] = self.counts.get(status, 0) + len(places)
                self.first.setdefault(status, float((given if status is Status.OUTSIDE else x)[places[0]]))
            for place in places:
                statuses[place] = status
        return statuses

    def worst(self, x: Array, values: Array, given: Array | None = None) -> Status:
        """Count a block that is one record, such as a vector; its status is that of the first alarm."""
        return next((status for status in self.add(x, values, given) if status is not Status.OK), Status.OK)


def sentence(name: str, tally: Tally, status: Status, form: Format) -> str:
    """The warning of one kind."""
    what = {
        Status.OUTSIDE: f"the point does not fit into {form.name}, whose largest number is {form.max:g},",
        Status.NAN: f"{name} has no value in {form.name}",
        Status.INFINITE: f"{name} is infinite in {form.name}",
    }[status]
    points = "point" if tally.points == 1 else "points"
    return f"{what} at {tally.counts[status]} of {tally.points} {points}, first at x = {tally.first[status]!r}"
