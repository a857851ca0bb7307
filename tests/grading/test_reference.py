import mpmath
import numpy as np
import pytest

import actfn
from actfn.grading.points import singles
from actfn.grading.reference import truths
from actfn.numerics.formats import FLOAT64, FORMATS


def right(name, *points, form=FLOAT64, order=0):
    function = actfn.function(name)
    found = truths(function.derivative(order) if order else function, singles(points), form)
    return [float(truth.values[0]) for truth in found]


POINTS = [-745.0, -720.5, -37.5, -1.0, -1e-9, 0.0, 0.3, 12.25, 40.0, 709.9, 1e4]


@pytest.mark.parametrize(
    ("name", "oracle"),
    [
        ("sigmoid", lambda x: 1 / (1 + mpmath.exp(-x))),
        ("softplus", lambda x: mpmath.log1p(mpmath.exp(x))),
        ("1/(1+exp(-x))", lambda x: 1 / (1 + mpmath.exp(-x))),
        ("log(1+exp(x))", lambda x: mpmath.log1p(mpmath.exp(x))),
        ("tanh", mpmath.tanh),
    ],
)
def test_finite_points_have_the_exact_value_rounded_once(name, oracle):
    with mpmath.workprec(6000):
        expected = [float(oracle(mpmath.mpf(x))) for x in POINTS]
    assert right(name, *POINTS) == expected


def test_narrower_formats():
    form = FORMATS["float16"]
    assert right("sigmoid", 8.3125, 8.3203125, form=form) == [0.99951171875, 1.0]


def test_the_ends_of_the_line_and_nan():
    assert right("silu", -np.inf, np.inf)[1] == np.inf
    assert right("sigmoid", -np.inf, np.inf) == [0, 1]
    assert np.isnan(right("sigmoid", np.nan)[0])
    assert np.isnan(right("log", -1.0)[0])


def test_beyond_exactness_the_function_itself_is_asked():
    assert right("softplus", 1e100, 1e300) == [1e100, 1e300]


def test_at_a_kink_every_slope_between_is_right():
    function = actfn.function("relu").derivative()
    truth = truths(function, singles([-1.0, 0.0, 1.0]), FLOAT64)
    assert [(float(each.low[0]), float(each.high[0])) for each in truth] == [(0, 0), (0, 1), (1, 1)]
    assert float(truth[1].values[0]) == 0


def test_vectors():
    truth = truths(actfn.function("softmax"), [np.array([0.0, 0.0]), np.array([1.0])], FLOAT64)
    assert [each.values.tolist() for each in truth] == [[0.5, 0.5], [1.0]]
    both = truths(actfn.function("relu"), [np.array([-1.0, 2.0])], FLOAT64)
    assert both[0].values.tolist() == [0, 2]
    assert truths(actfn.function("relu"), [], FLOAT64) == []


def test_many_points_are_not_asked_exactly():
    points = np.linspace(-5, 5, 5000)
    found = truths(actfn.function("sigmoid"), singles(points), FLOAT64)
    np.testing.assert_allclose([each.values[0] for each in found], 1 / (1 + np.exp(-points)), rtol=1e-14)
