"""Every derivative at a tie is the even share of those of its sides."""

import numpy as np
import pytest

import actfn
from actfn.expression.parser import parse
from actfn.expression.ties import pulled_out


@pytest.mark.parametrize(
    ("source", "x", "order", "expected"),
    [
        ("max(0, x)**2", 0, 2, (0 + 2) / 2),
        ("max(0, x)**3", 0, 3, (0 + 6) / 2),
        ("abs(x)**3", 0, 3, (-6 + 6) / 2),
        ("x*abs(x)", 0, 2, (-2 + 2) / 2),
        ("max(0, x)*abs(x)", 0, 2, (0 + 2) / 2),
        ("clip(x, 0, 6)**2", 0, 2, (0 + 2) / 2),
        ("clip(x, 0, 6)**2", 6, 2, (2 + 0) / 2),
        ("exp(min(x, 0))", 0, 2, (1 + 0) / 2),
        ("exp(-max(max(0, x), x**2))", 1, 2, (np.exp(-1) + 2 * np.exp(-1)) / 2),
        ("3*max(0, x)**2 - abs(x)**3/2", 0, 2, (0 + 6) / 2),
        ("where(x > 0, x**2, 0)", 0, 2, 0),
        ("relu_squared", 0, 2, (0 + 2) / 2),
        ("repu", 0, 3, (0 + 6) / 2),
        ("relu(x)**2", 0, 2, 0),
    ],
)
def test_the_formula_and_the_value_share_evenly(source, x, order, expected):
    derived = actfn.function(source).derivative(order)
    assert derived(float(x)) == pytest.approx(expected, rel=1e-15, abs=1e-15)
    assert float(derived.exact(float(x))) == pytest.approx(expected, rel=1e-15, abs=1e-15)


def test_values_beside_ties_stay():
    x = np.linspace(-3, 3, 50)
    for source in ("max(0, x)**2*abs(x - 1)", "clip(x, -1, 1)**3", "min(max(x, 0), max(x - 1, 1))**2"):
        tree = parse(source)
        function, other = (actfn.function("x") for _ in range(2))
        function, other = (type(function)(each, "x", source) for each in (tree, pulled_out(tree, "x")))
        np.testing.assert_allclose(function(x), other(x), rtol=1e-15)
        np.testing.assert_allclose(function.derivative()(x), other.derivative()(x), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("source", ["tanh(x)", "2*max(0, x) - abs(x)/3", "where(x > 1, abs(x), x)", "max(0, 1)**x"])
def test_what_needs_nothing_stays_as_it_is(source):
    assert pulled_out(parse(source), "x") is parse(source)


def test_of_many_ties_inside_of_one_part_none_is_pulled_out():
    many = parse(f"({' + '.join(f'max({place}, x)' for place in range(7))})**2")
    assert pulled_out(many, "x") is many
