import math

import numpy as np
import pytest

import actfn
from actfn.expression.parser import parse
from actfn.functions.kinks import Break, at, breaks, find

KINK, JUMP = Break.KINK, Break.JUMP


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1.2**max(0, g-2)", [(2.0, KINK, 0.0, 0.1823215567939546)]),
        ("relu", [(0.0, KINK, 0.0, 1.0)]),
        ("leaky_relu", [(0.0, KINK, 0.01, 1.0)]),
        ("selu", [(0.0, KINK, 1.7580993408473766, 1.0507009873554805)]),
        ("elu", []), ("celu", []), ("softsign", []), ("sigmoid", []), ("sin", []), ("gelu", []),
        ("elu(x, alpha=2)", [(0.0, KINK, 2.0, 1.0)]),
        ("abs(x)", [(0.0, KINK, -1.0, 1.0)]),
        ("relu6", [(0.0, KINK, 0.0, 1.0), (6.0, KINK, 1.0, 0.0)]),
        ("hard_swish", [(-3.0, KINK, 0.0, -0.5), (3.0, KINK, 1.5, 1.0)]),
        ("hard_sigmoid", [(-3.0, KINK, 0.0, 1 / 6), (3.0, KINK, 1 / 6, 0.0)]),
        ("softshrink", [(-0.5, KINK, 1.0, 0.0), (0.5, KINK, 0.0, 1.0)]),
        ("hardshrink", [(-0.5, JUMP, 1.0, 0.0), (0.5, JUMP, 0.0, 1.0)]),
        ("step", [(0.0, JUMP, 0.0, 0.0)]),
        ("sign(x - 0.1)", [(0.1, JUMP, 0.0, 0.0)]),
        ("score if score >= 5 else 0", [(5.0, JUMP, 0.0, 1.0)]),
        ("max(x**2, 2)", [(-1.414213562373095, KINK, -(8**0.5), 0), (1.414213562373095, KINK, 0, 8**0.5)]),
        ("ceil(x/4)", [(place, JUMP, 0.0, 0.0) for place in (-8.0, -4.0, 0.0, 4.0, 8.0)]),
        ("round(x/8)", [(-4.0, JUMP, 0.0, 0.0), (4.0, JUMP, 0.0, 0.0)]),
        ("x % 8", [(-8.0, JUMP, 1.0, 1.0), (0.0, JUMP, 1.0, 1.0), (8.0, JUMP, 1.0, 1.0)]),
        ("where(x == 0, 1, sin(x)/x)", []),
        ("max(1, squareplus(log(x)))", [(1.0, KINK, 0.0, 0.5)]),  # in floats the tie is of several
        ("1 if x == 2 else 0", [(2.0, JUMP, 0.0, 0.0)]),
        ("max(0, -x**2)", []),
        ("max(x, x**3)", [(-1.0, KINK, 1.0, 3.0), (0.0, KINK, 0.0, 1.0), (1.0, KINK, 1.0, 3.0)]),
        ("where(x > 1e-9, x, 0)", [(1e-9, JUMP, 0.0, 1.0)]),
        ("max(0, x - 1) + max(0, x + 1)", [(-1.0, KINK, 0.0, 1.0), (1.0, KINK, 1.0, 2.0)]),
        ("max(0, max(0, x))", [(0.0, KINK, 0.0, 1.0)]),
        ("-2 < x < 3", [(-2.0, JUMP, 0.0, 0.0), (3.0, JUMP, 0.0, 0.0)]),
        ("x and 1", [(0.0, JUMP, 0.0, 0.0)]),
        # where rounding moves, doubles or hides what changes
        ("max(1, exp(x))", [(0.0, KINK, 0.0, 1.0)]),
        ("max(1, 1 + x)", [(0.0, KINK, 0.0, 1.0)]),
        ("max(0.5, sigmoid(x))", [(0.0, KINK, 0.0, 0.25)]),
        ("max(2, exp(x))", [(0.6931471805599454, KINK, 0.0, 2.0)]),
        ("abs(exp(x) - 1)", [(0.0, KINK, -1.0, 1.0)]),
        ("exp(x) if exp(x) >= 1 else x", [(0.0, JUMP, 1.0, 1.0)]),
        ("sign(exp(x) - 1)", [(0.0, JUMP, 0.0, 0.0)]),
        ("x if x*(x - 1e-7) > 0 else 1", [(0.0, JUMP, 1.0, 0.0), (1e-7, JUMP, 0.0, 1.0)]),
        ("abs(1 - cosh(x))", []), ("max(cos(x), 1 - x**2)", []), ("max(0, x**3 - 3*x**2 + 3*x - 1)", []),
        ("max(0, x*(x - 1e-7))", [(0.0, KINK, -1e-7, 0.0), (1e-7, KINK, 0.0, 1e-7)]),
    ],
)  # fmt: skip
def test_all_kinks_and_jumps_to_the_last_float(source, expected):
    found = actfn.function(source).kinks(-10, 10)
    assert [(kink.x, kink.kind) for kink in found] == [(x, kind) for x, kind, _, _ in expected]
    for kink, (_, _, left, right) in zip(found, expected, strict=True):
        assert kink.slope_left == pytest.approx(left, rel=1e-14, abs=1e-14)
        assert kink.slope_right == pytest.approx(right, rel=1e-14, abs=1e-14)


def test_many_kinks():
    assert len(find(parse("floor(100*x)"), "x", -10.0, 10.0)) == 2001
    found = find(parse("abs(sin(3*x))"), "x", -10.0, 10.0)
    assert [kink.kind for kink in found] == [KINK] * 19
    np.testing.assert_allclose([kink.x for kink in found], np.arange(-9, 10) * math.pi / 3, rtol=3e-16, atol=1e-300)


def test_the_ends_of_the_range_count():
    assert [kink.x for kink in find(parse("relu(x)"), "x", 0.0, 1.0)] == [0.0]
    assert [kink.x for kink in find(parse("relu(x)"), "x", -1.0, 0.0)] == [0.0]
    assert find(parse("relu(x)"), "x", 1.0, 2.0) == ()
    assert [kink.x for kink in find(parse("relu(x - 1e300)"), "x", -1.7e308, 1.7e308)] == [1e300]


@pytest.mark.parametrize(
    ("source", "x", "slope", "reason"),
    [
        ("max(0, x)", 0, 0.5, "max shares the slope evenly at a tie"),
        ("max(x, 0) + sin(x)", 0, 1.5, "max shares the slope evenly at a tie"),
        ("clip(x, 0, 1)", 1, 0.5, "clip shares the slope evenly at a tie"),
        ("where(x >= 0, x, 0)", 0, 1.0, "where follows its condition as written"),
        ("where(x > 0, x, 0)", 0, 0.0, "where follows its condition as written"),
        ("relu", 0, 0.0, "relu takes the slope that its frameworks take"),
        ("leaky_relu", 0, 0.01, "leaky_relu takes the slope that its frameworks take"),
        ("floor(x)", 3, 0.0, "floor is flat on both sides"),
        ("x % 2", 2, 1.0, "the branch taken there has it"),
    ],
)
def test_what_is_reported_and_why(source, x, slope, reason):
    function = actfn.function(source)
    (kink,) = at(function.tree, "x", np.array([float(x)]))
    assert (kink.slope, kink.reason) == (slope, reason)
    assert function.derivative()(x) == slope


@pytest.mark.parametrize(
    ("source", "x", "sides", "slope"),
    [
        ("1 if x == 1 else x**2", 1.0, 2.0, 0.0),
        ("relu(x) - relu(-x)", 0.0, 1.0, 0.0),
        ("clip(x, 0, 0)", 0.0, 0.0, 0.25),
    ],
)
def test_a_slope_that_neither_side_has_is_told(source, x, sides, slope):
    (kink,) = at(actfn.function(source).tree, "x", np.array([x]))
    assert (kink.slope_left, kink.slope_right, kink.slope) == (sides, sides, slope)
    assert x not in [each.x for each in actfn.function(source).kinks(-5, 5)]


def test_nothing_is_said_to_be_shared_where_the_float_lies_on_one_side():
    (kink,) = at(parse("abs(sin(x))"), "x", np.array([math.pi]))
    assert (kink.slope, kink.reason) == (-1.0, "the float nearest to it is on that side")


@pytest.mark.parametrize("source", ["abs(log(x))", "max(log(x), x - 1)", "x if x >= 0 else sqrt(x)"])
def test_nothing_jumps_at_the_end_of_a_domain(source):
    assert 0.0 not in [each.x for each in actfn.function(source).kinks(-5, 5)]


def test_only_points_that_hit_a_kink_have_one():
    x = np.array([-1.0, 0.0, np.nextafter(0, 1), 1.0, math.inf, math.nan])
    assert [kink is not None for kink in at(parse("relu(x)"), "x", x)] == [False, True, False, False, False, False]
    assert at(parse("sin(x)"), "x", x) == [None] * 6
    assert at(parse("relu(x)"), "x", np.empty(0)) == []


@pytest.mark.parametrize(
    ("source", "place", "moved"),
    [
        ("max(1, exp(x))", 0.0, [-4.510281037539698e-17, 1.1102230246251743e-16, 5e-17]),
        ("blrelu(sincos(x))", 0.0, [-5.551115123125783e-17, 1.1102230246251565e-16]),
        ("floor(exp(x))", 0.0, [-4.510281037539698e-17]),
        ("max(2, exp(x))", 0.6931471805599454, [0.6931471805599453]),
        ("max(1, cosh(x) + sinh(x))", 0.0, [-1.8250120749944274e-08, 1e-17]),
    ],
)
def test_a_kink_is_where_it_is_exactly_and_nowhere_beside(source, place, moved):
    found = at(actfn.function(source).tree, "x", np.array([place, *moved]))
    assert found[0].x == place
    assert found[1:] == [None] * len(moved)


@pytest.mark.parametrize(
    ("source", "x", "left", "right"),
    [
        ("1e9*x % 2", 5000.0, 2.0, 0.0),
        ("floor(2**42*x)", 0.0, -1.0, 0.0),
        ("where(x*(x - 1e-13) > 0, 1, 0)", 0.0, 1.0, 0.0),
        ("where(floor(x) % 2 == 0, 1, -1)", 2.0**49, -1.0, 1.0),
        ("floor(((x + 1e9) - 1e9) + 1e6)", 1.0, 1e6, 1e6 + 1),
    ],
)
def test_steps_that_follow_each_other_closely_are_not_one(source, x, left, right):
    (kink,) = at(actfn.function(source).tree, "x", np.array([x]))
    assert (kink.kind, kink.left, kink.right) == (JUMP, left, right)


def test_many_hidden_kinks_at_once_and_one_at_the_end_of_a_range():
    source = "max(1, 1 + 1e-9*(x % 1 - 0.5))"
    assert all(at(parse(source), "x", np.arange(200) + 0.5))
    assert len(actfn.function(source).kinks(-100, 100)) == 401
    assert [kink.x for kink in actfn.function("ceil(2*((x + 1)**2 - x*x))").kinks(2.9, 3.0)] == [3.0]


def test_whether_there_may_be_any():
    assert breaks(parse("relu(x)"), "x")
    assert not breaks(parse("tanh(x)"), "x")
    assert not breaks(parse("max(0, 1)*x"), "x")
