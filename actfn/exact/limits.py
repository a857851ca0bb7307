"""Limits of a function and its derivatives: from one side of a point and at ±inf, and how it behaves there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import inf, nan
from typing import TYPE_CHECKING

from flint import arb, ctx

from actfn.exact.arithmetic import UNDEFINED, UNKNOWN
from actfn.exact.attempt import ACCURACY, LEFT, At, Attempt, Found, settled
from actfn.exact.elementary import Infinite
from actfn.exact.number import Exact, Status, bits_of
from actfn.exact.reals import Exponent, Real
from actfn.exact.unresolved import CertaintyError, NeedBitsError, UndefinedError, UnresolvedError

if TYPE_CHECKING:
    from actfn.exact.series import Expansion
    from actfn.expression.tree import Tree


_DIGITS_OF_FLOAT = 17
_GUARD_BITS = 32


@dataclass(frozen=True)
class Limit:
    """A limit, or why there is none.

    Attributes:
        status: number, infinity, undefined (the function certainly has no real value there) or unresolved.
        number: the limit where it is a number. Where it is unresolved a ball may be known all the same.
        sign: of an infinity 1 or -1, otherwise 0.
        reason: why it is undefined or unresolved.
    """

    status: Status
    number: Real | None = None
    sign: int = 0
    reason: str = ""

    @property
    def known(self) -> bool:
        """Whether it is a number or an infinity."""
        return self.status in (Status.NUMBER, Status.INFINITE)

    def __float__(self) -> float:
        if self.status is Status.INFINITE:
            return self.sign * inf
        return float(self.exact(_DIGITS_OF_FLOAT)) if self.known else nan

    def exact(self, digits: int, minus: float = 0.0) -> Exact:
        """Return the limit, less a constant, as an exact value."""
        if self.status is Status.UNDEFINED:
            return Exact.of(UNDEFINED, digits)
        if self.status is Status.INFINITE:
            return Exact.of(arb(float(self)), digits)
        with ctx.workprec(bits_of(digits) + _GUARD_BITS):
            return Exact.of(self.number.ball - arb(minus) if self.number else UNKNOWN, digits)

    def __str__(self) -> str:
        return repr(float(self)) if self.known else f"{self.status}: {self.reason}"


def answered(found: Found | CertaintyError) -> Limit:
    """The answer to a question as a record."""
    if isinstance(found, Real):
        return Limit(Status.NUMBER, found)
    if isinstance(found, float):
        return Limit(Status.INFINITE, sign=1 if found > 0 else -1)
    if isinstance(found, UndefinedError):
        return Limit(Status.UNDEFINED, reason=str(found))
    return Limit(Status.UNRESOLVED, found.number if isinstance(found, NeedBitsError) else None, reason=str(found))


def limits(tree: Tree, name: str, at: At, order: int = 0, side: int = LEFT, accuracy: int = ACCURACY) -> list[Limit]:
    """Return the limits of a function and its derivatives up to an order, from one side; at ±inf there is only one.

    Args:
        tree: the formula.
        name: its variable.
        at: the point: inf and -inf are points too.
        order: of the highest derivative.
        side: LEFT or RIGHT of the point.
        accuracy: certain bits of a number.
    """
    questions = [partial(Attempt.limit, side=side, order=k) for k in range(order + 1)]
    return [answered(found) for found in settled(questions, tree, name, at, order=order, accuracy=accuracy)]


@dataclass(frozen=True)
class Term:
    """coefficient * t**power * log(t)**log_power * exp(sum of scale); t is |x - at|, at ±inf it is |x|.

    Near a point log(t) stands for log(1/t), so that it is positive.
    """

    coefficient: Real
    power: Exponent
    log_power: Exponent
    scale: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Leading:
    """The leading terms of a function on one side, the largest first.

    Attributes:
        terms: as many as were wanted; fewer, if there are no more.
        exact: whether the function is the sum of these terms.
        reason: why there are no terms, where that is unresolved or undefined.
    """

    terms: tuple[Term, ...]
    exact: bool = False
    reason: str = ""


def leading(tree: Tree, name: str, at: At, side: int = LEFT, count: int = 1) -> Leading:
    """Return the leading terms of a function on one side of a point or at ±inf."""

    def question(attempt: Attempt) -> Leading:
        expansion = attempt.derivative(side, 0)
        if isinstance(expansion, Infinite):
            raise UnresolvedError("the formula is an infinite constant")
        return _leading(expansion, count, -1 if isinstance(attempt.at, float) else 1)

    (found,) = settled([question], tree, name, at, order=count)
    return Leading((), reason=str(found)) if isinstance(found, CertaintyError) else found


def _leading(expansion: Expansion, count: int, direction: int) -> Leading:
    terms: list[Term] = []
    for level in expansion.levels:
        scale: tuple[Term, ...] = ()
        if level.scale and level.terms:
            scale = _leading(level.scale, sum(len(part.terms) for part in level.scale.levels), direction).terms
        for key in sorted(level.terms):
            if len(terms) < count:
                level.terms[key].sign()
                terms.append(Term(level.terms[key], direction * key[0], -key[1], scale))
    levels = expansion.levels
    if not terms and levels:
        expansion.sign()
        raise UnresolvedError("the function is below every power")
    return Leading(
        tuple(terms), all(level.exact for level in levels) and sum(len(level.terms) for level in levels) == len(terms)
    )
