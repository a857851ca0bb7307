"""Typed expressions whose floats overflow, cancel or vanish, against what mathematics says of them."""

import math

import numpy as np
import pytest

import actfn
from actfn.analysis.properties import Curvature, Parity, Trend, properties
from actfn.analysis.trusted import inside, widened
from actfn.output.described import described

LOG_2 = math.log(2)
INCREASING, NEITHER = Trend.INCREASING, Trend.NEITHER


@pytest.mark.parametrize(
    ("text", "interval", "trend", "steepest"),
    [
        ("x/sqrt(1 + x*x)", (-1, 1, False, False), INCREASING, 1),
        ("x**2/(1 + x**2)", (0, 1, True, False), NEITHER, 3 * math.sqrt(3) / 8),
        ("exp(x)/(exp(x) + exp(-x))", (0, 1, False, False), INCREASING, 0.5),
        ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", (-1, 1, False, False), INCREASING, 1),
        ("x*exp(x)/(1 + exp(x))", (-0.2784645427610738, math.inf, True, False), NEITHER, 1.0998393194),
        ("x**4 - x**2", (-0.25, math.inf, True, False), NEITHER, math.inf),
        ("sqrt(x*x + 1) - x", (0, math.inf, False, False), Trend.DECREASING, 2),
        ("max(0, x) - max(0, x - 1)", (0, 1, True, True), Trend.NON_DECREASING, 1),
        ("log(1 + exp(x))", (0, math.inf, False, False), INCREASING, 1),
        ("log(exp(x) + exp(-x))", (LOG_2, math.inf, True, False), NEITHER, 1),
        ("(exp(x) - 1)/x", (0, math.inf, False, False), INCREASING, math.inf),
        ("sin(x)/x", (-0.21723362821122165, 1, True, False), NEITHER, None),
        ("tanh(x)/x", (0, 1, False, False), NEITHER, None),
        ("exp(-1/x**2)", (0, 1, False, False), NEITHER, 2 * 1.5**1.5 * math.exp(-1.5)),
        ("x/abs(x)", (-1, 1, True, True), Trend.NON_DECREASING, math.inf),
        ("atan(1/x)", (-math.pi / 2, math.pi / 2, False, False), NEITHER, math.inf),
        ("x*log(x)", (-1 / math.e, math.inf, True, False), NEITHER, math.inf),
        ("(x*x - 1)/(x - 1)", (-math.inf, math.inf, False, False), INCREASING, 1),
        ("log(abs(x))", (-math.inf, math.inf, False, False), NEITHER, math.inf),
        ("x**x", (math.exp(-1 / math.e), math.inf, True, False), NEITHER, math.inf),
        ("sqrt(x*x)", (0, math.inf, True, False), NEITHER, 1),
        ("log(x/(1 - x))", (-math.inf, math.inf, False, False), INCREASING, math.inf),
    ],
)
def test_range_trend_and_steepest_slope(text, interval, trend, steepest):
    found = properties(actfn.function(text))
    assert (found.range.low, found.range.high) == pytest.approx(interval[:2], rel=1e-12)
    assert (found.range.low_in, found.range.high_in) == interval[2:]
    assert found.trend is trend
    if steepest is not None:
        assert found.steepest == pytest.approx(steepest, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("exp(x)/(exp(x) + exp(-x))", "(-inf, inf)"),
        ("log(abs(x))", "(-inf, inf) without 0"),
        ("log(x)", "(0, inf)"),
        ("log(abs(x - 1))", "(-inf, inf) without 1"),
    ],
)
def test_domain(text, domain):
    assert described(properties(actfn.function(text)))["domain"] == domain


@pytest.mark.parametrize(
    ("text", "parity"),
    [
        ("x/abs(x)", Parity.ODD),
        ("atan(1/x)", Parity.ODD),
        ("1/x", Parity.ODD),
        ("sin(x)/x", Parity.EVEN),
        ("1/(x - 1)", Parity.NEITHER),
        ("1 + 1/x", Parity.NEITHER),
    ],
)
def test_symmetry_is_that_of_the_rest_where_there_are_holes(text, parity):
    assert properties(actfn.function(text)).parity is parity


@pytest.mark.parametrize("text", ["(exp(x) - 1)/x", "(x*x - 1)/(x - 2)*0 + exp(x)/x*x", "exp(-1/x)"])
def test_rounding_is_no_zero_and_no_extremum(text):
    found = properties(actfn.function(text))
    assert (found.zeros, found.extrema) == ((), ())


def test_a_limit_of_exact_numbers_is_no_border():
    """e^(e^28) is too large for them, and sin(1/x) changes its sign too often to be followed."""
    assert described(properties(actfn.function("exp(exp(x))")))["domain"] == "(-inf, inf)"
    assert described(properties(actfn.function("sin(1/x)")))["range"] == "[-1, 1]"


def test_what_overflows_on_one_side_is_symmetrical_and_bends_all_the_same():
    assert properties(actfn.function("(1 - exp(-x))/(1 + exp(-x))")).parity is Parity.ODD
    assert properties(actfn.function("log(1/(1 + exp(-x)))")).curvature is Curvature.CONCAVE


def test_the_curvature_of_a_small_function_is_not_rounding():
    assert properties(actfn.function("exp(-x*x)*1e-30")).curvature is Curvature.NEITHER
    assert properties(actfn.function("3*x*1e-30")).curvature is Curvature.AFFINE


def test_stretches():
    x = np.linspace(-4, 4, 9)
    assert inside(x, [(-np.inf, -3.0), (0.0, 2.0)]).tolist() == [True] + 4 * [False] + [True] + 3 * [False]
    slopes = np.where(x < 1, 1.0, 0.0)
    stretches = [(3.0, np.inf), (-np.inf, -3.0), (0.5, 1.5)]
    assert widened(stretches, x, slopes) == [(0.0, np.inf), (-np.inf, -1.8), (0.5, 1.5)]
