"""Asking for limits: an attempt with some bits and terms, repeated with more until the answers are certain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property, partial
from math import inf, isinf
from typing import TypeVar

from flint import arb, ctx, fmpq

from actfn.exact.budget import BITS, MOST_TERMS, Budget
from actfn.exact.elementary import Infinite
from actfn.exact.expansion import approach, derived, expand, limit
from actfn.exact.reals import Real, named, real
from actfn.exact.series import Expansion, Level, constant
from actfn.exact.unresolved import CertaintyError, NeedBitsError, NeedTermsError, UnresolvedError
from actfn.expression.tree import Apply, Number, Tree

# A float is the rational number that it is, a tree without a variable its exact value. Of any other number a ball is
# given, best by a function that returns a narrow enough one for so many bits.
At = float | Fraction | Tree | arb | Callable[[int], arb]
Found = Real | float  # a number, or inf or -inf
T = TypeVar("T")
FoundT = TypeVar("FoundT", bound="Real | float")

LEFT, RIGHT = -1, 1
ACCURACY = 64  # certain bits of a number, unless more are wanted
_SPARE = 4  # powers of h more than the highest derivative needs


class Attempt:
    """What is known of a function at one point with the bits and terms of one budget.

    Every method raises CertaintyError where the answer is not certain; what was computed once is kept.
    """

    def __init__(self, tree: Tree, name: str, at: At, budget: Budget, accuracy: int, value: At | None = None) -> None:
        self.tree = tree
        self.name = name
        self.given = at
        self.budget = budget
        self.accuracy = accuracy
        self.given_value = value
        self._derivatives: dict[int, list[Expansion | Infinite | CertaintyError]] = {}
        self._value: Found | CertaintyError | None = None

    @cached_property
    def at(self) -> Found:
        """The point."""
        return number(self.given, self.budget)

    def derivative(self, side: int, order: int) -> Expansion | Infinite:
        """The expansion of the derivative of an order; order 0 is the function."""
        known = self._derivatives.setdefault(side, [])
        while len(known) <= order:
            known.append(_caught(partial(self._next, side, known)))
        return _told(known[order])

    def _next(self, side: int, known: list[Expansion | Infinite | CertaintyError]) -> Expansion | Infinite:
        if not known:
            return expand(self.tree, self.name, approach(self.budget, self.at, side))
        last = _told(known[-1])
        return derived(last, self.at, side) if isinstance(last, Expansion) else constant(self.budget, 0)

    def limit(self, side: int, order: int = 0) -> Found:
        """The limit of a derivative."""
        return self.accurate(limit(self.derivative(side, order)))

    def value(self) -> Found:
        """The value at the point: the one that was given, else that of the formula."""
        if self._value is None:
            self._value = _caught(self._computed_value)
        if isinstance(self._value, CertaintyError):
            raise self._value
        return self.accurate(self._value)

    def _computed_value(self) -> Found:
        if self.given_value is not None:
            return number(self.given_value, self.budget)
        assert isinstance(self.at, Real)
        return limit(expand(self.tree, self.name, constant(self.budget, self.at)))

    def quotient(self, side: int) -> Found:
        """The limit of the difference quotient (f(x) - f(at))/(x - at)."""
        value, beside = self.value(), self.derivative(side, 0)
        if not isinstance(value, Real) or not isinstance(beside, Expansion):
            raise UnresolvedError("a difference quotient of infinities")
        step = Expansion(self.budget, (Level(None, {(-1, 0): real(side)}),))
        return self.accurate(limit((beside - constant(self.budget, value)) * step))

    def same(self, order: int) -> bool:
        """Whether the limits of a derivative from left and right are equal."""
        return equal(limit(self.derivative(LEFT, order)), limit(self.derivative(RIGHT, order)))

    def same_quotients(self) -> bool:
        """Whether the limits of the difference quotients from left and right are equal."""
        return equal(self.quotient(LEFT), self.quotient(RIGHT))

    def holds(self, side: int) -> bool:
        """Whether the value at the point is the limit from a side."""
        return equal(limit(self.derivative(side, 0)), self.value())

    def accurate(self, found: FoundT) -> FoundT:
        """The number itself. Raise NeedBitsError where too few of its bits are certain."""
        if isinstance(found, Real) and found.rational is None:
            bits = found.ball.rel_accuracy_bits()
            if bits < self.accuracy:
                raise NeedBitsError(f"only {max(bits, 0)} bits of a number are certain", found)
        return found


def number(given: At, budget: Budget) -> Found:
    """Return the number that is given as a point or value. Raise CertaintyError if it is none."""
    if isinstance(given, Number):
        given = given.value
    if isinstance(given, Apply):
        return limit(expand(given, "", constant(budget, 0)))
    if isinstance(given, arb) or callable(given):
        return named("point", given if isinstance(given, arb) else given(budget.bits))
    assert isinstance(given, (int, float, Fraction))
    return float(given) if isinf(given) else real(fmpq(*given.as_integer_ratio()))


def equal(first: Found, second: Found) -> bool:
    """Whether two limits are equal. Raise NeedBitsError where it is not certain."""
    if isinstance(first, Real) and isinstance(second, Real):
        return (first - second).sign() == 0
    return not isinstance(first, Real) and not isinstance(second, Real) and first == second


def settled(
    questions: Sequence[Callable[[Attempt], T]],
    tree: Tree,
    name: str,
    at: At,
    *,
    order: int = 0,
    accuracy: int = ACCURACY,
    value: At | None = None,
) -> list[T | CertaintyError]:
    """Return the answers, or why there is none, of attempts with more and more bits and terms."""
    answers: list[T | CertaintyError] = [NeedBitsError("")] * len(questions)
    bits = next(bits for bits in (*BITS, inf) if bits >= 2 * accuracy or bits == BITS[-1])
    terms, budget = order + _SPARE, Budget()
    while True:
        budget = Budget(int(bits), terms, budget.work)
        with ctx.workprec(budget.bits):
            attempt = Attempt(tree, name, at, budget, accuracy, value)
            for index, question in enumerate(questions):
                if isinstance(answers[index], (NeedBitsError, NeedTermsError)):
                    answers[index] = _caught(partial(question, attempt))
        more_bits = bits < BITS[-1] and any(isinstance(answer, NeedBitsError) for answer in answers)
        more_terms = terms < MOST_TERMS and any(isinstance(answer, NeedTermsError) for answer in answers)
        if not (more_bits or more_terms):
            return answers
        bits, terms = bits * 4 if more_bits else bits, terms * 2 if more_terms else terms


def _caught(compute: Callable[[], T]) -> T | CertaintyError:
    try:
        return compute()
    except CertaintyError as error:
        return error


def _told(found: Expansion | Infinite | CertaintyError) -> Expansion | Infinite:
    if isinstance(found, CertaintyError):
        raise found
    return found
