import math
from fractions import Fraction

import pytest
from flint import arb, ctx

from actfn.exact.attempt import number, settled
from actfn.exact.context import Context
from actfn.exact.number import Status
from actfn.exact.sides import PointKind, one_sided
from actfn.expression.parser import parse
from actfn.expression.primitives import FUNCTIONS
from actfn.expression.tree import apply, variable
from tests.exact import oracle

INF = math.inf


def beside(source, at=0.0, order=2, **given):
    return one_sided(parse(source, variables=("x",)), "x", parse(at) if isinstance(at, str) else at, order, **given)


def floats(limits):
    return [float(limit) for limit in limits]


@pytest.mark.parametrize(
    ("source", "at", "kind", "order", "left", "right"),
    [
        ("where(x>0, (1 - cos(x))/x, 0)", 0.0, PointKind.KINK, 1, [0, 0, 0], [0, 0.5, 0]),
        ("where(x>0, log(1 + x)/x, 1)", 0.0, PointKind.KINK, 1, [1, 0, 0], [1, -0.5, 2 / 3]),
        ("where(x>0, x/(1 - exp(-x)), 1)", 0.0, PointKind.KINK, 1, [1, 0, 0], [1, 0.5, 1 / 6]),
        ("where(x>0, expm1(x)/x, 1)", 0.0, PointKind.KINK, 1, [1, 0, 0], [1, 0.5, 1 / 3]),
        ("where(x==0, 1, expm1(x)/x)", 0.0, PointKind.SMOOTH, 2, [1, 0.5, 1 / 3], [1, 0.5, 1 / 3]),
        ("where(x==0, 2, expm1(x)/x)", 0.0, PointKind.REMOVABLE, 0, [1, 0.5, 1 / 3], [1, 0.5, 1 / 3]),
        ("expm1(x)/x", 0.0, PointKind.REMOVABLE, 0, [1, 0.5, 1 / 3], [1, 0.5, 1 / 3]),
        ("sinc(2*x + 1)", -0.5, PointKind.SMOOTH, 2, [1, 0, -4 / 3 * math.pi**2], [1, 0, -4 / 3 * math.pi**2]),
        ("asinh(x)*abs(x)", 0.0, PointKind.KINK, 2, [0, 0, -2], [0, 0, 2]),
        ("sign(x)*asinh(sqrt(abs(x)))**2*sqrt(abs(x))", 0.0, PointKind.KINK, 2, [0, 0, -INF], [0, 0, INF]),
        ("max(0, x)", 0.0, PointKind.KINK, 1, [0, 0, 0], [0, 1, 0]),
        ("max(0, x)**3", 0.0, PointKind.SMOOTH, 2, [0, 0, 0], [0, 0, 0]),
        ("cbrt(x)", 0.0, PointKind.VERTICAL_TANGENT, 1, [0, INF, INF], [0, INF, -INF]),
        ("sqrt(abs(x))", 0.0, PointKind.KINK, 1, [0, -INF, -INF], [0, INF, -INF]),
        ("floor(x)", 2.0, PointKind.JUMP, 0, [1, 0, 0], [2, 0, 0]),
        ("round(x)", 2.5, PointKind.JUMP, 0, [2, 0, 0], [3, 0, 0]),
        ("x % 2", 4.0, PointKind.JUMP, 0, [2, 1, 0], [0, 1, 0]),
        ("where(x==1, 5, x)", 1.0, PointKind.REMOVABLE, 0, [1, 1, 0], [1, 1, 0]),
        ("where(x<=1, x, 3)", 1.0, PointKind.JUMP, 0, [1, 1, 0], [3, 0, 0]),
        ("1/x", 0.0, PointKind.POLE, 0, [-INF, -INF, -INF], [INF, -INF, INF]),
        ("1/x**2", 0.0, PointKind.POLE, 0, [INF, INF, INF], [INF, -INF, INF]),
        ("tan(x)", "pi/2", PointKind.POLE, 0, [INF, INF, INF], [-INF, INF, -INF]),
        ("exp(1/x)", 0.0, PointKind.POLE, 0, [0, 0, 0], [INF, -INF, INF]),
        ("where(x==0, 0, exp(-1/x**2))", 0.0, PointKind.SMOOTH, 2, [0, 0, 0], [0, 0, 0]),
        ("atan(1/x)", 0.0, PointKind.JUMP, 0, [-math.pi / 2, -1, 0], [math.pi / 2, -1, 0]),
        ("1/(1 + exp(1/x))", 0.0, PointKind.JUMP, 0, [1, 0, 0], [0, 0, 0]),
        ("abs(x)**x", 0.0, PointKind.VERTICAL_TANGENT, 1, [1, -INF, -INF], [1, -INF, INF]),
        ("(x-x**3/6-sin(x))/x**5", 0.0, PointKind.REMOVABLE, 0, [-1 / 120, 0, 1 / 2520], [-1 / 120, 0, 1 / 2520]),
        ("abs(sin(x))", "pi", PointKind.KINK, 1, [0, -1, 0], [0, 1, 0]),
        ("sin(x)/(x - pi)", "pi", PointKind.REMOVABLE, 0, [-1, 0, 1 / 3], [-1, 0, 1 / 3]),
        ("(x**2 - 2)/(x - sqrt(2))", "sqrt(2)", PointKind.REMOVABLE, 0, [8**0.5, 1, 0], [8**0.5, 1, 0]),
        ("max(3*x, 1)**2", Fraction(1, 3), PointKind.KINK, 1, [1, 0, 0], [1, 6, 18]),
        ("max(x**x, 0.5) - x**x", 0.5, PointKind.SMOOTH, 2, [0, 0, 0], [0, 0, 0]),
        ("x*log(abs(x))", 0.0, PointKind.REMOVABLE, 0, [0, -INF, -INF], [0, -INF, INF]),
        ("min(x, inf)", 1.0, PointKind.SMOOTH, 2, [1, 1, 0], [1, 1, 0]),
        ("where(x > 0 and log(x) < 0, 1, 2)", 1.0, PointKind.JUMP, 0, [1, 0, 0], [2, 0, 0]),
        ("where(x > 0 or 1/0, x, 7)", 1.0, PointKind.SMOOTH, 2, [1, 1, 0], [1, 1, 0]),
        ("exp(exp(9*x))", 1.0, PointKind.SMOOTH, 2, None, None),
    ],
)  # fmt: skip
def test_limits_and_kind_of_points(source, at, kind, order, left, right):
    found = beside(source, at)
    assert (found.kind, found.order) == (kind, order)
    if left is not None:
        assert floats(found.left.limits) == pytest.approx(left, rel=1e-15)
        assert floats(found.right.limits) == pytest.approx(right, rel=1e-15)


@pytest.mark.parametrize("source", ["sqrt(x)", "log(1 + sqrt(x))", "x**1.5", "where(x < 0, log(x), x)"])
def test_a_border_has_one_side(source):
    found = beside(source)
    assert found.kind is PointKind.BORDER
    assert found.left.limits[0].status is Status.UNDEFINED
    assert float(found.right.limits[0]) == 0
    assert found.derivative(1).status is Status.UNDEFINED


def test_a_function_that_is_nowhere_near():
    assert beside("log(-1 - x**2)").kind is PointKind.UNDEFINED


def test_the_slope_at_a_point_is_that_of_the_difference_quotient():
    found = beside("where(x == 0, 0, x**2*sin(1/x))")
    assert floats([found.left.limits[0], found.value, found.derivative(0), found.derivative(1)]) == [0, 0, 0, 0]
    assert found.left.limits[1].status is found.derivative(2).status is Status.UNRESOLVED
    assert "oscillation" in found.derivative(2).reason
    assert beside("where(x == 0, 0, x*sin(1/x))").derivative(1).status is Status.UNRESOLVED
    halves = beside("where(x > 0, x**2*sin(1/x) + x, where(x == 0, 0, x**2*sin(1/x**2)))")
    assert (float(halves.left.quotient), float(halves.right.quotient)) == (0, 1)
    assert halves.derivative(1).status is Status.UNDEFINED


def test_a_smooth_point_of_a_long_formula_takes_one_attempt():
    source = "+".join(f"sin({k}*x)*exp(x/{k})" for k in range(1, 20))  # of its coefficients only balls are kept
    found = beside(source, 0.3)
    assert found.kind is PointKind.SMOOTH
    assert float(found.left.quotient) == float(found.right.quotient) == float(found.derivative(1))


def test_infinity_has_no_value():
    found = beside("1/x", INF)
    assert float(found.right.limits[0]) == 0
    assert found.value.status is Status.UNRESOLVED


def test_a_value_is_compared_with_the_limits():
    assert beside("where(x == 0, 1, sin(x)/x)").kind is PointKind.SMOOTH
    assert beside("where(x == 0, 1, sin(x)/x)").derivative(2).number.rational is not None
    assert beside("where(x == 0, 0.5, sin(x)/x)").kind is PointKind.REMOVABLE


def test_derivatives_at_a_point_are_those_of_both_sides():
    found = beside("sigmoid(x)", 0.0, 4)
    assert [str(found.derivative(k).number) for k in range(5)] == ["1/2", "1/4", "0", "-1/8", "0"]
    kink = beside("abs(x)*x", 0.0, 3)
    assert [kink.derivative(k).status for k in range(4)] == ["number", "number", "undefined", "undefined"]
    assert float(beside("cbrt(x)").derivative(1)) == INF


@pytest.mark.parametrize("bits", [100, 1000])
def test_a_point_may_be_a_ball(bits):
    def pi(wanted):
        with ctx.workprec(min(wanted, bits)):
            return arb.pi()

    found = beside("sin(x)/x", pi, 2)
    assert floats(found.left.limits[1:]) == pytest.approx([-1 / math.pi, 2 / math.pi**2], rel=1e-15)
    assert found.left.limits[0].status is Status.UNRESOLVED
    assert found.left.limits[0].number.ball.contains(0)
    assert beside("max(x, 3)", pi).kind is PointKind.SMOOTH
    assert beside("(x + 1) - x == 1", pi).kind is PointKind.SMOOTH
    undecided = beside("where(sin(x) > 0, 1, 2)", pi)
    assert undecided.kind is PointKind.UNRESOLVED
    assert "not distinguished from 0" in undecided.left.limits[0].reason


def test_what_no_digit_decides_is_unresolved_with_its_bound():
    found = beside("where(sin(x)**2 + cos(x)**2 == 1, 1, x)", 0.3)
    assert found.kind is PointKind.UNRESOLVED
    assert found.derivative(1).status is Status.UNRESOLVED
    assert "e-24" in found.left.limits[0].reason
    vanishing = beside("sin(x)**2 + cos(x)**2 - 1 + 0*x", 0.3, 0).left.limits[0]
    assert vanishing.status is Status.UNRESOLVED
    assert vanishing.number is None or vanishing.number.ball.contains(0)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("exp(abs(x)**0.001)", "too close together"),
        ("exp(exp(exp(exp(exp(1/abs(x))))))", "nested"),
        ("log(log(abs(x))**2)", "a logarithm of a logarithm"),
    ],
)
def test_effort_is_bounded(source, reason):
    assert reason in beside(source).left.limits[0].reason


@pytest.mark.parametrize(("levels", "reason"), [(400, "more work"), (20_000, "parts")])
def test_a_long_tree_is_unresolved(levels, reason):
    tree = variable("x")
    for _ in range(levels):
        tree = apply(FUNCTIONS["tanh"], tree)
    found = one_sided(tree, "x", 0.5)
    assert found.kind is PointKind.UNRESOLVED
    assert "too long" in found.left.limits[0].reason
    assert reason in found.left.limits[0].reason


def test_accuracy_is_as_wanted():
    for accuracy in (64, 500, 3000):
        limit = beside("gelu(x)", 0.7, 1, accuracy=accuracy).left.limits[1]
        assert limit.number.ball.rel_accuracy_bits() >= accuracy
    tiny = beside("(exp(x) - 1 - x)/x", 1e-300, 0).value
    assert float(tiny) == pytest.approx(5e-301, rel=1e-14)


def test_answers_leave_the_precision_of_flint_alone():
    before = ctx.prec
    beside("sin(x)/x", 1.0)
    assert ctx.prec == before


def _vanishing(at):
    u = {
        0.0: "x",
        -0.5: "(2*x + 1)",
        "1/3": "(x - 1/3)",
        "pi": "(x - pi)",
        "sqrt(2)": "(x**2 - 2)",
        "log(3)": "(exp(x) - 3)",
    }[at]
    over = ["sin({u})", "expm1({u})", "log1p({u})", "tan({u})", "atan({u})", "asinh({u})", "1 - cos({u})", "erf({u})",
            "sqrt(1 + {u}) - 1", "{u} - sin({u})", "tanh({u})", "asin({u})", "gelu({u})", "cosh({u}) - 1",
            "2**{u} - 1"]  # fmt: skip
    under = ["{u}", "sinh({u})", "sqrt({u}**2)", "{u}**3"]
    return [
        (f"({top})/({under[index % len(under)]})".format(u=u), at)
        for index, top in enumerate(over, {"pi": 1, "1/3": 2}.get(at, 0))
    ]


@pytest.mark.parametrize(
    ("source", "at"),
    [case for at in (0.0, -0.5, "1/3", "pi", "sqrt(2)", "log(3)") for case in _vanishing(at)]
    + [
        (source, at)
        for at in (0.0, 1.0, "1/3")
        for source in (
            f"abs(x - {at})**1.5", f"sqrt(abs(x - {at}))*log(abs(x - {at}))", f"max(x - {at}, 0)**2.5",
            f"sin(x)/(x - {at})**2", f"exp(-1/abs(x - {at}))", f"tanh(1/(x - {at}))",
            f"abs(x - {at})*sign(sin(x - {at}))", f"acos(1 - abs(x - {at}))",
            f"atan2(x - {at}, -1)", f"floor(3*x) + x**2 + {at}", f"logcosh(x - {at})/(x - {at})", f"erfc(1/(x - {at}))",
            f"(x - {at})**(x - {at})", f"where(x > {at}, gelu(x), mish(x))", f"log1p(abs(x - {at}))**1.5",
        )
    ],
)  # fmt: skip
def test_singular_points_against_mpmath(source, at):
    tree, point = parse(source, variables=("x",)), parse(at) if isinstance(at, str) else at
    found = one_sided(tree, "x", point, 4)
    for side, limits in ((-1, found.left.limits), (1, found.right.limits)):
        for order, limit in enumerate(limits):
            assert oracle.agrees(limit, *oracle.approached(tree, point, side, order)), (side, order, str(limit))


def test_settled_repeats_only_what_is_open():
    asked = []

    def question(attempt):
        asked.append((attempt.context.bits, attempt.context.terms))
        return attempt.limit(1)

    settled([question, lambda attempt: attempt.value()], parse("exp(x) - 1 - x"), "x", 1e-300)
    assert asked == [(128, 4), (512, 4), (2048, 4), (8192, 4)]
    asked.clear()
    settled([question], parse("(sin(x) - x + x**3/6)/x**5"), "x", 0.0)
    assert asked == [(128, 4), (128, 8)]


def test_points_are_taken_exactly():
    context = Context()
    assert str(number(0.1, context)) == "3602879701896397/36028797018963968"
    assert str(number(parse("1/3"), context)) == str(number(Fraction(1, 3), context)) == "1/3"
    assert number(-INF, context) == number(parse("-inf"), context) == -INF
