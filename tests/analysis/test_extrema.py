"""Extrema at jumps, where one-sided values decide, and beside holes."""

import math

import pytest

import actfn
from actfn.analysis.properties import properties


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x if x > 1 else -x*x", [(0, 0, True), (1, -1, False)]),
        ("x if x >= 1 else -x*x", [(0, 0, True)]),  # the values fall to -1 and do not reach it
        ("x >= 1", []),
        ("floor(x)", []),
        ("where(x <= 1, x, x - 1)", [(1, 1, True)]),
        ("where(x < 1, x, x - 1)", [(1, 0, False)]),
        ("where(x < 0, 0, exp(-x))", [(0, 1, True)]),
        ("ml_relu", []),
        ("where(x > 0, 1/x, x)", []),
        ("where(x == 0, 0, 1/x)", []),
        ("x/abs(x)", []),
        ("1/(x**2 - 4)", [(0, -0.25, True)]),
        ("x + 1/x", [(-1, -2, True), (1, 2, False)]),
    ],
)
def test_extrema(text, expected):
    found = properties(actfn.function(text)).extrema
    assert [(each.x, each.value, each.is_maximum) for each in found] == [
        (pytest.approx(x, abs=1e-9), pytest.approx(value), is_maximum) for x, value, is_maximum in expected
    ]


def test_two_equal_minima_beside_a_hole_are_two():
    found = properties(actfn.function("sin(x)/x")).extrema
    nearest = sorted(found, key=lambda each: abs(each.x))[:2]
    assert [each.x for each in nearest] == pytest.approx([-4.493409457909064, 4.493409457909064])
    assert all(not each.is_maximum and math.isclose(each.value, -0.21723362821122166) for each in nearest)
