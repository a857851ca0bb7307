"""How far computed values are from the exact ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from actfn.expression.tree import variables
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from actfn.exact.number import Exact
    from actfn.exact.value import Undecided
    from actfn.functions.function import Function
    from actfn.numerics.kernels import Array

_NO_DIGIT = 0.5  # relative error from which on no digit of a value is right
_ROUNDED = 2  # ULP: a subnormal number may have no digit and be rounded well


@dataclass(frozen=True)
class Exactness:
    """Computed values beside the exact ones.

    Attributes:
        exact: the exact values, one a point.
        ulp: the errors of the computed values in spacings of the format; inf where only one of the two is a number.
        relative: the errors relative to the exact values.
        undecided: by place, what makes an exact value unknown, if it is a condition or a step.
    """

    exact: Sequence[Exact]
    ulp: Array
    relative: Array
    undecided: Mapping[int, Undecided]


def exactness(function: Function, x: Array, values: Array, form: Format = FLOAT64, digits: int = 30) -> Exactness:
    """Compare values of a function with the exact ones.

    Args:
        function: the function, or a derivative.
        x: float64, one dimension, numbers of the format.
        values: what was computed at x, of the same shape.
        form: the format it was computed in.
        digits: to how many significant digits the exact values are wanted.
    """
    # one question for each number; for a constant, one
    asked = x.tolist() if function.variable in variables(function.tree) else [0.0] * x.size
    known = {point: function.exact(point, digits) for point in dict.fromkeys(asked)}
    exact_values = [known[point] for point in asked]
    pairs = list(zip(values.tolist(), exact_values, strict=True))
    ulp = np.array([exact.ulp_error(computed, form) for computed, exact in pairs], np.float64)
    relative = np.array([exact.relative_error(computed) for computed, exact in pairs], np.float64)
    doubts = {point: function.undecided(point) for point, each in known.items() if not each.certain}
    undecided = {place: found for place, point in enumerate(asked) if (found := doubts.get(point))}
    return Exactness(exact_values, ulp, relative, undecided)


@dataclass
class Losses:
    """Counts, over a stream of points, finite values of which no digit is right, and exact ones that are not known.

    Attributes:
        wrong, first_wrong: of which no digit is right; the first point, the value there and the exact one.
        untold, first_untold: exact ones that are not to be told from 0; the first point, and what is known.
        undecided, first_undecided: exact ones that a condition or step, which no digit decides, leaves open; the
            first point, and what is undecided.
        unknown, first_unknown: exact ones of which nothing is known, as where a part is too large; the first point.
        points: all.
    """

    wrong: int = 0
    first_wrong: tuple[float, float, Exact] | None = None
    untold: int = 0
    first_untold: tuple[float, Exact] | None = None
    undecided: int = 0
    first_undecided: tuple[float, Undecided] | None = None
    unknown: int = 0
    first_unknown: float | None = None
    points: int = field(default=0)

    def __bool__(self) -> bool:
        return bool(self.wrong or self.untold or self.undecided or self.unknown)

    def add(self, x: Array, values: Array, result: Exactness) -> None:
        """Count a block."""
        self.points += x.size
        # what is not finite is an alarm of its own
        wrong = (result.relative >= _NO_DIGIT) & (result.ulp > _ROUNDED) & np.isfinite(values)
        for place in np.flatnonzero(wrong).tolist():
            if result.exact[place].certain:
                self.wrong += 1
                self.first_wrong = self.first_wrong or (
                    float(x[place]),
                    float(values[place]),
                    result.exact[place],
                )
        for place, each in enumerate(result.exact):
            if place in result.undecided:
                self.undecided += 1
                self.first_undecided = self.first_undecided or (float(x[place]), result.undecided[place])
            elif each.bounded:
                self.untold += 1
                self.first_untold = self.first_untold or (float(x[place]), each)
            elif not each.certain:
                self.unknown += 1
                self.first_unknown = float(x[place]) if self.first_unknown is None else self.first_unknown
