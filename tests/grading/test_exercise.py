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


TOP = ("title", "against", "timeout", "memory", "forbid")
POINTS = "'at' must be a number or a list of numbers, for a function of a vector a list of lists"
UNUSABLE = {
    "timeout = 1e308": "'timeout' must be a number of seconds from 0.001 to 100000",
    "timeout = inf": "'timeout' must be a number of seconds from 0.001 to 100000",
    "timeout = nan": "'timeout' must be a number of seconds from 0.001 to 100000",
    "timeout = 5e-324": "'timeout' must be a number of seconds from 0.001 to 100000",
    "memory = 99999999999999": "'memory' must be a whole number of MiB from 16 to 1048576",
    "memory = 16.0": "'memory' must be a whole number of MiB from 16 to 1048576",
    "memory = true": "'memory' must be a whole number of MiB from 16 to 1048576",
    f"memory = {'9' * 400}": "a whole number is too large",
    f"points = {'9' * 5000}": "a number has too many digits",
    f"at = [1, -{'9' * 400}]": "a whole number is too large",
    f"parameters = {{alpha = {2**63}}}": "a whole number is too large",
    f"range = [0, {-(2**63) - 1}, 5]": "a whole number is too large",
    "points = 1e308": "'points' must be a number from 0 to 1000000",
    "points = nan": "'points' must be a number from 0 to 1000000",
    "atol = inf": "'atol' must be a number, 0 or more",
    "rtol = nan": "'rtol' must be a number, 0 or more",
    "range = [-inf, inf]": "'range' must be [low, high] or [low, high, how many (2 to 100000)]",
    "range = [0, 1, 1e9]": "'range' must be [low, high] or [low, high, how many (2 to 100000)]",
    f"at = [{'1, ' * 100_001}]": "these are 100001 numbers",
    f"at = [{'[1, 2], ' * 50_001}]": "these are 100002 numbers",
    f"at = {'[' * 3000}{']' * 3000}": "more than 100 lists or tables stand in one another",
    f"at = {'{a = ' * 3000}1{'}' * 3000}": "more than 100 lists or tables stand in one another",
    f"at = {'[' * 100}{']' * 100}": POINTS,
    r'hint = "a\u0000b"': "a text holds the character NUL",
    r'needs = ["a", "\u0000"]': "a text holds the character NUL",
    r'against = "\u0000.py:f"': "a text holds the character NUL",
    r'hint = "\ud800"': "escaped character is not a Unicode scalar value",
    "hint = 'a\0b'": r"found invalid character '\x00'",
    "hint = 'a\rb'": r"found invalid character '\r'",
    "\ufeffhint = 'a'": "invalid statement",
    f"{'a.' * 3000}b = 1": "unknown key 'a'",
    "at = 1979-05-27": POINTS,
}  # fmt: skip


@pytest.mark.parametrize("entry", UNUSABLE, ids=lambda entry: ascii(entry[:30]))
def test_what_cannot_be_used_is_an_error_with_its_line(entry, folder):
    check = f'[[check]]\nname = "a"\nfunction = "{"softmax" if "[[" in entry or "[1, 2]" in entry else "relu"}"\n'
    check += "" if entry.startswith("against") else 'against = "x"\n'
    line = 1 if entry.startswith(TOP) else check.count("\n") + 1
    text = f"{entry}\n{check}" if line == 1 else f"{check}{entry}\n\n[[check]]\n"
    with pytest.raises(UsageError) as caught:
        parse(text, "e.toml", folder)
    assert caught.value.message == f"e.toml:{line}: {UNUSABLE[entry]}"
    assert caught.value.source == entry


def test_what_many_checks_are_against_is_looked_for_once(folder, monkeypatch):
    looked = []
    monkeypatch.setattr("actfn.grading.against.submission", lambda text, _: looked.append(text) or Missing(text, ""))
    text = 'against = "student.py:{function}"\n'
    text += "".join(f'[[check]]\nname = "{k}"\nfunction = "{"relu" if k % 2 else "tanh"}"\nat = 1\n' for k in range(9))
    assert [check.submission.text for check in parse(text, "e.toml", folder).checks][:2] == [
        "student.py:tanh", "student.py:relu",
    ]  # fmt: skip
    assert sorted(looked) == ["student.py:relu", "student.py:tanh"]


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
