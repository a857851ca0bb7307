from math import inf, pi

import pytest
import sympy

from actfn.exact.attempt import LEFT, RIGHT
from actfn.exact.limits import leading, limits
from actfn.expression.parser import parse


def tree(source):
    return parse(source, variables=("x",))


@pytest.mark.parametrize(
    ("source", "at", "expected"),
    [
        ("sigmoid(x)", inf, [1, 0, 0]), ("sigmoid(x)", -inf, [0, 0, 0]), ("x*sigmoid(x)", inf, [inf, 1, 0]),
        ("gelu(x)", -inf, [0, 0, 0]), ("mish(x)", inf, [inf, 1, 0]), ("x*log(x)", inf, [inf, inf, 0]),
        ("x**(1/x)", inf, [1, 0, 0]), ("(1 + 1/x)**x", inf, [2.718281828459045, 0, 0]),
        ("sqrt(x**2 + x) - x", inf, [0.5, 0, 0]),
        ("cosh(x) - sinh(x)", inf, [0, 0, 0]), ("exp(x)/exp(x + exp(-x))", inf, [1, 0, 0]),
        ("exp(exp(x))", inf, [inf] * 3),
        ("exp(-exp(x))", inf, [0, 0, 0]), ("atan(x)", -inf, [-pi / 2, 0, 0]), ("x - x**2", inf, [-inf, -inf, -2]),
        ("x**1000*exp(-x)", inf, [0, 0, 0]), ("(log(x + 1) - log(x))*x", inf, [1, 0, 0]),
        ("erfc(x)*exp(x**2)*x", inf, [pi**-0.5, 0, 0]),
        ("ndtr(-x)/npdf(x)*x", inf, [1, 0, 0]), ("tanhexp(x)/exp(x)/x", -inf, [1, 0, 0]),
        ("softplus(x)/exp(x)", -inf, [1, 0, 0]),
        ("inf > x", inf, [1, 0, 0]), ("where(x > 3, inf, x)", inf, [inf, 0, 0]),
        ("where(x < 1e9, x, 2)", inf, [2, 0, 0]), ("floor(x) - x + x", inf, [inf, None, None]),
        ("sin(x)", inf, [None] * 3),
        ("sin(x)/x", inf, [0, None, None]), ("exp(-x)*sin(x)", inf, [0, None, None]),
        ("log(log(x))", inf, [None] * 3), ("log(-x)", inf, [None] * 3),
    ],
)  # fmt: skip
def test_limits_at_infinity(source, at, expected):
    for limit, value in zip(limits(tree(source), "x", at, 2), expected, strict=True):
        assert (float(limit) == pytest.approx(value, rel=1e-15)) if value is not None else not limit.known


@pytest.mark.parametrize("source", [
    "sin(x)/x", "(exp(x) - 1)/x", "(1 - cos(x))/x**2", "log(1 + x)/x", "x**x", "x*log(x)", "sqrt(x)*log(x)",
    "(tan(x) - x)/x**3",
    "(sin(x) - x)/x**3", "exp(1/x)", "exp(-1/x)", "exp(-1/x)/x**9", "atan(1/x)", "1/x - 1/sin(x)",
    "1/x**2 - 1/sin(x)**2",
    "(1 + x)**(1/x)", "(asin(x) - x)/x**3", "(sqrt(1 + x) - 1 - x/2)/x**2", "(cosh(x) - 1)/x**2", "tanh(1/x)",
    "erf(x)/x", "(2**x - 1)/x", "log(x)/x", "x**0.5", "(atan(x) - sin(x))/x**3", "log(sin(x))-log(x)", "x/(exp(x) - 1)",
])  # fmt: skip
def test_limits_from_the_right_against_sympy(source):
    x = sympy.Symbol("x", positive=True)
    expression = sympy.sympify(source.replace("0.5", "Rational(1, 2)"), locals={"x": x})
    for order, limit in enumerate(limits(tree(source), "x", 0.0, 1, RIGHT)):
        expected = sympy.limit(expression.diff(x, order) if order else expression, x, 0, "+")
        assert float(limit) == pytest.approx(float(expected), rel=1e-14)


@pytest.mark.parametrize(
    ("source", "at", "expected"),
    [
        ("mish(x)", -inf, [("-1", 1, 0, [("-1", 1, 0)])]),
        ("gelu(x)", -inf, [("-1/2*2**1/2*pi**-1/2", 0, 0, [("-1/2", 2, 0)])]),
        ("sigmoid(x)", inf, [("1", 0, 0, []), ("-1", 0, 0, [("-1", 1, 0)])]),
        ("x*log(x)**2", inf, [("1", 1, 2, [])]),
        ("x*log(x)", 0.0, [("-1", 1, 1, [])]),
        ("(1 - cos(x))/x**3", 0.0, [("1/2", -1, 0, []), ("-1/24", 1, 0, [])]),
        ("sqrt(sin(x))", 0.0, [("1", 0.5, 0, []), ("-1/12", 2.5, 0, [])]),
    ],
)  # fmt: skip
def test_leading_terms(source, at, expected):
    found = leading(tree(source), "x", at, RIGHT, len(expected))
    assert [
        (str(t.coefficient), t.power, t.log_power, [(str(s.coefficient), s.power, s.log_power) for s in t.scale])
        for t in found.terms
    ] == expected


def test_leading_terms_say_whether_there_are_more():
    assert leading(tree("x + 1"), "x", inf, count=2).exact
    assert not leading(tree("x + 1"), "x", inf, count=1).exact
    assert leading(tree("0*x"), "x", inf).terms == ()
    assert leading(tree("0*x"), "x", inf).exact
    assert "negative" in leading(tree("log(x)"), "x", 0.0, LEFT).reason
    assert "oscillation" in leading(tree("sin(x)"), "x", inf).reason
