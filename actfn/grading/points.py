"""The points that a function is graded at where nobody names any: the places where wrong ones go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.regime import Regime
from actfn.analysis.saturation import stretches
from actfn.errors import ActfnError
from actfn.functions.function import Function
from actfn.grading.reference import truths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from actfn.functions.function import VectorFunction
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array

_ORDINARY = (0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
_LARGE = (20.0, 50.0, 100.0, 710.0, 1000.0)
_MOST_KINKS = 8
_EXACT_UP_TO = 1e10  # what a formula does to larger numbers may be beyond exactness: exp(1e100)
_NEAREST = 12  # thresholds on either side
_TOLD = frozenset(Regime) - {Regime.OK, Regime.UNDEFINED}
_NOT_FINITE = {"infinities": [-np.inf, np.inf], "nan": [np.nan]}

_VECTORS = {
    "one number": [[0.5]],
    "equal numbers": [[0.0, 0.0], [3.0, 3.0, 3.0, 3.0]],
    "ordinary numbers": [[1.0, 2.0, 3.0], [-1.5, 0.0, 0.25, 2.0], [0.1, -0.1]],
    "numbers far apart": [[0.0, -40.0], [100.0, 0.0, -100.0], [-1000.0, 0.0, 1000.0]],
    "large numbers": [[710.0, 711.0], [1000.0, 1001.0, 1002.0], [1e10, 1e10]],
    "large negative numbers": [[-1000.0, -1001.0], [-746.0, -747.0, -750.0]],
}


@dataclass(frozen=True)
class Group:
    """Questions that are graded together.

    Attributes:
        name: what they are.
        questions: vectors; of one element for a function of a number.
    """

    name: str
    questions: tuple[Array, ...]


def grouped(function: Function | VectorFunction, form: Format) -> tuple[Group, ...]:
    """The default points of a function, numbers of the format, no point twice.

    They are 0, small and ordinary numbers, the kinks and the floats beside them, both sides of each threshold where the
    function or its textbook formula saturates, underflows or overflows, large and huge numbers, the infinities, nan.
    Finite points at which the function has no value are left out.
    """
    if not isinstance(function, Function):
        vectors = {name: [form.round(np.array(each)) for each in listed] for name, listed in _VECTORS.items()}
        taken = {name: tuple(x for x in listed if _takes(function, x)) for name, listed in vectors.items()}
        return tuple(Group(name, questions) for name, questions in taken.items() if questions)
    huge = [form.max / 2.0**shift for shift in (0, 4)]
    huge = [*(each for each in (1e4, 1e10, 1e100, 1e300) if each < huge[1]), *huge[::-1]]
    tiny = [form.smallest_subnormal, form.smallest_normal, form.eps / 4, form.eps**0.5 / 4, 1e-3]
    candidates = {
        "zero": [0.0],
        "its kinks": _beside_kinks(function, form),
        "small numbers": _both(tiny),
        "ordinary numbers": _both(_ORDINARY),
        "its thresholds": _thresholds(function, form),
        "large numbers": _both(_LARGE),
        "huge numbers": _both(huge),
        **_NOT_FINITE,
    }
    seen: set[float] = set()
    groups = []
    for name, numbers in candidates.items():
        points = dict.fromkeys(form.round(np.array(sorted(numbers), np.float64)).tolist())
        fresh = [point for point in points if point not in seen and (np.isfinite(point) or name in _NOT_FINITE)]
        answers = truths(function, singles(fresh), form)
        kept = [
            point
            for point, answer in zip(fresh, answers, strict=True)
            if np.isnan(point) or _has_answer(function, point, float(answer.values[0]))
        ]
        seen.update(kept)
        if kept:
            groups.append(Group(name, singles(kept)))
    return tuple(groups)


def line(function: Function, form: Format) -> tuple[Array, ...]:
    """The finite default points from left to right."""
    points = [float(question[0]) for group in grouped(function, form) for question in group.questions]
    return singles(sorted(point for point in points if np.isfinite(point)))


def singles(points: Iterable[float]) -> tuple[Array, ...]:
    """Each number as a question of its own."""
    return tuple(np.array([point]) for point in points)


def _has_answer(function: Function, point: float, value: float) -> bool:
    """Whether the value at a point is known: not where there is none, or where a formula leaves all exactness."""
    beyond = not function.named and abs(point) > _EXACT_UP_TO and np.isinf(value) and np.isfinite(point)
    return not (np.isnan(value) or beyond)


def _takes(function: VectorFunction, x: Array) -> bool:
    """Whether a function of a vector has a value at one: glu takes an even number of numbers."""
    try:
        return not np.isnan(function.values(x)).any()
    except ActfnError:
        return False


def _both(numbers: Iterable[float]) -> list[float]:
    return [sign * each for each in numbers for sign in (-1.0, 1.0)]


def _beside_kinks(function: Function, form: Format) -> list[float]:
    places = sorted((kink.x for kink in function.kinks()), key=abs)[:_MOST_KINKS]
    at = form.round(np.array(places))
    return [*at.tolist(), *form.neighbour(at, -1).tolist(), *form.neighbour(at, 1).tolist()]


def _thresholds(function: Function, form: Format) -> list[float]:
    """The floats on both sides of where something begins to go wrong, the nearest to 0 on either side of it."""
    versions = [function, function.textbook()] if function.named else [function]
    found = {
        (stretch.before, stretch.first)
        for version in versions
        for stretch in stretches(version, form)
        if stretch.regime in _TOLD and abs(stretch.first) > form.smallest_normal and np.isfinite(stretch.before)
    }
    nearest = sorted(found, key=lambda pair: abs(pair[1]))
    chosen = [pair for side in (-1, 1) for pair in [each for each in nearest if each[1] * side > 0][:_NEAREST]]
    return [point for pair in chosen for point in pair]
