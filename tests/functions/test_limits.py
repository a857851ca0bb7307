"""Limits against those of calculus."""

import math

import pytest

import actfn


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("x/sqrt(1 + x*x)", -1, 1),
        ("x**2/(1 + x**2)", 1, 1),
        ("exp(x)/(exp(x) + exp(-x))", 0, 1),
        ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", -1, 1),
        ("x*exp(x)/(1 + exp(x))", 0, math.inf),
        ("x**4 - x**2", math.inf, math.inf),
        ("sqrt(x*x + 1) - x", math.inf, 0),
        ("max(0, x) - max(0, x - 1)", 0, 1),
        ("log(1 + x*x) - x*x", -math.inf, -math.inf),
        ("x/(1 + abs(x))*exp(x)/(1 + exp(x))", 0, 1),
        ("x*cos(x)", math.nan, math.nan),
        ("sin(x)*exp(x)", 0, math.nan),
        ("sqrt(x) - log(x)", math.nan, math.inf),
    ],
)
def test_limits_at_infinity(text, left, right):
    function = actfn.function(text)
    assert function.limits() == pytest.approx([left, right], nan_ok=True)
    found = [float(function.limit(side * math.inf)) for side in (-1, 1)]
    assert found == pytest.approx([left, right], nan_ok=True)


@pytest.mark.parametrize("text", ["x % 2 + x - x", "x - floor(x)", "sin(x)*x/x"])
def test_what_repeats_itself_has_no_limit(text):
    assert all(map(math.isnan, actfn.function(text).limits()))


@pytest.mark.parametrize(
    ("text", "place", "left", "right"),
    [
        ("sin(x)/x", 0, 1, 1),
        ("(exp(x) - 1)/x", 0, 1, 1),
        ("x/abs(x)", 0, -1, 1),
        ("1/x", 0, -math.inf, math.inf),
        ("log(x)", 0, math.nan, -math.inf),
        ("1/log(x)", 0, math.nan, 0),
        ("log(x/(1 - x))", 1, math.inf, math.nan),
        ("(x*x - 1)/(x - 1)", 1, 2, 2),
        ("exp(-1/x**2)", 0, 0, 0),
        ("sin(1/x)", 0, math.nan, math.nan),
    ],
)
def test_limits_at_a_place(text, place, left, right):
    found = [float(actfn.function(text).limit(float(place), side)) for side in (-1, 1)]
    assert found == pytest.approx([left, right], nan_ok=True)


@pytest.mark.parametrize("side", [-1, 1])
def test_a_derivative_of_any_order_has_a_limit(side):
    assert float(actfn.function("sigmoid").derivative(4).limit(side * math.inf)) == 0
