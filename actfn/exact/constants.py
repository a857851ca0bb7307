"""Values of functions at exact numbers, exact too where they can be: log(8) is 3 log(2), sin(pi/6) is 1/2."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb, fmpq

from actfn.exact.reals import (
    UNIT,
    Exponent,
    Generator,
    Monomial,
    Real,
    as_generator,
    factored,
    finite,
    fraction,
    generator,
    pi,
    power_product,
    primitive_of,
    real,
)
from actfn.exact.unresolved import UndefinedError

if TYPE_CHECKING:
    from collections.abc import Callable

_LOGARITHMS = {"log": 1, "-log": -1}  # generators that are such a multiple of a logarithm


def exp(argument: Real) -> Real:
    """The exponential: of a sum the product, of a logarithm its power."""
    if argument.form is None:
        return Real(ball=finite(argument.ball.exp(), "exp", argument))
    result = real(1)
    for monomial, factor in argument.form.items():
        result = result * _exp_of(monomial, fraction(factor), argument)
    return result


def _exp_of(monomial: Monomial, factor: Exponent, argument: Real) -> Real:
    if monomial == UNIT:
        return power_product(fmpq(1), [(generator(("e",), arb.const_e()), factor)])
    single = next(iter(monomial)) if len(monomial) == 1 else None
    if single and single[1] == 1 and single[0].key[0] in _LOGARITHMS and single[0].argument:
        base = single[0].argument
        number = Real(dict(base.key[1])) if base.key[0] == "sum" else Real({frozenset({(base, 1)}): fmpq(1)})
        return number.power(_LOGARITHMS[str(single[0].key[0])] * factor)
    ball = finite(Real({monomial: fmpq(1)}).ball.exp(), "exp", argument)
    return power_product(fmpq(1), [(generator(("exp", monomial), ball, argument=monomial), factor)])


def log(argument: Real) -> Real:
    """The logarithm of a positive number: of a product the sum, of a power the multiple."""
    if argument.sign() <= 0:
        raise UndefinedError("the logarithm of 0" if argument.is_zero else "the logarithm of a negative number")
    form = argument.form
    if form is None:
        return opaque("log", arb.log, argument)
    if len(form) > 1:
        content, g = primitive_of(argument)
        return log(content) + _log_of(g)
    ((monomial, factor),) = form.items()
    total = real(0)
    for g, exponent in [*monomial, *factored(factor)]:
        total = total + _log_of(g) * real(exponent)
    return total


def sin_cos(argument: Real) -> tuple[Real, Real]:
    """Sine and cosine; exact at multiples of pi/6 and pi/4."""
    if argument.is_zero:
        return real(0), real(1)
    form = argument.form
    if form and len(form) == 1:
        ((monomial, factor),) = form.items()
        if {(g.key, exponent) for g, exponent in monomial} == {(("pi",), 1)}:
            sine, cosine = _sine_of_pi(factor), _sine_of_pi(factor + fmpq(1, 2))
            if sine and cosine:
                return sine, cosine
    positive = -argument if argument.ball < 0 else argument
    sine = opaque("sin", arb.sin, positive)
    return (sine if positive is argument else -sine), opaque("cos", arb.cos, positive)


def atan(argument: Real) -> Real:
    """The arc tangent; exact at 0, 1 and -1."""
    if argument.is_zero:
        return argument
    if argument.ball < 0:
        return -atan(-argument)
    return pi() * real(fmpq(1, 4)) if argument.rational == 1 else opaque("atan", arb.atan, argument)


def erf(argument: Real) -> Real:
    """The error function."""
    if argument.is_zero:
        return argument
    return -erf(-argument) if argument.ball < 0 else opaque("erf", arb.erf, argument)


def erfc(argument: Real) -> Real:
    """The complementary error function."""
    return real(1) if argument.is_zero else opaque("erfc", arb.erfc, argument)


def opaque(name: str, function: Callable[[arb], arb], argument: Real) -> Real:
    """The value of a function as a generator, the same for the same exact argument."""
    ball = finite(function(argument.ball), name, argument)
    if argument.form is None:
        return Real(ball=ball)
    return as_generator((name, frozenset(argument.form.items())), ball)


def _sine_of_pi(turns: fmpq) -> Real | None:
    """sin(pi turns), where its form is short."""
    turns -= 2 * (turns / 2).floor()
    sign = 1
    if turns >= 1:
        turns, sign = turns - 1, -1
    if 2 * turns > 1:
        turns = 1 - turns
    radicand = {(0, 1): 0, (1, 6): 1, (1, 4): 2, (1, 3): 3, (1, 2): 4}.get((int(turns.p), int(turns.q)))
    if radicand is None:
        return None
    return real(radicand).power(Fraction(1, 2)) * real(fmpq(sign, 2)) if radicand else real(0)


def _log_of(g: Generator) -> Real:
    if g.key == ("e",):
        return real(1)
    if g.key[0] == "exp":
        return Real({g.argument: fmpq(1)})
    logarithm = g.ball.log()
    if not (logarithm > 0 or logarithm < 0):
        return Real(ball=finite(logarithm, "log", Real(ball=g.ball)))
    name, sign = ("log", 1) if logarithm > 0 else ("-log", -1)
    positive = generator((name, g), sign * logarithm, argument=g)
    return Real({frozenset({(positive, 1)}): fmpq(sign)})
