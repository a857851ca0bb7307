"""Exercise files: what they mean, and a folder of wrong ones, each with its whole message."""

from pathlib import Path

import numpy as np
import pytest

from actfn.errors import UsageError
from actfn.grading.exercise import parse
from actfn.grading.grade import grade
from actfn.grading.judge import Tolerance
from actfn.grading.report import Verdict
from actfn.grading.submission import REFUSED, Missing
from actfn.numerics.formats import FORMATS

CASES = sorted((Path(__file__).parent / "errors").glob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_whole_message(path, folder):
    text, message = path.read_text(encoding="utf-8").split("---\n")
    with pytest.raises(UsageError) as caught:
        parse(text, "exercise.toml", folder)
    assert f"{caught.value}\n" == message


def test_there_are_cases():
    assert len(CASES) >= 30


FULL = """
title = "All of it"
against = "student.py:{function}"
timeout = 3
memory = 100
forbid = ["numpy"]

[[check]]
name = "values"
function = "leaky_relu"
parameters = {alpha = 0.2}
at = [1, -0.1, inf]
rtol = 1e-3
atol = 1
ulp = 2
dtype = "float16"
points = 2.5
hint = "read"

[[check]]
name = "slopes"
function = "gelu"
derivative = true
range = [-1, 1, 5]
against = "x"
timeout = 1
needs = "values"

[[check]]
name = "vectors"
function = "softmax"
at = [[1, 2], [3]]
needs = ["values", "slopes"]
"""


def test_what_an_exercise_means(folder):
    found = parse(FULL, "exercise.toml", folder)
    values, slopes, vectors = found.checks
    assert found.title == "All of it"
    assert values.function(-1.0) == -0.2
    hint = "a function in a Python file is written student.py:sigmoid"
    assert values.submission == Missing("student.py:leaky_relu", "there is no file 'student.py'", hint)
    assert values.groups[0].name == "values"
    assert [x.tolist() for x in values.groups[0].questions] == [[1.0], [float(np.float16(-0.1))], [np.inf]]
    assert values.tolerance == Tolerance(1, 1e-3, 2)
    assert values.form is FORMATS["float16"]
    assert (values.worth, values.hint, values.needs, values.refused) == (2.5, "read", [], ["numpy"])
    assert (values.limits.seconds, values.limits.memory) == (3, 100)
    assert slopes.function.order == 1
    assert [float(x[0]) for x in slopes.groups[0].questions] == [-1, -0.5, 0, 0.5, 1]
    assert (slopes.submission.text, slopes.limits.seconds, slopes.needs) == ("x", 1, ["values"])
    assert vectors.vector
    assert [x.tolist() for x in vectors.groups[0].questions] == [[1, 2], [3]]
    assert vectors.needs == ["values", "slopes"]


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("at = 0", [0]),
        ("at = -inf", [-np.inf]),
        ("at = [0, 1.5]", [0, 1.5]),
        ("range = [-1, 1, 3]", [-1, 0, 1]),
        ("range = [-5, 5]", np.linspace(-5, 5, 41)),
        ('range = "-1:1:3"', [-1, 0, 1]),
        ('range = "-5 : 5"', np.linspace(-5, 5, 41)),
    ],
)
def test_ways_to_write_points(line, points, folder):
    text = f'[[check]]\nname = "a"\nfunction = "relu"\nagainst = "relu"\n{line}\n'
    (check,) = parse(text, "exercise.toml", folder).checks
    assert [x.tolist() for x in check.groups[0].questions] == [[x] for x in points]


def test_what_is_not_said(folder):
    text = '[[check]]\nname = "a"\nfunction = "relu"\nagainst = "relu"\n'
    found = parse(text, "exercise.toml", folder)
    (check,) = found.checks
    assert found.title == "exercise.toml"
    assert (check.tolerance, check.refused, check.worth) == (Tolerance(), REFUSED, 1)
    points = [float(x[0]) for x in check.groups[0].questions]
    assert {0.0, 1.0, -1.0, np.inf} <= set(points)
    assert grade(found.title, found.checks).passed


def test_a_function_that_works_on_arrays(folder):
    text = '[[check]]\nname = "a"\nfunction = "relu"\nvector = true\nagainst = "student.py:relu"\n'
    (folder / "student.py").write_text("def relu(x):\n    y = x.copy()\n    y[x < 0] = 0\n    return y\n")
    found = parse(text, "exercise.toml", folder)
    assert len(found.checks[0].groups[0].questions) == 1
    assert grade("t", found.checks).passed


def verdicts(text, folder):
    found = parse(text, "exercise.toml", folder)
    return [outcome.verdict.value for outcome in grade(found.title, found.checks).outcomes]


def test_what_needs_a_check_that_failed_is_skipped(folder):
    check = '[[check]]\nname = "{}"\nfunction = "relu"\nat = [1, 2]\nagainst = "{}"\nneeds = {}\n'
    text = check.format("a", "relu", []) + check.format("b", "x-1", ["a"]).replace("'", '"') + (
        check.format("c", "relu", '["b"]') + check.format("d", "relu", '["c"]') + check.format("e", "relu", '["a"]')
    )  # fmt: skip
    assert verdicts(text.replace("'", '"'), folder) == ["passed", "failed", "skipped", "skipped", "passed"]


@pytest.mark.parametrize(
    ("function", "against", "name", "passes"),
    [
        ("tanh", "tanh", "monotone", True),
        ("gelu", "gelu", "monotone", False),
        ("tanh", "-tanh(x)", "monotone", True),
        ("relu", "relu", "strictly increasing", False),
        ("sigmoid", "1/(1+exp(-x))", "never nan", True),
        ("sigmoid", "exp(x)/(1+exp(x))", "never nan", False),
        ("softplus", "log(1+exp(x))", "finite", False),
        ("softplus", "softplus", "finite", True),
        ("sigmoid", "sigmoid", "never saturated", False),
        ("relu", "relu", "never saturated", True),
        ("hard_tanh", "hard_tanh", "never saturated", True),
        ("hard_tanh", "tanh", "never saturated", True),
        ("sigmoid", "sigmoid(x/1e308)", "never saturated", True),
        ("sigmoid", "sigmoid", "between 0 and 1", True),
        ("sigmoid", "sigmoid", "between 0.1 and 1", False),
        ("tanh", "tanh", "between -1.0 and 1e0", True),
    ],
)
def test_properties(function, against, name, passes, folder):
    text = f'[[check]]\nname = "a"\nfunction = "{function}"\nagainst = "{against}"\nproperty = "{name}"\n'
    assert verdicts(text, folder) == ["passed" if passes else "failed"]


@pytest.mark.parametrize(
    ("slopes", "values", "passes"),
    [
        ("where(x > 0, 1, 0.01)", "leaky_relu", True),
        ("where(x > 0, 1, 0.02)", "leaky_relu", False),
        ("where(x > 0, 2, 0.02)", "2*leaky_relu(x)", True),
        ("log(-1)*x", "leaky_relu", False),
        ("x", "student.py:missing", False),
    ],
)
def test_slopes_against_the_submissions_own_values(slopes, values, passes, folder):
    text = (
        f'[[check]]\nname = "a"\nfunction = "leaky_relu"\nderivative = true\nagainst = "{slopes}"\n'
        f'property = "matches derivative"\nslope-of = "{values}"\n'
    )
    assert verdicts(text, folder) == ["passed" if passes else "failed"]


def test_several_properties_and_what_is_told_of_the_first_that_fails(folder):
    text = '[[check]]\nname = "a"\nfunction = "relu"\nagainst = "relu"\nat = [1, 20]\n'
    text += 'property = ["finite", "between 0 and 9"]\n'
    found = parse(text, "exercise.toml", folder)
    (outcome,) = grade(found.title, found.checks).outcomes
    assert outcome.verdict is Verdict.FAILED
    assert (outcome.miss.x, outcome.miss.wanted, outcome.miss.actual) == ((20.0,), "from 0 to 9", 20.0)
