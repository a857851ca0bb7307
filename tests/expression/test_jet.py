"""Jets against the symbolic derivative and against mpmath, for the catalogue and for random expressions."""

import math
import tracemalloc
from itertools import pairwise

import mpmath
import numpy as np
import pytest

from actfn.catalogue.activation import Activation
from actfn.catalogue.rows import ROWS
from actfn.expression import effort, jet, rules
from actfn.expression.derive import derivative
from actfn.expression.evaluate import evaluate
from actfn.expression.jet import derivatives
from actfn.expression.parser import parse
from actfn.expression.primitives import FUNCTIONS
from actfn.expression.tree import apply, number, variable
from actfn.numerics.formats import FORMATS
from tests import oracle
from tests.expression.random_expressions import expressions

# two are defined between 0 and 1 only
SCALAR = [row for row in ROWS if isinstance(row, Activation) and row.name not in ("logit", "sbaf")]
# away from kinks, at both signs and in the tails
POINTS = np.array([-7.3, -2.2, -0.81, -0.17, 0.23, 0.9, 1.7, 4.1])


def tree_of(row):
    return apply(row.row, variable("x"), *(number(value) for value in row.row.defaults.values()))


def by_mpmath(tree, x, order):
    """Value and derivatives of the textbook definition, by forward differences of one value for each order.

    Each is right to 40 digits but for the step, 1e-40: as many digits more are computed as differences cancel.
    """
    with mpmath.workdps(240 + 40 * order):  # definitions lose 180 in the tails
        step = mpmath.mpf(10) ** -40
        differences = [oracle.by_mpmath(tree, {"x": x + k * step}, mpmath.mp.prec) for k in range(order + 1)]
        found = []
        for n in range(order + 1):
            found.append(float(differences[0] / step**n))
            differences = [after - before for before, after in pairwise(differences)]
        return found


def close(actual, expected, relative=1e-12):
    scale = np.abs(expected) + 1e-3 * np.max(np.abs(expected), axis=0, keepdims=True)
    return np.abs(actual - expected) <= relative * scale + 1e-300


@pytest.mark.parametrize("row", SCALAR, ids=lambda row: row.name)
def test_every_row_of_the_catalogue_against_mpmath_to_order_5(row):
    tree = tree_of(row)
    computed = derivatives(tree, "x", POINTS, 5)
    expected = np.array([by_mpmath(tree, x, 5) for x in POINTS.tolist()]).T
    assert np.all(close(computed, expected)), np.max(np.abs(computed - expected), axis=1)


@pytest.mark.parametrize("row", SCALAR, ids=lambda row: row.name)
def test_every_row_of_the_catalogue_against_the_symbolic_derivative(row):
    tree = tree_of(row)
    computed = derivatives(tree, "x", POINTS, 4)
    symbolic = np.array([evaluate(derivative(tree, "x", n), {"x": POINTS}) for n in range(5)])
    assert np.all(close(computed, symbolic, 1e-10))


@pytest.mark.parametrize("source", expressions(300))
def test_random_expressions(source):
    tree = parse(source)
    x = np.array([-1.31, -0.377, 0.449, 1.73])
    computed = derivatives(tree, "x", x, 3)
    symbolic = np.array([evaluate(derivative(tree, "x", n), {"x": x}) for n in range(4)])
    assert np.all(close(computed, symbolic, 1e-9)), source
    expected = np.array(by_mpmath(tree, float(x[2]), 3))
    assert np.all(close(computed[:, 2:3], expected[:, None], 1e-9)), source


@pytest.mark.parametrize(
    ("source", "x", "order", "expected"),
    [
        ("sigmoid(x)", 40, 1, 4.248354255291589e-18),
        ("tanh(x)", 20, 1, 1.6993417021166355e-17),
        ("x**2", 0, 3, 0.0),
        ("x**2", 0, 2, 2.0),
        ("x**0", 0, 1, 0.0),
        ("x**1", 0, 2, 0.0),
        ("x**3", 0, 3, 6.0),
        ("(-2)**3 + 0*x", 1, 1, 0.0),
        ("(-2)**x", 2, 1, math.nan),
        ("min(x, exp(x))", 800, 1, 1.0),
        ("where(x > 0, x, exp(x)*inf)", 5, 1, 1.0),
        ("max(0, 1/x)", -1, 1, 0.0),
        ("0*exp(x)", 1000, 1, 0.0),
        ("max(0, x)", 0, 1, 0.5),
        ("max(x, 0)", 0, 1, 0.5),
        ("min(x, 0)", 0, 1, 0.5),
        ("abs(x)", 0, 1, 0.0),
        ("clip(x, 0, 1)", 1, 1, 0.5),
        ("relu(x)", 0, 1, 0.0),
        ("where(x >= 0, 3*x, x)", 0, 1, 3.0),
        ("floor(x)", 1, 1, 0.0),
        ("x % 3", 4, 1, 1.0),
        ("cbrt(x)", 0, 1, math.inf),
        ("exp(x)", math.nan, 1, math.nan),
        ("7", 1, 1, 0.0),
        ("x and 2*x", 3, 1, 2.0),
        ("sqrt(max(0, x))", -1, 1, 0.0),
        ("relu(x)**0.5", -1, 2, 0.0),
        ("sqrt(max(0, x))", 4, 1, 0.25),
        ("log(x)", -1, 1, math.nan),
        ("atanh(x)", 2, 1, math.nan),
        ("asinh(x)", 1e200, 1, 1e-200),
        ("x**(1 + 1)", 0, 3, 0.0),
        ("exp(x)", -700, 20, 9.85967654375977e-305),
        ("exp(x)", -20, 170, 2.061153622438558e-09),
        ("x or 5*x", 3, 1, 1.0),
        ("softplus(1, beta=x)", 2, 1, (math.e**2 / (1 + math.e**2) - math.log1p(math.e**2) / 2) / 2),
    ],
)
def test_edges(source, x, order, expected):
    value = float(derivatives(parse(source), "x", np.float64(x), order)[order])
    assert value == pytest.approx(expected, rel=4e-16, nan_ok=True)


def test_order_20_at_many_points():
    x = np.linspace(-2, 2, 50)
    computed = derivatives(parse("mish(x)"), "x", x, 20)
    assert computed.shape == (21, 50)
    expected = by_mpmath(parse("mish(x)"), float(x[17]), 20)
    np.testing.assert_allclose(computed[:, 17], expected, rtol=1e-11)
    np.testing.assert_allclose(derivatives(parse("exp(x)"), "x", x, 60)[60], np.exp(x), rtol=1e-13)
    geometric = derivatives(parse("1/(1 - x)"), "x", np.zeros(1), 30)[30]
    np.testing.assert_allclose(geometric, [float(math.factorial(30))], rtol=1e-14)


def test_shapes_and_blocks():
    x = np.linspace(-3, 3, 90_000).reshape(3, 30_000)
    computed = derivatives(parse("x**3"), "x", x, 2)
    assert computed.shape == (3, 3, 30_000)
    np.testing.assert_allclose(computed[2], 6 * x, rtol=1e-15)
    assert derivatives(parse("x**3"), "x", np.empty(0), 2).shape == (3, 0)


def test_a_typed_expression_is_derived_in_its_format():
    x = np.float64(16.0)
    tree = parse("1/(1+exp(-x))")
    half = derivatives(tree, "x", x, 1, FORMATS["float16"])
    assert half[0] == 1.0
    assert np.array_equal(FORMATS["float16"].round(half), half)
    high = derivatives(parse("2*exp(x)"), "x", np.float64(1), 12, FORMATS["float16"])
    assert np.array_equal(FORMATS["float16"].round(high), high)
    assert derivatives(parse("1*exp(x)"), "x", np.float64(0), 12, FORMATS["float16"]).tolist() == [1.0] * 13


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "gelu", "mish", "softplus", "silu", "erf", "log1p"])
def test_a_rule_wrong_by_half_a_thousandth_is_found(name, monkeypatch):
    """The tests above would fail: the comparison they make sees a rule that is off by 0.05 %."""
    row = FUNCTIONS[name]
    true_partials, true_slope = rules.partials, row.slope
    wrong = tuple(apply(parse("a*b").row, number(1.0005), partial) for partial in true_partials(row))
    tree = apply(row, variable("x"), *(number(value) for value in row.defaults.values()))
    x = np.array([0.9])
    expected = np.array(by_mpmath(tree, 0.9, 2))[:, None]
    monkeypatch.setattr(rules, "partials", lambda asked: wrong if asked is row else true_partials(asked))
    object.__setattr__(row, "slope", None)
    jet._plan.cache_clear()  # noqa: SLF001
    try:
        assert not np.all(close(derivatives(tree, "x", x, 2), expected))
    finally:
        object.__setattr__(row, "slope", true_slope)
        monkeypatch.undo()
        jet._plan.cache_clear()  # noqa: SLF001
    assert np.all(close(derivatives(tree, "x", x, 2), expected))


@pytest.mark.parametrize("source", ["x/(1+x*x)", "softsign(x/x)", "mish(x)", "x**x", "max(0, x)**2.5*sin(x)", "x**3"])
def test_a_derivative_does_not_depend_on_how_many_are_asked_for(source):
    tree, x = parse(source), np.linspace(-2, 3, 1100)
    many = derivatives(tree, "x", x, 24)
    for place in range(0, 1100, 199):
        assert np.array_equal(derivatives(tree, "x", x[place : place + 1], 24)[:, 0], many[:, place], equal_nan=True)


def test_a_high_order_takes_memory_for_few_points_at_once():
    tree, x = parse("softsign(x/x)"), np.linspace(1, 2, 40_000)
    tracemalloc.start()
    derivatives(tree, "x", x, 20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * effort.BYTES
