"""The truth of the table: every row's value against mpmath, every definition and rule readable."""

import math

import mpmath
import numpy as np
import pytest

from actfn.exact import value
from actfn.exact.number import Status
from actfn.expression import rules
from actfn.expression.evaluate import evaluate
from actfn.expression.primitives import CONSTANTS, FUNCTIONS, INFIX, PREFIX, TABLE, Operator, Primitive
from actfn.expression.tree import apply, number, postorder, variable, variables
from actfn.numerics.formats import FLOAT64
from tests.oracle import by_mpmath
from tests.oracle import number as number_of

MAGNITUDES = np.concatenate([np.geomspace(1e-12, 60, 90), np.linspace(0.05, 8, 120), [1.0, 2.0, 0.5, 3.0, 700.0, 1e5]])
POINTS = np.concatenate([-MAGNITUDES, [0.0], MAGNITUDES])
# The kernels of our own, and those of NumPy and the C library, with room for other processors' NumPy.
ULP = {
    "**": 2, "tan": 3, "sinh": 3, "cosh": 3, "log2": 3, "log10": 3, "asinh": 3, "acosh": 3, "atanh": 3, "erfc": 4,
    "cbrt": 0.51, "npdf": 4.5, "gaussian": 3, "ndtr": 4.5, "sigmoid": 2.5, "silu": 4.5, "mish": 4.5, "gelu": 4.5,
    "gelu_tanh": 4.5, "tanhshrink": 4.5, "softplus": 4.5, "isru": 3, "squareplus": 3, "sinc": 3, "logcosh": 3,
    "tanhexp": 4.5, "loglog": 400,  # exp(-exp(7)): half an ULP of the inner one is 1097 halves of the outer
}  # fmt: skip
DEFAULT_ULP = 2
ROWS = [row for row in TABLE if row.arguments]


def points_of(row):
    """A few hundred points for each argument, crossed at random where there are several."""
    shuffle = np.random.default_rng(7)
    columns = [POINTS, *(shuffle.permutation(POINTS) for _ in row.arguments[1:])]
    if row.name in INFIX and row.operator.chains:
        columns[1] = np.where(shuffle.random(POINTS.size) < 0.3, columns[0], columns[1])
    if row.name in ("softplus", "isru", "squareplus"):  # the parameter is positive
        columns[1] = np.abs(columns[1]) + 0.1
    return columns


def distance(computed, expected):
    """In ULP of the exact value; nan against a number is infinite."""
    if mpmath.isnan(expected) or math.isnan(computed):
        return 0 if mpmath.isnan(expected) and math.isnan(computed) else math.inf
    if mpmath.isinf(expected) or math.isinf(computed):
        return 0 if float(expected) == computed else math.inf
    return abs(mpmath.mpf(computed) - expected) / mpmath.mpf(float(FLOAT64.spacing(np.float64(float(expected)))))


def true_value(node, values):
    """Computed with so many bits that what cancels leaves more than enough digits."""
    return by_mpmath(node, values, 2000)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_value_against_mpmath(row):
    columns = points_of(row)
    node = apply(row, *(variable(name) for name in row.arguments))
    with np.errstate(all="ignore"):
        computed = np.broadcast_to(row.kernel(*columns), POINTS.shape)
    assert computed.dtype == np.float64
    allowed = ULP.get(row.name, DEFAULT_ULP)
    wrong = []
    for *arguments, y in zip(*columns, computed, strict=True):
        expected = true_value(node, dict(zip(row.arguments, arguments, strict=True)))
        if row.name in ("/", "%", "atanh") and math.isnan(expected) and not math.isfinite(y):
            continue  # division by zero: an infinity in floats, no number in mpmath
        if row.name == "**" and arguments[0] == 0 and arguments[1] < 0:
            continue
        if row.name == "%" and abs(arguments[0] / arguments[1]) > 1e6:
            continue  # u - v*floor(u/v) of the quotient rounded down differs from C's remainder at exact multiples
        if distance(float(y), expected) > allowed:
            wrong.append((arguments, float(y), mpmath.nstr(expected, 20)))
    assert not wrong, wrong[:3]


@pytest.mark.parametrize("row", [row for row in ROWS if row.stable], ids=lambda row: row.name)
def test_a_stable_form_has_the_digits_that_it_claims(row):
    """What is called certain to 20 digits agrees with 80 digits."""
    node = apply(row, *(variable(name) for name in row.arguments))
    tiny = np.array([1e-150, -1e-100, 1e-30, -1e-12])
    for arguments in zip(*(np.concatenate([column[::9], tiny]) for column in points_of(row)), strict=True):
        values = dict(zip(row.arguments, arguments, strict=True))
        few, many = (value.value(node, values, digits) for digits in (20, 80))
        if few.certain and many.status is Status.NUMBER:
            assert abs(number_of(few) - number_of(many)) <= mpmath.mpf(10) ** -19 * abs(number_of(many)), arguments


@pytest.mark.parametrize("name", CONSTANTS)
def test_constants(name):
    assert float(evaluate(apply(CONSTANTS[name]), {})) == getattr(math, name)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_text_of_a_row_reads_and_uses_its_arguments_only(row):
    trees = list(rules.partials(row))
    trees += [rules.definition(row)] if row.definition else []
    trees += [rules.selection(row)] if row.select else []
    for tree in trees:
        assert set(variables(tree)) <= {*row.arguments, rules.RESULT}
        assert all(node.row in TABLE for node in postorder(tree) if hasattr(node, "row"))


@pytest.mark.parametrize("row", [row for row in TABLE if row.select], ids=lambda row: row.name)
def test_the_piecewise_form_is_the_function(row):
    columns = dict(zip(row.arguments, points_of(row), strict=True))
    selected = evaluate(rules.selection(row), columns)
    with np.errstate(all="ignore"):
        computed = row.kernel(*columns.values())
    if row.name == "%":
        u = np.array([7.5, -7.5, 3.0, -3.0])
        v = np.array([2.0, 2.0, -2.0, -2.0])
        assert evaluate(rules.selection(row), {"u": u, "v": v}).tolist() == [math.fmod(7.5, 2), 0.5, -1.0, -1.0]
    else:
        assert np.array_equal(selected, computed)


def test_names_are_unique():
    names = [name for row in TABLE for name in (row.name, *row.synonyms) if not row.operator or row.operator.prefix]
    assert len(names) == len(set(names))
    assert not set(INFIX) & set(FUNCTIONS)
    assert set(PREFIX) == {"-", "not"}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"signature": "f(u)", "exact": "exp"}, "no kernel"),
        ({"signature": "f(u)", "kernel": np.exp}, "no exact counterpart"),
        ({"signature": "f(u)", "kernel": np.exp, "exact": "exp"}, "no way to derive"),
        ({"signature": "f(u, v)", "kernel": np.power, "exact": "power", "partials": ("1",)}, "one partial"),
        (
            {"signature": "f(u)", "kernel": np.exp, "exact": "exp", "partials": ("y",), "steps": True},
            "more than one way",
        ),
        ({"signature": "f(u)", "definition": "exp(u)", "slope": np.exp}, "a slope without"),
    ],
)
def test_a_row_checks_its_own_form(fields, problem):
    with pytest.raises(ValueError, match=problem):
        Primitive(**fields)


def test_a_row_says_its_name_arguments_and_defaults_once():
    row = Primitive("f(u, beta=2.5)", definition="u*beta")
    assert (row.name, row.arguments, row.defaults, row.required) == ("f", ("u", "beta"), {"beta": 2.5}, 1)
    row = Primitive("u <> v", np.add, ("1", "1"), exact=lambda _, u, v: u + v, operator=Operator(50))
    assert (row.name, row.arguments) == ("<>", ("u", "v"))
    assert (
        float(evaluate(apply(FUNCTIONS["softplus"], variable("x"), number(2.0)), {"x": np.float64(0)}))
        == math.log(2) / 2
    )
