"""What is simplified is the same function: in 60 digits, at points where both have a value."""

import mpmath
import pytest
from hypothesis import HealthCheck, given, settings

from actfn.expression.derive import derivative
from actfn.expression.parser import parse
from actfn.expression.printer import text
from actfn.expression.simplify import simplified
from actfn.expression.tree import postorder, variables
from tests.expression import random_expressions
from tests.expression.random_expressions import expressions
from tests.expression.strategies import trees
from tests.oracle import by_mpmath

POINTS = ["-1.7", "0.37", "2.9"]


def agree(tree, other):
    """Whether they have one value; at how many points both have one."""
    compared = 0
    for point in POINTS:
        values = {name: mpmath.mpf(point) + place for place, name in enumerate(variables(tree))}
        with mpmath.workprec(200):
            if not all(mpmath.isfinite(by_mpmath(node, values, 200)) for node in postorder(tree)):
                continue  # infinities are not what arithmetic on paper is about
            first, second = by_mpmath(tree, values, 200), by_mpmath(other, values, 200)
            if mpmath.isfinite(first) and mpmath.isfinite(second):
                compared += 1
                scale = max(abs(first), abs(second), mpmath.mpf(10) ** -20)
                assert abs(first - second) <= scale * mpmath.mpf(10) ** -20, (text(tree), text(other))
    return compared


def test_many_trees_keep_their_value():
    compared = sum(agree(tree, simplified(tree)) for tree in random_expressions.trees(2000, most_leaves=9))
    assert compared > 1000


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(trees())
def test_random_trees_keep_their_value(tree):
    if len(text(tree)) < 300:
        agree(tree, simplified(tree))


@pytest.mark.parametrize("source", expressions(150, seed=3))
def test_derivatives_of_random_expressions_keep_their_value(source):
    tree = derivative(parse(source), "x")
    assert simplified(tree) is tree
    agree(parse(source), simplified(parse(source)))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("0*x", "0"), ("1*x", "x"), ("x + 0", "x"), ("x**1", "x"), ("x**0", "1"), ("--x", "x"), ("x*x**2", "x**3"),
        ("x/x", "1"), ("2*x*3", "6*x"), ("x + 2*x", "3*x"), ("a - a", "0"), ("3*0.044715*x", "3*0.044715*x"),
        ("-1*x", "-x"), ("-(x - y)", "y - x"), ("0 < g - 2", "g > 2"), ("x - 0 >= 1", "x >= 1"), ("x/2/2", "0.25*x"),
        ("-x + 1", "1 - x"), ("(x**2)**3", "x**6"), ("x/0", "x/0"), ("2**-1", "0.5"), ("x - -2", "x + 2"),
        ("-x/3", "-x/3"), ("(x + 1)*(x + 1)", "(x + 1)**2"), ("10*x - 3 - x*2", "8*x - 3"), ("0.1 + 0.2", "0.1 + 0.2"),
        ("npdf(x)*x + x*npdf(x)", "2*npdf(x)*x"), ("exp(0)", "1"), ("where(1 < 2, x, y)", "x"), ("where(x, 3, 3)", "3"),
        ("where(x > 0, 1, where(x < 0, -1, 0))", "sign(x)"), ("1/3*x", "x/3"), ("1e308*1e308*x", "1e+308*1e+308*x"),
        ("2*(x + 1)", "2*(x + 1)"), ("0/x", "0"), ("inf*x", "inf*x"), ("x*y*3*y", "3*x*y**2"),
    ],
)  # fmt: skip
def test_what_a_student_would_call_simplified(source, expected):
    assert text(simplified(parse(source))) == expected
