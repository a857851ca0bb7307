"""The neutral record of a picture: what is drawn, not how. Every renderer of pictures takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from actfn.numerics.kernels import Array

Limits = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Curve:
    """A line through points; where x or y is nan or infinite it is interrupted.

    Attributes:
        label: what the legend calls it.
        x, y: float64, one dimension, of one length.
    """

    label: str
    x: Array
    y: Array

    def __post_init__(self) -> None:
        _one_length(self.label, self.x, self.y)


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars that stand on 0.

    Attributes:
        label: what the legend calls them.
        edges: where they begin and end, ascending, one more than there are bars.
        heights: of each; nan and infinities are left out.
    """

    label: str
    edges: Array
    heights: Array

    def __post_init__(self) -> None:
        _one_length(self.label, self.edges[1:], self.heights)


@dataclass(frozen=True)
class Mark:
    """A point that is pointed out, with what is written beside it. One that does not fit into the picture is left out.

    Attributes:
        curve: the place of the curve whose colour it takes; None for a colour of its own.
    """

    x: float
    y: float
    label: str = ""
    curve: int | None = None


@dataclass(frozen=True)
class Span:
    """A stretch of the x axis that is shaded. Stretches of one name are one entry of the legend."""

    low: float
    high: float
    name: str


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture in one frame.

    Attributes:
        x_limits, y_limits: what is in sight, ascending and finite; None is what the data needs.
        x_log, y_log: whether an axis is logarithmic; what is not positive is then not drawn.
        x_ticks: labels at places of the x axis instead of numbers chosen for it.
        first_colour: the place of the colour of its first curve, so that pictures side by side can share colours.
    """

    curves: tuple[Curve, ...] = ()
    bars: tuple[Bars, ...] = ()
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    x_limits: Limits | None = None
    y_limits: Limits | None = None
    x_log: bool = False
    y_log: bool = False
    x_ticks: tuple[tuple[float, str], ...] = ()
    first_colour: int = 0

    def __post_init__(self) -> None:
        for limits, log in ((self.x_limits, self.x_log), (self.y_limits, self.y_log)):
            if limits and not (np.all(np.isfinite(limits)) and limits[0] < limits[1] and (limits[0] > 0 or not log)):
                message = f"no limits of {'a logarithmic' if log else 'an'} axis: {limits}"
                raise ValueError(message)

    @property
    def labels(self) -> tuple[str, ...]:
        """What the legend names, in the order of their colours: curves first."""
        return (*(curve.label for curve in self.curves), *(bars.label for bars in self.bars))


def _one_length(label: str, x: Array, y: Array) -> None:
    if x.ndim != 1 or x.shape != y.shape:
        message = f"{label!r} has shapes {x.shape} and {y.shape}"
        raise ValueError(message)
