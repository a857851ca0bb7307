"""Each row against its source's formula, written as the source has it and evaluated by mpmath without this package."""

import math

import mpmath
import numpy as np
import pytest

import actfn
from actfn.catalogue.rows import OMITTED, find
from actfn.expression.evaluate import evaluate
from actfn.expression.parser import parse
from actfn.expression.primitives import FUNCTIONS
from actfn.numerics.formats import FLOAT64
from tests.catalogue.sources import IN_SOURCES, OTHERWISE, SCALAR, SOURCES
from tests.oracle import number

mp = mpmath.mp
POINTS = np.concatenate([np.random.default_rng(3).normal(0, 3, 50), np.linspace(-11.3, 11.7, 20)])
NAMES = {
    "where": lambda condition, a, b: a() if condition() else b(),
    "max": max, "min": min, "abs": abs, "pi": mp.pi, "sign": mp.sign, "clip": lambda x, a, b: min(max(x, a), b),
    "softplus": lambda x: mp.log1p(mp.exp(x)), "sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "sech": mp.sech,
    "sinc": lambda x: mp.sin(x) / x if x else mp.one,
    "exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log1p": mp.log1p, "sqrt": mp.sqrt, "sin": mp.sin, "cos": mp.cos,
    "tanh": mp.tanh, "sinh": mp.sinh, "cosh": mp.cosh, "asinh": mp.asinh, "atan": mp.atan, "erf": mp.erf,
    "erfc": mp.erfc,
}  # fmt: skip


def lazy(formula):
    """The source's formula with the arguments of each `where` as functions, so that the other branch is left alone."""
    out, stack, place = [], [], 0
    while place < len(formula):
        if formula.startswith("where(", place):
            out.append("where(lambda: ")
            stack.append("where")
            place += 6
            continue
        character = formula[place]
        if character == "(":
            stack.append("")
        elif character == ")":
            stack.pop()
        out.append(", lambda: " if character == "," and stack and stack[-1] else character)
        place += 1
    return "".join(out)


def source(name):
    """The function of the source: an mpf to an mpf."""
    line = SOURCES[name]
    parameters = dict(part.split("=") for part in line["parameters"].replace(" ", "").split(",") if part)
    values = {key: mp.mpf(float(value)) for key, value in parameters.items()}
    code = compile(lazy(line["formula"]), name, "eval")
    return lambda x: mp.mpf(eval(code, {"__builtins__": {}} | NAMES | values | {"x": x}))  # noqa: S307 - our own data


def near(computed, expected):
    if math.isinf(computed):
        return computed == float(expected)
    return abs(computed - float(expected)) <= 2e-13 * abs(float(expected)) + 2e-15


@pytest.mark.parametrize("name", IN_SOURCES)
def test_value_and_slope_are_those_of_the_source(name):
    function, true = actfn.function(name), source(name)
    values, slopes = function.values(POINTS), function.derivative().values(POINTS)
    step = mp.mpf(10) ** -25
    compared = 0
    with mp.workdps(80):
        for x, value, slope in zip(POINTS.tolist(), values.tolist(), slopes.tolist(), strict=True):
            try:
                exact = true(mp.mpf(x))
                difference = (true(x + step) - true(x - step)) / (2 * step)
            except (ValueError, TypeError, ZeroDivisionError):  # outside the domain mpmath has complex numbers
                assert math.isnan(value), x
                continue
            compared += 1
            assert near(value, exact), (x, value, mp.nstr(exact, 20))
            assert near(slope, difference), (x, slope, mp.nstr(difference, 20))
    assert compared >= 60 or name in ("logit", "sbaf")


def test_every_scalar_row_is_compared_but_for_known_ones():
    assert {row.name for row in SCALAR} - set(IN_SOURCES) == OTHERWISE | {"dice"}
    assert set(SOURCES) - {row.name for row in SCALAR} == set()


@pytest.mark.parametrize("row", SCALAR, ids=lambda row: row.name)
def test_far_out_there_is_a_value_where_there_is_one(row):
    far = np.array([-1e300, -1e100, -2000.0, -800.0, -709.5, 709.5, 800.0, 2000.0, 1e100, 1e300])
    function = actfn.function(row.name)
    values = function.values(far)
    if row.name not in ("logit", "sbaf"):
        assert not np.isnan(values).any(), values
    for x, value in zip(far[np.abs(far) < 1e3], values[np.abs(far) < 1e3], strict=True):
        exact = function.exact(float(x))
        assert not exact.defined or near(value, number(exact)), x


@pytest.mark.parametrize("row", [row for row in SCALAR if row.name in FUNCTIONS], ids=lambda row: row.name)
def test_a_row_of_the_table_shows_the_formula_of_the_table(row):
    function = actfn.function(row.name)
    assert dict(row.parameters) == row.row.defaults
    if not row.parameters:
        assert function.formula == row.formula
    else:
        tree = parse(row.formula, variables=("x", *row.parameters))
        x = np.linspace(-3, 3, 7)
        values = evaluate(tree, {"x": x} | {name: np.full(7, value) for name, value in row.parameters.items()})
        assert values == pytest.approx(function.values(x), rel=1e-14)


@pytest.mark.parametrize("name", OMITTED)
def test_what_is_left_out_is_said(name):
    assert find(name) is None
    with pytest.raises(actfn.errors.UnknownNameError, match="not in the catalogue"):
        actfn.function(name)


@pytest.mark.parametrize("name", ["mishra", "softplusplus"])
def test_rows_whose_usual_formula_cancels_keep_their_digits(name):
    function = actfn.function(name)
    x = np.concatenate([-np.geomspace(1e-300, 1e15, 60), np.geomspace(1e-300, 1e15, 60)])
    for each in (function, function.derivative()):
        errors = [each.exact(point, 25).ulp_error(y, FLOAT64) for point, y in zip(x, each.values(x), strict=True)]
        assert max(errors) < 4
