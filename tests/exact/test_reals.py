from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx, fmpq

from actfn.exact.constants import atan, erf, erfc, exp, log, sin_cos
from actfn.exact.reals import Real, enclosed, pi, real
from actfn.exact.unresolved import NeedBitsError, UndefinedError

HALF = Fraction(1, 2)


def root(n):
    return real(n).power(HALF)


E = exp(real(1))
SIGMOID = (real(1) + E).power(-1)


@pytest.mark.parametrize(
    "number",
    [
        root(2) * root(3) - root(6),
        root(8) - real(2) * root(2),
        root(2) * root(2) - real(2),
        (pi() + real(1)) * (pi() - real(1)) - pi() * pi() + real(1),
        exp(log(real(7))) - real(7),
        log(exp(pi())) - pi(),
        log(real(6)) - log(real(2)) - log(real(3)),
        exp(log(real(3)) * real(HALF)) - root(3),
        exp(real(HALF)) * exp(real(HALF)) - E,
        log(real(1)),
        log(E) - real(1),
        exp(log(real(1) + E)) - real(1) - E,
        sin_cos(pi())[0],
        sin_cos(pi() * real(Fraction(1, 6)))[0] - real(HALF),
        sin_cos(pi() * real(Fraction(7, 4)))[1] - root(2) * real(HALF),
        sin_cos(real(-1))[0] + sin_cos(real(1))[0],
        atan(real(1)) * real(4) - pi(),
        atan(real(-3)) + atan(real(3)),
        erf(real(0)),
        erfc(real(0)) - real(1),
        (real(1) + root(2)).power(-1) - root(2) + real(1),
        SIGMOID * E + SIGMOID - real(1),
        (real(1) + E).power(-2) * (real(1) + E) * (real(1) + E) - real(1),
        (real(1) + exp(real(-1))).power(-1) - E * SIGMOID,
        log(real(HALF)) + log(real(2)),
        exp(log(real(1) + root(2)) * real(-2)) - (real(1) + root(2)).power(-2),
    ],
    ids=str,
)
def test_zeros_are_recognised(number):
    assert number.vanishes
    assert number.sign() == 0
    assert number.ball.contains(0)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (root(2) + pi(), lambda: mpmath.sqrt(2) + mpmath.pi),
        (pi().power(-HALF), lambda: mpmath.pi**-0.5),
        (log(real(Fraction(1, 12))), lambda: -mpmath.log(12)),
        (exp(pi()), lambda: mpmath.exp(mpmath.pi)),
        ((real(1) - E).power(-3), lambda: (1 - mpmath.e) ** -3),
        ((E - real(2)).power(HALF), lambda: mpmath.sqrt(mpmath.e - 2)),
        (sin_cos(real(4))[0].power(2).power(HALF), lambda: -mpmath.sin(4)),
        (log(log(real(2)) * real(-1) + real(1)), lambda: mpmath.log(1 - mpmath.log(2))),
        (
            real(Fraction(7, 10**20 + 39)).power(Fraction(5, 3)),
            lambda: (mpmath.mpf(7) / (10**20 + 39)) ** (mpmath.mpf(5) / 3),
        ),
        (real(2).power(10**6), lambda: mpmath.mpf(2) ** 10**6),
        (exp(real(-(10**3))), lambda: mpmath.exp(-(10**3))),
        (atan(real(Fraction(1, 3))), lambda: mpmath.atan(mpmath.mpf(1) / 3)),
        (erfc(real(-2)), lambda: mpmath.erfc(-2)),
        (log(sin_cos(real(1))[0]), lambda: mpmath.log(mpmath.sin(1))),
        (exp(log(sin_cos(real(1))[0]) * real(-2)), lambda: mpmath.sin(1) ** -2),
    ],
)
def test_numbers_against_mpmath(number, expected):
    with mpmath.workdps(40):
        assert abs(number.ball - arb(mpmath.nstr(expected(), 30))) <= arb("1e-12") * abs(number.ball)


def test_nothing_else_is_called_0():
    with ctx.workprec(64):
        tiny = exp(real(fmpq(1, 10**40))) - real(1)
        with pytest.raises(NeedBitsError, match="not distinguished from 0") as caught:
            tiny.sign()
        assert caught.value.number is tiny
        assert not tiny.vanishes
    with ctx.workprec(256):
        assert (exp(real(fmpq(1, 10**40))) - real(1)).sign() == 1


def test_numbers_known_by_a_ball_cancel_themselves_only():
    with ctx.workprec(64):
        one, other = enclosed(arb.pi()), enclosed(arb.pi())
        assert (one - one).is_zero
        assert (one * one - one.power(2)).is_zero
        assert not (one - other).vanishes
        assert not Real(ball=arb.pi() - arb.pi()).vanishes


def test_what_is_not_real_is_undefined():
    with pytest.raises(UndefinedError):
        real(-1).power(HALF)
    with pytest.raises(UndefinedError):
        log(real(1) - E)
    with pytest.raises(UndefinedError):
        log(real(0))
