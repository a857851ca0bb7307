"""Asking for limits: an attempt with some bits and terms, repeated with more until the answers are certain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property, partial
from math import inf, isinf
from typing import TypeVar

from flint import arb, ctx, fmpq

from actfn.exact.context import BITS, MOST_TERMS, Context
from actfn.exact.elementary import Infinite
from actfn.exact.expansion import approach, derived, expand, limit
from actfn.exact.levels import Level
from actfn.exact.reals import Real, enclosed, real
from actfn.exact.series import Expansion, constant, mirrored
from actfn.exact.unresolved import CertaintyError, NeedBitsError, NeedTermsError, UnresolvedError
from actfn.expression.tree import Apply, Number, Tree

# A float is the rational number that it is, a tree without a variable its exact value. Of any other number a ball is
# given, best by a function that returns a narrow enough one for so many bits.
At = float | Fraction | Tree | arb | Callable[[int], arb]
Series = Expansion | Infinite
Found = Real | float  # a number, or inf or -inf
T = TypeVar("T")
FoundT = TypeVar("FoundT", bound="Real | float")

LEFT, RIGHT = -1, 1
ACCURACY = 64  # certain bits of a number, unless more are wanted
_SPARE = 4  # powers of h more than the highest derivative needs


class Attempt:
    """What is known of a function at one point with the bits and terms of one context.

    Every method raises CertaintyError where the answer is not certain; what was computed once is kept.

    Attributes:
        two_sided: whether the function is one Laurent series on both sides, so that limits are the same on both.
        continuous: whether it is so at the point itself too.
    """

    def __init__(self, tree: Tree, name: str, at: At, context: Context, accuracy: int) -> None:
        self.tree = tree
        self.name = name
        self.given = at
        self.context = context
        self.accuracy = accuracy
        self.two_sided = False
        self.continuous = False
        self._derivatives: dict[int, list[Series | CertaintyError]] = {}
        self._value: Found | CertaintyError | None = None

    @cached_property
    def at(self) -> Found:
        """The point."""
        return number(self.given, self.context)

    @cached_property
    def _functions(self) -> tuple[Series | CertaintyError, Series | CertaintyError]:
        """The expansions to the left and to the right."""
        right = self._expanded(RIGHT)
        if self.two_sided and isinstance(right, Expansion):
            return mirrored(right), right
        return self._expanded(LEFT), right

    def _expanded(self, side: int) -> Series | CertaintyError:
        self.context.one_sided = self.context.singular = False
        found = _caught(lambda: expand(self.tree, self.name, approach(self.context, self.at, side)))
        if side == RIGHT:
            self.two_sided = not self.context.one_sided and isinstance(self.at, Real)
            self.continuous = self.two_sided and not self.context.singular
        return found

    def derivative(self, side: int, order: int) -> Series:
        """The expansion of the derivative of an order; order 0 is the function."""
        known = self._derivatives.setdefault(side, [self._functions[side == RIGHT]])
        while len(known) <= order:
            known.append(_caught(partial(self._derived, known[-1], side)))
        return _told(known[order])

    def _derived(self, found: Series | CertaintyError, side: int) -> Series:
        last = _told(found)
        return derived(last, self.at, side) if isinstance(last, Expansion) else constant(self.context, 0)

    def limit(self, side: int, order: int = 0) -> Found:
        """The limit of a derivative."""
        return self.accurate(limit(self.derivative(side, order)))

    def value(self) -> Found:
        """The value at the point."""
        if self._value is None:
            self._value = _caught(self._computed_value)
        if isinstance(self._value, CertaintyError):
            raise self._value
        return self.accurate(self._value)

    def _computed_value(self) -> Found:
        if not isinstance(self.at, Real):
            raise UnresolvedError("a function has limits at infinity, and no value")
        beside = self._functions[1]
        if self.continuous:
            return limit(_told(beside))
        return limit(expand(self.tree, self.name, constant(self.context, self.at)))

    def quotient(self, side: int) -> Found:
        """The limit of the difference quotient (f(x) - f(at))/(x - at); of an analytic function the derivative."""
        beside = self.derivative(side, 0)
        if self.continuous:
            return self.limit(side, 1)
        value = self.value()
        if not isinstance(value, Real) or not isinstance(beside, Expansion):
            raise UnresolvedError("a difference quotient of infinities")
        step = Expansion(self.context, (Level(None, {(-1, 0): real(side)}),))
        return self.accurate(limit((beside - constant(self.context, value)) * step))

    def same(self, order: int) -> bool:
        """Whether the limits of a derivative from left and right are equal."""
        return self._equal(limit(self.derivative(LEFT, order)), limit(self.derivative(RIGHT, order)))

    def same_quotients(self) -> bool:
        """Whether the limits of the difference quotients from left and right are equal."""
        return self._equal(self.quotient(LEFT), self.quotient(RIGHT))

    def _equal(self, left: Found, right: Found) -> bool:
        if self.two_sided and isinstance(left, Real) and isinstance(right, Real):
            return True
        return equal(left, right)

    def holds(self) -> bool:
        """Whether the value at the point is the limit from the left."""
        beside = limit(self.derivative(LEFT, 0))
        return self.continuous or equal(beside, self.value())

    def accurate(self, found: FoundT) -> FoundT:
        """The number itself. Raise NeedBitsError where too few of its bits are certain."""
        if isinstance(found, Real) and found.rational is None:
            bits = found.ball.rel_accuracy_bits()
            if bits < self.accuracy:
                raise NeedBitsError(f"only {max(bits, 0)} bits of a number are certain", found)
        return found


def number(given: At, context: Context) -> Found:
    """Return the number that is given as a point. Raise CertaintyError if it is none."""
    if isinstance(given, Number):
        given = given.value
    if isinstance(given, Apply):
        return limit(expand(given, "", constant(context, 0)))
    if isinstance(given, arb) or callable(given):
        return enclosed(given if isinstance(given, arb) else given(context.bits))
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
) -> list[T | CertaintyError]:
    """Return the answers, or why there is none, of attempts with more and more bits and terms."""
    answers: list[T | CertaintyError] = [NeedBitsError("")] * len(questions)
    bits = next(bits for bits in (*BITS, inf) if bits >= 2 * accuracy or bits == BITS[-1])
    terms, context = order + _SPARE, Context()
    while True:
        context = Context(int(bits), terms, context.work)
        with ctx.workprec(context.bits):
            attempt = Attempt(tree, name, at, context, accuracy)
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


def _told(found: Series | CertaintyError) -> Series:
    if isinstance(found, CertaintyError):
        raise found
    return found
