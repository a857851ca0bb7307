import math
from functools import cache

import mpmath
import numpy as np
import pytest

import actfn
from actfn.analysis.initialisation import DEPTH, Fate, expectation, initialisation
from tests.oracle import number

PI = np.pi
DIGITS = 1e-10


def mean_by_mpmath(text, power=1, order=0, cuts=(-20, -5, -1, 0, 1, 5, 20)):
    """E[f(z)^power] by mpmath's own quadrature over the function's exact values."""
    with mpmath.workdps(20):
        return float(mpmath.quad(lambda z: exact(text, order, float(z)) ** power * mpmath.npdf(float(z)), cuts))


@cache
def exact(text, order, z):
    """An exact value, worked out once for all powers of it: the quadrature takes the same points."""
    return number(actfn.function(text).derivative(order).exact(z, 20))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relu", np.sqrt(2)),
        ("x", 1),
        ("selu", 1.0),
        ("abs(x)", 1),
        ("exp", np.exp(-1)),
        ("x**3", 15**-0.5),
        ("erf(x/sqrt(2))", np.sqrt(3)),  # uniform between -1 and 1
        ("erf(x)", (2 / PI * np.arcsin(2 / 3)) ** -0.5),
        ("sin(x)", np.sqrt(2 / (1 - np.exp(-2)))),
        ("leaky_relu(x, alpha=0.2)", np.sqrt(2 / 1.04)),
        ("step(x - 1)", 0.15865525393145707**-0.5),
        ("floor(x)", 0.8660254002211074),
        ("floor(100*x)/100", (1 + 1 / 3e4) ** -0.5),  # a rounding error is uniform, and independent of z
        ("tanh", 1.5925374197228312),  # as mpmath gives it
    ],
)
def test_gains(text, expected):
    assert initialisation(actfn.function(text)).gain == pytest.approx(expected, rel=DIGITS)


@pytest.mark.parametrize("text", ["tanh", "sigmoid", "gelu", "mish", "softplus", "elu", "1/(1 + x**2)"])
def test_expectations_are_those_of_another_quadrature(text):
    found = initialisation(actfn.function(text))
    assert found.mean == pytest.approx(mean_by_mpmath(text), rel=DIGITS, abs=1e-15)
    assert found.mean_square == pytest.approx(mean_by_mpmath(text, 2), rel=DIGITS)
    assert found.mean_square_slope == pytest.approx(mean_by_mpmath(text, 2, 1), rel=DIGITS)


@pytest.mark.parametrize(
    ("text", "slope", "flat"),
    [
        ("relu", 0.5, 0.5),
        ("x", 1, 0),
        ("hard_tanh", 0.6826894921370859, 0.31731050786291415),
        ("step", 0, 1),
        ("3", 0, 1),
        ("x/abs(x)", 0, 1),
    ],
)
def test_slopes(text, slope, flat):
    found = initialisation(actfn.function(text))
    assert found.mean_square_slope == pytest.approx(slope, rel=DIGITS)
    assert found.flat == pytest.approx(flat, rel=DIGITS)


def test_the_worth_of_a_slope_is_not_a_float_that_vanished():
    assert initialisation(actfn.function("sigmoid")).flat == 0
    assert initialisation(actfn.function("exp(-x**2)")).flat == 0


def test_what_has_no_expectation():
    def normal(function):
        return expectation(function, np.zeros(0))

    with np.errstate(all="ignore"):
        assert np.isnan(normal(lambda z: 1 / z))
        assert normal(lambda z: -1 / z**2) == -np.inf
        assert normal(lambda z: np.log(np.abs(z)) ** 2) == pytest.approx(
            float((mpmath.euler + mpmath.log(2)) ** 2 / 4 + mpmath.pi**2 / 8)
        )
        assert np.isnan(normal(np.log))
        assert normal(lambda z: np.exp(z * z / 2)) == np.inf
        assert normal(lambda z: -np.exp(z * z)) == -np.inf
        assert normal(lambda z: np.exp(0.45 * z * z)) == pytest.approx(10**0.5, rel=DIGITS)
        assert normal(lambda z: z**19) == 0
        assert normal(lambda z: z**100) == pytest.approx(float(mpmath.fac2(99)), rel=DIGITS)
        assert normal(np.zeros_like) == 0
    none = initialisation(actfn.function("log(x)"))
    assert np.isnan([none.gain, none.mean, none.mean_square, *(each.signal for each in none.passages)]).all()
    assert initialisation(actfn.function("0*x")).gain == np.inf


@pytest.mark.parametrize("text", ["signed_sqrt", "sqrt(abs(x))", "cbrt(x)"])
def test_a_slope_of_infinite_mean_square_does_not_hide_the_signal(text):
    """E[1/(4|z|)] is infinite; the variances q -> s c sqrt(q)^p, p < 2, have the fixed point that they tend to."""
    found = initialisation(actfn.function(text))
    assert found.mean_square_slope == np.inf
    power = 2 / 3 if text == "cbrt(x)" else 1  # of |z| in the square
    moment = 2 ** (power / 2) * math.gamma((power + 1) / 2) / math.sqrt(math.pi)
    assert found.mean_square == pytest.approx(moment, rel=DIGITS)
    for each, scale in zip(found.passages, (2, 1, 1), strict=True):
        assert each.signal == pytest.approx((scale * moment) ** (1 / (1 - power / 2)), rel=1e-3)
        assert each.fates[1] is Fate.EXPLODES


def passages(text):
    return {each.scale: each for each in initialisation(actfn.function(text)).passages}


def test_signal_and_gradient_through_depth():
    relu = passages("relu")
    assert relu["He"].signal == pytest.approx(1)
    assert relu["He"].gradient == pytest.approx(1)
    assert relu["LeCun"].signal == pytest.approx(0.5**DEPTH)
    assert relu["Glorot"].fates == (Fate.FADES, Fate.FADES)
    assert passages("x")["He"].signal == pytest.approx(2.0**DEPTH)
    assert passages("selu")["LeCun"].signal == pytest.approx(1)
    assert passages("sigmoid")["Glorot"].fates == (Fate.SURVIVES, Fate.FADES)
    assert passages("step")["He"].gradient == 0
    assert passages("exp")["LeCun"].fates == (Fate.EXPLODES, Fate.EXPLODES)
    assert passages("tanh(1000*x)")["He"].fates == (Fate.UNKNOWN, Fate.UNKNOWN)  # too narrow for the simple rule


def test_a_network_that_is_run_agrees():
    """Random layers of width 400: the variance after five of them is the one that is foretold."""
    generator = np.random.default_rng(7)
    tanh = actfn.function("tanh")
    x = generator.standard_normal((400, 200))
    foretold = 1.0
    for _ in range(5):
        x = np.sqrt(2 / 400) * generator.standard_normal((400, 400)) @ tanh(x)
        foretold = 2 * mean_of_square_at(tanh, foretold)
    assert np.var(x) == pytest.approx(foretold, rel=0.05)


def mean_of_square_at(function, variance):
    return expectation(lambda z: function.values(z * variance**0.5) ** 2, np.zeros(0))
