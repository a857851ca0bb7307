"""From what was asked for to pictures: which curves, in which frame, with which points and stretches pointed out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.histogram import histogram
from actfn.analysis.sampling import LARGEST, look, range_of
from actfn.catalogue import lookup
from actfn.errors import UsageError
from actfn.functions.function import Function, VectorFunction
from actfn.numerics.formats import FLOAT64
from actfn.output.axes import short
from actfn.output.figure import Bars, Curve, Figure, Mark, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array
    from actfn.output.figure import Limits

MOST_CURVES = 24
_LOG_RANGE = 0.01, 100.0
_DIGITS = 6


@dataclass(frozen=True)
class Frame:
    """How a picture was asked for.

    Attributes:
        x_limits, y_limits: what is in sight; None where it is to be chosen.
        columns: of the canvas, roughly.
        form: the format to compute in; None where it was not named.
    """

    x_limits: Limits | None = None
    y_limits: Limits | None = None
    columns: int = 80
    form: Format | None = None
    x_log: bool = False
    y_log: bool = False
    title: str = ""

    def __post_init__(self) -> None:
        for limits, log, axis in ((self.x_limits, self.x_log, "x"), (self.y_limits, self.y_log, "y")):
            if limits and max(map(abs, limits)) > LARGEST:
                message = f"no axis reaches to {max(limits, key=abs):g}"
                raise UsageError(message, hint=f"the largest number that can be seen is {LARGEST:g}")
            if limits and log and limits[0] <= 0:
                message = f"a logarithmic axis has no place for {limits[0]:g}"
                raise UsageError(message, hint=f"begin above 0, or leave out --log{axis}")


@dataclass(frozen=True)
class Labelled:
    """A function and what a legend calls it."""

    function: Function
    label: str


def resolved(texts: Sequence[str], values: Mapping[str, Sequence[float]]) -> list[Labelled] | list[VectorFunction]:
    """The functions that texts mean, one for each combination of the values that concern it.

    Raises:
        ActfnError: a text is no function, or a parameter is one of none of them; or there are too many curves.
    """
    concerned = lookup.concerned(texts, {name: several[0] for name, several in values.items()})
    scalar: list[Labelled] = []
    vectors: list[VectorFunction] = []
    for text in texts:
        for combination in product(*(values[name] for name in concerned[text])):
            given = dict(zip(concerned[text], combination, strict=True))
            found = lookup.function(text, **given)
            if isinstance(found, Function):
                scalar.append(Labelled(found, _label(found, given)))
            else:
                vectors.append(found)
            if len(scalar) > MOST_CURVES:
                message = f"more than {MOST_CURVES} curves cannot be told apart"
                raise UsageError(message, hint="give fewer values to -p")
    if scalar and vectors:
        message = f"{vectors[0].name!r} is a function of a vector, {scalar[0].label!r} one of a number"
        raise UsageError(message, hint="plot them one after the other")
    return vectors or scalar


def _label(function: Function, given: Mapping[str, float]) -> str:
    """A name with the values it was given: leaky_relu(alpha=0.1)."""
    if not given:
        return function.name
    values = ", ".join(f"{name}={short(value)}" for name, value in given.items())
    return f"{function.name}({values})" if function.name.isidentifier() else f"{function.name}, {values}"


def with_derivatives(functions: Sequence[Labelled], order: int) -> list[Labelled]:
    """Each function followed by its derivative."""
    return [
        each
        for found in functions
        for each in (found, Labelled(found.function.derivative(order), _derivative_label(found.label, order)))
    ]


def _derivative_label(label: str, order: int) -> str:
    if order > 3:
        return f"derivative {order} of {label}"
    return f"{label if label.isidentifier() else f'({label})'}{chr(39) * order}"


def of_functions(
    functions: Sequence[Labelled], frame: Frame, at: Sequence[float] = (), special: Collection[str] = ()
) -> Figure:
    """The curves of functions in one frame, with the points at some x and the special ones of `SPECIAL` marked."""
    alone = [each.function for each in functions]
    x_limits = frame.x_limits or (_LOG_RANGE if frame.x_log else None)
    if x_limits is None and at:
        low, high = range_of(alone)
        finite = [x for x in at if np.isfinite(x)]
        x_limits = min([low, *finite]), max([high, *finite])
    form = frame.form or FLOAT64
    seen = look(alone, 4 * frame.columns, form=form, x_limits=x_limits, y_limits=frame.y_limits, log=frame.x_log)
    curves = tuple(Curve(each.label, *points) for each, points in zip(functions, seen.points, strict=True))
    marks = (*_marks(functions, at, form), *_special(functions, special, seen.x_limits))
    y_limits = frame.y_limits
    if y_limits is None and seen.y_limits and not frame.y_log:
        heights = [mark.y for mark in marks if np.isfinite(mark.y)]
        y_limits = min([seen.y_limits[0], *heights]), max([seen.y_limits[1], *heights])
    variables = dict.fromkeys(function.variable for function in alone)
    return Figure(
        curves=curves,
        marks=marks,
        spans=tuple(_regions(functions, form, seen.x_limits)) if frame.form else (),
        title=frame.title,
        x_label=name if len(variables) == 1 and (name := next(iter(variables))) != "x" else "",
        x_limits=seen.x_limits,
        y_limits=y_limits,
        x_log=frame.x_log,
        y_log=frame.y_log,
    )


def _marks(functions: Sequence[Labelled], at: Sequence[float], form: Format) -> Iterator[Mark]:
    points = form.round(np.array(at, np.float64))
    for place, each in enumerate(functions):
        for x, y in zip(points.tolist(), each.function.values(points, form).tolist(), strict=True):
            yield Mark(x, y, f"({short(x, _DIGITS)}, {short(y, _DIGITS)})", place)


def _special(functions: Sequence[Labelled], wanted: Collection[str], x_limits: Limits) -> Iterator[Mark]:
    """Zeros, extrema and breaks that lie in sight."""
    if not wanted:
        return
    from actfn.analysis.properties import properties

    for place, each in enumerate(functions):
        known = properties(each.function)
        points: list[tuple[str, str, float, float]] = []
        points += [("zeros", "zero", zero.low, 0.0) for zero in known.zeros if zero.low == zero.high]
        points += [
            ("extrema", "maximum" if extremum.is_maximum else "minimum", extremum.x, extremum.value)
            for extremum in known.extrema
        ]
        for broken in known.breaks:
            for y in dict.fromkeys((broken.left, broken.right)):
                points.append(("kinks", str(broken.kind), broken.x, y))
        for kind, name, x, y in points:
            if kind in wanted and x_limits[0] <= x <= x_limits[1]:
                yield Mark(x, y, f"{name} ({short(x)}, {short(y)})", place)


def _regions(functions: Sequence[Labelled], form: Format, x_limits: Limits) -> Iterator[Span]:
    """The stretches in sight where the floats of a format do not tell the truth about a function."""
    from actfn.analysis.regime import Regime
    from actfn.analysis.saturation import stretches

    told = {
        Regime.SATURATED: "is exactly {value}",
        Regime.VANISHED: "is exactly 0",
        Regime.UNDERFLOW: "underflows",
        Regime.OVERFLOW: "overflows",
        Regime.INVALID: "is nan",
    }
    for each in functions:
        for stretch in stretches(each.function, form):
            if stretch.regime in told and stretch.high >= x_limits[0] and stretch.low <= x_limits[1]:
                what = told[stretch.regime].format(value=short(stretch.value, _DIGITS))
                start = f"x = {short(stretch.first, _DIGITS)}"
                outwards = f"up to {start}" if stretch.first == stretch.high else f"from {start}"
                yield Span(stretch.low, stretch.high, f"{each.label} {what} in {form.name} {outwards}")


def of_distribution(functions: Sequence[Labelled], values: Array, frame: Frame) -> tuple[list[Figure], int]:
    """The distribution of numbers, and of what each function makes of them; and how many numbers were left out."""
    form = frame.form or FLOAT64
    before = form.round(values)
    panels = [("before", before), *((each.label, each.function.values(before, form)) for each in functions)]
    most = max(8, min(60, frame.columns // len(panels) - 10))
    counted = [(label, histogram(numbers, most)) for label, numbers in panels]
    figures = [
        Figure(
            bars=(Bars(label, found.edges, found.shares),),
            title=frame.title if not place else "",
            y_label="share",
            x_limits=(float(found.edges[0]), float(found.edges[-1])),
        )
        for place, (label, found) in enumerate(counted)
    ]
    return figures, max(found.left_out for _, found in counted)


def of_vectors(functions: Sequence[VectorFunction], vector: Array, frame: Frame) -> list[Figure]:
    """The elements of a vector, and of what each function makes of it, as bars."""
    form = frame.form or FLOAT64
    panels = [("before", form.round(vector)), *((each.name, each.values(vector, form)) for each in functions)]
    return [
        Figure(
            bars=(Bars(label, 0.5 + np.arange(elements.size + 1.0), elements),),
            title=frame.title if not place else "",
            x_limits=(0.5, elements.size + 0.5),
            x_ticks=tuple((float(k), str(k)) for k in range(1, elements.size + 1)),
        )
        for place, (label, elements) in enumerate(panels)
    ]
