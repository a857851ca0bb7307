"""Rules of rows, the catalogue and random formulas against mpmath: what is certified must be so."""

import random
from math import inf, isinf

import pytest

from actfn.exact import elementary, reals
from actfn.exact.attempt import LEFT, RIGHT
from actfn.exact.expansion import form
from actfn.exact.limits import limits
from actfn.exact.series import composed
from actfn.expression.parser import parse
from actfn.expression.primitives import TABLE
from actfn.expression.tree import apply, number, variable
from tests.exact import oracle
from tests.exact.expansions import POINTS, judged, rows
from tests.expression.random_expressions import expressions

X = variable("x")
UNARY = [row for row in TABLE if row.required == 1]
CATALOGUE = rows()


def wrong(tree, x, order, sides=(LEFT, RIGHT)):
    """The certified limits that mpmath contradicts."""
    return [
        (side, k, str(limit))
        for side in sides
        for k, limit in enumerate(limits(tree, "x", x, order, side))
        if oracle.agrees(limit, *oracle.approached(tree, x, side, k)) is False
    ]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.signature)
def test_every_row_has_a_rule_or_a_form(row):
    tables = (elementary.RULES, elementary.COMPARISONS, elementary.CONSTANTS)
    ruled = any(row.signature in table for table in tables) or row.name == "where"
    assert ruled == (form(row) is None)
    assert not (ruled and row.expansion)


@pytest.mark.parametrize("row", UNARY, ids=lambda row: row.signature)
@pytest.mark.parametrize("x", [0.0, 1.0, -1.0, 0.5, -2.5, inf, -inf])
def test_rows_of_one_argument(row, x):
    tree = apply(row, X, *(number(row.defaults[name]) for name in row.arguments[1:]))
    assert not wrong(tree, x, 3, (RIGHT,) if isinf(x) else (LEFT, RIGHT))


@pytest.mark.parametrize("source", [
    "atan2(x, 1 - x)", "atan2(x, -1 - x**2)", "atan2(1, x)", "atan2(-1, x)", "hypot(x, x**2)", "x % 0.5",
    "(x + 3) % x", "x**x",
    "(1 + x)**(1/x)", "abs(x)**0.3", "x**-3", "2**(1/x)", "step(x, 0)", "step(-x, 0)", "clip(x, 0, 1)",
    "x > 0 and x < 1",
    "x or 1", "not x", "0 <= x < 1", "x == 0", "x != x", "max(x, x**2, -x)", "min(x, exp(x) - 1)",
])  # fmt: skip
@pytest.mark.parametrize("x", [0.0, 1.0, -0.5, inf, -inf])
def test_rows_of_two_arguments(source, x):
    assert not wrong(parse(source, variables=("x",)), x, 2, (RIGHT,) if isinf(x) else (LEFT, RIGHT))


@pytest.mark.parametrize("name", CATALOGUE)
def test_rows_of_the_catalogue(name):
    at = list(CATALOGUE).index(name)
    for x in (POINTS[at % len(POINTS)], POINTS[(at + 3) % len(POINTS)]):
        answers = list(judged(CATALOGUE[name], x, 2))
        assert not [(x, side, k, str(limit)) for side, k, limit, agrees in answers if agrees is False]


def test_nearly_all_limits_of_the_catalogue_are_certified():
    found = [
        limit.status != "unresolved"
        for function in list(CATALOGUE.values())[::7]
        for x in POINTS
        for limit in limits(function.tree, function.variable, x, 4)
    ]
    assert sum(found) >= 0.98 * len(found)


@pytest.mark.parametrize(
    ("source", "x", "expected"),
    [
        ("log(sign(x) + 1)", -1.0, "-inf"),  # as in floats, and not undefined
        ("log10(x > 3)", 1.0, "unresolved"),
        ("atanh(sign(x))", 2.0, "unresolved"),
        ("not log(x)", -1.0, "0.0"),
        ("not x", -1.0, "0.0"),
        ("x % 0", 2.0, "undefined"),
        ("x % (x > 5)", 2.0, "undefined"),
        ("0*log(sign(x) + 1)", -1.0, "undefined"),
        ("(x > 5)*log(sign(x) + 1)", -1.0, "undefined"),
    ],
)
def test_constants_beside_a_point_are_those_of_floats(source, x, expected):
    (limit,) = limits(parse(source, variables=("x",)), "x", x, 0)
    assert str(limit).partition(":")[0] == expected


def test_random_formulas():
    generator = random.Random(7)  # noqa: S311 - reproducible, not secret
    for source in expressions(150, seed=31):
        x = generator.choice([0.0, 0.3, 1.0, -1.0, 0.7, inf, -inf])
        tree = parse(source, variables=("x",))
        assert not wrong(tree, x, 1, (RIGHT,)), (source, x)


@pytest.mark.parametrize(("signature", "source"), [
    ("exp(u)", "exp(x)"), ("log(u)", "log(1 + x)"), ("sin(u)", "sin(x)"), ("cos(u)", "cos(x)"), ("atan(u)", "atan(x)"),
    ("erf(u)", "erf(x)"), ("erfc(u)", "erfc(x)"), ("u ** v", "(1 + x)**0.5"), ("u * v", "x*exp(x)"),
])  # fmt: skip
def test_a_rule_made_wrong_is_seen(signature, source, monkeypatch):
    tree = parse(source, variables=("x",))
    assert not wrong(tree, 0.0, 3, (RIGHT,))
    right = elementary.RULES[signature]

    def off(*args):
        return right(*args) + _cube_of(args[0])

    monkeypatch.setitem(elementary.RULES, signature, off)
    assert wrong(tree, 0.0, 3, (RIGHT,))


def _cube_of(u):
    """The cube of u less its limit: what a wrong coefficient of third order adds."""
    factors = [reals.real(0)] * 3 + [reals.real(1)]
    return composed(factors, elementary.parted(u)[2])
