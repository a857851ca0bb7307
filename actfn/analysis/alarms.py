"""What went wrong at the points of an evaluation: a status for each point, and one counted warning for each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from actfn.numerics.kernels import Array


class Status(StrEnum):
    """What may be said of a computed value at a finite point (of a given one: nan in, nan out is `ok`)."""

    OK = "ok"
    NAN = "nan"
    INFINITE = "infinite"


@dataclass
class Tally:
    """Counts the alarms of a stream of points: how many of each kind, and where the first one stood."""

    points: int = 0
    counts: dict[Status, int] = field(default_factory=dict)
    first: dict[Status, float] = field(default_factory=dict)

    def add(self, x: Array, values: Array) -> list[Status]:
        """Count a block of points and their values, arrays of one shape; returns the status of each."""
        self.points += values.size
        x = np.broadcast_to(x, values.shape)
        statuses = [Status.OK] * values.size
        if np.all(np.isfinite(values)):
            return statuses
        alarms = {Status.NAN: np.isnan(values) & ~np.isnan(x), Status.INFINITE: np.isinf(values) & np.isfinite(x)}
        for status, where in alarms.items():
            places = np.flatnonzero(where).tolist()
            if places:
                self.counts[status] = self.counts.get(status, 0) + len(places)
                self.first.setdefault(status, float(x[places[0]]))
            for place in places:
                statuses[place] = status
        return statuses

    def worst(self, x: Array, values: Array) -> Status:
        """Count a block that is one record, such as a vector; its status is that of the first alarm."""
        return next((status for status in self.add(x, values) if status is not Status.OK), Status.OK)


def sentence(name: str, tally: Tally, status: Status, form: str) -> str:
    """The warning of one kind."""
    count = tally.counts[status]
    what = {
        Status.NAN: f"{name} has no value in {form}",
        Status.INFINITE: f"{name} is infinite in {form}",
    }[status]
    points = "point" if tally.points == 1 else "points"
    return f"{what} at {count} of {tally.points} {points}, first at x = {tally.first[status]!r}"
