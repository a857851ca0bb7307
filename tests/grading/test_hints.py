from functools import cache

import numpy as np
import pytest

import actfn
from actfn.grading.hints import hint
from actfn.grading.judge import Tolerance, judge
from actfn.grading.mistakes import MISTAKES
from actfn.grading.points import line, singles
from actfn.grading.reference import truths
from actfn.grading.submission import Reply
from actfn.numerics.formats import FLOAT64

X = np.linspace(-6, 6, 25)


every_mistake = pytest.mark.parametrize(
    "mistake", MISTAKES, ids=lambda mistake: f"{mistake.function}{mistake.order}: {mistake.formula}"
)


def told(name, answers, points=X, order=0, tolerance=Tolerance(), **parameters):
    """The hint for answers to a function."""
    function = actfn.function(name, **parameters).derivative(order)
    questions = singles(points)
    replies = [Reply((float(y),)) if isinstance(y, int | float) else Reply(None, y) for y in list(answers)]
    findings = judge(truths(function, questions, FLOAT64), replies, tolerance, FLOAT64)
    assert findings
    return hint(function, questions, replies, findings, FLOAT64)


@cache
def default_points(name, order):
    return np.concatenate(line(actfn.function(name).derivative(order), FLOAT64))


@every_mistake
def test_every_known_mistake_is_recognised_by_its_answers(mistake):
    points = default_points(mistake.function, mistake.order)
    answers = actfn.function(mistake.formula)(points)
    wanted = [each.hint for each in MISTAKES if (each.function, each.order) == (mistake.function, mistake.order)]
    assert told(mistake.function, answers.tolist(), points, mistake.order, Tolerance(ulp=8)) in wanted


@pytest.mark.parametrize(
    ("name", "answers", "parts"),
    [
        ("gelu", "gelu_tanh", "values of gelu_tanh"),
        ("silu", "relu", "values of relu"),
        ("leaky_relu", "max(0.2*x, x)", "alpha = 0.2, not 0.01"),
        ("swish(x, 2)", "-x*sigmoid(2*x)", "the sign turned"),
        ("elu", "x", "points themselves"),
        ("sigmoid", "sigmoid(-x)", "at -x"),
        ("tanh", "sech(x)**2", "of the derivative"),
        ("sin(x)", "sin(pi/180*x)", "not in degrees"),
        ("sin(x)", "sin(180/pi*x)", "need not be converted"),
        ("elu", "where(x >= 0, x, 7)", "negative x only"),
        ("selu", "where(x > 0, 2*x, selu(x))", "positive x only"),
        ("softplus", "where(x > 4, x, softplus(x))", "right up to x = 4 and wrong from 4.5"),
        ("softplus", "where(x < -4, 0, softplus(x))", "wrong up to x = -4.5 and right from -4"),
        ("gelu", "x*7 + 3", ""),
    ],
)
def test_other_functions(name, answers, parts):
    said = told(name, actfn.function(answers)(X).tolist())
    assert parts in said
    assert bool(parts) == bool(said)


def test_a_parameter_that_was_asked_for():
    answers = actfn.function("leaky_relu", alpha=0.3)(X).tolist()
    assert told("leaky_relu", answers, alpha=0.2) == "these are the values with alpha = 0.3, not 0.2"


def test_values_where_slopes_are_asked_for():
    assert "not of its derivative" in told("softsign", actfn.function("softsign")(X).tolist(), order=1)
    assert "the derivative of sigmoid" in told("gelu", actfn.function("sigmoid").derivative()(X).tolist(), order=1)


def test_one_point_alone_tells_no_functions_apart():
    assert told("sigmoid", [0.75], [3.0]) == ""


@pytest.mark.parametrize(
    ("shown", "parts"),
    [("{:.6g}", "6 digits"), ("{:f}", "6 decimals"), ("{:.4f}", "4 decimals"), ("{:.7e}", "8 digits")],
)
def test_digits_that_were_not_printed(shown, parts):
    answers = [float(shown.format(y)) for y in actfn.function("softplus")(X).tolist()]
    assert parts in told("softplus", answers)


def test_float32():
    answers = actfn.function("softplus")(X.astype(np.float32)).astype(float).tolist()
    assert "double precision" in told("softplus", answers)


@pytest.mark.parametrize(
    ("problem", "parts"),
    [
        ("raised OverflowError: math range error", "exp(-x) overflows below"),
        ("raised ZeroDivisionError: division by zero", "a branch of its own"),
        ("returned None, not a number", "'return'"),
        ("returned True, not a number", "float(...)"),
        ("raised ImportError: importing 'scipy' is refused here", "write it yourself"),
        ("did not answer within 10 s", "a loop"),
        ("raised KeyError: 3", ""),
    ],
)
def test_complaints(problem, parts):
    said = told("sigmoid", [problem, 0.5], [-800.0, 0.0])
    assert parts in said
    assert bool(parts) == bool(said)
