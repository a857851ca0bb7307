"""Real coefficients: a certified ball and, while it is short, an exact form in which zeros are recognised.

A form is a polynomial with rational coefficients in *generators*: pi, e, primes under a root, logarithms of primes, and
any other value of a function such as sin(1/3), which is the same generator wherever the same argument occurs. A number
whose form is empty is exactly 0. Nothing else is ever called 0, however small its ball is.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from flint import arb, ctx, fmpq, fmpz

from actfn.exact.unresolved import NeedBitsError, UndefinedError
from actfn.expression.effort import CALL, charge

if TYPE_CHECKING:
    from collections.abc import Iterable

Exponent = int | Fraction

LONGEST = 12  # monomials: of a longer form only the ball is kept
_FACTORED = 64  # bits of a whole number that is factored
_HIGHEST = 1 << 14  # bits of a rational coefficient; of a larger one only the ball is kept
_PER_POWER = 2  # calls: what a power of a generator takes in a product, about two microseconds
_REPEATED = 8  # powers of a sum up to this one are multiplied out


class Generator:
    """A positive number that forms are made of. `generator` makes them, the same object for the same key.

    Attributes:
        key: what it is: ("pi",) or ("sin", form of the argument).
        ball: encloses it.
        rational: its value where it has one: whole powers of it belong to the coefficient.
        argument: of an exponential or a logarithm, the monomial or generator that it is taken of.
    """

    __slots__ = ("__weakref__", "argument", "ball", "key", "rational")

    def __init__(self, key: tuple[Any, ...], ball: arb, rational: fmpq | None, argument: Any) -> None:
        self.key = key
        self.ball = ball
        self.rational = rational
        self.argument = argument

    def __repr__(self) -> str:
        if self.key[0] in ("prime", "log"):
            return str(self.key[1]) if self.key[0] == "prime" else f"log({self.key[1]})"
        return str(self.key[0]) if self.key in (("pi",), ("e",)) else str(self.ball.str(10))


# Interned as the nodes of trees are: nested keys are compared by identity, where comparing them would take ages.
_generators: WeakValueDictionary[Any, Generator] = WeakValueDictionary()


def generator(key: tuple[Any, ...], ball: arb, rational: fmpq | None = None, argument: Any = None) -> Generator:
    """Return the generator of a key, whose ball has the precision of the context: equal generators are one object."""
    known = (key, ctx.prec)
    return _generators.get(known) or _generators.setdefault(known, Generator(key, ball, rational, argument))


Monomial = frozenset[tuple[Generator, Exponent]]
Form = dict[Monomial, fmpq]
UNIT: Monomial = frozenset()


class Real:
    """A real number. Equal forms are equal numbers; without a form only the ball is known.

    Attributes:
        rational: its value where the form is a rational number.
    """

    __slots__ = ("_ball", "_form", "_vanishes", "rational")

    def __init__(self, form: Form | None = None, ball: arb | None = None, rational: fmpq | None = None) -> None:
        self._form = form
        self._ball = ball
        self.rational = rational
        self._vanishes: bool | None = None
        if form is not None and len(form) <= 1:
            self.rational = form.get(UNIT) if form else fmpq(0)

    @property
    def form(self) -> Form | None:
        """The exact form, or None."""
        if self._form is None and self.rational is not None:
            self._form = {UNIT: self.rational} if self.rational else {}
        return self._form

    @property
    def ball(self) -> arb:
        """A ball that contains the number, at the precision of the attempt that made it."""
        if self._ball is None:
            self._ball = arb(self.rational) if self.rational is not None else _sum_of(self._form or {})
        return self._ball

    @property
    def is_zero(self) -> bool:
        """Whether it is visibly 0; False says nothing."""
        return self.rational is not None and not self.rational

    @property
    def vanishes(self) -> bool:
        """Whether it is certainly 0, which takes longer; False says nothing."""
        if self._vanishes is None:
            self._vanishes = self.is_zero or (self.rational is None and self._cancels())
        return self._vanishes

    def _cancels(self) -> bool:
        if self._form is None:
            return bool(self.ball.is_zero())
        sums = {g for monomial in self._form for g, power in monomial if g.key[0] == "sum" and power < 0}
        return bool(sums) and bool(self.ball.contains(0)) and _cleared(self._form, sums).is_zero

    def sign(self) -> int:
        """Return -1, 0 or 1. Raise NeedBitsError where the ball contains 0 and the form does not decide."""
        value = self.rational if self.rational is not None else self.ball
        if value > 0:
            return 1
        if value < 0:
            return -1
        if self.vanishes:
            return 0
        raise NeedBitsError(f"a number is not distinguished from 0: its size is below {_bound(self.ball)}", self)

    def __repr__(self) -> str:
        return f"Real({self})"

    def __str__(self) -> str:
        """The form if there is one, else some digits."""
        if self.form is None:
            return str(self.ball.str(15))
        return " + ".join(_written(monomial, factor) for monomial, factor in self.form.items()) or "0"

    def __neg__(self) -> Real:
        if self.rational is not None:
            return Real(rational=-self.rational)
        if self._form is None:
            return Real(ball=-self.ball)
        return Real({monomial: -factor for monomial, factor in self._form.items()})

    def __add__(self, other: Real) -> Real:
        if self.rational is not None and other.rational is not None:
            return _rational(self.rational + other.rational)
        if self.is_zero:
            return other
        if other.is_zero:
            return self
        first, second = self.form, other.form
        if first is None or second is None:
            return Real(ball=self.ball + other.ball)
        total = dict(first)
        for monomial, factor in second.items():
            _accumulate(total, monomial, factor)
        return Real(total) if _is_short(total) else Real(ball=self.ball + other.ball)

    def __sub__(self, other: Real) -> Real:
        return self + -other

    def __mul__(self, other: Real) -> Real:
        if self.rational is not None and other.rational is not None:
            return _rational(self.rational * other.rational)
        if self.is_zero or other.is_zero:
            return real(0)
        first, second = self.form, other.form
        if first is None or second is None or len(first) * len(second) > 4 * LONGEST:
            return Real(ball=self.ball * other.ball)
        total: Form = {}
        for m, c in first.items():
            for n, d in second.items():
                monomial, factor = _joined(m, n)
                _accumulate(total, monomial, c * d * factor)
        return Real(total) if _is_short(total) else Real(ball=self.ball * other.ball)

    def power(self, exponent: Exponent) -> Real:
        """Raise a number that is not 0, and is positive unless the exponent is whole."""
        whole = exponent.denominator == 1
        if exponent == 0:
            return real(1)
        if not whole and self.sign() < 0:
            raise UndefinedError("a root of a negative number")
        form = self.form
        if form is None or abs(int(exponent)) * _height(form) > _HIGHEST:
            return Real(ball=_raised(self.ball, exponent))
        if self.rational is not None and whole:
            return Real(rational=self.rational ** int(exponent))
        if len(form) > 1:
            return self._power_of_sum(exponent)
        ((monomial, factor),) = form.items()
        pairs = [(g, power * exponent) for g, power in monomial]
        if whole:
            return power_product(factor ** int(exponent), pairs)
        return power_product(fmpq(1), [*pairs, *((g, power * exponent) for g, power in factored(factor))])

    def _power_of_sum(self, exponent: Exponent) -> Real:
        if exponent.denominator == 1 and 0 < exponent < _REPEATED:
            result = self
            for _ in range(1, int(exponent)):
                result = result * self
            return result
        if exponent == -1 and (inverse := self._by_conjugate()):
            return inverse
        negative = self.sign() < 0
        base = -self if negative else self
        sign = fmpq(-1 if negative and int(exponent) % 2 else 1)
        content, g = primitive_of(base)
        return content.power(exponent) * Real({frozenset({(g, exponent)}): sign})

    def _by_conjugate(self) -> Real | None:
        """1/(a + b) as (a - b)/(a^2 - b^2), where the denominator is no sum: that of 1 + sqrt(2) is -1."""
        form = self.form or {}
        if len(form) != 2:
            return None
        (first, a), (second, b) = form.items()
        conjugate = Real({first: a, second: -b})
        norm = self * conjugate
        return conjugate * norm.power(-1) if norm.form and len(norm.form) == 1 else None


def _cleared(form: Form, sums: set[Generator]) -> Real:
    """The number times powers of sums that make all their exponents positive, multiplied out: e/(e + 1) as e."""
    least = {g: min(dict(monomial).get(g, 0) for monomial in form) for g in sums}
    total = real(0)
    for monomial, factor in form.items():
        powers = dict(monomial)
        part = Real({frozenset((g, power) for g, power in monomial if g not in sums): factor})
        for g, lowest in least.items():
            part = part * Real(dict(g.key[1])).power(plain(powers.get(g, 0) - lowest))
        total = total + part
    return total


def _rational(value: fmpq) -> Real:
    return Real(rational=value) if value.height_bits() < _HIGHEST else Real(ball=arb(value))


def _is_short(form: Form) -> bool:
    """Return whether a form is kept: it has few monomials, and no coefficient that is slow to compute with."""
    return len(form) <= LONGEST and all(factor.height_bits() < _HIGHEST for factor in form.values())


def real(value: int | Fraction | fmpq) -> Real:
    """The rational number."""
    return Real(rational=value if isinstance(value, fmpq) else fmpq(value.numerator, value.denominator))


def pi() -> Real:
    """The number pi."""
    return power_product(fmpq(1), [(generator(("pi",), arb.pi()), 1)])


def enclosed(ball: arb) -> Real:
    """A number of which only a ball is known, as a generator of its own, so that x - x is 0 for it too."""
    return as_generator((object(),), ball)


def as_generator(key: tuple[Any, ...], ball: arb) -> Real:
    """Return a number of which a ball is known as a generator of that key; as its ball alone if that may hold 0."""
    if not (ball > 0 or ball < 0):
        return Real(ball=ball)
    positive = ball if ball > 0 else -ball
    return Real({frozenset({(generator(key, positive), 1)}): fmpq(1 if ball > 0 else -1)})


def finite(ball: arb, name: str, argument: Real) -> arb:
    """Return the ball of a function at an argument. Raise NeedBitsError where it is infinite."""
    if not ball.is_finite():
        raise NeedBitsError(f"no bound of {name} at {argument.ball.str(5)}")
    return ball


def primitive_of(positive: Real) -> tuple[Real, Generator]:
    """A positive sum as its content times a generator: 1/2 + exp(-1)/2 as exp(-1)/2 times exp(1) + 1."""
    assert positive.form is not None
    least: dict[Generator, Exponent] = {}
    for g in {g for monomial in positive.form for g, _ in monomial}:
        least[g] = min(dict(monomial).get(g, 0) for monomial in positive.form)
    divisor = fmpq(0)
    for factor in positive.form.values():
        divisor = divisor.gcd(factor)
    content = power_product(abs(divisor), least.items())
    primitive = positive * content.power(-1)
    assert primitive.form is not None
    return content, generator(("sum", frozenset(primitive.form.items())), primitive.ball)


def factored(factor: fmpq) -> Iterable[tuple[Generator, int]]:
    """A positive rational number as powers of primes, or as itself where it is too large to be factored."""
    if factor.height_bits() > _FACTORED:
        return [(generator(("rational", int(factor.p), int(factor.q)), arb(factor), factor), 1)]
    return [
        (generator(("prime", int(prime)), arb(prime), fmpq(prime)), sign * exponent)
        for part, sign in ((factor.p, 1), (factor.q, -1))
        for prime, exponent in fmpz(part).factor()
    ]


def power_product(factor: fmpq, pairs: Iterable[tuple[Generator, Exponent]]) -> Real:
    """Return the product of a rational number and powers of generators."""
    monomial, factor = _product(factor, pairs)
    if factor.height_bits() > _HIGHEST:
        return Real(ball=_sum_of({monomial: factor}))
    return Real({monomial: factor} if factor else {})


def _product(factor: fmpq, *parts: Iterable[tuple[Generator, Exponent]]) -> tuple[Monomial, fmpq]:
    """The product of a rational number and powers of generators, whole powers of primes in the rational number."""
    powers: dict[Generator, Exponent] = {}
    for part in map(tuple, parts):
        charge(len(part) * _PER_POWER * CALL)
        for g, exponent in part:
            powers[g] = powers.get(g, 0) + exponent
    for g, exponent in powers.items():
        if g.rational is not None and (whole := floor(exponent)):
            factor *= g.rational**whole
            powers[g] = exponent - whole
    return frozenset((g, exponent) for g, exponent in powers.items() if exponent), factor


@lru_cache(maxsize=1 << 12)  # the same few products occur in all coefficients
def _joined(first: Monomial, second: Monomial) -> tuple[Monomial, fmpq]:
    return _product(fmpq(1), first, second)


def _accumulate(form: Form, monomial: Monomial, factor: fmpq) -> None:
    total = form.get(monomial, 0) + factor
    if total:
        form[monomial] = total
    else:
        form.pop(monomial, None)


def _sum_of(form: Form) -> arb:
    return sum((_ball_of(monomial) * arb(factor) for monomial, factor in form.items()), arb(0))


@lru_cache(maxsize=1 << 12)
def _ball_of(monomial: Monomial) -> arb:
    charge(len(monomial) * _PER_POWER * CALL)
    product = arb(1)
    for g, exponent in monomial:
        product *= _raised(g.ball, exponent)
    return product


def _height(form: Form) -> int:
    """Bits of the rational numbers that a power of the form multiplies."""
    factors = [*form.values(), *(g.rational for monomial in form for g, _ in monomial if g.rational is not None)]
    return max(int(factor.height_bits()) for factor in factors)


def _raised(ball: arb, exponent: Exponent) -> arb:
    power = fmpz(int(exponent)) if exponent.denominator == 1 else arb(fmpq(exponent.numerator, exponent.denominator))
    return ball**power


def plain(exponent: Exponent) -> Exponent:
    """The exponent as an int where it is whole: these are most, and quicker."""
    return exponent.numerator if exponent.denominator == 1 else exponent


def fraction(value: fmpq) -> Exponent:
    """The rational number as a Python number, an int where it is whole."""
    return int(value.p) if value.q == 1 else Fraction(int(value.p), int(value.q))


def _bound(ball: arb) -> str:
    return str(ball.abs_upper().str(1, radius=False))


def _written(monomial: Monomial, factor: fmpq) -> str:
    factors = [f"{g}**{exponent}" if exponent != 1 else f"{g}" for g, exponent in monomial]
    return "*".join([str(factor), *sorted(factors)] if factor != 1 or not factors else sorted(factors))
