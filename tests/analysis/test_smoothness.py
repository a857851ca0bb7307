"""Smoothness on the domain, against derivatives by hand."""

import pytest

import actfn
from actfn.analysis.properties import properties


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("sqrt(abs(x))", 0),
        ("sqrt(x*x)", 0),
        ("asin(sin(x))", 0),
        ("sqrt(x)", 0),
        ("sqrt(1 - x*x)", 0),
        ("x**x", 0),
        ("signed_sqrt", 0),
        ("1/x", None),
        ("x*log(x)", None),
        ("log(x)/x", None),
        ("log(abs(x))", None),
        ("1/abs(x)", None),
        ("sin(x)/x", None),
        ("logit", None),
        ("exp(x)/(exp(x) + exp(-x))", None),
        ("log(-1 - x**2)", -1),
        ("floor(x)", -1),
        ("x/abs(x)", -1),
        ("atan(1/x)", -1),
    ],
)
def test_smoothness(text, order):
    assert properties(actfn.function(text)).smoothness == order


@pytest.mark.parametrize("text", ["x**3/abs(x)", "max(x, 0)**2/x", "sin(x)/abs(x)*x"])
def test_a_hole_between_equal_values_is_no_jump(text):
    found = properties(actfn.function(text))
    assert (found.breaks, found.holes) == ((), (0,))
