"""The exercises that come with actfn: the right solution passes, typical wrong ones do not and are told why."""

import shutil
from pathlib import Path

import pytest

from actfn.errors import UnknownNameError
from actfn.grading import exercise, exercises
from actfn.grading.grade import grade
from actfn.grading.report import Verdict

HERE = Path(__file__).parent / "solutions"
NAMES = [each.name for each in exercises.shipped()]
needs_a_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")

# what the first failed check, or one of them, is told
WRONG = {
    "gelu/loses_digits": "erfc(-u)",
    "gelu/not_scaled": "a root of 2 is missing",
    "gelu/with_tanh": "gelu_tanh",
    "scale/too_large": "17.33",
    "scale/too_small": "straight line",
    "scale/turned": "two inputs become one",
    "sigmoid/one_sided": "is there a branch for them?",
    "sigmoid/overflows": "exp(-x) overflows below -709.78",
    "sigmoid/tanh_of_x": "tanh(x/2) is meant",
    "sigmoid_awk/first_only": "",
    "sigmoid_awk/six_decimals": "6 decimals",
    "sigmoid_awk/six_digits": "6 digits",
    "silu/loses_digits": "exp(-x) overflows",
    "silu/quick_gelu": "quick_gelu",
    "silu/slope_of_sigmoid": "the derivative of sigmoid",
    "softmax/not_divided": "add up to 1",
    "softmax/one_number": "",
    "softmax/overflows": "subtract the largest",
    "softplus/cut_off": "right up to x = 5",
    "softplus/overflows": "exp(x) overflows above 709.78",
    "softplus/vanishes": "log1p(u) keeps them",
    "softplus_c/in_float": "double precision",
    "softplus_c/overflows": "exp(x) overflows above 709.78",
    "softplus_c/six_decimals": "6 decimals",
}


def graded(folder, name, solution=None):
    """The report of an exercise with its starter file, or a solution in its place."""
    for file, text in exercises.files(name).items():
        (folder / file).write_text(text, encoding="utf-8")
    if solution:
        starter = next(each for each in exercises.shipped() if each.name == name).starters[0]
        shutil.copy(next((HERE / name).glob(f"{solution}.*")), folder / starter)
    found = exercise.parse((folder / f"{name}.toml").read_text(encoding="utf-8"), f"{name}.toml", folder)
    return grade(found.title, found.checks)


def with_marks(names):
    return [pytest.param(name, marks=needs_a_compiler if "_c" in name else ()) for name in names]


@pytest.mark.parametrize("name", with_marks(NAMES))
def test_the_right_solution_passes(name, folder):
    report = graded(folder, name, "right")
    assert report.passed
    assert report.earned == report.worth > len(report.outcomes)


@pytest.mark.parametrize("name", with_marks(NAMES))
def test_the_starter_earns_nothing(name, folder):
    assert graded(folder, name).earned == 0


@pytest.mark.parametrize("path", with_marks(WRONG))
def test_a_wrong_solution_is_told_why(path, folder):
    name, solution = path.split("/")
    report = graded(folder, name, solution)
    failed = [outcome for outcome in report.outcomes if outcome.verdict is Verdict.FAILED]
    assert failed
    assert WRONG[path] in " ".join(outcome.hint for outcome in failed)


def test_every_exercise_has_three_wrong_solutions():
    assert sorted(WRONG) == sorted(
        f"{path.parent.name}/{path.stem}" for path in HERE.glob("*/*") if path.stem != "right"
    )
    assert {path.split("/")[0] for path in WRONG} == set(NAMES)
    assert all(sum(path.startswith(f"{name}/") for path in WRONG) >= 3 for name in NAMES)


def test_the_example_works(folder):
    found = exercise.parse(exercises.example(), "exercise.toml", folder)
    report = grade(found.title, found.checks)
    assert report.passed
    assert all(key in exercises.example() for key in ("needs", "property", "slope-of", "hint", "ulp", "forbid"))


def test_an_exercise_that_does_not_exist():
    with pytest.raises(UnknownNameError, match="no exercise is called 'sigmiod'") as caught:
        exercises.files("sigmiod")
    assert "did you mean 'sigmoid'" in caught.value.hint
