"""Expansions in h -> 0+: how they are represented, added, multiplied, raised to powers and composed.

An expansion is a sum of *levels*, each beyond all powers of h smaller than the one before:

    exp(scale) * (sum of c * h^p * l^m + O(h^P l^M))        with l = 1/log(1/h), so that 0 < h^a < l < 1

Poles are negative p, roots are fractional p, logarithms are negative m, and exponentially small or large parts have a
scale. A scale is itself an expansion, exact and beyond log(h). Keys (p, m) are ordered lexicographically, and the
smallest dominates. Only the last level can be inexact: by a remainder O(h^P l^M), or by a `flat` remainder, which is
below every power of h and of which only the sign may be known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from actfn.exact.levels import (
    ZERO,
    Key,
    Level,
    Sign,
    compared,
    multiplied,
    plus,
    shifted,
    sign_of_level,
    sum_of_scales,
    sum_of_signs,
    times,
    trimmed_to,
)
from actfn.exact.reals import Exponent, Real, real
from actfn.exact.unresolved import NeedTermsError, UndefinedError, UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from flint import fmpq

    from actfn.exact.context import Context


LEVELS = 3  # that an expansion keeps
LOG_TERMS = 6  # of a series in powers of l
MOST_POWERS = 200  # that a composition takes
OSCILLATES = "of an oscillation only bounds are known"
_MULTIPLIED_OUT = 64  # whole powers up to this one are products


class Expansion:
    """What a function is as h -> 0+.

    Attributes:
        context: of the attempt that it belongs to.
        levels: the largest first; none for exactly 0.
        rough: whether the remainder may oscillate, so that its derivative is not bounded by its own bound.
    """

    __slots__ = ("context", "levels", "rough")

    def __init__(self, context: Context, levels: tuple[Level, ...], rough: bool = False) -> None:
        self.context = context
        self.levels = levels
        self.rough = rough

    @property
    def is_zero(self) -> bool:
        """Whether it is exactly 0."""
        return not self.levels

    def sign(self) -> int:
        """Return -1, 0 or 1, the sign for all small h. Raise UnresolvedError where it is not certain."""
        if not self.levels:
            return 0
        if self.rough and not self.levels[0].terms:
            raise UnresolvedError(OSCILLATES)
        first = self.levels[0]
        key = min(first.terms) if first.terms else None
        even = key is not None and first.scale is None and key[1] == 0 and key[0] % 2 == 0
        self.context.flag(one_sided=not even, singular=not even or key != ZERO)
        return first.sign()

    def constant(self) -> Real | None:
        """The number that it is exactly, for all h; None where it is not a constant."""
        if not self.levels:
            return real(0)
        level = self.levels[0]
        exact = len(self.levels) == 1 and level.exact and level.scale is None and set(level.terms) == {ZERO}
        return level.terms[ZERO] if exact else None

    def lift(self, value: Real | int | Fraction | fmpq) -> Expansion:
        """The constant, in the same attempt."""
        return constant(self.context, value)

    def __neg__(self) -> Expansion:
        levels = (
            Level(scale, {key: -c for key, c in terms.items()}, order, flat and -flat)
            for scale, terms, order, flat in self.levels
        )
        return Expansion(self.context, tuple(levels), self.rough)

    def __add__(self, other: Expansion) -> Expansion:
        if self.is_zero:
            return other
        if other.is_zero:
            return self
        return gathered(self.context, (*self.levels, *other.levels), self.rough or other.rough)

    def __sub__(self, other: Expansion) -> Expansion:
        return self.lift(0) if self is other else self + -other

    def __mul__(self, other: Expansion) -> Expansion:
        products = [times(self.context, level, factor) for level in self.levels for factor in other.levels]
        return gathered(self.context, products, bool(products) and (self.rough or other.rough))

    def __truediv__(self, other: Expansion) -> Expansion:
        return self * other.power(-1)

    def scaled(self, factor: Real) -> Expansion:
        """The product with a number."""
        return self * self.lift(factor)

    def split(self) -> tuple[Expansion | None, Key, Real, Expansion]:
        """Return scale, key, coefficient and small, where self = exp(scale) c h^p l^m (1 + small) and small -> 0."""
        if not self.levels:
            raise UndefinedError("division by 0")
        first, *rest = self.levels
        if not first.terms:
            raise unknown(self) if first.order else UnresolvedError("a power of what is below every power of h")
        key = min(first.terms)
        coefficient = first.terms[key]
        if not coefficient.sign():
            raise UnresolvedError("a leading coefficient is 0 without an exact form")
        inverse, back = coefficient.power(-1), (-key[0], -key[1])
        levels = [Level(None, {k: c for k, c in first.terms.items() if k != key}, first.order, first.flat), *rest]
        small = [
            Level(
                level.scale if index == 0 else sum_of_scales(level.scale, first.scale and -first.scale),
                {shifted(k, back): c * inverse for k, c in level.terms.items()},
                level.order and shifted(level.order, back),
                level.flat and level.flat * coefficient.sign(),
            )
            for index, level in enumerate(levels)
            if not level.empty
        ]
        return first.scale, key, coefficient, Expansion(self.context, tuple(small), self.rough)

    def power(self, exponent: Exponent) -> Expansion:
        """Raise to a rational power. Raise UndefinedError for a root of a negative number and a negative power of 0."""
        if exponent == 0:
            return self.lift(1)
        if exponent > 0 and self._keeps_its_form(exponent):
            return self
        number = self.constant()
        if number is not None and not number.is_zero:
            return self.lift(number.power(exponent))
        if exponent.denominator == 1 and 0 < exponent <= _MULTIPLIED_OUT:
            return self._multiplied_out(int(exponent))
        scale, key, coefficient, small = self.split()
        self.context.flag(one_sided=key != ZERO and exponent.denominator != 1, singular=key != ZERO)
        if exponent.denominator != 1 and coefficient.sign() < 0:
            raise UndefinedError("a root of a negative number")
        binomial, factors = real(1), []
        for k in range(terms_wanted(small)):
            factors.append(binomial)
            binomial = binomial * real(exponent - k) * real(k + 1).power(-1)
        raised = composed(factors, small)
        leading = Level(
            scale and scale.scaled(real(exponent)),
            {multiplied(key, exponent): coefficient.power(exponent)},
        )
        return raised * Expansion(self.context, (leading,))

    def _keeps_its_form(self, exponent: Exponent) -> bool:
        """Whether it is 0, or a positive remainder below every power, as its powers are; or an odd power of such."""
        if not self.levels:
            return True
        first = self.levels[0]
        pure = not first.terms and first.order is None and first.scale is None
        return pure and (first.flat == 1 or (exponent.denominator == 1 and exponent % 2 == 1 and first.flat == -1))

    def _multiplied_out(self, exponent: int) -> Expansion:
        result, square = None, self
        while exponent:
            if exponent & 1:
                result = square if result is None else result * square
            exponent >>= 1
            if exponent:
                square = square * square
        assert result is not None
        return result


def constant(context: Context, value: Real | int | Fraction | fmpq) -> Expansion:
    """The expansion of a number."""
    number = value if isinstance(value, Real) else real(value)
    return Expansion(context, () if number.vanishes else (Level(None, {ZERO: number}),))


def bounded(context: Context) -> Expansion:
    """What is known of an oscillation between finite bounds: O(1)."""
    context.flag(one_sided=True, singular=True)
    return Expansion(context, (Level(None, {}, ZERO),), rough=True)


def mirrored(expansion: Expansion) -> Expansion:
    """The expansion of the function on the other side, of one that is the same series in h there."""
    levels = (
        level._replace(terms={key: -c if key[0] % 2 else c for key, c in level.terms.items()})
        for level in expansion.levels
    )
    return Expansion(expansion.context, tuple(levels), expansion.rough)


def gathered(context: Context, levels: Iterable[Level], rough: bool = False) -> Expansion:
    """The sum of levels: those of one scale are added, and what an inexact level hides is dropped."""
    groups: list[Level] = []
    for level in levels:
        for index, other in enumerate(groups):
            order = compared(level.scale, other.scale)
            if order == 0:
                groups[index] = plus(other, level)
                break
            if order > 0:
                groups.insert(index, level)
                break
        else:
            groups.append(level)
    kept: list[Level] = []
    for index, level in enumerate(groups):
        trimmed = trimmed_to(level, context.terms)
        if trimmed.empty:
            continue
        hidden = [other for other in groups[index + 1 :] if not other.empty]
        last = not trimmed.exact or len(kept) == LEVELS - 1
        if last and hidden and trimmed.order is None:
            sign = _sign_or_none(Expansion(context, tuple(hidden)))
            trimmed = trimmed._replace(flat=sum_of_signs(trimmed.flat, sign))
        kept.append(trimmed)
        if last:
            break
    return Expansion(context, tuple(kept), rough)


def unknown(expansion: Expansion) -> UnresolvedError:
    """The error to raise where an expansion is known to no order, not even its limit."""
    return UnresolvedError(OSCILLATES) if expansion.rough else NeedTermsError("an argument is known to no order")


def terms_wanted(small: Expansion) -> int:
    """How many powers of `small`, which tends to 0, a composition takes."""
    if small.is_zero:
        return 1
    first = small.levels[0]
    low = first.low
    if first.scale is not None or low is None:
        return LEVELS
    if low <= ZERO:
        raise unknown(small)
    wanted = LOG_TERMS if low[0] == 0 else int(small.context.terms / low[0]) + 2
    if wanted > MOST_POWERS:
        raise UnresolvedError(f"the powers of h are too close together: more than {MOST_POWERS} terms are needed")
    return wanted


def composed(factors: Sequence[Real], small: Expansion) -> Expansion:
    """The sum of factors[k] * small^k + O(small^n), for as many factors as `terms_wanted` says."""
    if small.is_zero:
        return small.lift(factors[0])
    if small.levels[0].low is None:  # below every power of h, and its own powers are negligible
        power = next((k for k in range(1, len(factors)) if not factors[k].is_zero), 0)
        return small.lift(factors[0]) + (small.power(power).scaled(factors[power]) if power else bounded(small.context))
    total = small.lift(factors[-1])
    for factor in reversed(factors[:-1]):
        total = total * small + small.lift(factor)
    first, n = small.levels[0], len(factors)
    low = first.low
    assert low is not None
    remainder = Level(first.scale and first.scale.scaled(real(n)), {}, multiplied(low, n))
    return gathered(small.context, (*total.levels, remainder), small.rough)


def _sign_or_none(expansion: Expansion) -> Sign:
    return sign_of_level(expansion.levels[0]) if expansion.levels else 0
