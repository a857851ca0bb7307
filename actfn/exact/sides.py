"""What a function does at a finite point: on the left, on the right and at it, and what kind of point that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from actfn.exact.attempt import ACCURACY, LEFT, RIGHT, At, Attempt, Found, settled
from actfn.exact.limits import Limit, answered
from actfn.exact.number import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.exact.unresolved import CertaintyError
    from actfn.expression.tree import Tree


class PointKind(StrEnum):
    """What kind of point it is for a function."""

    SMOOTH = "smooth"  # up to the order that was asked for
    KINK = "kink"  # a derivative jumps; the function and the derivatives before it are continuous
    VERTICAL_TANGENT = "vertical tangent"  # a derivative has the same infinite limit on both sides
    REMOVABLE = "removable singularity"  # the limits are equal, and the value is another one or undefined
    JUMP = "jump"
    POLE = "pole"  # a limit is infinite
    BORDER = "border of the domain"  # the function is undefined on one side
    UNDEFINED = "undefined"  # on both sides
    UNRESOLVED = "unresolved"


@dataclass(frozen=True)
class Side:
    """What a function does on one side.

    Attributes:
        limits: of the function and its derivatives, by order.
        quotient: the limit of (f(x) - f(at))/(x - at), which is the one-sided slope by definition.
    """

    limits: tuple[Limit, ...]
    quotient: Limit


@dataclass(frozen=True)
class Sides:
    """What a function does at a point.

    Attributes:
        left, right: the two sides.
        value: at the point itself.
        same: by order, whether the limits from left and right are equal; None where it is not certain.
        same_quotients: the same of the difference quotients.
        holds: whether the value equals the limit from the left; None where it is not certain.
    """

    left: Side
    right: Side
    value: Limit
    same: tuple[bool | None, ...]
    same_quotients: bool | None
    holds: bool | None

    @property
    def kind(self) -> PointKind:
        """What kind of point it is."""
        return self._point()[0]

    @property
    def order(self) -> int:
        """Of the first derivative that is not continuous, or unresolved; of a smooth point the highest asked for."""
        return self._point()[1]

    def _point(self) -> tuple[PointKind, int]:
        kind = self._kind_of_value()
        if kind:
            return kind, 0
        for order, same in enumerate(self.same[1:], 1):
            if same is None:
                return PointKind.UNRESOLVED, order
            if not same:
                return PointKind.KINK, order
            if self.left.limits[order].status is Status.INFINITE:
                return PointKind.VERTICAL_TANGENT, order
        return PointKind.SMOOTH, len(self.same) - 1

    def _kind_of_value(self) -> PointKind | None:
        """The kind of a point where the function itself is not continuous."""
        statuses = {self.left.limits[0].status, self.right.limits[0].status}
        if statuses == {Status.UNDEFINED}:
            return PointKind.UNDEFINED
        for status, kind in (
            (Status.INFINITE, PointKind.POLE),
            (Status.UNRESOLVED, PointKind.UNRESOLVED),
            (Status.UNDEFINED, PointKind.BORDER),
        ):
            if status in statuses:
                return kind
        for holds, kind in ((self.same[0], PointKind.JUMP), (self._value_holds(), PointKind.REMOVABLE)):
            if not holds:
                return PointKind.UNRESOLVED if holds is None else kind
        return None

    def _value_holds(self) -> bool | None:
        return False if self.value.status is Status.UNDEFINED else self.holds

    def derivative(self, order: int) -> Limit:
        """Return the derivative at the point itself.

        It is the limit of the derivative where that is the same from both sides and all derivatives before it are
        continuous. A slope that is not continuous is the limit of the difference quotient: that of x**2*sin(1/x) at 0.
        Where the two sides differ it is undefined.
        """
        kind, first = self._point()
        if order < first or kind is PointKind.SMOOTH or (order == first and kind is PointKind.VERTICAL_TANGENT):
            return self.left.limits[order]
        if order == 1 and kind is PointKind.UNRESOLVED and self.same_quotients is not None:
            return (
                self.left.quotient if self.same_quotients else Limit(Status.UNDEFINED, reason="left and right differ")
            )
        if kind is PointKind.UNRESOLVED:
            parts = (self.left.limits[first], self.right.limits[first], self.value)
            reasons = [part.reason for part in parts if part.status is Status.UNRESOLVED]
            return Limit(Status.UNRESOLVED, reason=(*reasons, "two limits are not certainly equal")[0])
        return Limit(Status.UNDEFINED, reason=f"{kind} of order {first}")


def one_sided(tree: Tree, name: str, at: At, order: int = 0, *, accuracy: int = ACCURACY) -> Sides:
    """Return what the function does on both sides of a finite point, and at it.

    Args:
        tree: the formula.
        name: its variable.
        at: the point, which is taken exactly.
        order: of the highest derivative.
        accuracy: certain bits of a limit that is a number.
    """
    orders, both = range(order + 1), (LEFT, RIGHT)
    questions: list[Callable[[Attempt], Found | bool]] = [
        *(partial(Attempt.limit, side=side, order=k) for side in both for k in orders),
        *(partial(Attempt.quotient, side=side) for side in both),
        Attempt.value,
        *(partial(Attempt.same, order=k) for k in orders),
        Attempt.same_quotients,
        Attempt.holds,
    ]
    answers = iter(settled(questions, tree, name, at, order=order, accuracy=accuracy))
    left, right = [tuple(answered(next(answers)) for _ in orders) for _ in (LEFT, RIGHT)]
    return Sides(
        Side(left, answered(next(answers))),
        Side(right, answered(next(answers))),
        answered(next(answers)),
        tuple(_certain(next(answers)) for _ in orders),
        *(_certain(next(answers)) for _ in range(2)),
    )


def _certain(answer: Found | bool | CertaintyError) -> bool | None:
    return answer if isinstance(answer, bool) else None
