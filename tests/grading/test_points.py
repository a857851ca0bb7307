import numpy as np
import pytest

import actfn
from actfn.grading.points import grouped, line
from actfn.numerics.formats import FLOAT64, FORMATS


def numbers(function, form=FLOAT64):
    return [x for group in grouped(function, form) for question in group.questions for x in question.tolist()]


def test_sigmoid_is_asked_where_it_goes_wrong():
    points = numbers(actfn.function("sigmoid"))
    for x in [0.0, 5e-324, -5e-324, 1.0, -1.0, 1000.0, -1e300, FLOAT64.max, np.inf, -np.inf]:
        assert x in points
    assert sum(np.isnan(points)) == 1
    # where it is 1 from, where 1/(1+exp(-x)) is, and where exp(-x) overflows: both sides of each
    for x in [37.42994775023705, 36.73680056967711, -709.7827128933841, -745.1332191019412]:
        assert x in points
        assert float(FLOAT64.neighbour(x, -1 if x > 0 else 1)) in points


def test_kinks_and_the_floats_beside_them():
    points = numbers(actfn.function("1.2**max(0, g-2)"))
    assert {1.9999999999999998, 2.0, 2.0000000000000004} <= set(points)
    assert {-3.0, 3.0} <= set(numbers(actfn.function("hard_swish")))


def test_only_where_there_is_a_value():
    points = numbers(actfn.function("log"))
    assert min(point for point in points if np.isfinite(point)) == 0
    assert -np.inf not in points
    assert np.inf in points


def test_a_formula_is_not_asked_beyond_exactness():
    assert 1e100 in numbers(actfn.function("log(1+exp(x))"))
    assert 1e100 not in numbers(actfn.function("log(1+exp(exp(exp(x))))"))


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
@pytest.mark.parametrize("name", ["sigmoid", "relu", "gelu", "softmax", "glu"])
def test_points_are_numbers_of_the_format_and_none_is_asked_twice(name, form):
    function = actfn.function(name)
    points = np.array(numbers(function, form))
    assert np.array_equal(form.round(points), points, equal_nan=True)
    assert name in ("softmax", "glu") or len(set(points.tolist())) == len(points)
    assert all(group.questions for group in grouped(function, form))


def test_a_line_is_finite_and_goes_up():
    points = [float(question[0]) for question in line(actfn.function("tanh"), FLOAT64)]
    assert points == sorted(points)
    assert np.isfinite(points).all()
    assert -19.061547465398498 in points
