"""Points without a value and jumps that no condition makes, against what is known of quotients."""

import math

import numpy as np
import pytest

import actfn
from actfn.analysis import singular

X = np.linspace(-50, 50, 5001)


def found(text):
    function = actfn.function(text)
    places = singular.places(function, X)
    return places, singular.holes(function, places), singular.jumps(function, places)


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("x/abs(x)", -1, 1),
        ("atan(1/x)", -math.pi / 2, math.pi / 2),
        ("1/(1 + exp(1/x))", 1, 0),
        ("exp(-1/abs(x))/x + x/abs(x)", -1, 1),
    ],
)
def test_a_jump_at_0(text, left, right):
    places, holes, (jump,) = found(text)
    assert places == [0]
    assert holes == (0,)
    assert (jump.x, jump.kind) == (0, "jump")
    assert (jump.left, jump.right) == pytest.approx((left, right))


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("sin(x)/x", (0,)),
        ("1/x", (0,)),
        ("1/(x - 1)**2", (1,)),
        ("(x**2 - 4)/(x - 2)", (2,)),
        ("1/(x*(x + 3))", (-3, 0)),
    ],
)
def test_a_hole_or_a_pole_is_no_jump(text, holes):
    assert found(text)[1:] == (holes, [])


@pytest.mark.parametrize(
    "text", ["sigmoid", "1/(1 + exp(-x))", "1/exp(-x**2)", "x/(1 + abs(x))", "sinc", "log(1 + x**2)"]
)
def test_what_is_never_divided_by_0(text):
    assert found(text)[1:] == ((), [])


@pytest.mark.parametrize("text", ["(x*x)**0.5", "(x**2)**0.5", "log(x*x)"])
def test_where_a_square_underflows_is_0(text):
    places, _, jumps = found(text)
    assert places == [0]
    assert jumps == []


def test_a_zero_that_is_no_float_is_a_place_and_no_hole():
    places, holes, jumps = found("1/(x*x - 2)")
    assert places == pytest.approx([-math.sqrt(2), math.sqrt(2)], rel=1e-15)
    assert (holes, jumps) == ((), [])
